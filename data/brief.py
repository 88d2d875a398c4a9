"""Short writes beside a long one: a login, a session, an entry of the trail. They wait for an import only so long."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, update
from sqlalchemy.exc import OperationalError

from data.importing.commit import store_error
from data.schema import store_meta
from data.store import BUSY_MS

# Longer than any import of a month holds the store; who waits longer is told why.
WAIT_S = 5.0


@contextmanager
def brief_write(engine: Engine, *, wait_s: float | None = None) -> Iterator[Connection]:
    """A transaction that may write, begun after at most `wait_s` seconds, `WAIT_S` unless told.

    SQLite lets one write at a time, and an import holds that turn to its end: it is asked for first, so that what is read
    here cannot be out of date when it is written. On PostgreSQL only what waits for a lock waits.

    Raises:
        StoreError: `locked` when it had to wait too long; else what the database refused.
    """
    milliseconds = int(1000 * (WAIT_S if wait_s is None else wait_s))
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql(f"PRAGMA busy_timeout={milliseconds}")
                try:
                    # A write that changes nothing takes the turn.
                    connection.execute(update(store_meta).where(store_meta.c.key.is_(None)).values(value=""))
                finally:
                    connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_MS}")
            else:
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = {milliseconds}")
            yield connection
    except OperationalError as error:
        raise store_error(error) from error
