"""Names that fit."""

from __future__ import annotations

import pytest

from dashboard.figures.labels import row_name, wrap


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("Secretary chairs", 12, ["Secretary", "chairs"]),
        ("Owners' committees", 8, ["Owners'", "committees"]),
        ("+77.24 million yuan", 13, ["+77.24", "million yuan"]),
    ],
)
def test_a_word_of_letters_is_not_torn(text: str, columns: int, lines: list[str]) -> None:
    assert wrap(text, columns).split("<br>") == lines


def test_every_line_is_filled_with_whole_words() -> None:
    assert wrap("Committees with ≥60% members", 10, lines=3).split("<br>") == ["Committees", "with ≥60%", "members"]


def test_chinese_lines_are_of_one_length() -> None:
    assert wrap("物业服务站暨调解中心", 12).split("<br>") == ["物业服务站", "暨调解中心"]


def test_the_large_screen_has_one_line_for_a_name() -> None:
    assert "<br>" in row_name("Communities with a party station", 20, is_wall=False)
    assert row_name("Communities with a party station", 20, is_wall=True) == "Communities with a party…"
