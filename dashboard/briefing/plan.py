"""What a deck shows, slide by slide: the 月报 of a place, or the charts of a basket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from dashboard.briefing.basket import Basket, BasketError
from dashboard.cards import CARDS
from dashboard.view import MISSING, Notice, View
from data.catalogue.types import Page

if TYPE_CHECKING:
    from data.query import Reader

Shape = Literal["findings", "chart", "pair", "map", "table", "stack"]


@dataclass(frozen=True)
class Part:
    """One card on a slide.

    Attributes:
        view: what it is drawn for. title: what stands in place of its computed sentence.
        most: rows or entries shown at most; the slide then says how many there are.
    """

    card: str
    view: View
    title: str = ""
    most: int | None = None


@dataclass(frozen=True)
class Plan:
    """One slide before it is drawn, or several where a table goes on.

    Attributes:
        shape: findings (tiles and sentences), chart, pair, map (with something beside it), table, or stack (lists
            below each other).
        is_optional: left out where its cards have nothing to show, rather than shown empty.
    """

    shape: Shape
    parts: tuple[Part, ...]
    is_optional: bool = True


# Slides of the 月报: shape, then the cards, each with the rows shown at most.
_CITY: tuple[tuple[Shape, tuple[tuple[str, int | None], ...]], ...] = (
    ("findings", (("overview.tiles", None), ("overview.headline", None), ("coverage.headline", None),
                  ("satisfaction.headline", None), ("companies.headline", None), ("ranking.headline", None))),
    ("map", (("overview.map", None), ("satisfaction.areas", None))),
    ("pair", (("overview.trend", None), ("satisfaction.senses", None))),
    ("chart", (("coverage.states", None),)),
    ("pair", (("coverage.chain", None), ("coverage.escalation", None))),
    ("pair", (("coverage.builds", None), ("coverage.modes", None))),
    ("table", (("coverage.due", 36),)),
    ("pair", (("satisfaction.counts", None), ("satisfaction.response", None))),
    ("table", (("satisfaction.review", 28),)),
    ("pair", (("satisfaction.funnel", None), ("satisfaction.loop", None))),
    ("pair", (("ranking.gates", None), ("ranking.ranges", None))),
    ("table", (("ranking.tiers", 14),)),
    ("stack", (("overview.attention", None), ("satisfaction.gaps", None))),
    ("pair", (("companies.collection", None), ("companies.grades", None))),
    ("chart", (("companies.party_places", None),)),
    ("pair", (("companies.arrears", None), ("companies.collection_trend", None))),
    ("chart", (("companies.modes", None),)),
    ("pair", (("overview.cases", None), ("overview.lists", None))),
    ("chart", (("overview.campaigns", None),)),
    ("pair", (("data.filing", None), ("data.silent", None))),
    ("table", (("data.totals", 20),)),
)  # fmt: skip
# Totals of the whole city say nothing of a part of it.
_CITY_ALONE = {"data.totals"}

_COMPOUND: tuple[tuple[Shape, tuple[tuple[str, int | None], ...]], ...] = (
    ("findings", (("compound.tiles", None), ("compound.headline", None), ("compound.course", None),
                  ("compound.diagnosis", None), ("compound.dimensions", None), ("compound.fees", None),
                  ("compound.assessments", None))),
    ("pair", (("compound.facts", None), ("compound.organisation", None))),
    ("pair", (("compound.verdict", None), ("compound.course", None))),
    ("pair", (("compound.senses", None), ("compound.diagnosis", None))),
    ("table", (("compound.peers", 14),)),
    ("chart", (("compound.dimensions", None),)),
    ("table", (("compound.evidence", 30),)),
    ("pair", (("compound.subjects", None), ("compound.levels", None))),
    ("pair", (("compound.rates", None), ("compound.fees", None))),
    ("pair", (("compound.arrears", None), ("compound.assessments", None))),
    ("stack", (("compound.interviews", 6), ("compound.history", 7))),
    ("stack", (("compound.objections", 4), ("compound.incidents", 4), ("compound.sources", 7))),
)  # fmt: skip


def monthly(view: View) -> tuple[Plan, ...]:
    """The 月报 of the place and month of `view`: the profile of its compound if it names one."""
    if view.compound:
        slides, of_page = _COMPOUND, {Page.COMPOUND.value}
    else:
        slides, of_page = _CITY, set()
    plans = []
    for shape, cards in slides:
        if view.area and any(name in _CITY_ALONE for name, _ in cards):
            continue
        parts = tuple(Part(name, _on(view, name, of_page), most=most) for name, most in cards)
        plans.append(Plan(shape, parts))
    return tuple(plans)


def _on(view: View, card: str, of_page: set[str]) -> View:
    page = CARDS[card].page.value
    return view.on(page, compound=view.compound) if page in of_page else view.on(page)


def of_basket(basket: Basket, reader: Reader, lang: str) -> tuple[tuple[Plan, ...], list[Notice]]:
    """A slide for every entry in its order, and what of their addresses no longer exists.

    Raises:
        BasketError: there is no entry.
    """
    if not basket.entries:
        raise BasketError("清单是空的", todo="请先从图表的菜单选“加入简报”，或改为生成月报", code="basket_empty")
    plans: list[Plan] = []
    notices: list[Notice] = []
    for entry in basket.entries:
        path, _, search = entry.href.partition("?")
        view, found = View.parse(path, search, reader, lang)
        if view.page == MISSING:
            view = View(page=CARDS[entry.card].page.value)
        # The deck is of one language, whichever the chart was chosen in.
        view = View(**{**vars(view), "lang": lang})
        notices += found
        kind = CARDS[entry.card].kind
        shape: Shape = "table" if kind in ("grid", "list") else "chart"
        plans.append(Plan(shape, (Part(entry.card, view, entry.title),), is_optional=False))
    return tuple(plans), notices
