"""gunicorn: a few processes of a few threads each, because drawing figures is bound by the processor."""

import ctypes
import gc
import os
import shutil
from pathlib import Path
from typing import Any

from dashboard import background
from dashboard.config import load_settings

# What is imported stays: looking for garbage among it takes a tenth of the start.
gc.disable()
_settings = load_settings()
bind = f"{_settings.host}:{_settings.port}"
workers = _settings.workers
threads = _settings.threads
worker_class = "dashboard.even_worker.EvenWorker"
# However slowly memory grew, it would start anew; the socket is shared, so nobody who asks meanwhile is turned away.
max_requests = _settings.worker_requests
max_requests_jitter = _settings.worker_requests_jitter if max_requests else 0
# One import for all workers, and one secret key; nothing opens a connection before the fork.
preload_app = True
timeout = 120
graceful_timeout = 30
keepalive = 30
# So many requests later a process that was busy looks again whether it may go.
BUSY_REQUESTS = 100
# glibc's number of the setting.
M_ARENA_MAX = -8
YOUNG = (20_000, 20, 20)
loglevel = _settings.log_level
accesslog = None
# Nobody steers the server from outside.
control_socket_disable = True

# Where the workers count, so that /metrics can add them up, and where they keep drawn cards for each other. A reload
# reads this file again and finds the same folders.
_own = Path(_settings.upload_folder).absolute()
_metrics, _shared = (_own.with_name(name) / str(os.getpid()) for name in ("metrics", "shared"))
for _folder in (_metrics, _shared):
    _folder.mkdir(parents=True, exist_ok=True, mode=0o700)
raw_env = [f"PROMETHEUS_MULTIPROC_DIR={_metrics}", f"DASHBOARD_SHARED_FOLDER={_shared}"]


def pre_request(worker: Any, request: Any) -> None:
    """Put the change of a process off while it imports or builds a deck."""
    if worker.nr + 1 >= worker.max_requests and background.is_busy():
        worker.max_requests = worker.nr + BUSY_REQUESTS


def worker_exit(server: Any, worker: Any) -> None:
    """Let what was begun with the last requests end."""
    background.finish(graceful_timeout)


def when_ready(server: Any) -> None:
    """Everything is loaded: it is never looked through again, and the processes to be forked share it untouched."""
    gc.freeze()
    gc.enable()


def post_fork(server: Any, worker: Any) -> None:
    """One heap for all threads where the C library can be told: with one each, every thread keeps what it once needed."""
    if tune := getattr(ctypes.CDLL(None), "mallopt", None):
        tune(M_ARENA_MAX, 1)
    # Frames and figures are many short-lived objects without cycles: looking through them less often takes less time.
    gc.set_threshold(*YOUNG)


def child_exit(server: Any, worker: Any) -> None:
    """A worker that is gone has no memory any more; what it counted stays counted."""
    from prometheus_client.multiprocess import mark_process_dead

    mark_process_dead(worker.pid)


def on_exit(server: Any) -> None:
    """Leave nothing behind."""
    for folder in (_metrics, _shared):
        shutil.rmtree(folder, ignore_errors=True)


def post_worker_init(worker: Any) -> None:
    """Let each process draw what is most asked for before somebody asks, without keeping anybody waiting."""
    if _settings.warm_up:
        worker.app.callable.extensions["warmer"].start()
