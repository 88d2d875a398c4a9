"""What is cut from the course of an indicator is what is computed for the month alone."""

from __future__ import annotations

import random

import pandas as pd
import pytest
from sqlalchemy import Engine

from data.catalogue import INDICATORS
from data.query import Period, Reader, Selection
from data.schema.vocabulary import UnitKind
from data.store import migrate, open_store
from tests.data.query.test_cube import selections
from tests.data.rollup.test_incremental import grown

KEYS = tuple(random.Random(8).sample(sorted(INDICATORS), 24))


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    engine: Engine = open_store(f"sqlite:///{tmp_path_factory.mktemp('city') / 'store.db'}")
    migrate(engine)
    grown(engine, 34)
    return Reader(engine).pinned()


def test_a_month_of_a_course_is_the_month_computed_alone(reader: Reader) -> None:
    for selection in selections(reader):
        for month in (reader.months[0], reader.months[-1]):
            # A panel is computed for the months asked for and never cut from a course.
            panels = {key: reader.panel(key, selection, period=Period.of(month)) for key in KEYS}
            for key, row in reader.rows(KEYS, selection, period=Period.of(month)).items():
                alone = panels[key].iloc[0]
                for field in ("value", "numerator", "denominator", "reported", "expected", "low", "high"):
                    assert row[field] == pytest.approx(alone[field], nan_ok=True), (key, field, selection, month)


def test_a_course_cut_to_a_period_is_that_of_the_months_in_it(reader: Reader) -> None:
    months = reader.months
    period = Period(months[1], months[-2])
    for selection in selections(reader):
        for key, frame in reader.indicators(KEYS, selection, period=period, by="month").items():
            assert frame["group"].tolist() == period.months
            panel = reader.panel(key, selection, period=period)
            pd.testing.assert_series_equal(frame["value"], panel["value"], obj=f"{key} of {selection}")


def test_the_compounds_inside_a_selection_are_those_it_is_broken_down_to(reader: Reader) -> None:
    month = reader.latest_month
    for selection in selections(reader):
        rows = reader.indicator("compounds", selection, period=Period.of(month), by="compound")
        assert reader.inside(UnitKind.COMPOUND, selection, month) == set(rows["group"]) - {""}


def test_a_course_is_not_given_for_the_compounds_of_a_company(reader: Reader) -> None:
    company = str(reader.register("company")["company_id"].iloc[0])
    assert reader.course("satisfaction", Selection(company=company)) is None
