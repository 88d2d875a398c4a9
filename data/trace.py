"""From a figure back to its rows: which batches, files, sheets and rows each part was counted from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Select, func, select

from data.catalogue import MEASURES, Indicator, Measure, Reported
from data.catalogue import indicator as indicator_of
from data.query import Period, Reader, Selection
from data.query.figures import span_of
from data.query.units import unit_conditions
from data.retrying import reading
from data.schema import TABLES, import_batch, import_file, import_sheet, unit_place


def trace_figure(
    reader: Reader, key: str, selection: Selection, *, month: str | None = None, limit: int = 1000, offset: int = 0
) -> dict[str, Any]:
    """What figure `key` for the selection and month was counted from.

    Args:
        limit, offset: which of the rows are listed; at most `limit`, the first `offset` left out.

    Returns:
        `{"key", "definition", "source", "period", "rows_total", "batches": [...], "rows": [...]}`; each row has its
        measure, unit, month, value, table, row number in the store, batch, file, sheet and row in the sheet.
        `rows_total` counts all rows and `batches` are of all rows, listed or not.
    """
    indicator = indicator_of(key)
    if not reader.months:
        return {
            "key": key, "definition": indicator.definition_zh, "source": indicator.source, "period": None,
            "rows_total": 0, "batches": [], "rows": [],
        }  # fmt: skip
    period = Period.of(month or reader.latest_month)
    span = span_of(indicator, period, reader.months[0])
    keys = [*indicator.numerator, *_below(indicator)]

    def read(connection: Connection) -> tuple[list[dict[str, Any]], list[dict[str, Any]], int]:
        rows: list[dict[str, Any]] = []
        batches: set[int] = set()
        total = 0
        for name in dict.fromkeys(_leaves(keys)):
            measure = MEASURES[name]
            first = span.end if measure.nature.value == "stock" else span.start
            statement = _counted(measure, selection, reader, first, span.end)
            here, found = _size_and_batches(connection, statement)
            skipped = max(0, offset - total)
            if skipped < here and len(rows) < limit:
                rows += _rows(connection, measure, statement, limit - len(rows), skipped)
            batches |= found
            total += here
        return rows, _batches(connection, batches), total

    rows, listed, total = reading(reader.engine, read)
    return {
        "key": key, "definition": indicator.definition_zh, "source": indicator.source,
        "period": {"from": span.start, "to": span.end}, "rows_total": total, "batches": listed, "rows": rows,
    }  # fmt: skip


def batches_behind(
    reader: Reader, figures: Iterable[tuple[str, Selection, Period | None, bool]]
) -> list[dict[str, Any]]:
    """The batches that brought the rows behind several figures, oldest first, each once a file.

    Args:
        figures: indicator, selection, period (None: the latest month) and whether every month of the period is shown.
    """
    if not reader.months:
        return []
    wanted: dict[tuple[str, Selection], tuple[str, str]] = {}
    for key, selection, period, is_course in figures:
        indicator = indicator_of(key)
        asked = period or (
            Period(reader.months[0], reader.latest_month) if is_course else Period.of(reader.latest_month)
        )
        span = span_of(indicator, asked, reader.months[0])
        for name in _leaves([*indicator.numerator, *_below(indicator)]):
            # A stock is counted at the end of its period; a course shows each month of it.
            is_state = MEASURES[name].nature.value == "stock" and not is_course
            first, last = (span.end if is_state else min(span.start, asked.start)), span.end
            known = wanted.get((name, selection), (first, last))
            wanted[name, selection] = (min(first, known[0]), max(last, known[1]))

    def read(connection: Connection) -> list[dict[str, Any]]:
        batches: set[int] = set()
        for (name, selection), (first, last) in wanted.items():
            statement = _counted(MEASURES[name], selection, reader, first, last)
            batches |= _size_and_batches(connection, statement)[1]
        return _batches(connection, batches)

    return reading(reader.engine, read)


def _below(indicator: Indicator) -> tuple[str, ...]:
    return () if indicator.denominator is Reported.UNITS else tuple(indicator.denominator or ())


def _leaves(keys: list[str]) -> list[str]:
    """Measures with rows of their own: a derived one stands for those it reads."""
    return [leaf for key in keys for leaf in (MEASURES[key].derived_from or (key,))]


def _counted(measure: Measure, selection: Selection, reader: Reader, first: str, last: str) -> Select[Any]:
    """Rows of `measure` in the selection and months: unit_id, month, value, source_table, row_id."""
    counted = measure.rows().subquery("counted")
    place = unit_place.c
    inside = select(place.unit_id).where(
        place.unit_kind.in_([u.value for u in measure.units]),
        *unit_conditions(selection, reader.places(selection), last),
    )
    if measure.managed_only:
        inside = inside.where(place.is_managed.is_(True))
    # As a set of units, not as a join: the planner would look every unit up among the rows.
    found = select(counted.c.unit_id, counted.c.month, counted.c.value, counted.c.source_table, counted.c.row_id).where(
        counted.c.month >= first, counted.c.month <= last, counted.c.unit_id.in_(inside)
    )
    # Said outright, a single unit is found by the index of its rows; as a set of one all rows would be looked through.
    if selection.compound is not None:
        found = found.where(counted.c.unit_id == selection.compound)
    return found


def _size_and_batches(connection: Connection, statement: Select[Any]) -> tuple[int, set[int]]:
    """How many rows the statement gives and which batches brought them, without reading the rows."""
    inside = statement.subquery("inside")
    sizes = connection.execute(select(inside.c.source_table, func.count()).group_by(inside.c.source_table)).all()
    batches: set[int] = set()
    for name, _ in sizes:
        table = TABLES[name]
        wanted = select(inside.c.row_id).where(inside.c.source_table == name)
        batches |= set(
            connection.execute(select(table.c.batch_id).distinct().where(table.c.row_id.in_(wanted))).scalars()
        )
    return sum(size for _, size in sizes), batches


def _rows(
    connection: Connection, measure: Measure, statement: Select[Any], limit: int, offset: int
) -> list[dict[str, Any]]:
    columns = statement.selected_columns
    ordered = statement.order_by(columns.unit_id, columns.month, columns.source_table, columns.row_id)
    found = connection.execute(ordered.limit(limit).offset(offset)).all()
    origins = _origins(connection, {(row.source_table, row.row_id) for row in found})
    names = _names(connection, measure) if found else {}
    return [
        {
            "measure": measure.key, "unit": row.unit_id, "label": names.get(row.unit_id, row.unit_id), "month": row.month, "value": row.value,
            "table": row.source_table, "row_id": row.row_id,
        }
        | origins[row.source_table, row.row_id]
        for row in found
    ]  # fmt: skip


def _names(connection: Connection, measure: Measure) -> dict[str, str]:
    """Name of every unit the measure is counted on."""
    place = unit_place.c
    statement = select(place.unit_id, place.name).where(place.unit_kind.in_([u.value for u in measure.units]))
    return {str(unit): str(name) for unit, name in connection.execute(statement)}


def _origins(connection: Connection, refs: set[tuple[str, int]]) -> dict[tuple[str, int], dict[str, Any]]:
    """Batch, file, sheet and source row of store rows, by (table, row_id)."""
    origins: dict[tuple[str, int], dict[str, Any]] = {}
    for name in {table for table, _ in refs}:
        table = TABLES[name]
        ids = sorted(row_id for t, row_id in refs if t == name)
        for start in range(0, len(ids), 500):
            statement = (
                select(table.c.row_id, table.c.batch_id, table.c.source_row, import_sheet.c.sheet, import_file.c.name)
                .outerjoin(import_sheet, import_sheet.c.sheet_id == table.c.sheet_id)
                .outerjoin(import_file, import_file.c.file_id == import_sheet.c.file_id)
                .where(table.c.row_id.in_(ids[start : start + 500]))
            )
            for row in connection.execute(statement):
                origins[name, row.row_id] = {
                    "batch": row.batch_id, "file": row.name, "sheet": row.sheet, "source_row": row.source_row,
                }  # fmt: skip
    return origins


def _batches(connection: Connection, ids: set[int]) -> list[dict[str, Any]]:
    statement = (
        select(import_batch, import_file.c.name, import_file.c.sha256)
        .outerjoin(import_file, import_file.c.batch_id == import_batch.c.batch_id)
        .where(import_batch.c.batch_id.in_(sorted(ids)))
        .order_by(import_batch.c.batch_id)
    )
    return [
        {
            "batch": row.batch_id, "file": row.name, "sha256": row.sha256, "actor": row.actor,
            "created_at": row.created_at.isoformat(timespec="seconds"), "note": row.note, "mapping": row.mapping,
        }
        for row in connection.execute(statement)
    ]  # fmt: skip
