"""Bar tables, bubbles, histograms, waterfalls, contributions and slopes: what they plot is what they were given."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from dashboard.figures.bar_table import BarColumn, bar_table, column_of
from dashboard.figures.contributions import Part, contribution_bars
from dashboard.figures.histogram import Panel, histogram
from dashboard.figures.scatter import Axis, Series, scatter
from dashboard.figures.slopes import slopes
from dashboard.figures.waterfall import Step, waterfall
from dashboard.theme import Ink, foreign_colours

ROWS = [("S1", "云岭街道"), ("S2", "石桥镇"), ("S3", "白塔乡")]


def bars() -> dict[str, Any]:
    frame = pd.DataFrame(
        {
            "group": ["S1", "S2", "S3"],
            "value": [81.25, 60.0, None],
            "low": [78.0, None, None],
            "high": [84.0, None, None],
        }
    )
    share = column_of(frame, title="收缴率", text=lambda v: f"{v:.1f}%", indicator="fee_collection_rate", by="street",
                      total=75.0, top=100.0)  # fmt: skip
    count = BarColumn(title="家数", values={"S1": 4.0}, text=lambda v: f"{v:.0f}")
    return bar_table(rows=ROWS, columns=[share, count], ink=Ink(), missing="未上报", click="area")


def test_bars_plot_unrounded_values_with_their_groups() -> None:
    first = bars()["data"][0]
    assert first["x"] == [81.25, 60.0]
    assert first["meta"] == {
        "groups": ["S1", "S2"], "field": "value", "axis": "x", "by": "street", "indicator": "fee_collection_rate",
        "click": "area",
    }  # fmt: skip


def test_a_missing_value_is_hatched_and_named_in_its_row() -> None:
    hatched = [t for t in bars()["data"] if "pattern" in t["marker"]]
    assert [t["y"] for t in hatched] == [[2], [1, 2]]
    assert set(hatched[1]["text"]) == {"未上报"}


def test_an_interval_is_drawn_from_low_to_high() -> None:
    error = bars()["data"][0]["error_x"]
    assert (error["array"][0], error["arrayminus"][0]) == (84.0 - 81.25, 81.25 - 78.0)
    assert (error["array"][1], error["arrayminus"][1]) == (0.0, 0.0)


def bubbles() -> dict[str, Any]:
    frame = pd.DataFrame(
        {
            "group": ["E1", "E2", "E3"], "label": ["甲", "乙", "丙"], "x": [80.0, 60.0, None], "y": [70.0, 50.0, 90.0],
            "size": [4, 1, 2], "state": ["has", "none", "has"], "hover": ["a", "b", "c"],
        }
    )  # fmt: skip
    ink = Ink()
    return scatter(
        frame=frame,
        x=Axis(title="收缴率", indicator="fee_collection_rate"),
        y=Axis(title="满意率", indicator="satisfaction", line=60, line_name="60%"),
        series=[Series(state="has", name="有", colour=ink.accent, symbol="diamond"), Series(state="none", name="无", colour=ink.edge)],
        ink=ink, by="company", click="company", chosen="E1",
    )  # fmt: skip


def test_bubbles_carry_both_indicators_and_leave_out_what_has_no_place() -> None:
    has, none = bubbles()["data"]
    assert has["meta"]["groups"] == ["E1"]
    assert (has["meta"]["indicator"], has["meta"]["axis"]) == ("fee_collection_rate", "x")
    assert has["meta"]["also"] == [{"indicator": "satisfaction", "axis": "y", "field": "value", "by": "company"}]
    assert none["x"] == [60.0]


def test_area_of_a_bubble_is_proportional_to_its_size() -> None:
    has, none = bubbles()["data"]
    assert (has["marker"]["size"][0] / none["marker"]["size"][0]) ** 2 == pytest.approx(4)


def fall() -> dict[str, Any]:
    return waterfall(
        steps=[
            Step(name="年初", amount=100.0, kind="balance", text="100", hover="", indicator="arrears_open_yuan", by="month", group="2026-01"),
            Step(name="新增", amount=30.0, kind="change", text="+30", hover="", is_good=False),
            Step(name="清缴", amount=-50.0, kind="change", text="−50", hover="", is_good=True),
            Step(name="年末", amount=80.0, kind="balance", text="80", hover=""),
        ],
        ink=Ink(),
    )  # fmt: skip


def test_changes_stand_on_the_level_before_them() -> None:
    data = fall()["data"]
    assert [(t["base"][0], t["y"][0]) for t in data] == [(0.0, 100.0), (100.0, 30.0), (80.0, 50.0), (0.0, 80.0)]
    assert data[0]["meta"]["indicator"] == "arrears_open_yuan"
    assert "indicator" not in data[1]["meta"]


def parts() -> dict[str, Any]:
    return contribution_bars(
        parts=[
            Part(name="党建引领", full=20, points=12.5, text="12.5/20", hover="", is_head=True),
            Part(name="六有", full=2, points=None, text="未上报", hover=""),
        ],
        ink=Ink(),
    )


def test_contributions_fill_their_tracks_and_the_unreported_is_hatched() -> None:
    track, filled, hatched = parts()["data"]
    assert (track["x"], filled["x"], hatched["x"]) == ([20], [12.5], [2])


def slope() -> dict[str, Any]:
    frame = pd.DataFrame(
        {
            "group": ["C1", "C2"], "label": ["甲", "乙"], "left": [1.0, 5.0], "right": [9.0, 2.0],
            "left_text": ["1–3", "4–9"], "right_text": ["7–12", "1–4"], "hover": ["", ""],
            "is_better": [False, True], "is_worse": [True, False],
        }
    )  # fmt: skip
    return slopes(frame=frame, left="A", right="B", ink=Ink())


def test_slopes_cross_where_the_order_turns_and_worse_is_dashed() -> None:
    first, second = slope()["data"]
    assert (first["y"], second["y"]) == ([0, 1], [1, 0])
    assert (first["line"]["dash"], second["line"]["dash"]) == ("dash", "solid")


def classes() -> dict[str, Any]:
    return histogram(
        panels=[Panel(title="个", classes=["1", "2–3"], counts=[5, 2], hover=["", ""], colours={0: Ink().alert})],
        ink=Ink(),
    )


def test_histogram_plots_counts_by_class() -> None:
    assert classes()["data"][0]["y"] == [5, 2]


def test_a_bad_class_has_the_colour_of_its_state_and_the_others_one_that_does_not_judge() -> None:
    assert classes()["data"][0]["marker"]["color"] == [Ink().alert, Ink().series[0]]


@pytest.mark.parametrize("draw", [bars, bubbles, fall, parts, slope, classes])
def test_only_tokens_of_the_theme_are_used(draw: Any) -> None:
    assert foreign_colours(draw(), "light") == set()
