"""The forms a card is taken out in: workbook and CSV."""

from __future__ import annotations

from dashboard.exports.tables import tables_of
from dashboard.exports.taking import Taken
from dashboard.exports.workbook import csv_text, workbook
from data.trace import batches_behind


def to_workbook(taken: Taken) -> bytes:
    """The card as a workbook: sheet 数据 first, 口径说明 last."""
    drawing, reader = taken.drawing, taken.reader
    keys = dict.fromkeys((*(query.key for query in drawing.queries), *taken.card.indicators))
    batches = batches_behind(reader, ((q.key, q.selection, q.period, q.is_panel) for q in drawing.queries))
    return workbook(
        tables_of(drawing, reader, taken.words), taken.meaning, keys, batches, taken.words,
    )  # fmt: skip


def to_csv(taken: Taken) -> bytes:
    """The card's first table as CSV."""
    tables = tables_of(taken.drawing, taken.reader, taken.words)
    return csv_text(tables[0] if tables else None).encode("utf-8")
