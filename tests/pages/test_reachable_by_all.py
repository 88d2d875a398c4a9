"""Every page for everybody: no serious fault that axe-core can find, in both themes; nothing wider than a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from layouts.pages import PAGES
from tests.pages.browsing import Watched, watch
from tests.pages.conftest import PATIENCE_MS

pytestmark = pytest.mark.browser

PATHS = ["/" if page == "overview" else f"/{page.value}" for page in PAGES] + ["/compound/C000", "/nowhere"]
GRAVE = {"serious", "critical"}
SETTLED = """() => !document.querySelector('[data-dash-is-loading="true"]')
  && [...document.querySelectorAll('.gd-graph')].every(box => box.querySelector('.main-svg'))"""
# A colour that is still changing has a contrast of its own.
STILL = "() => document.getAnimations().every(one => !(one instanceof CSSTransition) || one.playState === 'finished')"


def faults(page: Page) -> list[str]:
    """Grave violations: rule, what it says, and where."""
    page.wait_for_function(STILL)
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {one['help']} — {len(one['nodes'])} × {one['nodes'][0]['target']} {one['nodes'][0]['html'][:160]}"
        for one in found
        if one["impact"] in GRAVE
    ]


def opened(watched: Watched, address: str) -> Page:
    watched.open(address)
    watched.page.wait_for_load_state("networkidle")
    watched.page.wait_for_function(SETTLED)
    return watched.page


@pytest.fixture
def phone(browser: Browser) -> Iterator[Watched]:
    """A page as wide as a phone."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    context.set_default_timeout(PATIENCE_MS)
    yield watch(context.new_page())
    context.close()


@pytest.mark.parametrize("path", PATHS)
def test_no_page_has_a_grave_fault_in_either_theme(server: str, watched: Watched, path: str) -> None:
    page = opened(watched, server + path)
    assert faults(page) == []
    page.locator("#theme-switch").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    assert faults(page) == []


@pytest.mark.parametrize("path", PATHS)
def test_no_page_is_wider_than_a_phone(server: str, phone: Watched, path: str) -> None:
    page = opened(phone, f"{server}{path}?lang=en")
    width = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert width[0] <= width[1]
    # Filters wait behind their heading, and open.
    filters = page.locator("#filters")
    expect(filters).not_to_have_attribute("open", "")
    page.locator("#filters-summary").click()
    expect(filters).to_have_attribute("open", "")


def test_every_chart_has_a_text_and_a_table_and_every_card_a_heading(server: str, watched: Watched) -> None:
    page = opened(watched, server)
    for card in page.locator("[data-card].gd-frame-figure").all():
        assert card.locator("figcaption").inner_text().strip()
        assert card.locator("h2").inner_text().strip()
        card.locator(".gd-menu-toggle").click()
        expect(card.get_by_text("数据表")).to_be_visible()
        page.keyboard.press("Escape")


def test_focus_is_seen_on_whatever_the_keyboard_reaches(server: str, watched: Watched) -> None:
    page = opened(watched, server)
    seen: set[str] = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => { const el = document.activeElement, style = getComputedStyle(el);
            return [el.tagName + '.' + el.className, style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0
            || style.boxShadow !== 'none']; }"""
        )
        if found[0].startswith("BODY"):
            break
        seen.add(found[0])
        assert found[1], found[0]
    assert len(seen) > 5


def test_the_keyboard_alone_goes_down_by_the_table_of_a_chart_and_back_up(server: str, watched: Watched) -> None:
    page = opened(watched, server)
    keys = page.keyboard

    def tab_to(selector: str) -> None:
        for _ in range(60):
            keys.press("Tab")
            if page.evaluate("selector => Boolean(document.activeElement.closest(selector))", selector):
                return
        raise AssertionError(f"the Tab key does not reach {selector}")

    keys.press("Tab")
    keys.press("Enter")
    expect(page.locator("#page")).to_be_focused()
    tab_to("#card-overview-map .gd-menu-toggle")
    for leaves in (True, False):
        keys.press("Enter")
        expect(page.locator("#card-overview-map .gd-menu-list")).to_be_visible()
        keys.press("ArrowDown")
        keys.press("Enter")
        page.wait_for_selector("#panel-body .ag-row")
        if leaves:
            keys.press("Escape")
            expect(page.locator("#panel-body")).to_be_hidden()
            expect(page.locator("#card-overview-map .gd-menu-toggle")).to_be_focused()
    tab_to("#panel-body .ag-cell")
    keys.press("Enter")
    page.wait_for_url(re.compile(r"[?&]area=\d+"))
    expect(page.locator("#panel-body")).to_be_hidden()
    expect(page.locator("#crumbs a")).not_to_have_count(0)
    page.locator("#crumbs a").first.focus()
    keys.press("Enter")
    page.wait_for_url(re.compile(r"^[^?]*(\?(?!.*area=).*)?$"))
