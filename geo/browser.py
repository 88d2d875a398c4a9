"""What the browser gets of the shapes: small GeoJSON bytes, made once, served under an address that names them."""

from __future__ import annotations

import hashlib
import json
import threading
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from data.schema.vocabulary import AreaLevel
from geo.areas import ancestry
from geo.drawing import SLIVER, union_shapes
from geo.layers import area_polygons

# 1e-5 degree is about a metre.
DECIMALS = 5
# A map is drawn at most about this many pixels wide; detail finer than one of them is thrown away.
_PIXELS = 2000
# Cleaning a coverage may move a border by rounding, not by land: this share of an area at most.
_MAY_CHANGE = 0.01

Geometries = NDArray[Any]


@dataclass(frozen=True)
class BrowserLayer:
    """A layer ready to be served.

    Attributes:
        content: GeoJSON, UTF-8; the same shapes give the same bytes.
        fingerprint: 16 hexadecimal digits of the SHA-256 of `content`. An address that holds it can be cached for as
            long as anyone likes; it also serves as ETag.
        features: how many areas are in it.
        bounds: west, south, east, north in degrees; None when the layer is empty.
        method: how borders were simplified, see `simplified`.
    """

    content: bytes
    fingerprint: str
    features: int
    bounds: tuple[float, float, float, float] | None
    method: str


class BrowserLayers:
    """The layers of one store, each made at its first use and kept.

    Args:
        areas: the hierarchy, see `geo.areas`.
        shapes: published polygons or what `union_shapes` made of them. New shapes need a new object.
    """

    def __init__(self, areas: pd.DataFrame, shapes: gpd.GeoDataFrame) -> None:
        self._areas, self._shapes = areas, union_shapes(areas, shapes)
        self._above = ancestry(areas)
        self._made: dict[tuple[AreaLevel, str | None], BrowserLayer] = {}
        self._polygons: dict[tuple[AreaLevel, str | None], gpd.GeoDataFrame] = {}
        self._holders: dict[AreaLevel, NDArray[Any]] = {}
        self._lock = threading.RLock()

    def layer(self, level: AreaLevel | str, parent: str | None = None) -> BrowserLayer:
        """The areas of a level, within `parent` or everywhere.

        Raises:
            UnknownKeyError: `parent` is not among the areas.
        """
        key = (AreaLevel(level), parent)
        with self._lock:
            if key not in self._made:
                self._made[key] = browser_layer(self.polygons(level, parent))
            return self._made[key]

    def polygons(self, level: AreaLevel | str, parent: str | None = None) -> gpd.GeoDataFrame:
        """The same areas as `area_polygons` gives them; not to be changed."""
        key = (AreaLevel(level), parent)
        with self._lock:
            if key not in self._polygons:
                self._polygons[key] = self._within(AreaLevel(level), parent)
            return self._polygons[key]

    def _within(self, level: AreaLevel, parent: str | None) -> gpd.GeoDataFrame:
        if parent is None or parent not in self._above.index:
            # The whole level; or the error that names the nearest code.
            return area_polygons(self._areas, self._shapes, level, parent, above=self._above)
        whole = self.polygons(level)
        if level not in self._holders:
            self._holders[level] = self._above.loc[whole["code"]].to_numpy()
        return whole[(self._holders[level] == parent).any(axis=1)].reset_index(drop=True)


def browser_layer(polygons: gpd.GeoDataFrame) -> BrowserLayer:
    """GeoJSON of areas for plotly: simplified, five decimals, exterior rings clockwise, feature id = code.

    plotly draws on a sphere and fills everything *outside* an exterior ring that runs counterclockwise, which is what
    the GeoJSON standard asks for; so the rings here run the other way round.

    Args:
        polygons: `code`, `name` and polygons in EPSG:4490.
    """
    ordered = polygons.sort_values("code")
    shapes, method = simplified(ordered.geometry.to_numpy(), _tolerance(ordered.total_bounds))
    shapes = np.array([shapely.orient_polygons(rounded(g), exterior_cw=True) for g in shapes], dtype=object)
    features = [
        {
            "type": "Feature",
            "id": str(code),
            "properties": {"code": str(code), "name": str(name)},
            "geometry": _rounded_numbers(shapely.geometry.mapping(shape)),
        }
        for code, name, shape in zip(ordered["code"], ordered["name"], shapes, strict=True)
    ]
    document = {"type": "FeatureCollection", "features": features}
    content = json.dumps(document, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    return BrowserLayer(
        content=content,
        fingerprint=hashlib.sha256(content).hexdigest()[:16],
        features=len(features),
        bounds=_bounds(shapes),
        method=method,
    )


def _bounds(shapes: Geometries) -> tuple[float, float, float, float] | None:
    if not len(shapes):
        return None
    west, south, east, north = (round(float(v), DECIMALS) for v in shapely.total_bounds(shapes))
    return west, south, east, north


def simplified(geometry: Geometries, tolerance: float) -> tuple[Geometries, str]:
    """Polygons with fewer points and no gaps between neighbours where that can be had.

    Args:
        geometry: polygons of one level.
        tolerance: degrees; about the size of the detail that disappears.

    Returns:
        The polygons and how: `coverage` (they share borders exactly and are simplified together); `cleaned` (they
        nearly do: gaps and overlaps of a metre are closed first, changing no area by more than one per cent);
        `separate` (they overlap for good: each is simplified alone, and common borders may part by the tolerance).
    """
    if not len(geometry):
        return geometry, "coverage"
    if shapely.coverage_is_valid(geometry, gap_width=SLIVER):
        return shapely.coverage_simplify(geometry, tolerance), "coverage"
    clean = shapely.coverage_clean(geometry, snapping_distance=SLIVER, gap_width=SLIVER)
    if _is_same_land(geometry, clean) and shapely.coverage_is_valid(clean):
        return shapely.coverage_simplify(clean, tolerance), "cleaned"
    return shapely.simplify(geometry, tolerance, preserve_topology=True), "separate"


def _is_same_land(before: Geometries, after: Geometries) -> bool:
    if len(before) != len(after):
        return False
    changed = shapely.area(shapely.symmetric_difference(before, after))
    return bool(np.all(changed <= _MAY_CHANGE * shapely.area(before)))


def _tolerance(bounds: NDArray[np.float64]) -> float:
    west, south, east, north = bounds
    size = max(float(east - west), float(north - south))
    return size / _PIXELS if np.isfinite(size) else 0.0


def rounded(geometry: BaseGeometry, decimals: int = DECIMALS) -> BaseGeometry:
    """`geometry` with coordinates rounded, doubled points and collapsed rings dropped.

    Every coordinate is rounded on its own, so that a border shared by two areas stays shared. What would vanish
    altogether (smaller than the grid) is returned unrounded.
    """
    parts = []
    for part in shapely.get_parts(geometry):
        exterior = _rounded_ring(part.exterior, decimals)
        if exterior is not None:
            holes = (_rounded_ring(ring, decimals) for ring in part.interiors)
            parts.append(shapely.Polygon(exterior, [hole for hole in holes if hole is not None]))
    if not parts:
        return geometry
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _rounded_ring(ring: BaseGeometry, decimals: int) -> NDArray[np.float64] | None:
    xy = np.round(shapely.get_coordinates(ring), decimals)
    keep = np.ones(len(xy), dtype=bool)
    keep[1:] = np.any(xy[1:] != xy[:-1], axis=1)
    xy = xy[keep]
    return xy if len(xy) >= 4 and shapely.Polygon(xy).area > 0 else None


def _rounded_numbers(mapping: dict[str, Any]) -> dict[str, Any]:
    """A geometry mapping whose numbers print with at most seven decimals (five, but for areas under a metre)."""

    def plain(value: Any) -> Any:
        return round(value, DECIMALS + 2) if isinstance(value, float) else [plain(v) for v in value]

    return {"type": mapping["type"], "coordinates": plain(mapping["coordinates"])}
