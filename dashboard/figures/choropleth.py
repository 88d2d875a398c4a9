"""A map: areas in stepped classes, 未上报 hatched, compounds as points by state, company offices if asked for.

SVG maps only: the shapes travel once, under an address of their own, and recolouring is a change of `z`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from dashboard.figures.canvas import canvas
from dashboard.figures.classes import Classes, classes_of
from dashboard.figures.crowding import keep_apart
from dashboard.figures.ground import Ground, PlaceName
from dashboard.figures.labels import width
from dashboard.figures.plotted import clickable, hover, numbers, plotted, records
from dashboard.numbers import MONEY, is_missing
from dashboard.theme import CLEAR, Ink
from dashboard.wording import Words
from data.catalogue.types import Indicator

# The part of the card that the map takes, when names are kept apart: a guess that errs on the small side, px.
_DRAWN = (430.0, 330.0)
_DRAWN_ON_WALL = (410.0, 270.0)
# Symbols that fill less of their box than a disc are drawn larger by this much.
_LARGER = {"triangle-up": 1.45, "diamond": 1.35, "x-thin-open": 1.2}
# Share of the width left of the legend, or of the height below the map where the legend stands there.
_MAP = 0.79
_BELOW = 0.19
# Of that, the share of the points' row: the rows of the areas stand upon it, and grow towards the map.
_POINTS_BELOW = 0.065
# Groups of the legend.
_AREAS, _POINTS = "classes", "points"
_LEGEND_BELOW = {"orientation": "h", "x": 0, "xanchor": "left", "y": 0, "yanchor": "bottom"}


@dataclass(frozen=True)
class PointState:
    """Points of one state: a name for the legend, a colour, a symbol of its own, so that colour is never alone."""

    name: str
    colour: str
    symbol: str
    points: pd.DataFrame
    """Columns id, lon, lat, text (hover); where each stands for several, also size (px at 1×)."""
    click: str = "profile"
    """What a click on a point sets in the view, to its id."""


def choropleth(
    *,
    areas: pd.DataFrame,
    indicator: Indicator,
    ground: Ground,
    ink: Ink,
    words: Words,
    points: Sequence[PointState] = (),
    offices: pd.DataFrame | None = None,
    classes: Classes | None = None,
    selected: str | None = None,
    is_legend_below: bool = False,
) -> dict[str, Any]:
    """A map of an indicator by area.

    A click in the legend takes a class or a state off the map, a double click leaves it alone there.

    Args:
        areas: figures by area (`Reader.indicator(..., by=ground.level)`); areas without a shape are left out.
        points: compounds by state, drawn in order. offices: columns id, lon, lat, text.
        classes: limits and colours; made from the values and the indicator's target if None.
        selected: code of an area to outline.
        is_legend_below: the legend stands under the map, which is then as wide as the card: for narrow cards.
    """
    there = set(ground.codes)
    found = [row for row in records(areas) if row["group"] in there]
    known = {str(row["group"]): float(row["value"]) for row in found if not is_missing(row["value"])}
    steps = classes or classes_of(
        known.values(), ink, target=indicator.target, direction=indicator.direction, is_whole=is_count(indicator)
    )
    said = {str(row["group"]): hover(row, indicator, words) for row in found}
    traces = [_base(ground, said, ink, words)]
    if steps is not None:
        traces += _filled(known, said, indicator, ground, steps, ink, words)
    if ground.hatch[0]:
        traces.append(_hatch(ground, ink, words))
    if ground.outline_url:
        traces.append(_outline(ground.outline_url, ground.outline_codes, ink.edge, ink.px(1.2)))
    if selected in ground.codes:
        traces.append(_outline(ground.url, (str(selected),), ink.ink, ink.px(2)))
    traces += point_traces(points, ink)
    if offices is not None and len(offices):
        traces.append(_offices(offices, ink, words))
    traces.append(_names(ground, ink))
    # On the large screen a map is wide and low: what stands below it would take the height it is drawn in.
    is_legend_below = is_legend_below and ink.theme != "wall"
    legends = _legends(traces, ink, words, is_below=is_legend_below)
    domain = {"x": [0, 1], "y": [_BELOW, 1]} if is_legend_below else {"x": [0, _MAP], "y": [0, 1]}
    return canvas(
        traces,
        ink,
        geo=frame_of(ground.bounds, domain=domain),
        showlegend=True,
        **legends,
        margin=_flat(ink) | ({"r": _title_room(legends, ink)} if "legend2" in legends else {}),
    )


def is_count(indicator: Indicator) -> bool:
    """Whether an indicator counts things one by one, so that only whole numbers can be limits between its classes."""
    return indicator.denominator is None and indicator.decimals == 0 and indicator.unit != MONEY


def frame_of(bounds: tuple[float, float, float, float], **more: Any) -> dict[str, Any]:
    """`layout.geo` that shows `bounds`."""
    west, south, east, north = bounds
    return {
        # Fitting to the traces would let a stray point decide the extent.
        "fitbounds": False,
        "lonaxis": {"range": [west, east]},
        "lataxis": {"range": [south, north]},
        **more,
    }


def _flat(ink: Ink) -> dict[str, float]:
    return {"l": 0, "r": 0, "t": ink.px(2), "b": ink.px(2)}


def _legends(traces: list[dict[str, Any]], ink: Ink, words: Words, *, is_below: bool) -> dict[str, Any]:
    """The legend of the areas and, apart from it and named, that of the points: both have a 未上报 of their own.

    Below the map each is a row; beside it they are two parts of one column.
    """
    box = _legend_box(ink)
    titles = {_AREAS: words("figure.legend_areas"), _POINTS: words("figure.compounds")}
    listed = [trace for trace in traces if trace.get("name") and trace.get("showlegend") is not False]
    groups = {name: [trace for trace in listed if trace.get("legendgroup") == name] for name in titles}
    if not all(groups.values()):
        return {"legend": box | (_LEGEND_BELOW if is_below else {})}
    if not is_below:
        for name, mine in groups.items():
            first = min(mine, key=lambda trace: int(trace["legendrank"]))
            first["legendgrouptitle"] = {"text": titles[name], "font": {"size": ink.small, "color": ink.ink}}
        return {"legend": box | {"traceorder": "grouped"}}
    for trace in listed:
        if trace.get("legendgroup") != _AREAS:
            trace["legend"] = "legend2"
    named = {
        name: {"title": {"text": text, "side": "left", "font": {"size": ink.small, "color": ink.ink}}}
        for name, text in titles.items()
    }
    return {
        "legend": box | _LEGEND_BELOW | {"y": _POINTS_BELOW} | named[_AREAS],
        "legend2": box | _LEGEND_BELOW | named[_POINTS],
    }


def _title_room(legends: dict[str, Any], ink: Ink) -> float:
    """Plotly breaks a legend into rows as wide as the plot and puts the title in front: there must be room for it."""
    widest = max(width(legend["title"]["text"]) for legend in legends.values())
    return widest * ink.small + ink.px(22)


def _legend_box(ink: Ink) -> dict[str, Any]:
    return {
        "orientation": "v",
        "x": 1,
        "xanchor": "right",
        "y": 0,
        "yanchor": "bottom",
        "itemclick": "toggle",
        "itemdoubleclick": "toggleothers",
        "groupclick": "toggleitem",
        "traceorder": "normal",
        "tracegroupgap": ink.px(6),
        "font": {"size": ink.small, "color": ink.muted},
        "itemwidth": 30,
    }


def _shapes(codes: Iterable[str], url: str) -> dict[str, Any]:
    return {"type": "choropleth", "geojson": url, "locations": [*codes], "showscale": False, "showlegend": False}


def _base(ground: Ground, said: Mapping[str, str], ink: Ink, words: Words) -> dict[str, Any]:
    """Every area in the colour of the card: what has no class stays so, under its hatch, and can still be clicked."""
    names = {name.code: name.text for name in ground.names}
    missing = words("figure.unreported")
    texts = [said[code] if code in said else f"<b>{names.get(code, code)}</b><br>{missing}" for code in ground.codes]
    return _shapes(ground.codes, ground.url) | {
        "z": [0] * len(ground.codes),
        "colorscale": [[0, ink.card], [1, ink.card]],
        "marker": {"line": {"color": ink.line, "width": ink.px(0.8)}},
        "text": texts,
        "hovertemplate": "%{text}<extra></extra>",
        "meta": clickable(ground.codes, "area"),
    }


def _filled(
    known: Mapping[str, float],
    said: Mapping[str, str],
    indicator: Indicator,
    ground: Ground,
    steps: Classes,
    ink: Ink,
    words: Words,
) -> list[dict[str, Any]]:
    """One trace a class, from high to low, so that the legend can take each off the map."""
    members: list[list[str]] = [[] for _ in steps.colours]
    for group, value in known.items():
        members[steps.place(value)].append(group)
    names = steps.labels(indicator.unit, words, decimals=indicator.decimals)
    traces = []
    for rank, place in enumerate(reversed(range(len(steps.colours)))):
        groups, colour = members[place], steps.colours[place]
        stand = {"name": names[place], "legendgroup": _AREAS, "legendrank": 1000 + rank, "showlegend": True}
        if not groups:
            # A class between others that no place belongs to; without it the legend would have a gap.
            traces.append(_entry(colour, ink) | stand)
            continue
        traces.append(
            _shapes(groups, ground.url)
            | {
                "z": [known[group] for group in groups],
                "colorscale": [[0, colour], [1, colour]],
                "marker": {"line": {"color": ink.card, "width": ink.px(0.6)}},
                "text": [said[group] for group in groups],
                "hovertemplate": "%{text}<extra></extra>",
                "meta": plotted(indicator.key, axis="z", groups=groups, by=ground.level, click="area"),
            }
            | stand
        )
    return traces


def _entry(colour: str, ink: Ink) -> dict[str, Any]:
    """A trace without points that only stands in the legend, with a key as large as plotly's own for areas."""
    marker = {"size": 12, "symbol": "square", "color": colour, "line": {"width": 0}}
    return {
        "type": "scattergeo", "mode": "markers", "lon": [None], "lat": [None], "marker": marker, "hoverinfo": "skip",
    }  # fmt: skip


def _outline(url: str, codes: tuple[str, ...], colour: str, line: float) -> dict[str, Any]:
    return _shapes(codes, url) | {
        "z": [0] * len(codes),
        "colorscale": [[0, CLEAR], [1, CLEAR]],
        "marker": {"line": {"color": colour, "width": line}},
        "hoverinfo": "skip",
    }


def _hatch(ground: Ground, ink: Ink, words: Words) -> dict[str, Any]:
    """未上报. Plotly draws a line in a legend as one line; the style of page and picture makes a hatch of it there."""
    lon, lat = ground.hatch
    return {
        "type": "scattergeo",
        "mode": "lines",
        "name": words("figure.unreported"),
        "legendgroup": _AREAS,
        "legendrank": 1500,
        "lon": lon,
        "lat": lat,
        "line": {"color": ink.hatch, "width": ink.px(0.9)},
        "hoverinfo": "skip",
    }


def point_traces(points: Sequence[PointState], ink: Ink, *, geo: str = "geo", size: float = 6) -> list[dict[str, Any]]:
    """One trace a state, each a symbol of its own; a click opens the compound's file."""
    return [
        {
            "type": "scattergeo",
            "mode": "markers",
            "geo": geo,
            "name": state.name,
            "legendgroup": _POINTS,
            "legendrank": 2000,
            "showlegend": geo == "geo",
            "lon": numbers(state.points["lon"]),
            "lat": numbers(state.points["lat"]),
            "text": [*state.points["text"]],
            "hovertemplate": "%{text}<extra></extra>",
            "marker": {
                "size": _sizes(state, size, ink),
                "symbol": state.symbol,
                "color": state.colour,
                "line": {"color": ink.card, "width": 0 if state.symbol.endswith("-open") else ink.px(0.7)},
            },
            "meta": clickable((str(unit) for unit in state.points["id"]), state.click),
        }
        for state in points
        if len(state.points)
    ]


def _sizes(state: PointState, size: float, ink: Ink) -> float | list[float]:
    """One size for compounds; for gathered ones as many as there are points."""
    factor = _LARGER.get(state.symbol, 1.0)
    if "size" not in state.points:
        return ink.px(size * factor)
    return [ink.px(float(each) * factor) for each in state.points["size"]]


def _offices(offices: pd.DataFrame, ink: Ink, words: Words) -> dict[str, Any]:
    return {
        "type": "scattergeo",
        "mode": "markers",
        "name": words("figure.offices"),
        "legendrank": 2100,
        "lon": numbers(offices["lon"]),
        "lat": numbers(offices["lat"]),
        "text": [*offices["text"]],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {"size": ink.px(7), "symbol": "diamond-open", "color": ink.ink, "line": {"width": ink.px(1.2)}},
        "meta": clickable((str(unit) for unit in offices["id"]), "company"),
    }


def _names(ground: Ground, ink: Ink) -> dict[str, Any]:
    room = _DRAWN_ON_WALL if ink.theme == "wall" else _DRAWN
    kept = readable_names(ground.names, ground.bounds, ink.text / ink.scale, room)
    halo = ", ".join(f"{x}px {y}px {ink.px(2)}px {ink.card}" for x in (-1, 1) for y in (-1, 1))
    return {
        "type": "scattergeo",
        "mode": "text",
        "lon": [name.lon for name in kept],
        "lat": [name.lat for name in kept],
        "text": [name.text for name in kept],
        "textfont": {"size": ink.text, "color": ink.ink, "weight": 600, "shadow": halo},
        "hoverinfo": "skip",
        "showlegend": False,
    }


def readable_names(
    names: Iterable[PlaceName],
    bounds: tuple[float, float, float, float],
    size: float,
    room: tuple[float, float] = _DRAWN,
) -> list[PlaceName]:
    """The names that can stand on a map of `bounds` without touching, at type of `size` px, drawn in `room`, px."""
    west, south, east, north = bounds
    stretch = math.cos(math.radians((south + north) / 2))
    px = min(room[0] / max((east - west) * stretch, 1e-9), room[1] / max(north - south, 1e-9))
    listed = [*names]
    boxes = [(name.lon * stretch * px, name.lat * px, width(name.text) / 2 * size, size * 1.3) for name in listed]
    return [name for name, is_kept in zip(listed, keep_apart(boxes, margin=1.0), strict=True) if is_kept]


def unreported_codes(areas: pd.DataFrame) -> list[str]:
    """Areas that have something to report and did not: to be hatched. Areas without any unit are left plain."""
    is_silent = np.isnan(areas["value"].to_numpy(dtype=float)) & ~areas["suppressed"].to_numpy(dtype=bool)
    is_silent &= areas["expected"].to_numpy(dtype=float) != 0
    return [str(group) for group in areas["group"].to_numpy()[is_silent]]
