"""The demo city in a real browser: every page whole, every card with a mark, nothing asked for outside."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator

from data.query import Reader
from data.store import open_store
from tests.pages.browsing import Watched, serve

pytestmark = pytest.mark.browser

PATHS = ["/", "/coverage", "/satisfaction", "/companies", "/ranking", "/compound", "/compound/{id}", "/data"]
SEARCHES = ["", "?lang=en", "?area=341802&month=2026-06"]


@pytest.fixture(scope="module")
def demo_server(demo_url: str) -> Iterator[str]:
    yield from serve(demo_url)


@pytest.fixture(scope="module")
def compound_id(demo_url: str) -> str:
    return str(Reader(open_store(demo_url)).register("compound").query("is_managed")["compound_id"].iloc[0])


def has_mark(card: Locator) -> bool:
    """Whether a card shows anything of its own: a drawn trace, a row, a tile, an entry, a fact, or why there is none."""
    card.scroll_into_view_if_needed()
    kind = str(card.get_attribute("class"))
    if card.locator(".gd-cover *").count():
        return True
    if "gd-frame-figure" in kind:
        card.locator(".js-plotly-plot .main-svg").first.wait_for()
        return bool(
            card.locator(".js-plotly-plot").evaluate(
                "gd => (gd.data || []).length > 0 || (gd.layout.shapes || []).length > 0"
            )
        )
    if "gd-frame-grid" in kind:
        card.locator(".ag-row").first.wait_for()
        return True
    return len(card.inner_text().strip()) > 1


@pytest.mark.parametrize("search", SEARCHES)
@pytest.mark.parametrize("path", PATHS)
def test_every_card_of_a_page_shows_something(
    demo_server: str, compound_id: str, watched: Watched, path: str, search: str
) -> None:
    watched.open(demo_server + path.format(id=compound_id) + search)
    # Cards come one after another and take the places of their outlines.
    watched.page.wait_for_function("() => !document.querySelector('[data-waits]')")
    cards = watched.page.locator("[data-card]")
    assert cards.count() > 0
    for card in cards.all():
        assert has_mark(card), card.get_attribute("data-card")
        assert card.locator(".gd-state[role='alert']").count() == 0, card.get_attribute("data-card")
    assert watched.errors == []
    assert watched.outside == []


def test_every_page_says_that_the_data_are_a_demonstration(demo_server: str, watched: Watched) -> None:
    watched.open(demo_server + "/")
    links = [a.get_attribute("href") or "" for a in watched.page.locator("#nav a").all()]
    # The large screen and the page of accounts have no frame; their own tests look for the mark.
    for link in [link for link in links if not link.startswith(("/screen", "/admin"))]:
        watched.open(f"{demo_server}{link}")
        assert watched.page.get_by_text("演示数据").first.is_visible()
