"""A copy of the uploaded files as one workbook, bad cells coloured, each with its reason, and a list of them all."""

from __future__ import annotations

import io

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from data.importing.preview import Preview
from data.importing.problems import Problem
from data.importing.rows import SheetRows

BAD = PatternFill("solid", fgColor="FFF3B0B0")
BAD_ROW = PatternFill("solid", fgColor="FFFDE9E7")
MAX_LISTED = 100_000
_PROBLEM_HEADS = ("文件", "工作表", "行", "列", "内容", "原因与处理")


def annotate(preview: Preview) -> bytes:
    """The workbook: sheet 问题 first, then every sheet as it was read with row numbers kept."""
    book = Workbook(write_only=True)
    listed = book.create_sheet("问题")
    listed.append([_bold(listed, text) for text in _PROBLEM_HEADS])
    count = 0
    for file in preview.files:
        if file.refusal is not None:
            listed.append(_texts(listed, [file.facts.name, "", "", "", "", str(file.refusal)]))
        for sheet in file.sheets:
            for p in sheet.findings.sorted()[: MAX_LISTED - count]:
                count += 1
                where = [file.facts.name, p.sheet, "" if p.row is None else str(p.row), p.column or "", p.value or ""]
                listed.append(_texts(listed, [*where, p.message]))
    taken = {"问题"}
    for sheet in preview.sheets:
        if len(sheet.raw.columns):
            _copy(book, sheet, taken)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _copy(book: Workbook, sheet: SheetRows, taken: set[str]) -> None:
    out = book.create_sheet(_title(sheet.sheet, taken))
    headings = [str(h) for h in sheet.raw.columns]
    problems = sheet.findings.by_row()
    start = max(sheet.heading_row, 1)
    for _ in range(start - 1):
        out.append([])
    out.append([_bold(out, h) for h in headings])
    # Row numbers stay those of the file, so that the list of problems fits the copy.
    at = start
    for row, values in zip(sheet.raw.index, sheet.raw.itertuples(index=False, name=None), strict=True):
        while at < int(row) - 1:
            out.append([])
            at += 1
        out.append(_row(out, headings, values, problems.get(int(row), [])))
        at += 1


def _row(out: object, headings: list[str], values: tuple[object, ...], problems: list[Problem]) -> list[Cell]:
    by_column: dict[str | None, list[str]] = {}
    for p in problems:
        by_column.setdefault(p.column if p.column in headings else None, []).append(p.message)
    cells = []
    for number, (head, value) in enumerate(zip(headings, values, strict=True)):
        cell = _text(out, "" if pd.isna(value) else str(value))  # type: ignore[call-overload]
        reasons = by_column.get(head, []) + (by_column.get(None, []) if number == 0 else [])
        if reasons:
            cell.fill = BAD
            cell.comment = Comment("\n".join(reasons)[:2000], "检查")
        elif problems:
            cell.fill = BAD_ROW
        cells.append(cell)
    return cells


def _title(name: str, taken: set[str]) -> str:
    base = "".join("_" if c in "[]:*?/\\'" else c for c in name)[:28] or "表"
    title, number = base, 2
    while title in taken:
        title, number = f"{base}{number}", number + 1
    taken.add(title)
    return title


def _text(out: object, value: str) -> Cell:
    cell = WriteOnlyCell(out, value=ILLEGAL_CHARACTERS_RE.sub("�", value)[:32_000])
    # Text that begins with “=” must stay text in the copy.
    cell.data_type = "s"
    return cell


def _texts(out: object, values: list[str]) -> list[Cell]:
    return [_text(out, v) for v in values]


def _bold(out: object, value: str) -> Cell:
    cell = _text(out, value)
    cell.font = Font(bold=True)
    return cell
