"""Refreshing what a batch touched gives the cells a full rebuild gives, and a revert brings the old ones back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from sqlalchemy import Connection, Engine, select

from data.importing.from_frames import commit_frames
from data.importing.revert import revert
from data.rollup import rebuild
from data.schema import area_month, calendar, compound, unit_month, unit_place
from tests.data import world

Cells = dict[str, list[tuple[Any, ...]]]


def cells(engine: Engine | Connection) -> Cells:
    if isinstance(engine, Engine):
        with engine.connect() as connection:
            return cells(connection)
    tables = (calendar, unit_place, unit_month, area_month)
    return {t.name: sorted(map(repr, map(tuple, engine.execute(select(t)).all()))) for t in tables}


def rebuilt(engine: Engine) -> Cells:
    """The cells after a full rebuild that is rolled back."""
    with engine.connect() as connection:
        rebuild(connection)
        found = cells(connection)
        connection.rollback()
    return found


def grown(engine: Engine, seed: int) -> list[int]:
    """Commit a random city in several batches that overlap and correct each other."""
    rng = np.random.default_rng(seed)
    batches = [
        commit_frames(engine, {"area": world.AREAS}, actor="t"),
    ]
    batches.append(commit_frames(engine, world.registers(rng), actor="t"))
    for _ in range(2):
        with engine.connect() as connection:
            known = list(connection.execute(select(compound.c.compound_id).distinct()).scalars())
        months = sorted(rng.choice(world.MONTHS, 3, replace=False).tolist())
        batches.append(commit_frames(engine, world.filings(rng, sorted(known), months), actor="t"))
        batches.append(commit_frames(engine, world.registers(rng), actor="t"))
    return batches


@pytest.mark.parametrize("seed", range(4))
def test_incremental_refresh_equals_full_rebuild(store: Engine, seed: int) -> None:
    grown(store, seed)
    assert cells(store) == rebuilt(store)


@pytest.mark.parametrize("seed", range(4, 8))
def test_reverting_the_last_batches_restores_every_cell(store: Engine, seed: int) -> None:
    batches = grown(store, seed)
    rng = np.random.default_rng(seed + 100)
    before = cells(store)
    with store.connect() as connection:
        known = sorted(connection.execute(select(compound.c.compound_id).distinct()).scalars())
    one = commit_frames(store, world.filings(rng, known, ["2026-06", "2026-07"]), actor="t")
    two = commit_frames(store, world.registers(rng), actor="t")
    assert cells(store) != before
    for batch in (two, one):
        revert(store, batch, actor="t")
        assert cells(store) == rebuilt(store)
    assert cells(store) == before
    assert len(batches) == 6


@pytest.mark.parametrize("seed", [11, 12])
def test_reverting_a_batch_in_the_middle_leaves_what_a_rebuild_gives(store: Engine, seed: int) -> None:
    batches = grown(store, seed)
    for batch in (batches[3], batches[2]):
        revert(store, batch, actor="t")
        assert cells(store) == rebuilt(store)


@pytest.mark.postgres
def test_postgresql_counts_the_same_cells_as_sqlite(store: Engine, postgres_store: Engine) -> None:
    grown(store, 3)
    grown(postgres_store, 3)
    assert cells(postgres_store) == cells(store)
    assert cells(postgres_store) == rebuilt(postgres_store)


def test_a_new_month_extends_every_standing_stock(store: Engine) -> None:
    rng = np.random.default_rng(5)
    grown(store, 5)
    with store.connect() as connection:
        known = sorted(connection.execute(select(compound.c.compound_id).distinct()).scalars())
    commit_frames(store, world.filings(rng, known[:2], ["2026-09"]), actor="t")
    with store.connect() as connection:
        counted = connection.execute(
            select(unit_month.c.unit_id).where(
                unit_month.c.measure == "residential_compounds", unit_month.c.month == "2026-09"
            )
        ).scalars()
        assert sorted(counted) == known
    assert cells(store) == rebuilt(store)
