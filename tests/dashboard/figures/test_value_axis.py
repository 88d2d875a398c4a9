"""Axes of values: money is said in one unit on all ticks, in both languages; other units keep their sign."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.figures.value_axis import money_axis, value_axis
from dashboard.wording import Words

ZH, EN = Words("zh"), Words("en")


@pytest.mark.parametrize(
    ("most", "zh", "en"),
    [
        (9_800, ["0", "2,000 元", "4,000 元", "6,000 元", "8,000 元", "10,000 元"], "10,000 yuan"),
        (94_500, ["0", "2 万元", "4 万元", "6 万元", "8 万元", "10 万元"], "100,000 yuan"),
        (306_000_000, ["0", "1 亿元", "2 亿元", "3 亿元", "4 亿元"], "400 million yuan"),
    ],
)
def test_amounts_stand_on_round_ticks_in_the_unit_they_are_said_in(most: float, zh: list[str], en: str) -> None:
    assert money_axis([None, 0.0, most], ZH)["ticktext"] == zh
    assert money_axis([0.0, most], EN)["ticktext"][-1] == en


@given(st.lists(st.floats(-1e11, 1e11), max_size=5), st.booleans())
def test_the_ticks_enclose_the_amounts_and_say_themselves(values: list[float], from_zero: bool) -> None:
    axis = money_axis(values, ZH, from_zero=from_zero)
    ticks = axis["tickvals"]
    assert 2 <= len(ticks) <= 9
    assert len(set(axis["ticktext"])) == len(ticks)
    assert ticks[0] <= min(values, default=0.0) + 1e-6
    assert ticks[-1] >= max(values, default=0.0) - 1e-6
    assert all(math.isfinite(tick) for tick in ticks)


def test_other_units_keep_their_sign_and_plain_numbers() -> None:
    assert value_axis("%", [1.0], ZH)["ticksuffix"] == "%"
    assert value_axis("件", [1.0], ZH)["ticksuffix"] == ""
    assert "k" not in str(value_axis("元", [120_000.0], EN)["ticktext"])
