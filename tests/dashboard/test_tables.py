"""A table of very many rows: a browser gets the first of them in the order asked for, and is told how many there are."""

from __future__ import annotations

from dataclasses import replace

from dashboard.cards import CARDS
from dashboard.cards.types import Drawing, GridSpec
from dashboard.serving import ASSETS
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from layouts.components.card import card_changes
from layouts.components.grid import MOST_ROWS, column_definitions, cut_note, shown_rows

WORDS = Words("zh")
NAME = "compound.finder"


def spec(count: int) -> GridSpec:
    rows = [{"id": str(i), "value": None if i % 10 == 0 else float(count - i)} for i in range(count)]
    return GridSpec(columns=[{"field": "id"}, {"field": "value", "number": True}], rows=rows, row_id="id")


def test_a_table_that_fits_is_sent_whole_and_says_nothing() -> None:
    small = spec(MOST_ROWS)
    assert shown_rows(small, NAME, View()) == small.rows
    assert cut_note(small, WORDS) == ""


def test_of_too_many_rows_the_first_are_sent_and_the_foot_says_of_how_many() -> None:
    large = spec(MOST_ROWS + 500)
    changes = card_changes(CARDS[NAME], Drawing(title="", grid=large), View(), Ink(), WORDS)
    sent = next(part["rowData"] for part in changes.values() if "rowData" in part)
    assert sent == large.rows[:MOST_ROWS]
    assert all(part in str(changes["foot"]["tree"]) for part in ("2,000", "2,500", "导出全部"))


def test_the_browser_knows_from_how_many_rows_on_the_server_searches() -> None:
    script = (ASSETS / "clientside.js").read_text(encoding="utf-8")
    assert f"(rows || []).length < {MOST_ROWS})" in script


def test_the_order_of_the_address_decides_which_rows_are_the_first() -> None:
    large, least = spec(MOST_ROWS + 500), replace(View(), sort=f"{NAME}:value:asc")
    values = [row["value"] for row in shown_rows(large, NAME, least)]
    assert values == sorted(row["value"] for row in large.rows if row["value"] is not None)[:MOST_ROWS]
    most = shown_rows(large, NAME, replace(View(), sort=f"{NAME}:value:desc"))
    assert most[0]["value"] == max(row["value"] for row in large.rows if row["value"] is not None)
    assert shown_rows(large, "another.card", least) == large.rows[:MOST_ROWS]


def test_a_column_is_wide_enough_for_its_words_and_a_longer_text_wraps() -> None:
    rows = [{"id": "1", "kind": "Market housing", "place": "宣城市经济开发区 › 金坝街道 › 靖庙村委会", "share": None}]
    columns = [{"field": name, "headerName": name} for name in ("id", "kind", "place")]
    columns.append({"field": "share", "headerName": "Considerable", "number": True})
    short, kind, place, share = column_definitions(
        GridSpec(columns=columns, rows=rows, row_id="id"), NAME, View(), Words("en")
    )
    assert "wrapText" not in short | kind
    # Fourteen letters of seven pixels or more.
    assert kind["minWidth"] > 14 * 7
    assert place["wrapText"]
    assert place["initialWidth"] > place["minWidth"]
    # “not reported”, and a heading of one word that cannot break.
    assert share["minWidth"] > 12 * 7


def test_widths_grow_with_the_type() -> None:
    columns = [{"field": "id", "headerName": "id"}, {"field": "value", "headerName": "value", "number": True}]
    small, large = (
        column_definitions(GridSpec(columns=columns, rows=[], row_id="id"), NAME, View(), WORDS, scale=scale)
        for scale in (1.0, 2.0)
    )
    assert [column["minWidth"] * 2 for column in small] == [column["minWidth"] for column in large]
