"""From the store to a workbook in the template's shape; importing it again changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd
from sqlalchemy import Boolean, Connection, Table

from data.catalogue import MEASURES
from data.frames import read_current
from data.importing.choices import word_by_stored
from data.importing.monthly import MONTHLY, MonthlySheet, measures_of
from data.importing.template import heading, sheet_columns, sheet_tables, write_workbook
from data.schema import observation


def export_store(
    connection: Connection, *, tables: Sequence[str] | None = None,
    keep: Callable[[str, pd.DataFrame], pd.DataFrame] | None = None,
) -> bytes:  # fmt: skip
    """The current rows as a workbook.

    Args:
        tables: names of the tables to write (`observation` for the monthly sheets), all if None.
        keep: cuts the rows of a table to those that may be written; all if None.
    """
    kept = keep or (lambda _, rows: rows)
    contents: dict[str, pd.DataFrame] = {}
    for table in sheet_tables():
        if tables is None or table.name in tables:
            rows = sheet_rows(table, kept(table.name, read_current(connection, table)))
            if len(rows):
                contents[str(table.info["zh"])] = rows
    if tables is None or "observation" in tables:
        whole = kept("observation", read_current(connection, observation))
        for sheet in MONTHLY:
            rows = monthly_rows(sheet, whole)
            if len(rows):
                contents[sheet.title] = rows
    return write_workbook(contents, with_help=not contents)


def sheet_rows(table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """Rows of `table` as its sheet shows them: headings, words for choices and flags."""
    shown = {}
    for column in sheet_columns(table):
        values = frame[column.name]
        if isinstance(column.type, Boolean):
            values = values.map({True: "是", False: "否"})
        elif column.info["choices"] is not None:
            values = values.map(word_by_stored(column))
        shown[heading(column)] = values.astype(object).where(values.notna(), None)
    return pd.DataFrame(shown, dtype=object)


def monthly_rows(sheet: MonthlySheet, observations: pd.DataFrame) -> pd.DataFrame:
    """Observations of one kind of unit as the wide monthly sheet."""
    part = observations[observations["unit_kind"] == sheet.kind.value]
    keys = [m.key for m in measures_of(sheet)]
    part = part[part["measure"].isin(keys)]
    if part.empty:
        return pd.DataFrame()
    wide = part.pivot(index=["unit_id", "month"], columns="measure", values="value").reindex(columns=keys)
    for key in keys:
        if MEASURES[key].is_flag:
            wide[key] = wide[key].map({1.0: "有", 0.0: "无"})
    flat = wide.reset_index().astype(object)
    return flat.where(flat.notna(), None)
