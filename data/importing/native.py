"""Sheets in our own form: which table they are, and which heading is which column."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd
from sqlalchemy import Table

from data.catalogue import MEASURES
from data.errors import nearest
from data.importing.grid import Grid
from data.importing.headings import SheetRefusedError, Tabular, normal, tabular, without_unit
from data.importing.monthly import MONTHLY, MonthlySheet, long_form, words_of
from data.importing.problems import Findings
from data.importing.rows import SheetRows, Target
from data.importing.values import typed
from data.schema import TABLES
from data.schema.columns import own_columns

# Sheets of the template and of annotated copies that hold no data.
PASSED_OVER = frozenset({"说明", "问题", "选项"})
_PHONE_OR_ID = re.compile(
    r"(?<!\d)(?:1[3-9]\d{9}|\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx])(?!\d)"
)

Form = Table | MonthlySheet


def heading_words(table: Table) -> dict[str, str]:
    """Normal heading → column, for every heading a sheet of `table` may use."""
    words: dict[str, str] = {}
    for column in own_columns(table):
        if not column.info["derived"]:
            for word in (column.name, *column.info["aliases"], column.info["zh"]):
                words[normal(word)] = column.name
    return words


def _words(form: Form) -> dict[str, str]:
    return words_of(form) if isinstance(form, MonthlySheet) else heading_words(form)


def _forms() -> dict[str, Form]:
    """Sheet title (normal) → form; a table by its Chinese title or its name."""
    found: dict[str, Form] = {}
    for name, table in TABLES.items():
        found[normal(str(table.info["zh"]))] = table
        found[name] = table
    found.update({sheet.title: sheet for sheet in MONTHLY})
    return found


def form_named(name: str) -> Form:
    """The table or monthly sheet called `name` (key or Chinese title). Raises SheetRefusedError."""
    forms = _forms()
    if normal(name) not in forms:
        guess = nearest(normal(name), forms, cutoff=0.4)
        raise SheetRefusedError(
            f"没有叫“{name}”的表", todo=f"是否想写“{guess}”" if guess else "请用模板里的表名", code="unknown_table"
        )
    return forms[normal(name)]


def read_native(file: int, grid: Grid, table: str | None) -> SheetRows | None:
    """A sheet in our own form with its cells typed; None for a sheet that holds no data by design or is empty.

    Raises:
        SheetRefusedError: the structure is wrong (codes of `headings`, `unknown_sheet`, `unknown_table`,
            `unknown_column`, `missing_column`).
    """
    if grid.name.strip() in PASSED_OVER or not grid.cells.notna().any().any():
        return None
    findings = Findings(grid.name)
    forms = _forms()
    chosen = form_named(table) if table else forms.get(normal(grid.name))
    known = set(_words(chosen)) if chosen is not None else {w for f in forms.values() for w in _words(f)}
    found = tabular(grid, known, findings, are_ours=True)
    form = chosen if chosen is not None else _by_headings(found)
    columns = match(found, _words(form), form)
    sheet = SheetRows(file, grid.name, found.cells, findings, heading_row=found.heading_row, positions=found.positions)
    if isinstance(form, MonthlySheet):
        sheet.targets = [long_form(form, found.cells, columns, findings)]
    else:
        sheet.targets = [typed_target(form, found.cells, columns, findings)]
    return sheet


def _by_headings(found: Tabular) -> Form:
    """The form whose headings fit best and whose required ones are all there."""
    best: tuple[float, Form] | None = None
    given = [normal(h) for h in found.cells.columns]
    for form in _forms().values():
        words = _words(form)
        hits = {words[w] for g in given for w in (g, without_unit(g)) if w in words}
        if _required(form) - hits:
            continue
        score = len(hits) / len(given) + len(hits) / 1000
        if best is None or score > best[0]:
            best = (score, form)
    if best is None or best[0] < 0.5:
        titles = [str(t.info["zh"]) for t in TABLES.values()] + [s.title for s in MONTHLY]
        guess = nearest(found.name, titles, cutoff=0.4)
        raise SheetRefusedError(
            f"认不出工作表“{found.name}”是哪一张表", why="表名和表头都与模板不符",
            todo=(f"表名是否想写“{guess}”；" if guess else "") + "请用模板里的表名，或用 --table 指定，或配一个映射文件",
            code="unknown_sheet",
        )  # fmt: skip
    return best[1]


def _required(form: Form) -> set[str]:
    if isinstance(form, MonthlySheet):
        return {"unit_id", "month"}
    return {c.name for c in own_columns(form) if c.info["required"] and not c.info["derived"]}


def match(found: Tabular, words: Mapping[str, str], form: Form) -> dict[str, str]:
    """Heading → column. Raises SheetRefusedError for a heading that is none, one given twice, one missing."""
    columns: dict[str, str] = {}
    for heading in found.cells.columns:
        what = words.get(normal(heading)) or words.get(without_unit(heading))
        if what is None:
            titles = _titles(form)
            guess = nearest(without_unit(heading), titles, cutoff=0.4)
            raise SheetRefusedError(
                f"没有叫“{heading}”的列", column=heading, why="列名与模板不符，不能丢掉也不能猜",
                todo=f"是否想写“{guess}”；用不上的列请删去" if guess else "请对照模板改名，用不上的列请删去",
                code="unknown_column",
            )  # fmt: skip
        if what in columns.values():
            other = next(h for h, w in columns.items() if w == what)
            raise SheetRefusedError(
                f"“{heading}”与“{other}”是同一列", column=heading, why="不知道以哪一列为准", todo="请删去其中一列",
                code="duplicate_heading",
            )  # fmt: skip
        columns[heading] = what
    missing = _required(form) - set(columns.values())
    if missing:
        titles = _titles(form)
        lacking = "、".join(f"“{t}”" for t, name in titles.items() if name in missing)
        raise SheetRefusedError(
            f"缺少必填的列 {lacking}", column=lacking.strip("“”"), todo="请从模板补上这些列", code="missing_column"
        )
    return columns


def _titles(form: Form) -> dict[str, str]:
    """Chinese headings → column, one each."""
    if isinstance(form, MonthlySheet):
        return {form.id_heading: "unit_id", "月份": "month", **{
            m.zh: m.key for m in MEASURES.values() if m.observed and form.kind in m.units
        }}  # fmt: skip
    return {str(c.info["zh"]): c.name for c in own_columns(form) if not c.info["derived"]}


def typed_target(
    table: Table, cells: pd.DataFrame, columns: Mapping[str, str], findings: Findings, *, repeats: bool = False
) -> Target:
    """The rows `cells` gives to `table`.

    Args:
        columns: heading in `cells` → column of `table`.
    """
    frame = {}
    for heading, name in columns.items():
        text = cells[heading]
        if table.name == "observation" and name == "measure":
            text = text.str.strip().replace({m.zh: m.key for m in MEASURES.values()})
        frame[name] = typed(text, table.c[name], findings, heading)
    values = pd.DataFrame(frame, index=cells.index)
    _refuse_personal_values(table, values, {n: h for h, n in columns.items()}, findings)
    return Target(table, values, {name: heading for heading, name in columns.items()}, repeats)


def _refuse_personal_values(
    table: Table, values: pd.DataFrame, headings: Mapping[str, str], findings: Findings
) -> None:
    """Free text must not carry a phone or identity number either."""
    for name in ("name", "title", "owner_post", "source", "scope", "round"):
        if name in values and name in table.c:
            found = values[name].str.contains(_PHONE_OR_ID, regex=True, na=False)
            findings.add(
                values.index[found], headings[name], ["（已隐去）"] * int(found.sum()), "personal_value",
                f"“{headings[name]}”里有手机号或身份证号；本系统不保存个人信息，请删去",
            )  # fmt: skip
