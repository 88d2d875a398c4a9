"""A figure of the city is the sum of its parts at every level, whatever filter is set."""

from __future__ import annotations

import pandas as pd
import pytest

from data.catalogue import INDICATORS, Reported
from data.query import Period, Reader, Selection
from data.store import migrate, open_store
from tests.data.rollup.test_incremental import grown

COUNTED = sorted(i.key for i in INDICATORS.values() if not any("members" in k or "conduct" in k for k in i.numerator))


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """A random city in which some compounds have no street, some no grid, some no kind."""
    engine = open_store(f"sqlite:///{tmp_path_factory.mktemp('city') / 'store.db'}")
    migrate(engine)
    grown(engine, 21)
    return Reader(engine)


@pytest.mark.parametrize("selection", [Selection(), Selection(area="3401"), Selection(kind="老旧小区")])
@pytest.mark.parametrize("by", ["county", "street", "community", "grid", "compound", "company"])
def test_parts_add_up_to_the_whole(reader: Reader, selection: Selection, by: str) -> None:
    period = Period("2026-02", "2026-04")
    whole = reader.indicators(COUNTED, selection, period=period)
    parts = reader.indicators(COUNTED, selection, period=period, by=by)
    compared = 0
    for key in COUNTED:
        for column in ("numerator", "denominator"):
            total, pieces = whole[key][column].iloc[0], parts[key][column].dropna()
            if pd.isna(total) or pieces.empty:
                continue
            compared += 1
            assert pieces.sum() == pytest.approx(total), (key, column)
    assert compared > 20


def test_a_month_of_the_trend_is_the_figure_of_that_month(reader: Reader) -> None:
    for key in COUNTED:
        trend = reader.indicator(key, by="month").set_index("group")
        for month in ("2026-02", "2026-05"):
            single = reader.indicator(key, period=Period.of(month)).iloc[0]
            for column in ("value", "numerator", "denominator", "reported", "expected", "low", "high"):
                assert trend.loc[month, column] == pytest.approx(single[column], nan_ok=True), (key, month, column)


def test_value_is_numerator_over_denominator_everywhere(reader: Reader) -> None:
    for by in (None, "county", "compound", "month"):
        for key, frame in reader.indicators(COUNTED, by=by).items():
            indicator = INDICATORS[key]
            if indicator.denominator is None:
                expected = frame["numerator"] * indicator.scale
            else:
                expected = frame["numerator"] / frame["denominator"].where(frame["denominator"] > 0) * indicator.scale
            pd.testing.assert_series_equal(
                frame["value"].astype(float), expected.astype(float), check_names=False, obj=f"{key} by {by}"
            )


def test_reported_units_are_the_denominator_of_states(reader: Reader) -> None:
    for key, indicator in INDICATORS.items():
        if indicator.denominator is Reported.UNITS:
            frame = reader.indicator(key, by="street")
            known = frame["denominator"].fillna(0)
            assert (known == frame["reported"].fillna(0)).all(), key
            assert (frame["reported"].fillna(0) <= frame["expected"].fillna(0)).all(), key
