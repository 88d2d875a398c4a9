"""Counts of several kinds stacked: by place as rows, or by month as columns. A count too small to show is a gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from dashboard.figures.canvas import canvas
from dashboard.figures.labels import cut
from dashboard.figures.plotted import numbers, plotted, shown
from dashboard.figures.trend import months_axis
from dashboard.numbers import month_name, quantity
from dashboard.theme import Ink
from dashboard.wording import Words
from data.catalogue.types import Indicator

# Kinds are told apart by pattern too, so that a grey print keeps them.
PATTERNS = ("", "/", ".", "x", "-", "+")


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind: the indicator that counts it, and its figures by group or month."""

    indicator: Indicator
    figures: pd.DataFrame
    name: str = ""


def stacked(
    *,
    kinds: Sequence[Kind],
    by: str,
    ink: Ink,
    words: Words,
    direction: Literal["rows", "columns"] = "rows",
    click: str | None = "area",
    names: int = 16,
) -> dict[str, Any]:
    """Stacked counts.

    Args:
        by: grouping of the figures; `month` with `direction="columns"`.
        direction: groups as rows with the total after each, or months as columns.
    """
    if not kinds:
        return canvas([], ink)
    groups = [str(group) for group in kinds[0].figures["group"]]
    labels = [str(label) for label in kinds[0].figures["label"]]
    is_rows = direction == "rows"
    order = groups[::-1] if is_rows else groups
    shown_labels = dict(zip(groups, labels, strict=True))
    totals = dict.fromkeys(groups, 0.0)
    known = dict.fromkeys(groups, False)
    traces: list[dict[str, Any]] = []
    for place, kind in enumerate(kinds):
        rows = {str(row["group"]): row for row in kind.figures.to_dict("records")}
        values = numbers(rows[group]["value"] if group in rows else None for group in order)
        for group, value in zip(order, values, strict=True):
            if value is not None:
                totals[group] += value
                known[group] = True
        name = kind.name or words.of(kind.indicator)
        colour = ink.series[place % len(ink.series)]
        where = {"y": [*range(len(order))], "x": values} if is_rows else {"x": order, "y": values}
        texts = [
            f"<b>{_title(group, shown_labels, by, words)}</b><br>{name} "
            + (shown(rows[group], kind.indicator, words) if group in rows else words("figure.unreported"))
            for group in order
        ]
        traces.append(
            {
                "type": "bar", "orientation": "h" if is_rows else "v", "name": name, **where,
                "marker": {
                    "color": colour, "line": {"color": ink.card, "width": ink.px(0.5)},
                    "pattern": {"shape": PATTERNS[place % len(PATTERNS)], "fgcolor": ink.card, "bgcolor": colour,
                                "size": ink.px(6), "solidity": 0.2},
                },
                "hovertext": texts, "hovertemplate": "%{hovertext}<extra></extra>",
                "meta": plotted(kind.indicator.key, axis="x" if is_rows else "y", groups=order, by=by,
                                click=click if is_rows else None),
            }
        )  # fmt: skip
    most = max(totals.values(), default=0.0) or 1.0
    layout: dict[str, Any] = {
        "barmode": "stack", "bargap": 0.34, "showlegend": True,
        "legend": {"orientation": "h", "x": 0, "y": 0, "yref": "container", "yanchor": "bottom", "traceorder": "normal",
                   "itemclick": False, "itemdoubleclick": False},
        "margin": {"l": ink.px(4), "r": ink.px(8), "t": ink.px(4), "b": ink.px(30)},
    }  # fmt: skip
    if not is_rows:
        axis = months_axis(groups, words) if by == "month" else {"type": "category"}
        return canvas(traces, ink, xaxis=axis, yaxis={"rangemode": "tozero", "nticks": 5, "tickformat": ",d"}, **layout)
    notes = [
        {
            "text": quantity(totals[group] if known[group] else None, "", words), "x": totals[group], "y": place,
            "xanchor": "left", "xshift": ink.px(5), "showarrow": False, "font": {"size": ink.small, "color": ink.muted},
        }
        for place, group in enumerate(order)
    ]  # fmt: skip
    return canvas(
        traces, ink, annotations=notes,
        xaxis={"range": [0, most * 1.18], "showgrid": True, "nticks": 5, "tickformat": ",d"},
        yaxis={"showgrid": False, "tickmode": "array", "tickvals": [*range(len(order))], "zeroline": False,
               "ticktext": [cut(shown_labels[group], names) for group in order], "range": [-0.6, len(order) - 0.4]},
        **layout,
    )  # fmt: skip


def _title(group: str, labels: dict[str, str], by: str, words: Words) -> str:
    return month_name(group, words) if by == "month" else labels.get(group, group)
