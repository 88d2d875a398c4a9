"""The frame in a real browser: routing, filters, clicks, themes, languages, states."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, Route, expect

from dashboard.serving import ASSETS
from data.store import migrate, open_store
from layouts.pages import PAGES
from tests.pages import sample_page
from tests.pages.browsing import AROUND_ASKED, Watched, is_dash, serve

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def sample(small_city_url: str) -> Iterator[str]:
    """A server whose overview shows one card of every kind."""
    with sample_page.installed():
        yield from serve(small_city_url)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of a store that holds nothing."""
    url = f"sqlite:///{tmp_path_factory.mktemp('empty') / 'empty.db'}"
    engine = open_store(url)
    migrate(engine)
    engine.dispose()
    yield from serve(url)


def search(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def choose(page: Page, name: str, option: str) -> None:
    """Pick an option of a filter by its label."""
    page.locator(f".gd-filter-{name} button").first.click()
    page.get_by_role("option", name=option, exact=True).click()


def figure(page: Page, card: str) -> dict[str, object]:
    """Data and layout of the chart in a card as plotly holds them."""
    script = "el => { const gd = el.querySelector('.js-plotly-plot'); return JSON.stringify({data: gd.data, layout: gd.layout}); }"
    page.wait_for_selector(f"#card-{card} .js-plotly-plot .main-svg")
    text = page.locator(f"#card-{card}").evaluate(script)
    found: dict[str, object] = json.loads(text)
    return found


def click_shape(page: Page) -> None:
    """Click the middle of the first area; a map takes its clicks on the sheet above the shapes."""
    box = page.locator("#card-sample-areas .choroplethlayer path").first.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.wait_for_selector("#card-sample-areas .hoverlayer .hovertext")
    page.mouse.click(x, y)


@pytest.mark.parametrize("path", ["/" if page == "overview" else f"/{page}" for page in PAGES])
def test_every_page_opens_without_console_error_and_without_outside_request(
    server: str, watched: Watched, path: str
) -> None:
    watched.open(server + path)
    watched.page.wait_for_load_state("networkidle")
    assert watched.page.locator("[data-page=failing]").count() == 0
    assert watched.errors == []
    assert watched.outside == []


def test_the_sample_page_draws_every_kind_of_card_and_names_the_failing_one(sample: str, watched: Watched) -> None:
    watched.open(sample)
    page = watched.page
    assert page.locator("#card-sample-tiles .gd-tile").count() == 5
    page.wait_for_selector("#card-sample-areas .choroplethlayer path")
    page.wait_for_selector("#card-sample-trend .scatterlayer .trace")
    page.wait_for_selector("#card-sample-table .ag-cell")
    assert page.locator("#card-sample-attention .gd-entry").count() == 4
    failing = page.locator("#card-sample-broken").inner_text()
    assert "画不出来" in failing
    assert re.search(r"编号 [0-9a-f]{8}", failing)
    assert "Traceback" not in page.content()
    page.wait_for_load_state("networkidle")
    assert watched.errors == []
    assert watched.outside == []


def test_the_lean_bundle_serves_where_it_was_built(sample: str, watched: Watched) -> None:
    asked: list[str] = []
    watched.page.on("request", lambda request: asked.append(request.url))
    watched.open(sample)
    watched.page.wait_for_selector("#card-sample-trend .main-svg")
    is_built = (ASSETS / "vendor" / "plotly.min.js").exists()
    assert any("/assets/vendor/plotly.min.js" in url for url in asked) == is_built
    assert any("package_data/plotly.min.js" in url for url in asked) != is_built


def test_the_policy_of_contents_is_not_broken_by_any_part(sample: str, watched: Watched) -> None:
    watched.page.add_init_script(
        "window.broken = []; document.addEventListener('securitypolicyviolation', e => window.broken.push(e.blockedURI + ' ' + e.violatedDirective));"
    )
    watched.open(sample)
    watched.page.wait_for_selector("#card-sample-table .ag-cell")
    watched.page.wait_for_load_state("networkidle")
    assert watched.page.evaluate("window.broken") == []


def test_choosing_a_county_then_a_street_writes_the_address_and_redraws_in_place(sample: str, watched: Watched) -> None:
    watched.open(sample)
    page = watched.page
    before = figure(page, "sample-areas")
    page.evaluate("document.querySelector('#card-sample-areas .js-plotly-plot').dataset.kept = 'yes'")
    choose(page, "county", "西河区")
    page.wait_for_url(re.compile(r"area=990002$"))
    expect(page.locator("#crumbs")).to_contain_text("西河区")
    choose(page, "street", "梅溪街道")
    page.wait_for_url(re.compile(r"area=990002001$"))
    expect(page.locator("#crumbs")).to_contain_text("梅溪街道")
    expect(page.locator("#card-sample-areas .choroplethlayer path")).to_have_count(1)
    after = figure(page, "sample-areas")
    assert len(before["data"][0]["locations"]) == 4  # type: ignore[index]
    assert after["data"][0]["locations"] == ["990002001"]  # type: ignore[index]
    # The chart was updated, not built again: nothing flickers.
    assert page.locator("#card-sample-areas .js-plotly-plot").get_attribute("data-kept") == "yes"
    assert watched.errors == []


def test_clearing_the_street_goes_back_to_its_county(sample: str, watched: Watched) -> None:
    watched.open(f"{sample}/?area=990002001&grid=G990002001001")
    page = watched.page
    expect(page.locator(".gd-filter-street")).to_contain_text("梅溪街道")
    page.locator(".gd-filter-street .dash-dropdown-clear").click()
    page.wait_for_url(re.compile(r"area=990002$"))
    assert "grid" not in search(page)


def test_filters_are_kept_between_pages_and_the_back_button_takes_them_back(sample: str, watched: Watched) -> None:
    watched.open(sample)
    page = watched.page
    choose(page, "kind", "老旧小区")
    page.wait_for_url(re.compile("kind="))
    page.locator("#nav").get_by_role("link", name="满意度").click()
    page.wait_for_selector("[data-page=satisfaction]")
    assert search(page) == {"kind": ["老旧小区"]}
    expect(page.locator(".gd-filter-kind")).to_contain_text("老旧小区")
    page.go_back()
    page.wait_for_selector("[data-page=overview]")
    page.go_back()
    expect(page.locator(".gd-filter-kind")).to_contain_text("全部")
    assert search(page) == {}


@pytest.mark.parametrize(
    ("link", "kept"), [("满意度", {"kind": ["老旧小区"]}), ("English", {"kind": ["老旧小区"], "lang": ["en"]})]
)
def test_links_of_the_frame_keep_a_filter_the_server_has_not_heard_of_yet(
    sample: str, watched: Watched, link: str, kept: dict[str, list[str]]
) -> None:
    watched.open(sample)
    page = watched.page
    expect(page.locator(".gd-filter-kind")).to_contain_text("全部")
    # The frame is never answered: its links stay as they are.
    page.route(AROUND_ASKED, lambda route: None)
    choose(page, "kind", "老旧小区")
    page.wait_for_url(re.compile("kind="))
    page.get_by_role("link", name=link, exact=True).click()
    page.wait_for_url(re.compile("satisfaction|lang=en"))
    assert search(page) == kept
    page.unroute_all(behavior="ignoreErrors")


def test_a_link_opens_the_same_view(sample: str, watched: Watched) -> None:
    watched.open(f"{sample}/?area=990001&company=E01&month=2026-07")
    page = watched.page
    expect(page.locator(".gd-filter-county")).to_contain_text("东山县")
    expect(page.locator(".gd-filter-company")).to_contain_text("清江第2物业公司")
    expect(page.locator(".gd-filter-month")).to_contain_text("2026年7月")
    assert search(page) == {"area": ["990001"], "company": ["E01"], "month": ["2026-07"]}


def test_a_click_on_an_area_sets_the_filter_and_a_second_one_takes_it_back(sample: str, watched: Watched) -> None:
    watched.open(sample)
    page = watched.page
    click_shape(page)
    page.wait_for_url(re.compile("area=990001001"))
    expect(page.locator(".gd-filter-street")).to_contain_text("云岭街道")
    expect(page.locator("#card-sample-areas .choroplethlayer path")).to_have_count(1)
    click_shape(page)
    page.wait_for_url(re.compile(r"^[^?]*$"))


def test_a_row_of_a_table_leads_to_the_profile_by_mouse_and_by_keyboard(sample: str, watched: Watched) -> None:
    watched.open(sample)
    page = watched.page
    page.get_by_role("link", name="试验2小区").click()
    page.wait_for_url(re.compile(r"/compound/C001$"))
    page.go_back()
    link = page.get_by_role("link", name="试验4小区")
    link.focus()
    link.press("Enter")
    page.wait_for_url(re.compile(r"/compound/C003$"))
    expect(page.locator("#crumbs")).to_contain_text("试验4小区")
    assert watched.errors == []


def test_sorting_a_table_is_kept_in_the_address_and_read_from_it(sample: str, watched: Watched) -> None:
    watched.open(sample)
    page = watched.page
    page.locator("#card-sample-table .ag-header-cell-text", has_text="满意率").click()
    page.wait_for_url(re.compile("sort=sample.table"))
    page.reload()
    page.wait_for_selector("#card-sample-table .ag-cell")
    header = page.locator("#card-sample-table .ag-header-cell[col-id=satisfaction]")
    expect(header).to_have_attribute("aria-sort", "ascending")


def test_a_wrong_code_gives_a_notice_and_the_nearest_view(sample: str, watched: Watched) -> None:
    watched.open(f"{sample}/?area=990002777&month=2031-01&kind=别墅")
    page = watched.page
    text = page.locator("#notices")
    expect(text).to_contain_text("西河区")
    expect(text).to_contain_text("2026年10月")
    expect(text).to_contain_text("别墅")
    expect(text.get_by_role("button", name="关闭", exact=True).first).to_be_visible()
    expect(page.locator(".gd-filter-county")).to_contain_text("西河区")


def test_the_theme_changes_without_reload_figures_included_and_is_remembered(sample: str, watched: Watched) -> None:
    watched.open(sample)
    page = watched.page
    light = figure(page, "sample-trend")
    page.evaluate("window.stillHere = true")
    page.locator("#theme-switch").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    expect(page.locator("#card-sample-trend .js-line").last).to_have_css("stroke", "rgb(111, 208, 180)")
    dark = figure(page, "sample-trend")
    assert light["data"][2]["line"]["color"] == "#a8322a"  # type: ignore[index]
    assert dark["data"][2]["line"]["color"] == "#6fd0b4"  # type: ignore[index]
    assert dark["data"][1]["fillcolor"] == "rgba(111,208,180,0.15)"  # type: ignore[index]
    assert page.evaluate("window.stillHere") is True
    page.reload()
    is_dash(page)
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    assert figure(page, "sample-trend")["layout"]["meta"]["theme"] == "dark"  # type: ignore[index]
    assert watched.errors == []


def test_english_is_complete_around_the_page(sample: str, watched: Watched) -> None:
    watched.open(sample)
    page = watched.page
    page.locator("#switches a").click()
    page.wait_for_url(re.compile("lang=en"))
    expect(page.locator("#nav")).to_contain_text("Overview")
    expect(page.locator(".gd-filter-county label")).to_have_text("County")
    frame = page.locator(".gd-filters").inner_text() + page.locator("#nav").inner_text()
    assert not re.search(r"[\u4e00-\u9fff]", frame)
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_the_menu_of_a_card_shows_its_definition_and_its_data(sample: str, watched: Watched) -> None:
    watched.open(sample)
    page = watched.page
    page.locator("#card-sample-areas .gd-menu-toggle").click()
    page.locator("#card-sample-areas").get_by_text("口径说明", exact=True).click()
    expect(page.locator("#panel-body")).to_contain_text("群众满意率")
    expect(page.locator("#panel-body")).to_contain_text("分母")
    # Bootstrap's cross is called “Close”; on a Chinese page it is not.
    expect(page.get_by_role("button", name="关闭", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#panel-body")).to_be_hidden()
    page.locator("#card-sample-areas .gd-menu-toggle").click()
    page.locator("#card-sample-areas").get_by_text("数据表", exact=True).click()
    page.wait_for_selector("#panel-body .ag-cell")
    body = page.locator("#panel-body")
    expect(body).to_contain_text("云岭街道")
    expect(body).to_contain_text("未上报")
    assert watched.errors == []


def test_the_arrow_keys_walk_through_the_menu_of_a_card_and_escape_leaves_it(sample: str, watched: Watched) -> None:
    watched.open(sample)
    page = watched.page
    toggle = page.locator("#card-sample-areas .gd-menu-toggle")
    toggle.focus()
    page.keyboard.press("Enter")
    expect(toggle).to_have_attribute("aria-expanded", "true")
    for key, item in (("ArrowDown", "table"), ("ArrowDown", "definition"), ("End", "csv"), ("ArrowDown", "table")):
        page.keyboard.press(key)
        expect(page.locator(f"#card-sample-areas .gd-menu-{item}")).to_be_focused()
    page.keyboard.press("Escape")
    expect(toggle).to_be_focused()
    expect(toggle).to_have_attribute("aria-expanded", "false")
    toggle.click()
    page.locator("#card-sample-areas h2").click()
    expect(toggle).to_have_attribute("aria-expanded", "false")


def test_an_unknown_path_says_so_and_leads_home(sample: str, watched: Watched) -> None:
    watched.open(f"{sample}/nowhere/at/all")
    page = watched.page
    expect(page.locator("#page")).to_contain_text("没有这个页面")
    page.get_by_role("link", name="回到总览").click()
    page.wait_for_selector("[data-page=overview]")


@pytest.mark.parametrize("path", ["/" if page == "overview" else f"/{page}" for page in PAGES])
def test_an_empty_store_says_how_to_import_and_every_page_lives(empty: str, watched: Watched, path: str) -> None:
    watched.open(empty + path)
    page = watched.page
    assert page.locator("[data-page=failing]").count() == 0
    if path not in ("/data", "/methods"):
        expect(page.locator("#page")).to_contain_text("python -m data import")
    assert watched.errors == []


def test_demo_data_and_the_missing_login_are_said_on_the_page(sample: str, watched: Watched) -> None:
    watched.open(sample)
    badges = watched.page.locator("#badges")
    expect(badges).to_contain_text("演示数据")
    expect(badges).to_contain_text("无需登录")
    expect(watched.page.locator("#brand")).to_contain_text("清江市")


def test_a_store_that_fails_leaves_the_page_alive(small_city_url: str, watched: Watched, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'not_migrated.db'}"
    for address in serve(url):
        watched.page.goto(address)
        watched.page.wait_for_selector("[data-page=failing]")
        assert "Traceback" not in watched.page.content()


def test_where_half_of_an_answer_fails_the_frame_says_where_one_is_and_that_it_failed(
    sample: str, watched: Watched
) -> None:
    watched.open(sample)
    page = watched.page
    expect(page.locator(".gd-filter-county")).to_contain_text("全部")
    page.route(re.compile(r"/drawn/cards\?(?!.*around=)"), lambda route: route.abort())
    choose(page, "county", "东山县")
    expect(page.locator("#crumbs")).to_contain_text("东山县")
    expect(page.locator("#notices [role=alert]")).to_be_visible()
    page.unroute_all(behavior="ignoreErrors")


def test_a_page_that_does_not_come_says_so(sample: str, watched: Watched) -> None:
    watched.open(sample)
    page = watched.page
    expect(page.locator(".gd-filter-county")).to_contain_text("全部")
    page.route("**/drawn/page*", lambda route: route.abort())
    page.get_by_role("link", name="满意度", exact=True).click()
    expect(page.locator("#crumbs")).to_be_visible()
    expect(page.locator("#notices [role=alert]")).to_be_visible()
    page.unroute_all(behavior="ignoreErrors")
    # Whatever is chosen next brings the page that was missing.
    choose(page, "county", "东山县")
    expect(page.locator("#page [data-page=satisfaction]")).to_be_visible()


def test_a_choice_taken_back_before_its_answer_is_taken_back(sample: str, watched: Watched) -> None:
    watched.open(sample)
    page = watched.page
    expect(page.locator(".gd-filter-kind")).to_contain_text("全部")
    held: list[Route] = []
    page.route("**/drawn/cards*", lambda route: held.append(route))
    choose(page, "kind", "老旧小区")
    page.wait_for_url(re.compile("kind="))
    page.locator(".gd-filter-kind .dash-dropdown-clear").click()
    page.wait_for_url(lambda url: "kind=" not in url)
    page.unroute_all(behavior="ignoreErrors")
    for route in held:
        with suppress(PlaywrightError):
            route.continue_()
    expect(page.locator(".gd-filter-kind")).to_contain_text("全部")
    assert search(page) == {}
