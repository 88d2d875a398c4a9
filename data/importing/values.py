"""From the text of a cell to the value a column keeps, column by column, with every cell that does not fit.

All readers give text; numbers, dates and flags are recognised here and nowhere else, so a csv file and a workbook
with the same content give the same rows.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Boolean, Column, Date, DateTime, Float, Integer, LargeBinary, String

from data.errors import nearest
from data.frames import as_dtype, dtype_of
from data.importing.choices import FALSE_WORDS, TRUE_WORDS, offered, stored_by_word
from data.importing.problems import Findings
from data.schema.registers import MONTH

Series = pd.Series

# C0 and C1 controls, zero-width and direction marks, and what XML cannot carry.
INVISIBLE = "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
EARLIEST, LATEST = pd.Timestamp("1949-10-01"), pd.Timestamp("2099-12-31")
# Judged as a pair, after the whole row is read (`places`).
COORDINATES = frozenset({"lon", "lat"})


def typed(cells: Series, column: Column[Any], findings: Findings, heading: str) -> Series:
    """The values of `cells` in the dtype of `column`; cells that do not fit become missing and are reported.

    Args:
        cells: text (missing = empty cell), or values already typed when they come from code. Index: source rows.
        heading: how the file calls the column, for messages.
    """
    kind = column.type
    if isinstance(kind, LargeBinary):
        return cells.astype(object)
    is_text = _is_text(cells)
    if is_text:
        cells = stripped(cells)
    if not is_text:
        values = _from_typed(cells, column, findings, heading)
    elif isinstance(kind, Boolean):
        values = flags(cells, findings, heading)
    elif isinstance(kind, Integer | Float):
        values = numbers(cells, findings, heading, unit=column.info["unit"], whole=isinstance(kind, Integer))
    elif isinstance(kind, Date | DateTime):
        values = _dates(cells, findings, heading, time=isinstance(kind, DateTime))
    else:
        values = _strings(cells, column, findings, heading)
    if isinstance(kind, Float):
        values = spreadsheet_precision(values)
    if column.info["default"] is not None:
        values = values.fillna(column.info["default"])
    if isinstance(kind, Integer | Float) and not isinstance(kind, Boolean) and column.name not in COORDINATES:
        in_range(values, findings, heading, low=column.info["low"], high=column.info["high"], unit=column.info["unit"])
    if isinstance(kind, Date | DateTime):
        _possible_dates(values, findings, heading)
    if column.info["required"]:
        given = values.notna() | cells.notna()
        rows = values.index[~given]
        findings.add(rows, heading, None, "missing_value", f"“{heading}”是必填项，不能为空；请补填后再导入")
    return as_dtype(values, dtype_of(column))


def _is_text(cells: Series) -> bool:
    if isinstance(cells.dtype, pd.StringDtype):
        return True
    return cells.dtype == object and bool(cells.dropna().map(lambda v: isinstance(v, str)).all())


def _from_typed(cells: Series, column: Column[Any], findings: Findings, heading: str) -> Series:
    try:
        return as_dtype(cells, dtype_of(column))
    except (TypeError, ValueError):
        text = cells.map(lambda v: None if pd.isna(v) else str(v)).astype("str")
        return typed(text, column, findings, heading)


def stripped(cells: Series) -> Series:
    """Text without white space around it; nothing left is a missing cell."""
    text = cells.astype("str").str.strip()
    return text.where(text != "", np.nan)


def numbers(cells: Series, findings: Findings, heading: str, *, unit: str = "", whole: bool = False) -> Series:
    """float64 numbers of text; thousands separators and full-width digits are understood, units are not."""
    values = pd.to_numeric(cells, errors="coerce").astype("float64")
    odd = cells.notna() & ~np.isfinite(values)
    if odd.any():
        plain = cells[odd].map(lambda v: unicodedata.normalize("NFKC", v).strip().replace(",", "").replace(" ", ""))
        again = pd.to_numeric(
            plain.where(plain.str.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")), errors="coerce"
        )
        values = values.where(~odd, again.reindex(values.index))
        bad = odd & ~np.isfinite(values)
        what = f"应填数字（单位：{unit}），不要带单位或文字" if unit else "应填数字，不要带单位或文字"
        findings.add(
            values.index[bad], heading, cells[bad], "not_a_number", lambda v: f"“{v}”不是数字；“{heading}”{what}"
        )
        values = values.where(~bad)
    if whole:
        broken = values.notna() & (values != np.floor(values))
        findings.add(
            values.index[broken], heading, cells[broken], "not_an_integer",
            lambda v: f"“{v}”不是整数；“{heading}”按个数统计，请填整数",
        )  # fmt: skip
        values = values.where(~broken)
    return values


def spreadsheet_precision(values: Series) -> Series:
    """Numbers with the 15 significant digits a spreadsheet keeps, so that a workbook gives back what went into it."""
    fractional = values.notna() & (values != np.floor(values))
    if not fractional.any():
        return values
    return values.mask(fractional, values[fractional].map(lambda v: float(f"{v:.15g}")))


def in_range(
    values: Series, findings: Findings, heading: str, *, low: float | None, high: float | None, unit: str = ""
) -> None:
    """Report numbers below `low` or above `high`."""
    lower = float("-inf") if low is None else low
    upper = float("inf") if high is None else high
    plain = values.astype("float64")
    out = plain.notna() & ((plain < lower) | (plain > upper))
    if out.any():
        if low is None:
            limits = f"不大于 {upper:g}"
        else:
            limits = f"不小于 {lower:g}" if high is None else f"在 {lower:g} 到 {upper:g} 之间"
        suffix = f"（单位：{unit}）" if unit else ""
        findings.add(
            values.index[out], heading, plain[out].map("{:g}".format), "out_of_range",
            lambda v: f"{v} 超出范围；“{heading}”应{limits}{suffix}，请核对是否填错位数或单位",
        )  # fmt: skip


def flags(cells: Series, findings: Findings, heading: str) -> Series:
    """`boolean` values of 是/否, 有/无, 1/0 and their like."""
    lowered = cells.str.lower()
    values = pd.Series(pd.NA, index=cells.index, dtype="boolean")
    values[lowered.isin(TRUE_WORDS | {"1.0"})] = True
    values[lowered.isin(FALSE_WORDS | {"0.0"})] = False
    bad = cells.notna() & values.isna()
    findings.add(
        cells.index[bad], heading, cells[bad], "not_a_flag",
        lambda v: f"“{v}”看不出是有还是无；“{heading}”请填 是/否、有/无 或 1/0，不清楚就留空（未上报）",
    )  # fmt: skip
    return values


def _dates(cells: Series, findings: Findings, heading: str, *, time: bool) -> Series:
    values = pd.to_datetime(cells, format="ISO8601", errors="coerce").astype("datetime64[us]")
    # ISO readers take 20240105 and 2024 too; a bare number is more likely a mistake than a date.
    bare = cells.notna() & cells.str.fullmatch(r"[+-]?\d+(\.\d+)?") & ~cells.str.fullmatch(r"\d{8}")
    values = values.where(~bare)
    odd = cells.notna() & values.isna() & ~bare
    if odd.any():
        plain = cells[odd].map(_iso_like)
        again = pd.to_datetime(plain, format="ISO8601", errors="coerce").astype("datetime64[us]")
        values = values.where(~odd, again.reindex(values.index))
    bad = cells.notna() & values.isna()
    example = "2024-03-05 09:30" if time else "2024-03-05"
    findings.add(
        cells.index[bad], heading, cells[bad], "not_a_date",
        lambda v: f"“{v}”不是日期或日期不存在；“{heading}”请按 {example} 的样子填写，表格里请把单元格设为日期格式",
    )  # fmt: skip
    return values if time else values.dt.normalize()


def _iso_like(text: str) -> str:
    """2024年3月5日, 2024/3/5 and 2024.3.5 as 2024-03-05; anything else as it is."""
    plain = unicodedata.normalize("NFKC", text).strip().replace("日", " ").replace("时", ":").replace("分", "")
    found = re.fullmatch(
        r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})(?:[ T]+(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?)?\s*", plain
    )
    if not found:
        return text
    y, m, d, *clock = found.groups()
    day = f"{y}-{int(m):02d}-{int(d):02d}"
    return day if clock[0] is None else f"{day}T{int(clock[0]):02d}:{int(clock[1]):02d}:{int(clock[2] or 0):02d}"


def _possible_dates(values: Series, findings: Findings, heading: str) -> None:
    out = values.notna() & ((values < EARLIEST) | (values > LATEST))
    findings.add(
        values.index[out], heading, values[out].dt.strftime("%Y-%m-%d"), "impossible_date",
        lambda v: f"日期 {v} 不可能：应在 1949-10-01 到 2099-12-31 之间；表格常把空值或普通数字存成 1900 年或 1904 年的"
        "日期，请核对后改正或留空",
    )  # fmt: skip


def month_text(cells: Series) -> Series:
    """`YYYY-MM` of text that is a month or a day of it, unchanged where it is neither."""
    found = cells.str.extract(r"^\s*(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*(?:[-/.月]\s*(?:\d{1,2}日?(?:[ T].*)?)?)?$")
    good = found[0].notna()
    made = found[0] + "-" + found[1].str.zfill(2)
    return cells.where(~good, made)


def _strings(cells: Series, column: Column[Any], findings: Findings, heading: str) -> Series:
    values = cells
    unseen = values.str.contains(INVISIBLE, regex=True, na=False)
    if unseen.any():
        findings.add(
            values.index[unseen], heading, values[unseen].map(ascii), "control_character",
            f"“{heading}”里有看不见的控制字符（常见于网页复制或系统导出），请删去后重新输入",
        )  # fmt: skip
        values = values.where(~unseen)
    if column.info["choices"] is not None:
        return _chosen(values, column, findings, heading)
    if column.info["pattern"] == MONTH:
        values = month_text(values)
    if column.info["pattern"]:
        bad = values.notna() & ~values.str.fullmatch(column.info["pattern"]).fillna(False).astype(bool)
        form = "请写成 2024-03 的样子" if column.info["pattern"] == MONTH else "请填官方代码（只含数字）"
        findings.add(
            values.index[bad], heading, values[bad], "wrong_form", lambda v: f"“{v}”写法不对；“{heading}”{form}"
        )
        values = values.where(~bad)
    limit = column.type.length if isinstance(column.type, String) else None
    if limit:
        long = values.notna() & (values.str.len() > limit)
        findings.add(
            values.index[long], heading, values[long], "too_long", f"文字太长；“{heading}”最多 {limit} 个字，请缩短"
        )
        values = values.where(~long)
    return values


def _chosen(values: Series, column: Column[Any], findings: Findings, heading: str) -> Series:
    words = stored_by_word(column)
    stored = values.map(words)
    bad = values.notna() & stored.isna()
    if bad.any():
        allowed = offered(column)

        def message(value: str) -> str:
            guess = nearest(value, allowed, cutoff=0.3)
            hint = f"；是否想写“{guess}”" if guess else ""
            return f"“{value}”不在“{heading}”的可选项中（{'、'.join(allowed)}）{hint}"

        findings.add(values.index[bad], heading, values[bad], "unknown_choice", message)
    return stored
