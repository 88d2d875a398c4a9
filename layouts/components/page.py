"""How a page arranges its cards: a grid of twelve columns that becomes one column on a phone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from dash import html

from dashboard.cards import CARDS
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue.types import Page
from layouts.components.card import card
from layouts.components.states import empty_state

if TYPE_CHECKING:
    from data.query import Reader

COLUMNS = 12
# Card name and how many of the twelve columns it takes.
Place = tuple[str, int]


def page_of_cards(page: Page, places: Iterable[Place], reader: Reader, view: View, ink: Ink, words: Words) -> html.Div:
    """The cards of a page in reading order, drawn.

    Every card named here must be in the page each time: its redraw callback names them all. A card that has nothing
    to say about a selection says so itself (`Drawing.empty`).
    """
    slots = [
        html.Div(
            card(CARDS[name], reader, view, ink, words), className="gd-slot", style={"--gd-span": min(span, COLUMNS)}
        )
        for name, span in places
    ]
    if not slots:
        slots = [html.Div(empty_state(words("empty.page"), words), className="gd-card")]
    return html.Div(slots, className="gd-page", **{"data-page": page.value})
