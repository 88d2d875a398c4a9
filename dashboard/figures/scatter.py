"""Two figures of the same units against each other: bubbles, their area a third figure, their shape a state."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from dashboard.figures.canvas import canvas
from dashboard.figures.crowding import keep_apart
from dashboard.figures.labels import cut, width
from dashboard.theme import Ink

LARGEST_PX, SMALLEST_PX = 34, 6
# The part of the card the marks take, when names are kept apart: a guess that errs on the small side, px.
_DRAWN = (420.0, 260.0)


@dataclass(frozen=True, kw_only=True)
class Series:
    """One state the units are in: how its marks look, and its name in the legend."""

    state: str
    name: str
    colour: str
    symbol: str = "circle"
    is_open: bool = False


@dataclass(frozen=True, kw_only=True)
class Axis:
    """One axis: title, catalogue key of what it plots (None: computed by the page), its threshold, its unit sign."""

    title: str
    indicator: str | None = None
    line: float | None = None
    line_name: str = ""
    suffix: str = ""
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, kw_only=True)
class _Scaling:
    largest: float = field(default=1.0)
    largest_px: float = LARGEST_PX

    def diameter(self, size: float, ink: Ink) -> float:
        share = math.sqrt(max(size, 0.0) / self.largest) if self.largest else 0.0
        return ink.px(max(SMALLEST_PX, self.largest_px * share))


def scatter(
    *,
    frame: pd.DataFrame,
    x: Axis,
    y: Axis,
    series: Sequence[Series],
    ink: Ink,
    by: str | None,
    click: str | None = None,
    named: frozenset[str] = frozenset(),
    chosen: str | None = None,
    largest_px: float = LARGEST_PX,
) -> dict[str, Any]:
    """A bubble chart; units with a missing coordinate are left out (say how many in the card).

    Args:
        frame: columns group, label, x, y, size, state, hover; area of a bubble is proportional to `size`.
        by: grouping of the indicators plotted. click: what a click on a bubble sets.
        named: groups whose name is written beside the bubble. chosen: group drawn with a ring.
        largest_px: diameter of the largest bubble at 1×.
    """
    known = frame.dropna(subset=["x", "y"])
    scaling = _Scaling(largest=float(known["size"].max()) if len(known) else 1.0, largest_px=largest_px)
    traces = []
    for each in series:
        # Large bubbles first, so that small ones stay in reach of the pointer.
        mine = known[known["state"] == each.state].sort_values("size", ascending=False)
        traces.append(_trace(mine, each, x, y, scaling, ink, by, click, chosen))
    annotations = [_name(row, ink) for row in _readable(known, named, y)]
    shapes, lines = _thresholds(x, y, ink)
    return canvas(
        traces,
        ink,
        margin={"l": ink.px(8), "r": ink.px(16), "t": ink.px(30), "b": ink.px(8)},
        xaxis=_axis(x) | {"showgrid": True, "gridcolor": ink.line},
        yaxis=_axis(y),
        annotations=[*annotations, *lines],
        shapes=shapes,
        legend={"itemsizing": "constant", "itemclick": "toggle", "y": 1.01},
    )


def _readable(known: pd.DataFrame, named: frozenset[str], y: Axis) -> list[dict[Any, Any]]:
    """Rows of `named` whose names touch no other name and not that of the line, the largest bubbles first."""
    rows = known[known["group"].isin(named)].sort_values("size", ascending=False).to_dict("records")
    if not rows:
        return []
    wide = max(float(known["x"].max() - known["x"].min()), 1e-9)
    tall = max(float(known["y"].max() - known["y"].min()), 1e-9)
    boxes = [
        (row["x"] / wide * _DRAWN[0], row["y"] / tall * _DRAWN[1], width(cut(str(row["label"]), 14)) * 6.2, 16.0)
        for row in rows
    ]
    line: list[tuple[float, float, float, float]] = []
    if y.line is not None and y.line_name:
        # It stands at the right end, above its line.
        length = width(y.line_name) * 6.2
        line = [
            (float(known["x"].max()) / wide * _DRAWN[0] - length / 2, y.line / tall * _DRAWN[1] + 8, length * 2, 16.0)
        ]
    kept = keep_apart([*line, *boxes], margin=2.0)[len(line) :]
    return [row for row, is_kept in zip(rows, kept, strict=True) if is_kept]


def _name(row: dict[Any, Any], ink: Ink) -> dict[str, Any]:
    return {
        "x": float(row["x"]), "y": float(row["y"]), "text": cut(str(row["label"]), 14), "showarrow": False,
        "xanchor": "left", "yanchor": "bottom", "xshift": ink.px(6), "yshift": ink.px(2),
        "font": {"size": ink.small, "color": ink.ink}, "bgcolor": ink.fade(ink.card, 0.7), "borderpad": 0,
    }  # fmt: skip


def _axis(axis: Axis) -> dict[str, Any]:
    drawn: dict[str, Any] = {"title": {"text": axis.title}, "ticksuffix": axis.suffix, "zeroline": False, "nticks": 7}
    if axis.low is not None and axis.high is not None:
        drawn["range"] = [axis.low, axis.high]
    return drawn


def _trace(
    mine: pd.DataFrame, each: Series, x: Axis, y: Axis, scaling: _Scaling, ink: Ink, by: str | None,
    click: str | None, chosen: str | None,
) -> dict[str, Any]:  # fmt: skip
    groups = mine["group"].tolist()
    meta: dict[str, Any] = {"groups": groups, "by": by, "field": "value"}
    if x.indicator:
        meta |= {"indicator": x.indicator, "axis": "x"}
    if y.indicator:
        also = {"indicator": y.indicator, "axis": "y", "field": "value", "by": by}
        meta |= {"also": [also]} if x.indicator else also
    if click:
        meta["click"] = click
    return {
        "type": "scatter",
        "mode": "markers",
        "name": each.name,
        "x": mine["x"].astype(float).tolist(),
        "y": mine["y"].astype(float).tolist(),
        "marker": {
            "size": [scaling.diameter(float(size), ink) for size in mine["size"].fillna(0.0)],
            "symbol": f"{each.symbol}-open" if each.is_open else each.symbol,
            "color": each.colour if each.is_open else ink.fade(each.colour, 0.55),
            "line": {
                "color": [ink.ink if g == chosen else each.colour for g in groups],
                "width": [ink.px(3) if g == chosen else ink.px(1.2) for g in groups],
            },
        },
        "hovertext": mine["hover"].tolist(),
        "hoverinfo": "text",
        "meta": meta,
    }


def _thresholds(x: Axis, y: Axis, ink: Ink) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    shapes: list[dict[str, Any]] = []
    names: list[dict[str, Any]] = []
    stroke = {"color": ink.edge, "width": ink.px(1), "dash": "dot"}
    font = {"size": ink.small, "color": ink.muted}
    if x.line is not None:
        shapes.append({"type": "line", "x0": x.line, "x1": x.line, "yref": "paper", "y0": 0, "y1": 1, "line": stroke})
        names.append({"x": x.line, "yref": "paper", "y": 0, "yanchor": "bottom", "xanchor": "left", "xshift": ink.px(3),
                      "text": x.line_name, "showarrow": False, "font": font})  # fmt: skip
    if y.line is not None:
        shapes.append({"type": "line", "y0": y.line, "y1": y.line, "xref": "paper", "x0": 0, "x1": 1, "line": stroke})
        names.append({"xref": "paper", "x": 1, "xanchor": "right", "y": y.line, "yanchor": "bottom",
                      "text": y.line_name, "showarrow": False, "font": font})  # fmt: skip
    return shapes, names
