"""Taking the pictures in a browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from dashboard.access import Role
from tests.access.serving import PASSWORD
from tests.gallery.shots import SIZES, Scenario, Shot
from tests.pages.browsing import hold_cards
from tests.pages.walls import READY

PATIENCE_MS = 300_000
# Every place filled, every chart drawn, nothing waiting for the server, nothing moving.
SETTLED = """() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  if (!document.getElementById('react-entry-point')) return true;
  return document.querySelector('#page [data-page]') && document.querySelector('#nav a')
    && !document.querySelector('[data-dash-is-loading="true"], [data-waits]')
    && all('.gd-graph').every((box) => box.querySelector('.main-svg'))
    && all('.gd-grid').every((box) => box.querySelector('.ag-row, .ag-overlay, .ag-center-cols-viewport'))
    && document.getAnimations().every((one) => !(one instanceof CSSTransition) || one.playState === 'finished');
}"""
# A scene of the large screen has faded in.
SHOWN = """(name) => {
  const on = document.querySelectorAll('.gd-scene[data-on]');
  return on.length && [...on].some((one) => one.dataset.scene === name)
    && document.getAnimations().every((one) => !(one instanceof CSSTransition) || one.playState === 'finished'
      || one.effect.target.classList.contains('gd-wall-tab-fill'));
}"""
HELD = "() => document.querySelector('#page [data-waits]') && document.querySelector('#nav a')"
# Two frames after the last change everything is painted.
PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))"


def take(browser: Browser, address: str, shots: list[Shot], folder: Path) -> Iterator[Shot]:
    """Take the pictures from one server, yielding each when it is written; one context a size, theme and account."""
    for size, theme, role in dict.fromkeys((shot.size, shot.theme, shot.scenario.role) for shot in shots):
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if theme == "dark" else "light",
            locale="zh-CN", reduced_motion="reduce",
        )  # fmt: skip
        context.set_default_timeout(PATIENCE_MS)
        context.add_init_script(f"try {{ localStorage.setItem('gd-theme', '{theme}') }} catch (error) {{}}")
        if role is not None:
            _log_in(context, address, role)
        mine = [shot for shot in shots if (shot.size, shot.theme, shot.scenario.role) == (size, theme, role)]
        page, path = context.new_page(), ""
        for shot in mine:
            _prepare(page, shot.scenario)
            # All scenes of the large screen are drawn at once: it is stepped through.
            if not (shot.scenario.scene and shot.scenario.path == path):
                page.goto(address + shot.scenario.path)
            _settle(page, shot.scenario, width, height)
            page.screenshot(path=str(folder / shot.file))
            path = shot.scenario.path
            if not shot.scenario.scene:
                # What was prepared for one page must not reach the next.
                page.unroute_all(behavior="ignoreErrors")
                page.close()
                page, path = context.new_page(), ""
            yield shot
        context.close()


def _log_in(context: BrowserContext, address: str, role: Role) -> None:
    page = context.new_page()
    page.goto(f"{address}/login")
    page.fill("input[name=login]", f"{role}-01")
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url(lambda url: "/login" not in url)
    page.close()


def _prepare(page: Page, scenario: Scenario) -> None:
    if scenario.basket:
        entries = json.dumps([{"card": card, "href": "/", "title": ""} for card in scenario.basket])
        page.add_init_script(f"localStorage.setItem('gd-basket', {json.dumps(entries)})")
    if scenario.holds_back:
        hold_cards(page)


def _settle(page: Page, scenario: Scenario, width: int, height: int) -> None:
    """Wait until the page is drawn, in a window as tall as the page: what is outside a window may stay unpainted."""
    if scenario.scene:
        page.wait_for_function(READY)
        page.click(f".gd-wall-tab[data-name={scenario.scene!r}]")
        page.wait_for_function(SHOWN, arg=scenario.scene)
    elif scenario.holds_back:
        page.wait_for_function(HELD)
    else:
        page.wait_for_function(SETTLED)
    for selector in scenario.clicks:
        page.click(selector)
    if not (scenario.scene or scenario.clicks):
        whole = int(page.evaluate("document.documentElement.scrollHeight"))
        page.set_viewport_size({"width": width, "height": max(height, whole)})
    if not (scenario.scene or scenario.holds_back):
        page.wait_for_function(SETTLED)
    page.evaluate(PAINTED)
