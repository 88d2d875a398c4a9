"""A trace is listed page by page: the pages together are the whole, whatever their size."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from data.query import Reader, Selection
from data.trace import trace_figure
from tests.small_city import build_small_city


@pytest.mark.parametrize("key", ["satisfaction", "branch_coverage", "compounds"])
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_pages_put_together_are_the_whole(any_store: Engine, key: str, size: int) -> None:
    build_small_city(any_store)
    reader = Reader(any_store)
    whole = trace_figure(reader, key, Selection(), limit=100_000)
    assert whole["rows_total"] == len(whole["rows"]) > 0
    if size == 1:
        whole["rows"] = whole["rows"][:5]
    pages = [
        row
        for start in range(0, len(whole["rows"]), size)
        for row in trace_figure(reader, key, Selection(), limit=size, offset=start)["rows"]
    ]
    assert pages == whole["rows"]


@pytest.mark.parametrize(("key", "measure"), [("satisfaction", "survey_satisfied_overall"), ("compounds", "compounds")])
@pytest.mark.parametrize("area", [None, "990001", "990001001"])
def test_the_rows_add_up_to_the_numerator_of_the_figure(
    store: Engine, key: str, measure: str, area: str | None
) -> None:
    build_small_city(store)
    reader = Reader(store)
    traced = trace_figure(reader, key, Selection(area=area), limit=100_000)
    figure = reader.indicator(key, Selection(area=area)).iloc[0]
    assert sum(row["value"] for row in traced["rows"] if row["measure"] == measure) == figure["numerator"]
    assert all(row["label"] != row["unit"] for row in traced["rows"])


@pytest.mark.parametrize("key", ["satisfaction", "branch_coverage", "compounds"])
def test_the_trace_of_a_compound_is_its_part_of_the_trace_of_the_city(store: Engine, key: str) -> None:
    build_small_city(store)
    reader = Reader(store)
    whole = trace_figure(reader, key, Selection(), limit=100_000)
    units = [str(row["unit"]) for row in whole["rows"]]
    assert units
    found = trace_figure(reader, key, Selection(compound=units[0]), limit=100_000)
    assert found["rows"] == [row for row in whole["rows"] if row["unit"] == units[0]]


def test_batches_are_of_all_rows_even_when_none_is_listed(store: Engine) -> None:
    build_small_city(store)
    traced = trace_figure(Reader(store), "satisfaction", Selection(), limit=0)
    assert traced["rows"] == []
    assert traced["rows_total"] > 0
    assert [batch["batch"] for batch in traced["batches"]] == [1]


def test_an_empty_store_has_nothing_to_trace(store: Engine) -> None:
    traced = trace_figure(Reader(store), "satisfaction", Selection())
    assert (traced["rows_total"], traced["rows"], traced["batches"]) == (0, [], [])
