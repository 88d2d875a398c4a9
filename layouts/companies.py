"""What the page `companies` shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash.development.base_component import Component

from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue.types import Page
from layouts.components.page import Section, page_of_sections, places_in

if TYPE_CHECKING:
    from data.query import Reader

SECTIONS = (
    Section("", (("companies.headline", 12), ("companies.tiles", 12))),
    Section("companies.section.where", (("companies.map", 7), ("companies.by_street", 5))),
    Section(
        "companies.section.size",
        (
            ("companies.bubbles", 7),
            ("companies.arrears", 5),
            ("companies.size", 7),
            ("companies.coverage", 5),
            ("companies.collection_trend", 5),
            ("companies.collection", 7),
        ),
    ),
    Section(
        "companies.section.party",
        (
            ("companies.party_states", 6),
            ("companies.party_places", 6),
            ("companies.grades", 5),
            ("companies.credit", 7),
        ),
    ),
    Section("companies.section.modes", (("companies.modes", 12),)),
    Section("companies.section.list", (("companies.list", 12), ("companies.compounds", 12))),
)
PLACES = places_in(SECTIONS)


def layout(reader: Reader, view: View, ink: Ink, words: Words) -> Component:
    """The page for a view, its cards drawn."""
    return page_of_sections(Page.COMPANIES.value, SECTIONS, words)
