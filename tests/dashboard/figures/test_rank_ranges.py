"""Rank ranges: one row a compound, from the 5th to the 95th percentile, never a bare rank."""

from __future__ import annotations

import pandas as pd
import pytest

from dashboard.figures.rank_ranges import RangeTexts, rank_ranges
from dashboard.palettes import ThemeName
from dashboard.theme import Ink, foreign_colours

TEXTS = RangeTexts("#{rank}", "{label} {place} {low}-{high} {median} {top} {tier}", "P", {"一档": "A"})


def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "group": ["C1", "C2", "C3"],
            "label": ["甲", "乙" * 30, "丙"],
            "place": ["东街", "西街", "南街"],
            "rank_low": [1.0, 2.0, None],
            "median_rank": [1.5, 7.0, None],
            "rank_high": [4.0, 30.0, None],
            "probability_top": [0.9, 0.3, None],
            "tier": ["一档", "二档", "不参评"],
        }
    )


def test_bars_run_from_low_to_high_and_dots_stand_at_the_median() -> None:
    bars, dots = rank_ranges(frame=frame(), ink=Ink(), texts=TEXTS)["data"]
    assert bars["base"] == [1.0, 2.0]
    assert [b + x for b, x in zip(bars["base"], bars["x"], strict=True)] == [4.0, 30.0]
    assert dots["x"] == [1.5, 7.0]
    assert dots["marker"]["symbol"] == ["diamond", "circle"]


@pytest.mark.parametrize("theme", ["light", "dark", "wall"])
def test_the_best_have_the_colour_of_good_and_nobody_that_of_an_alert(theme: ThemeName) -> None:
    ink = Ink(theme)
    colours = rank_ranges(frame=frame(), ink=ink, texts=TEXTS)["data"][1]["marker"]["color"]
    assert colours[0] == ink.good
    assert ink.alert not in colours
    assert theme != "light" or ink.accent not in colours


def test_a_compound_without_a_range_is_left_out_and_groups_stay_aligned() -> None:
    bars, dots = rank_ranges(frame=frame(), ink=Ink(), texts=TEXTS)["data"]
    assert bars["meta"]["groups"] == dots["meta"]["groups"] == ["C1", "C2"]


def test_probability_stands_beside_each_row_and_long_names_are_cut_with_the_whole_in_hover() -> None:
    drawn = rank_ranges(frame=frame(), ink=Ink(), texts=TEXTS)
    assert [a["text"] for a in drawn["layout"]["annotations"]] == ["P", "90%", "30%"]
    assert "乙" * 30 in drawn["data"][0]["hovertext"][1]
    assert "乙" * 30 not in drawn["layout"]["yaxis"]["ticktext"][1]


@pytest.mark.parametrize("theme", ["light", "dark", "wall"])
def test_only_tokens_of_the_theme_are_used(theme: str) -> None:
    assert foreign_colours(rank_ranges(frame=frame(), ink=Ink(theme), texts=TEXTS), theme) == set()  # type: ignore[arg-type]


def test_no_rows_give_an_empty_chart() -> None:
    assert rank_ranges(frame=frame().iloc[:0], ink=Ink(), texts=TEXTS)["data"][0]["y"] == []
