"""Interval rows, bands, funnels, small multiples, dumbbells, answer scales, columns: what they plot and what they say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from dashboard.figures.bands import band_counts, bands
from dashboard.figures.columns import Step, stacked_columns, steps
from dashboard.figures.dumbbell import Block, Row, dumbbell
from dashboard.figures.funnel import funnel_plot
from dashboard.figures.intervals import IntervalRow, Line, interval_rows
from dashboard.figures.likert import likert
from dashboard.figures.multiples import multiples, rows_of
from dashboard.figures.plotted import plotted
from dashboard.theme import Ink, foreign_colours
from dashboard.wording import Words
from data.catalogue import INDICATORS
from data.query.figures import FIGURE_COLUMNS
from data.statistics.funnel import funnel_of_proportions

INK, WORDS = Ink("light"), Words("zh")


def figures(groups: list[str], values: list[float | None], **more: Any) -> pd.DataFrame:
    frame = pd.DataFrame({name: [np.nan] * len(groups) for name in FIGURE_COLUMNS}).astype(object)
    frame["group"], frame["label"], frame["suppressed"] = groups, [f"{g}街道" for g in groups], False
    frame["value"] = pd.Series(values, dtype=float)
    for name in ("numerator", "denominator", "reported", "expected", "low", "high"):
        frame[name] = pd.Series(more.get(name, [np.nan] * len(groups)), dtype=float)
    return frame


def texts(figure: dict[str, Any]) -> list[str]:
    return [note["text"] for note in figure["layout"].get("annotations", [])]


def row(**given: Any) -> IntervalRow:
    return IntervalRow(**({"label": "甲", "mid": 70.0, "low": 60.0, "high": 80.0, "colour": INK.accent} | given))


def test_an_interval_row_plots_its_value_with_its_interval_behind() -> None:
    meta = plotted("satisfaction", axis="x", groups=["a"], by="compound")
    figure = interval_rows(rows=[row(meta=meta, remark="70%")], ink=INK, head="值")
    line, mark = figure["data"]
    assert line["x"] == [60.0, 80.0]
    assert (mark["x"], mark["meta"]) == ([70.0], meta)
    assert texts(figure) == ["70%", "值"]


def test_a_row_without_a_value_says_so_instead_of_drawing() -> None:
    figure = interval_rows(rows=[row(mid=None, low=None, high=None)], ink=INK, missing="未上报")
    assert figure["data"] == []
    assert texts(figure) == ["未上报"]


def test_the_line_of_comparison_is_inside_the_axis() -> None:
    figure = interval_rows(rows=[row()], ink=INK, line=Line(at=30.0, label="线", colour=INK.alert))
    low, high = figure["layout"]["xaxis"]["range"]
    assert low < 30.0 < high


def test_no_rows_make_an_empty_sheet() -> None:
    assert interval_rows(rows=[], ink=INK)["data"] == []


BANDS = pd.DataFrame(
    {
        "group": ["a", "b"], "label": ["甲", "乙"], "place": ["东", "西"], "mid": [50.0, 58.0], "low": [40.0, 48.0],
        "high": [59.0, 68.0], "raw": [45.0, 57.0], "band": ["红", "待复核"], "chance": ["95%", "60%"], "valid": [40.0, 30.0],
        "is_low_response": [False, True], "is_current": [True, False], "hover": ["", ""],
    }
)  # fmt: skip


def test_bands_tell_red_from_review_by_shape_and_flag_low_response() -> None:
    figure = bands(frame=BANDS, threshold=60.0, ink=INK, words=WORDS)
    marks = [t for t in figure["data"] if t["mode"] == "markers" and t.get("name") != "raw"]
    assert [m["marker"]["symbol"] for m in marks] == ["diamond", "triangle-up"]
    assert any("95%" in text for text in texts(figure))
    assert any("⚑" in text for text in texts(figure))


def test_only_a_raw_value_of_the_wave_shown_counts_as_the_indicator() -> None:
    raw = [t for t in bands(frame=BANDS, threshold=60.0, ink=INK, words=WORDS)["data"] if t.get("name") == "raw"]
    assert [t["meta"].get("indicator") for t in raw] == ["satisfaction", None]
    assert raw[0]["x"] == [45.0]


def test_counts_by_band_are_stacked_and_unreported_is_hatched() -> None:
    frame = pd.DataFrame({"group": ["x"], "label": ["东县"], "红": [2], "待复核": [3], "绿": [40], "未上报": [5]})
    figure = band_counts(frame=frame, ink=INK, words=WORDS)
    assert [t["x"] for t in figure["data"]] == [[2], [3], [40], [5]]
    assert figure["data"][3]["marker"]["pattern"]["shape"] == "/"
    # A sliver has no room for its number; it is written after the bar.
    assert figure["data"][0]["text"] == [""]
    assert any("2" in text and "3" in text for text in texts(figure))


@pytest.fixture
def funnel_frame() -> tuple[pd.DataFrame, Any]:
    valid = np.array([40.0] * 30 + [60.0, 60.0])
    satisfied = np.array([28.0, 29.0, 27.0] * 10 + [12.0, 59.0])
    fitted = funnel_of_proportions(satisfied, valid)
    frame = pd.DataFrame(
        {
            "group": [f"c{i}" for i in range(32)], "label": [f"小区{i}" for i in range(32)], "value": satisfied / valid * 100,
            "hover": [""] * 32, "is_current": [i % 2 == 0 for i in range(32)],
        }
    )  # fmt: skip
    return frame, fitted


def test_every_unit_is_in_the_funnel_once(funnel_frame: tuple[pd.DataFrame, Any]) -> None:
    frame, fitted = funnel_frame
    figure = funnel_plot(frame=frame, funnel=fitted, indicator="satisfaction", ink=INK, words=WORDS)
    points = [t for t in figure["data"] if t["mode"] == "markers"]
    drawn = {group: y for t in points for group, y in zip(t["meta"]["groups"], t["y"], strict=True)}
    assert drawn == dict(zip(frame["group"], frame["value"], strict=True))
    assert sum(len(t["y"]) for t in points) == len(frame)


def test_outliers_are_named_and_pointed_down_or_up(funnel_frame: tuple[pd.DataFrame, Any]) -> None:
    frame, fitted = funnel_frame
    figure = funnel_plot(frame=frame, funnel=fitted, indicator="satisfaction", ink=INK, words=WORDS)
    assert {"小区30", "小区31"} <= set(texts(figure))
    signs = {g: t["marker"]["symbol"] for t in figure["data"] if t["mode"] == "markers" for g in t["meta"]["groups"]}
    assert (signs["c30"], signs["c31"]) == ("triangle-down", "triangle-up")
    assert signs["c0"] == "circle"


def test_a_value_of_an_earlier_wave_is_not_passed_off_as_this_waves(funnel_frame: tuple[pd.DataFrame, Any]) -> None:
    frame, fitted = funnel_frame
    figure = funnel_plot(frame=frame, funnel=fitted, indicator="satisfaction", ink=INK, words=WORDS)
    for trace in figure["data"]:
        if trace["mode"] == "markers" and "indicator" in trace["meta"]:
            assert all(int(group[1:]) % 2 == 0 for group in trace["meta"]["groups"])


def test_a_funnel_of_very_many_units_gathers_them_and_counts_each() -> None:
    chance = np.random.default_rng(4)
    count = 20_000
    valid = chance.integers(20, 300, count).astype(float)
    satisfied = chance.binomial(valid.astype(int), 0.7).astype(float)
    satisfied[:20] = 0
    frame = pd.DataFrame(
        {
            "group": [f"c{i}" for i in range(count)], "label": [f"小区{i}" for i in range(count)],
            "value": satisfied / valid * 100, "hover": [""] * count, "is_current": [True] * count,
        }
    )  # fmt: skip
    fitted = funnel_of_proportions(satisfied, valid)
    figure = funnel_plot(frame=frame, funnel=fitted, indicator="satisfaction", ink=INK, words=WORDS)
    points = [trace for trace in figure["data"] if trace["mode"] == "markers"]
    assert sum(len(trace["x"]) for trace in points) < 2_500
    alone = sum(len(trace["x"]) for trace in points if "meta" in trace)
    together = sum(int(text.split("此处 ")[1].split()[0].replace(",", "")) for trace in points if "meta" not in trace
                   for text in trace["hovertext"])  # fmt: skip
    assert alone + together == count
    # The few far outliers still lead to their files.
    far = next(trace for trace in points if trace["marker"]["symbol"] == "triangle-down")
    assert {f"c{i}" for i in range(20)} <= set(far["meta"]["groups"])


def test_small_multiples_share_one_scale_and_part_the_line_at_a_break() -> None:
    months = ["2026-01", "2026-04", "2026-07"]
    panels = pd.concat(
        [figures([g] * 3, [70.0, 72.0, 74.0], low=[65.0] * 3, high=[78.0] * 3).assign(month=months) for g in ("a", "b")]
    )
    figure = multiples(
        panels=panels, whole=figures(months, [71.0, 71.0, 71.0]), indicator=INDICATORS["satisfaction"], by="street",
        ink=INK, words=WORDS, threshold=60.0, breaks=["2026-04"],
    )  # fmt: skip
    layout = figure["layout"]
    assert layout["yaxis"]["range"] == layout["yaxis2"]["range"]
    assert layout["yaxis"]["range"][0] < 60.0
    lines = [t for t in figure["data"] if t.get("meta", {}).get("indicator")]
    assert [t["meta"]["groups"] for t in lines[:2]] == [["2026-01|a"], ["2026-04|a", "2026-07|a"]]
    assert lines[1]["y"] == [72.0, 74.0]


@pytest.mark.parametrize(("panels", "rows"), [(1, 1), (7, 1), (8, 2), (15, 3), (0, 1)])
def test_panels_stand_in_as_many_rows_as_they_need(panels: int, rows: int) -> None:
    assert rows_of(panels) == rows


def test_a_dumbbell_draws_the_thing_its_interval_and_each_reference() -> None:
    meta = plotted("satisfaction", axis="x", groups=["total"], by=None)
    rows = [
        Row(
            label="差",
            value=55.0,
            low=45.0,
            high=65.0,
            others={"街道": 70.0, "全市": None},
            metas={"": meta, "街道": meta},
        )
    ]
    figure = dumbbell(blocks=[Block(rows=rows)], own="本小区", references=["街道", "全市"], ink=INK, missing="未上报")
    drawn = [t for t in figure["data"] if t["x"] != [None]]
    assert [t["x"] for t in drawn] == [[55.0, 70.0], [45.0, 65.0], [70.0], [55.0]]
    assert [t["meta"] for t in drawn[2:]] == [meta, meta]


def test_a_dumbbell_says_what_is_missing() -> None:
    rows = [Row(label="慢", value=None, others={"全市": 70.0})]
    figure = dumbbell(blocks=[Block(rows=rows)], own="本小区", references=["全市"], ink=INK, missing="未上报")
    assert "未上报" in texts(figure)


def test_blocks_of_rows_keep_their_own_scales_and_do_not_overlap() -> None:
    one = Block(rows=[Row(label="差", value=50.0, others={})])
    other = Block(rows=[Row(label="小", value=900.0, others={})], suffix="")
    layout = dumbbell(blocks=[one, other], own="本", references=[], ink=INK, missing="")["layout"]
    assert layout["xaxis"]["range"][1] < 100 < layout["xaxis2"]["range"][0]
    assert layout["yaxis2"]["domain"][1] <= layout["yaxis"]["domain"][0]


def test_answers_are_plotted_as_counted_and_labelled_as_shares() -> None:
    answers = {f"survey_score{i}": figures(["a", "b"], [10.0 * i, np.nan]) for i in range(1, 6)}
    figure = likert(answers=answers, names=list("一二三四五"), by="street", ink=INK, words=WORDS)
    assert [t["x"] for t in figure["data"]] == [[10.0], [20.0], [30.0], [40.0], [50.0]]
    assert figure["data"][4]["text"] == ["33%"]
    assert figure["layout"]["barnorm"] == "percent"
    # A place nobody answered in has no bar.
    assert figure["data"][0]["meta"]["groups"] == ["a"]


def test_stacked_columns_carry_each_indicator_and_the_total() -> None:
    parts = [
        (INDICATORS[key], figures(["2026-01", "2026-02"], [2.0, 3.0]))
        for key in ("interviews_due_service", "interviews_due_party")
    ]
    figure = stacked_columns(parts=parts, ink=INK, words=WORDS)
    assert [t["meta"]["indicator"] for t in figure["data"]] == ["interviews_due_service", "interviews_due_party"]
    assert texts(figure) == ["4", "6"]
    assert figure["data"][0]["marker"]["pattern"]["shape"] != figure["data"][1]["marker"]["pattern"]["shape"]


def test_steps_plot_counts_of_their_indicators() -> None:
    rows = [
        Step(name="已约谈", count=8.0, remark="8", indicator="interview_held_rate"),
        Step(name="逾期", count=2.0, remark="2", is_alert=True),
    ]
    figure = steps(rows=rows, ink=INK)
    assert figure["data"][0]["meta"]["field"] == "numerator"
    assert figure["data"][1]["meta"] == {}
    assert figure["data"][1]["marker"]["color"] == INK.alert


@pytest.mark.parametrize("theme", ["light", "dark", "wall"])
def test_every_colour_is_a_token_of_the_theme(theme: Any, funnel_frame: tuple[pd.DataFrame, Any]) -> None:
    ink = Ink(theme)
    frame, fitted = funnel_frame
    answers = {f"survey_score{i}": figures(["a"], [10.0 * i]) for i in range(1, 6)}
    drawn = [
        bands(frame=BANDS, threshold=60.0, ink=ink, words=WORDS),
        band_counts(frame=pd.DataFrame({"group": ["x"], "label": ["东"], "红": [1], "待复核": [1], "绿": [1], "未上报": [1]}), ink=ink, words=WORDS),
        funnel_plot(frame=frame, funnel=fitted, indicator="satisfaction", ink=ink, words=WORDS),
        likert(answers=answers, names=list("一二三四五"), by="street", ink=ink, words=WORDS),
        dumbbell(blocks=[Block(rows=[Row(label="差", value=50.0, low=40.0, high=60.0, others={"街道": 60.0})])], own="本", references=["街道"], ink=ink, missing=""),
        stacked_columns(parts=[(INDICATORS["rewards"], figures(["2026-01"], [2.0]))], ink=ink, words=WORDS),
    ]  # fmt: skip
    for figure in drawn:
        assert foreign_colours(figure, theme) == set()
