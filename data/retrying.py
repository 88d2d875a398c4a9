"""Reads that outlive a restart of the database server. Writes are never repeated: they may have been done.

Opening a connection waits while the server is away, for readers and writers alike: nothing was asked of it yet. A read
that was under way when its connection broke is asked again on a new one.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError

ATTEMPTS = 4
# A restart takes a second or three; a page that waits longer than this had better say what is wrong.
PATIENCE_SECONDS = 8.0
PAUSES_SECONDS = (0.05, 0.1, 0.2, 0.4)
# After waiting in vain nobody waits again for so long: one page may be slow, not every thread of the server.
RESIGNED_SECONDS = 5.0
# What waiting does not mend.
FINAL = ("authentication", "does not exist", "pg_hba.conf", "too many connections", "resolve host", "invalid")

T = TypeVar("T")


def retrying(read: Callable[[], T]) -> T:
    """`read()`, asked again a few times while it fails because its connection broke. It must only read."""
    for _ in range(ATTEMPTS - 1):
        try:
            return read()
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
    return read()


def reading(engine: Engine, read: Callable[[Connection], T]) -> T:
    """`read(connection)` on a connection of its own, asked again when that breaks. It must only read."""

    def once() -> T:
        with engine.connect() as connection:
            return read(connection)

    return retrying(once)


class _Patience:
    """How long the connections of one engine wait for their server."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._resigned_until = 0.0

    def connect(self, dialect: Any, _record: Any, arguments: Any, options: Any) -> Any:
        begun = time.monotonic()
        with self._lock:
            until = begun if begun < self._resigned_until else begun + PATIENCE_SECONDS
        tried = 0
        while True:
            try:
                return dialect.connect(*arguments, **options)
            except dialect.loaded_dbapi.OperationalError as error:
                if any(words in str(error) for words in FINAL):
                    raise
                pause = PAUSES_SECONDS[min(tried, len(PAUSES_SECONDS) - 1)]
                if time.monotonic() + pause > until:
                    with self._lock:
                        self._resigned_until = time.monotonic() + RESIGNED_SECONDS
                    raise
                time.sleep(pause)
                tried += 1


def wait_for_server(engine: Engine) -> None:
    """Let new connections of `engine` wait while its server is being restarted."""
    event.listen(engine, "do_connect", _Patience().connect)
