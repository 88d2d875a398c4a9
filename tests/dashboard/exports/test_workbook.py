"""Workbooks of cards: every number of every card, what it means, and nothing that a spreadsheet would run."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from dashboard.cards import CARDS
from dashboard.cards.types import Card, Drawing, Entry, Fact, GridSpec, Tile
from dashboard.exports.files import to_csv, to_workbook
from dashboard.exports.meaning import Meaning
from dashboard.exports.tables import tables_of
from dashboard.exports.taking import WEIGHED, Taken, take
from dashboard.exports.workbook import workbook
from dashboard.numbers import is_missing
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue.types import Page
from data.errors import UnknownKeyError
from data.query import Reader

STAMP = datetime(2026, 11, 5, 14, 30)
NUMBERS = ("value", "numerator", "denominator", "reported", "expected", "low", "high")
HOSTILE = "=cmd|' /C calc'!A0"


@pytest.fixture(scope="module")
def reader(demo_store: Engine) -> Reader:
    return Reader(demo_store).pinned()


def view_of(card: Card, reader: Reader) -> View:
    compound = str(reader.register("compound")["compound_id"].iloc[0]) if card.page is Page.COMPOUND else None
    return View(page=card.page.value, compound=compound)


def taken_of(name: str, reader: Reader, **changed: Any) -> Taken:
    view = replace(view_of(CARDS[name], reader), **changed)
    return take(name, reader, view, Ink(), Words(view.lang), stamp=STAMP)


@pytest.fixture(scope="module")
def taken_out(reader: Reader) -> Callable[[str], tuple[Taken, openpyxl.Workbook]]:
    """A card of the demo city with its workbook, made once."""

    @cache
    def of(name: str) -> tuple[Taken, openpyxl.Workbook]:
        taken = taken_of(name, reader)
        return taken, opened(to_workbook(taken))

    return of


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def rounded(values: Any) -> tuple[float | None, ...]:
    # A workbook keeps 16 digits, a double needs 17.
    return tuple(None if is_missing(value) else float(f"{float(value):.11g}") for value in values)


@pytest.mark.parametrize("name", CARDS)
def test_a_workbook_holds_every_number_the_card_was_drawn_from(
    name: str, reader: Reader, taken_out: Callable[[str], tuple[Taken, openpyxl.Workbook]]
) -> None:
    taken, book = taken_out(name)
    words = taken.words
    meaning = [[cell.value for cell in row] for row in book["口径说明"].iter_rows()]
    assert [words("export.line.title"), taken.drawing.title] in meaning
    if taken.drawing.empty is not None:
        assert book.sheetnames == ["口径说明"]
        assert [words("export.line.empty"), words("export.nothing")] in meaning
        return
    assert book.sheetnames[0] == "数据"
    assert book["数据"].freeze_panes == "B2"
    assert book["数据"].max_row > 1
    if not taken.drawing.queries:
        return
    heads = [cell.value for cell in book["数据"][1]]
    columns = [heads.index(words(f"column.{field}")) for field in NUMBERS]
    key, label = heads.index(words("column.key")), heads.index(words("column.label"))
    written = Counter(
        (row[key], row[label] or "", *rounded(row[at] for at in columns))
        for row in book["数据"].iter_rows(min_row=2, values_only=True)
    )
    read: Counter[Any] = Counter()
    for query in dict.fromkeys(taken.drawing.queries):
        ask = reader.panel if query.is_panel else reader.indicator
        frame = ask(query.key, query.selection, period=query.period, by=query.by)
        for row in frame.to_dict("records"):
            read[query.key, str(row["label"]), *rounded(row[field] for field in NUMBERS)] += 1
    assert written == read


@pytest.mark.parametrize(
    "name",
    [
        name
        for name, card in CARDS.items()
        if card.kind == "grid" and card.page is not Page.DATA and name not in WEIGHED
    ],
)
def test_a_table_is_written_with_every_row_and_cell_it_shows(
    name: str, taken_out: Callable[[str], tuple[Taken, openpyxl.Workbook]]
) -> None:
    taken, book = taken_out(name)
    spec = taken.drawing.grid
    if spec is None:
        pytest.skip("empty in the demo city")
    sheet = book["表格"] if "表格" in book.sheetnames else book["数据"]
    heads = [cell.value for cell in sheet[1]]
    rows = [*sheet.iter_rows(min_row=2, values_only=True)]
    assert len(rows) == len(spec.rows)
    for column in spec.columns:
        at = heads.index(column["headerName"])
        for shown, row in zip(spec.rows, rows, strict=True):
            value = shown.get(column["field"])
            found = row[at]
            if isinstance(value, int | float) and not isinstance(value, bool):
                assert found == pytest.approx(value)
            else:
                assert (found or "") == (value or "")


def test_equal_inputs_give_equal_bytes(reader: Reader) -> None:
    first, second = (to_workbook(taken_of("satisfaction.course", reader)) for _ in range(2))
    assert first == second
    later = replace(taken_of("satisfaction.course", reader).meaning, stamp=datetime(2027, 1, 1))
    assert to_workbook(replace(taken_of("satisfaction.course", reader), meaning=later)) != first


def test_the_second_sheet_explains_each_indicator_and_names_its_imports(reader: Reader) -> None:
    taken = taken_of("satisfaction.course", reader, area="341802", month="2026-06")
    sheet = opened(to_workbook(taken))["口径说明"]
    lines = {row[0].value: row[1].value for row in sheet.iter_rows(max_col=2) if row[0].value}
    assert lines["地区"] == "宣城市 › 宣州区"
    assert lines["月份"] == "2026年6月"
    assert lines["注意"].startswith("演示数据")
    assert lines["视图网址"] == "/satisfaction?area=341802&month=2026-06"
    assert lines["导出时间"] == "2026-11-05 14:30:00"
    assert lines["指标代码"] == "satisfaction"
    assert lines["分子"]
    assert lines["分母"]
    assert any("SHA-256" in str(text) for text in lines.values())


def test_a_missing_number_is_an_empty_cell_with_the_reason_beside_it(reader: Reader) -> None:
    taken = taken_of("satisfaction.places", reader)
    sheet = opened(to_workbook(taken))["数据"]
    heads = [cell.value for cell in sheet[1]]
    value, state = heads.index("数值"), heads.index("情况")
    rows = [*sheet.iter_rows(min_row=2, values_only=True)]
    assert any(row[value] is None for row in rows)
    assert all(bool(row[state]) == (row[value] is None) for row in rows)


def test_english_workbooks_are_english_throughout(reader: Reader) -> None:
    book = opened(to_workbook(taken_of("satisfaction.tiles", reader, lang="en")))
    assert book.sheetnames == ["Data", "Tiles", "Definitions"]


def test_an_unknown_card_is_refused_with_the_nearest_one(reader: Reader) -> None:
    with pytest.raises(UnknownKeyError, match=r"satisfaction\.course"):
        take("satisfaction.curse", reader, View(), Ink(), Words(), stamp=STAMP)


# -- hostile text ------------------------------------------------------------------------------------------------------


def hostile_drawing(text: str) -> Drawing:
    grid = GridSpec(
        columns=[
            {"field": "name", "headerName": text},
            {"field": "share", "headerName": "%", "number": True, "suffix": text},
        ],
        rows=[{"name": text, "share": 0.5, "id": text}, {"name": None, "share": None, "id": "b"}],
        row_id="id",
    )
    return Drawing(
        title=text, subtitle=text, n=text, source=text, note=text, grid=grid,
        tiles=(Tile(key="x", label=text, raw=1.0, value=text),), entries=(Entry(tone="good", tag=text, title=text, detail=text),),
        facts=(Fact(label=text, value=text),),
        figure={"data": [{"type": "bar", "name": text, "x": [text], "y": [1.5], "text": [text]}], "layout": {}},
    )  # fmt: skip


def hostile_meaning(text: str) -> Meaning:
    return Meaning(
        card="satisfaction.course", page=text, title=text, subtitle=text, place=text, month=text,
        filters=((text, text),), n=text, as_of=text, source=text, note=text, marks=(text,), watermark=text,
        address=text, stamp=STAMP,
    )  # fmt: skip


def written(text: str) -> bytes:
    words = Words()
    batch = {"batch": 1, "file": text, "created_at": "2026-01-01", "actor": text, "sha256": text}
    tables = tables_of(hostile_drawing(text), None, words)  # type: ignore[arg-type]
    return workbook(tables, hostile_meaning(text), ["satisfaction"], [batch], words)


@pytest.mark.parametrize(
    "text", [HOSTILE, "+1", "-1", "@SUM(1)", "\x00\x01=x", "http://a.b", "\ud800", "x" * 300, "&D"]
)
def test_what_somebody_typed_stays_text(text: str) -> None:
    content = written(text)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        assert not any(b"<f>" in sheet or b"<hyperlink" in sheet for sheet in sheets)
    for sheet in opened(content):
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row if "cmd" not in str(cell.value))


@settings(max_examples=25)
@given(st.text(max_size=40))
def test_any_text_gives_a_workbook_that_opens(text: str) -> None:
    assert "口径说明" in opened(written(text)).sheetnames


def test_no_cell_of_a_csv_begins_like_a_formula(reader: Reader) -> None:
    taken = replace(taken_of("satisfaction.course", reader), drawing=hostile_drawing(HOSTILE))
    text = to_csv(taken).decode("utf-8-sig")
    assert HOSTILE in text
    assert not any(cell.startswith(("=", "+", "@")) for line in text.splitlines() for cell in line.split(","))
