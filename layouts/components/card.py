"""The frame every card has: title, subtitle, menu, body, foot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash_bootstrap_components as dbc
from dash import dcc, html

from dashboard.cards.drawing import Failure, draw
from dashboard.cards.types import Card, Drawing
from dashboard.figures.config import graph_config
from dashboard.ids import Part, card_id, menu_id, part_id
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from layouts.components.entries import entries
from layouts.components.facts import facts
from layouts.components.grid import grid
from layouts.components.states import empty_state, failing_state
from layouts.components.tiles import tiles

if TYPE_CHECKING:
    from data.query import Reader

MENU_ITEMS = ("table", "definition")


def card(shown: Card, reader: Reader, view: View, ink: Ink, words: Words) -> html.Section:
    """The card, drawn. Its children are what a redraw replaces."""
    return html.Section(
        card_children(shown, reader, view, ink, words),
        id=card_id(shown.name),
        className=f"gd-frame gd-frame-{shown.kind}",
        **{"data-card": shown.name},
    )


def card_children(shown: Card, reader: Reader, view: View, ink: Ink, words: Words) -> list[Any]:
    """The inside of the card for a view: what the redraw callback of its page returns."""
    drawing = draw(shown, reader, view, ink, words)
    if isinstance(drawing, Failure):
        body = failing_state(drawing.request, words, retry_href=view.href())
        return [html.Div(_body(body, shown), className="gd-card")]
    if shown.kind == "headline":
        return [html.H1(drawing.title, className="gd-headline"), html.P(drawing.subtitle, className="gd-headline-sub")]
    if shown.kind == "tiles" and drawing.empty is None:
        return [html.H2(drawing.title, className="visually-hidden"), tiles(drawing.tiles)]
    return [
        html.Div(
            [_head(shown, drawing, words), _body(_content(shown, drawing, view, words), shown), _foot(drawing, words)],
            className="gd-card",
        )
    ]


def _head(shown: Card, drawing: Drawing, words: Words) -> html.Header:
    menu = dbc.DropdownMenu(
        [
            dbc.DropdownMenuItem(words(f"card.menu_{item}"), id=menu_id(shown.name, item), n_clicks=0)
            for item in MENU_ITEMS
        ],
        label=html.Span("⋯", title=words("card.menu", title=drawing.title)),
        align_end=True,
        caret=False,
        size="sm",
        className="gd-menu",
        toggle_class_name="gd-menu-toggle",
    )
    titles = html.Div([html.H2(drawing.title, className="gd-title"), html.P(drawing.subtitle, className="gd-subtitle")])
    return html.Header([titles, menu], className="gd-card-head")


def _body(content: Any, shown: Card) -> html.Div:
    # The height is of the 1× design; rem lets it grow with the type of larger screens.
    return html.Div(content, className="gd-card-body", style={"minHeight": f"{shown.height / 15:.3f}rem"})


def _content(shown: Card, drawing: Drawing, view: View, words: Words) -> Any:
    if drawing.empty is not None:
        return empty_state(drawing.empty, words)
    if drawing.figure is not None:
        graph = dcc.Graph(
            id=part_id(Part.FIGURE, shown.name),
            figure=drawing.figure,
            config=graph_config(words.lang),
            responsive=True,
            className="gd-graph",
        )
        alt = drawing.alt or drawing.title
        return html.Figure(
            [html.Div(graph, className="gd-graph-box"), html.Figcaption(alt, className="visually-hidden")],
            className="gd-figure",
            role="group",
            **{"aria-label": words("card.figure_label", alt=drawing.title)},
        )
    if drawing.grid is not None:
        return grid(drawing.grid, shown.name, view, words)
    if drawing.entries:
        return entries(drawing.entries, view)
    if drawing.tiles:
        return tiles(drawing.tiles)
    if drawing.facts:
        return facts(drawing.facts, view)
    return empty_state(words("empty.card"), words)


def _foot(drawing: Drawing, words: Words) -> html.Footer:
    parts = [
        words("card.n", n=drawing.n) if drawing.n else "",
        words("card.as_of", date=drawing.as_of) if drawing.as_of else "",
        drawing.source,
        drawing.note or "",
    ]
    return html.Footer(words("text.middot").join(part for part in parts if part), className="gd-card-foot")
