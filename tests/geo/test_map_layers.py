"""Points, polygons with values, and the boxes around county seats."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.errors import MergeError

from data.errors import UnknownKeyError
from geo.layers import area_polygons, company_points, compound_points, seat_extents
from geo.metres import distances_m
from geo.towns import Towns, fitted_box, largest_cluster, merge_shared

NAN = float("nan")


@pytest.mark.parametrize("layer", [compound_points, company_points])
def test_rows_with_both_coordinates_become_points_and_keep_their_columns(layer: object) -> None:
    rows = pd.DataFrame(
        {"name": ["甲", "乙", "丙"], "lon": [118.7, NAN, 118.8], "lat": [30.9, 30.9, None]}, index=[7, 8, 9]
    )
    points = layer(rows)  # type: ignore[operator]
    assert points.index.tolist() == [7]
    assert points["name"].tolist() == ["甲"]
    assert (points.geometry.x.iloc[0], points.geometry.y.iloc[0]) == (118.7, 30.9)
    assert points.crs.to_epsg() == 4490


def test_no_rows_make_no_points() -> None:
    assert compound_points(pd.DataFrame({"lon": [], "lat": []})).empty


@pytest.mark.parametrize(
    ("level", "parent", "count"),
    [
        ("city", None, 1),
        ("county", None, 8),
        ("county", "3418", 8),
        ("county", "341802", 1),
        ("street", None, 101),
        ("street", "341871", 3),
        ("street", "341802", 24),
        ("street", "341802001", 1),
        ("county", "341802001", 0),
        ("community", None, 0),
    ],
)
def test_a_level_is_drawn_whole_or_within_one_area(
    level: str, parent: str | None, count: int, city_areas: pd.DataFrame, drawn: gpd.GeoDataFrame
) -> None:
    found = area_polygons(city_areas, drawn, level, parent)
    assert len(found) == count
    assert found["code"].is_monotonic_increasing
    assert (found["level"] == level).all()


def test_values_are_joined_by_code_and_missing_ones_stay_missing(
    city_areas: pd.DataFrame, drawn: gpd.GeoDataFrame
) -> None:
    values = pd.DataFrame({"code": ["341802", "341823", "404"], "name": "不用", "share": [0.5, 0.25, 1.0]})
    found = area_polygons(city_areas, drawn, "county", values=values).set_index("code")
    assert isinstance(found, gpd.GeoDataFrame)
    assert len(found) == 8
    assert found["share"].dropna().to_dict() == {"341802": 0.5, "341823": 0.25}
    assert found.loc["341802", "name"] == "宣州区"


def test_two_values_for_one_area_are_an_error(city_areas: pd.DataFrame, drawn: gpd.GeoDataFrame) -> None:
    values = pd.DataFrame({"code": ["341802", "341802"], "share": [0.5, 0.6]})
    with pytest.raises(MergeError):
        area_polygons(city_areas, drawn, "county", values=values)


def test_an_unknown_parent_is_refused_with_the_nearest_code(city_areas: pd.DataFrame, drawn: gpd.GeoDataFrame) -> None:
    with pytest.raises(UnknownKeyError, match="34180"):
        area_polygons(city_areas, drawn, "street", "341808")


def scattered(
    centres: dict[str, tuple[float, float]], each: int = 40, spread: float = 0.008, seed: int = 1
) -> gpd.GeoDataFrame:
    """Compounds around a centre for each area code."""
    random = np.random.default_rng(seed)
    rows = [
        (code, lon + dx, lat + dy)
        for code, (lon, lat) in centres.items()
        for dx, dy in random.normal(0, spread, (each, 2))
    ]
    return compound_points(pd.DataFrame(rows, columns=["area_code", "lon", "lat"]))


def test_each_county_gets_a_box_around_its_town_and_a_stray_compound_does_not_move_it(
    city_areas: pd.DataFrame,
) -> None:
    points = scattered({"341823": (118.41, 30.69), "341881001": (118.98, 30.63)})
    stray = compound_points(pd.DataFrame({"area_code": ["341823"], "lon": [118.0], "lat": [30.5]}))
    boxes = seat_extents(points, city_areas)
    with_stray = seat_extents(gpd.GeoDataFrame(pd.concat([points, stray]), crs=4490), city_areas)
    assert set(boxes["codes"]) == {("341823",), ("341881",)}
    pd.testing.assert_frame_equal(boxes, with_stray, atol=1e-6, rtol=0)
    town = boxes.set_index("name").loc["泾县"]
    assert town["west"] < 118.41 < town["east"]
    assert town["south"] < 30.69 < town["north"]
    assert town["compounds"] >= 32


def test_counties_that_share_a_town_share_a_box(city_areas: pd.DataFrame) -> None:
    district = scattered({"341802001": (118.75, 30.95), "341823": (118.41, 30.69)})
    zone = scattered({"341871002": (118.752, 30.951)}, each=20)
    boxes = seat_extents(gpd.GeoDataFrame(pd.concat([district, zone]), crs=4490), city_areas)
    assert boxes["codes"].tolist() == [("341802", "341871"), ("341823",)]
    assert boxes["name"].tolist() == ["宣州区、宣城市经济开发区", "泾县"]


@pytest.mark.parametrize("aspect", [1.0, 4 / 3, 2.5])
def test_a_box_keeps_its_aspect_on_the_ground_and_its_smallest_width(aspect: float, city_areas: pd.DataFrame) -> None:
    points = scattered({"341823": (118.41, 30.69)}, each=3, spread=1e-4)
    box = seat_extents(points, city_areas, aspect=aspect, min_width_m=4000).iloc[0]
    middle = (box["south"] + box["north"]) / 2
    width = float(distances_m(box["west"], middle, box["east"], middle))
    height = float(distances_m(box["west"], box["south"], box["west"], box["north"]))
    assert width == pytest.approx(4000, rel=0.03)
    assert width / height == pytest.approx(aspect, rel=0.06)


def test_compounds_without_a_county_have_no_box(city_areas: pd.DataFrame) -> None:
    assert seat_extents(scattered({"3418": (118.7, 30.9), "404": (118.4, 30.7)}), city_areas).empty
    assert seat_extents(compound_points(pd.DataFrame({"area_code": [], "lon": [], "lat": []})), city_areas).empty


def test_the_largest_cluster_is_the_one_with_most_points() -> None:
    town = np.array([[0.0, 0.0], [1000.0, 0.0], [2000.0, 500.0]])
    village = np.array([[90_000.0, 0.0], [90_500.0, 0.0]])
    found = largest_cluster(np.vstack([village, town]), 600.0)
    assert sorted(map(tuple, found)) == sorted(map(tuple, town))
    assert largest_cluster(village[:1], 600.0).tolist() == village[:1].tolist()


def test_of_two_equal_clusters_the_south_western_one_is_taken() -> None:
    far, near = np.array([[50_000.0, 0.0]]), np.array([[0.0, 0.0]])
    assert largest_cluster(np.vstack([far, near]), 500.0).tolist() == near.tolist()


@given(
    st.lists(st.tuples(st.floats(0, 50_000), st.floats(0, 50_000)), min_size=1, max_size=40),
    st.floats(0.5, 3.0),
)
@settings(deadline=None)
def test_a_box_holds_nine_tenths_of_its_points_at_the_asked_aspect(
    points: list[tuple[float, float]], aspect: float
) -> None:
    town = np.array(points)
    west, south, east, north = fitted_box(town, aspect=aspect, min_width_m=3000, padding=0.1)
    assert (east - west) / (north - south) == pytest.approx(aspect)
    assert east - west >= 3000 - 1e-6
    for low, high, values in ((west, east, town[:, 0]), (south, north, town[:, 1])):
        inside = (values >= low - 1e-6) & (values <= high + 1e-6)
        # Quantiles interpolate: at each end one point in twenty, rounded up, may fall out.
        assert (~inside).sum() <= 2 * np.ceil(0.05 * len(values))


def test_merging_stops_when_no_two_boxes_share_enough() -> None:
    def box(town: np.ndarray) -> np.ndarray:
        return np.concatenate([town.min(axis=0), town.max(axis=0)])

    square = np.array([[0.0, 0.0], [10.0, 10.0]])
    towns: Towns = {("a",): square, ("b",): square + 2, ("c",): square + 4, ("d",): square + 100}
    merged = merge_shared(towns, box, 0.5)
    assert set(merged) == {("a", "b", "c"), ("d",)}
    assert len(merged["a", "b", "c"]) == 6
    assert set(merge_shared(towns, box, 0.99)) == set(towns)
