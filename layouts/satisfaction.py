"""What the page `satisfaction` shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash.development.base_component import Component

from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from layouts.components.page import Section, page_of_sections, places_in

if TYPE_CHECKING:
    from data.query import Reader

SECTIONS: tuple[Section, ...] = (
    Section("", (("satisfaction.headline", 12), ("satisfaction.tiles", 12))),
    Section(
        "satisfaction.section_rate",
        (
            ("satisfaction.course", 7),
            ("satisfaction.senses", 5),
            ("satisfaction.places", 7),
            ("satisfaction.areas", 5),
            ("satisfaction.multiples", 12),
        ),
    ),
    Section(
        "satisfaction.section_rule",
        (
            ("satisfaction.sure", 7),
            ("satisfaction.counts", 5),
            ("satisfaction.review", 12),
            ("satisfaction.funnel", 7),
            ("satisfaction.outliers", 5),
        ),
    ),
    Section(
        "satisfaction.section_answers",
        (("satisfaction.scale", 5), ("satisfaction.response", 4), ("satisfaction.sizes", 3)),
    ),
    Section(
        "satisfaction.section_assessment",
        (
            ("satisfaction.assessed", 12),
            ("satisfaction.coverage", 3),
            ("satisfaction.score", 3),
            ("satisfaction.distribution", 6),
            ("satisfaction.triggers", 4),
            ("satisfaction.loop", 4),
            ("satisfaction.gaps", 4),
            ("satisfaction.interviews", 12),
            ("satisfaction.rewards", 8),
            ("satisfaction.reward_counts", 4),
        ),
    ),
)
PLACES = places_in(SECTIONS)


def layout(reader: Reader, view: View, ink: Ink, words: Words) -> Component:
    """The page for a view, its cards drawn."""
    return page_of_sections(view.page, SECTIONS, words)
