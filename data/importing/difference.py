"""What an upload would change: rows that are new, rows whose key exists with other values, rows already there."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection, Table

from data.frames import as_dtype, dtype_of
from data.importing.bulk import current_of_same_key
from data.schema.columns import own_columns

# Where a row comes from, carried beside its own columns: number of the sheet in the upload, row in that sheet.
SHEET, ROW = "_sheet", "_row"


@dataclass(frozen=True)
class Difference:
    """Rows of one table, all with every own column plus `_sheet` and `_row`.

    Attributes:
        added: keys the store does not have.
        changed: keys it has with other values; `row_id` is the row they end.
        unchanged: keys it has with these very values; `row_id` is the row they confirm.
        ended: the current rows that `changed` ends, own columns only.
    """

    table: Table
    added: pd.DataFrame
    changed: pd.DataFrame
    unchanged: pd.DataFrame
    ended: pd.DataFrame


def difference(connection: Connection, table: Table, frame: pd.DataFrame) -> Difference:
    """Compare accepted rows with the store.

    Args:
        frame: unique by natural key; own columns (any subset that holds the key), `_sheet`, `_row`. A column that
            is absent keeps its stored value; an empty cell empties it.
    """
    own = own_columns(table)
    keys = list(table.info["key"])
    incoming = frame.reset_index(drop=True)
    current = current_of_same_key(connection, table, incoming)
    pairs = incoming[[*keys, SHEET, ROW]].merge(current, on=keys, how="left", suffixes=("", "_old"))
    known = pairs["row_id"].notna()
    full, same = {}, known.copy()
    for column in own:
        name, dtype = column.name, dtype_of(column)
        if name in keys:
            full[name] = incoming[name]
            continue
        old = pairs[name]
        if name not in incoming:
            absent = old if column.info["default"] is None else old.where(known, column.info["default"])
            full[name] = as_dtype(absent, dtype)
            continue
        new = incoming[name]
        full[name] = new
        equal = (new == old).fillna(False).astype(bool) | (new.isna() & old.isna())
        same &= equal
    whole = pd.DataFrame(full)
    whole[SHEET], whole[ROW], whole["row_id"] = incoming[SHEET], incoming[ROW], pairs["row_id"]
    moved = known & ~same
    ended = pairs.loc[moved, [c.name for c in own]]
    return Difference(table, whole[~known].drop(columns="row_id"), whole[moved], whole[same], ended)
