"""The layers pages draw: compounds and company offices as points, areas with their values, county-seat extents."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd

from data.errors import unknown_key
from data.schema.vocabulary import AreaLevel
from geo.areas import ancestry, at_level
from geo.crs import EPSG_CGCS2000, Floats
from geo.drawing import union_shapes
from geo.metres import metric_epsg, project, unproject
from geo.towns import Towns, fitted_box, largest_cluster, merge_shared


def compound_points(compounds: pd.DataFrame) -> gpd.GeoDataFrame:
    """Compounds as points in EPSG:4490, all columns kept.

    Args:
        compounds: rows of the register, with `lon` and `lat`.

    Returns:
        The rows that have both coordinates, index kept: the difference in length is what has no place on a map.
    """
    return _points(compounds)


def company_points(companies: pd.DataFrame) -> gpd.GeoDataFrame:
    """Offices of property companies as points in EPSG:4490; rows without coordinates are left out."""
    return _points(companies)


def _points(rows: pd.DataFrame) -> gpd.GeoDataFrame:
    lon, lat = (pd.to_numeric(rows[k], errors="coerce").to_numpy(dtype=np.float64) for k in ("lon", "lat"))
    known = np.isfinite(lon) & np.isfinite(lat)
    points = gpd.points_from_xy(lon[known], lat[known], crs=EPSG_CGCS2000)
    return gpd.GeoDataFrame(rows[known], geometry=points, crs=EPSG_CGCS2000)


def area_polygons(
    areas: pd.DataFrame,
    shapes: gpd.GeoDataFrame,
    level: AreaLevel | str,
    parent: str | None = None,
    *,
    values: pd.DataFrame | None = None,
    above: pd.DataFrame | None = None,
) -> gpd.GeoDataFrame:
    """Polygons of one level, within one area or all of them, joined to values by code.

    Args:
        areas: the hierarchy, see `geo.areas`.
        shapes: published polygons, or what `union_shapes` made of them (cheaper when called often).
        level: which level.
        parent: code of an area at that level or above; None for the whole city.
        values: frame with a column `code`, one row an area; areas without a row keep missing values.
        above: `ancestry(areas)`, where the caller has it already.

    Returns:
        GeoDataFrame in EPSG:4490 sorted by code: `code`, `name`, `level`, `depth`, `origin`, the columns of
        `values`, geometry. Areas without a polygon are not in it.

    Raises:
        UnknownKeyError: `parent` is not among the areas.
    """
    drawn = union_shapes(areas, shapes)
    chosen = drawn[drawn["level"] == str(AreaLevel(level))]
    if parent is not None:
        above = ancestry(areas) if above is None else above
        if parent not in above.index:
            raise unknown_key(parent, [str(c) for c in above.index], kind="区划代码")
        parent_level = str(areas.loc[areas["code"].astype(str) == parent, "level"].iloc[0])
        chosen = chosen[above.loc[chosen["code"], parent_level].to_numpy() == parent]
    chosen = chosen.sort_values("code").reset_index(drop=True)
    if values is None:
        return chosen
    extra = values.drop(columns=[c for c in chosen.columns if c != "code" and c in values.columns])
    return chosen.merge(extra, on="code", how="left", validate="one_to_one")


def seat_extents(
    points: gpd.GeoDataFrame,
    areas: pd.DataFrame,
    *,
    aspect: float = 4 / 3,
    reach_m: float = 1500.0,
    min_width_m: float = 3000.0,
    padding: float = 0.1,
    share_merged: float = 0.5,
) -> pd.DataFrame:
    """A bounding box around the town of each county, because compounds pile up there.

    In each county, points closer than twice `reach_m` to each other form clusters, and the largest is the town. Its
    box spans the 5 % to 95 % quantiles of its points, so that a stray compound does not zoom the town away. Boxes of
    two counties that share a town (a development zone and the district around it) become one.

    Args:
        points: compounds with `area_code`, EPSG:4490, as `compound_points` gives them.
        areas: the hierarchy; any level may be absent but the county.
        aspect: width over height on the ground, as the inset on the screen.
        reach_m: half the gap, in metres, that separates two clusters.
        min_width_m: no box is narrower.
        padding: share of width and height added on each side.
        share_merged: boxes are merged when they share this much of the smaller.

    Returns:
        Frame, most compounds first: `codes` (tuple of county codes), `name`, `west`, `south`, `east`, `north`
        (EPSG:4490 degrees) and `compounds` (how many of those counties' compounds lie in the box).
    """
    counties = at_level(points["area_code"], areas, AreaLevel.COUNTY)
    known = np.array([c is not None for c in counties], dtype=bool)
    names = {str(c): str(n) for c, n in zip(areas["code"], areas["name"], strict=True)}
    columns = ["codes", "name", "west", "south", "east", "north", "compounds"]
    if not known.any():
        return pd.DataFrame(columns=columns)
    xs, ys = points.geometry.x.to_numpy(), points.geometry.y.to_numpy()
    epsg = metric_epsg(float((xs[known].min() + xs[known].max()) / 2))
    x, y = project(xs, ys, epsg)
    towns: Towns = {
        (str(code),): largest_cluster(np.column_stack([x, y])[counties == code], reach_m)
        for code in sorted({c for c in counties if c is not None})
    }

    def box(town: Floats) -> Floats:
        return fitted_box(town, aspect=aspect, min_width_m=min_width_m, padding=padding)

    towns = merge_shared(towns, box, share_merged)
    rows = []
    for codes, town in towns.items():
        west, south, east, north = box(town)
        members = np.isin(counties.astype(str), codes)
        inside = members & (x >= west) & (x <= east) & (y >= south) & (y <= north)
        counted = {c: int((inside & (counties == c)).sum()) for c in codes}
        ordered = tuple(sorted(codes, key=lambda c: (-counted[c], c)))
        lon, lat = unproject([west, west, east, east], [south, north, south, north], epsg)
        label = "、".join(names[c] for c in ordered)
        rows.append((ordered, label, lon.min(), lat.min(), lon.max(), lat.max(), int(inside.sum())))
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values(["compounds", "name"], ascending=[False, True], ignore_index=True)
