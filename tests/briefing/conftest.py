"""The 月报 of the demo city, built once for all tests that look at it."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import Engine

from dashboard.access import OPEN_USER
from dashboard.briefing.deck import build_deck
from dashboard.briefing.house_template import house_template
from dashboard.briefing.order import Deck, Making, Order
from dashboard.briefing.template import Template, read_template
from dashboard.wording import Words
from data.query import Reader

STAMP = datetime(2026, 11, 5, 14, 30)


@pytest.fixture(scope="session")
def house() -> Template:
    return read_template(house_template("Arial", "Microsoft YaHei"), "default.pptx")


@pytest.fixture(scope="session")
def demo_reader(demo_store: Engine) -> Reader:
    return Reader(demo_store).pinned()


@pytest.fixture(scope="session")
def making(house: Template) -> Making:
    return Making(template=house, stamp=STAMP, words=Words("zh"), user=OPEN_USER, review_no="GS(2026)001")


@pytest.fixture(scope="session")
def city_deck(demo_reader: Reader, making: Making) -> Deck:
    return build_deck(demo_reader, Order(), making)
