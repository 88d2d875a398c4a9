"""A server process that leaves what it need not take to the others."""

from __future__ import annotations

import time
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

# What an idle process needs to be woken and to take a connection, s.
HEAD_START_S = 0.001


class EvenWorker(ThreadWorker):  # type: ignore[misc]
    """gunicorn's threaded process, which while at work lets idle ones go first when a connection comes.

    All processes wait for the same socket, and the one that is awake already is the fastest: without this, what a page
    asks for at the same moment is drawn by the threads of one process, one after the other, beside a processor that
    has nothing to do.
    """

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._at_work = 0

    # Both run in the main thread.

    def enqueue_req(self, conn: Any) -> None:
        self._at_work += 1
        super().enqueue_req(conn)

    def finish_request(self, conn: Any, fs: Any) -> None:
        self._at_work -= 1
        super().finish_request(conn, fs)

    def accept(self, listener: Any) -> None:
        if self._at_work:
            time.sleep(HEAD_START_S)
        # Nothing happens where somebody else has taken it.
        super().accept(listener)
