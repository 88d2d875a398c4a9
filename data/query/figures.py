"""From cells to figures: sums over the period, one division at the end, an interval where it is a share of trials."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.catalogue import MEASURES, Absence, Indicator, Measure, Nature, Reported
from data.query.matrices import Cells, Matrix, Rows, taken
from data.query.selection import Period, completed_quarter
from data.statistics.intervals import wilson

FIGURE_COLUMNS = [
    "group", "label", "value", "numerator", "denominator", "reported", "expected", "low", "high", "suppressed",
]  # fmt: skip

# Group of a figure that is of nothing but the selection itself.
TOTAL = "total"


def measures_of(indicator: Indicator) -> list[Measure]:
    """All measures an indicator reads, the populations it is expected from included."""
    keys = list(indicator.numerator)
    if isinstance(indicator.denominator, tuple):
        keys += indicator.denominator
    population = _population(indicator)
    if population is not None:
        keys.append(population)
    return [MEASURES[key] for key in dict.fromkeys(keys)]


def _population(indicator: Indicator) -> str | None:
    return MEASURES[_reporting_measure(indicator)].population


def _reporting_measure(indicator: Indicator) -> str:
    """The measure whose cells say who reported: the denominator's where there is one."""
    return indicator.denominator[0] if isinstance(indicator.denominator, tuple) else indicator.numerator[0]


def span_of(indicator: Indicator, period: Period, first_month: str) -> Period:
    """The months to read: a cumulative figure of one month starts when counting began, a quarterly one takes the
    last completed quarter.
    """
    if indicator.quarterly and period.is_month:
        return completed_quarter(period.end)
    if indicator.cumulative and period.is_month:
        return Period(min(first_month, period.end), period.end)
    return period


def figures(
    cells: Cells,
    indicator: Indicator,
    *,
    groups: pd.DataFrame,
    spans: Sequence[Period],
    applicable: bool = True,
) -> pd.DataFrame:
    """One row per span and group, spans in the outer order, with `FIGURE_COLUMNS`.

    Args:
        cells: of every measure of the indicator that applies; their months cover all spans.
        groups: columns group, label; every group is in the result, with NaN where nothing was reported.
        spans: months each figure is of.
        applicable: False when the indicator has no meaning for the selection; every figure is then missing.
    """
    numbers, hidden = measured(cells, indicator, cells.rows(groups["group"]), spans, applicable=applicable)
    again = np.tile(np.arange(len(groups)), len(spans)) if len(spans) != 1 else None
    names, labels = (
        groups[name].array if again is None else groups[name].array.take(again) for name in ("group", "label")
    )
    return table_of(names, labels, numbers, hidden)


def table_of(groups: Any, labels: Any, numbers: Matrix, hidden: NDArray[np.bool_]) -> pd.DataFrame:
    """Figures as a frame with `FIGURE_COLUMNS`, from what `measured` gives."""
    columns = dict(zip(FIGURE_COLUMNS, [groups, labels, *numbers.T, hidden], strict=True))
    return pd.DataFrame(columns, copy=False)


def measured(
    cells: Cells, indicator: Indicator, rows: Rows, spans: Sequence[Period], *, applicable: bool = True
) -> tuple[Matrix, NDArray[np.bool_]]:
    """The numbers of `figures` and which of them are hidden, shapes (spans × groups, 7) and (spans × groups,).

    Args:
        rows: row of each group in the cells, `ABSENT` where they know no such group.
    """
    parts = {m.key: _of_spans(cells, m, rows, spans) for m in measures_of(indicator)}
    reporting = MEASURES[_reporting_measure(indicator)]
    numerator = _total(parts, indicator.numerator)
    denominator: Matrix | None = None
    if indicator.denominator is Reported.UNITS:
        denominator = parts[indicator.numerator[0]][1]
    elif indicator.denominator is not None:
        denominator = _total(parts, indicator.denominator)
    missing = np.full(numerator.shape, np.nan)
    if denominator is None:
        value = numerator * indicator.scale
    else:
        with np.errstate(divide="ignore", invalid="ignore"):
            value = np.where(denominator > 0, numerator / denominator * indicator.scale, np.nan)
    expected, reported = missing, missing
    if reporting.population is not None and (reporting.nature is Nature.STOCK or all(s.is_month for s in spans)):
        # Over several months "who reported" has no single answer; the page names the months instead.
        expected = np.nan_to_num(parts[reporting.population][0])
        reported = np.nan_to_num(parts[reporting.key][1])
    low, high = _interval(indicator, numerator, denominator)
    columns = {
        "value": value, "numerator": numerator, "denominator": missing if denominator is None else denominator,
        "reported": reported, "expected": expected, "low": low, "high": high,
    }  # fmt: skip
    hidden = np.zeros(numerator.shape, dtype=bool)
    if applicable:
        hidden = _hidden(numerator, indicator)
        if hidden.any():
            for name in ("value", "numerator", "low", "high"):
                columns[name] = np.where(hidden, np.nan, columns[name])
    else:
        columns = dict.fromkeys(columns, missing)
    # Column by column in memory: frames made of them are not copied.
    return np.stack([matrix.T.ravel() for matrix in columns.values()]).T, hidden.T.ravel()


@dataclass(frozen=True)
class Course:
    """An indicator of one selection, month by month. Frames of a month or a period are cut from it, not computed.

    Attributes:
        months: of the rows, without a gap. title: of the selection. numbers, hidden: see `measured`.
    """

    months: Sequence[str]
    title: str
    numbers: Matrix
    hidden: NDArray[np.bool_]

    @cached_property
    def _place(self) -> dict[str, int]:
        return {month: place for place, month in enumerate(self.months)}

    @cached_property
    def _monthly(self) -> pd.DataFrame:
        months = pd.array([*self.months], dtype="str")
        return table_of(months, months, self.numbers, self.hidden)

    @cached_property
    def _total(self) -> pd.DataFrame:
        groups, titles = (pd.array([text] * len(self.months), dtype="str") for text in (TOTAL, self.title))
        return table_of(groups, titles, self.numbers, self.hidden)

    def covers(self, period: Period) -> bool:
        """Whether it holds every month of the period."""
        return period.start in self._place and period.end in self._place

    def by_month(self, period: Period) -> pd.DataFrame:
        """`FIGURE_COLUMNS`, one row a month of the period."""
        return self._cut(self._monthly, self._place[period.start], self._place[period.end])

    def of(self, month: str) -> pd.DataFrame:
        """`FIGURE_COLUMNS`, the one row of a month, group `total`."""
        return self._cut(self._total, self._place[month], self._place[month])

    def row(self, month: str) -> dict[str, Any]:
        """The same row as plain values."""
        place = self._place[month]
        values = [TOTAL, self.title, *self.numbers[place].tolist(), bool(self.hidden[place])]
        return dict(zip(FIGURE_COLUMNS, values, strict=True))

    def values(self, period: Period) -> list[float | None]:
        """The value of each month of the period, None where it is not known."""
        cut = self.numbers[self._place[period.start] : self._place[period.end] + 1, 0]
        return [None if value != value else value for value in cut.tolist()]

    def months_with(self, field: str) -> list[str]:
        """Months in which a number of `FIGURE_COLUMNS` is known and above zero, oldest first."""
        with np.errstate(invalid="ignore"):
            found = self.numbers[:, FIGURE_COLUMNS.index(field) - 2] > 0
        return [month for month, is_found in zip(self.months, found, strict=True) if is_found]

    @staticmethod
    def _cut(frame: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
        rows = frame.iloc[first : last + 1]
        rows.index = pd.RangeIndex(len(rows))
        return rows


def _of_spans(cells: Cells, measure: Measure, rows: Rows, spans: Sequence[Period]) -> tuple[Matrix, Matrix]:
    """Value and reported units of a measure, shape (groups, spans); NaN where no cell lies in the span.

    Flows add over the span, stocks take its last month.
    """
    if measure.key not in cells.of:
        nothing = np.full((len(rows), len(spans)), np.nan)
        return nothing, nothing
    value, reported = (taken(matrix, rows) for matrix in cells.of[measure.key])
    position = {month: i for i, month in enumerate(cells.months)}
    first = np.array([position[s.start] for s in spans])
    last = np.array([position[s.end] for s in spans])
    if measure.nature is Nature.STOCK or (first == last).all():
        return value[:, last], reported[:, last]
    counted = _between((~np.isnan(value)).astype(float), first, last)
    sums = (_between(np.nan_to_num(m), first, last) for m in (value, reported))
    total, units = (np.where(counted > 0, m, np.nan) for m in sums)
    return total, units


def _between(matrix: Matrix, first: NDArray[np.int_], last: NDArray[np.int_]) -> Matrix:
    """Sums of columns first … last for each pair."""
    if len(first) == 1:
        return np.asarray(matrix[:, first[0] : last[0] + 1].sum(axis=1, keepdims=True))
    running = np.cumsum(matrix, axis=1)
    before = np.where(first > 0, running[:, np.maximum(first - 1, 0)], 0.0)
    return np.asarray(running[:, last] - before)


def _total(parts: dict[str, tuple[Matrix, Matrix]], keys: tuple[str, ...]) -> Matrix:
    """Sum of measures; a measure that counts absence as zero contributes 0 where it has no cell."""
    values = [np.nan_to_num(parts[key][0]) if MEASURES[key].absence is Absence.ZERO else parts[key][0] for key in keys]
    return np.asarray(np.sum(values, axis=0))


def _interval(indicator: Indicator, numerator: Matrix, denominator: Matrix | None) -> tuple[Matrix, Matrix]:
    low, high = np.full(numerator.shape, np.nan), np.full(numerator.shape, np.nan)
    if not indicator.is_binomial or denominator is None:
        return low, high
    with np.errstate(invalid="ignore"):
        known = (denominator > 0) & (numerator <= denominator)
    band = wilson(numerator[known], denominator[known])
    low[known], high[known] = band.low * indicator.scale, band.high * indicator.scale
    return low, high


def _hidden(numerator: Matrix, indicator: Indicator) -> NDArray[np.bool_]:
    """Counts of a handful, and a second one where a single hidden count could be had by subtraction."""
    limits = [MEASURES[key].suppress_below for key in indicator.numerator]
    limit = max((n for n in limits if n), default=0)
    hidden = np.zeros(numerator.shape, dtype=bool)
    if not limit:
        return hidden
    with np.errstate(invalid="ignore"):
        hidden = (numerator > 0) & (numerator < limit)
        for span in np.flatnonzero(hidden.sum(axis=0) == 1):
            others = np.where(~hidden[:, span] & (numerator[:, span] > 0), numerator[:, span], np.inf)
            if np.isfinite(others).any():
                hidden[int(others.argmin()), span] = True
    return hidden
