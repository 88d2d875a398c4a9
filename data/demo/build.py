"""Puts the demo city into a store: all of its batches and roll-ups in one transaction."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, delete, func, insert, select

from data import rollup
from data.demo.batches import batches_of
from data.demo.city import SEED, generate
from data.errors import GovernanceError
from data.importing.commit import lock_writers
from data.importing.from_frames import commit_frames
from data.schema import (
    TABLES,
    area_month,
    calendar,
    import_batch,
    import_confirmation,
    import_file,
    import_refusal,
    import_sheet,
    store_meta,
    unit_month,
    unit_place,
)

ACTOR = "demo"
# Raise it when the generator changes, so that stores built by the older one are built again.
VERSION = 1
META_KEY = "demo"


@dataclass(frozen=True)
class Built:
    """What `build_demo` did. `is_new` is False where the store already held this very city."""

    seed: int
    batches: int
    rows: int
    is_new: bool


def build_demo(engine: Engine, *, seed: int = SEED) -> Built:
    """Make the migrated store behind `engine` the demo city of `seed`.

    A demo of another seed or an older version is replaced; the same one is left as it is.

    Raises:
        GovernanceError: the store holds data that is not demo data (code `not_a_demo_store`).
    """
    wanted = json.dumps({"seed": seed, "version": VERSION})
    with engine.begin() as connection:
        lock_writers(connection)
        _refuse_real_data(connection)
        if _stored(connection) == wanted:
            return Built(seed, *_counts(connection), is_new=False)
        _empty(connection)
        for batch in batches_of(generate(seed)):
            commit_frames(
                connection, batch.frames, actor=ACTOR, note=batch.note, is_demo=True, file_name=batch.file_name,
                created_at=batch.created_at, refresh=False,
            )  # fmt: skip
        rollup.rebuild(connection)
        connection.execute(insert(store_meta).values(key=META_KEY, value=wanted))
        return Built(seed, *_counts(connection), is_new=True)


def _refuse_real_data(connection: Connection) -> None:
    real = connection.execute(
        select(func.count()).select_from(import_batch).where(import_batch.c.is_demo.is_not(True))
    ).scalar_one()
    if real:
        raise GovernanceError(
            f"库中有 {real} 个真实数据批次，不能建成演示库", why="演示数据与真实数据不得混在一个库里",
            todo="用 DASHBOARD_DATABASE_URL 指定另一个库再运行 python -m data demo", code="not_a_demo_store",
        )  # fmt: skip


def _stored(connection: Connection) -> str | None:
    """What the store says it was built from; None after any batch of it was reverted."""
    reverted = connection.execute(
        select(func.count()).select_from(import_batch).where(import_batch.c.reverted_at.is_not(None))
    ).scalar_one()
    found: str | None = connection.execute(select(store_meta.c.value).where(store_meta.c.key == META_KEY)).scalar()
    return None if reverted else found


def _counts(connection: Connection) -> tuple[int, int]:
    batches = connection.execute(select(func.count()).select_from(import_batch)).scalar_one()
    current = [
        connection.execute(select(func.count()).select_from(t).where(t.c.superseded_by.is_(None))).scalar_one()
        for t in TABLES.values()
    ]
    return int(batches), int(sum(current))


def _empty(connection: Connection) -> None:
    """Delete an earlier demo: rows, batches and roll-ups."""
    if not connection.execute(select(func.count()).select_from(import_batch)).scalar_one():
        return
    for table in (
        *reversed(TABLES.values()), import_confirmation, import_refusal, import_sheet, import_file, import_batch,
        unit_month, area_month, unit_place, calendar,
    ):  # fmt: skip
        connection.execute(delete(table))
    connection.execute(delete(store_meta).where(store_meta.c.key == META_KEY))
