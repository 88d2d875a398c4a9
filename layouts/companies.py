"""What the page `companies` shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash.development.base_component import Component

from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue.types import Page
from layouts.components.page import Place, page_of_cards

if TYPE_CHECKING:
    from data.query import Reader

PLACES: tuple[Place, ...] = ()


def layout(reader: Reader, view: View, ink: Ink, words: Words) -> Component:
    """The page for a view, its cards drawn."""
    return page_of_cards(Page.COMPANIES, PLACES, reader, view, ink, words)
