"""The bytes the browser gets."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from data.errors import UnknownKeyError
from geo.browser import BrowserLayer, BrowserLayers, browser_layer, rounded, simplified


@pytest.fixture(scope="module")
def layers(city_areas: pd.DataFrame, published: gpd.GeoDataFrame) -> BrowserLayers:
    return BrowserLayers(city_areas, published)


def rings(layer: BrowserLayer) -> list[list[list[list[float]]]]:
    """Polygons of a layer, each a list of rings."""
    found: list[Any] = []
    for feature in json.loads(layer.content)["features"]:
        geometry = feature["geometry"]
        found += geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return found


def layer_of(*shapes: Any) -> BrowserLayer:
    codes = [f"{i:03}" for i in range(len(shapes))]
    return browser_layer(gpd.GeoDataFrame({"code": codes, "name": codes}, geometry=list(shapes), crs=4490))


@pytest.mark.parametrize(
    ("level", "parent", "count"),
    [("city", None, 1), ("county", None, 8), ("street", None, 101), ("street", "341871", 3), ("community", None, 0)],
)
def test_a_layer_holds_the_areas_of_its_level_with_code_name_and_id(
    level: str, parent: str | None, count: int, layers: BrowserLayers, city_areas: pd.DataFrame
) -> None:
    layer = layers.layer(level, parent)
    document = json.loads(layer.content)
    assert document["type"] == "FeatureCollection"
    assert layer.features == len(document["features"]) == count
    names = city_areas.set_index("code")["name"]
    for feature in document["features"]:
        code = feature["id"]
        assert feature["properties"] == {"code": code, "name": names[code]}
    assert [f["id"] for f in document["features"]] == sorted(f["id"] for f in document["features"])
    assert (layer.bounds is None) == (count == 0)


@pytest.mark.parametrize("level", ["city", "county", "street"])
def test_exteriors_run_clockwise_and_holes_the_other_way(level: str, layers: BrowserLayers) -> None:
    for exterior, *holes in rings(layers.layer(level)):
        assert not shapely.is_ccw(shapely.LinearRing(exterior))
        assert all(shapely.is_ccw(shapely.LinearRing(hole)) for hole in holes)


@given(st.booleans(), st.booleans())
def test_winding_does_not_depend_on_how_the_file_wound_its_rings(flip: bool, flip_hole: bool) -> None:
    outer = shapely.box(118, 30, 119, 31, ccw=flip).exterior
    inner = shapely.box(118.4, 30.4, 118.6, 30.6, ccw=flip_hole).exterior
    ((exterior, hole),) = rings(layer_of(shapely.Polygon(outer, [inner])))
    assert not shapely.is_ccw(shapely.LinearRing(exterior))
    assert shapely.is_ccw(shapely.LinearRing(hole))


def test_coordinates_have_at_most_five_decimals(layers: BrowserLayers) -> None:
    numbers = np.concatenate([np.ravel(ring) for polygon in rings(layers.layer("street")) for ring in polygon])
    assert np.array_equal(numbers, np.round(numbers, 5))


@pytest.mark.parametrize("level", ["county", "street"])
def test_neighbours_in_the_demo_still_share_their_borders_exactly(level: str, layers: BrowserLayers) -> None:
    layer = layers.layer(level)
    assert layer.method == "cleaned"
    shapes = np.array([shapely.geometry.shape(f["geometry"]) for f in json.loads(layer.content)["features"]])
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)
    outline = shapely.union_all(shapes)
    assert shapely.area(shapes).sum() == pytest.approx(outline.area, rel=1e-9)


def test_simplifying_moves_little_land(layers: BrowserLayers, drawn: gpd.GeoDataFrame) -> None:
    shown = {
        f["id"]: shapely.geometry.shape(f["geometry"]) for f in json.loads(layers.layer("county").content)["features"]
    }
    for code, exact in drawn[drawn["level"] == "county"].set_index("code").geometry.items():
        assert shown[str(code)].symmetric_difference(exact).area / exact.area < 0.005


def test_the_same_shapes_give_the_same_bytes_in_whatever_order_they_come(
    layers: BrowserLayers, city_areas: pd.DataFrame, published: gpd.GeoDataFrame
) -> None:
    again = BrowserLayers(city_areas.sample(frac=1, random_state=3), published.sample(frac=1, random_state=4))
    for level in ("city", "county", "street"):
        assert again.layer(level) == layers.layer(level)


def test_the_fingerprint_is_the_start_of_the_contents_sha256(layers: BrowserLayers) -> None:
    layer = layers.layer("county")
    assert layer.fingerprint == hashlib.sha256(layer.content).hexdigest()[:16]
    assert layer.fingerprint != layers.layer("street").fingerprint


def test_a_layer_is_made_once(layers: BrowserLayers) -> None:
    assert layers.layer("county") is layers.layer("county")


def test_an_unknown_parent_is_refused(layers: BrowserLayers) -> None:
    with pytest.raises(UnknownKeyError):
        layers.layer("street", "no such")


def wavy_neighbours(gap: float) -> np.ndarray:
    """Two polygons along a border of 2 000 points; `gap` degrees between them, overlapping where negative."""
    y = np.linspace(30.0, 31.0, 2000)
    border = np.column_stack([118.5 + 0.01 * np.sin(y * 40) + 1e-4 * np.sin(y * 4000), y])
    left = shapely.Polygon([*border, (118.0, 31.0), (118.0, 30.0)])
    right = shapely.Polygon([*(border + np.array([gap, 0.0])), (119.0, 31.0), (119.0, 30.0)])
    return np.array([left, right])


@pytest.mark.parametrize(
    ("gap", "method"), [(0.0, "coverage"), (3e-6, "cleaned"), (-3e-6, "cleaned"), (-0.2, "separate")]
)
def test_borders_are_simplified_together_where_they_can_be(gap: float, method: str) -> None:
    shapes = wavy_neighbours(gap)
    found, how = simplified(shapes, 0.001)
    assert how == method
    assert shapely.get_num_coordinates(found).sum() < 0.2 * shapely.get_num_coordinates(shapes).sum()
    assert shapely.is_valid(found).all()
    if method != "separate":
        assert shapely.coverage_is_valid(found)
        common = shapely.intersection(found[0], found[1])
        assert shapely.length(common) > 1.0


def test_nothing_to_simplify_stays_nothing() -> None:
    found, how = simplified(np.array([], dtype=object), 0.001)
    assert len(found) == 0
    assert how == "coverage"


def test_an_area_smaller_than_the_rounding_is_kept() -> None:
    speck = shapely.box(118.0, 30.0, 118.000002, 30.000002)
    ((ring,),) = rings(layer_of(speck))
    assert shapely.Polygon(ring).area > 0


def test_holes_and_islands_that_collapse_are_dropped() -> None:
    land = shapely.box(118, 30, 119, 31)
    pinhole = shapely.Polygon(land.exterior, [shapely.box(118.5, 30.5, 118.500001, 30.500001).exterior])
    rock = shapely.box(120, 30, 120.000001, 30.000001)
    assert rounded(shapely.MultiPolygon([pinhole, rock])).equals(land)


@given(
    st.lists(st.tuples(st.floats(118, 119), st.floats(30, 31)), min_size=3, max_size=12),
    st.integers(0, 6),
)
def test_rounding_moves_no_point_by_more_than_half_a_unit(points: list[tuple[float, float]], decimals: int) -> None:
    hull = shapely.MultiPoint(points).convex_hull
    if hull.geom_type != "Polygon":
        return
    moved = rounded(hull, decimals)
    assert moved.equals(hull) or shapely.hausdorff_distance(moved, hull) <= 0.71 * 10.0**-decimals + 1e-12
