"""The servers the pictures are taken from: the demo city, and small cities in states the demo city is not in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from dashboard.access import OPEN_USER
from dashboard.briefing import editions
from dashboard.briefing.deck import build_deck
from dashboard.briefing.house_template import house_template
from dashboard.briefing.order import Making, Order
from dashboard.briefing.template import read_template
from dashboard.cards import CARDS
from dashboard.wording import Words
from data.query import Reader
from data.store import migrate, open_store
from tests.access.serving import add_accounts
from tests.pages.browsing import serve, small_store
from tests.small_city import COUNTIES, STREETS

REVIEW_NO = "GS(2026)0001号"
FAILING_CARD = "overview.trend"
STAMPS = (datetime(2026, 10, 9, 9, 30), datetime(2026, 11, 5, 14, 30))


class Stage(StrEnum):
    """A server and the store behind it."""

    DEMO = "demo"
    """The demo city, open."""
    BRIEFED = "briefed"
    """A city with editions of its briefing, and a review number for its maps."""
    CLOSED = "closed"
    """A city with an account of every role."""
    EMPTY = "empty"
    """A store with nothing in it."""
    FAILING = "failing"
    """A city one of whose cards cannot be drawn."""


@contextmanager
def served(stage: Stage, demo_url: str, folder: Path) -> Iterator[str]:
    """Address of the server of a stage; new stores are put into `folder`."""
    settings: dict[str, Any] = {}
    url = demo_url
    if stage is Stage.EMPTY:
        url = f"sqlite:///{folder / 'empty.db'}"
        engine = open_store(url)
        migrate(engine)
        engine.dispose()
    elif stage is not Stage.DEMO:
        mine = folder / stage
        mine.mkdir()
        url = small_store(mine)
        engine = open_store(url)
        if stage is Stage.BRIEFED:
            settings["map_review_no"] = REVIEW_NO
            _keep_editions(engine)
        elif stage is Stage.CLOSED:
            add_accounts(engine, next(iter(STREETS)))
        engine.dispose()
    running = serve(url, **settings)
    try:
        with _broken() if stage is Stage.FAILING else _whole():
            yield next(running)
    finally:
        running.close()


def _keep_editions(engine: Engine) -> None:
    """The city's briefing, and one of a county."""
    reader = Reader(engine, map_review_no=REVIEW_NO).pinned()
    template = read_template(house_template("Arial", "Microsoft YaHei"), "default.pptx")
    for order, stamp in zip((Order(), Order(area=next(iter(COUNTIES)))), STAMPS, strict=True):
        making = Making(template=template, stamp=stamp, words=Words("zh"), user=OPEN_USER, review_no=REVIEW_NO)
        editions.keep(engine, build_deck(reader, order, making), order, OPEN_USER, stamp)


@contextmanager
def _broken() -> Iterator[None]:
    """While it lasts, one card fails."""

    def fails(*_: Any) -> Any:
        raise ValueError("broken for a picture")

    kept = CARDS[FAILING_CARD]
    CARDS[FAILING_CARD] = replace(kept, draw=fails)
    try:
        yield
    finally:
        CARDS[FAILING_CARD] = kept


@contextmanager
def _whole() -> Iterator[None]:
    yield
