"""Maps, tiles, state bars, matrices: their classes, their layout, and that they plot what they were given."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.figures.choropleth import PointState, choropleth, readable_names, unreported_codes
from dashboard.figures.classes import classes_of
from dashboard.figures.crowding import keep_apart
from dashboard.figures.ground import Ground, PlaceName, Town
from dashboard.figures.heat import Column, heat
from dashboard.figures.state_bars import States, state_bars
from dashboard.figures.town_maps import town_maps
from dashboard.figures.unit_chart import planned, unit_chart
from dashboard.theme import Ink, foreign_colours
from dashboard.wording import Words
from data.catalogue import INDICATORS

INK, WORDS = Ink("light"), Words("zh")
BINOMIAL, STATE = INDICATORS["satisfaction"], INDICATORS["branch_coverage"]


def figures(values: list[float | None], **more: list[Any]) -> pd.DataFrame:
    count = len(values)
    frame = pd.DataFrame({"group": [f"A{i}" for i in range(count)], "label": [f"甲{i}街道" for i in range(count)]})
    frame["value"] = pd.Series(values, dtype=float)
    blank: dict[str, Any] = {
        "numerator": math.nan, "denominator": math.nan, "reported": math.nan, "expected": math.nan, "low": math.nan,
        "high": math.nan, "suppressed": False,
    }  # fmt: skip
    return frame.assign(**{**blank, **more})


GROUND = Ground(
    level="street", parent=None, url="/geo/x/street.json", codes=("A0", "A1", "A2"), bounds=(118.0, 30.0, 119.0, 31.0),
    names=(PlaceName("A0", "甲街道", 118.2, 30.5), PlaceName("A1", "乙街道", 118.21, 30.5)),
    hatch=([118.1, 118.2, None], [30.1, 30.2, None]), is_schematic=True,
)  # fmt: skip


@given(st.lists(st.floats(0, 100), min_size=1, max_size=40), st.sampled_from([None, 60.0]), st.sampled_from([-1, 1]))
def test_every_value_has_one_class_and_the_target_is_a_limit(
    values: list[float], target: float | None, direction: Any
) -> None:
    steps = classes_of(values, INK, target=target, direction=direction)
    assert steps is not None
    assert len(steps.colours) == len(steps.limits) + 1 == len(steps.labels("%", WORDS, decimals=1))
    assert list(steps.limits) == sorted(steps.limits)
    assert all(steps.colour(value) in steps.colours for value in values)
    scale = [stop for stop, _ in steps.colorscale()]
    assert scale[0] == 0
    assert scale[-1] == 1
    assert scale == sorted(scale)
    if target is not None:
        assert target in steps.limits


def test_a_value_on_the_target_is_on_its_good_side() -> None:
    up, down = (classes_of([40.0, 60.0, 80.0], INK, target=60.0, direction=d) for d in (1, -1))  # type: ignore[arg-type]
    assert up is not None
    assert down is not None
    assert up.colour(60.0) in INK.diverging[3:]
    assert up.colour(59.9) in INK.diverging[:3]
    assert down.colour(80.0) in INK.diverging[:3]


def test_nothing_known_has_no_classes() -> None:
    assert classes_of([None, math.nan], INK) is None


def test_labels_that_touch_are_dropped_in_order_of_importance() -> None:
    boxes = [(0.0, 0.0, 10.0, 4.0), (5.0, 1.0, 10.0, 4.0), (30.0, 0.0, 10.0, 4.0)]
    assert keep_apart(boxes) == [True, False, True]
    assert [name.code for name in readable_names(GROUND.names, GROUND.bounds, 12)] == ["A0"]


def test_the_map_plots_unrounded_values_and_leaves_silence_unfilled() -> None:
    areas = figures([61.23456, None, 88.0], expected=[3, 2, 1], reported=[3, 0, 1])
    points = pd.DataFrame({"id": ["C1"], "lon": [118.5], "lat": [30.5], "text": ["小区"]})
    figure = choropleth(
        areas=areas, indicator=BINOMIAL, ground=GROUND, ink=INK, words=WORDS,
        points=[PointState("红", INK.alert, "diamond", points)],
    )  # fmt: skip
    filled = [t for t in figure["data"] if t.get("meta", {}).get("indicator")]
    # One trace a class, the best first, so that a click in the legend takes it off the map.
    assert [t["z"] for t in filled] == [[88.0], [61.23456]]
    assert [t["meta"]["groups"] for t in filled] == [["A2"], ["A0"]]
    assert all(t["meta"]["click"] == "area" and t["geojson"] == GROUND.url and t["showlegend"] for t in filled)
    assert figure["layout"]["legend"]["itemclick"] == "toggle"
    assert any(t["type"] == "scattergeo" and t["mode"] == "lines" for t in figure["data"])
    assert figure["layout"]["geo"]["fitbounds"] is False
    assert not foreign_colours(figure, "light")


@pytest.mark.parametrize("is_below", [True, False])
def test_areas_and_compounds_each_stand_under_their_own_name_in_the_legend(is_below: bool) -> None:
    points = pd.DataFrame({"id": ["C1"], "lon": [118.5], "lat": [30.5], "text": ["小区"]})
    figure = choropleth(
        areas=figures([61.0, None, 88.0], expected=[3, 2, 1], reported=[3, 0, 1]), indicator=BINOMIAL, ground=GROUND,
        ink=INK, words=WORDS, points=[PointState("未上报", INK.muted, "circle-open", points)], is_legend_below=is_below,
    )  # fmt: skip
    titles: dict[str, set[str]] = {}
    for trace in figure["data"]:
        if trace.get("name") and trace.get("showlegend") is not False:
            own = figure["layout"][trace.get("legend", "legend")].get("title", {}).get("text")
            group = trace["legendgroup"]
            titles.setdefault(group, set()).add(own or trace.get("legendgrouptitle", {}).get("text", ""))
    assert {group: max(found) for group, found in titles.items()} == {"classes": "区域", "points": "小区"}
    assert ("legend2" in figure["layout"]) == is_below
    # Plotly prints the second name of one column only where its groups are kept apart.
    assert is_below or figure["layout"]["legend"]["traceorder"] == "grouped"


def test_only_areas_that_owe_a_report_are_hatched() -> None:
    areas = figures([None, None, 5.0], expected=[4, 0, 1])
    assert unreported_codes(areas) == ["A0"]


def test_towns_name_each_state_once() -> None:
    points = pd.DataFrame({"id": ["1", "2"], "lon": [118.1, 118.9], "lat": [30.1, 30.9], "text": ["", ""]})
    towns = [
        Town("东城", ("1",), (118.0, 30.0, 118.2, 30.2), ("A0",), 1),
        Town("西城", ("2",), (118.8, 30.8, 119.0, 31.0), ("A1",), 1),
    ]
    states = [PointState("有", INK.accent, "circle", points)]
    figure = town_maps(towns=towns, points={"东城": states, "西城": states}, ground=GROUND, ink=INK)
    named = [t for t in figure["data"] if t.get("name") == "有"]
    assert [t["showlegend"] for t in named] == [True, False]
    assert [t["meta"]["groups"] for t in named] == [["1"], ["2"]]


@pytest.mark.parametrize(
    ("have", "caught", "reported", "expected", "shown"),
    [(3, 2, 8, 10, (3, 2, 3, 2)), (0, 0, 0, 4, (0, 0, 0, 4)), (5, 0, 5, 5, (5, 0, 0, 0))],
)
def test_the_four_states_add_up_to_all_units(
    have: int, caught: int, reported: int, expected: int, shown: tuple[int, ...]
) -> None:
    own = figures([10.0], numerator=[have], denominator=[reported], reported=[reported], expected=[expected])
    fallback = figures([10.0], numerator=[caught], denominator=[reported])
    states = States(indicator=STATE, figures=own, fallback=INDICATORS["branch_fallback"], fallback_figures=fallback)
    row = states.counts().iloc[0]
    assert tuple(row[["present", "fallback", "absent", "unreported"]]) == shown
    figure = state_bars(states=[states], by="street", ink=INK, words=WORDS)
    assert [t["x"] for t in figure["data"] if t["meta"].get("indicator") == STATE.key] == [[float(have)]]
    patterns = {t["name"]: t["marker"].get("pattern", {}).get("shape", "") for t in figure["data"]}
    assert len(set(patterns.values()) - {""}) == 2


@given(st.dictionaries(st.text("abc", min_size=1), st.integers(1, 90), min_size=1, max_size=30))
def test_tiles_never_share_a_place(counts: dict[str, int]) -> None:
    plan = planned(counts, (1100, 460), 90)
    assert sum(block.lines for block in plan.blocks) == sum(-(-n // plan.per_line) for n in counts.values())
    taken = [(block.column, block.line + k) for block in plan.blocks for k in range(block.lines)]
    assert len(taken) == len(set(taken))
    assert max(line for _, line in taken) < plan.lines


def test_each_compound_is_one_tile_that_opens_its_file() -> None:
    states = ["present", "fallback", "absent", "unreported", "present"]
    units = pd.DataFrame(
        {"id": [f"C{i}" for i in range(5)], "label": "某小区", "group": ["1", "1", "1", "2", "2"], "group_label": "甲街道",
         "state": states, "numerator": [1.0, 0.0, 0.0, math.nan, 1.0], "text": ""}
    )  # fmt: skip
    figure = unit_chart(units=units, indicator=STATE, ink=INK, words=WORDS)
    tiles = [t for t in figure["data"] if t["type"] == "bar"]
    drawn = {g: v for t in tiles for g, v in zip(t["meta"]["groups"], t["customdata"], strict=True)}
    assert drawn == {"C0": 1.0, "C1": 0.0, "C2": 0.0, "C3": None, "C4": 1.0}
    assert {t["meta"]["click"] for t in tiles} == {"profile"}


def test_a_matrix_tells_silence_from_a_count_too_small_to_show() -> None:
    frame = figures([12.0, None, None], suppressed=[False, True, False])
    figure = heat(
        columns=[Column(indicator=INDICATORS["conduct_triggered"], figures=frame)], by="street", ink=INK, words=WORDS
    )
    known, small, silent = figure["data"]
    assert known["customdata"] == [12.0]
    assert small["text"] == ["<5"]
    assert "pattern" not in small["marker"]
    assert silent["marker"]["pattern"]["shape"] == "/"
