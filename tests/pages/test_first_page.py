"""The first page of a visit, drawn before Dash has begun."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.pages import sample_page
from tests.pages.browsing import Watched, is_dash, serve

pytestmark = pytest.mark.browser

RENDERER = "**/dash_renderer*"
AREAS = "#card-sample-areas .js-plotly-plot"


@pytest.fixture(scope="module")
def sample(small_city_url: str) -> Iterator[str]:
    """A server whose overview shows one card of every kind."""
    with sample_page.installed():
        yield from serve(small_city_url)


@pytest.fixture
def held(sample: str, watched: Watched) -> list[Route]:
    """The sample page as it stands while Dash's script is on its way; the script's request."""
    routes: list[Route] = []
    watched.page.route(RENDERER, lambda route: routes.append(route))
    watched.page.goto(sample)
    watched.page.wait_for_selector("#gd-first #card-sample-trend .scatterlayer .trace")
    watched.page.wait_for_selector("#gd-first #card-sample-areas .choroplethlayer path")
    return routes


def let_go(page: Page, routes: list[Route]) -> None:
    """Dash's script arrives."""
    for route in routes:
        route.continue_()
    page.unroute(RENDERER)
    is_dash(page)


def test_charts_drawn_before_dash_move_into_its_page_as_they_are(held: list[Route], watched: Watched) -> None:
    page = watched.page
    assert page.locator("#card-sample-tiles .gd-tile").count() == 5
    page.evaluate(
        f"""() => {{
          const chart = document.querySelector('{AREAS}');
          window.early = chart;
          window.drawnAgain = 0;
          chart.on('plotly_afterplot', () => {{ window.drawnAgain += 1; }});
        }}"""
    )
    let_go(page, held)
    page.wait_for_selector("#nav a")
    assert page.evaluate(f"document.querySelector('#react-entry-point {AREAS}') === window.early")
    assert page.evaluate("window.drawnAgain") == 0
    # What came later than the first page is there, too, once.
    page.wait_for_selector("#card-sample-table .ag-cell")
    assert page.locator("#page").count() == page.locator("#card-sample-areas").count() == 1
    assert watched.errors == []
    assert watched.outside == []


def test_what_is_clicked_before_dash_is_done_when_it_has_come(held: list[Route], watched: Watched) -> None:
    page = watched.page
    menu = page.locator(".gd-menu[data-menu='sample.trend']")
    menu.locator(".gd-menu-toggle").click()
    menu.locator("[data-item=definition]").click()
    page.locator("#theme-switch").click()
    let_go(page, held)
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(page.locator(".gd-panel .gd-facts").first).to_be_visible()
    assert watched.errors == []


def test_a_menu_opened_before_dash_stays_open(held: list[Route], watched: Watched) -> None:
    menu = watched.page.locator(".gd-menu[data-menu='sample.trend']")
    menu.locator(".gd-menu-toggle").click()
    let_go(watched.page, held)
    expect(menu.locator(".gd-menu-list")).to_be_visible()


def test_a_mark_clicked_before_dash_leads_where_it_says(held: list[Route], watched: Watched) -> None:
    page = watched.page
    box = page.locator("#card-sample-areas .choroplethlayer path").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_selector("#card-sample-areas .hoverlayer .hovertext")
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_url("**area=*")
    let_go(page, held)
    expect(page.locator("#crumbs li")).to_have_count(4)
    assert watched.errors == []


@pytest.mark.parametrize("missing", ["**/plotly*.js*", "**/drawn/page*"])
def test_dash_begins_though_the_first_page_cannot_be_drawn(sample: str, watched: Watched, missing: str) -> None:
    held: list[Route] = []
    watched.page.route(missing, lambda route: held.append(route))
    watched.page.goto(sample, wait_until="commit")
    watched.page.wait_for_selector("#react-entry-point #page", state="attached")
    for route in held:
        route.continue_()
    watched.page.unroute(missing)
    is_dash(watched.page)
    watched.page.wait_for_selector("#card-sample-trend .scatterlayer .trace")
    watched.page.wait_for_selector("#nav a")
