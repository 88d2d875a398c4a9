"""Which polygon stands for each area: its own, its children's, or its own corrected by what codes say.

Codes decide what belongs to whom, geometry does not. A development zone administers streets that lie inside a
district's published polygon; drawn as published, the district would cover them and a point there would have two homes.
The rule of `union_shapes` gives every point one home per level.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from data.errors import UsageError
from geo.areas import ancestry, children
from geo.crs import EPSG_CGCS2000

# Gaps and parts narrower than this (degrees, about a metre) are rounding between two sources, not land.
SLIVER = 1e-5
# A smaller area counts as lying inside a larger one when at least this share of it does.
_MOSTLY = 0.5
# Children stand for their parent when they fill at least this share of it.
_FILLS = 0.9


class ShapeRule(StrEnum):
    """Whose polygon is preferred where an area and its children both have one."""

    CHILDREN = "children"
    OWN = "own"


def union_shapes(
    areas: pd.DataFrame, shapes: gpd.GeoDataFrame, *, prefer: ShapeRule | str = ShapeRule.CHILDREN
) -> gpd.GeoDataFrame:
    """The polygon of every area that has one or can be given one.

    With `prefer="children"`, from the bottom up:

    1. no polygon of its own: the union of its children's;
    2. its own polygon loses the areas that lie mostly inside it but belong elsewhere by code (streets of another
       county, a smaller sibling published as an enclave), and gains its children that lie mostly outside it;
    3. if all its children have polygons and fill at least nine tenths of that, their union replaces it, so that the
       borders of the two levels coincide.

    With `prefer="own"` published polygons are taken as they are and only areas without one get a union.

    Args:
        areas: the hierarchy, see `geo.areas`.
        shapes: `code` and polygons in EPSG:4490; several rows of one code are united, unknown codes left out. A
            frame this function made is returned as it is.

    Returns:
        GeoDataFrame sorted by code: `code`, `name`, `level`, `depth`, `origin` (`own`, `children`, `corrected`),
        geometry.

    Raises:
        UsageError: the shapes are not in EPSG:4490.
    """
    if {"origin", "depth"} <= set(shapes.columns):
        return shapes
    if len(shapes) and (shapes.crs is None or shapes.crs.to_epsg() != EPSG_CGCS2000):
        raise UsageError("边界不在 EPSG:4490 中", todo="请先用 read_layer 换算", code="wrong_crs")
    rule, table = ShapeRule(prefer), ancestry(areas)
    depth = {str(code): int(d) for code, d in table["depth"].items()}
    drawn = _Drawing(depth, children(areas), _own_shapes(shapes, set(depth)))
    for code in sorted(depth, key=lambda c: (-depth[c], c)):
        drawn.draw(code, rule)
    names = areas.drop_duplicates("code").assign(code=lambda d: d["code"].astype(str)).set_index("code")
    codes = sorted(drawn.shape)
    return gpd.GeoDataFrame(
        {
            "code": codes,
            "name": [str(names.at[c, "name"]) for c in codes],
            "level": [str(names.at[c, "level"]) for c in codes],
            "depth": [drawn.depth[c] for c in codes],
            "origin": [drawn.origin[c] for c in codes],
        },
        geometry=[drawn.shape[c] for c in codes],
        crs=EPSG_CGCS2000,
    )


def city_outline(areas: pd.DataFrame, shapes: gpd.GeoDataFrame) -> BaseGeometry | None:
    """The outline of the whole: the union of the topmost areas' polygons. None when nothing has a polygon."""
    drawn = union_shapes(areas, shapes)
    if drawn.empty:
        return None
    # Where no top has a polygon (areas whose parent is missing) the highest level drawn stands in.
    top = drawn[drawn["depth"] == drawn["depth"].min()]
    return without_slivers(shapely.union_all(top.geometry.to_numpy()))


def without_slivers(geometry: BaseGeometry, width: float = SLIVER) -> BaseGeometry:
    """`geometry` without polygons and holes narrower than `width` degrees.

    A geometry that is narrow as a whole is returned unchanged.
    """
    kept = []
    for part in shapely.get_parts(geometry):
        if shapely.is_empty(shapely.buffer(part, -width / 2)):
            continue
        holes = [ring for ring in part.interiors if not shapely.Polygon(ring).buffer(-width / 2).is_empty]
        kept.append(shapely.Polygon(part.exterior, holes))
    if not kept:
        return geometry
    return kept[0] if len(kept) == 1 else shapely.MultiPolygon(kept)


def _own_shapes(shapes: gpd.GeoDataFrame, known: set[str]) -> dict[str, BaseGeometry]:
    by_code: dict[str, list[BaseGeometry]] = {}
    for code, geometry in zip(shapes["code"].astype(str), shapes.geometry, strict=True):
        if code in known and geometry is not None and not geometry.is_empty:
            by_code.setdefault(code, []).append(geometry)
    return {c: g[0] if len(g) == 1 else shapely.union_all(g) for c, g in by_code.items()}


class _Drawing:
    """The polygons decided so far; deeper areas are drawn before the ones above them."""

    def __init__(self, depth: dict[str, int], below: dict[str, list[str]], own: dict[str, BaseGeometry]) -> None:
        self.depth, self.below, self.own = depth, below, own
        self.shape: dict[str, BaseGeometry] = {}
        self.origin: dict[str, str] = {}

    def draw(self, code: str, rule: ShapeRule) -> None:
        kids = self.below.get(code, [])
        with_shape = [self.shape[k] for k in kids if k in self.shape]
        if code not in self.own:
            if with_shape:
                self._keep(code, _union(with_shape), "children")
            return
        own = self.own[code]
        if rule is ShapeRule.OWN:
            self._keep(code, own, "own")
            return
        body, is_corrected = self._corrected(code, own, with_shape)
        if with_shape and len(with_shape) == len(kids):
            union = _union(with_shape)
            if union.intersection(body).area >= _FILLS * body.area:
                self._keep(code, union, "children")
                return
        self._keep(code, body, "corrected" if is_corrected else "own")

    def _keep(self, code: str, geometry: BaseGeometry, origin: str) -> None:
        self.shape[code], self.origin[code] = geometry, origin

    def _corrected(self, code: str, own: BaseGeometry, kids: list[BaseGeometry]) -> tuple[BaseGeometry, bool]:
        """`own` without strangers inside it and with its own children outside it."""
        inside = [g for g in self._strangers(code) if _share_inside(g, own) >= _MOSTLY]
        outside = [g for g in kids if _share_inside(g, own) < _MOSTLY]
        if not inside and not outside:
            return own, False
        body = own.difference(shapely.union_all(inside)) if inside else own
        return _union([body, *outside]), True

    def _strangers(self, code: str) -> list[BaseGeometry]:
        """Areas that are not part of `code`: others' children one level down, and smaller siblings."""
        depth, own = self.depth[code], self.own[code]
        mine = set(self.below.get(code, []))
        nephews = [g for c, g in self.shape.items() if self.depth[c] == depth + 1 and c not in mine]
        siblings = [g for c, g in self.own.items() if c != code and self.depth[c] == depth and g.area < own.area]
        near: Any = shapely.intersects(np.array([*nephews, *siblings], dtype=object), own)
        return [g for g, is_near in zip([*nephews, *siblings], near, strict=True) if is_near]


def _union(parts: list[BaseGeometry]) -> BaseGeometry:
    return without_slivers(shapely.union_all(parts))


def _share_inside(inner: BaseGeometry, outer: BaseGeometry) -> float:
    return float(inner.intersection(outer).area / inner.area) if inner.area else 0.0
