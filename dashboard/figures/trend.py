"""Lines over months: interval as a band, threshold as a line, a gap where nothing was reported, breaks marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import multimode
from typing import Any

import pandas as pd

from dashboard.figures.canvas import canvas
from dashboard.figures.labels import width, wrap
from dashboard.figures.plotted import hover, numbers, plotted, records
from dashboard.figures.value_axis import value_axis
from dashboard.numbers import is_missing, month_name, quantity
from dashboard.theme import CLEAR, Ink
from dashboard.wording import Words
from data.catalogue.types import Indicator

Rows = list[dict[str, Any]]

# Columns of a line of a name at the end of its line; a longer name takes two lines.
_NAME_COLUMNS = 18
# Height of the drawn lines at 1× when names are kept apart, and what a name takes beyond its type.
DRAWN_PX, _NAME_PX = 180.0, 3.0


@dataclass(frozen=True, kw_only=True)
class Series:
    """One line.

    Attributes:
        figures: `Reader.indicator(..., by="month")`, or one group of a panel with its months as `group`.
        name: for the legend and the end of the line; colour: of the theme, chosen by place if empty.
        is_context: drawn thin and grey behind the others (the city behind a street).
        field: column plotted, `value` or `numerator`.
        group: the group these months belong to, for a panel.
    """

    indicator: Indicator
    figures: pd.DataFrame
    name: str = ""
    colour: str = ""
    is_context: bool = False
    field: str = "value"


@dataclass(frozen=True)
class Threshold:
    """A line to compare with, and what it is called."""

    value: float
    name: str


def trend(
    *,
    series: Sequence[Series],
    ink: Ink,
    words: Words,
    threshold: Threshold | None = None,
    breaks: Mapping[str, str] | None = None,
    from_zero: bool = False,
    drawn_px: float = DRAWN_PX,
) -> dict[str, Any]:
    """Lines of one unit over the same months.

    Args:
        breaks: month → what changed from then on; the line is parted there.
        from_zero: the axis starts at 0; for counts and amounts.
        drawn_px: height the lines will have at 1×; names at their ends are kept apart by it.
    """
    marks = dict(breaks or {})
    traces: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    ends: list[tuple[Series, str]] = []
    shapes: list[dict[str, Any]] = []
    for place, one in enumerate(series):
        colour = one.colour or (ink.faint if one.is_context else _colour(place, len(series), ink))
        traces += _line(one, colour, marks, ink, words, has_band=len(series) == 1 or not one.is_context)
        ends.append((one, colour))
    if len(series) > 1:
        notes += _end_names(ends, ink, drawn_px, [threshold.value] if threshold else [])
    months = sorted({str(month) for one in series for month in one.figures["group"].tolist()})
    unit = series[0].indicator.unit if series else ""
    for month, text in marks.items():
        if months and months[0] < month <= months[-1]:
            shapes.append(_upright(month, ink))
            notes.append(_over(month, text, ink))
    if threshold is not None:
        traces.append(_threshold_anchor(threshold, months, ink))
        shapes.append(
            {
                "type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": threshold.value, "y1": threshold.value,
                "line": {"color": ink.alert, "width": ink.px(1), "dash": "dash"}, "layer": "below",
            }
        )  # fmt: skip
        notes.append(
            {
                "text": threshold.name, "xref": "paper", "x": 1, "xanchor": "right", "y": threshold.value,
                "yanchor": "bottom", "showarrow": False, "font": {"size": ink.small, "color": ink.alert},
            }
        )  # fmt: skip
    named = [one for one in series if one.name]
    right = (
        ink.px(max((width(line) for one in named for line in _end_name(one)), default=0) * 6.4 + 10)
        if len(series) > 1
        else ink.px(12)
    )
    return canvas(
        traces,
        ink,
        xaxis=months_axis(months, words),
        yaxis={
            "rangemode": "tozero" if from_zero else "normal",
            "zeroline": False,
            **value_axis(
                unit, (value for one in series for value in one.figures[one.field]), words, from_zero=from_zero
            ),
        },
        shapes=shapes,
        annotations=notes,
        showlegend=False,
        hovermode="closest",
        margin={"l": ink.px(4), "r": right, "t": ink.px(18), "b": ink.px(4)},
    )


def _colour(place: int, count: int, ink: Ink) -> str:
    return ink.accent if count == 1 else ink.series[place % len(ink.series)]


def _line(
    one: Series, colour: str, breaks: Mapping[str, str], ink: Ink, words: Words, *, has_band: bool
) -> list[dict[str, Any]]:
    """Traces of one series: for each stretch between breaks its band and its line."""
    traces: list[dict[str, Any]] = []
    for part in stretches(_in_step(records(one.figures), one.field), breaks):
        if has_band and one.field == "value":
            traces += [_band(run, colour, ink) for run in _runs(part)]
        groups = [str(row["group"]) for row in part]
        values = numbers(row[one.field] for row in part)
        alone = _lone(values)
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "name": one.name,
                "x": groups,
                "y": values,
                "text": [_text(row | {"label": month_name(str(row["group"]), words)}, one, words) for row in part],
                "hovertemplate": "%{text}<extra></extra>",
                "line": {"color": colour, "width": ink.px(1.3 if one.is_context else 2.2)},
                # A month between two gaps is a point; elsewhere the line is enough.
                "marker": {"color": colour, "size": [ink.px(6) if is_alone else 0.1 for is_alone in alone]},
                "connectgaps": False,
                "meta": plotted(one.indicator.key, axis="y", groups=groups, by="month", field=one.field),
            }
        )
    return traces


def _text(row: Any, one: Series, words: Words) -> str:
    text = hover(row, one.indicator, words)
    return f"{one.name}<br>{text}" if one.name else text


def _in_step(rows: Rows, field: str) -> Rows:
    """The months without those that fall between two regular waves: a quarterly figure has no monthly gaps."""
    known = [place for place, row in enumerate(rows) if not is_missing(row[field])]
    if len(known) < 3:
        return rows
    usual = min(multimode(later - earlier for earlier, later in pairwise(known)))
    if usual == 1:
        return rows
    kept = set(known)
    for earlier, later in pairwise(known):
        if later - earlier > usual:
            kept.add(earlier + usual)
    return [rows[place] for place in sorted(kept)]


def stretches(rows: Rows, breaks: Mapping[str, str]) -> list[Rows]:
    """The rows parted where a break begins."""
    parted: dict[int, Rows] = {}
    for row in rows:
        parted.setdefault(sum(str(row["group"]) >= start for start in breaks), []).append(row)
    return [parted[number] for number in sorted(parted)]


def _runs(part: Rows) -> list[Rows]:
    """Rows with an interval, parted at gaps; a single one makes no band."""
    runs = [[*run] for has, run in groupby(part, key=lambda row: not is_missing(row["low"])) if has]
    return [run for run in runs if len(run) > 1]


def _band(run: Rows, colour: str, ink: Ink) -> dict[str, Any]:
    months = [str(row["group"]) for row in run]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": months + months[::-1],
        "y": numbers(row["high"] for row in run) + numbers(row["low"] for row in run)[::-1],
        "fill": "toself",
        "fillcolor": ink.fade(colour, 0.16),
        "line": {"width": 0, "color": CLEAR},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _lone(values: Sequence[float | None]) -> list[bool]:
    has = [value is not None for value in values]
    return [here and not (i > 0 and has[i - 1]) and not (i + 1 < len(has) and has[i + 1]) for i, here in enumerate(has)]


def _end_names(
    ends: Sequence[tuple[Series, str]], ink: Ink, drawn_px: float, others: Sequence[float]
) -> list[dict[str, Any]]:
    """The name of each line at its end, pushed up where the one below would be covered; the axis holds `others` too."""
    last = []
    for one, colour in ends:
        known = [
            (value, month)
            for value, month in zip(one.figures[one.field].tolist(), one.figures["group"].tolist(), strict=True)
            if not is_missing(value)
        ]
        if one.name and known:
            last.append((float(known[-1][0]), str(known[-1][1]), one, colour))
    values = [*others, *(float(v) for one, _ in ends for v in one.figures[one.field].tolist() if not is_missing(v))]
    if not last:
        return []
    px = drawn_px / ((max(values) - min(values)) or 1.0)
    notes = []
    centre, below = float("-inf"), 0.0
    for value, month, one, colour in sorted(last, key=lambda end: end[0]):
        at = value * px
        lines = _end_name(one)
        half = len(lines) * (ink.small / ink.scale + _NAME_PX) / 2
        centre, below = max(at, centre + below + half), half
        notes.append(
            {
                "text": "<br>".join(lines), "align": "left", "x": month, "y": value, "xanchor": "left", "xshift": ink.px(6),
                "yshift": ink.px(centre - at), "showarrow": False,
                "font": {"size": ink.small, "color": ink.muted if one.is_context else colour},
            }
        )  # fmt: skip
    return notes


def _end_name(one: Series) -> list[str]:
    return wrap(one.name, _NAME_COLUMNS).split("<br>")


def _upright(month: str, ink: Ink) -> dict[str, Any]:
    return {
        "type": "line", "x0": month, "x1": month, "yref": "paper", "y0": 0, "y1": 1,
        "line": {"color": ink.edge, "width": ink.px(1), "dash": "dot"}, "layer": "below",
    }  # fmt: skip


def _over(month: str, text: str, ink: Ink) -> dict[str, Any]:
    return {
        "text": text, "x": month, "yref": "paper", "y": 1, "yanchor": "bottom", "xanchor": "left", "showarrow": False,
        "font": {"size": ink.small, "color": ink.muted},
    }  # fmt: skip


def _threshold_anchor(threshold: Threshold, months: Sequence[str], ink: Ink) -> dict[str, Any]:
    """An unseen trace that keeps the threshold inside the axis."""
    return {
        "type": "scatter", "mode": "lines", "x": [*months[:1], *months[-1:]], "y": [threshold.value, threshold.value],
        "line": {"color": CLEAR, "width": 0}, "hoverinfo": "skip", "showlegend": False,
    }  # fmt: skip


def months_axis(months: Sequence[str], words: Words) -> dict[str, Any]:
    """At most seven labels in two lines, the year only where it changes; January marks long spans."""
    axis: dict[str, Any] = {"type": "date", "showgrid": False}
    if not months:
        return axis
    step = next((s for s in (1, 2, 3, 6, 12, 24, 36) if len(months) / s <= 7), 60)
    at = [month for i, month in enumerate(reversed(months)) if i % step == 0][::-1]
    if step >= 12:
        at = [month for month in months if month.endswith("-01")][:: step // 12] or at
    return axis | {"tickmode": "array", "tickvals": at, "ticktext": month_ticks(at, words), "tickangle": 0}


def month_ticks(months: Sequence[str], words: Words) -> list[str]:
    """Labels of months along an axis, the year below the first of each."""
    # A year below every label is as short as can be: on a telephone they would run together.
    is_yearly = len(months) > 2 and len({month[:4] for month in months}) == len(months)
    texts = []
    for place, month in enumerate(months):
        year, number = month.split("-")
        text = words(f"month.{int(number)}")
        is_new = place == 0 or months[place - 1][:4] != year
        below = year if is_yearly else words("figure.year", year=year)
        texts.append(f"{text}<br>{below}" if is_new else text)
    return texts


def named_value(one: Series, words: Words) -> str:
    """The last known value of a series as text."""
    known = one.figures[one.figures[one.field].notna()]
    value = None if known.empty else known.iloc[-1][one.field]
    return quantity(value, one.indicator.unit, words, decimals=one.indicator.decimals)
