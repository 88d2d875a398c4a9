"""The import workbook: a sheet a table, generated from the schema and the catalogue."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pandas as pd
import xlsxwriter
from sqlalchemy import Boolean, Column, Date, DateTime, Float, Integer, Table

from data.importing.choices import offered
from data.importing.headings import HELP_MARK
from data.importing.monthly import MONTH_HEADING, MONTHLY, MonthlySheet, heading_of, measures_of
from data.schema import TABLES
from data.schema.columns import own_columns
from data.schema.registers import MONTH

# Tables that people do not fill in as sheets: shapes come as map files, observations as monthly sheets.
NO_SHEET = frozenset({"area_shape", "observation"})
ROWS_WITH_CHOICES = 5_000
# Written into the file, so that the same schema gives the same bytes.
FIXED_TIME = datetime(2026, 1, 1)  # noqa: DTZ001 - xlsx keeps times without zone

_INTRODUCTION = (
    "怎样填写",
    "1. 一张工作表是一类数据；用不上的工作表留空即可，不要改工作表名和表头。",
    "2. 表头下面的灰色说明行可以保留，也可以删去。标 * 的列必填。",
    "3. 不清楚的格子留空，表示“未上报”；填 0 表示确实是零。两者不一样。",
    "4. 日期写成 2024-03-05，时间写成 2024-03-05 09:30，月份写成 2024-03。",
    "5. 是/否类的格子填 是/否、有/无 或 1/0。",
    "6. 不要填姓名、身份证、电话、住址等个人信息；出现这类列，整张表都不接收。",
    "7. 坐标用 CGCS2000（EPSG:4490）经纬度；百度、高德的坐标请在导入时声明。",
    "8. 边界图形用 GeoJSON、GeoPackage 或打包的 Shapefile 另行导入。",
)


def sheet_tables() -> list[Table]:
    """The tables that have a sheet, in import order."""
    return [t for name, t in TABLES.items() if name not in NO_SHEET]


def heading(column: Column[Any]) -> str:
    """A column's heading: title and unit."""
    unit = column.info["unit"]
    return f"{column.info['zh']}（{unit}）" if unit else str(column.info["zh"])


def sheet_columns(table: Table) -> list[Column[Any]]:
    """The columns of a table's sheet."""
    return [c for c in own_columns(table) if not c.info["derived"]]


def help_text(column: Column[Any]) -> str:
    """What to put into a column, in a few words."""
    parts = ["必填" if column.info["required"] else "可空"]
    if column.info["refers"]:
        parts.append(f"须在{TABLES[column.info['refers']].info['zh']}表中")
    if column.info["choices"] is not None:
        parts.append("从下拉中选")
    elif isinstance(column.type, Boolean):
        parts.append("是/否")
    elif isinstance(column.type, DateTime):
        parts.append("如 2024-03-05 09:30")
    elif isinstance(column.type, Date):
        parts.append("如 2024-03-05")
    elif isinstance(column.type, Integer):
        parts.append("整数")
    elif isinstance(column.type, Float):
        parts.append("数字")
    elif column.info["pattern"] == MONTH:
        parts.append("如 2024-03")
    return "，".join(parts)


def write_template() -> bytes:
    """The empty workbook."""
    return write_workbook({}, with_help=True)


def write_workbook(contents: dict[str, pd.DataFrame], *, with_help: bool) -> bytes:
    """A workbook in the template's shape.

    Args:
        contents: sheet title → rows as text, numbers and times, columns in the sheet's order; without one a sheet
            is empty. With `contents`, sheets that have no rows are left out.
        with_help: write the help row under the headings.
    """
    target = io.BytesIO()
    # Text that begins with “=” stays text; no link or formula is ever made of a cell's content.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"created": FIXED_TIME, "title": "导入模板"})
        styles = _Styles(book)
        _write_introduction(book, styles)
        for table in sheet_tables():
            title = str(table.info["zh"])
            if contents and title not in contents:
                continue
            columns = sheet_columns(table)
            heads = [(heading(c), c.info["required"], help_text(c), _words(c)) for c in columns]
            _write_sheet(book, styles, title, heads, contents.get(title), with_help=with_help)
        for sheet in MONTHLY:
            heads = monthly_heads(sheet)
            if len(heads) > 2 and (not contents or sheet.title in contents):
                _write_sheet(book, styles, sheet.title, heads, contents.get(sheet.title), with_help=with_help)
    return target.getvalue()


Head = tuple[str, bool, str, list[str]]


def monthly_heads(sheet: MonthlySheet) -> list[Head]:
    """Heading, whether it is required, help and choices of every column of a monthly sheet."""
    heads: list[Head] = [
        (sheet.id_heading, True, "必填，须在登记表中", []), (MONTH_HEADING, True, "必填，如 2024-03", []),
    ]  # fmt: skip
    for m in measures_of(sheet):
        pair = "，与对应项同时填报" if m.pair else ""
        note = "有/无，不清楚留空" if m.is_flag else f"{'整数' if m.is_integer else '数字'}{pair}"
        heads.append((heading_of(m), False, note, ["有", "无"] if m.is_flag else []))
    return heads


def _words(column: Column[Any]) -> list[str]:
    return ["是", "否"] if isinstance(column.type, Boolean) else offered(column)


class _Styles:
    def __init__(self, book: xlsxwriter.Workbook) -> None:
        head = {"bold": True, "text_wrap": True, "valign": "top", "border": 1, "border_color": "#c8ccd0"}
        self.required = book.add_format({**head, "bg_color": "#fde2dc"})
        self.optional = book.add_format({**head, "bg_color": "#eef1f4"})
        self.help = book.add_format({"font_color": "#6b7280", "italic": True, "text_wrap": True, "valign": "top"})
        self.text = book.add_format({"num_format": "@"})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss.000"})
        self.title = book.add_format({"bold": True, "font_size": 14})


def _write_introduction(book: xlsxwriter.Workbook, styles: _Styles) -> None:
    sheet = book.add_worksheet("说明")
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)
    for row, line in enumerate(_INTRODUCTION):
        sheet.write_string(row, 0, line, styles.title if row == 0 else None)
    row = len(_INTRODUCTION) + 1
    sheet.write_string(row, 0, "工作表", styles.optional)
    sheet.write_string(row, 1, "一行是什么", styles.optional)
    for table in sheet_tables():
        row += 1
        key = "、".join(str(table.c[k].info["zh"]) for k in table.info["key"])
        sheet.write_string(row, 0, str(table.info["zh"]))
        sheet.write_string(row, 1, f"由“{key}”区分；同一{key}再次导入会更新原来的行")
    for monthly in MONTHLY:
        if measures_of(monthly):
            row += 1
            sheet.write_string(row, 0, monthly.title)
            sheet.write_string(row, 1, f"每个{monthly.id_heading[:-2]}每月一行；没有填的格子就是未上报")


def _write_sheet(
    book: xlsxwriter.Workbook,
    styles: _Styles,
    title: str,
    heads: Sequence[Head],
    content: pd.DataFrame | None,
    *,
    with_help: bool,
) -> None:
    sheet = book.add_worksheet(title)
    sheet.freeze_panes(1, 1)
    first = 2 if with_help else 1
    for column, (text, required, note, words) in enumerate(heads):
        sheet.write_string(
            0, column, f"{text} *" if required else text, styles.required if required else styles.optional
        )
        sheet.set_column(
            column, column, max(10, min(24, 2 * len(text) + 2)), styles.text if "如 2024-03" in note else None
        )
        if with_help:
            sheet.write_string(1, column, f"{HELP_MARK}：{note}" if column == 0 else note, styles.help)
        if words:
            rule = {
                "validate": "list", "source": words, "error_title": "不在可选项中", "error_type": "warning",
                "error_message": "请从下拉中选择"[:255],
            }  # fmt: skip
            sheet.data_validation(first, column, first + ROWS_WITH_CHOICES, column, rule)
    if content is not None:
        for row, values in enumerate(content.itertuples(index=False, name=None), first):
            for column, value in enumerate(values):
                _write_cell(sheet, styles, row, column, value)


def _write_cell(sheet: Any, styles: _Styles, row: int, column: int, value: Any) -> None:
    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and value != value):
        return
    if isinstance(value, str):
        sheet.write_string(row, column, value)
    elif isinstance(value, datetime):
        whole_day = (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0)
        sheet.write_datetime(row, column, value.replace(tzinfo=None), styles.day if whole_day else styles.time)
    else:
        sheet.write_number(row, column, value)
