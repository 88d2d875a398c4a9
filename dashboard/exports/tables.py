"""The numbers of a card as tables: what its queries read, what its chart plots, what its list shows. Nothing rounded."""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from dashboard.absence import absence
from dashboard.cards.types import Drawing, GridSpec, Query
from dashboard.exports.plain import clean
from dashboard.numbers import is_missing
from dashboard.wording import Words
from data.catalogue import INDICATORS

if TYPE_CHECKING:
    from data.query import Reader

Kind = Literal["text", "number"]
NUMBERS = ("value", "numerator", "denominator", "reported", "expected", "low", "high")
_TAG = re.compile(r"<br\s*/?>|<[^<>]{1,80}>")


@dataclass(frozen=True)
class Column:
    """A heading, whether numbers stand under it, and how they are shown: `#,##0.0`; the cell holds them unrounded."""

    title: str
    kind: Kind = "text"
    shown: str = ""


@dataclass(frozen=True)
class Table:
    """One sheet: its title, its columns, its rows in their order; a missing cell is None."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]


def tables_of(drawing: Drawing, reader: Reader, words: Words) -> list[Table]:
    """The tables of a drawing, the first one called 数据; empty for a drawing without anything to show."""
    if drawing.empty is not None:
        return []
    found = [
        read(drawing.queries, reader, words),
        shown(drawing.grid, words) if drawing.grid else None,
        plotted(drawing.figure, words) if drawing.figure else None,
        _tiles(drawing, words),
        _entries(drawing, words),
        _facts(drawing, words),
        _sentence(drawing, words),
    ]
    tables = [table for table in found if table is not None and table.rows]
    if tables and tables[0].title != words("export.sheet.data"):
        tables[0] = Table(words("export.sheet.data"), tables[0].columns, tables[0].rows)
    return tables


def read(queries: Iterable[Query], reader: Reader, words: Words) -> Table | None:
    """What the queries give, read again: a block of rows a query, in the order in which the card asked."""
    rows: list[tuple[Any, ...]] = []
    for query in dict.fromkeys(queries):
        rows += _rows(query, reader, words)
    if not rows:
        return None
    texts = ("indicator", "group", "label", "month", "unit")
    columns = [Column(words(f"column.{name}")) for name in texts]
    columns += [Column(words(f"column.{name}"), "number", "#,##0.####") for name in NUMBERS]
    columns += [Column(words("column.state")), Column(words("column.key")), Column(words("column.by"))]
    return Table(words("export.sheet.data"), tuple(columns), tuple(rows))


def _rows(query: Query, reader: Reader, words: Words) -> list[tuple[Any, ...]]:
    ask = reader.panel if query.is_panel else reader.indicator
    frame = ask(query.key, query.selection, period=query.period, by=query.by)
    indicator = INDICATORS[query.key]
    period = query.period
    span = "" if period is None else period.end if period.is_month else f"{period.start}–{period.end}"
    by = words(f"export.by.{query.by or 'total'}")
    rows = []
    for row in frame.to_dict("records"):
        month = row.get("month") or (row["group"] if query.by == "month" else span)
        head = (words.of(indicator), _text(row["group"]), _text(row["label"]), month, indicator.unit)
        figures = [None if is_missing(row[name]) else _number(row[name]) for name in NUMBERS]
        # An empty cell must never be taken for a zero.
        rows.append((*head, *figures, absence(row, query.key, month, reader, words), query.key, by))
    return rows


def shown(spec: GridSpec, words: Words) -> Table:
    """The rows of a table as its page shows them, in its columns and its order."""
    columns = [
        Column(str(column.get("headerName", column["field"])), *_look(column, spec, str(column["field"])))
        for column in spec.columns
        if column.get("field")
    ]
    fields = [str(column["field"]) for column in spec.columns if column.get("field")]
    is_id_shown = spec.row_id in fields
    if not is_id_shown:
        columns.append(Column(words("column.group")))
    rows = []
    for row in spec.rows:
        cells = [_cell(row.get(field)) for field in fields]
        rows.append((*cells, *([] if is_id_shown else [_text(row.get(spec.row_id))])))
    return Table(words("export.sheet.shown"), tuple(columns), tuple(rows))


def _look(column: dict[str, Any], spec: GridSpec, field: str) -> tuple[Kind, str]:
    values = [row.get(field) for row in spec.rows]
    if column.get("number") or any(_is_number(value) for value in values):
        decimals = int(column.get("decimals", 0))
        suffix = re.sub(r'["\\]', "", clean(column.get("suffix", "")))[:20]
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        return "number", f'{pattern}"{suffix}"' if suffix else pattern
    return "text", ""


def plotted(figure: dict[str, Any], words: Words) -> Table | None:
    """Every mark of a chart with what it stands for: series, its place on both axes, its value, its interval, its text."""
    rows: list[tuple[Any, ...]] = []
    for place, trace in enumerate(figure.get("data", [])):
        rows += _marks(trace, place, figure.get("layout", {}))
    if not rows:
        return None
    titles = ("series", "category", "group", "x", "y", "z", "minus", "plus", "text")
    kinds: dict[str, Kind] = dict.fromkeys(("x", "y", "z", "minus", "plus"), "number")
    columns = tuple(
        Column(words(f"export.plotted.{name}"), kinds.get(name, "text"), "#,##0.####" if name in kinds else "")
        for name in titles
    )
    return Table(words("export.sheet.plotted"), columns, tuple(rows))


def _marks(trace: dict[str, Any], place: int, layout: dict[str, Any]) -> list[tuple[Any, ...]]:
    if trace.get("hoverinfo") == "skip" and not trace.get("name"):
        # Outlines, hatches and names of places: nothing that was measured.
        return []
    kind = str(trace.get("type", "scatter"))
    xs, ys = (array(trace.get(name)) for name in (("lon", "lat") if kind == "scattergeo" else ("x", "y")))
    zs = array(trace.get("z"))
    if zs and isinstance(zs[0], list):
        return _cells(trace, xs, ys, zs)
    places = array(trace.get("locations"))
    size = max((len(each) for each in (xs, ys, zs, places)), default=0)
    if not size or all(value is None for value in (*xs, *ys, *zs)):
        return []
    meta = trace.get("meta") if isinstance(trace.get("meta"), dict) else {}
    groups = array((meta or {}).get("groups")) or places
    texts = array(trace.get("hovertext")) or array(trace.get("text"))
    low, high = _errors(trace)
    if array(trace.get("base")):
        # A floating bar: where it ends, and how far below that it begins.
        lengths = xs if trace.get("orientation") == "h" else ys
        ends = [_sum(base, length) for base, length in zip(array(trace["base"]), lengths, strict=False)]
        xs, ys = (ends, ys) if trace.get("orientation") == "h" else (xs, ends)
        low = lengths
    series = plain(trace.get("name") or "")
    along = str(trace.get("xaxis" if trace.get("orientation") != "h" else "yaxis", ""))
    names = _ticks(layout, trace)
    rows = []
    for at in range(size):
        x, y, z = (_at(each, at) for each in (xs, ys, zs))
        category = names.get(_key(y if trace.get("orientation") == "h" else x), "")
        if not category and isinstance(x, str):
            category = x
        elif not category and isinstance(y, str):
            category = y
        rows.append(
            (
                series or (f"{place + 1}" + (f" ({along})" if along else "")),
                plain(category), _text(_at(groups, at)), _measured(x), _measured(y), _measured(z),
                _measured(_at(low, at)), _measured(_at(high, at)), plain(_at(texts, at)),
            )
        )  # fmt: skip
    return rows


def _sum(base: Any, length: Any) -> Any:
    return None if _is_absent(base) or _is_absent(length) else float(base) + float(length)


def _cells(trace: dict[str, Any], xs: list[Any], ys: list[Any], zs: list[Any]) -> list[tuple[Any, ...]]:
    """A row each cell of a matrix: its column as the series, its row as the category."""
    rows = []
    texts = array(trace.get("text"))
    for down, line in enumerate(zs):
        for across, value in enumerate(array(line)):
            text = _at(array(_at(texts, down)), across)
            column, row = _at(xs, across), _at(ys, down)
            rows.append((plain(column), plain(row), "", None, None, _measured(value), None, None, plain(text)))
    return rows


def _ticks(layout: dict[str, Any], trace: dict[str, Any]) -> dict[Any, str]:
    """Position → label of the axis that carries the categories, where labels were given by hand."""
    letter = "y" if trace.get("orientation") == "h" else "x"
    name = str(trace.get(f"{letter}axis", letter)).replace(letter, f"{letter}axis", 1)
    axis = layout.get(name) or {}
    labels = array(axis.get("ticktext"))
    return {_key(value): plain(label) for value, label in zip(array(axis.get("tickvals")), labels, strict=False)}


def _key(value: Any) -> Any:
    return float(value) if _is_number(value) else value


def _errors(trace: dict[str, Any]) -> tuple[list[Any], list[Any]]:
    """Lengths of the error bars below and above."""
    bars = trace.get("error_y") or trace.get("error_x") or {}
    high = array(bars.get("array"))
    low = array(bars.get("arrayminus"))
    return (low or high if bars.get("symmetric", True) else low), high


def _tiles(drawing: Drawing, words: Words) -> Table | None:
    columns = (
        Column(words("export.tile.label")), Column(words("column.value"), "number", "#,##0.####"),
        Column(words("export.tile.shown")), Column(words("export.tile.change")), Column(words("export.tile.n")),
        Column(words("column.key")),
    )  # fmt: skip
    rows = tuple(
        (
            tile.label, None if is_missing(tile.raw) else _number(tile.raw),
            f"{tile.value}{tile.unit}{tile.total}", tile.change.text if tile.change else "", tile.n, tile.key,
        )
        for tile in drawing.tiles
    )  # fmt: skip
    return Table(words("export.sheet.tiles"), columns, rows)


def _entries(drawing: Drawing, words: Words) -> Table | None:
    columns = tuple(Column(words(f"export.entry.{name}")) for name in ("tag", "title", "detail", "place"))
    rows = tuple(
        (entry.tag, entry.title, entry.detail, " ".join(entry.view.values())) for entry in drawing.entries
    )  # fmt: skip
    return Table(words("export.sheet.entries"), columns, rows)


def _facts(drawing: Drawing, words: Words) -> Table | None:
    columns = (
        Column(words("export.fact.label")), Column(words("export.fact.value")), Column(words("export.fact.note")),
        Column(words("column.value"), "number", "#,##0.####"), Column(words("column.key")),
    )  # fmt: skip
    rows = tuple(
        (fact.label, fact.value, fact.note, None if is_missing(fact.raw) else _number(fact.raw), fact.key)
        for fact in drawing.facts
    )
    return Table(words("export.sheet.facts"), columns, rows)


def _sentence(drawing: Drawing, words: Words) -> Table | None:
    if drawing.grid or drawing.figure or drawing.tiles or drawing.entries or drawing.facts:
        return None
    rows = tuple((text,) for text in (drawing.title, drawing.subtitle) if text)
    return Table(words("export.sheet.finding"), (Column(words("export.sheet.finding")),), rows)


# -- values ------------------------------------------------------------------------------------------------------------


def array(values: Any) -> list[Any]:
    """A list of what plotly takes for one: lists, numpy arrays, and its own `{dtype, bdata}`."""
    if values is None or isinstance(values, str | bytes):
        return []
    if isinstance(values, dict):
        if "bdata" not in values:
            return []
        flat = np.frombuffer(base64.b64decode(values["bdata"]), dtype=np.dtype(values["dtype"]))
        shape = values.get("shape")
        if shape:
            flat = flat.reshape([int(part) for part in str(shape).split(",")])
        found: list[Any] = flat.tolist()
        return found
    if isinstance(values, Sequence | np.ndarray | pd.Series | pd.Index):
        return [each.tolist() if isinstance(each, np.ndarray) else each for each in values]
    return []


def plain(text: Any) -> str:
    """A text of a chart without its markup."""
    if text is None or (_is_number(text) and is_missing(text)):
        return ""
    return _TAG.sub(" ", str(text)).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def _at(values: list[Any], place: int) -> Any:
    return values[place] if place < len(values) else None


def _is_absent(value: Any) -> bool:
    return value is None or (not isinstance(value, str) and is_missing(value))


def _text(value: Any) -> str:
    return "" if _is_absent(value) else str(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.number) and not isinstance(value, bool | np.bool_)


def _number(value: Any) -> float | int:
    found = float(value)
    return int(found) if found.is_integer() and abs(found) < 1e15 else found


def _measured(value: Any) -> Any:
    """A coordinate of a mark: a number as it is, a date as text, nothing for a gap or a mere name."""
    if _is_number(value):
        return None if not math.isfinite(float(value)) else _number(value)
    return None if value is None else str(value)


def _cell(value: Any) -> Any:
    if isinstance(value, bool | np.bool_):
        return str(bool(value))
    if _is_number(value):
        return None if not math.isfinite(float(value)) else _number(value)
    return None if _is_absent(value) else str(value)
