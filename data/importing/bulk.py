"""Writing and matching many rows at once: executemany with plain tuples on SQLite, COPY on PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from sqlalchemy import Boolean, Column, Connection, Date, DateTime, Integer, MetaData, Table, and_, select

from data.frames import PROVENANCE, dtype_of, typed_frame
from data.schema.columns import own_columns

CHUNK = 50_000


def insert(connection: Connection, table: Table, frame: pd.DataFrame) -> None:
    """Insert all rows of `frame`; its columns are columns of `table`, typed as in `data.frames`."""
    if frame.empty:
        return
    columns = [table.c[str(name)] for name in frame.columns]
    dialect = connection.dialect.name
    quote = connection.dialect.identifier_preparer
    names = ", ".join(quote.format_column(c) for c in columns)
    target = quote.format_table(table)
    for start in range(0, len(frame), CHUNK):
        part = frame.iloc[start : start + CHUNK]
        rows = list(zip(*(_driver_values(part[c.name], c, dialect) for c in columns), strict=True))
        if dialect == "postgresql":
            raw: Any = connection.connection.driver_connection
            with raw.cursor() as cursor, cursor.copy(f"COPY {target} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        elif dialect == "sqlite":
            marks = ", ".join("?" * len(columns))
            connection.exec_driver_sql(f"INSERT INTO {target} ({names}) VALUES ({marks})", rows)
        else:
            keys = [c.name for c in columns]
            connection.execute(table.insert(), [dict(zip(keys, row, strict=True)) for row in rows])


def _driver_values(values: pd.Series, column: Column[Any], dialect: str) -> list[Any]:
    """Python values as the driver stores them, None for missing (SQLite keeps dates as ISO text)."""
    missing = values.isna()
    if isinstance(column.type, Date | DateTime):
        whole_days = isinstance(column.type, Date)
        if dialect == "sqlite":
            plain = values.dt.strftime("%Y-%m-%d" if whole_days else "%Y-%m-%d %H:%M:%S.%f").astype(object)
        else:
            stamps = pd.Series(list(values.dt.to_pydatetime()), index=values.index, dtype=object)
            plain = stamps.map(lambda v: v.date() if whole_days and not pd.isna(v) else v).astype(object)
    elif isinstance(column.type, Boolean) and dialect == "sqlite":
        plain = values.astype("Int64").astype(object)
    else:
        plain = values.astype(object)
    found: list[Any] = plain.where(~missing, None).tolist()
    return found


def required_key(table: Table) -> list[str]:
    """The key columns that are never null."""
    return [k for k in table.info["key"] if not table.c[k].nullable]


def current_of_same_key(connection: Connection, table: Table, frame: pd.DataFrame) -> pd.DataFrame:
    """Current rows of `table` whose never-null key columns occur in `frame`; own columns and provenance."""
    chosen = [*own_columns(table), *(table.c[n] for n in PROVENANCE[:4])]
    keys = required_key(table)
    current = table.c.superseded_by.is_(None)
    statement = select(*chosen).where(current)
    has_rows = connection.execute(select(table.c.row_id).where(current).limit(1)).first()
    if frame.empty or has_rows is None:
        return typed_frame([], chosen)
    wanted = frame[keys].drop_duplicates()
    staged = stage(connection, f"staged_{table.name}", [table.c[k] for k in keys], wanted)
    joined = statement.join_from(staged, table, and_(*(table.c[k] == staged.c[k] for k in keys)))
    found = typed_frame(connection.execute(joined).all(), chosen)
    staged.drop(connection)
    return found.sort_values("row_id", ignore_index=True)


def stage(connection: Connection, name: str, columns: Sequence[Column[Any]], frame: pd.DataFrame) -> Table:
    """A temporary table of this connection holding `frame`; `row_id` is its key; the caller drops it."""
    made = (Column(c.name, c.type, primary_key=c.name == "row_id", autoincrement=False) for c in columns)
    staged = Table(name, MetaData(), *made, prefixes=["TEMPORARY"])
    staged.create(connection)
    insert(connection, staged, frame)
    return staged


def stage_ids(connection: Connection, name: str, ids: Sequence[int]) -> Table:
    """A temporary table of row numbers (`row_id`)."""
    column: Column[Any] = Column("row_id", Integer, nullable=False)
    frame = pd.DataFrame({"row_id": pd.Series(list(ids), dtype="Int64")})
    return stage(connection, name, [column], frame)


def empty_frame(table: Table) -> pd.DataFrame:
    """No rows, every own column with its dtype."""
    return pd.DataFrame({c.name: pd.Series(dtype=dtype_of(c)) for c in own_columns(table)})
