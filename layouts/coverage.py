"""What the page `coverage` shows."""

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
            ("coverage.headline", 12),
            ("coverage.chain", 7),
            ("coverage.escalation", 5),
        ),
    ),
    Section(
        "coverage.section.states",
        (
            ("coverage.states", 12),
            ("coverage.tiles", 12),
            ("coverage.due", 7),
            ("coverage.builds", 5),
        ),
    ),
    Section(
        "coverage.section.organisations",
        (
            ("coverage.modes", 6),
            ("coverage.timeline", 6),
            ("coverage.organisations", 12),
        ),
    ),
    Section(
        "coverage.section.posts",
        (
            ("coverage.cross", 7),
            ("coverage.committees", 5),
            ("coverage.party_seats", 4),
            ("coverage.seats", 4),
            ("coverage.posts", 4),
        ),
    ),
    Section(
        "coverage.section.members",
        (
            ("coverage.members", 6),
            ("coverage.kinds", 6),
            ("coverage.work", 6),
            ("coverage.conduct", 6),
        ),
    ),
    Section(
        "coverage.section.life",
        (
            ("coverage.life", 4),
            ("coverage.meetings", 4),
            ("coverage.branch_meetings", 4),
            ("coverage.six", 8),
            ("coverage.stations", 4),
            ("coverage.people", 12),
        ),
    ),
)
PLACES: tuple[Place, ...] = places_in(SECTIONS)


def layout(reader: Reader, view: View, ink: Ink, words: Words) -> Component:
    """The page for a view, its cards drawn."""
    return page_of_sections(Page.COVERAGE.value, SECTIONS, words)
