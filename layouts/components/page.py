"""How a page arranges its cards: a grid of twelve columns that becomes one column on a phone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Section:
    """Cards under one heading; `title` is a key of the text table, empty for the opening of a page."""

    title: str
    places: tuple[Place, ...]


def places_in(sections: Iterable[Section]) -> tuple[Place, ...]:
    """The places of all sections, in reading order."""
    return tuple(place for section in sections for place in section.places)


def page_of_cards(page: Page, places: Iterable[Place], reader: Reader, view: View, ink: Ink, words: Words) -> html.Div:
    """The cards of a page in reading order, drawn.

    Every card named here must be in the page each time: its redraw callback names them all. A card that has nothing
    to say about a selection says so itself (`Drawing.empty`).
    """
    return page_of_sections(page.value, (Section("", tuple(places)),), reader, view, ink, words)


def page_of_sections(
    page: str, sections: Iterable[Section], reader: Reader, view: View, ink: Ink, words: Words
) -> html.Div:
    """`page_of_cards` with a heading before each section.

    Args:
        page: what the browser knows the drawn page by: a `Page` value, with `/one` for the page of a single thing.
    """
    parts: list[html.Div] = []
    for section in sections:
        if section.title:
            parts.append(html.Div(html.H2(words(section.title), className="gd-section-title"), className="gd-section"))
        parts += [
            html.Div(
                card(CARDS[name], reader, view, ink, words),
                className="gd-slot",
                style={"--gd-span": min(span, COLUMNS)},
            )
            for name, span in section.places
        ]
    if not parts:
        parts = [html.Div(empty_state(words("empty.page"), words), className="gd-card")]
    return html.Div(parts, className="gd-page", **{"data-page": page})
