"""What the menu of a card opens: the definition of its indicators, and its data as a table."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
from dash import dcc, html

from dashboard.absence import absence
from dashboard.cards.drawing import Failure, draw
from dashboard.cards.types import Card, GridSpec, Query
from dashboard.definitions import definition_lines
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue import INDICATORS
from data.catalogue.types import Indicator, Page
from layouts.components.grid import cut_note, grid
from layouts.components.states import failing_state

if TYPE_CHECKING:
    from data.query import Reader

NUMBERS = ("value", "numerator", "denominator", "reported", "expected", "low", "high")
# Of these what the indicator itself is said in.
SHARES = ("value", "low", "high")

# What stands beside a reason that is said once in its row.
NOTHING = "–"
# What the panel leaves under its heading.
HEIGHT = "calc(100vh - 6.5rem)"

# What a click on a row of the data table sets in the view, by how its figures are grouped.
OPENED_BY = {
    "county": "area", "street": "area", "community": "area", "grid": "grid", "compound": "compound",
    "company": "company", "month": "month",
}  # fmt: skip


def definitions(shown: Card, view: View, words: Words) -> Any:
    """The catalogue's entry of every indicator of the card, and the way to the methods behind it."""
    methods = html.P(dcc.Link(words("methods.link"), href=view.on(Page.METHODS.value).href()))
    if not shown.indicators:
        return [html.P(words("panel.no_definition")), methods]
    return [*(_definition(INDICATORS[key], words) for key in shown.indicators), methods]


def traces(shown: Card, view: View, words: Words) -> Any:
    """A link for every indicator of the card: to the rows behind it, for the place and month in view."""
    if not shown.indicators:
        return html.P(words("panel.no_definition"))
    links = [
        html.Li(
            dcc.Link(words.of(INDICATORS[key]), href=view.on(Page.DATA.value, trace=key, compound=view.compound).href())
        )
        for key in shown.indicators
    ]
    return [html.P(words("panel.trace")), html.Ul(links, className="gd-links")]


def indicator_links(view: View, words: Words) -> Any:
    """A link for every indicator of the catalogue, by the page it belongs to: the same view showing it."""
    sections: list[Any] = []
    for page in Page:
        listed = [indicator for indicator in INDICATORS.values() if indicator.page is page]
        if not listed:
            continue
        links = [
            html.Li(
                dcc.Link(words.of(each), href=replace(view, indicator=each.key).href()),
                title=each.definition_zh if words.lang == "zh" else each.definition_en,
            )
            for each in listed
        ]
        sections += [
            html.H3(words(f"page.{page}"), className="gd-title"),
            html.Ul(links, className="gd-links gd-links-columns"),
        ]
    return [html.P(words("panel.every_indicator")), *sections]


def _definition(indicator: Indicator, words: Words) -> html.Section:
    lines = definition_lines(indicator, words)
    # A caveat a line.
    parts = [(name, line) for name, text in lines.items() for line in text.split("\n")]
    rows = [part for name, text in parts for part in (html.Dt(words(f"definition.{name}")), html.Dd(text))]
    return html.Section([html.H3(words.of(indicator), className="gd-title"), html.Dl(rows, className="gd-facts")])


def data_table(shown: Card, reader: Reader, view: View, ink: Ink, words: Words) -> Any:
    """Every number the card was drawn from, read again by the card's own queries.

    Its rows lead where the marks of the chart do, so that the keyboard reaches every mark.
    """
    drawing = draw(shown, reader, view, ink, words)
    if isinstance(drawing, Failure):
        return failing_state(drawing.request, words)
    rows = [row for query in drawing.queries for row in _rows(query, reader, words)]
    if not rows and drawing.grid is not None:
        return _whole_table(drawing.grid, shown, view, words)
    if not rows:
        return html.P(words("panel.no_table"))
    has = {name for row in rows for name, value in row.items() if value is not None}
    if all(row.get("group") == row.get("label") for row in rows):
        # Months are named as they are coded.
        has.discard("group")
    texts = [
        {"field": name, "headerName": words(f"column.{name}"), "minWidth": 110}
        for name in ("label", "indicator", "month", "group")
        if name in has
    ]
    shares = max((INDICATORS[query.key].decimals for query in drawing.queries), default=0)
    numbers = [
        {"field": name, "headerName": words(f"column.{name}"), "number": True, "minWidth": 96,
         "absence": "absence" if name == "value" else "rest",
         "decimals": shares if name in SHARES and not _are_whole(rows, SHARES) else 0 if _are_whole(rows, (name,)) else 2}
        for name in NUMBERS
        if name in has
    ]  # fmt: skip
    spec = GridSpec(
        columns=[*texts, *numbers], rows=[{"row": str(i), **row} for i, row in enumerate(rows)], row_id="row",
        click_field="group", click_by="opens",
    )  # fmt: skip
    return _whole_table(spec, shown, view, words)


def _whole_table(spec: GridSpec, shown: Card, view: View, words: Words) -> Any:
    """The table, and before it how many rows of it are not there."""
    note = cut_note(spec, words)
    table = grid(spec, f"{shown.name}:table", view, words, height=HEIGHT)
    return [html.P(note), table] if note else table


def _are_whole(rows: list[dict[str, Any]], names: tuple[str, ...]) -> bool:
    """Whether all known numbers of these columns are counts."""
    return all(float(row[name]).is_integer() for row in rows for name in names if row.get(name) is not None)


def _rows(query: Query, reader: Reader, words: Words) -> list[dict[str, Any]]:
    read = reader.panel if query.is_panel else reader.indicator
    frame = read(query.key, query.selection, period=query.period, by=query.by)
    title = words.of(INDICATORS[query.key])
    opens = OPENED_BY.get(query.by or "")
    rows = []
    for row in frame.to_dict("records"):
        why = absence(row, query.key, _month_of(row, query), reader, words)
        rest = why
        if why == words("value.no_survey"):
            # Nobody owed a report then.
            row |= {"reported": None, "expected": None}
            rest = NOTHING
        rows.append({"indicator": title, "opens": opens, "absence": why, "rest": rest, **_plain(row)})
    return rows


def _month_of(row: dict[Any, Any], query: Query) -> str:
    """The month a row is of, empty for one of several months."""
    one = query.period.end if query.period is not None and query.period.is_month else ""
    return str(row.get("month") or (row["group"] if query.by == "month" else one))


def _plain(row: dict[Any, Any]) -> dict[str, Any]:
    kept = {str(name): value for name, value in row.items() if name in ("label", "group", "month", *NUMBERS)}
    return {
        name: None if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)) else value
        for name, value in kept.items()
    }
