"""Writing an upload: one batch, one transaction, all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import pandas as pd
from sqlalchemy import Connection, Engine, Table, insert, select, text, update
from sqlalchemy.exc import OperationalError

from data import rollup
from data.errors import StoreError
from data.importing import bulk
from data.importing.difference import ROW, SHEET, Difference
from data.importing.examine import differences
from data.importing.rows import SheetRows
from data.schema import import_batch, import_confirmation, import_file, import_refusal, import_sheet, store_meta
from data.schema.columns import own_columns


@dataclass(frozen=True)
class FileFacts:
    """What the store keeps about a file."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, kw_only=True)
class BatchFacts:
    """What the store keeps about a batch."""

    actor: str
    note: str | None = None
    mapping: str | None = None
    crs: str | None = None
    is_demo: bool = False
    created_at: datetime | None = None


def lock_writers(connection: Connection) -> None:
    """Make other imports and reverts wait, readers not; call before the transaction reads anything."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE import_batch IN SHARE ROW EXCLUSIVE MODE"))
    else:
        # On SQLite a write that changes nothing takes the write lock.
        connection.execute(update(store_meta).where(store_meta.c.key.is_(None)).values(value=""))


def store_error(error: OperationalError) -> StoreError:
    """What the database says in words a clerk can act on."""
    text = str(error.orig)
    if "full" in text or "No space" in text:
        return StoreError("磁盘空间不足，未写入任何数据", why=text, todo="请清理磁盘或扩容后重新导入", code="disk_full")
    if "locked" in text or "lock timeout" in text:
        return StoreError("另一个导入正在进行", why=text, todo="请稍后再试", code="locked")
    return StoreError(
        "数据库出错，未写入任何数据", why=text.splitlines()[0], todo="请检查数据库后重试", code="database"
    )


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that has the write lock from its start; what the database refuses comes out as StoreError."""
    try:
        with engine.begin() as connection:
            lock_writers(connection)
            yield connection
    except OperationalError as error:
        raise store_error(error) from error


def write_batch(
    connection: Connection,
    files: Sequence[FileFacts],
    sheets: Sequence[SheetRows],
    facts: BatchFacts,
    *,
    refresh: bool = True,
) -> int:
    """Write the accepted rows of examined `sheets` inside the caller's transaction and return the batch number.

    Args:
        connection: holds the write lock (`writing`, `lock_writers`).
        files: `SheetRows.file` counts into it.
        refresh: False leaves the roll-ups to the caller.
    """
    created = facts.created_at or datetime.now(UTC).replace(tzinfo=None)
    batch = _insert_one(
        connection, import_batch, actor=facts.actor, note=facts.note, mapping=facts.mapping, crs=facts.crs,
        is_demo=facts.is_demo, created_at=created,
    )  # fmt: skip
    changes = differences(connection, sheets)
    file_ids = [
        _insert_one(connection, import_file, batch_id=batch, name=f.name, sha256=f.sha256, size_bytes=f.size)
        for f in files
    ]
    moved = _changed_per_sheet(changes)
    sheet_ids = []
    for number, sheet in enumerate(sheets):
        sheet_ids.append(_insert_one(
            connection, import_sheet, file_id=file_ids[sheet.file], sheet=sheet.sheet[:120],
            table_name=sheet.table or "", rows=sheet.rows, accepted=sheet.accepted, refused=sheet.refused,
            changed=moved.get(number, 0),
        ))  # fmt: skip
        _keep_refusals(connection, sheet, sheet_ids[-1])
    for change in changes:
        _apply(connection, change, batch, sheet_ids)
    if refresh:
        rollup.refresh(connection, rollup.touched_by(connection, batch))
    return batch


def _insert_one(connection: Connection, table: Table, **values: object) -> int:
    key = connection.execute(insert(table).values(**values)).inserted_primary_key
    assert key is not None
    return int(key[0])


def _changed_per_sheet(changes: Sequence[Difference]) -> dict[int, int]:
    """Number of source rows of each sheet that change the store."""
    rows = [f[[SHEET, ROW]] for c in changes for f in (c.added, c.changed)]
    if not rows:
        return {}
    counts = pd.concat(rows).drop_duplicates().groupby(SHEET).size()
    return {int(str(number)): int(count) for number, count in counts.items()}


def _keep_refusals(connection: Connection, sheet: SheetRows, sheet_id: int) -> None:
    by_row = sheet.findings.by_row()
    if not by_row:
        return
    raw = sheet.raw.loc[sheet.raw.index.isin(list(by_row))]
    cells = raw.astype(object).where(raw.notna(), None).to_dict("index")
    rows = [
        {
            "sheet_id": sheet_id, "source_row": row, "row": {str(k): v for k, v in cells.get(row, {}).items()},
            "problems": [p.as_json() for p in problems],
        }
        for row, problems in sorted(by_row.items())
    ]  # fmt: skip
    connection.execute(import_refusal.insert(), rows)


def _apply(connection: Connection, change: Difference, batch: int, sheet_ids: Sequence[int]) -> None:
    table = change.table
    if len(change.changed):
        ended = bulk.stage_ids(connection, f"ended_{table.name}", change.changed["row_id"].astype(int).tolist())
        connection.execute(update(table).where(table.c.row_id.in_(select(ended.c.row_id))).values(superseded_by=batch))
        ended.drop(connection)
    sheet_of = pd.Series(list(sheet_ids), dtype="Int64")
    for rows in (change.added, change.changed):
        if rows.empty:
            continue
        whole = rows[[c.name for c in own_columns(table)]].copy()
        whole["batch_id"] = pd.Series(batch, index=rows.index, dtype="Int64")
        whole["sheet_id"] = rows[SHEET].map(sheet_of).astype("Int64")
        whole["source_row"] = rows[ROW].astype("Int64")
        bulk.insert(connection, table, whole)
    if len(change.unchanged):
        again = change.unchanged
        bulk.insert(connection, import_confirmation, pd.DataFrame({
            "batch_id": pd.Series(batch, index=again.index, dtype="Int64"),
            "table_name": pd.Series(table.name, index=again.index, dtype="str"),
            "row_id": again["row_id"].astype("Int64"),
            "sheet_id": again[SHEET].map(sheet_of).astype("Int64"),
            "source_row": again[ROW].astype("Int64"),
        }))  # fmt: skip
