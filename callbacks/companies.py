"""What happens on the page `companies`."""

from __future__ import annotations

from dash import Dash

from callbacks.cards import redraw_cards
from dashboard.services import Services
from data.catalogue.types import Page


def register(app: Dash, services: Services) -> None:
    """Redraw the page's cards when the view changes."""
    redraw_cards(app, services, Page.COMPANIES)
