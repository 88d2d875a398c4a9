"""Which polygon stands for which area."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from data.errors import UsageError
from geo.drawing import city_outline, union_shapes, without_slivers
from geo.metres import areas_km2


def areas_of(**levels: dict[str, str | None]) -> pd.DataFrame:
    """Areas from level → {code: parent}."""
    rows = [(c, f"名{c}", level, parent) for level, codes in levels.items() for c, parent in codes.items()]
    return pd.DataFrame(rows, columns=["code", "name", "level", "parent_code"])


def shapes_of(**boxes: tuple[float, float, float, float]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame({"code": list(boxes)}, geometry=[shapely.box(*b) for b in boxes.values()], crs=4490)


def area_of(frame: gpd.GeoDataFrame, code: str) -> float:
    return float(frame.set_index("code").geometry[code].area)


# A city of two districts side by side; the zone Z has no polygon and administers a street inside district A.
CITY = areas_of(
    city={"C": None},
    county={"A": "C", "B": "C", "Z": "C"},
    street={"A1": "A", "A2": "A", "Z1": "Z", "B1": "B"},
)
DISTRICTS = {"A": (118.0, 30.0, 118.4, 30.2), "B": (118.4, 30.0, 118.6, 30.2)}
STREETS = {
    "A1": (118.0, 30.0, 118.1, 30.2),
    "A2": (118.1, 30.0, 118.3, 30.2),
    "Z1": (118.3, 30.0, 118.4, 30.2),
}  # fmt: skip


def test_an_area_without_a_polygon_gets_the_union_of_its_children() -> None:
    drawn = union_shapes(CITY, shapes_of(**DISTRICTS, **STREETS)).set_index("code")
    assert drawn.geometry["Z"].equals(shapely.box(*STREETS["Z1"]))
    assert drawn.origin["Z"] == "children"
    assert "B1" not in drawn.index


def test_a_district_does_not_cover_a_street_that_belongs_elsewhere_by_code() -> None:
    drawn = union_shapes(CITY, shapes_of(**DISTRICTS, **STREETS)).set_index("code")
    assert drawn.geometry["A"].equals(shapely.box(118.0, 30.0, 118.3, 30.2))
    assert drawn.origin["A"] == "children"
    assert drawn.origin["B"] == "own"


def test_the_same_holds_when_one_of_its_own_streets_has_no_polygon() -> None:
    streets = {code: box for code, box in STREETS.items() if code != "A2"}
    drawn = union_shapes(CITY, shapes_of(**DISTRICTS, **streets)).set_index("code")
    assert drawn.geometry["A"].equals(shapely.box(118.0, 30.0, 118.3, 30.2))
    assert drawn.origin["A"] == "corrected"


def test_a_child_outside_its_parents_polygon_is_added_to_it() -> None:
    areas = areas_of(city={"C": None}, county={"A": "C"}, street={"A1": "A", "A2": "A", "A3": "A"})
    shapes = shapes_of(A=(118.0, 30.0, 118.2, 30.2), A1=(118.2, 30.0, 118.3, 30.2), A2=(118.0, 30.0, 118.1, 30.2))
    drawn = union_shapes(areas, shapes).set_index("code")
    assert drawn.geometry["A"].equals(shapely.box(118.0, 30.0, 118.3, 30.2))


def test_an_enclave_with_its_own_polygon_is_cut_out_of_the_larger_sibling() -> None:
    areas = areas_of(city={"C": None}, county={"A": "C", "Z": "C"})
    drawn = union_shapes(areas, shapes_of(A=(118.0, 30.0, 118.4, 30.4), Z=(118.1, 30.1, 118.2, 30.2)))
    assert area_of(drawn, "A") == pytest.approx(0.16 - 0.01)
    assert area_of(drawn, "C") == pytest.approx(0.16)


def test_children_that_fill_only_a_part_do_not_replace_their_parent() -> None:
    areas = areas_of(city={"C": None}, county={"A": "C"}, street={"A1": "A"})
    drawn = union_shapes(areas, shapes_of(A=(118.0, 30.0, 118.4, 30.4), A1=(118.1, 30.1, 118.2, 30.2)))
    assert area_of(drawn, "A") == pytest.approx(0.16)


def test_published_polygons_are_left_alone_on_request() -> None:
    drawn = union_shapes(CITY, shapes_of(**DISTRICTS, **STREETS), prefer="own").set_index("code")
    assert drawn.geometry["A"].equals(shapely.box(*DISTRICTS["A"]))
    assert drawn.geometry["Z"].equals(shapely.box(*STREETS["Z1"]))


def test_a_city_of_counties_alone_is_their_union() -> None:
    areas = areas_of(city={"C": None}, county={"A": "C", "B": "C"})
    outline = city_outline(areas, shapes_of(**DISTRICTS))
    assert outline is not None
    assert outline.equals(shapely.box(118.0, 30.0, 118.6, 30.2))


def test_without_any_polygon_there_is_nothing_to_draw() -> None:
    drawn = union_shapes(CITY, shapes_of())
    assert drawn.empty
    assert city_outline(CITY, drawn) is None


def test_rows_of_one_code_are_united_and_unknown_codes_left_out() -> None:
    shapes = gpd.GeoDataFrame(
        {"code": ["B", "B", "nobody"]},
        geometry=[shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), shapely.box(9, 9, 10, 10)],
        crs=4490,
    )
    drawn = union_shapes(CITY, shapes)
    assert drawn["code"].tolist() == ["B", "C"]
    assert area_of(drawn, "B") == pytest.approx(2)


def test_what_has_been_drawn_is_not_drawn_again(city_areas: pd.DataFrame, drawn: gpd.GeoDataFrame) -> None:
    assert union_shapes(city_areas, drawn) is drawn


def test_shapes_in_another_system_are_refused() -> None:
    with pytest.raises(UsageError):
        union_shapes(CITY, shapes_of(**DISTRICTS).to_crs(4549))


@given(st.lists(st.integers(1, 5), min_size=2, max_size=6), st.integers(2, 4), st.randoms())
def test_the_area_of_a_union_is_the_sum_of_its_parts(widths: list[int], rows: int, random: object) -> None:
    """Cells of a rectangular coverage, dealt out to three counties at random."""
    edges = np.concatenate([[0], np.cumsum(widths)]) / 100 + 118
    boxes = {
        f"s{i}{j}": (edges[i], 30 + j / 50, edges[i + 1], 30 + (j + 1) / 50)
        for i in range(len(widths))
        for j in range(rows)
    }
    home = {code: random.choice("ABZ") for code in boxes}  # type: ignore[attr-defined]
    areas = areas_of(city={"C": None}, county={"A": "C", "B": "C", "Z": "C"}, street=home)
    drawn = union_shapes(areas, shapes_of(**boxes))
    for county in set(home.values()):
        parts = [area_of(drawn, code) for code, parent in home.items() if parent == county]
        assert area_of(drawn, county) == pytest.approx(sum(parts))
    assert area_of(drawn, "C") == pytest.approx(sum(area_of(drawn, c) for c in boxes))


def test_the_order_of_the_rows_does_not_matter(
    city_areas: pd.DataFrame, published: gpd.GeoDataFrame, drawn: gpd.GeoDataFrame
) -> None:
    shuffled = union_shapes(city_areas.sample(frac=1, random_state=1), published.sample(frac=1, random_state=2))
    assert shuffled["code"].tolist() == drawn["code"].tolist()
    assert shapely.equals_identical(shuffled.geometry.to_numpy(), drawn.geometry.to_numpy()).all()


def test_the_demo_counties_divide_the_city_without_overlap(drawn: gpd.GeoDataFrame) -> None:
    counties = drawn[drawn["level"] == "county"]
    assert len(counties) == 8
    city = drawn[drawn["level"] == "city"]
    # Cells were rounded to six decimals: neighbours agree to a metre, over some 1 600 km of borders.
    assert areas_km2(counties).sum() == pytest.approx(areas_km2(city)[0], abs=0.1)


def test_the_development_zone_of_the_demo_is_the_sum_of_its_three_streets(
    drawn: gpd.GeoDataFrame, cells: gpd.GeoDataFrame
) -> None:
    zone = areas_km2(drawn[drawn["code"] == "341871"])[0]
    assert zone == pytest.approx(areas_km2(cells[cells["code"].str.startswith("341871")]).sum(), abs=0.01)
    origin = drawn.set_index("code")["origin"]
    assert (origin["341871"], origin["341802"], origin["341881"]) == ("children", "children", "corrected")


def test_narrow_parts_and_holes_vanish_and_wide_ones_stay() -> None:
    square = shapely.box(118.0, 30.0, 118.1, 30.1)
    hair = shapely.box(118.2, 30.0, 118.2 + 1e-6, 30.1)
    pinhole = shapely.Polygon(square.exterior, [shapely.box(118.05, 30.05, 118.05 + 1e-6, 30.06).exterior])
    lake = shapely.Polygon(square.exterior, [shapely.box(118.05, 30.05, 118.06, 30.06).exterior])
    assert without_slivers(shapely.union(square, hair)).equals(square)
    assert without_slivers(pinhole).equals(square)
    assert without_slivers(lake).equals(lake)
    assert without_slivers(hair).equals(hair)
