"""From cells to figures: sums over the period, one division at the end, an interval where it is a share of trials."""

from __future__ import annotations

from collections.abc import Sequence

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
    rows = cells.rows(groups["group"])
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
        for name in ("value", "numerator", "low", "high"):
            columns[name] = np.where(hidden, np.nan, columns[name])
    else:
        columns = dict.fromkeys(columns, missing)
    numbers = np.column_stack([matrix.T.ravel() for matrix in columns.values()])
    out = pd.DataFrame(numbers, columns=[*columns], copy=False)
    again = np.tile(np.arange(len(groups)), len(spans)) if len(spans) != 1 else None
    for place, name in enumerate(("group", "label")):
        out.insert(place, name, groups[name].array if again is None else groups[name].array.take(again))
    out.insert(len(FIGURE_COLUMNS) - 1, "suppressed", hidden.T.ravel())
    return out


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
