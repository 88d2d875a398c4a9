"""Trends, bars, rows, the chain, published beside computed, stacked counts, seats."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest

from dashboard.cards.coverage.posts import seat_counts
from dashboard.figures.bars import bars, ordered
from dashboard.figures.chain import Level, chain
from dashboard.figures.indicator_rows import IndicatorRow, indicator_rows
from dashboard.figures.seats import seats_needed
from dashboard.figures.stacked import Kind, stacked
from dashboard.figures.target_bars import Target, target_bars
from dashboard.figures.trend import Series, Threshold, trend
from dashboard.theme import Ink
from dashboard.wording import Words
from data.catalogue import INDICATORS
from tests.dashboard.figures.test_area_forms import figures

INK, WORDS = Ink("light"), Words("zh")
RATE = INDICATORS["satisfaction"]


def months(values: list[float | None], start: int = 1) -> pd.DataFrame:
    frame = figures(values)
    frame["group"] = frame["label"] = [f"2026-{start + i:02d}" for i in range(len(values))]
    known = frame["value"]
    return frame.assign(low=known - 2, high=known + 2)


def lines(figure: dict[str, Any]) -> list[dict[str, Any]]:
    return [t for t in figure["data"] if t.get("meta", {}).get("indicator")]


def test_a_missing_month_is_a_gap_and_splits_the_band() -> None:
    figure = trend(series=[Series(indicator=RATE, figures=months([70, 71, None, 72, 73]))], ink=INK, words=WORDS)
    (line,) = lines(figure)
    assert line["y"] == [70, 71, None, 72, 73]
    assert line["connectgaps"] is False
    assert sum(t.get("fill") == "toself" for t in figure["data"]) == 2


def test_waves_every_three_months_are_joined_and_a_missed_wave_is_not() -> None:
    values = [70.0, None, None, 71.0, None, None, 72.0, None, None, None, None, None]
    figure = trend(series=[Series(indicator=RATE, figures=months([*values[:12]]))], ink=INK, words=WORDS)
    assert lines(figure)[0]["y"] == [70, 71, 72]
    missed = [70.0, None, 71.0, None, 72.0, None, None, None, 73.0]
    figure = trend(series=[Series(indicator=RATE, figures=months(missed))], ink=INK, words=WORDS)
    assert lines(figure)[0]["y"] == [70, 71, 72, None, 73]


def test_the_line_is_parted_where_the_method_changed() -> None:
    frame = months([70, 71, 72, 73])
    figure = trend(series=[Series(indicator=RATE, figures=frame)], ink=INK, words=WORDS, breaks={"2026-03": "入户"})
    assert [line["meta"]["groups"] for line in lines(figure)] == [["2026-01", "2026-02"], ["2026-03", "2026-04"]]
    assert any(note["text"] == "入户" for note in figure["layout"]["annotations"])


def test_the_threshold_stays_in_sight() -> None:
    figure = trend(
        series=[Series(indicator=RATE, figures=months([80, 81]))], ink=INK, words=WORDS, threshold=Threshold(60, "线")
    )
    assert any(t["y"] == [60, 60] for t in figure["data"])


def test_names_at_the_ends_of_lines_do_not_cover_each_other() -> None:
    series = [Series(indicator=RATE, figures=months([10, v]), name=f"线{i}") for i, v in enumerate((50.0, 50.2, 90.0))]
    notes = trend(series=series, ink=INK, words=WORDS)["layout"]["annotations"]
    shifts = {note["text"]: note["yshift"] for note in notes}
    assert shifts["线0"] == 0
    assert shifts["线1"] > 12


@pytest.mark.parametrize(("key", "best"), [("satisfaction", "A1"), ("case_escalation_rate", "A0")])
def test_bars_rank_by_direction_and_put_silence_last(key: str, best: str) -> None:
    frame = figures([20.0, 80.0, None])
    rows = ordered(frame, INDICATORS[key])
    assert rows["group"].iloc[0] == best
    assert rows["group"].iloc[-1] == "A2"
    figure = bars(figures=frame, indicator=INDICATORS[key], by="street", ink=INK, words=WORDS)
    assert figure["data"][0]["meta"]["groups"][-1] == best
    assert figure["data"][1]["marker"]["pattern"]["shape"] == "/"
    assert [note["y"] for note in figure["layout"]["annotations"]] == [0, 1, 2]


def test_values_stand_beyond_the_line_where_it_would_cross_them() -> None:
    indicator = INDICATORS["committee_party_share"]
    for values, is_crossed in (([64.0, 41.0], True), ([64.0, 62.0], False)):
        figure = bars(
            figures=figures([*values, None]), indicator=indicator, by="street", ink=INK, words=WORDS,
            target=Threshold(60.0, "要求"),
        )  # fmt: skip
        texts = [note for note in figure["layout"]["annotations"] if note["text"] != "要求"]
        beyond = [note["x"] >= 60.0 for note in texts]
        assert len(texts) == 3
        assert all(beyond) == is_crossed
        assert sum(beyond) >= 2


def test_rows_show_now_and_a_year_ago() -> None:
    row = IndicatorRow(
        indicator=RATE, figures=figures([70.5], numerator=[141], denominator=[200], low=[64.0], high=[76.0]),
        before=figures([60.25]),
    )  # fmt: skip
    figure = indicator_rows(rows=[row], ink=INK, words=WORDS, before_name="去年同月")
    now, before = lines(figure)
    assert now["x"] == [70.5]
    assert now["error_x"]["array"] == [pytest.approx(5.5)]
    assert before["x"] == [60.25]
    assert "141/200" in figure["layout"]["annotations"][0]["text"]


def test_the_chain_keeps_a_silent_level_in_its_place() -> None:
    levels = [
        Level(name="上", built=INDICATORS["chain_county"], built_figures=figures([50.0], numerator=[1], denominator=[2]),
              closed=INDICATORS["cases_closed_county"], closed_figures=figures([3.0])),
        Level(name="下", built=INDICATORS["chain_street"], built_figures=figures([None]),
              closed=INDICATORS["cases_closed_street"], closed_figures=figures([9.0])),
    ]  # fmt: skip
    figure = chain(levels=levels, ink=INK, words=WORDS, titles=("建成", "办结"))
    drawn = {t["meta"]["indicator"]: (t["x"], t["y"]) for t in lines(figure)}
    assert drawn["chain_county"] == ([50.0], [1])
    assert drawn["chain_street"] == ([None], [0])
    assert any("75%" in note["text"] for note in figure["layout"]["annotations"])


@pytest.mark.parametrize(
    ("bound", "text"), [("lower", "4,000余"), ("near", "近4,000"), ("about", "约4,000"), ("exact", "4,000")]
)
def test_a_published_figure_keeps_its_bound(bound: str, text: str) -> None:
    indicator = INDICATORS["disputes_resolved"]
    target = Target(indicator=indicator, figures=figures([4012.0]), value=4000.0, bound=bound)
    figure = target_bars(targets=[target], ink=INK, words=WORDS)
    assert lines(figure)[0]["x"] == [4012.0]
    assert text in figure["layout"]["annotations"][1]["text"]


def test_a_count_too_small_to_show_is_a_gap_in_the_stack() -> None:
    frame = figures([7.0, None], suppressed=[False, True])
    figure = stacked(
        kinds=[Kind(indicator=INDICATORS["members_mobile"], figures=frame)], by="street", ink=INK, words=WORDS
    )
    (trace,) = lines(figure)
    assert trace["x"] == [None, 7.0]
    assert "不足5" in trace["hovertext"][0]


@pytest.mark.parametrize(("seats", "needed"), [(5, 3), (7, 5), (9, 6), (11, 7), (3, 2)])
def test_sixty_per_cent_of_a_small_committee(seats: int, needed: int) -> None:
    assert seats_needed(seats, 0.6) == needed


def test_committees_are_counted_by_size_and_rule() -> None:
    table = pd.DataFrame({"seats": [5, 5, 7, math.nan], "party_seats": [3, 2, 5, math.nan]})
    counts = seat_counts(table, 0.6).to_dict("records")
    assert counts == [
        {"seats": 5, "met": 1, "unmet": 1, "unreported": 0},
        {"seats": 7, "met": 1, "unmet": 0, "unreported": 0},
        {"seats": 0, "met": 0, "unmet": 0, "unreported": 1},
    ]
