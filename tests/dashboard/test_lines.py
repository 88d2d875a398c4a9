"""Where a line may break."""

from __future__ import annotations

from layouts.components.lines import kept_together


def test_a_number_stays_with_what_it_counts_and_a_dot_ends_its_line() -> None:
    assert kept_together("一档 6 个，上升 3.1% 左右") == "一档 6\u00a0个，上升 3.1%\u00a0左右"
    assert kept_together("宣城市 · 2026年10月") == "宣城市\u00a0· 2026年10月"


def test_the_rest_breaks_as_it_did() -> None:
    assert kept_together("6 compounds of 76 are first tier") == "6\u00a0compounds of 76\u00a0are first tier"
