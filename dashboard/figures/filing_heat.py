"""Areas by months, one tile each: filed in full, in part, late, or not at all (hatched)."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.figures.canvas import canvas
from dashboard.theme import Ink
from data.filing import FilingState

# Share of its cell that a tile fills, across and down.
TILE_WIDTH, TILE_HEIGHT = 0.95, 0.86
ORDER = (FilingState.COMPLETE, FilingState.PARTIAL, FilingState.LATE, FilingState.MISSING)


def filing_heat(
    *,
    frame: pd.DataFrame,
    names: dict[str, str],
    month_names: dict[str, str],
    short_months: dict[str, str],
    marks: dict[str, str],
    hover: str,
    ink: Ink,
) -> dict[str, Any]:
    """A figure with one bar a tile, one trace a state, areas from the top in the order of `frame`.

    Args:
        frame: columns of `data.filing.filing`, any subset of rows.
        names: state → its name in the legend. marks: state → what a tile of it says; `{missing}` is how many units
            have not filed.
        month_names, short_months: month → its name in the hover text and on the axis.
        hover: text with `{area}`, `{month}`, `{state}`, `{filed}`, `{expected}`.
    """
    areas = frame.drop_duplicates("area")[["area", "label"]].reset_index(drop=True)
    months = sorted(frame["month"].unique())
    row_of = {code: place for place, code in enumerate(areas["area"])}
    column_of = {month: place for place, month in enumerate(months)}
    traces = []
    for state in ORDER:
        part = frame[frame["state"] == state.value]
        facts = part.to_dict("records")
        traces.append(
            {
                "type": "bar",
                "name": names[state.value],
                "x": [column_of[month] for month in part["month"]],
                "y": [TILE_HEIGHT] * len(part),
                "base": [row_of[area] - TILE_HEIGHT / 2 for area in part["area"]],
                "width": TILE_WIDTH,
                "offset": -TILE_WIDTH / 2,
                "marker": _marker(state, ink),
                "text": [marks[state.value].format(missing=int(f["expected"]) - int(f["filed"])) for f in facts],
                "textposition": "inside",
                "insidetextanchor": "middle",
                "textangle": 0,
                # Small and legible rather than shrunk to fit.
                "constraintext": "none",
                "textfont": {"size": ink.small, "color": _text_colour(state, ink)},
                "hovertext": [
                    hover.format(
                        area=f["label"],
                        month=month_names[f["month"]],
                        state=names[state.value],
                        filed=int(f["filed"]),
                        expected=int(f["expected"]),
                    )
                    for f in facts
                ],
                "hovertemplate": "%{hovertext}<extra></extra>",
                # A state that does not occur keeps its place in the legend.
                "showlegend": True,
                "meta": {"groups": part["area"].tolist(), "by": "area", "click": "area"},
            }
        )
    return canvas(
        traces,
        ink,
        barmode="overlay",
        xaxis={
            "tickmode": "array", "tickvals": list(range(len(months))), "ticktext": [short_months[m] for m in months],
            "side": "top", "range": [-0.5, max(len(months), 1) - 0.5], "showgrid": False, "zeroline": False,
            "showline": False,
        },
        yaxis={
            "tickmode": "array", "tickvals": list(range(len(areas))), "ticktext": areas["label"].tolist(),
            "range": [max(len(areas), 1) - 0.5, -0.5], "showgrid": False, "zeroline": False,
        },
        legend={"y": 0, "yanchor": "top", "traceorder": "normal"},
        hovermode="closest",
    )  # fmt: skip


def _marker(state: FilingState, ink: Ink) -> dict[str, Any]:
    if state is FilingState.MISSING:
        return ink.hatched()
    if state is FilingState.LATE:
        # A tint with an outline: the word on it is then legible in either theme.
        return {"color": ink.fade(ink.warn, 0.2), "line": {"color": ink.warn, "width": ink.px(1.5)}}
    return {"color": ink.sequential[4] if state is FilingState.COMPLETE else ink.sequential[2]}


def _text_colour(state: FilingState, ink: Ink) -> str:
    return ink.warn_ink if state is FilingState.LATE else ink.ink
