"""Journey 4: charts from the menus of two pages into the basket, ordered and renamed, built, downloaded, opened again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pptx import Presentation

from tests.pages.browsing import Watched, serve, small_store

expect.set_options(timeout=60_000)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of the small city of its own: decks are written to its store."""
    yield from serve(small_store(tmp_path_factory.mktemp("briefing")))


def add(page: Page, card: str) -> None:
    page.click(f"#card-{card} .gd-menu-toggle")
    page.locator(f"#card-{card}").get_by_text("加入简报", exact=True).click()
    expect(page.locator(".gd-toast")).to_be_visible()


def cards(page: Page) -> list[str]:
    return [str(row.get_attribute("data-basket-card")) for row in page.locator("[data-basket-entry]").all()]


def test_two_charts_go_from_menu_to_file(watched: Watched, server: str, tmp_path: Path) -> None:
    page = watched.page
    watched.open(f"{server}/satisfaction")
    add(page, "satisfaction-course")
    add(page, "satisfaction-review")
    watched.open(f"{server}/briefing")
    expect(page.locator("[data-basket-entry]")).to_have_count(2)
    assert cards(page) == ["satisfaction.course", "satisfaction.review"]

    # By keyboard, and the focus stays with what was moved.
    page.locator("[data-basket-entry='1'] [data-basket-act=up]").press("Enter")
    expect(page.locator("[data-basket-entry='0']")).to_have_attribute("data-basket-card", "satisfaction.review")
    page.locator("[data-basket-entry='1'] input").fill("满意率三年走势")
    page.locator("[data-basket-entry='1'] input").press("Tab")
    page.reload()
    expect(page.locator("[data-basket-entry='1'] input")).to_have_value("满意率三年走势")
    assert cards(page) == ["satisfaction.review", "satisfaction.course"]

    with page.expect_download() as saved:
        page.get_by_text("下载清单", exact=True).click()
    basket = json.loads(Path(saved.value.path()).read_text("utf-8"))
    assert [entry["card"] for entry in basket["entries"]] == ["satisfaction.review", "satisfaction.course"]

    page.get_by_label("清单里的图表").check()
    with page.expect_response(lambda answer: "briefing-build" in (answer.request.post_data or "")):
        page.click("#briefing-build")
    # Once it is ordered the page may be left while the deck is built.
    page.reload()
    expect(page.locator("#briefing-entries [data-basket-entry]")).to_have_count(2)
    link = page.locator(".ag-cell a[href^='/briefing/edition/']").first
    link.wait_for()
    with page.expect_download() as saved:
        link.click()
    target = tmp_path / "deck.pptx"
    saved.value.save_as(target)
    titles = [slide.shapes.title.text_frame.text for slide in Presentation(str(target)).slides]
    assert "满意率三年走势" in titles
    assert len(titles) >= 4
    assert watched.errors == []
    assert watched.outside == []


def test_an_entry_can_be_removed_and_the_basket_emptied(watched: Watched, server: str) -> None:
    page = watched.page
    watched.open(f"{server}/")
    add(page, "overview-trend")
    add(page, "overview-cases")
    watched.open(f"{server}/briefing")
    page.locator("[data-basket-entry='0'] [data-basket-act=remove]").click()
    expect(page.locator("[data-basket-entry]")).to_have_count(1)
    assert cards(page) == ["overview.cases"]
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_text("清空", exact=True).click()
    expect(page.locator("[data-basket-entry]")).to_have_count(0)
    expect(page.locator("#briefing-count")).to_contain_text("清单是空的")


def test_a_template_that_lacks_places_is_refused_on_the_page_with_what_it_lacks(
    watched: Watched, server: str, tmp_path: Path
) -> None:
    page = watched.page
    path = tmp_path / "bureau.pptx"
    Presentation().save(str(path))
    watched.open(f"{server}/briefing")
    with page.expect_file_chooser() as chooser:
        page.get_by_text("上传本单位模板", exact=True).click()
    chooser.value.set_files(str(path))
    expect(page.locator("#briefing-template-said")).to_contain_text("gd:chart")


def test_building_from_an_empty_basket_says_why_not(watched: Watched, server: str) -> None:
    page = watched.page
    watched.open(f"{server}/briefing")
    page.get_by_label("清单里的图表").check()
    page.click("#briefing-build")
    expect(page.locator("#briefing-progress")).to_contain_text("清单是空的")
