"""Columns by month, stacked by cause, and steps of a process side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.figures.canvas import canvas
from dashboard.figures.labels import cut, width
from dashboard.figures.plotted import numbers, plotted
from dashboard.figures.trend import month_ticks
from dashboard.numbers import is_missing, month_name, number, quantity
from dashboard.theme import Ink
from dashboard.wording import Words
from data.catalogue.types import Indicator

# A pattern a place, so that neighbours in a stack are told apart without colour.
PATTERNS = ("", "/", ".", "x")


def stacked_columns(
    *, parts: Sequence[tuple[Indicator, pd.DataFrame]], ink: Ink, words: Words, totals: bool = True, most_ticks: int = 6
) -> dict[str, Any]:
    """One column a month, one layer an indicator; `parts` hold figures by month of the same months, some `most_ticks` of them named."""
    if not parts:
        return canvas([], ink)
    months = [str(month) for month in parts[0][1]["group"]]
    sums = pd.DataFrame([frame["value"].astype(float).fillna(0).tolist() for _, frame in parts]).sum().tolist()
    names = [month_name(month, words) for month in months]
    traces = []
    for at, (indicator, frame) in enumerate(parts):
        name = words.of(indicator)
        colour = ink.series[at % len(ink.series)]
        traces.append(
            {
                "type": "bar", "x": months, "y": numbers(frame["value"]), "name": name,
                "marker": {
                    "color": colour, "line": {"color": ink.card, "width": ink.px(1)},
                    "pattern": {"shape": PATTERNS[at % len(PATTERNS)], "fgcolor": ink.card, "bgcolor": colour, "size": ink.px(6), "solidity": 0.2},
                },
                "hovertext": [
                    f"{month}<br>{name} {quantity(value, indicator.unit, words)}"
                    for month, value in zip(names, frame["value"], strict=True)
                ],
                "hoverinfo": "text", "meta": plotted(indicator.key, axis="y", groups=months, by="month"),
            }
        )  # fmt: skip
    notes = [
        {
            "x": month, "y": float(total), "text": number(float(total)), "yanchor": "bottom", "showarrow": False,
            "font": {"size": ink.small, "color": ink.ink},
        }
        for month, total in zip(months, sums, strict=True)
        if totals and total
    ]  # fmt: skip
    ticks = [m for i, m in enumerate(reversed(months)) if i % max(1, round(len(months) / most_ticks)) == 0][::-1]
    return canvas(
        traces, ink, barmode="stack", bargap=0.35, annotations=notes,
        legend={"traceorder": "normal", "y": 1.04}, margin={"l": ink.px(8), "r": ink.px(8), "t": ink.px(30), "b": ink.px(8)},
        xaxis={"type": "category", "tickvals": ticks, "ticktext": month_ticks(ticks, words), "tickangle": 0},
        yaxis={"rangemode": "tozero", "nticks": 5, "tickformat": ",d", "zeroline": False},
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step: its name, how many got there, of how many; `indicator` and `field` say what was plotted."""

    name: str
    count: float | None
    remark: str
    indicator: str = ""
    field: str = "numerator"
    is_alert: bool = False


def steps(*, rows: Sequence[Step], ink: Ink) -> dict[str, Any]:
    """A bar a step, from the first down."""
    traces = []
    most = max((row.count or 0 for row in rows), default=1) or 1
    # The longest bar leaves room for the longest remark in a card of four columns.
    room = 1.15 + 0.05 * max((width(row.remark) for row in rows), default=0)
    for at, row in enumerate(rows):
        meta = plotted(row.indicator, axis="x", groups=["total"], by=None, field=row.field) if row.indicator else {}
        traces.append(
            {
                "type": "bar", "orientation": "h", "x": [row.count], "y": [at], "width": 0.56, "showlegend": False,
                "marker": {"color": ink.alert if row.is_alert else ink.series[0]}, "meta": meta,
                "hovertext": [f"{row.name} {row.remark}"], "hoverinfo": "text",
            }
        )  # fmt: skip
    notes = [
        {
            "x": 0 if is_missing(row.count) else float(row.count or 0), "y": at, "text": row.remark, "xanchor": "left",
            "xshift": ink.px(6), "showarrow": False, "font": {"size": ink.text, "color": ink.ink},
        }
        for at, row in enumerate(rows)
    ]  # fmt: skip
    return canvas(
        traces, ink, annotations=notes, margin={"l": ink.px(8), "r": ink.px(12), "t": ink.px(8), "b": ink.px(8)},
        xaxis={"range": [0, most * room], "showgrid": False, "showticklabels": False, "zeroline": False},
        yaxis={
            "range": [len(rows) - 0.4, -0.6], "tickvals": list(range(len(rows))), "showgrid": False,
            "ticktext": [cut(row.name, 18) for row in rows], "tickfont": {"color": ink.ink, "size": ink.text},
        },
    )  # fmt: skip
