"""What a page does while it loads, and what it is on paper; what must stand under its maps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.pages.browsing import CARDS_ASKED, Watched, hold_cards, serve, small_store, watch
from tests.pages.conftest import PATIENCE_MS

pytestmark = pytest.mark.browser

REVIEW_NO = "GS(2026)0001号"
SHIFTS = """window.shifts = [];
new PerformanceObserver((list) => window.shifts.push(...list.getEntries().map((one) => one.value)))
  .observe({type: 'layout-shift', buffered: true});"""
DRAWN = """() => document.querySelector('#page [data-page]') && document.querySelector('#nav a')
  && !document.querySelector('[data-waits]')
  && [...document.querySelectorAll('.gd-graph')].every((box) => box.querySelector('.main-svg'))"""


def heights(page: Page) -> dict[str, float]:
    found: dict[str, float] = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll('[data-card]')]
             .map((card) => [card.dataset.card, card.getBoundingClientRect().height]))"""
    )
    return found


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_little_jumps_while_the_first_page_loads(server: str, browser: Browser, width: int, height: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": height})
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.add_init_script(SHIFTS)
    page.goto(server)
    page.wait_for_function(DRAWN)
    assert sum(page.evaluate("window.shifts")) <= 0.1
    context.close()


def test_a_card_that_waits_shows_an_outline_of_about_its_height(server: str, watched: Watched) -> None:
    page = watched.page
    held: list[Route] = []
    hold_cards(page, lambda route: held.append(route))
    page.goto(server)
    expect(page.locator("[data-waits] .gd-skeleton").first).to_be_visible()
    waiting = heights(page)
    assert page.locator("[data-waits][aria-busy=true]").count() == len(waiting)
    page.wait_for_function("() => document.querySelector('#nav a')")
    page.unroute(CARDS_ASKED)
    for route in held:
        route.continue_()
    page.wait_for_function(DRAWN)
    drawn = heights(page)
    # Titles may take another line, and a card with nothing to say is shorter.
    told = {name for name in drawn if not page.locator(f"[data-card='{name}'] .gd-cover > *").count()}
    assert {name: (waiting[name], drawn[name]) for name in told if abs(waiting[name] - drawn[name]) > 70} == {}


def test_paper_gets_the_page_as_it_stands_on_screen_and_nothing_that_is_clicked(server: str, watched: Watched) -> None:
    page = watched.page
    watched.open(server)
    page.wait_for_function(DRAWN)
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    for gone in (".gd-side", "#filters", "#theme-switch", ".gd-menu"):
        expect(page.locator(gone).first).to_be_hidden()
    expect(page.locator("[data-card='overview.map']")).to_be_visible()
    found: dict[str, Any] = page.evaluate(
        """() => ({page: document.getElementById('page').getBoundingClientRect().width,
             cards: [...document.querySelectorAll('.gd-card')].map((one) => one.getBoundingClientRect().right),
             columns: new Set([...document.querySelectorAll('.gd-slot')].map((one) => one.getBoundingClientRect().x)).size})"""
    )
    assert found["page"] <= 277 / 25.4 * 96 + 1
    assert max(found["cards"]) <= found["page"] + 1
    assert found["columns"] > 2
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    assert page.evaluate("document.documentElement.getAttribute('style') || ''") == ""


def test_paper_gets_tables_whole_and_says_how_many_rows_there_are(server: str, watched: Watched) -> None:
    page = watched.page
    watched.open(f"{server}/companies")
    page.locator("[data-card='companies.compounds'] .ag-row").first.wait_for()
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    card = page.locator("[data-card='companies.compounds']")
    expect(card.locator(".gd-grid")).to_be_hidden()
    table = card.locator(".gd-paper-table")
    # Columns that the narrow table of the screen has not even drawn among them.
    assert {"名称", "满意率（收缩后）", "档"} <= set(table.locator("th").all_text_contents())
    rows = table.locator("tbody tr").count()
    assert rows > 5
    expect(card.locator(".gd-paper-count")).to_contain_text(f"1–{rows} / ")
    assert table.locator("tbody tr").first.inner_text().split("\t")[0] == card.locator(".ag-row a").first.inner_text()
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(page.locator(".gd-paper-grid")).to_have_count(0)


def test_who_wants_no_motion_gets_none(server: str, browser: Browser) -> None:
    context = browser.new_context(reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    hold_cards(page)
    page.goto(server)
    expect(page.locator("[data-waits] .gd-skeleton").first).to_be_visible()
    assert page.evaluate("document.getAnimations().length") == 0
    page.unroute_all(behavior="ignoreErrors")
    context.close()


@pytest.fixture(scope="module")
def reviewed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server whose maps have been reviewed."""
    folder: Path = tmp_path_factory.mktemp("reviewed")
    yield from serve(small_store(folder), map_review_no=REVIEW_NO)


@pytest.mark.parametrize("path", ["/", "/companies?lang=en"])
def test_the_review_number_stands_under_every_map(reviewed: str, browser: Browser, path: str) -> None:
    context = browser.new_context(viewport={"width": 1366, "height": 3000})
    context.set_default_timeout(PATIENCE_MS)
    watched = watch(context.new_page())
    watched.open(reviewed + path)
    watched.page.wait_for_function(DRAWN)
    maps = watched.page.locator("[data-card]:has(.choroplethlayer path)")
    expect(maps.first).to_be_visible()
    for card in maps.all():
        expect(card.locator(".gd-card-foot")).to_contain_text(REVIEW_NO)
    context.close()


@pytest.mark.parametrize("path", ["/", "/ranking"])
def test_at_twice_the_size_nothing_leaves_the_page(server: str, browser: Browser, path: str) -> None:
    # 200 % on a laptop: half the pixels of style, two of the screen for each.
    context = browser.new_context(viewport={"width": 683, "height": 384}, device_scale_factor=2)
    context.set_default_timeout(PATIENCE_MS)
    watched = watch(context.new_page())
    watched.open(server + path)
    watched.page.wait_for_function(DRAWN)
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= 683
    context.close()


def test_a_heading_cannot_stand_alone_at_the_end_of_a_sheet(server: str, watched: Watched) -> None:
    page = watched.page
    watched.open(f"{server}/satisfaction")
    page.wait_for_function(DRAWN)
    headings = page.locator(".gd-section").all_text_contents()
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    # Each stands within the first card below it, which is never torn.
    expect(page.locator(".gd-section:visible")).to_have_count(0)
    carried = page.locator("[data-heading]")
    assert carried.evaluate_all("all => all.map((one) => one.dataset.heading)") == headings
    assert set(carried.evaluate_all("all => all.map((one) => getComputedStyle(one).breakInside)")) == {"avoid"}
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    expect(page.locator("[data-heading], .gd-paper-under")).to_have_count(0)
    expect(page.locator(".gd-section:visible")).to_have_count(len(headings))
