"""Redrawing the cards of a page when its view changes: the one callback every page has."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from dash import Dash, Input, Output

from callbacks.message import message_of
from dashboard.cards import CARDS
from dashboard.cards.types import Card
from dashboard.ids import Id, part_id
from dashboard.services import Services
from data.catalogue.types import Page
from layouts.components.card import PROPERTIES, PROPERTIES_OF, card_properties
from layouts.components.page import Place
from layouts.pages import PAGES


def outputs_of(card: Card) -> dict[str, Output]:
    """The properties of the card's parts that a redraw sets."""
    return {
        name: Output(part_id(PROPERTIES[name][0], card.name), PROPERTIES[name][1]) for name in PROPERTIES_OF[card.kind]
    }


def drawn(names: list[str], data: Any, services: Services) -> dict[str, dict[str, Any]]:
    """Properties of each card for the view in `data`."""
    message = message_of(data)
    reader = services.reader()
    view, _, words = message.read(reader, services.settings.lang)
    return {name: card_properties(CARDS[name], reader, view, message.ink, words) for name in names}


def redraw_cards(app: Dash, services: Services, page: Page, places: Iterable[Place] | None = None) -> None:
    """Register the callback that redraws the cards of `page`, all in one round trip.

    Args:
        places: the cards that stand on the page together, where it has more than one face; all of them if None.
    """
    names = [name for name, _ in (PAGES[page].places if places is None else places)]
    if not names:
        return

    def redraw(data: Any) -> dict[str, dict[str, Any]]:
        return drawn(names, data, services)

    app.callback(
        output={name: outputs_of(CARDS[name]) for name in names},
        inputs={"data": Input(Id.REDRAW, "data")},
        prevent_initial_call=True,
    )(redraw)
