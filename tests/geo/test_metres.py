"""Zones, areas and distances in metres."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from data.errors import UsageError
from geo.metres import areas_km2, distances_m, metric_epsg, project, to_metres, unproject


@pytest.mark.parametrize(
    ("lon", "epsg"),
    [(73.5, 4534), (75.0, 4534), (117.3, 4548), (118.4999, 4548), (118.5, 4549), (120.0, 4549), (136.4, 4554)],
)
def test_a_longitude_falls_in_its_three_degree_zone(lon: float, epsg: int) -> None:
    assert metric_epsg(lon) == epsg


@given(st.floats(73.5, 136.49))
def test_the_zone_is_the_one_whose_meridian_is_nearest_by_the_registry(lon: float) -> None:
    name = pyproj.CRS(metric_epsg(lon)).name
    assert name.startswith("CGCS2000 / 3-degree Gauss-Kruger CM ")
    assert abs(float(name.rsplit(" ", 1)[1].rstrip("E")) - lon) <= 1.5


@pytest.mark.parametrize("lon", [73.49, 136.5, 2.0, -118.0, float("nan")])
def test_a_longitude_outside_chinas_zones_is_refused(lon: float) -> None:
    with pytest.raises(UsageError) as caught:
        metric_epsg(lon)
    assert caught.value.code == "no_metric_zone"


def test_areas_agree_with_the_ellipsoid_to_one_in_a_thousand(counties: gpd.GeoDataFrame) -> None:
    ellipsoid = pyproj.Geod(a=6378137.0, rf=298.257222101)
    expected = [abs(ellipsoid.geometry_area_perimeter(g)[0]) / 1e6 for g in counties.geometry]
    assert areas_km2(counties) == pytest.approx(expected, rel=1e-3)


def test_a_street_cell_has_the_area_its_source_computed(cells: gpd.GeoDataFrame) -> None:
    assert areas_km2(cells) == pytest.approx(cells["area_km2"].astype(float).to_numpy(), abs=0.03)


def test_metres_of_an_empty_frame_are_empty() -> None:
    assert to_metres(gpd.GeoDataFrame(geometry=[], crs=4490)).empty


@given(st.floats(117.0, 120.0), st.floats(29.5, 32.0), st.floats(-0.2, 0.2), st.floats(-0.2, 0.2))
def test_distances_agree_with_the_ellipsoid(lon: float, lat: float, east: float, north: float) -> None:
    ellipsoid = pyproj.Geod(a=6378137.0, rf=298.257222101)
    expected = ellipsoid.inv(lon, lat, lon + east, lat + north)[2]
    assert float(distances_m(lon, lat, lon + east, lat + north)) == pytest.approx(expected, rel=5e-4, abs=1e-3)


def test_distances_broadcast_and_stay_missing_where_a_coordinate_is() -> None:
    found = distances_m(118.7, 30.9, np.array([118.7, np.nan, 118.8]), np.array([30.9, 30.9, 30.9]))
    assert found[0] == 0
    assert np.isnan(found[1])
    assert found[2] > 9000
    assert np.isnan(distances_m(np.nan, 30.9, np.nan, 30.9))


def test_projecting_and_back_returns_the_degrees() -> None:
    lon, lat = unproject(*project([118.7, 119.3], [30.9, 31.2], 4549), 4549)
    assert lon == pytest.approx([118.7, 119.3], abs=1e-9)
    assert lat == pytest.approx([30.9, 31.2], abs=1e-9)


def test_a_frame_in_metres_knows_its_zone() -> None:
    frame = gpd.GeoDataFrame(geometry=[shapely.box(118.6, 30.9, 118.8, 31.0)], crs=4490)
    assert to_metres(frame).crs.to_epsg() == 4549
