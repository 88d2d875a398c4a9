"""From the city down to one compound by clicking, and from a chart to its rows and back: journey 3, in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from data.query import Reader, Selection
from data.store import open_store
from tests.pages.browsing import Watched, is_dash, serve

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def demo_server(demo_url: str) -> Iterator[str]:
    yield from serve(demo_url)


@pytest.fixture(scope="module")
def reader(demo_url: str) -> Reader:
    return Reader(open_store(demo_url))


def selected(page: Page, field: str) -> str:
    """The value of a field of the address; empty when it is not set."""
    return parse_qs(urlsplit(page.url).query).get(field, [""])[0]


def wait_for(page: Page, field: str) -> str:
    page.wait_for_url(re.compile(rf"[?&]{field}="))
    return selected(page, field)


def click_mark(page: Page, mark: Locator) -> None:
    """Click the middle of a mark of a chart; charts take their clicks on a sheet above the marks."""
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.move(x + 1, y)
    mark.page.locator(".hoverlayer .hovertext").first.wait_for()
    page.mouse.click(x + 1, y)


# A point inside the widest area it finds in which no compound stands near.
FREE_POINT = """card => {
  const marks = [...card.querySelectorAll('path.point')].map((mark) => mark.getBoundingClientRect());
  const near = (x, y) => marks.some((box) => Math.hypot(box.x + box.width / 2 - x, box.y + box.height / 2 - y) < 25);
  const shapes = [...card.querySelectorAll('.choroplethlayer path')].sort((a, b) => b.getBBox().width - a.getBBox().width);
  for (const shape of shapes) {
    const box = shape.getBBox(), point = shape.ownerSVGElement.createSVGPoint();
    for (let i = 1; i < 12; i++) for (let j = 1; j < 12; j++) {
      [point.x, point.y] = [box.x + (box.width * i) / 12, box.y + (box.height * j) / 12];
      const on = point.matrixTransform(shape.getScreenCTM());
      if (shape.isPointInFill(point) && !near(on.x, on.y)) return [on.x, on.y];
    }
  }
}"""


def click_area(page: Page, card: Locator) -> None:
    """Click an area of a map where no compound stands in the way."""
    card.locator(".choroplethlayer path").first.wait_for()
    card.scroll_into_view_if_needed()
    x, y = card.evaluate(FREE_POINT)
    page.mouse.move(x, y)
    page.mouse.move(x + 1, y)
    card.locator(".hoverlayer .hovertext").first.wait_for()
    page.mouse.click(x + 1, y)


def crumb(page: Page, name: str) -> None:
    expect(page.locator("#crumbs")).to_contain_text(name)


def open_row(page: Page, card: str, row: int = 0) -> str:
    """Open the first column of a row of a table; its text."""
    link = page.locator(f"#card-{card} .ag-pinned-left-cols-container .ag-row[row-index='{row}'] a")
    link.scroll_into_view_if_needed()
    name = link.inner_text()
    link.click()
    return name


def test_the_way_from_the_city_to_a_compound_is_a_click_a_level(
    demo_server: str, reader: Reader, watched: Watched, browser: Browser
) -> None:
    page = watched.page
    watched.open(f"{demo_server}/coverage")
    # City → county: a bar.
    bars = page.locator("#card-coverage-states .barlayer .trace.bars").first
    click_mark(page, bars.locator(".point path").last)
    county = wait_for(page, "area")
    assert reader.level_of(county) == "county"
    crumb(page, reader.label(county))
    # County → street: the map, on the page that has it; the selection goes along.
    page.locator("#nav").get_by_role("link", name="总览").click()
    page.wait_for_selector("[data-page=overview]")
    assert selected(page, "area") == county
    click_area(page, page.locator("#card-overview-map"))
    page.wait_for_function("county => !location.search.endsWith(county)", arg=county)
    street = selected(page, "area")
    assert reader.ancestors(street)[-1] == county
    crumb(page, reader.label(street))
    # A street that has grids, by the filter that shows it.
    grids = reader.register("grid")
    where = reader.register("compound").dropna(subset=["grid_code"]).iloc[0]
    street = reader.ancestors(str(where["area_code"]))[-1]
    watched.open(f"{demo_server}/?area={street}")
    # Street → community → grid → compound: rows.
    expect(page.locator("#card-overview-base .ag-row").first).to_be_visible()
    open_row(page, "overview-base")
    page.wait_for_function("street => !location.search.endsWith(street)", arg=street)
    community = selected(page, "area")
    assert reader.level_of(community) == "community"
    crumb(page, reader.label(community))
    expect(page.locator("#card-overview-base .ag-header-cell").first).to_contain_text("网格")
    open_row(page, "overview-base")
    grid = wait_for(page, "grid")
    assert grid in set(grids["grid_code"])
    crumb(page, reader.label(grid))
    expect(page.locator("#card-overview-base .ag-header-cell").first).to_contain_text("小区")
    name = open_row(page, "overview-base")
    page.wait_for_url(re.compile(r"/compound/"))
    expect(page.locator("#page h1")).to_contain_text(name)
    for place in (street, community, grid):
        crumb(page, reader.label(place))
    # The link opens the same view for somebody else.
    other = browser.new_context(viewport={"width": 1366, "height": 768})
    other.set_default_timeout(60_000)
    second = other.new_page()
    second.goto(page.url)
    is_dash(second)
    second.wait_for_selector("#page [data-page]")
    expect(second.locator("#page h1")).to_have_text(page.locator("#page h1").inner_text())
    expect(second.locator("#crumbs")).to_have_text(page.locator("#crumbs").inner_text().replace("\n", ""))
    other.close()
    # Back goes up again, a step a click.
    page.go_back()
    crumb(page, reader.label(grid))
    assert selected(page, "grid") == grid
    page.go_back()
    page.wait_for_function("() => !location.search.includes('grid=')")
    assert selected(page, "area") == community
    assert watched.errors == []
    assert watched.outside == []


def test_from_a_chart_to_its_numbers_to_their_rows_to_the_compound_and_back(
    demo_server: str, reader: Reader, watched: Watched
) -> None:
    page = watched.page
    street = reader.ancestors(str(reader.register("compound").dropna(subset=["grid_code"])["area_code"].iloc[0]))[-1]
    watched.open(f"{demo_server}/coverage?area={street}")
    page.locator("#card-coverage-tiles .gd-menu-toggle").click()
    page.locator("#card-coverage-tiles").get_by_text("数据表").click()
    row = page.locator("#panel-body .ag-pinned-left-cols-container .ag-row a").first
    row.wait_for()
    page.keyboard.press("Escape")
    expect(page.locator("#panel-body")).to_be_hidden()
    page.locator("#card-coverage-tiles .gd-menu-toggle").click()
    page.locator("#card-coverage-tiles").get_by_text("溯源").click()
    page.locator("#panel-body .gd-links a").first.click()
    page.wait_for_url(re.compile(r"/data\?.*trace="))
    assert selected(page, "area") == street
    page.wait_for_selector("#card-data-rows .ag-row, #card-data-lineage .ag-row, [data-card^=data] .ag-row")
    expect(page.locator("#panel-body")).to_be_hidden()
    page.go_back()
    page.wait_for_selector("[data-page=coverage]")
    assert selected(page, "area") == street
    # The keyboard alone: the data table of the tiles opens the file of a compound.
    page.locator("#card-coverage-tiles .gd-menu-toggle").click()
    page.locator("#card-coverage-tiles").get_by_text("数据表").click()
    link = page.locator("#panel-body .ag-pinned-left-cols-container .ag-row a").first
    name = link.inner_text()
    link.focus()
    link.press("Enter")
    page.wait_for_url(re.compile(r"/compound/"))
    expect(page.locator("#page h1")).to_contain_text(name)
    expect(page.locator("#panel-body")).to_be_hidden()
    page.go_back()
    page.wait_for_selector("[data-page=coverage]")
    assert selected(page, "area") == street
    assert watched.errors == []


def test_any_indicator_is_chosen_for_the_map_from_the_panel_and_a_click_in_the_legend_filters(
    demo_server: str, watched: Watched
) -> None:
    page = watched.page
    watched.open(demo_server)
    page.locator("#card-overview-map").get_by_role("button", name="更多指标").click()
    page.locator("#panel-body").get_by_role("link", name="受理诉求", exact=True).click()
    page.wait_for_url(re.compile(r"indicator=cases_opened"))
    expect(page.locator("#panel-body")).to_be_hidden()
    expect(page.locator("#card-overview-map .gd-choice-here")).to_have_text("受理诉求")
    expect(page.locator("#card-overview-map .gd-subtitle")).to_contain_text("受理诉求")
    toggles = page.locator("#card-overview-map .legendtoggle")
    shapes = page.locator("#card-overview-map .choroplethlayer path")
    toggles.first.wait_for()
    before = shapes.count()
    toggles.first.click()
    page.wait_for_function(
        "before => document.querySelectorAll('#card-overview-map .choroplethlayer path').length < before", arg=before
    )
    assert watched.errors == []


def test_filters_show_what_a_click_selected(demo_server: str, reader: Reader, watched: Watched) -> None:
    page = watched.page
    county = reader.children(reader.city.code).iloc[0]
    watched.open(demo_server)
    open_row(page, "overview-base")
    wait_for(page, "area")
    expect(page.locator(".gd-filter-county")).to_contain_text(str(county["name"]))
    assert len(reader.register("compound", Selection(area=selected(page, "area"))))
