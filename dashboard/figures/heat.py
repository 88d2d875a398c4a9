"""A matrix of indicators by place: each cell its number, each column its own classes or one scale for shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.figures.canvas import canvas
from dashboard.figures.classes import Classes, classes_of
from dashboard.figures.labels import cut, width, wrap
from dashboard.figures.plotted import hover, numbers, plotted, shown
from dashboard.numbers import is_missing
from dashboard.palettes import contrast
from dashboard.theme import Ink
from dashboard.wording import Words
from data.catalogue.types import Indicator
from data.query import Period

SHARES = (20.0, 40.0, 60.0, 80.0)
# Columns of print a cell has room for.
_LONGEST_TEXT = 12


@dataclass(frozen=True, kw_only=True)
class Column:
    """One indicator of the matrix, its figures by group, what stands above it, and its months if not the card's."""

    indicator: Indicator
    figures: pd.DataFrame
    title: str = ""
    by: str | None = None
    field: str = "value"
    period: Period | None = None


def heat(
    *,
    columns: Sequence[Column],
    by: str,
    ink: Ink,
    words: Words,
    click: str | None = "area",
    names: int = 16,
    room: int = 84,
    row_order: Sequence[str] | None = None,
) -> dict[str, Any]:
    """Rows are the groups of the first column; a cell without a report is hatched, a small count says so.

    Shares have five fixed classes of twenty points, so that two columns of one colour mean the same; counts have
    classes of their own column.

    Args:
        room: columns of print all headings have together, by the width of the card.
        row_order: groups to show, from the top; those of the first column if None.
    """
    if not columns:
        return canvas([], ink)
    first = columns[0].figures
    order = [str(group) for group in (row_order if row_order is not None else first["group"])]
    labels = dict(zip(first["group"].astype(str), first["label"].astype(str), strict=True))
    traces: list[dict[str, Any]] = []
    for place, column in enumerate(columns):
        traces += _cells(column, place, order, by, click, ink, words)
    rows = len(order)
    return canvas(
        traces, ink, barmode="overlay", showlegend=False,
        xaxis={"side": "top", "showgrid": False, "tickmode": "array", "tickvals": [*range(len(columns))],
               "ticktext": [_heading(c, room // len(columns), words) for c in columns], "range": [-0.5, len(columns) - 0.5],
               "showline": False, "tickfont": {"size": ink.small, "color": ink.muted}, "tickangle": 0},
        yaxis={"showgrid": False, "tickmode": "array", "tickvals": [rows - 0.5 - i for i in range(rows)],
               "ticktext": [cut(labels.get(group, group), names) for group in order], "range": [0, rows],
               "zeroline": False},
        margin={"l": ink.px(4), "r": ink.px(4), "t": ink.px(4), "b": ink.px(4)},
    )  # fmt: skip


def _heading(column: Column, columns: int, words: Words) -> str:
    return wrap(column.title or words.of(column.indicator), max(8, columns), lines=3)


def _classes(column: Column, ink: Ink) -> Classes | None:
    if column.indicator.unit == "%" and column.field == "value":
        palette = (*ink.sequential[:4], ink.sequential[5])
        return Classes(SHARES, palette, 0.0, 100.0)
    return classes_of(column.figures[column.field], ink)


def _cells(
    column: Column, place: int, order: Sequence[str], by: str, click: str | None, ink: Ink, words: Words
) -> list[dict[str, Any]]:
    rows = {str(row["group"]): row for row in column.figures.to_dict("records")}
    steps = _classes(column, ink)
    known = [group for group in order if group in rows and not is_missing(rows[group][column.field])]
    silent = [group for group in order if group not in known]
    height = {group: len(order) - 1 - i for i, group in enumerate(order)}
    traces = []
    if known and steps is not None:
        fills = [steps.colour(float(rows[group][column.field])) for group in known]
        traces.append(
            _cell(place, [height[group] for group in known])
            | {
                "marker": {"color": fills},
                "customdata": numbers(rows[group][column.field] for group in known),
                "text": [_short(rows[group], column.indicator, words) for group in known],
                "textfont": {"size": ink.small, "color": [readable(fill, ink) for fill in fills]},
                "hovertext": [hover(rows[group], column.indicator, words) for group in known],
                "meta": _meta(column, known, by, click),
            }
        )  # fmt: skip
    small = [group for group in silent if group in rows and bool(rows[group]["suppressed"])]
    if small:
        traces.append(
            _cell(place, [height[group] for group in small])
            | {
                "marker": {"color": ink.absent},
                "text": [words("figure.suppressed_mark")] * len(small),
                "textfont": {"size": ink.small, "color": ink.ink},
                "hovertext": [f"<b>{rows[group]['label']}</b><br>{words('figure.suppressed')}" for group in small],
            }
        )
    unsaid = [group for group in silent if group not in small]
    if unsaid:
        traces.append(
            _cell(place, [height[group] for group in unsaid])
            | {"marker": ink.hatched(), "hovertext": [words("figure.unreported")] * len(unsaid)}
        )
    return traces


def _short(row: dict[Any, Any], indicator: Indicator, words: Words) -> str:
    """The value as text, without a unit that would not fit: the heading says what is counted."""
    text = shown(row, indicator, words)
    return text if width(text) <= _LONGEST_TEXT else text.split(" ")[0]


def _meta(column: Column, groups: Sequence[str], by: str, click: str | None) -> dict[str, Any]:
    meta = plotted(
        column.indicator.key, axis="customdata", groups=groups, by=column.by or by, field=column.field, click=click
    )
    if column.period is not None:
        meta["period"] = [column.period.start, column.period.end]
    return meta


def _cell(place: int, base: Sequence[int]) -> dict[str, Any]:
    return {
        "type": "bar", "x": [place] * len(base), "y": [0.92] * len(base), "base": [b + 0.04 for b in base], "width": 0.94,
        "textposition": "inside", "insidetextanchor": "middle", "textangle": 0, "constraintext": "none",
        "hovertemplate": "%{hovertext}<extra></extra>",
    }  # fmt: skip


def readable(fill: str, ink: Ink) -> str:
    """The token in which text is best read on a fill."""
    return max((ink.ink, ink.card), key=lambda colour: contrast(colour, fill))
