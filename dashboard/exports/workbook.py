"""A card as a workbook: its numbers on sheet 数据, what they mean on sheet 口径说明. Equal inputs give equal bytes."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from typing import Any

import xlsxwriter

from dashboard.definitions import definition_lines
from dashboard.exports.meaning import Meaning
from dashboard.exports.plain import clean
from dashboard.exports.tables import Column, Table
from dashboard.figures.labels import width
from dashboard.wording import Words
from data.catalogue import INDICATORS

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
LONGEST_TITLE = 31
MOST_ROWS = 1_000_000
# A cell that begins with one of these runs as a formula when a spreadsheet opens a CSV file.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
# Text stays text: no formula, no link, no number is ever made of what somebody typed.
OPTIONS = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}  # fmt: skip


def workbook(
    tables: Iterable[Table],
    meaning: Meaning,
    indicators: Iterable[str],
    batches: Iterable[dict[str, Any]],
    words: Words,
) -> bytes:
    """The workbook.

    Args:
        tables: a sheet each, in order. indicators: keys explained on 口径说明.
        batches: imports behind the numbers, as `data.trace` lists them.
    """
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, OPTIONS) as book:
        book.set_properties(
            {
                "title": clean(meaning.title)[:250], "subject": clean(meaning.subtitle)[:250],
                "comments": clean(meaning.watermark or "·".join(meaning.marks))[:250],
                "created": meaning.stamp.replace(tzinfo=None, microsecond=0),
            }
        )  # fmt: skip
        looks = _Looks(book)
        taken: set[str] = {words("export.sheet.meaning").casefold()}
        made = False
        for table in tables:
            _write_table(book, looks, table, _title(table.title, taken), meaning)
            made = True
        _write_meaning(book, looks, meaning, [*dict.fromkeys(indicators)], [*batches], words, is_empty=not made)
    return target.getvalue()


def csv_text(table: Table | None) -> str:
    """One table as CSV for spreadsheets (BOM, CRLF); no cell of it can run as a formula."""
    text = io.StringIO()
    text.write("\ufeff")
    writer = csv.writer(text)
    if table is not None:
        writer.writerow([_harmless(column.title) for column in table.columns])
        for row in table.rows:
            writer.writerow(["" if cell is None else _harmless(cell) for cell in row])
    return text.getvalue()


def _harmless(cell: Any) -> Any:
    if not isinstance(cell, str):
        return cell
    text = clean(cell)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


class _Looks:
    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        head = {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#f1ede6"}
        self.head = book.add_format(head)
        self.title = book.add_format({"bold": True, "font_size": 14, "text_wrap": True, "valign": "top"})
        self.mark = book.add_format({"bold": True, "font_color": "#a8322a", "text_wrap": True, "valign": "top"})
        self.text = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        self.name = book.add_format({"bold": True, "valign": "top", "text_wrap": True})
        self._numbers: dict[str, Any] = {}

    def number(self, shown: str) -> Any:
        if shown not in self._numbers:
            self._numbers[shown] = self.book.add_format({"num_format": shown or "General"})
        return self._numbers[shown]


def _title(name: str, taken: set[str]) -> str:
    """A title a sheet may have, unlike those taken."""
    base = re.sub(r"[\[\]:*?/\\]", "_", clean(name)).strip("' ")[: LONGEST_TITLE - 3] or "_"
    title, number = base, 2
    while title.casefold() in taken:
        title, number = f"{base}{number}", number + 1
    taken.add(title.casefold())
    return title


def _write_table(book: xlsxwriter.Workbook, looks: _Looks, table: Table, title: str, meaning: Meaning) -> None:
    sheet = book.add_worksheet(title)
    sheet.freeze_panes(1, 1)
    rows = table.rows[:MOST_ROWS]
    for at, column in enumerate(table.columns):
        sheet.write_string(0, at, clean(column.title), looks.head)
        sheet.set_column(at, at, _width(column, [row[at] for row in rows[:200]]))
    for down, row in enumerate(rows, 1):
        for at, (column, cell) in enumerate(zip(table.columns, row, strict=True)):
            if cell is None:
                continue
            if isinstance(cell, int | float) and not isinstance(cell, bool):
                sheet.write_number(down, at, cell, looks.number(column.shown))
            else:
                sheet.write_string(down, at, clean(cell))
    if rows:
        sheet.autofilter(0, 0, len(rows), len(table.columns) - 1)
    footer = "·".join(text for text in (*meaning.marks, meaning.watermark) if text)
    sheet.set_footer(f"&L{clean(footer).replace('&', '&&')[:200]}&R&P / &N")
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _width(column: Column, cells: list[Any]) -> int:
    """Wide enough for the heading and most cells, in characters; long text is left to overflow."""
    longest = max((width(f"{cell:.2f}" if isinstance(cell, float) else str(cell)) for cell in cells if cell is not None),
                  default=0)  # fmt: skip
    return max(8, min(48, max(longest, width(column.title)) + 3))


def _write_meaning(
    book: xlsxwriter.Workbook,
    looks: _Looks,
    meaning: Meaning,
    indicators: list[str],
    batches: list[dict[str, Any]],
    words: Words,
    *,
    is_empty: bool,
) -> None:
    sheet = book.add_worksheet(words("export.sheet.meaning"))
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 90)
    row = 0
    sheet.write_string(row, 0, words("export.line.title"), looks.name)
    sheet.write_string(row, 1, clean(meaning.title), looks.title)
    sheet.freeze_panes(1, 1)
    for mark in (*meaning.marks, meaning.watermark):
        if mark:
            row += 1
            sheet.write_string(row, 0, words("export.line.mark"), looks.name)
            sheet.write_string(row, 1, clean(mark), looks.mark)
    lines = [
        ("subtitle", meaning.subtitle),
        ("page", f"{meaning.page}（{meaning.card}）"),
        *((name, choice) for name, choice in meaning.filters),
        ("n", meaning.n),
        ("as_of", meaning.as_of),
        ("source", meaning.source),
        ("note", meaning.note),
        ("empty", words("export.nothing") if is_empty else ""),
        ("missing", words("export.missing_note")),
        ("address", meaning.address),
        ("stamp", f"{meaning.stamp:%Y-%m-%d %H:%M:%S}"),
    ]
    for name, text in lines:
        if text:
            row += 1
            title = words(f"export.line.{name}") if words.has(f"export.line.{name}") else name
            sheet.write_string(row, 0, clean(title), looks.name)
            sheet.write_string(row, 1, clean(text), looks.text)
    for key in indicators:
        row += 2
        sheet.write_string(row, 0, words("column.indicator"), looks.head)
        sheet.write_string(row, 1, words.of(INDICATORS[key]), looks.head)
        for name, text in definition_lines(INDICATORS[key], words).items():
            row += 1
            sheet.write_string(row, 0, words(f"definition.{name}"), looks.name)
            sheet.write_string(row, 1, clean(text), looks.text)
    if batches:
        row += 2
        sheet.write_string(row, 0, words("export.line.batches"), looks.head)
        sheet.write_string(row, 1, words("export.batches_behind"), looks.head)
    for batch in batches:
        row += 1
        sheet.write_string(row, 0, str(batch["batch"]), looks.name)
        text = words(
            "export.batch", file=batch["file"] or "—", when=str(batch["created_at"])[:19].replace("T", " "),
            actor=batch["actor"] or "—", sha256=(batch["sha256"] or "")[:16] or "—",
        )  # fmt: skip
        sheet.write_string(row, 1, clean(text), looks.text)
