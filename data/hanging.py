"""Rows whose parent is gone: a case of a compound that no register knows. An import refuses them; a revert can make them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Table,
    and_,
    exists,
    func,
    not_,
    or_,
    select,
)

from data.importing.references import REGISTER_OF_UNIT
from data.schema import TABLES, import_confirmation, observation
from data.schema.columns import own_columns

NAMED = 5


class Hanging(NamedTuple):
    """Rows of `table` that name in `column` what `register` does not hold; the first missing ones by name."""

    table: str
    column: str
    register: str
    rows: int
    missing: tuple[str, ...]

    def said(self) -> str:
        """The finding in a sentence without its end."""
        titles = {name: TABLES[name].info["zh"] for name in (self.table, self.register)}
        named = "、".join(self.missing) + ("等" if len(self.missing) == NAMED else "")
        return f"{titles[self.table]}有 {self.rows} 行的“{self.column}”在{titles[self.register]}里找不到（{named}）"


def hanging_rows(connection: Connection) -> list[Hanging]:
    """What hangs in the store now."""
    found = []
    for table, column, register, narrowed in _links():
        # An area names its parent among the areas: the register needs a name of its own.
        known = register.alias()
        parent = exists().where(known.c[register.info["key"][0]] == column, known.c.superseded_by.is_(None))
        found += _counted(
            connection, table, column, register, [table.c.superseded_by.is_(None), narrowed, not_(parent)]
        )
    return found


def left_hanging_by(connection: Connection, batch: int) -> list[Hanging]:
    """What would hang if `batch` were reverted: rows of other batches under a parent that only this batch brought."""
    found = []
    gone: dict[str, Any] = {}
    for table, column, register, narrowed in _links():
        if register.name not in gone:
            gone[register.name] = _keys_only_of(register, batch)
        stays = or_(table.c.batch_id != batch, _is_confirmed(table.name, table))
        conditions = [table.c.superseded_by.is_(None), narrowed, stays, column.in_(gone[register.name])]
        found += _counted(connection, table, column, register, conditions)
    return found


def _links() -> Iterator[tuple[Table, Column[Any], Table, ColumnElement[bool]]]:
    """Every column that names a row of a register: table, column, register, and which rows it does so for."""
    for table in TABLES.values():
        for column in own_columns(table):
            if column.info["refers"]:
                yield table, column, TABLES[column.info["refers"]], column.is_not(None)
    unit = observation.c
    for register in dict.fromkeys(REGISTER_OF_UNIT.values()):
        kinds = [kind.value for kind, name in REGISTER_OF_UNIT.items() if name == register]
        yield observation, unit.unit_id, TABLES[register], unit.unit_kind.in_(kinds)


def _is_confirmed(name: str, rows: FromClause) -> ColumnElement[bool]:
    """A later batch stated the row of table `name` too, so that it stays."""
    c = import_confirmation.c
    return exists().where(and_(c.table_name == name, c.row_id == rows.c.row_id))


def _keys_only_of(register: Table, batch: int) -> Select[Any]:
    """Keys of current rows that go with `batch`: it brought them, they replaced none, nobody stated them again."""
    before, brought = register.alias(), register.alias()
    key = register.info["key"][0]
    replaced = exists().where(before.c[key] == brought.c[key], before.c.superseded_by == batch)
    return select(brought.c[key]).where(
        brought.c.batch_id == batch, brought.c.superseded_by.is_(None), not_(replaced),
        not_(_is_confirmed(register.name, brought)),
    )  # fmt: skip


def _counted(
    connection: Connection, table: Table, column: Column[Any], register: Table, conditions: list[ColumnElement[bool]]
) -> list[Hanging]:
    rows = connection.scalar(select(func.count()).select_from(table).where(*conditions)) or 0
    if not rows:
        return []
    missing = connection.scalars(select(column).where(*conditions).distinct().order_by(column).limit(NAMED))
    return [Hanging(table.name, str(column.info["zh"]), register.name, int(rows), tuple(map(str, missing)))]
