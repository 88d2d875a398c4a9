"""gunicorn: a few processes of a few threads each, because drawing figures is bound by the processor."""

import os
import shutil
from pathlib import Path
from typing import Any

from dashboard.config import load_settings

_settings = load_settings()
bind = f"{_settings.host}:{_settings.port}"
workers = _settings.workers
threads = _settings.threads
worker_class = "gthread"
# One import for all workers, and one secret key; nothing opens a connection before the fork.
preload_app = True
timeout = 120
graceful_timeout = 30
keepalive = 30
loglevel = _settings.log_level
accesslog = None
# Nobody steers the server from outside.
control_socket_disable = True

# Where the workers count, so that /metrics can add them up. A reload reads this file again and finds the same folder.
_metrics = Path(_settings.upload_folder).absolute().with_name("metrics") / str(os.getpid())
_metrics.mkdir(parents=True, exist_ok=True, mode=0o700)
raw_env = [f"PROMETHEUS_MULTIPROC_DIR={_metrics}"]


def child_exit(server: Any, worker: Any) -> None:
    """A worker that is gone has no memory any more; what it counted stays counted."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)


def on_exit(server: Any) -> None:
    """Leave nothing behind."""
    shutil.rmtree(_metrics, ignore_errors=True)


def post_worker_init(worker: Any) -> None:
    """Let each process draw what is most asked for before somebody asks, without keeping anybody waiting."""
    if "warmer" in worker.app.callable.extensions:
        worker.app.callable.extensions["warmer"].start()
