"""The numbers behind a deck, frozen with it: every figure that was read, how it is defined, which batches it is of."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pandas as pd
from sqlalchemy import select

from dashboard.briefing.definitions import fingerprint
from dashboard.cards.types import Drawing, GridSpec, Query
from data.catalogue import INDICATORS
from data.query import Period, Selection
from data.schema import import_batch
from data.trace import trace_figure

if TYPE_CHECKING:
    from data.query import Reader

VERSION = 1
# Of each row, in this order; a month only where the query asks for several.
FIELDS = ("group", "label", "month", "value", "numerator", "denominator", "reported", "expected", "low", "high")


def plain(value: Any) -> Any:
    """A cell as JSON holds it: missing is null."""
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    return value.item() if hasattr(value, "item") else value


def series_of(query: Query, reader: Reader) -> dict[str, Any]:
    """One query with its rows: key, selection, period, by, rows as lists of `FIELDS`."""
    read = reader.panel if query.is_panel else reader.indicator
    frame = read(query.key, query.selection, period=query.period, by=query.by)
    columns = [frame[name] if name in frame else pd.Series([None] * len(frame)) for name in FIELDS]
    period = query.period or Period.of(reader.latest_month)
    return {
        "key": query.key,
        "selection": {name: value for name, value in asdict(query.selection).items() if value},
        "period": [period.start, period.end],
        "by": query.by,
        "is_panel": query.is_panel,
        "rows": [[plain(value) for value in row] for row in zip(*columns, strict=True)],
    }


def grid_rows(spec: GridSpec) -> dict[str, Any]:
    """A table that was read from a register or the ranking: its headings and rows, by row."""
    fields = [str(column["field"]) for column in spec.columns if "field" in column]
    return {
        "fields": fields,
        "headings": [str(column.get("headerName", column["field"])) for column in spec.columns if "field" in column],
        "rows": {str(row[spec.row_id]): [plain(row.get(field)) for field in fields] for row in spec.rows},
    }


def frozen(
    drawn: Iterable[tuple[str, Drawing]], reader: Reader, month: str, step: Callable[[], None] = lambda: None
) -> dict[str, Any]:
    """Everything the drawings were made from.

    Args:
        drawn: card name and drawing, as placed. month: of the deck. step: called between reads; may raise to stop.

    Returns:
        `{"version", "fields", "month", "revision", "series": [...], "tables": {card: ...}, "definitions": {key:
        {"fingerprint", "title", "unit", "batches"}}, "batches": [...]}`.
    """
    series: dict[tuple[Any, ...], dict[str, Any]] = {}
    tables: dict[str, Any] = {}
    for name, drawing in drawn:
        for query in drawing.queries:
            asked = (query.key, query.selection, query.period, query.by, query.is_panel)
            if asked not in series:
                step()
                series[asked] = {"card": name, **series_of(query, reader)}
        if drawing.grid is not None and not drawing.grid.meta and not drawing.empty:
            tables[name] = grid_rows(drawing.grid)
    batches = {(one["key"], *_place(one)): batches_of(reader, one["key"], _selection(one), month, step)
               for one in series.values()}  # fmt: skip
    for one in series.values():
        one["batches"] = batches[(one["key"], *_place(one))]
    keys = dict.fromkeys(one["key"] for one in series.values())
    return {
        "version": VERSION,
        "fields": list(FIELDS),
        "month": month,
        "revision": reader.revision,
        "series": list(series.values()),
        "tables": tables,
        "definitions": {
            key: {"fingerprint": fingerprint(key), "zh": INDICATORS[key].zh, "en": INDICATORS[key].en,
                  "unit": INDICATORS[key].unit, "decimals": INDICATORS[key].decimals}
            for key in keys
        },
        "batches": batch_list(reader, {batch for found in batches.values() for batch in found}),
    }  # fmt: skip


def _place(one: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(one["selection"].items()))


def _selection(one: dict[str, Any]) -> Selection:
    return Selection(**one["selection"])


def batches_of(
    reader: Reader, key: str, selection: Selection, month: str, step: Callable[[], None] = lambda: None
) -> list[int]:
    """Numbers of the batches that brought the rows of indicator `key` for the selection and month."""

    def read() -> list[int]:
        step()
        return [int(batch["batch"]) for batch in trace_figure(reader, key, selection, month=month, limit=0)["batches"]]

    found: list[int] = reader.remember(("batches", key, selection, month), read)
    return list(dict.fromkeys(found))


def batch_list(reader: Reader, numbers: Iterable[int]) -> list[dict[str, Any]]:
    """The batches with when they were imported and their note, by number."""
    columns = import_batch.c
    with reader.engine.connect() as connection:
        rows = connection.execute(
            select(columns.batch_id, columns.created_at, columns.note)
            .where(columns.batch_id.in_(sorted(numbers)))
            .order_by(columns.batch_id)
        ).all()
    return [
        {"batch": row.batch_id, "created_at": row.created_at.isoformat(timespec="seconds"), "note": row.note or ""}
        for row in rows
    ]
