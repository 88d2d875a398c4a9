"""Cells held in memory are the cells the database sums."""

from __future__ import annotations

import random

import pandas as pd
import pytest
from sqlalchemy import Engine, event

from data.catalogue import INDICATORS
from data.query import GROUPINGS, Period, Reader, Selection, cube
from data.store import migrate, open_store
from tests.data.rollup.test_incremental import grown


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    engine = open_store(f"sqlite:///{tmp_path_factory.mktemp('city') / 'store.db'}")
    migrate(engine)
    grown(engine, 34)
    return engine


def selections(reader: Reader) -> list[Selection]:
    """A few of every kind of selection."""
    chance = random.Random(3)
    units = {
        table: sorted(reader.register(table)[key])
        for table, key in (("compound", "compound_id"), ("company", "company_id"))
    }
    areas = sorted(reader.areas()["code"])
    return [
        Selection(),
        Selection(kind="老旧小区"),
        *(Selection(area=area) for area in chance.sample(areas, 4)),
        Selection(area=chance.choice(areas), kind="商品房"),
        Selection(company=chance.choice(units["company"])),
        Selection(compound=chance.choice(units["compound"])),
    ]  # fmt: skip


@pytest.mark.parametrize("by", [None, *GROUPINGS])
def test_memory_and_database_give_the_same_figures(
    engine: Engine, by: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = random.Random(by).sample(sorted(INDICATORS), 8)
    held = Reader(engine)
    period = Period("2026-03", "2026-05")
    read = {s: held.indicators(keys, s, period=period, by=by) for s in selections(held)}
    monkeypatch.setattr(cube, "LARGEST", 0)
    for many in (cube.MANY_UNITS, 0):
        # Summed by the database; and from months read one by one, as of a city of very many compounds.
        monkeypatch.setattr(cube, "MANY_UNITS", many)
        summed = Reader(engine)
        for selection, frames in read.items():
            for key, frame in summed.indicators(keys, selection, period=period, by=by).items():
                pd.testing.assert_frame_equal(frames[key], frame, rtol=1e-9, obj=f"{key} of {selection}")


def test_a_measure_is_read_from_the_store_once(engine: Engine) -> None:
    reader = Reader(engine)
    reader.indicator("satisfaction", by="street")
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    for month in ("2026-02", "2026-04"):
        for by in (None, "county", "street"):
            reader.indicator("satisfaction", period=Period.of(month), by=by)
    assert not any("area_month" in text or "unit_month" in text for text in statements)


def test_matrices_beyond_the_room_are_dropped(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cube, "ROOM", 50_000)
    reader = Reader(engine)
    wanted = {
        key: reader.indicator(key, by="compound") for key in ("households", "satisfaction", "fee_collection_rate")
    }
    found = reader._cube()
    assert found._bytes <= 50_000 or len(found._matrices) <= 8
    assert found._bytes == sum(m.nbytes for held in found._matrices.values() for m in held)
    for key, frame in wanted.items():
        pd.testing.assert_frame_equal(Reader(engine).indicator(key, by="compound"), frame)
