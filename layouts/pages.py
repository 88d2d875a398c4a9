"""The pages in reading order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dash.development.base_component import Component

from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue.types import Page
from layouts import briefing, companies, compound, coverage, data, methods, overview, ranking, satisfaction
from layouts.components.page import Place

if TYPE_CHECKING:
    from data.query import Reader

Layout = Callable[["Reader", View, Ink, Words], Component]


@dataclass(frozen=True)
class PageEntry:
    """A page: its key, what draws it, where its cards stand, and whether a rule in the navigation precedes it."""

    page: Page
    layout: Layout
    places: tuple[Place, ...]
    starts_section: bool = False


PAGES: dict[Page, PageEntry] = {
    entry.page: entry
    for entry in (
        PageEntry(Page.OVERVIEW, overview.layout, overview.PLACES),
        PageEntry(Page.COVERAGE, coverage.layout, coverage.PLACES),
        PageEntry(Page.SATISFACTION, satisfaction.layout, satisfaction.PLACES),
        PageEntry(Page.COMPANIES, companies.layout, companies.PLACES),
        PageEntry(Page.RANKING, ranking.layout, ranking.PLACES),
        PageEntry(Page.COMPOUND, compound.layout, compound.PLACES, starts_section=True),
        PageEntry(Page.BRIEFING, briefing.layout, briefing.PLACES),
        PageEntry(Page.DATA, data.layout, data.PLACES),
        PageEntry(Page.METHODS, methods.layout, methods.PLACES),
    )
}
