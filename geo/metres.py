"""Lengths and areas: the 3-degree Gauss-Krüger zone of the data, where a degree becomes metres."""

from __future__ import annotations

from functools import lru_cache

import geopandas as gpd
import numpy as np
from numpy.typing import ArrayLike
from pyproj import Transformer

from data.errors import UsageError
from geo.crs import EPSG_CGCS2000, Floats, LonLat

# EPSG:4534 … 4554 are "CGCS2000 / 3-degree Gauss-Kruger CM 75E" … "CM 135E", three degrees apart.
_FIRST_EPSG, _FIRST_MERIDIAN, _LAST_MERIDIAN = 4534, 75, 135


def metric_epsg(lon: float) -> int:
    """EPSG code of the 3-degree zone a longitude lies in (120° → 4549). A zone's western edge belongs to it.

    Raises:
        UsageError: the longitude lies in none of China's zones (73.5° to 136.5°).
    """
    zone = int(np.floor((lon - (_FIRST_MERIDIAN - 1.5)) / 3.0)) if np.isfinite(lon) else -1
    if not 0 <= zone <= (_LAST_MERIDIAN - _FIRST_MERIDIAN) // 3:
        raise UsageError(
            f"经度 {lon} 不在中国的三度带之内",
            why="面积与距离在 CGCS2000 三度带（中央经线 75° 至 135°）中计算",
            todo="请检查坐标系，以及经度、纬度是否写反",
            code="no_metric_zone",
        )
    return _FIRST_EPSG + zone


def to_metres(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """`frame` in the zone of its middle longitude. An empty frame takes the zone of 120° E."""
    geographic = frame.to_crs(EPSG_CGCS2000)
    west, _, east, _ = geographic.total_bounds
    return geographic.to_crs(metric_epsg((west + east) / 2 if np.isfinite(west) else 120.0))


def areas_km2(frame: gpd.GeoDataFrame) -> Floats:
    """Area of each row's geometry in square kilometres, shape (len(frame),)."""
    return np.asarray(to_metres(frame).area, dtype=np.float64) / 1e6


def distances_m(lon_a: ArrayLike, lat_a: ArrayLike, lon_b: ArrayLike, lat_b: ArrayLike) -> Floats:
    """Distance in metres between points a and b (EPSG:4490 degrees), broadcast. NaN where a coordinate is missing.

    Measured on the plane of the zone, within 3 parts in 10 000 as long as all points are near one city.
    """
    lons = np.concatenate([np.ravel(np.asarray(v, dtype=np.float64)) for v in (lon_a, lon_b)])
    known = lons[np.isfinite(lons)]
    if not known.size:
        return np.full(np.broadcast(lon_a, lat_a, lon_b, lat_b).shape, np.nan)
    epsg = metric_epsg(float((known.min() + known.max()) / 2))
    xa, ya = project(lon_a, lat_a, epsg)
    xb, yb = project(lon_b, lat_b, epsg)
    length = np.hypot(xa - xb, ya - yb)
    return np.where(np.isfinite(length), length, np.nan)


def project(lon: ArrayLike, lat: ArrayLike, epsg: int) -> LonLat:
    """Easting and northing in metres of EPSG:4490 degrees."""
    x, y = _transformer(epsg).transform(np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64))
    return np.asarray(x), np.asarray(y)


def unproject(x: ArrayLike, y: ArrayLike, epsg: int) -> LonLat:
    """EPSG:4490 degrees of easting and northing in metres."""
    lon, lat = _transformer(epsg).transform(
        np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64), direction="INVERSE"
    )
    return np.asarray(lon), np.asarray(lat)


@lru_cache(maxsize=32)
def _transformer(epsg: int) -> Transformer:
    return Transformer.from_crs(EPSG_CGCS2000, epsg, always_xy=True)
