"""Journey 1: the large screen in a browser. It fills any wall, rotates, obeys the keys, refreshes and recovers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page, expect

import callbacks.screen
from data.importing.from_frames import commit_frames
from data.importing.revert import revert
from data.store import open_store
from tests.pages.browsing import Watched, small_store, watch
from tests.pages.walls import PATIENCE, WallServer, open_screen, scenes_seen

pytestmark = pytest.mark.browser

COUNTIES = ["county-990001", "county-990002"]
SCENES = ["overview", "coverage", "satisfaction", "alerts", *COUNTIES]
FORTHWITH = 60_000


@pytest.fixture(scope="module")
def demo_wall(demo_url: str) -> Iterator[WallServer]:
    server = WallServer(demo_url)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def small_wall(small_city_url: str) -> Iterator[WallServer]:
    server = WallServer(small_city_url)
    yield server
    server.stop()


@pytest.fixture
def own_store(tmp_path: Path) -> str:
    return small_store(tmp_path)


@pytest.fixture
def own_wall(own_store: str) -> Iterator[WallServer]:
    """A server of a store that this test alone writes to."""
    server = WallServer(own_store)
    yield server
    server.stop()


@pytest.fixture
def look(browser: Browser) -> Iterator[Callable[[int, int], Watched]]:
    """A browser page of a size."""
    contexts = []

    def opened(width: int = 1920, height: int = 1080) -> Watched:
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme="light")
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return watch(context.new_page())

    yield opened
    for context in contexts:
        context.close()


def add_branch(url: str) -> int:
    """Found a party branch in a compound that has none; the batch."""
    engine = open_store(url)
    org = {"org_id": "P001", "kind": "小区(网格)党支部", "founding_mode": "单独组建", "founded_on": date(2021, 1, 1)}
    found = commit_frames(
        engine,
        {
            "party_org": pd.DataFrame([org | {"area_code": "990001001001", "compound_id": "C001"}]),
            "party_org_compound": pd.DataFrame([{"org_id": "P001", "compound_id": "C001", "cover": "自有"}]),
        },
        actor="test",
    )
    engine.dispose()
    return found


GEOMETRY = """() => {
  const canvas = document.getElementById('screen-canvas');
  const box = canvas.getBoundingClientRect();
  const matrix = new DOMMatrix(getComputedStyle(canvas).transform);
  const root = document.documentElement;
  const small = [];
  document.querySelectorAll('.gd-scene[data-on] *, .gd-wall-head *, .gd-wall-foot *').forEach(element => {
    const own = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    if (own && element.getClientRects().length && !element.closest('.visually-hidden, title, style')
        && parseFloat(getComputedStyle(element).fontSize) < 18) {
      small.push(element.textContent.slice(0, 30) + ' ' + getComputedStyle(element).fontSize);
    }
  });
  const outside = [];
  document.querySelectorAll('.gd-scene[data-on]').forEach(scene => {
    const whole = scene.getBoundingClientRect();
    const cards = [...scene.querySelectorAll('.gd-wall-card')];
    const boxes = cards.map(card => card.getBoundingClientRect());
    boxes.forEach((mine, at) => {
      const isIn = mine.left >= whole.left - 1 && mine.right <= whole.right + 1 && mine.top >= whole.top - 1
        && mine.bottom <= whole.bottom + 1;
      const meets = boxes.some((other, place) => place > at && mine.left < other.right - 1 && other.left < mine.right - 1
        && mine.top < other.bottom - 1 && other.top < mine.bottom - 1);
      if (!isIn || meets) { outside.push(cards[at].dataset.card); }
      const body = cards[at].querySelector('.gd-wall-card-body');
      const list = cards[at].querySelector('.gd-entries');
      if (body.scrollHeight > body.clientHeight + 2 || (!list && body.scrollWidth > body.clientWidth + 2)) {
        outside.push(cards[at].dataset.card + ' overflows');
      }
    });
  });
  return {
    across: matrix.a, down: matrix.d, skew: [matrix.b, matrix.c], left: box.left, top: box.top, right: box.right,
    bottom: box.bottom, wide: innerWidth, high: innerHeight, scrolls: root.scrollWidth > innerWidth ||
    root.scrollHeight > innerHeight, small, outside,
  };
}"""


FITTED = """([width, side]) => innerWidth === width
  && Number(document.getElementById('screen-canvas').dataset.side) === side"""
WALLS = ((1920, 1080, 1), (3840, 2160, 1), (6656, 1792, 2), (1366, 1024, 1))


def test_the_canvas_fills_every_wall_without_distortion_or_scroll(
    demo_wall: WallServer, look: Callable[[int, int], Watched]
) -> None:
    watched = look(1920, 1080)
    page = watched.page
    open_screen(page, demo_wall.address, "?paused=1")
    scenes = page.locator(".gd-scene").count()
    assert scenes == 4 + 8
    for width, height, side_by_side in WALLS:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_function(FITTED, arg=[width, side_by_side])
        for place in range(0, scenes, side_by_side):
            page.evaluate("place => document.querySelector(`[data-jump='${place}']`).click()", place)
            found = page.evaluate(GEOMETRY)
            assert found["across"] == found["down"]
            assert found["skew"] == [0, 0]
            assert not found["scrolls"]
            # Two opposite edges are touched, and the bars along the others are even.
            assert min(found["left"], found["top"]) == pytest.approx(0, abs=1)
            assert found["left"] == pytest.approx(width - found["right"], abs=1)
            assert found["top"] == pytest.approx(height - found["bottom"], abs=1)
            assert (width, place, found["small"]) == (width, place, [])
            assert (width, place, found["outside"]) == (width, place, [])
            assert len(scenes_seen(page)) == side_by_side
        if side_by_side > 1:
            assert found["right"] - found["left"] > 0.97 * width
    assert watched.errors == []
    assert watched.outside == []


def test_it_rotates_and_obeys_the_keys(small_wall: WallServer, look: Callable[..., Watched]) -> None:
    watched = look()
    page = watched.page
    page.clock.install()
    open_screen(page, small_wall.address, "?rotate=30")
    assert scenes_seen(page) == ["overview"]
    page.clock.fast_forward(31_000)
    page.wait_for_function("() => document.querySelector('.gd-scene[data-on]').dataset.scene === 'coverage'")
    page.keyboard.press("Space")
    expect(page.locator(".gd-wall-when-paused")).to_be_visible()
    page.clock.fast_forward(120_000)
    assert scenes_seen(page) == ["coverage"]
    assert "paused=1" in page.url
    assert "scene=coverage" in page.url
    page.keyboard.press("ArrowRight")
    assert scenes_seen(page) == ["satisfaction"]
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert scenes_seen(page) == ["county-990002"]
    page.keyboard.press("4")
    assert scenes_seen(page) == ["alerts"]
    page.keyboard.press("9")
    assert scenes_seen(page) == ["alerts"]
    page.keyboard.press("?")
    expect(page.locator("#screen-help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#screen-help")).to_be_hidden()
    page.keyboard.press("Space")
    expect(page.locator(".gd-wall-when-paused")).to_be_hidden()
    assert "paused" not in page.url
    assert watched.errors == []


@pytest.mark.parametrize(
    ("search", "seen"), [("?scene=6&lang=en", "county-990002"), ("?scene=nowhere&rotate=often", "overview")]
)
def test_the_address_says_which_scene_stands(
    small_wall: WallServer, look: Callable[..., Watched], search: str, seen: str
) -> None:
    watched = look()
    open_screen(watched.page, small_wall.address, search)
    assert scenes_seen(watched.page) == [seen]
    assert watched.errors == []


def test_what_must_always_be_seen_is_seen(small_wall: WallServer, look: Callable[..., Watched]) -> None:
    page = look().page
    open_screen(page, small_wall.address)
    expect(page.locator("#screen-as-of")).to_contain_text("数据截至 2026年10月")
    expect(page.locator(".gd-wall-demo")).to_have_text("演示数据")
    shanghai = "new Intl.DateTimeFormat('zh-CN', {timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit', hourCycle: 'h23'})"
    page.wait_for_function(
        f"() => document.getElementById('screen-clock').textContent === {shanghai}.format(new Date())"
    )
    expect(page.locator("#screen-stale")).to_be_hidden()
    expect(page.locator("#screen-lost")).to_be_hidden()
    # Its own colours, though the browser prefers light; none of the desk's frame.
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(12, 19, 26)"
    expect(page.locator("#nav")).to_be_hidden()
    expect(page.locator("#filters")).to_be_hidden()


def test_old_data_are_called_old(
    own_wall: WallServer, look: Callable[..., Watched], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = look().page
    open_screen(page, own_wall.address)
    monkeypatch.setattr(callbacks.screen, "today", lambda: date(2026, 12, 16))
    expect(page.locator("#screen-stale")).to_contain_text("46 天", timeout=FORTHWITH)
    monkeypatch.setattr(callbacks.screen, "today", lambda: date(2026, 12, 15))
    expect(page.locator("#screen-stale")).to_be_hidden(timeout=FORTHWITH)


# How many have a branch, in words.
BRANCHES = ".gd-scene[data-scene=overview] [data-indicator=branch_coverage] .gd-tile-n"


def wait_for_fill(page: Page, fills: int) -> None:
    page.wait_for_function(
        f"() => Number(document.getElementById('screen').dataset.fills) >= {fills}", timeout=FORTHWITH
    )


def test_new_data_are_shown_without_reload_and_without_drawing_charts_anew(
    own_wall: WallServer, own_store: str, look: Callable[..., Watched]
) -> None:
    watched = look()
    page = watched.page
    open_screen(page, own_wall.address, "?paused=1&scene=coverage")
    before = page.locator(BRANCHES).text_content() or ""
    page.evaluate("() => { window.sameDocument = true;"
                  "document.querySelectorAll('.js-plotly-plot').forEach(chart => { chart.isTheSame = true; }); }")  # fmt: skip
    charts = page.locator(".js-plotly-plot").count()
    batch = add_branch(own_store)
    wait_for_fill(page, 2)
    expect(page.locator(BRANCHES)).not_to_have_text(before, timeout=FORTHWITH)
    engine = open_store(own_store)
    revert(engine, batch, actor="test")
    engine.dispose()
    wait_for_fill(page, 3)
    expect(page.locator(BRANCHES)).to_have_text(before, timeout=FORTHWITH)
    assert page.evaluate("window.sameDocument")
    kept = page.evaluate(
        "() => [...document.querySelectorAll('.js-plotly-plot')].filter(chart => chart.isTheSame).length"
    )
    assert kept == charts
    assert scenes_seen(page) == ["coverage"]
    assert watched.errors == []


def test_it_recovers_by_itself_when_the_server_comes_back(
    own_wall: WallServer, own_store: str, look: Callable[..., Watched]
) -> None:
    page = look().page
    open_screen(page, own_wall.address, "?paused=1")
    page.evaluate("() => { window.sameDocument = true; }")
    before = page.locator(BRANCHES).text_content() or ""
    own_wall.stop()
    expect(page.locator("#screen-lost")).to_be_visible(timeout=FORTHWITH)
    # The picture stays while nobody answers.
    expect(page.locator(BRANCHES)).to_have_text(before)
    add_branch(own_store)
    own_wall.start()
    expect(page.locator("#screen-lost")).to_be_hidden(timeout=FORTHWITH)
    expect(page.locator(BRANCHES)).not_to_have_text(before, timeout=FORTHWITH)
    assert page.evaluate("window.sameDocument")


def test_a_new_release_is_loaded_once(
    own_wall: WallServer, look: Callable[..., Watched], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = look().page
    loads: list[str] = []
    page.on("load", lambda loaded: loads.append(loaded.url))
    open_screen(page, own_wall.address, "?paused=1&scene=alerts")
    asked: list[str] = []
    monkeypatch.setattr(callbacks.screen, "build_fingerprint", lambda: "another")
    with page.expect_event("load", timeout=FORTHWITH):
        pass
    page.on("request", lambda request: asked.append(request.url) if "/screen/pulse" in request.url else None)
    page.wait_for_function("() => document.querySelector('.gd-scene[data-on]')")
    # It goes on hearing of the other release, which it has loaded for already.
    while len(asked) < 5:
        page.wait_for_event("request", timeout=FORTHWITH)
    assert len(loads) == 2
    assert scenes_seen(page) == ["alerts"]


def test_a_card_that_fails_leaves_the_others_standing(
    own_wall: WallServer, look: Callable[..., Watched], monkeypatch: pytest.MonkeyPatch
) -> None:
    from dashboard.scenes import SCENE_CARDS

    def broken(*_: Any) -> None:
        raise ZeroDivisionError

    card = SCENE_CARDS["coverage.builds"]
    monkeypatch.setitem(SCENE_CARDS, "coverage.builds", type(card)(**{**vars(card), "draw": broken}))
    page = look().page
    open_screen(page, own_wall.address, "?paused=1&scene=coverage")
    scene = page.locator(".gd-scene[data-on]")
    expect(scene.locator("[data-card='coverage.builds'] [role=alert]")).to_be_visible()
    expect(scene.locator("[data-card='wall.compounds'] .main-svg").first).to_be_visible()


def test_many_rotations_leave_no_element_behind(small_wall: WallServer, look: Callable[..., Watched]) -> None:
    page = look().page
    open_screen(page, small_wall.address, "?rotate=0")
    turned = "turns => Number(document.getElementById('screen').dataset.turns) >= turns"
    count = "() => document.getElementsByTagName('*').length"
    page.wait_for_function(turned, arg=12)
    before = page.evaluate(count)
    page.wait_for_function(turned, arg=72)
    assert page.evaluate(count) == before


def test_the_desk_leads_to_the_screen(small_wall: WallServer, look: Callable[..., Watched]) -> None:
    watched = look()
    watched.open(f"{small_wall.address}/?lang=en")
    link = watched.page.locator(".gd-nav-screen")
    expect(link).to_have_text("Large screen")
    assert link.get_attribute("href") == "/screen?lang=en"


def test_a_question_for_news_costs_no_drawing(small_wall: WallServer, browser: Browser) -> None:
    context = browser.new_context()
    answer = context.request.get(f"{small_wall.address}/screen/pulse?lang=en")
    found = json.loads(answer.text())
    assert set(found) == {"revision", "build", "stale"}
    assert len(answer.body()) < 300
    context.close()
