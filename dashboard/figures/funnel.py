"""Funnel plot: every unit's rate against how many answered, with the limits that chance would keep it in."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.figures.canvas import canvas
from dashboard.figures.labels import cut, width
from dashboard.figures.plotted import clickable, plotted
from dashboard.numbers import number
from dashboard.theme import Ink
from dashboard.wording import Words
from data.statistics.funnel import LIMITS, Funnel

# Names are set as if the chart were this large, px at 1×; on larger ones they only stand further apart.
SHEET = (640.0, 330.0)
LABELS = 12
MARK = 9.0
STEPS = 80
# Beyond so many units a class of more than these is drawn gathered: a mark for the units of a cell, as large as they are
# many. Few outliers among many units keep a mark each.
MOST_POINTS, MOST_OF_A_CLASS = 1_500, 300
CELLS = (48, 32)
LARGEST_MARK = 16.0


class _Side(NamedTuple):
    """Where a name stands from its mark: across (−1, 0, 1), up (−1, 0, 1), and how its text is anchored."""

    across: int
    up: int
    anchor: str


SIDES = (_Side(1, 0, "left"), _Side(-1, 0, "right"), _Side(0, 1, "center"), _Side(0, -1, "center"))


class _Class(NamedTuple):
    level: float
    key: str
    colour: str
    sign: str
    size: float


def funnel_plot(
    *, frame: pd.DataFrame, funnel: Funnel, indicator: str, ink: Ink, words: Words, click: str = "profile"
) -> dict[str, Any]:
    """Points with adjusted 95 % and 99.8 % limits, outliers named; unadjusted 99.8 % limits where φ widened them.

    Args:
        frame: rows as the funnel's units: group, label, value (per cent, as the indicator reads), hover, is_current
            (the value is the indicator's of the wave shown).
        indicator: catalogue key of the rate.
    """
    sizes = funnel.size
    x_range = (max(0.0, float(np.nanmin(sizes)) * 0.7), float(np.nanmax(sizes)) * 1.06)
    grid = np.linspace(max(x_range[0], 1.0), x_range[1], STEPS)
    traces = _limit_lines(funnel, grid, ink, words)
    levels = funnel.outlier_level()
    classes = (
        _Class(0.0, "inside", ink.faint, "circle", 7),
        _Class(-LIMITS[0], "low_95", ink.alert, "triangle-down-open", 10),
        _Class(LIMITS[0], "high_95", ink.good, "triangle-up-open", 10),
        _Class(-LIMITS[1], "low_998", ink.alert, "triangle-down", 11),
        _Class(LIMITS[1], "high_998", ink.good, "triangle-up", 11),
    )
    current = frame["is_current"].to_numpy(dtype=bool)
    for each in classes:
        member = np.isclose(levels, each.level)
        if len(frame) > MOST_POINTS and member.sum() > MOST_OF_A_CLASS:
            traces.append(
                _gathered(frame["value"].to_numpy(dtype=float)[member], sizes[member], each, x_range, ink, words)
            )
            continue
        for is_current in (True, False):
            chosen = np.flatnonzero(member & (current == is_current))
            if len(chosen):
                # Only the first of a class is in the legend.
                is_named = is_current or not (member & current).any()
                traces.append(
                    _points(frame.iloc[chosen], sizes[chosen], each, is_current, is_named, indicator, click, ink, words)
                )
    y_range = _y_range(frame["value"], funnel, grid)
    return canvas(
        traces,
        ink,
        margin={"l": ink.px(8), "r": ink.px(14), "t": ink.px(30), "b": ink.px(8)},
        hovermode="closest",
        xaxis={
            "range": list(x_range), "showgrid": False, "zeroline": False, "nticks": 8,
            "title": {"text": words("funnel.x"), "font": {"size": ink.text, "color": ink.muted}},
        },
        yaxis={"range": y_range, "ticksuffix": "%", "nticks": 7, "zeroline": False},
        annotations=_names(frame, funnel, levels, x_range, y_range, ink),
    )  # fmt: skip


def _limit_lines(funnel: Funnel, grid: np.ndarray[Any, Any], ink: Ink, words: Words) -> list[dict[str, Any]]:
    drawn = [(LIMITS[0], True, "dash", ink.muted, "limit_95"), (LIMITS[1], True, "solid", ink.edge, "limit_998")]
    if funnel.is_overdispersed:
        drawn.append((LIMITS[1], False, "dot", ink.faint, "limit_chance"))
    traces: list[dict[str, Any]] = []
    for confidence, adjusted, dash, colour, key in drawn:
        for bound, side in enumerate(funnel.limits(grid, confidence=confidence, adjusted=adjusted)):
            traces.append(
                {
                    "type": "scatter", "mode": "lines", "x": grid.tolist(), "y": (side * 100).tolist(),
                    "line": {"color": colour, "width": ink.px(1.2), "dash": dash}, "hoverinfo": "skip",
                    "name": words(f"funnel.{key}"), "legendgroup": key, "showlegend": bound == 0,
                }
            )  # fmt: skip
    traces.append(
        {
            "type": "scatter", "mode": "lines", "x": [float(grid[0]), float(grid[-1])], "y": [funnel.target * 100] * 2,
            "line": {"color": ink.ink, "width": ink.px(1)}, "hoverinfo": "skip", "showlegend": False,
        }
    )  # fmt: skip
    return traces


def _points(
    rows: pd.DataFrame, sizes: Any, each: _Class, is_current: bool, is_named: bool, indicator: str, click: str,
    ink: Ink, words: Words,
) -> dict[str, Any]:  # fmt: skip
    groups = rows["group"].tolist()
    meta = (
        plotted(indicator, axis="y", groups=groups, by="compound", click=click)
        if is_current
        else clickable(groups, click)
    )
    return {
        "type": "scatter", "mode": "markers", "x": [float(n) for n in sizes], "y": rows["value"].astype(float).tolist(),
        "marker": {
            "symbol": each.sign, "size": ink.px(each.size), "color": each.colour,
            "opacity": 1 if is_current else 0.55, "line": {"color": each.colour, "width": ink.px(1.3)},
        },
        "hovertext": rows["hover"].tolist(), "hoverinfo": "text", "meta": meta, "showlegend": is_named and each.level != 0,
        "name": words(f"funnel.{each.key}"), "legendgroup": each.key,
    }  # fmt: skip


def _gathered(
    values: NDArray[np.float64], sizes: NDArray[np.float64], each: _Class, x_range: tuple[float, float], ink: Ink,
    words: Words,
) -> dict[str, Any]:  # fmt: skip
    """The units of a class by cell: a mark at their middle, its area as their number."""
    across = np.floor((sizes - x_range[0]) / (x_range[1] - x_range[0]) * CELLS[0]).astype(int)
    cell, place = np.unique(across * 1_000 + np.floor(values / 100 * CELLS[1]).astype(int), return_inverse=True)
    count = np.bincount(place)
    x, y = (np.bincount(place, part, minlength=cell.size) / count for part in (sizes, values))
    diameter = np.maximum(4.0, LARGEST_MARK * np.sqrt(count / count.max()))
    name = words(f"funnel.{each.key}")
    return {
        "type": "scatter", "mode": "markers", "x": x.round(1).tolist(), "y": y.round(2).tolist(),
        "marker": {
            "symbol": each.sign, "size": [ink.px(size) for size in diameter], "color": each.colour,
            "line": {"color": each.colour, "width": ink.px(1.3)},
        },
        "hovertext": [words("figure.gathered", n=number(int(n)), state=name) for n in count], "hoverinfo": "text",
        "showlegend": each.level != 0, "name": name, "legendgroup": each.key,
    }  # fmt: skip


def _y_range(values: pd.Series[float], funnel: Funnel, grid: np.ndarray[Any, Any]) -> list[float]:
    # Limits open fully at small n; the axis follows the points and the limits at the middle of the sizes.
    low, high = funnel.limits(grid[STEPS // 4 :], confidence=LIMITS[1])
    least, most = min(float(values.min()), float(low.min()) * 100), max(float(values.max()), float(high.max()) * 100)
    pad = (most - least) * 0.06
    return [max(-1.5, least - pad), min(104.0, most + pad)]


def _names(
    frame: pd.DataFrame, funnel: Funnel, levels: Any, x_range: tuple[float, float], y_range: list[float], ink: Ink
) -> list[dict[str, Any]]:
    """Names of the outliers, furthest first, as many as find room; each stands on the side with more of it."""
    outside = [i for i in np.argsort(-np.abs(funnel.z_adjusted))[:MOST_POINTS] if abs(levels[i]) > 0]

    def at(i: int) -> tuple[float, float]:
        x = (float(funnel.size[i]) - x_range[0]) / (x_range[1] - x_range[0]) * SHEET[0]
        return x, (float(frame["value"].iloc[i]) - y_range[0]) / (y_range[1] - y_range[0]) * SHEET[1]

    # The marks stand where they stand; each name takes the first side of its mark that is free.
    taken = [(*at(i), MARK, MARK) for i in outside]
    notes = []
    for i in outside[:LABELS]:
        text = cut(str(frame["label"].iloc[i]), 16)
        x, y = at(i)
        wide = width(text) * 5.6 + 4
        for side in SIDES:
            box = (x + side.across * (wide / 2 + 7), y + side.up * 14, wide, 13.0)
            inside = wide / 2 <= box[0] <= SHEET[0] - wide / 2
            if inside and not any(_touch(box, other) for other in taken):
                taken.append(box)
                notes.append(
                    {
                        "x": float(funnel.size[i]), "y": float(frame["value"].iloc[i]), "text": text, "showarrow": False,
                        "xanchor": side.anchor, "xshift": ink.px(8 * side.across), "yshift": ink.px(12 * side.up),
                        "font": {"size": ink.small, "color": ink.ink},
                    }
                )  # fmt: skip
                break
    return notes


def _touch(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    """Whether two boxes (centre x, centre y, width, height) overlap."""
    return abs(one[0] - other[0]) * 2 < one[2] + other[2] and abs(one[1] - other[1]) * 2 < one[3] + other[3]
