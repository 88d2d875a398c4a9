"""The hierarchy of areas by code."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.schema.vocabulary import AreaLevel
from geo.areas import ancestry, at_level, children, depth, descendants, hierarchy_problems, levels_present


def areas_of(*rows: tuple[str, str, str | None]) -> pd.DataFrame:
    """Areas from (code, level, parent); the name is the code with 名 before it."""
    return pd.DataFrame(
        [(code, f"名{code}", level, parent) for code, level, parent in rows],
        columns=["code", "name", "level", "parent_code"],
    )


def test_every_area_knows_its_ancestors_at_every_level(city_areas: pd.DataFrame) -> None:
    table = ancestry(city_areas)
    assert list(table.loc["341871001001"]) == ["3418", "341871", "341871001", "341871001001", 3]
    assert list(table.loc["3418"]) == ["3418", None, None, None, 0]
    assert len(table) == len(city_areas)


def test_a_level_may_be_absent_from_the_whole_hierarchy() -> None:
    areas = areas_of(("34", "city", None), ("3401", "county", "34"), ("x-9", "community", "3401"))
    assert list(ancestry(areas).loc["x-9"]) == ["34", "3401", None, "x-9", 2]
    assert levels_present(areas) == [AreaLevel.CITY, AreaLevel.COUNTY, AreaLevel.COMMUNITY]


def test_an_area_whose_parent_is_missing_counts_as_a_top_and_is_reported() -> None:
    areas = areas_of(("1", "city", None), ("9", "street", "404"))
    assert depth(areas).to_dict() == {"1": 0, "9": 0}
    assert [(p.code, p.key) for p in hierarchy_problems(areas)] == [("9", "missing_parent")]


def test_a_circle_is_reported_and_left_out_with_everything_below_it() -> None:
    areas = areas_of(("1", "city", None), ("a", "county", "b"), ("b", "county", "a"), ("c", "street", "a"))
    assert list(ancestry(areas).index) == ["1"]
    assert {p.code for p in hierarchy_problems(areas) if p.key == "cycle"} == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("rows", "key"),
    [
        ([("1", "city", None), ("2", "county", "1"), ("2", "county", "1")], "duplicate_code"),
        ([("1", "city", None), ("2", "village", "1")], "unknown_level"),
        ([("1", "city", None), ("2", "street", "1"), ("3", "county", "2")], "level_order"),
        ([("1", "city", None), ("2", "city", "1")], "level_order"),
        ([("1", "city", "1")], "cycle"),
    ],
)
def test_each_fault_of_a_hierarchy_has_its_own_key(rows: list[tuple[str, str, str | None]], key: str) -> None:
    assert key in {p.key for p in hierarchy_problems(areas_of(*rows))}


def test_the_demo_hierarchy_is_sound(city_areas: pd.DataFrame) -> None:
    assert hierarchy_problems(city_areas) == []


def test_children_and_descendants_are_sorted_codes(city_areas: pd.DataFrame) -> None:
    assert children(city_areas)["341871"] == ["341871001", "341871002", "341871003"]
    below = descendants(city_areas, "341871")
    assert below == sorted(below)
    assert set(below) == {c for c in city_areas["code"] if c.startswith("341871")}
    assert descendants(city_areas, "no such") == ["no such"]


def test_codes_roll_up_to_a_level_and_stay_empty_where_they_cannot(city_areas: pd.DataFrame) -> None:
    codes = ["341871001001", "341871001", "341871", "3418", "404", None, float("nan"), ""]
    assert at_level(codes, city_areas, "street").tolist() == ["341871001"] * 2 + [None] * 6
    assert at_level(codes, city_areas, "county").tolist() == ["341871"] * 3 + [None] * 5
    assert at_level([], city_areas, "county").tolist() == []


@given(st.lists(st.integers(0, 30), min_size=1, max_size=30))
def test_depth_is_one_more_than_the_parents_in_any_tree(links: list[int]) -> None:
    rows = [("0", "city", None)]
    rows += [(str(i), "street", str(link % i)) for i, link in enumerate(links, start=1)]  # type: ignore[misc]
    areas = areas_of(*rows).sample(frac=1, random_state=len(links))
    found = depth(areas).to_dict()
    assert len(found) == len(rows)
    assert all(found[code] == (0 if parent is None else found[parent] + 1) for code, _, parent in rows)
