"""What the page `ranking` shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.ids import Id
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue.types import Page
from layouts.components.page import Section, page_of_sections, places_in
from layouts.components.weights import laboratory_key, weight_laboratory

if TYPE_CHECKING:
    from data.query import Reader

BEFORE = (
    Section("", (("ranking.headline", 12), ("ranking.tiles", 12))),
    Section(
        "ranking.section.who",
        (("ranking.gates", 5), ("ranking.gated", 7), ("ranking.ranges", 5), ("ranking.tiers", 7)),
    ),
    Section("ranking.section.why", (("ranking.why", 12), ("ranking.parts", 5), ("ranking.evidence", 7))),
)
AFTER = (
    Section(
        "ranking.section.change",
        (("ranking.schemes", 6), ("ranking.roles", 6), ("ranking.sensitivity", 6), ("ranking.movers", 6)),
    ),
    Section(
        "ranking.section.awards",
        (
            ("ranking.awards", 6),
            ("ranking.award_places", 6),
            ("ranking.models", 6),
            ("ranking.income", 6),
            ("ranking.objections", 12),
        ),
    ),
    Section("ranking.section.scheme", (("ranking.scheme", 12),)),
)
PLACES = places_in((*BEFORE, *AFTER))


def layout(reader: Reader, view: View, ink: Ink, words: Words) -> Component:
    """The page for a view, its cards drawn, the weight laboratory between evidence and comparison."""
    page = page_of_sections(Page.RANKING.value, BEFORE, words)
    rest = page_of_sections(Page.RANKING.value, AFTER, words)
    page.children = [
        *page.children,
        dcc.Store(id=Id.LABORATORY_FOR, data=laboratory_key(view, reader.revision)),
        html.Div(html.H2(words("ranking.section.weights"), className="gd-section-title"), className="gd-section"),
        html.Div(weight_laboratory(reader, view, words), className="gd-slot", style={"--gd-span": 12}),
        *rest.children,
    ]
    return page
