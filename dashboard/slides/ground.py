"""Shapes under a map and where a place lies on the slide."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import shapely

from dashboard.places import layer_at
from dashboard.slides.figures import numbers_of
from dashboard.slides.types import Box

# Detail finer than this share of the map's width is not seen on a slide.
_FINEST = 1 / 1500
Ring = list[tuple[float, float]]


@dataclass(frozen=True)
class Area:
    """One area: code, name, its polygons in degrees."""

    code: str
    name: str
    shape: Any


@lru_cache(maxsize=16)
def _areas(fingerprint: str, content: bytes) -> dict[str, Area]:
    del fingerprint
    found = {}
    for feature in json.loads(content)["features"]:
        given = feature.get("properties") or {}
        code = str(feature.get("id") or given.get("code"))
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
        found[code] = Area(code, str(given.get("name") or code), shapely.orient_polygons(shape))
    return found


def areas_at(given: Any) -> dict[str, Area] | None:
    """The areas of the layer a figure names by its address, or holds itself; None when it is not known here."""
    if isinstance(given, dict):
        return _areas("", json.dumps(given).encode())
    layer = layer_at(str(given or ""))
    return None if layer is None else _areas(layer.fingerprint, layer.content)


def _up(lat: float) -> float:
    """Mercator's height of a latitude, in degrees of longitude."""
    return math.degrees(math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)))


class Window:
    """One map of a figure: its extent in degrees, fitted into a box without distortion."""

    def __init__(self, layout: dict[str, Any], box: Box) -> None:
        lon = numbers_of((layout.get("lonaxis") or {}).get("range"))
        lat = numbers_of((layout.get("lataxis") or {}).get("range"))
        west, east = ([*lon, None, None])[:2]
        south, north = ([*lat, None, None])[:2]
        if west is None or east is None or south is None or north is None or west >= east or south >= north:
            raise ValueError("a map without an extent")
        self.west, self.east, self.south, self.north = west, east, south, north
        wide, tall = east - west, _up(north) - _up(south)
        self.scale = min(box.width / wide, box.height / tall)
        self.left = box.left + (box.width - wide * self.scale) / 2
        self.top = box.top + (box.height - tall * self.scale) / 2
        self.box = Box(round(self.left), round(self.top), round(wide * self.scale), round(tall * self.scale))

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """Where a place lies, in EMU."""
        return self.left + (lon - self.west) * self.scale, self.top + (_up(self.north) - _up(lat)) * self.scale

    def holds(self, lon: float, lat: float) -> bool:
        """Whether a place lies on the map."""
        return self.west <= lon <= self.east and self.south <= lat <= self.north

    def rings(self, shape: Any) -> list[Ring]:
        """Rings of a shape in EMU, exterior and holes wound opposite ways, cut at the edge of the map."""
        bounds = shapely.bounds(shape)
        inside = (
            bounds[0] >= self.west and bounds[1] >= self.south and bounds[2] <= self.east and bounds[3] <= self.north
        )
        if not inside:
            cut = shapely.box(self.west, self.south, self.east, self.north)
            shape = shapely.orient_polygons(shapely.intersection(shape, cut))
        out: list[Ring] = []
        for polygon in _polygons(shape):
            for ring in (polygon.exterior, *polygon.interiors):
                points = [self.at(float(x), float(y)) for x, y in shapely.get_coordinates(ring)]
                thin = _thinned(points, (self.east - self.west) * self.scale * _FINEST)
                if len(thin) > 3:
                    out.append(thin[:-1])
        return out


def _polygons(shape: Any) -> Iterable[Any]:
    return [part for part in shapely.get_parts(shape) if shapely.get_type_id(part) == 3]


def _thinned(points: Ring, finest: float) -> Ring:
    """Without points nearer than `finest` to the one before; neighbours drop the same points of a shared border."""
    kept = points[:1]
    for point in points[1:-1]:
        if abs(point[0] - kept[-1][0]) + abs(point[1] - kept[-1][1]) >= finest:
            kept.append(point)
    return [*kept, points[-1]]


def under(lines: tuple[list[float | None], list[float | None]], areas: dict[str, Area]) -> set[str]:
    """Codes of the areas that lines of a hatch lie in."""
    middles = []
    for i in range(1, min(len(lines[0]), len(lines[1]))):
        ends = (lines[0][i - 1], lines[1][i - 1], lines[0][i], lines[1][i])
        if None not in ends:
            x0, y0, x1, y1 = (float(end or 0) for end in ends)
            middles.append(((x0 + x1) / 2, (y0 + y1) / 2))
    if not middles:
        return set()
    tree = shapely.STRtree([shapely.Point(*middle) for middle in middles])
    return {code for code, area in areas.items() if len(tree.query(area.shape, predicate="contains"))}
