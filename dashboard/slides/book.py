"""The workbook inside a chart: its numbers, and beside them what they mean and where they come from."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from dashboard.slides.packing import repacked
from dashboard.slides.text import clean
from dashboard.slides.types import Sheet
from dashboard.wording import Words

# A cell holds no more.
_LONGEST = 32_000
_EPOCH = date(1899, 12, 30)


@dataclass(frozen=True)
class Column:
    """A column written: the references of its heading and of its cells."""

    head: str
    cells: str


class Book:
    """Columns of the first sheet, written one after the other; the second sheet explains them."""

    def __init__(self, sheet: Sheet, words: Words) -> None:
        self._sheet, self._words = sheet, words
        self._name = words("slide.sheet_data")
        self._columns: list[tuple[str, list[Any], str]] = []

    def column(self, head: str, values: Sequence[Any], style: str = "") -> Column:
        """Add a column; `values` are texts, numbers, dates or None, `style` a number format."""
        at = xl_col_to_name(len(self._columns), col_abs=True)
        self._columns.append((head, list(values), style))
        name = self._name.replace("'", "''")
        return Column(f"'{name}'!{at}$1", f"'{name}'!{at}$2:{at}${len(values) + 1}")

    def to_bytes(self) -> bytes:
        """The workbook; equal columns and sheets give equal bytes."""
        out = io.BytesIO()
        options = {
            "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
            "nan_inf_to_errors": False,
        }  # fmt: skip
        book = xlsxwriter.Workbook(out, options)
        book.set_properties({"created": self._sheet.stamp.replace(microsecond=0, tzinfo=None)})
        data = book.add_worksheet(self._name)
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        for at, (head, values, style) in enumerate(self._columns):
            data.write_string(0, at, clean(head)[:_LONGEST], bold)
            look = book.add_format({"num_format": style}) if style else None
            for row, value in enumerate(values, start=1):
                _write(data, row, at, value, look)
            longest = max((len(str(value)) for value in values if isinstance(value, str)), default=8)
            data.set_column(at, at, min(max(longest * 1.8, 9), 40))
        data.freeze_panes(1, 1)
        self._explain(book, bold)
        book.close()
        return repacked(out.getvalue())

    def _explain(self, book: Any, bold: Any) -> None:
        words, sheet = self._words, self._sheet
        page = book.add_worksheet(words("slide.sheet_meaning"))
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        facts = [
            ("slide.title", sheet.title), ("slide.subtitle", sheet.subtitle), ("slide.n", sheet.n), ("slide.as_of", sheet.as_of),
            ("definition.source", sheet.source), ("slide.filters", sheet.filters),
        ]  # fmt: skip
        row = 0
        for key, text in facts:
            if text:
                page.write_string(row, 0, words(key), bold)
                page.write_string(row, 1, clean(text)[:_LONGEST], wrapped)
                row += 1
        if sheet.definitions:
            row += 1
            heads = ("key", "what", "unit", "numerator", "denominator", "source")
            page.write_string(row, 0, words("column.indicator"), bold)
            for at, head in enumerate(heads, start=1):
                page.write_string(row, at, words(f"definition.{head}"), bold)
            for entry in sheet.definitions:
                row += 1
                cells = (
                    entry.title,
                    entry.key,
                    entry.text,
                    entry.unit,
                    entry.numerator,
                    entry.denominator,
                    entry.source,
                )
                for at, cell in enumerate(cells):
                    page.write_string(row, at, clean(cell)[:_LONGEST], wrapped)
        page.set_column(0, 0, 18)
        page.set_column(1, 1, 40)
        page.set_column(2, 6, 30)


def serial(day: date) -> int:
    """A date as workbooks count it."""
    return (day - _EPOCH).days


def _write(page: Any, row: int, at: int, value: Any, look: Any) -> None:
    if value is None:
        return
    if isinstance(value, date):
        page.write_number(row, at, serial(value), look)
    elif isinstance(value, int | float):
        page.write_number(row, at, value, look)
    else:
        page.write_string(row, at, clean(value)[:_LONGEST])
