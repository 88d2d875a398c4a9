"""Which area a point or a row lies in."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from data.errors import UsageError
from geo.placing import Placer, place, resolve_area

AREAS = pd.DataFrame(
    [("1", "市", "city", None), ("11", "甲县", "county", "1"), ("12", "乙县", "county", "1"), ("111", "镇", "street", "11")],
    columns=["code", "name", "level", "parent_code"],
)  # fmt: skip
SHAPES = gpd.GeoDataFrame(
    {"code": ["11", "12", "111"]},
    geometry=[shapely.box(118, 30, 119, 31), shapely.box(119, 30, 120, 31), shapely.box(118, 30, 118.2, 30.2)],
    crs=4490,
)  # fmt: skip
NAN = float("nan")


@pytest.fixture(scope="module")
def placer() -> Placer:
    return Placer(AREAS, SHAPES)


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        (118.1, 30.1, "111"),
        (118.5, 30.5, "11"),
        (119.5, 30.5, "12"),
        (119.0, 30.5, "11"),
        (118.2, 30.1, "111"),
        (118.0, 30.0, "111"),
        (120.5, 30.5, None),
        (NAN, 30.5, None),
        (118.1, NAN, None),
    ],
)
def test_a_point_goes_to_the_deepest_area_that_holds_it(
    lon: float, lat: float, code: str | None, placer: Placer
) -> None:
    assert placer.place([lon], [lat]) == [code]


def test_a_point_on_a_border_goes_to_the_same_area_whatever_the_order_of_the_shapes() -> None:
    points = pd.DataFrame({"lon": [119.0], "lat": [30.5]})
    for seed in range(5):
        found = place(points, SHAPES.sample(frac=1, random_state=seed))
        assert found[["code", "rivals", "state"]].values.tolist() == [["11", 1, "placed"]]


def test_of_two_overlapping_areas_of_one_level_the_smaller_wins() -> None:
    shapes = gpd.GeoDataFrame(
        {"code": ["11", "12"]},
        geometry=[shapely.box(118, 30, 119, 31), shapely.box(118.4, 30.4, 118.6, 30.6)],
        crs=4490,
    )
    assert place(pd.DataFrame({"lon": [118.5], "lat": [30.5]}), shapes)["code"].tolist() == ["12"]


def test_points_outside_and_points_missing_are_told_apart_and_the_index_is_kept() -> None:
    points = pd.DataFrame({"lon": [100.0, NAN, 118.5], "lat": [30.0, 30.0, 30.5]}, index=["x", "x", "y"])
    found = place(points, SHAPES)
    assert found.index.tolist() == ["x", "x", "y"]
    assert found["state"].tolist() == ["outside", "no_point", "placed"]
    assert found["code"].tolist() == [None, None, "11"]


def test_points_may_come_as_geometry() -> None:
    points = gpd.GeoDataFrame(geometry=[shapely.Point(118.5, 30.5), None, shapely.Point()], crs=4490)
    assert place(points, SHAPES)["state"].tolist() == ["placed", "no_point", "no_point"]


@pytest.mark.parametrize("points", [pd.DataFrame({"x": [1.0]}), gpd.GeoDataFrame(geometry=[], crs=4549)])
def test_points_without_coordinates_or_in_another_system_are_refused(points: pd.DataFrame) -> None:
    with pytest.raises(UsageError):
        place(points, SHAPES)


def test_no_points_and_no_shapes_give_empty_answers() -> None:
    assert place(pd.DataFrame({"lon": [], "lat": []}), SHAPES).empty
    bare = Placer(AREAS, gpd.GeoDataFrame({"code": []}, geometry=[], crs=4490))
    assert bare.place([118.5], [30.5]) == [None]
    assert bare.contains_city([118.5, NAN], [30.5, 30.5]).tolist() == [True, False]


def test_every_street_seat_of_the_demo_lies_in_the_cell_of_its_own_street(
    seats: gpd.GeoDataFrame, city_areas: pd.DataFrame, published: gpd.GeoDataFrame
) -> None:
    found = Placer(city_areas, published).place(seats.geometry.x, seats.geometry.y)
    assert found == seats["code"].tolist()


def test_in_a_store_with_counties_only_the_demo_seats_go_to_counties(
    seats: gpd.GeoDataFrame, city_areas: pd.DataFrame, counties: gpd.GeoDataFrame
) -> None:
    found = Placer(city_areas, counties[["code", "geometry"]]).place(seats.geometry.x, seats.geometry.y)
    assert found == seats["county"].tolist()
    by_code = seats["code"].str[:6]
    # The polygons put the development zone's three seats elsewhere; with street cells they come home.
    assert (by_code != np.array(found)).sum() == (by_code == "341871").sum() == 3


@given(st.lists(st.tuples(st.floats(117.5, 120.5), st.floats(29.5, 31.5)), min_size=1, max_size=30), st.randoms())
def test_placing_is_the_same_point_by_point_and_in_any_order(points: list[tuple[float, float]], random: object) -> None:
    placer = Placer(AREAS, SHAPES)
    lon, lat = (list(v) for v in zip(*points, strict=True))
    found = placer.place(lon, lat)
    order = list(range(len(points)))
    random.shuffle(order)  # type: ignore[attr-defined]
    assert placer.place([lon[i] for i in order], [lat[i] for i in order]) == [found[i] for i in order]
    assert placer.contains_city(lon, lat).tolist() == [code is not None for code in found]


def test_a_row_is_placed_by_its_code_first_then_by_its_point_and_else_reported() -> None:
    rows = pd.DataFrame(
        {
            "area_code": ["12", None, "", "404", "404", None, None, "111"],
            "lon": [118.1, 118.1, 118.5, 118.1, NAN, 100.0, NAN, NAN],
            "lat": [30.1, 30.1, 30.5, 30.1, NAN, 30.0, 30.0, NAN],
        },
        index=range(10, 18),
    )
    found = resolve_area(rows, AREAS, SHAPES)
    assert found.index.tolist() == rows.index.tolist()
    assert found[["area_code", "how", "point_code", "problem"]].values.tolist() == [
        ["12", "code", "111", ""],
        ["111", "polygon", "111", ""],
        ["11", "polygon", "11", ""],
        ["111", "polygon", "111", "unknown_code"],
        [None, "none", None, "unknown_code"],
        [None, "none", None, "outside"],
        [None, "none", None, "no_place"],
        ["111", "code", None, ""],
    ]


def test_rows_may_lack_any_of_the_columns() -> None:
    assert resolve_area(pd.DataFrame({"area_code": ["11"]}), AREAS, SHAPES)["how"].tolist() == ["code"]
    by_point = pd.DataFrame({"lon": ["118.5"], "lat": ["30.5"]})
    assert resolve_area(by_point, AREAS, SHAPES)["area_code"].tolist() == ["11"]
    assert resolve_area(pd.DataFrame({"area_code": []}), AREAS, SHAPES).empty
