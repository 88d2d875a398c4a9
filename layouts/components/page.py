"""How a page arranges its cards: a grid of twelve columns that becomes one column on a phone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dash import html
from dash.development.base_component import Component

from dashboard.cards import CARDS
from dashboard.ids import Part, card_name, part_id
from dashboard.wording import Words
from data.catalogue.types import Page
from layouts.components.card import waiting_card
from layouts.components.states import empty_state

if TYPE_CHECKING:
    pass

COLUMNS = 12
# Title, foot and gap of a card, px.
FRAME_PX = 110
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


def page_of_cards(page: Page, places: Iterable[Place], words: Words) -> html.Div:
    """The places of the cards of a page in reading order.

    A card that has nothing to say about a selection keeps its place and says so itself (`Drawing.empty`).
    """
    return page_of_sections(page.value, (Section("", tuple(places)),), words)


def page_of_sections(page: str, sections: Iterable[Section], words: Words) -> html.Div:
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
                waiting_card(CARDS[name]),
                id=part_id(Part.SLOT, name),
                className="gd-slot",
                style={"--gd-span": min(span, COLUMNS)},
            )
            for name, span in section.places
        ]
    if not parts:
        parts = [html.Div(empty_state(words("empty.page"), words), className="gd-card")]
    return html.Div(parts, className="gd-page", **{"data-page": page})


def slots_of(page: Component) -> dict[str, Component]:
    """The places of a page that wait for their card, by its name, in reading order."""
    return {
        card_name(part.id["name"]): part
        for part in page._traverse()
        if isinstance(getattr(part, "id", None), dict) and part.id.get("type") == Part.SLOT
    }


def opening_cards(page: Component, height: float) -> list[str]:
    """Cards of which some is seen in a window of `height` px (of the 1× design) before anything is scrolled."""
    opening: list[str] = []
    top, filled, row = 0, 0, 0
    for name, slot in slots_of(page).items():
        span = int(slot.style["--gd-span"])
        if filled + span > COLUMNS:
            top, filled, row = top + row, 0, 0
        if top >= height:
            break
        opening.append(name)
        filled, row = filled + span, max(row, CARDS[name].height + FRAME_PX)
    return opening
