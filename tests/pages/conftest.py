"""A server of the small city and a browser, shared by the tests of the pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, expect, sync_playwright

from tests.pages.browsing import CHROMIUM, FLAGS, Watched, serve, small_store, watch

# Waits end as soon as what is waited for is there; the limit only has to be beyond a busy machine.
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def small_city_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    return small_store(tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="session")
def server(small_city_url: str) -> Iterator[str]:
    """Address of a server that shows the small city."""
    yield from serve(small_city_url)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip("chromium is not installed")
    found = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield found
    found.close()


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    """A fresh page of 1366×768 in the light theme."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, color_scheme="light")
    context.set_default_timeout(PATIENCE_MS)
    yield watch(context.new_page())
    context.close()
