"""Numbers as text."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.numbers import MINUS, change, month_name, number, parts, published, quantity, signed
from dashboard.wording import Words

ZH, EN = Words("zh"), Words("en")


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0, 0, "0"),
        (1234567.891, 1, "1,234,567.9"),
        (-1234.5, 1, "−1,234.5"),
        (-0.04, 1, "0.0"),
        (0.05, 1, "0.1"),
        (999.5, 0, "1,000"),
    ],
)
def test_numbers_have_thousands_a_true_minus_and_no_negative_zero(value: float, decimals: int, text: str) -> None:
    assert number(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "text"), [(3.14, "+3.1"), (-0.42, "−0.4"), (0.01, "0.0"), (-0.01, "0.0"), (0.0, "0.0")]
)
def test_a_difference_carries_its_sign_unless_it_rounds_to_nothing(value: float, text: str) -> None:
    assert signed(value, 1) == text


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12), st.integers(0, 4))
def test_a_number_reads_back_as_its_rounding(value: float, decimals: int) -> None:
    read = float(number(value, decimals).replace(",", "").replace(MINUS, "-"))
    assert math.isclose(read, value, abs_tol=0.51 * 10**-decimals)


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NA, pd.NaT])
@pytest.mark.parametrize("unit", ["%", "元", "个小区"])
def test_a_missing_value_is_said_in_words_whatever_its_unit(missing: object, unit: str) -> None:
    assert quantity(missing, unit, ZH) == "未上报"
    assert parts(missing, unit, EN) == ("not reported", "")


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "zh", "en"),
    [
        (74.25, "%", 1, "74.2%", "74.2%"),
        (513, "个小区", 0, "513 个小区", "513 compounds"),
        (41_500_000, "元", 0, "4,150 万元", "41.50 million yuan"),
        (5_286_400, "元", 0, "528.6 万元", "5.29 million yuan"),
        (106_000_000, "元", 0, "1.06 亿元", "106.0 million yuan"),
        (9_999, "元", 0, "9,999 元", "9,999 yuan"),
        (88, "个", 0, "88 个", "88"),
    ],
)
def test_quantities_carry_their_unit(value: float, unit: str, decimals: int, zh: str, en: str) -> None:
    assert quantity(value, unit, ZH, decimals=decimals) == zh
    assert quantity(value, unit, EN, decimals=decimals) == en


def test_a_suppressed_count_shows_only_its_bound() -> None:
    assert quantity(3, "名", ZH, below=5) == "<5"


def test_a_change_of_a_percentage_is_in_points_and_of_money_in_the_unit_of_money() -> None:
    assert change(3.14, "%", ZH) == "+3.1 个百分点"
    assert change(-0.9, "%", EN) == "−0.9 pp"
    assert change(3, "个小区", ZH) == "+3 个小区"
    assert change(-25_000, "元", ZH) == "−2.50 万元"


@pytest.mark.parametrize(
    ("value", "bound", "text"),
    [(4000, "lower", "4,000余"), (1500, "near", "近1,500"), (3000, "about", "约3,000"), (58, "exact", "58")],
)
def test_published_figures_keep_their_bound(value: float, bound: str, text: str) -> None:
    assert published(value, bound, ZH) == text


def test_months_are_named_in_both_languages() -> None:
    assert month_name("2026-10", ZH) == "2026年10月"
    assert month_name("2026-03", EN) == "Mar 2026"
