"""From cells to figures: sums over the period, one division at the end, an interval where it is a share of trials."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.catalogue import MEASURES, Absence, Indicator, Measure, Nature, Reported
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


def _sum(cells: pd.DataFrame, key: str, span: Period) -> pd.DataFrame:
    """Value and reported of one measure per group: flows add over the span, stocks take its last month."""
    mine = cells[cells["measure"] == key]
    if MEASURES[key].nature is Nature.STOCK:
        mine = mine[mine["month"] == span.end]
    else:
        mine = mine[(mine["month"] >= span.start) & (mine["month"] <= span.end)]
    return mine.groupby("group")[["value", "reported"]].sum()


def figures(
    cells: pd.DataFrame, indicator: Indicator, *, groups: pd.DataFrame, span: Period, applicable: bool = True
) -> pd.DataFrame:
    """One row per group with `FIGURE_COLUMNS`.

    Args:
        cells: columns measure, group, month, value, reported.
        groups: columns group, label; every group is in the result, with NaN where nothing was reported.
        applicable: False when the indicator has no meaning for the selection; every figure is then missing.
    """
    index = pd.Index(groups["group"].astype(object))
    parts = {m.key: _sum(cells, m.key, span).reindex(index) for m in measures_of(indicator)}
    numerator = _total(parts, indicator.numerator)
    if indicator.denominator is Reported.UNITS:
        denominator = parts[indicator.numerator[0]]["reported"]
    elif indicator.denominator is None:
        denominator = None
    else:
        denominator = _total(parts, indicator.denominator)
    reported = parts[_reporting_measure(indicator)]["reported"]
    population = _population(indicator)
    out = pd.DataFrame({"group": groups["group"].to_numpy(), "label": groups["label"].to_numpy()}, index=index)
    if denominator is None:
        out["value"], out["numerator"], out["denominator"] = numerator * indicator.scale, numerator, np.nan
    else:
        usable = denominator.where(denominator > 0)
        out["value"], out["numerator"], out["denominator"] = (
            numerator / usable * indicator.scale,
            numerator,
            denominator,
        )
    months = 1 if MEASURES[_reporting_measure(indicator)].nature is Nature.STOCK else len(span.months)
    if population is not None and months == 1:
        expected = parts[population]["value"]
        out["expected"] = expected.fillna(0)
        out["reported"] = reported.fillna(0)
    else:
        # Over several months "who reported" has no single answer; the page names the months instead.
        out["expected"], out["reported"] = np.nan, np.nan
    out["low"], out["high"] = np.nan, np.nan
    if indicator.is_binomial and denominator is not None:
        known = numerator.notna() & denominator.notna() & (denominator > 0) & (numerator <= denominator)
        band = wilson(numerator[known].to_numpy(float), denominator[known].to_numpy(float))
        out.loc[known, "low"] = band.low * indicator.scale
        out.loc[known, "high"] = band.high * indicator.scale
    out["suppressed"] = False
    if not applicable:
        out[["value", "numerator", "denominator", "reported", "expected", "low", "high"]] = np.nan
    return _suppress(out, indicator)[FIGURE_COLUMNS].reset_index(drop=True)


def _total(parts: dict[str, pd.DataFrame], keys: tuple[str, ...]) -> pd.Series[float]:
    """Sum of measures; a measure that counts absence as zero contributes 0 where it has no cell."""
    total: pd.Series[float] | None = None
    for key in keys:
        value = parts[key]["value"].astype(float)
        if MEASURES[key].absence is Absence.ZERO:
            value = value.fillna(0.0)
        total = value if total is None else total + value
    assert total is not None
    return total


def _suppress(out: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """Hide counts of a handful, and a second one where a single hidden count could be had by subtraction."""
    limits = [MEASURES[key].suppress_below for key in indicator.numerator]
    limit = max((n for n in limits if n), default=0)
    if not limit:
        return out
    numerator = out["numerator"]
    hidden = (numerator > 0) & (numerator < limit)
    if hidden.sum() == 1 and len(out) > 1:
        shown = numerator[~hidden & (numerator > 0)]
        if len(shown):
            hidden = hidden | (out.index == shown.idxmin())
    out.loc[hidden, ["value", "numerator", "low", "high"]] = np.nan
    out["suppressed"] = hidden
    return out
