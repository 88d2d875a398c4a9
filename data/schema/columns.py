"""How a column of the store is declared: one call gives the table, the template, the checks and the dictionary.

`Column.info` carries what the other projections need: `zh`, `en` (headings), `choices`, `low`, `high`, `unit`,
`pattern`, `derived` (not in the import sheet), `refers` (register whose key it must be).
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, Identity, Index, Integer, MetaData, Table, text
from sqlalchemy.types import TypeEngine

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMING)

# SQLite gives autoincrement only to INTEGER; PostgreSQL gets a BIGINT identity.
RowId = BigInteger().with_variant(Integer, "sqlite")


class Kind(StrEnum):
    """The three kinds of table of the data model."""

    REGISTER = "register"
    EVENT = "event"
    OBSERVATION = "observation"


def col(
    name: str,
    type_: TypeEngine[Any] | type[TypeEngine[Any]],
    zh: str,
    en: str,
    *,
    required: bool = False,
    choices: type[StrEnum] | None = None,
    low: float | None = None,
    high: float | None = None,
    pattern: str | None = None,
    unit: str = "",
    refers: str | None = None,
    aliases: Sequence[str] = (),
    derived: bool = False,
    default: Any = None,
) -> Column[Any]:
    """A column of an importable table.

    Args:
        refers: table whose natural key the value must be (`area`, `compound`, `company` …).
        aliases: other Chinese headings accepted for it in a workbook.
        derived: filled by the importer, never by a sheet.
        default: value written where a sheet leaves the cell empty.
    """
    info = {
        "zh": zh, "en": en, "choices": choices, "low": low, "high": high, "pattern": pattern, "unit": unit,
        "refers": refers, "aliases": tuple(aliases), "derived": derived, "required": required, "default": default,
    }  # fmt: skip
    return Column(name, type_, nullable=not required, comment=f"{zh} / {en}", info=info)


def versioned_table(
    name: str,
    zh: str,
    en: str,
    kind: Kind,
    key: Sequence[str],
    *columns: Column[Any],
    importable: bool = True,
) -> Table:
    """A table whose rows belong to batches and are superseded, never overwritten.

    The current row of a natural key is the one whose `superseded_by` is null. A batch that changes a key ends the
    old row and adds its own, so that reverting the batch can bring the old one back.
    """
    table = Table(
        name,
        metadata,
        Column("row_id", RowId, Identity(), primary_key=True, comment="行号 / row number in the store"),
        *columns,
        Column("batch_id", Integer, ForeignKey("import_batch.batch_id"), nullable=False, comment="批次 / batch"),
        Column("sheet_id", Integer, ForeignKey("import_sheet.sheet_id"), comment="来源表 / source sheet"),
        Column("source_row", Integer, comment="来源行 / row in the source sheet"),
        Column(
            "superseded_by",
            Integer,
            ForeignKey("import_batch.batch_id"),
            comment="被哪批取代 / ended by batch",
        ),
        comment=f"{zh} / {en}",
        info={"zh": zh, "en": en, "kind": kind, "key": tuple(key), "importable": importable},
    )
    Index(
        f"uq_{name}_current",
        *(table.c[k] for k in key),
        unique=True,
        sqlite_where=text("superseded_by IS NULL"),
        postgresql_where=text("superseded_by IS NULL"),
    )
    Index(f"ix_{name}_batch", table.c.batch_id)
    return table


def own_columns(table: Table) -> list[Column[Any]]:
    """The columns that state a fact, in reading order: without row number and provenance."""
    provenance = {"row_id", "batch_id", "sheet_id", "source_row", "superseded_by"}
    return [c for c in table.columns if c.name not in provenance]
