"""Many compounds gathered into few marks: nothing is lost, and a browser has little to draw."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dashboard.figures.choropleth import PointState, point_traces
from dashboard.figures.gathering import CELLS, gathered
from dashboard.theme import Ink
from dashboard.wording import Words

BOUNDS = (118.0, 30.0, 119.0, 31.0)
WORDS = Words("zh")


def states(count: int) -> list[PointState]:
    """`count` compounds in two towns, one in ten of them red."""
    chance = np.random.default_rng(7)
    town = np.where(np.arange(count) % 3 == 0, 0.3, 0.7)
    frame = pd.DataFrame(
        {
            "id": [f"C{i}" for i in range(count)],
            "lon": np.clip(118 + town + chance.normal(0, 0.05, count), 118, 119),
            "lat": np.clip(30 + town + chance.normal(0, 0.05, count), 30, 31),
            "area": np.where(town < 0.5, "A0", "A1"),
        }
    )
    is_red = np.arange(count) % 10 == 0
    return [
        PointState("绿", Ink().good, "circle", frame[~is_red]),
        PointState("红", Ink().alert, "diamond", frame[is_red]),
    ]


@pytest.mark.parametrize("count", [5_000, 50_000])
def test_marks_stay_few_and_count_every_compound_of_each_state(count: int) -> None:
    marks = gathered(states(count), BOUNDS, WORDS)
    assert [int(state.points["n"].sum()) for state in marks] == [count - count // 10, count // 10]
    assert sum(len(state.points) for state in marks) <= 2 * (CELLS + 1) ** 2
    drawn = point_traces(marks, Ink())
    assert sum(len(trace["lon"]) for trace in drawn) < 600
    assert all(len(trace["marker"]["size"]) == len(trace["lon"]) for trace in drawn)


def test_a_mark_leads_to_the_area_most_of_its_compounds_lie_in() -> None:
    green, red = gathered(states(5_000), BOUNDS, WORDS)
    assert (green.click, red.click) == ("area", "area")
    west = green.points[green.points["lon"] < 118.45]
    assert set(west["id"]) == {"A0"}
    assert "此处" in green.points["text"].iloc[0]


def test_fuller_cells_have_larger_marks_by_area() -> None:
    green = gathered(states(50_000), BOUNDS, WORDS)[0].points
    full, half = green.iloc[0], green[green["n"] <= green["n"].iloc[0] / 2].iloc[0]
    assert (full["size"] / half["size"]) ** 2 == pytest.approx(full["n"] / half["n"], rel=0.01)


def test_compounds_outside_the_map_have_no_mark() -> None:
    assert all(state.points.empty for state in gathered(states(200), (100.0, 20.0, 101.0, 21.0), WORDS))
