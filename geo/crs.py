"""Coordinate systems a file may declare, and their conversion to EPSG:4490.

GCJ-02 is the obfuscated system of Chinese map services, BD-09 Baidu's second shift on top of it. Neither has an EPSG
code or an official formula; the forward formulas are the ones in public circulation, the inverses are iterated until
the forward formula gives the input back (better than a millimetre).
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from data.errors import UsageError, nearest

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
LonLat = tuple[Floats, Floats]

EPSG_CGCS2000 = 4490

# The ranges the store accepts (China with its seas).
LON_RANGE = (73.0, 136.0)
LAT_RANGE = (3.0, 54.0)

# Krasovsky 1940, the ellipsoid the GCJ-02 shift is defined on, and the rectangle it is applied in.
_KRASOVSKY_A = 6378245.0
_KRASOVSKY_E2 = 0.00669342162296594323
_GCJ_LON = (72.004, 137.8347)
_GCJ_LAT = (0.8293, 55.8271)

_BD_OFFSET = (0.0065, 0.006)
_BD_WAVE = np.pi * 3000.0 / 180.0

# 1e-10 degree is about a hundredth of a millimetre; both shifts contract by 40 or more per step.
_INVERSE_TOLERANCE = 1e-10
_INVERSE_STEPS = 30


class Crs(StrEnum):
    """Coordinate systems that coordinates may be declared in."""

    CGCS2000 = "epsg:4490"
    WGS84 = "epsg:4326"
    GCJ02 = "gcj02"
    BD09 = "bd09"


_SPELLINGS = {
    "4490": Crs.CGCS2000, "cgcs2000": Crs.CGCS2000, "4326": Crs.WGS84, "wgs84": Crs.WGS84,
    "gcj02": Crs.GCJ02, "bd09": Crs.BD09, "bd09ll": Crs.BD09,
}  # fmt: skip


def parse_crs(text: str) -> Crs:
    """The declared system of `text`, spelled loosely (`EPSG:4490`, `WGS-84`, `GCJ-02` …).

    Raises:
        UsageError: unknown spelling; the message lists the four that are known.
    """
    key = text.strip().lower().removeprefix("epsg:").replace("-", "").replace("_", "").replace(" ", "")
    if key in _SPELLINGS:
        return _SPELLINGS[key]
    known = [str(c) for c in Crs]
    guess = nearest(text.lower(), known)
    raise UsageError(
        f"不认识坐标系“{text}”",
        why="坐标只能按已知的坐标系换算",
        todo=f"请从 {'、'.join(known)} 中选一个" + (f"，是否想写“{guess}”" if guess else ""),
        code="unknown_crs",
    )


def to_4490(lon: ArrayLike, lat: ArrayLike, crs: Crs | str) -> LonLat:
    """Convert coordinates to EPSG:4490.

    Args:
        lon, lat: degrees, any shape; NaN stays NaN.
        crs: the system they are in. EPSG:4326 is passed through: the two differ by the drift of the plates since
            2000, under a metre, less than any address is known to.

    Returns:
        Longitude and latitude in degrees, new arrays of the input's shape.
    """
    system = parse_crs(crs)
    x, y = np.array(lon, dtype=np.float64), np.array(lat, dtype=np.float64)
    if system is Crs.GCJ02:
        return gcj02_to_4490(x, y)
    if system is Crs.BD09:
        return gcj02_to_4490(*bd09_to_gcj02(x, y))
    return x, y


def gcj02_from_4490(lon: ArrayLike, lat: ArrayLike) -> LonLat:
    """GCJ-02 coordinates of EPSG:4490 ones; outside China's rectangle nothing is shifted."""
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    dx, dy = _gcj02_shift(x, y)
    inside = _in_gcj02_rectangle(x, y)
    return np.where(inside, x + dx, x), np.where(inside, y + dy, y)


def gcj02_to_4490(lon: ArrayLike, lat: ArrayLike) -> LonLat:
    """EPSG:4490 coordinates of GCJ-02 ones; outside China's rectangle nothing is shifted."""
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    inside = _in_gcj02_rectangle(x, y)
    back_x, back_y = _invert(_gcj02_shift, x, y)
    return np.where(inside, back_x, x), np.where(inside, back_y, y)


def bd09_from_gcj02(lon: ArrayLike, lat: ArrayLike) -> LonLat:
    """BD-09 coordinates of GCJ-02 ones."""
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    dx, dy = _bd09_shift(x, y)
    return x + dx, y + dy


def bd09_to_gcj02(lon: ArrayLike, lat: ArrayLike) -> LonLat:
    """GCJ-02 coordinates of BD-09 ones."""
    return _invert(_bd09_shift, np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64))


def bd09_from_4490(lon: ArrayLike, lat: ArrayLike) -> LonLat:
    """BD-09 coordinates of EPSG:4490 ones."""
    return bd09_from_gcj02(*gcj02_from_4490(lon, lat))


def _in_gcj02_rectangle(x: Floats, y: Floats) -> Bools:
    return (x >= _GCJ_LON[0]) & (x <= _GCJ_LON[1]) & (y >= _GCJ_LAT[0]) & (y <= _GCJ_LAT[1])


def _gcj02_shift(lon: Floats, lat: Floats) -> LonLat:
    """How far GCJ-02 moves a point, in degrees: a polynomial and a few sines, in metres, over the local radius."""
    x, y = lon - 105.0, lat - 35.0
    root, ripple = np.sqrt(np.abs(x)), 20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    east += (ripple + _sines(x, 150.0, 300.0)) * 2.0 / 3.0
    north += (ripple + _sines(y, 160.0, 320.0)) * 2.0 / 3.0
    phi = np.radians(lat)
    w2 = 1.0 - _KRASOVSKY_E2 * np.sin(phi) ** 2
    meridian = _KRASOVSKY_A * (1.0 - _KRASOVSKY_E2) / (w2 * np.sqrt(w2))
    parallel = _KRASOVSKY_A / np.sqrt(w2) * np.cos(phi)
    return np.degrees(east / parallel), np.degrees(north / meridian)


def _sines(t: Floats, over_12: float, over_30: float) -> Floats:
    return np.asarray(
        20.0 * np.sin(np.pi * t)
        + 40.0 * np.sin(np.pi * t / 3.0)
        + over_12 * np.sin(np.pi * t / 12.0)
        + over_30 * np.sin(np.pi * t / 30.0)
    )


def _bd09_shift(lon: Floats, lat: Floats) -> LonLat:
    """How far BD-09 moves a GCJ-02 point, in degrees: a small turn and stretch about (0, 0) and an offset."""
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * _BD_WAVE)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * _BD_WAVE)
    return radius * np.cos(angle) + _BD_OFFSET[0] - lon, radius * np.sin(angle) + _BD_OFFSET[1] - lat


def _invert(shift: Callable[[Floats, Floats], LonLat], lon: Floats, lat: Floats) -> LonLat:
    """Solve p + shift(p) = (lon, lat) by fixed-point iteration."""
    x, y = lon, lat
    for _ in range(_INVERSE_STEPS):
        dx, dy = shift(x, y)
        next_x, next_y = lon - dx, lat - dy
        moved = np.hypot(next_x - x, next_y - y)
        x, y = next_x, next_y
        if not np.any(moved > _INVERSE_TOLERANCE):
            break
    return x, y


def looks_swapped(lon: ArrayLike, lat: ArrayLike) -> Bools:
    """Which points hold a latitude where the longitude belongs and the reverse. False where either is missing."""
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    return _between(y, LON_RANGE) & _between(x, LAT_RANGE)


def coordinate_problems(lon: ArrayLike, lat: ArrayLike) -> NDArray[np.str_]:
    """What is wrong with each pair of coordinates, before any question of which city they are in.

    Returns:
        One key per point: `''` (plausible), `missing` (both empty), `half` (one of the two empty), `swapped`,
        `metres` (a projected system: values beyond any angle) or `not_china`.
    """
    x, y = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    plausible = _between(x, LON_RANGE) & _between(y, LAT_RANGE)
    no_x, no_y = ~np.isfinite(x), ~np.isfinite(y)
    cases = [
        (no_x & no_y, "missing"), (no_x | no_y, "half"), (plausible, ""), (looks_swapped(x, y), "swapped"),
        ((np.abs(x) > 360) | (np.abs(y) > 360), "metres"),
    ]  # fmt: skip
    return np.asarray(np.select([c for c, _ in cases], [k for _, k in cases], default="not_china"), dtype=np.str_)


def _between(values: Floats, bounds: tuple[float, float]) -> Bools:
    return np.asarray((values >= bounds[0]) & (values <= bounds[1]), dtype=np.bool_)
