"""Which area a point or a row lies in: by its code, else by its coordinates, else it is reported."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import ArrayLike, NDArray

from data.errors import UsageError
from geo.areas import text_or_none
from geo.crs import EPSG_CGCS2000, Bools
from geo.drawing import city_outline, union_shapes


def place(
    points: gpd.GeoDataFrame | pd.DataFrame,
    shapes: gpd.GeoDataFrame,
    *,
    depth: Mapping[str, int] | None = None,
) -> pd.DataFrame:
    """The deepest area that contains each point.

    A point on a border, or where polygons overlap, goes to the deepest area, then to the smallest, then to the lowest
    code: the same answer whatever the order of the rows.

    Args:
        points: points in EPSG:4490, or a frame with `lon` and `lat` in it.
        shapes: `code` and polygons in EPSG:4490.
        depth: how deep each code lies in the hierarchy; None takes the length of the code, as official codes grow
            with every level.

    Returns:
        Frame with the index of `points`: `code` (None where there is none), `rivals` (other areas of the same depth
        that hold the point too) and `state`: `placed`, `outside` (in no polygon) or `no_point` (no coordinates).

    Raises:
        UsageError: points or shapes are not in EPSG:4490, or `lon`/`lat` are missing.
    """
    located = _as_points(points)
    known = ~(located.geometry.isna() | located.geometry.is_empty).to_numpy()
    code = np.full(len(points), None, dtype=object)
    others = np.zeros(len(points), dtype=np.int64)
    if len(shapes) and known.any():
        rows, best = _best(located.geometry.to_numpy(), np.flatnonzero(known), shapes, depth)
        code[rows], others[rows] = best["code"].to_numpy(), best["rivals"].to_numpy()
    placed = np.array([c is not None for c in code], dtype=bool)
    return pd.DataFrame(
        {
            "code": pd.Series(code, index=points.index, dtype=object),
            "rivals": others,
            "state": np.select([placed, known], ["placed", "outside"], default="no_point"),
        },
        index=points.index,
    )


def _best(
    geometry: NDArray[Any], known: NDArray[np.intp], shapes: gpd.GeoDataFrame, depth: Mapping[str, int] | None
) -> tuple[NDArray[np.intp], pd.DataFrame]:
    """Positions of the points that lie in some polygon, and `code` and `rivals` for each of them."""
    _require_4490(shapes)
    codes = shapes["code"].astype(str)
    ranks = gpd.GeoDataFrame(
        {
            "code": codes.to_numpy(),
            "depth": [len(c) if depth is None else depth.get(c, -1) for c in codes],
            "size": shapely.area(shapes.geometry.to_numpy()),
        },
        geometry=shapes.geometry.to_numpy(),
        crs=EPSG_CGCS2000,
    )
    # Positions, not labels: the index of the points need not be unique.
    numbered = gpd.GeoDataFrame(geometry=geometry[known], crs=EPSG_CGCS2000)
    hits = gpd.sjoin(numbered, ranks, predicate="intersects", how="inner").rename_axis("at").reset_index()
    hits = hits.sort_values(["at", "depth", "size", "code"], ascending=[True, False, True, True])
    hits["rivals"] = hits.groupby(["at", "depth"])["code"].transform("nunique") - 1
    best = hits.drop_duplicates("at")
    return known[best["at"].to_numpy()], best[["code", "rivals"]]


class Placer:
    """The areas of one store, ready to place points in.

    Args:
        areas: the hierarchy, see `geo.areas`.
        shapes: published polygons, or what `union_shapes` made of them; EPSG:4490.
    """

    def __init__(self, areas: pd.DataFrame, shapes: gpd.GeoDataFrame) -> None:
        self.shapes = union_shapes(areas, shapes)
        self.outline = city_outline(areas, self.shapes)
        self._known = frozenset(areas["code"].astype(str))
        self._depth = dict(zip(self.shapes["code"], self.shapes["depth"], strict=True))
        if self.outline is not None:
            shapely.prepare(self.outline)

    def place(self, lon: ArrayLike, lat: ArrayLike) -> list[str | None]:
        """Code of the deepest area that contains each point (EPSG:4490 degrees); None outside and without point."""
        points = pd.DataFrame({"lon": np.ravel(np.asarray(lon, float)), "lat": np.ravel(np.asarray(lat, float))})
        return list(place(points, self.shapes, depth=self._depth)["code"])

    def contains_city(self, lon: ArrayLike, lat: ArrayLike) -> Bools:
        """Which points lie in the city, its border included; False where a coordinate is missing.

        While no polygon is known, nothing speaks against a point and every complete one counts as inside.
        """
        x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
        complete = np.isfinite(x) & np.isfinite(y)
        if self.outline is None:
            return np.asarray(complete)
        return np.asarray(complete & shapely.intersects_xy(self.outline, x, y))

    def resolve(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The area of each row; see `resolve_area`."""
        named = [text_or_none(code) for code in _column(rows, "area_code")]
        lon, lat = (pd.to_numeric(_column(rows, k), errors="coerce") for k in ("lon", "lat"))
        placed = place(pd.DataFrame({"lon": lon, "lat": lat}, index=rows.index), self.shapes, depth=self._depth)
        results = [
            self._resolved(code, point, state)
            for code, point, state in zip(named, placed["code"], placed["state"], strict=True)
        ]
        return pd.DataFrame(
            {
                # dtype=object keeps None where pandas would make it NaN.
                "area_code": pd.Series([r[0] for r in results], index=rows.index, dtype=object),
                "how": [r[1] for r in results],
                "point_code": placed["code"],
                "problem": [r[2] for r in results],
            },
            index=rows.index,
        )

    def _resolved(self, code: str | None, point: str | None, state: str) -> tuple[str | None, str, str]:
        if code is not None and code in self._known:
            return code, "code", ""
        if point is not None:
            return point, "polygon", "" if code is None else "unknown_code"
        problem = "outside" if state == "outside" else "no_place"
        return None, "none", problem if code is None else "unknown_code"


def resolve_area(rows: pd.DataFrame, areas: pd.DataFrame, shapes: gpd.GeoDataFrame) -> pd.DataFrame:
    """The area of each row: by its code, else by the polygon its point lies in, else none.

    Args:
        rows: any of the columns `area_code`, `lon`, `lat` (EPSG:4490).
        areas, shapes: as for `Placer`.

    Returns:
        Frame with the index of `rows`: `area_code` (None where there is none); `how`: `code`, `polygon` or `none`;
        `point_code`, the area by coordinates alone, for comparing; `problem`: empty, `unknown_code` (a code was
        given that is not in `areas`, whether or not the point helped), `outside` (the point lies in no area) or
        `no_place` (neither code nor point).
    """
    return Placer(areas, shapes).resolve(rows)


def _column(rows: pd.DataFrame, name: str) -> pd.Series:
    return rows[name] if name in rows.columns else pd.Series(None, index=rows.index, dtype=object)


def _as_points(points: gpd.GeoDataFrame | pd.DataFrame) -> gpd.GeoDataFrame:
    if isinstance(points, gpd.GeoDataFrame):
        _require_4490(points)
        return points
    if not {"lon", "lat"} <= set(points.columns):
        raise UsageError("缺少 lon、lat 两列", why="按坐标归属区划需要经纬度", code="no_coordinates")
    lon, lat = (points[k].to_numpy(dtype=np.float64, na_value=np.nan) for k in ("lon", "lat"))
    geometry = np.full(len(points), None, dtype=object)
    known = np.isfinite(lon) & np.isfinite(lat)
    geometry[known] = shapely.points(lon[known], lat[known])
    return gpd.GeoDataFrame(geometry=geometry, index=points.index, crs=EPSG_CGCS2000)


def _require_4490(frame: gpd.GeoDataFrame) -> None:
    if frame.crs is None or frame.crs.to_epsg() != EPSG_CGCS2000:
        raise UsageError("图形不在 EPSG:4490 中", todo="请先换算坐标系", code="wrong_crs")
