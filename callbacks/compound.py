"""What happens on the page `compound`: its two faces are redrawn apart, because only one of them is on the page."""

from __future__ import annotations

from dash import Dash

from callbacks.cards import redraw_cards
from dashboard.services import Services
from data.catalogue.types import Page
from layouts.compound import FILE_PLACES, FINDER_PLACES


def register(app: Dash, services: Services) -> None:
    """Redraw the cards of the file, or the list, when the view changes."""
    redraw_cards(app, services, Page.COMPOUND, FILE_PLACES)
    redraw_cards(app, services, Page.COMPOUND, FINDER_PLACES)
