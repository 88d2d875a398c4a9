"""Conversion between coordinate systems, and coordinates that cannot be what they claim."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import UsageError
from geo.crs import (
    Crs,
    bd09_from_4490,
    bd09_from_gcj02,
    bd09_to_gcj02,
    coordinate_problems,
    gcj02_from_4490,
    gcj02_to_4490,
    looks_swapped,
    parse_crs,
    to_4490,
)
from geo.metres import distances_m

LON = st.floats(73.6, 135.0)
LAT = st.floats(18.0, 53.5)
MILLIMETRE = 0.001


def metres_apart(a: tuple[object, object], b: tuple[object, object]) -> float:
    return float(distances_m(a[0], a[1], b[0], b[1]))  # type: ignore[arg-type]


@given(LON, LAT)
def test_gcj02_and_back_is_the_same_point_to_a_millimetre(lon: float, lat: float) -> None:
    assert metres_apart(gcj02_to_4490(*gcj02_from_4490(lon, lat)), (lon, lat)) < MILLIMETRE


@given(LON, LAT)
def test_bd09_and_back_is_the_same_point_to_a_millimetre(lon: float, lat: float) -> None:
    assert metres_apart(to_4490(*bd09_from_4490(lon, lat), Crs.BD09), (lon, lat)) < MILLIMETRE


@given(LON, LAT)
def test_undoing_bd09_first_and_applying_it_again_is_the_same_point(lon: float, lat: float) -> None:
    assert metres_apart(bd09_from_gcj02(*bd09_to_gcj02(lon, lat)), (lon, lat)) < MILLIMETRE


@pytest.mark.parametrize(
    ("convert", "expected"),
    [
        # Values in public circulation for a point in Beijing; the last one's source uses the rough inverse.
        (gcj02_from_4490, (116.41024449916938, 39.91640428150164)),
        (bd09_from_gcj02, (116.41036949371029, 39.92133699351021)),
        (bd09_to_gcj02, (116.39762729119315, 39.90865673957631)),
    ],
)
def test_a_known_point_of_beijing_converts_as_published(convert: object, expected: tuple[float, float]) -> None:
    found = convert(116.404, 39.915)  # type: ignore[operator]
    assert found == (pytest.approx(expected[0], abs=5e-7), pytest.approx(expected[1], abs=5e-7))


@pytest.mark.parametrize(("lon", "lat"), [(117.28, 31.86), (118.75, 30.95)])
def test_in_the_region_bd09_is_off_by_over_a_kilometre_and_gcj02_by_half_of_one(lon: float, lat: float) -> None:
    assert 1100 < metres_apart(bd09_from_4490(lon, lat), (lon, lat)) < 1250
    assert 450 < metres_apart(gcj02_from_4490(lon, lat), (lon, lat)) < 600


@pytest.mark.parametrize(("lon", "lat"), [(2.35, 48.85), (139.7, 35.7), (100.0, -5.0), (-74.0, 40.7)])
def test_outside_china_gcj02_moves_nothing(lon: float, lat: float) -> None:
    assert [float(v) for v in gcj02_from_4490(lon, lat)] == [lon, lat]
    assert [float(v) for v in gcj02_to_4490(lon, lat)] == [lon, lat]


@pytest.mark.parametrize("crs", list(Crs))
def test_conversion_keeps_the_shape_and_leaves_missing_coordinates_missing(crs: Crs) -> None:
    lon, lat = np.array([[118.7, np.nan], [117.3, 118.1]]), np.array([[30.9, np.nan], [31.8, 30.2]])
    x, y = to_4490(lon, lat, crs)
    assert x.shape == y.shape == (2, 2)
    assert np.isnan(x[0, 1])
    assert np.isnan(y[0, 1])
    assert np.isfinite(np.delete(x.ravel(), 1)).all()


def test_conversion_does_not_write_into_its_input() -> None:
    lon, lat = np.array([118.7]), np.array([30.9])
    x, _ = to_4490(lon, lat, "epsg:4326")
    x[0] = 0.0
    assert lon[0] == 118.7


@pytest.mark.parametrize(
    ("text", "crs"),
    [
        ("EPSG:4490", Crs.CGCS2000),
        ("cgcs2000", Crs.CGCS2000),
        ("WGS-84", Crs.WGS84),
        ("epsg:4326", Crs.WGS84),
        ("GCJ-02", Crs.GCJ02),
        (" bd_09 ", Crs.BD09),
    ],
)
def test_a_system_is_recognised_however_it_is_spelled(text: str, crs: Crs) -> None:
    assert parse_crs(text) is crs


def test_an_unknown_system_is_refused_with_the_nearest_known_one() -> None:
    with pytest.raises(UsageError, match=r"bd08.*epsg:4490、epsg:4326、gcj02、bd09.*是否想写“bd09”") as caught:
        parse_crs("bd08")
    assert caught.value.code == "unknown_crs"


def test_each_kind_of_impossible_coordinate_has_its_own_name() -> None:
    cases = {
        (118.7, 30.9): "",
        (np.nan, np.nan): "missing",
        (118.7, np.nan): "half",
        (30.9, 118.7): "swapped",
        (40504321.0, 3425678.0): "metres",
        (2.35, 48.85): "not_china",
        (0.0, 0.0): "not_china",
        (np.inf, 30.0): "half",
    }
    lon, lat = zip(*cases, strict=True)
    assert coordinate_problems(lon, lat).tolist() == list(cases.values())


@given(LON, LAT)
def test_every_point_of_china_is_recognised_when_swapped_and_never_when_not(lon: float, lat: float) -> None:
    assert looks_swapped(lat, lon)
    assert not looks_swapped(lon, lat)
