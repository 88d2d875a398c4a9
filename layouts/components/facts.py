"""A fact sheet: label, value, and where it leads."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from dashboard.cards.types import Entry, Fact
from dashboard.view import View
from layouts.components.entries import entry_href


def facts(shown: tuple[Fact, ...], view: View) -> html.Dl:
    """One line a fact; a judgement carries its tag, so that it does not rest on colour."""
    rows: list[Any] = []
    for fact in shown:
        href = entry_href(Entry(tone="good", tag="", title="", detail="", view=fact.view), view)
        value: Any = dcc.Link(fact.value, href=href, className="gd-fact-link") if href else fact.value
        if fact.tone:
            value = html.Span(value, className=f"gd-tag gd-tag-{fact.tone}")
        marks = {"data-indicator": fact.key, "data-value": repr(fact.raw)} if fact.key else {}
        note = html.Span(fact.note, className="gd-fact-note") if fact.note else None
        rows += [html.Dt(fact.label), html.Dd([value, note], **marks)]
    return html.Dl(rows, className="gd-factsheet")
