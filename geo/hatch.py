"""Hatch lines clipped to areas: how a map shows 未上报 without a fill that looks like a low value.

plotly's SVG maps have no patterns, and a pattern put in by a style sheet is lost in an exported picture; lines are not.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

Coordinates = list[float | None]
DECIMALS = 4


def hatch_lines(
    geometry: Iterable[BaseGeometry], spacing: float, *, bounds: tuple[float, float, float, float] | None = None
) -> tuple[Coordinates, Coordinates]:
    """Parallel lines rising to the right, cut at the borders of the areas.

    The family of lines is the same for every call with the same spacing and bounds, so that the hatches of two areas
    meet. On a map in degrees at 30° north they rise at about 49°.

    Args:
        geometry: polygons in degrees; empty ones and None are left out.
        spacing: distance between two lines along the parallel, degrees.
        bounds: west, south, east, north that fix the phase; those of the areas when None.

    Returns:
        Longitudes and latitudes as one polyline with None between the pieces, for a line trace. Both are empty when
        there is nothing to hatch.
    """
    shapes = [shape for shape in geometry if shape is not None and not shape.is_empty]
    if not shapes or not spacing > 0:
        return [], []
    land = shapely.union_all(shapes)
    west, south, east, north = bounds or land.bounds
    height = north - south
    # A line through (x, south) rises to (x + height, north); start far enough left to reach the upper left corner.
    starts = np.arange(west - height, east, spacing) + spacing / 2
    lines = shapely.linestrings([[(x, south), (x + height, north)] for x in starts])
    pieces = shapely.get_parts(shapely.intersection(lines, land))
    lon: Coordinates = []
    lat: Coordinates = []
    for piece in pieces:
        if piece.geom_type != "LineString" or piece.is_empty:
            continue
        for x, y in shapely.get_coordinates(piece).round(DECIMALS).tolist():
            lon.append(x)
            lat.append(y)
        lon.append(None)
        lat.append(None)
    return lon[:-1], lat[:-1]
