"""Taking a batch back: the store becomes what it would be had the batch never come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pandas as pd
from sqlalchemy import Column, Connection, Engine, Integer, Table, and_, delete, func, or_, select, update

from data import audit, rollup
from data.errors import GovernanceError, UnknownKeyError
from data.frames import typed_frame
from data.importing import bulk
from data.importing.commit import lock_writers, writing
from data.schema import TABLES, import_batch, import_confirmation


@dataclass(frozen=True)
class Reverted:
    """What reverting a batch did.

    Attributes:
        removed: rows that only this batch stated.
        restored: rows that are current again because what replaced them went.
        handed_over: rows that a later batch had stated too, and that now belong to it.
    """

    batch: int
    removed: int
    restored: int
    handed_over: int


def revert(store: Engine | Connection, batch: int, *, actor: str) -> Reverted:
    """Revert `batch` whole; it stays listed as reverted.

    Raises:
        UnknownKeyError: no such batch. GovernanceError: it is reverted already (code `already_reverted`).
    """
    if isinstance(store, Engine):
        with writing(store) as connection:
            return revert(connection, batch, actor=actor)
    lock_writers(store)
    now = datetime.now(UTC).replace(tzinfo=None)
    marked = store.execute(
        update(import_batch)
        .where(import_batch.c.batch_id == batch, import_batch.c.reverted_at.is_(None))
        .values(reverted_at=now, reverted_by=actor)
    )
    if marked.rowcount == 0:
        raise _no_such_batch(store, batch)
    touched = rollup.touched_by(store, batch)
    confirmed = import_confirmation
    store.execute(delete(confirmed).where(confirmed.c.batch_id == batch))
    counts = [_revert_table(store, table, batch) for table in TABLES.values()]
    rollup.refresh(store, touched)
    removed, restored, handed_over = (sum(c[i] for c in counts) for i in range(3))
    counted = {"removed": removed, "restored": restored, "handed_over": handed_over}
    audit.record(store, actor=actor, action=audit.Action.REVERT, subject=str(batch), detail=counted)
    return Reverted(batch, removed, restored, handed_over)


def _no_such_batch(connection: Connection, batch: int) -> GovernanceError:
    found = connection.execute(select(import_batch.c.reverted_at).where(import_batch.c.batch_id == batch)).first()
    if found is not None:
        return GovernanceError(f"批次 {batch} 已经撤销过", todo="不需要再做什么", code="already_reverted")
    last = connection.scalar(select(func.max(import_batch.c.batch_id)))
    todo = f"现有批次号为 1 到 {last}，请用 batches 命令查看" if last else "还没有导入过任何批次"
    return UnknownKeyError(f"没有批次 {batch}", todo=todo, code="unknown_batch")


def _revert_table(connection: Connection, table: Table, batch: int) -> tuple[int, int, int]:
    """Rows removed, restored and handed over."""
    key = list(table.info["key"])
    columns = [table.c.row_id, table.c.batch_id, table.c.superseded_by, *(table.c[k] for k in key)]
    involved = select(*columns).where(or_(table.c.batch_id == batch, table.c.superseded_by == batch))
    rows = typed_frame(connection.execute(involved).all(), columns)
    if rows.empty:
        return 0, 0, 0
    own = rows[rows["batch_id"] == batch]
    before = rows[(rows["superseded_by"] == batch).fillna(False) & (rows["batch_id"] != batch).fillna(True)]
    heirs = _hand_over(connection, table, batch)
    connection.execute(delete(table).where(table.c.batch_id == batch))
    own = own.merge(heirs, on="row_id", how="left")
    # What ends a predecessor now: the heir of the row that replaced it, else whatever had ended that row.
    own["then"] = own["heir"].fillna(own["superseded_by"])
    links = before[["row_id", *key]].merge(own[[*key, "then"]], on=key, how="left")
    _end_by(connection, table, links[["row_id", "then"]])
    return len(own) - len(heirs), int(links["then"].isna().sum()), len(heirs)


def _hand_over(connection: Connection, table: Table, batch: int) -> pd.DataFrame:
    """Give rows of `batch` that later batches confirmed to the first of those; columns row_id, heir."""
    c = import_confirmation.c
    mine = and_(c.table_name == table.name, table.c.row_id == c.row_id, table.c.batch_id == batch)
    chosen = [c.row_id, c.batch_id, c.sheet_id, c.source_row]
    found = typed_frame(connection.execute(select(*chosen).join_from(import_confirmation, table, mine)).all(), chosen)
    heirs = found.sort_values("batch_id").drop_duplicates("row_id").rename(columns={"batch_id": "heir"})
    if heirs.empty:
        return heirs[["row_id", "heir"]]
    columns = [Column(n, Integer) for n in heirs.columns]
    staged = bulk.stage(connection, f"heirs_{table.name}", columns, heirs)
    s = staged.c
    of_row = select(s.row_id).where(s.row_id == table.c.row_id).correlate(table).exists()
    connection.execute(update(table).where(of_row).values(
        batch_id=select(s.heir).where(s.row_id == table.c.row_id).scalar_subquery(),
        sheet_id=select(s.sheet_id).where(s.row_id == table.c.row_id).scalar_subquery(),
        source_row=select(s.source_row).where(s.row_id == table.c.row_id).scalar_subquery(),
    ))  # fmt: skip
    connection.execute(delete(import_confirmation).where(
        c.table_name == table.name,
        select(s.row_id).where(s.row_id == c.row_id, s.heir == c.batch_id).correlate(import_confirmation).exists(),
    ))  # fmt: skip
    staged.drop(connection)
    return heirs[["row_id", "heir"]]


def _end_by(connection: Connection, table: Table, links: pd.DataFrame) -> None:
    """Set `superseded_by` of the rows in `links` (row_id, then) to `then`."""
    for then, part in links.groupby("then", dropna=False):
        staged = bulk.stage_ids(connection, f"restored_{table.name}", part["row_id"].astype(int).tolist())
        value = None if pd.isna(then) else int(str(then))
        connection.execute(update(table).where(table.c.row_id.in_(select(staged.c.row_id))).values(superseded_by=value))
        staged.drop(connection)
