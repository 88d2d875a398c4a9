"""From any figure back to its files and rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboard.cards.data.batches import local_time
from dashboard.cards.data.titles import denominator_title, measure_titles, table_title
from dashboard.cards.types import Card, Drawing, GridSpec, Query
from dashboard.numbers import is_missing, month_name, number, quantity
from data.catalogue import INDICATORS, MEASURES, Measure, Reported
from data.catalogue.types import Page
from data.query import Period
from data.trace import trace_figure

if TYPE_CHECKING:
    from dashboard.theme import Ink
    from dashboard.view import View
    from dashboard.wording import Words
    from data.query import Reader

# Rows sent to the page; the file of all rows is one click away.
ROWS_LISTED = 2000
PAGE_SIZE = 50


def traced(reader: Reader, view: View) -> dict[str, Any]:
    """`data.trace.trace_figure` of the indicator, area and month in the view; nothing where none is chosen."""
    if view.trace is None or not reader.months:
        return {"rows_total": 0, "rows": [], "batches": []}
    month = view.month_of(reader) or None
    key = ("trace", view.trace, view.selection, month)
    found: dict[str, Any] = reader.remember(
        key, lambda: trace_figure(reader, str(view.trace), view.selection, month=month, limit=ROWS_LISTED)
    )
    return found


def why_nothing(reader: Reader, view: View, words: Words) -> str:
    """Why there are no rows to list."""
    if view.trace is None:
        return words("data.lineage.choose")
    return words("data.lineage.no_rows" if reader.months else "data.lineage.no_months")


def place_name(reader: Reader, view: View) -> str:
    """The narrowest place or unit selected."""
    return reader.label(view.compound or view.company or view.grid or view.area or reader.city.code)


def figure_in_words(reader: Reader, view: View, words: Words) -> tuple[str, Query]:
    """`组织覆盖率 17.2% = 88 ÷ 513`, and what was read for it."""
    indicator = INDICATORS[str(view.trace)]
    period = Period.of(view.month_of(reader))
    row = reader.indicator(indicator.key, view.selection, period=period).iloc[0]
    query = Query(key=indicator.key, selection=view.selection, period=period)
    value = quantity(row["value"], indicator.unit, words, decimals=indicator.decimals)
    if bool(row["suppressed"]):
        return words("data.lineage.suppressed", title=words.of(indicator)), query
    if is_missing(row["value"]):
        return words("data.lineage.unreported", title=words.of(indicator)), query
    if indicator.denominator is None:
        return words("data.lineage.count", title=words.of(indicator), value=value), query
    return words(
        "data.lineage.ratio", title=words.of(indicator), value=value, numerator=number(row["numerator"]),
        denominator=number(row["denominator"]),
    ), query  # fmt: skip


def shown_value(value: Any, measure: Measure) -> str:
    """A row's value as it may be shown: counts too small to show are `<5`, money to the fen, the rest as it is."""
    below = measure.suppress_below
    if below is not None and 0 < value < below:
        return f"<{below}"
    return number(value) if float(value).is_integer() else number(value, 2)


def explanation(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """The batches and files a figure came from."""
    title = words("data.lineage.files_title")
    document = traced(reader, view)
    rows = [
        {
            "id": str(place), "batch": batch["batch"], "file": batch["file"] or words("data.batches.no_file"),
            "sha256": batch["sha256"] or "", "at": local_time(batch["created_at"]), "actor": batch["actor"],
            "mapping": batch["mapping"] or "",
        }
        for place, batch in enumerate(document["batches"])
    ]  # fmt: skip
    heading = (
        words("data.lineage.files", n=number(len({row["batch"] for row in rows}))) if document["rows_total"] else title
    )
    widths = (("batch", 80), ("file", 220), ("at", 150), ("actor", 90), ("mapping", 120), ("sha256", 260))
    columns = [
        {"field": f, "headerName": words(f"data.lineage.{f}"), "minWidth": w, "tooltipField": f} for f, w in widths
    ]
    return Drawing(
        title=heading, subtitle=words("data.lineage.files_sub"),
        grid=GridSpec(columns=columns, rows=rows, row_id="id", page_size=PAGE_SIZE),
        n=number(len(rows)) if rows else "", source=words("data.batches.source"), alt=heading,
        empty=None if rows else why_nothing(reader, view, words), todo=None if view.trace else "",
    )  # fmt: skip


def rows_behind(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """The rows a figure was counted from, page by page."""
    document = traced(reader, view)
    rows = [
        {
            "id": str(place), "measure": words.of(MEASURES[row["measure"]]), "label": row["label"], "unit": row["unit"],
            "month": row["month"], "value": shown_value(row["value"], MEASURES[row["measure"]]), "table": table_title(row["table"], words),
            "row_id": row["row_id"], "batch": row["batch"], "file": row["file"] or words("data.batches.no_file"),
            "sheet": row["sheet"] or "", "source_row": row["source_row"],
        }
        for place, row in enumerate(document["rows"])
    ]  # fmt: skip
    texts = {"label": 170, "measure": 170, "unit": 110, "month": 90, "table": 110, "file": 190, "sheet": 110}
    order = ("label", "measure", "month", "value", "file", "sheet", "source_row", "batch", "table", "row_id", "unit")
    columns = [
        {"field": f, "headerName": words(f"data.lineage.{f}"), "minWidth": texts[f], "tooltipField": f}
        if f in texts
        else {"field": f, "headerName": words(f"data.lineage.{f}"), "number": True, "minWidth": 90}
        for f in order
    ]
    spec = GridSpec(columns=columns, rows=rows, row_id="id", page_size=PAGE_SIZE)
    if view.trace is None or not reader.months:
        title = words("data.lineage.title")
        return Drawing(
            title=title, grid=spec, empty=why_nothing(reader, view, words), todo=None if view.trace else "", alt=title
        )
    indicator = INDICATORS[view.trace]
    heading, query = figure_in_words(reader, view, words)
    months = [month_name(document["period"][end], words) for end in ("from", "to")]
    subtitle = words(
        "data.lineage.subtitle", place=place_name(reader, view), total=number(document["rows_total"]),
        period=months[1] if months[0] == months[1] else words("data.lineage.span", start=months[0], end=months[1]),
    )  # fmt: skip
    above = measure_titles(indicator.numerator, words)
    note = words("data.lineage.count_of", numerator=above)
    if indicator.denominator is Reported.UNITS or indicator.denominator:
        note = words("data.lineage.ratio_of", numerator=above, denominator=denominator_title(indicator, words))
    if document["rows_total"] > len(rows):
        note = words("data.lineage.cut", shown=number(len(rows)), total=number(document["rows_total"])) + note
    return Drawing(
        title=heading, subtitle=subtitle, n=number(document["rows_total"]), source=indicator.source, note=note,
        grid=spec, as_of=months[1], queries=(query,), alt=heading,
        empty=None if rows else why_nothing(reader, view, words), todo=None if view.trace else "",
    )  # fmt: skip


CARDS: tuple[Card, ...] = (
    Card(name="data.lineage", page=Page.DATA, indicators=(), draw=rows_behind, height=400, kind="grid"),
    Card(name="data.lineage_files", page=Page.DATA, indicators=(), draw=explanation, height=180, kind="grid"),
)
