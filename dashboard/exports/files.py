"""The forms a card is taken out in: workbook and CSV."""

from __future__ import annotations

from dashboard.cards.ranking import weighed
from dashboard.exports.tables import Column, Table, shown, tables_of
from dashboard.exports.taking import WEIGHED, Taken
from dashboard.exports.workbook import csv_text, workbook
from data.trace import batches_behind


def to_workbook(taken: Taken) -> bytes:
    """The card as a workbook: sheet 数据 first, 口径说明 last."""
    drawing, reader = taken.drawing, taken.reader
    keys = dict.fromkeys((*(query.key for query in drawing.queries), *taken.card.indicators))
    batches = batches_behind(reader, ((q.key, q.selection, q.period, q.is_panel) for q in drawing.queries))
    return workbook(_tables(taken), taken.meaning, keys, batches, taken.words)


def to_csv(taken: Taken) -> bytes:
    """The card's first table as CSV."""
    return csv_text(next(iter(_tables(taken)), None)).encode("utf-8")


def _tables(taken: Taken) -> list[Table]:
    words = taken.words
    tables = tables_of(taken.drawing, taken.reader, words)
    if taken.card.name not in WEIGHED or not tables:
        return tables
    # A ranking goes out whole: every compound with its range, its tier and its gates, and the weights it rests on.
    listed = weighed.listing(taken.reader, taken.view, taken.ink, words).grid
    subject = weighed.subject_of(taken.reader, taken.view, words)
    columns = (
        Column(words("ranking.column.indicator")), Column(words("column.key")),
        Column(words("export.weight.official"), "number", "0.######"),
        Column(words("export.weight.chosen"), "number", "0.######"),
    )  # fmt: skip
    sheets = [Table(words("export.sheet.weights"), columns, tuple(weighed.weights_table(subject)))]
    if listed is None:
        return [*tables, *sheets]
    whole = shown(listed, words)
    first = Table(words("export.sheet.data"), whole.columns, whole.rows)
    rest = [Table(words("export.sheet.plotted"), t.columns, t.rows) for t in tables if taken.drawing.figure]
    return [first, *rest, *sheets]
