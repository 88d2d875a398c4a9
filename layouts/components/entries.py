"""Lists of places that need someone to go."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from dashboard.cards.types import Entry
from dashboard.view import View
from data.catalogue.types import Page


def entry_href(entry: Entry, view: View) -> str | None:
    """Where a click on the entry leads, the filters kept."""
    fields: dict[str, Any] = dict(entry.view)
    if not fields:
        return None
    if profile := fields.pop("profile", None):
        return view.on(Page.COMPOUND.value, compound=profile, **fields).href()
    page = fields.pop("page", view.page)
    return view.on(page, **fields).href()


def entries(shown: tuple[Entry, ...], view: View) -> html.Ul:
    """One row an entry: the tag in words, the title, the reason."""
    rows = []
    for entry in shown:
        href = entry_href(entry, view)
        title = (
            dcc.Link(entry.title, href=href, className="gd-entry-title")
            if href
            else html.Span(entry.title, className="gd-entry-title")
        )
        rows.append(
            html.Li(
                [
                    html.Span(entry.tag, className=f"gd-tag gd-tag-{entry.tone}"),
                    html.Div([title, html.Div(entry.detail, className="gd-entry-detail")], className="gd-entry-text"),
                ],
                className="gd-entry",
            )
        )
    return html.Ul(rows, className="gd-entries")
