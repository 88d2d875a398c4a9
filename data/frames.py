"""The one shape a table's rows have as a pandas DataFrame, whichever store or file they come from.

Strings are `str`, integers `Int64`, floats `float64`, booleans `boolean`, dates and times `datetime64[us]`, geometry
`object` (WKB bytes); missing is missing in all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    Table,
    select,
)

from data.schema.columns import own_columns

PROVENANCE = ("row_id", "batch_id", "sheet_id", "source_row", "superseded_by")


def dtype_of(column: Column[Any]) -> str:
    """The pandas dtype that `column`'s values have in every frame."""
    kind = column.type
    if isinstance(kind, Boolean):
        return "boolean"
    if isinstance(kind, Integer):
        return "Int64"
    if isinstance(kind, Float):
        return "float64"
    if isinstance(kind, Date | DateTime):
        return "datetime64[us]"
    if isinstance(kind, LargeBinary):
        return "object"
    return "str"


def as_dtype(values: pd.Series, dtype: str) -> pd.Series:
    """`values` in one of the dtypes of `dtype_of`; None, NaN and NaT become that dtype's missing value."""
    if str(values.dtype) == dtype:
        return values
    if dtype == "object":
        return values.astype(object)
    if dtype == "datetime64[us]":
        return pd.to_datetime(values).astype("datetime64[us]")
    if dtype == "float64":
        return pd.to_numeric(values).astype("float64")
    if dtype == "str":
        return values.astype(object).where(values.notna(), None).astype("str")
    return values.astype(object).where(values.notna(), pd.NA).astype(dtype)  # type: ignore[call-overload, no-any-return]


def missing_values(column: Column[Any], index: pd.Index) -> pd.Series:
    """A series of nothing but missing values in the dtype of `column`."""
    return as_dtype(pd.Series([None] * len(index), index=index, dtype=object), dtype_of(column))


def typed_frame(rows: Iterable[Sequence[Any]], columns: Sequence[Column[Any]]) -> pd.DataFrame:
    """A frame of database rows with one typed column per element of `columns`."""
    raw = pd.DataFrame.from_records([tuple(r) for r in rows], columns=[c.name for c in columns])
    return pd.DataFrame({c.name: as_dtype(raw[c.name], dtype_of(c)) for c in columns}, index=raw.index)


def read_current(
    connection: Connection,
    table: Table,
    *,
    columns: Sequence[str] | None = None,
    where: ColumnElement[bool] | None = None,
    provenance: bool = False,
) -> pd.DataFrame:
    """The current rows of a versioned table.

    Args:
        columns: names to read, all own columns if None.
        provenance: also `row_id`, `batch_id`, `sheet_id`, `source_row` (Int64).
    """
    chosen = [table.c[n] for n in columns] if columns is not None else own_columns(table)
    if provenance:
        chosen = [*chosen, *(table.c[n] for n in PROVENANCE[:4])]
    statement = select(*chosen).where(table.c.superseded_by.is_(None)).order_by(table.c.row_id)
    if where is not None:
        statement = statement.where(where)
    return typed_frame(connection.execute(statement).all(), chosen)
