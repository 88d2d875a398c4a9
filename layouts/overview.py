"""What the page `overview` shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash.development.base_component import Component

from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue.types import Page
from layouts.components.page import Place, Section, page_of_sections, places_in

if TYPE_CHECKING:
    from data.query import Reader

SECTIONS = (
    Section(
        "",
        (
            ("overview.headline", 12),
            ("overview.tiles", 12),
            ("overview.map", 5),
            ("overview.trend", 4),
            ("overview.attention", 3),
            ("overview.towns", 7),
            ("overview.leading", 5),
        ),
    ),
    Section("overview.section.results", (("overview.published", 7), ("overview.base", 5))),
    Section(
        "overview.section.base",
        (
            ("overview.cases", 4),
            ("overview.lists", 4),
            ("overview.list_rates", 4),
            ("overview.campaigns", 12),
        ),
    ),
)
PLACES: tuple[Place, ...] = places_in(SECTIONS)


def layout(reader: Reader, view: View, ink: Ink, words: Words) -> Component:
    """The page for a view, its cards drawn."""
    return page_of_sections(Page.OVERVIEW.value, SECTIONS, words)
