"""Rows that a program made, committed as one batch through the same checks as a file."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

import pandas as pd
from sqlalchemy import Connection, Engine

from data.errors import GovernanceError, unknown_key
from data.importing.commit import BatchFacts, FileFacts, lock_writers, write_batch, writing
from data.importing.examine import examine
from data.importing.problems import Findings
from data.importing.rows import SheetRows, Target
from data.importing.values import typed
from data.schema import TABLES
from data.schema.columns import own_columns

# A frame has no sheet with a heading; its first row is called row 2, as in a workbook of the same content.
FIRST_ROW = 2


def commit_frames(
    store: Engine | Connection,
    frames: Mapping[str, pd.DataFrame],
    *,
    actor: str,
    note: str | None = None,
    is_demo: bool = False,
    file_name: str = "frames",
    created_at: datetime | None = None,
    refresh: bool = True,
) -> int:
    """Write frames as one batch, checked like any upload, and return the batch number.

    Args:
        store: an engine (own transaction) or a connection inside the caller's transaction.
        frames: table name → rows; columns as in the schema (any subset with the required ones), any dtype that
            converts. The index is not used.
        created_at: UTC time without zone to write as the import time; now if None.
        refresh: False leaves the roll-ups as they are; the caller rebuilds them after several batches.

    Raises:
        GovernanceError: rows are refused (code `refused_rows`); nothing was written.
        UnknownKeyError: no such table or column.
    """
    if isinstance(store, Engine):
        with writing(store) as connection:
            return commit_frames(
                connection, frames, actor=actor, note=note, is_demo=is_demo, file_name=file_name,
                created_at=created_at, refresh=refresh,
            )  # fmt: skip
    for name in frames:
        if name not in TABLES:
            raise unknown_key(name, TABLES, kind="数据表")
    lock_writers(store)
    sheets = [sheet_of_frame(name, frames[name]) for name in TABLES if name in frames]
    examine(store, sheets)
    refuse_any(sheets)
    facts = BatchFacts(actor=actor, note=note, is_demo=is_demo, created_at=created_at)
    return write_batch(store, [_facts_of(file_name, frames)], sheets, facts, refresh=refresh)


def sheet_of_frame(name: str, frame: pd.DataFrame) -> SheetRows:
    """`frame` as a sheet of the table `name`, its cells typed and the odd ones found."""
    table = TABLES[name]
    columns = {c.name: c for c in own_columns(table)}
    for given in frame.columns:
        if given not in columns:
            raise unknown_key(str(given), columns, kind="列", where=name)
    for column in columns.values():
        if column.info["required"] and column.name not in frame:
            raise GovernanceError(f"缺少列 {column.name}", where=name, code="missing_column")
    numbered = frame.set_axis(pd.RangeIndex(FIRST_ROW, FIRST_ROW + len(frame)))
    findings = Findings(str(table.info["zh"]))
    values = pd.DataFrame(
        {str(c): typed(numbered[c], columns[str(c)], findings, columns[str(c)].info["zh"]) for c in numbered.columns},
        index=numbered.index,
    )
    return SheetRows(0, str(table.info["zh"]), numbered, findings, [Target(table, values, {})])


def refuse_any(sheets: Sequence[SheetRows]) -> None:
    """Raise `refused_rows` with the first problems, if there are any."""
    problems = [p for sheet in sheets for p in sheet.findings.sorted()]
    if problems:
        listed = "；".join(
            f"{p.sheet}第{p.row}行“{p.column}”：{p.message}" if p.row else f"{p.sheet}：{p.message}"
            for p in problems[:5]
        )
        more = f"（共 {len(problems)} 个问题）" if len(problems) > 5 else ""
        raise GovernanceError(
            f"{sum(s.refused for s in sheets)} 行不能导入，未写入任何数据", why=listed + more,
            todo="请改正后重新导入", code="refused_rows",
        )  # fmt: skip


def _facts_of(file_name: str, frames: Mapping[str, pd.DataFrame]) -> FileFacts:
    digest, size = hashlib.sha256(), 0
    for name in sorted(frames):
        # Geometry is bytes, which have no text form of their own.
        plain = frames[name].apply(
            lambda c: c.map(lambda v: v.hex() if isinstance(v, bytes) else v) if c.dtype == object else c
        )
        content = plain.to_csv(index=False).encode()
        digest.update(name.encode() + content)
        size += len(content)
    return FileFacts(file_name, digest.hexdigest(), size)
