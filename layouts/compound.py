"""What the page `compound` shows: the file of one compound, or all of them to choose from."""

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

if TYPE_CHECKING:
    from data.query import Reader

# Seconds without a key after which a text is looked for.
SETTLED_S = 0.15
FINDER: tuple[Section, ...] = (Section("", (("compound.finder_headline", 12), ("compound.finder", 12))),)
FILE: tuple[Section, ...] = (
    Section("", (("compound.headline", 12), ("compound.tiles", 12))),
    Section("compound.section_residents", (("compound.verdict", 7), ("compound.course", 5), ("compound.senses", 12))),
    Section("compound.section_diagnosis", (("compound.diagnosis", 6), ("compound.peers", 6))),
    Section("compound.section_index", (("compound.dimensions", 5), ("compound.evidence", 7))),
    Section("compound.section_who", (("compound.facts", 4), ("compound.organisation", 4), ("compound.history", 4))),
    Section(
        "compound.section_work",
        (
            ("compound.subjects", 4),
            ("compound.levels", 4),
            ("compound.rates", 4),
            ("compound.fees", 6),
            ("compound.arrears", 6),
        ),
    ),
    Section(
        "compound.section_record",
        (
            ("compound.assessments", 6),
            ("compound.interviews", 6),
            ("compound.objections", 7),
            ("compound.incidents", 5),
        ),
    ),
    Section("compound.section_sources", (("compound.sources", 12),)),
)
FINDER_PLACES, FILE_PLACES = places_in(FINDER), places_in(FILE)
PLACES = (*FINDER_PLACES, *FILE_PLACES)


def layout(reader: Reader, view: View, ink: Ink, words: Words) -> Component:
    """The file of the compound in the view, its cards drawn; without one, the list."""
    if view.compound is None:
        page = page_of_sections(Page.COMPOUND.value, FINDER, words)
        # Between the headline and the table.
        page.children.insert(1, _search(words))
        return page
    return page_of_sections(f"{Page.COMPOUND.value}/one", FILE, words)


def _search(words: Words) -> Component:
    return html.Div(
        [
            html.Label(words("compound.search_label"), htmlFor=Id.FIND_COMPOUND),
            dcc.Input(
                id=Id.FIND_COMPOUND,
                type="search",
                placeholder=words("compound.search_placeholder"),
                autoComplete="off",
                debounce=SETTLED_S,
            ),
            dcc.Store(id=Id.FIND_ASKED),
        ],
        className="gd-search",
        role="search",
    )
