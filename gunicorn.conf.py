"""gunicorn: a few processes of a few threads each, because drawing figures is bound by the processor."""

import threading
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
# Nobody steers a running server through a socket in the home folder.
control_socket_disable = True
# Nobody steers the server from outside.
control_socket_disable = True


def post_worker_init(worker: Any) -> None:
    """Let each process compute the costly figures before somebody asks, without keeping anybody waiting."""
    threading.Thread(target=worker.app.callable.extensions["warm_up"], daemon=True).start()
