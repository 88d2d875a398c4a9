"""Work that outlives the request which began it. Whoever ends the process asks whether there is any, and waits for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

_lock = threading.Lock()
_at_work: set[threading.Thread] = set()
_ending = threading.Event()


def begin(name: str, work: Callable[[], None]) -> threading.Thread:
    """Start `work` in a thread of its own and return the thread.

    It is a daemon: a process that must end now ends, and what was interrupted says so when it is asked for.
    """

    def noted() -> None:
        try:
            work()
        finally:
            with _lock:
                _at_work.discard(threading.current_thread())

    thread = threading.Thread(target=noted, name=name, daemon=True)
    with _lock:
        _at_work.add(thread)
    thread.start()
    return thread


def is_busy() -> bool:
    """Whether anything is being worked on in this process."""
    with _lock:
        return bool(_at_work)


def is_ending() -> bool:
    """Whether this process has begun to end: what can be left to another one is."""
    return _ending.is_set()


def finish(seconds: float) -> bool:
    """Begin nothing more that another process can do, and wait at most so long for the rest; whether all of it ended."""
    _ending.set()
    deadline = time.monotonic() + seconds
    with _lock:
        left = list(_at_work)
    for thread in left:
        thread.join(max(0.0, deadline - time.monotonic()))
    return not is_busy()
