"""Everything that is checked about an upload once its cells are typed, and what it would change in the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from sqlalchemy import Connection

from data.catalogue import MEASURES
from data.catalogue.types import Measure
from data.frames import missing_values
from data.importing.checks import check_across, check_rules
from data.importing.difference import Difference, difference
from data.importing.duplicates import check_duplicates
from data.importing.observations import check_observations
from data.importing.references import check_references
from data.importing.rows import SheetRows, Target
from data.schema import TABLES


def examine(connection: Connection, sheets: Sequence[SheetRows], *, measures: Mapping[str, Measure] = MEASURES) -> None:
    """Add to each sheet's findings what its rows break: rules, duplicate keys, references that lead nowhere."""
    uploads = [(sheet, target) for sheet in sheets for target in sheet.targets]
    for sheet, target in uploads:
        check_rules(sheet, target)
        if target.table.name == "observation":
            check_observations(connection, sheet, target, measures)
    for name in TABLES:
        check_duplicates([u for u in uploads if u[1].table.name == name])
    check_across(connection, uploads)
    check_references(connection, sheets)


def accepted_by_table(sheets: Sequence[SheetRows]) -> dict[str, pd.DataFrame]:
    """The accepted rows of an upload by table, one row per natural key, with `_sheet` and `_row`."""
    parts: dict[str, list[pd.DataFrame]] = {}
    for number, sheet in enumerate(sheets):
        if sheet.refused_whole:
            continue
        for target in sheet.targets:
            rows = sheet.accepted_rows(target)
            key = list(target.table.info["key"])
            rows = rows.assign(_sheet=number, _row=rows.index)
            if target.repeats:
                rows = _first_given(rows[rows[key[0]].notna()], key)
            parts.setdefault(target.table.name, []).append(rows)
    found = {}
    for name in TABLES:
        if name in parts:
            whole = pd.concat(parts[name], ignore_index=True)
            key = list(TABLES[name].info["key"])
            for column in key:
                if column not in whole:
                    whole[column] = missing_values(TABLES[name].c[column], whole.index)
            found[name] = _first_given(whole, key)
    return found


def _first_given(rows: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """One row per key; each column has the first value any of the key's rows gives."""
    if rows.empty or not rows.duplicated(key).any():
        return rows
    return rows.groupby(key, sort=False, dropna=False).first().reset_index()[list(rows.columns)]


def differences(connection: Connection, sheets: Sequence[SheetRows]) -> list[Difference]:
    """What the accepted rows would change, in the order in which tables must be written."""
    return [difference(connection, TABLES[name], frame) for name, frame in accepted_by_table(sheets).items()]


def uploads_of(sheets: Sequence[SheetRows], table: str) -> list[tuple[SheetRows, Target]]:
    """The sheets that give rows to `table`."""
    return [(s, t) for s in sheets for t in s.targets if t.table.name == table]
