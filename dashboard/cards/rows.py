"""Rows of several indicators, now and a year ago."""

from __future__ import annotations

from collections.abc import Sequence

from dashboard.cards.reading import Reading, has_values
from dashboard.figures.indicator_rows import IndicatorRow
from data.catalogue import INDICATORS


def dated_rows(reading: Reading, keys: Sequence[str]) -> tuple[list[IndicatorRow], bool]:
    """One row a key for the view's month with the same month a year before; and whether any is known now."""
    now = reading.figures(keys)
    year = reading.year_before()
    before = reading.figures(keys, period=year) if year else {}
    rows = [
        IndicatorRow(indicator=INDICATORS[key], figures=now[key], before=before.get(key), before_period=year)
        for key in keys
    ]
    return rows, has_values(*now.values())
