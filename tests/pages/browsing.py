"""Serving a store to a browser, and a browser page that remembers what went wrong."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Route
from werkzeug.serving import make_server

import app
from dashboard.config import load_settings
from dashboard.events import configure_log
from data.store import migrate, open_store
from tests.small_city import build_small_city

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
LOCAL = ("http://127.0.0.1:", "data:", "blob:")


def serve(url: str, **settings: Any) -> Iterator[str]:
    """Serve the store at `url` until the generator is closed; yields the address of the server."""
    configure_log("error")
    dash = app.create_app(load_settings(database_url=url, **settings))
    server = make_server("127.0.0.1", 0, dash.server, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def small_store(folder: Path) -> str:
    """URL of a new store with the small city in it."""
    url = f"sqlite:///{folder / 'small.db'}"
    engine = open_store(url)
    migrate(engine)
    build_small_city(engine)
    engine.dispose()
    return url


# What asks for cards; for what stands around a page the same address is asked without any.
CARDS_ASKED = re.compile(r"/drawn/cards\?.*\bcards=\w")
AROUND_ASKED = re.compile(r"/drawn/cards\?.*\baround=")


def hold_cards(page: Page, held: Callable[[Route], None] = lambda route: None) -> None:
    """Pages come without their cards, and cards when `held` lets them: as it is when they take long."""
    page.route("**/drawn/page*", _without_cards)
    page.route(CARDS_ASKED, held)


def _without_cards(route: Route) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().split("\n", 1)[0])


@dataclass
class Watched:
    """A browser page with its console errors and the addresses it asked for outside this machine."""

    page: Page
    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    def open(self, address: str) -> None:
        """Go there and wait until the page is drawn and its frame filled."""
        self.page.goto(address)
        is_dash(self.page)
        self.page.wait_for_selector("#page [data-page]")
        self.page.wait_for_selector("#nav a")


def is_dash(page: Page) -> None:
    """Wait until the page drawn before Dash has made room for Dash's own."""
    page.wait_for_function("() => document.readyState === 'complete' && !document.getElementById('gd-first')")


def watch(page: Page) -> Watched:
    """Record what goes wrong on `page` from now on."""
    watched = Watched(page)
    page.on("console", lambda message: watched.errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: watched.errors.append(str(error)))
    page.on("request", lambda r: None if r.url.startswith(LOCAL) else watched.outside.append(r.url))
    return watched
