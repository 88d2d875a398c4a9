"""有 / 无 / 未上报 of several subjects among the same units: one bar a subject, all as long as there are units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.figures.canvas import canvas
from dashboard.figures.labels import cut
from dashboard.figures.plotted import plotted
from dashboard.numbers import is_missing, number, quantity
from dashboard.theme import Ink
from dashboard.wording import Words
from data.catalogue.types import Indicator


@dataclass(frozen=True, kw_only=True)
class StateRow:
    """One subject: its indicator (a share of the units that reported), its figures for the whole selection, its name."""

    indicator: Indicator
    figures: pd.DataFrame
    name: str

    def counts(self) -> tuple[float, float, float]:
        """Units that have it, that have it not, and that did not report."""
        row = self.figures.iloc[0]
        has, said, everyone = (
            0.0 if is_missing(row[k]) else float(row[k]) for k in ("numerator", "denominator", "expected")
        )
        return has, max(said - has, 0.0), max(everyone - said, 0.0)


def state_rows(*, rows: Sequence[StateRow], ink: Ink, words: Words) -> dict[str, Any]:
    """Stacked bars in the order given, from the top down; the share among those that reported stands at the end."""
    counts = [row.counts() for row in rows]
    places = list(range(len(rows)))
    most = max((sum(count) for count in counts), default=1.0) or 1.0
    looks: list[tuple[str, dict[str, Any]]] = [
        ("present", {"color": ink.accent}),
        ("absent", {"color": ink.absent}),
        ("unreported", ink.hatched()),
    ]
    traces: list[dict[str, Any]] = []
    for at, (state, marker) in enumerate(looks):
        for place, row in enumerate(rows):
            value = counts[place][at]
            trace: dict[str, Any] = {
                "type": "bar",
                "orientation": "h",
                "x": [value],
                "y": [place],
                "width": 0.62,
                "name": words(f"state.{state}"),
                "legendgroup": state,
                "showlegend": place == 0,
                "marker": marker,
                "hovertext": [f"<b>{row.name}</b><br>{words(f'state.{state}')} {number(value)}"],
                "hoverinfo": "text",
            }
            if state == "present" and not is_missing(row.figures.iloc[0]["numerator"]):
                trace["meta"] = plotted(row.indicator.key, axis="x", groups=["total"], by=None, field="numerator")
            traces.append(trace)
    return canvas(
        traces,
        ink,
        barmode="stack",
        margin={"l": ink.px(8), "r": ink.px(8), "t": ink.px(26), "b": ink.px(8)},
        xaxis={"range": [0, most * 1.36], "visible": False},
        yaxis={
            "range": [len(rows) - 0.45, -0.55],
            "tickvals": places,
            "ticktext": [cut(row.name, 20) for row in rows],
            "tickfont": {"color": ink.ink, "size": ink.text},
            "showgrid": False,
            "zeroline": False,
        },
        legend={"itemclick": False, "itemdoubleclick": False, "traceorder": "normal"},
        annotations=[
            {
                "x": sum(count), "y": place, "xanchor": "left", "xshift": ink.px(6), "showarrow": False,
                "text": _end(row, count, words), "font": {"size": ink.text, "color": ink.ink},
            }
            for place, (row, count) in enumerate(zip(rows, counts, strict=True))
        ],
    )  # fmt: skip


def _end(row: StateRow, count: tuple[float, float, float], words: Words) -> str:
    share = quantity(row.figures.iloc[0]["value"], "%", words, decimals=row.indicator.decimals)
    return share if count[0] + count[1] == 0 else f"{number(count[0])}/{number(count[0] + count[1])} · {share}"
