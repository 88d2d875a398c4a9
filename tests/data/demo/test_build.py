"""The demo in a store."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
import typer
from sqlalchemy import Engine, func, insert, select
from typer.testing import CliRunner

from data.check import check_store
from data.commands_demo import register
from data.demo import SEED, build, build_demo
from data.demo.batches import Batch, batches_of
from data.demo.city import DemoCity
from data.errors import GovernanceError
from data.frames import read_current
from data.query import Reader
from data.schema import TABLES, area, compound, import_batch
from tests.data.demo.test_city import TOTALS


def test_the_stores_own_totals_are_the_published_ones(demo_store: Engine) -> None:
    found = check_store(demo_store)
    expected = {k: v for k, (v, _) in TOTALS.items() if k in found["totals"]}
    assert found["totals"] == expected
    assert len(expected) == 18
    assert found["problems"] == []
    assert found["is_demo"] is True
    assert found["latest_month"] == "2026-10"


@pytest.mark.parametrize("name", TABLES)
def test_the_current_rows_of_the_store_are_the_frames_of_the_city(
    demo_store: Engine, city: DemoCity, name: str
) -> None:
    key = list(TABLES[name].info["key"])
    with demo_store.connect() as connection:
        stored = read_current(connection, TABLES[name]).sort_values(key, ignore_index=True)
    expected = city.frames[name].sort_values(key, ignore_index=True)
    assert stored.equals(expected) or stored.compare(expected).empty


def test_coverage_shows_three_states_and_a_year_of_history(demo_store: Engine) -> None:
    reader = Reader(demo_store)
    row = reader.indicator("branch_coverage").iloc[0]
    assert (row["numerator"], row["reported"], row["expected"]) == (88, 487, 513)
    assert len(reader.months) == 60


def test_every_batch_says_it_is_demo_data(demo_store: Engine) -> None:
    with demo_store.connect() as connection:
        rows = connection.execute(select(import_batch.c.is_demo, import_batch.c.created_at)).all()
    assert len(rows) == 22
    assert all(is_demo for is_demo, _ in rows)
    assert max(at for _, at in rows) == datetime(2026, 11, 13, 3, 0)


def test_building_the_same_demo_again_changes_nothing(demo_store: Engine) -> None:
    before = Reader(demo_store).revision
    again = build_demo(demo_store)
    assert again.is_new is False
    assert again.seed == SEED
    assert Reader(demo_store).revision == before


@pytest.fixture
def only_registers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Builds stop after the first batch, which is enough where only the replacing is looked at."""

    def first(city: DemoCity) -> list[Batch]:
        return batches_of(city)[:1]

    monkeypatch.setattr(build, "batches_of", first)


@pytest.fixture
def command(store: Engine) -> typer.Typer:
    app = typer.Typer()
    app.callback()(lambda: None)
    register(app, lambda: store)
    return app


@pytest.mark.usefixtures("only_registers")
def test_the_command_builds_once_and_then_says_there_is_nothing_to_do(command: typer.Typer) -> None:
    run = CliRunner()
    first = run.invoke(command, ["demo", "--json"], catch_exceptions=False)
    assert json.loads(first.stdout)["is_new"] is True
    second = run.invoke(command, ["demo"], catch_exceptions=False)
    assert second.exit_code == 0
    assert "已在库中，未作改动" in second.stdout


@pytest.mark.usefixtures("only_registers")
def test_another_seed_replaces_an_earlier_demo(store: Engine) -> None:
    build_demo(store, seed=1)
    with store.connect() as connection:
        before = set(connection.scalars(select(compound.c.name)))
    assert build_demo(store, seed=2).is_new is True
    with store.connect() as connection:
        after = list(connection.scalars(select(compound.c.name)))
    assert len(after) == 549
    assert set(after) != before


@pytest.mark.usefixtures("only_registers")
def test_a_store_with_real_data_is_refused_and_left_alone(store: Engine) -> None:
    with store.begin() as connection:
        batch = connection.execute(
            insert(import_batch).values(created_at=datetime.now(UTC).replace(tzinfo=None), actor="clerk", is_demo=False)
        ).inserted_primary_key[0]  # type: ignore[index]
        connection.execute(insert(area).values(code="34", name="某市", level="city", batch_id=batch))
    with pytest.raises(GovernanceError) as refused:
        build_demo(store)
    assert refused.value.code == "not_a_demo_store"
    with store.connect() as connection:
        assert connection.execute(select(func.count()).select_from(area)).scalar() == 1


def test_a_build_that_fails_leaves_nothing_behind(store: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(city: DemoCity) -> list[Batch]:
        plan = batches_of(city)[:2]
        plan[1].frames["case_event"].loc[plan[1].frames["case_event"].index[0], "compound_id"] = "没有的小区"
        return plan

    monkeypatch.setattr(build, "batches_of", broken)
    with pytest.raises(GovernanceError, match="不能导入"):
        build_demo(store)
    with store.connect() as connection:
        assert connection.execute(select(func.count()).select_from(compound)).scalar() == 0
        assert connection.execute(select(func.count()).select_from(import_batch)).scalar() == 0
