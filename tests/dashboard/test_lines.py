"""Where a line may break."""

from __future__ import annotations

from layouts.components.lines import kept_together


def test_a_number_stays_with_what_it_counts_and_a_dot_ends_its_line() -> None:
    assert kept_together("一档 6 个，上升 3.1% 左右") == "一档\u00a06\u00a0个，上升\u00a03.1%\u00a0左右"
    assert kept_together("宣城市 · 2026年10月") == "宣城市\u00a0· 2026年10月"


def test_a_long_clause_may_break_before_its_number_but_not_after_a_single_character() -> None:
    long = "挡住最多的小区是没有党支部覆盖 399 个"
    assert kept_together(long) == "挡住最多的小区是没有党支部覆盖 399\u00a0个"
    assert kept_together("只画出概率最高的那些小区，共 25 个") == "只画出概率最高的那些小区，共\u00a025\u00a0个"


def test_a_range_does_not_break_at_its_dash_nor_a_date_before_its_year() -> None:
    assert kept_together("（73–92%）") == "（73–\u206092%）"
    assert kept_together("Nov 2021–Oct 2026") == "Nov\u00a02021–Oct\u00a02026"


def test_the_rest_breaks_as_it_did() -> None:
    assert kept_together("6 compounds of 76 are first tier") == "6\u00a0compounds of 76\u00a0are first tier"
