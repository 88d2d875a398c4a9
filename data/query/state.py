"""How far the store is: its newest batch and month, for those who watch the server."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Engine, func, select

from data.retrying import reading
from data.schema import calendar, import_batch


class StoreState(NamedTuple):
    """Newest batch and number of reverted ones (0 where there are none), import time of the newest batch that stands
    (UTC without zone), newest month covered (empty where there is none)."""

    newest_batch: int
    reverted: int
    imported_at: datetime | None
    latest_month: str


def store_state(engine: Engine) -> StoreState:
    """Read it; raises what SQLAlchemy raises when the store cannot be reached."""
    b = import_batch.c

    def read(connection: Connection) -> StoreState:
        newest, reverted = connection.execute(select(func.max(b.batch_id), func.count(b.reverted_at))).one()
        imported = connection.scalar(select(func.max(b.created_at)).where(b.reverted_at.is_(None)))
        month = connection.scalar(select(func.max(calendar.c.month)))
        return StoreState(int(newest or 0), int(reverted), imported, month or "")

    return reading(engine, read)
