"""Towns side by side: the compounds of a county pile up in its seat, where the map of the city shows one blot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from dashboard.figures.canvas import canvas
from dashboard.figures.choropleth import PointState, frame_of, point_traces
from dashboard.figures.ground import Ground, Town
from dashboard.figures.labels import cut
from dashboard.figures.plotted import clickable
from dashboard.theme import Ink

_GAP = 0.012
# Distance of a town's name from the corner of its map, as a share of its width and of its height.
_INSET = (0.03, 0.08)
# Wider than this no heading may be, in columns of print.
_LONGEST = 30


def town_maps(
    *, towns: Sequence[Town], points: Mapping[str, Sequence[PointState]], ground: Ground, ink: Ink, columns: int = 4
) -> dict[str, Any]:
    """One map a town at its own scale, streets as outlines, compounds by state.

    Args:
        points: town name → the compounds of the whole selection by state; its map shows those in its box.
    """
    shown = [*towns][: columns * 2]
    rows = -(-len(shown) // columns)
    columns = min(columns, max(len(shown), 1))
    traces: list[dict[str, Any]] = []
    layout: dict[str, Any] = {}
    for place, town in enumerate(shown):
        row, column = divmod(place, columns)
        name = "geo" if place == 0 else f"geo{place + 1}"
        left, right = column / columns + _GAP / 2, (column + 1) / columns - _GAP / 2
        top, bottom = 1 - row / rows, 1 - (row + 1) / rows + _GAP
        layout[name] = frame_of(
            town.bounds,
            domain={"x": [left, right], "y": [bottom, top]},
            bgcolor=ink.ground,
            visible=False,
        )
        traces.append(_streets(town, ground, name, ink))
        traces += point_traces([_inside(state, town) for state in points[town.name]], ink, geo=name, size=6.5)
        traces.append(_name(town, name, ink))
    _name_once(traces)
    return canvas(
        traces, ink, showlegend=True, margin={"l": 0, "r": 0, "t": ink.px(2), "b": ink.px(4)},
        legend={"orientation": "h", "x": 0, "y": -0.01, "yanchor": "top", "groupclick": "togglegroup"},
        **layout,
    )  # fmt: skip


def _name(town: Town, geo: str, ink: Ink) -> dict[str, Any]:
    """The town's name in the corner of its map, where it stays whatever room the card leaves around the map."""
    west, south, east, north = town.bounds
    halo = ", ".join(f"{x}px {y}px {ink.px(2)}px {ink.card}" for x in (-2, 0, 2) for y in (-2, 0, 2))
    return {
        "type": "scattergeo", "mode": "text", "geo": geo, "lon": [west + (east - west) * _INSET[0]],
        "lat": [north - (north - south) * _INSET[1]], "text": [cut(town.name, _LONGEST)], "textposition": "bottom right",
        "textfont": {"size": ink.text, "color": ink.ink, "weight": 600, "shadow": halo}, "hoverinfo": "skip",
        "showlegend": False,
    }  # fmt: skip


def _inside(state: PointState, town: Town) -> PointState:
    west, south, east, north = town.bounds
    lon, lat = (state.points[k].to_numpy(dtype=float) for k in ("lon", "lat"))
    kept = (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)
    return replace(state, points=state.points[kept])


def _streets(town: Town, ground: Ground, geo: str, ink: Ink) -> dict[str, Any]:
    names = {name.code: name.text for name in ground.names}
    return {
        "type": "choropleth", "geo": geo, "geojson": ground.url, "locations": [*town.areas],
        "z": [0] * len(town.areas), "colorscale": [[0, ink.card], [1, ink.card]], "showscale": False,
        "showlegend": False, "marker": {"line": {"color": ink.edge, "width": ink.px(0.8)}},
        "text": [names.get(code, "") for code in town.areas], "hoverinfo": "skip",
        "meta": clickable(town.areas, "area"),
    }  # fmt: skip


def _name_once(traces: list[dict[str, Any]]) -> None:
    """Each state once in the legend, whichever map it appears on first."""
    seen: set[str] = set()
    for trace in traces:
        name = trace.get("name")
        if name is None:
            continue
        trace["showlegend"] = name not in seen
        # In one row: a group of its own each.
        trace["legendgroup"] = name
        seen.add(name)
