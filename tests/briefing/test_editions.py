"""Editions: frozen, shown to whom they belong, and told apart by what really changed."""

from __future__ import annotations

import copy
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from dashboard.access import OPEN_USER, Role, User
from dashboard.briefing.basket import Basket, Entry
from dashboard.briefing.deck import build_deck
from dashboard.briefing.diff import Cause, compare
from dashboard.briefing.editions import NoEditionError, content_of, keep, listed, numbers_of
from dashboard.briefing.order import Making, Order
from dashboard.briefing.template import Template
from dashboard.wording import Words
from data.importing.revert import revert
from data.query import Reader
from tests.small_city import build_small_city

STREET = User(login="street-01", role=Role.STREET, areas=("341802001",))
BASKET = Basket((Entry("satisfaction.areas", "/satisfaction"), Entry("overview.cases", "/")))


@pytest.fixture
def small(store: Engine) -> Reader:
    build_small_city(store)
    return Reader(store)


def built(reader: Reader, house: Template, **order: Any) -> Any:
    making = Making(template=house, stamp=datetime(2026, 11, 5), words=Words("zh"), user=OPEN_USER)
    return build_deck(reader, Order(basket=BASKET, **order), making)


def test_an_edition_is_kept_with_file_and_numbers_and_shown_to_whom_it_belongs(small: Reader, house: Template) -> None:
    deck = built(small, house)
    engine = small.engine
    number = keep(engine, deck, Order(basket=BASKET), OPEN_USER, datetime(2026, 11, 5))
    found, content = content_of(engine, number, OPEN_USER)
    assert (content, found.sha256) == (deck.content, deck.sha256)
    assert numbers_of(engine, number, OPEN_USER)[1]["series"] == deck.numbers["series"]
    assert [each.edition_id for each in listed(engine, OPEN_USER)] == [number]
    assert listed(engine, STREET) == []
    with pytest.raises(NoEditionError):
        content_of(engine, number, STREET)
    own = keep(engine, deck, Order(basket=BASKET), STREET, datetime(2026, 11, 5))
    assert [each.edition_id for each in listed(engine, STREET)] == [own]


def test_an_edition_against_itself_shows_nothing(small: Reader, house: Template) -> None:
    numbers = built(small, house).numbers
    with small.engine.connect() as connection:
        assert compare(numbers, numbers, connection) == []


def first_known(numbers: dict[str, Any]) -> tuple[dict[str, Any], list[Any]]:
    """A series of one month with a value, and its first known row."""
    for one in numbers["series"]:
        for row in one["rows"]:
            if not one["is_panel"] and one["by"] != "month" and row[3] is not None and row[4] and row[5]:
                return one, row
    raise AssertionError("no value")


def test_a_changed_definition_is_told_from_a_changed_number(small: Reader, house: Template) -> None:
    before = built(small, house).numbers
    after = copy.deepcopy(before)
    one, row = first_known(after)
    row[3] += 1.0
    after["definitions"][one["key"]]["fingerprint"] = "0" * 12
    with small.engine.connect() as connection:
        causes = {each.cause for each in compare(before, after, connection) if each.key == one["key"]}
    assert causes == {Cause.DEFINITION}


def test_new_batches_of_the_same_month_are_new_rows(small: Reader, house: Template) -> None:
    before = built(small, house).numbers
    after = copy.deepcopy(before)
    one, row = first_known(after)
    row[3], row[4] = row[3] + 1.0, row[4] + 1
    one["batches"] = [*one["batches"], 990]
    with small.engine.connect() as connection:
        [found] = compare(before, after, connection)
    assert (found.cause, found.batches) == (Cause.ROWS, (990,))


def test_a_reverted_batch_is_a_correction(small: Reader, house: Template) -> None:
    before = built(small, house).numbers
    batch = max(batch for one in before["series"] for batch in one["batches"])
    revert(small.engine, batch, actor="test")
    with small.engine.connect() as connection:
        after = copy.deepcopy(before)
        one, row = next(
            (one, row) for one in after["series"] for row in one["rows"]
            if batch in one["batches"] and not one["is_panel"] and one["by"] != "month" and row[3] is not None
        )  # fmt: skip
        one["batches"], row[3] = [b for b in one["batches"] if b != batch], None
        found = [each for each in compare(before, after, connection) if each.key == one["key"]]
    assert {each.cause for each in found} == {Cause.CORRECTED}
    assert all(batch in each.batches for each in found)


def test_a_later_month_is_a_real_change_or_within_the_interval(demo_reader: Reader, making: Making) -> None:
    basket = Basket((Entry("satisfaction.course", "/satisfaction"),))
    orders = [
        Order(basket=Basket(tuple(Entry(e.card, f"{e.href}?month={month}") for e in basket.entries)), month=month)
        for month in ("2026-07", "2026-10")
    ]
    before, after = (build_deck(demo_reader, order, making).numbers for order in orders)
    with demo_reader.engine.connect() as connection:
        found = compare(before, after, connection)
    assert found
    assert {each.cause for each in found} <= {Cause.LATER, Cause.SHOWN, Cause.GONE}
    assert Cause.LATER in {each.cause for each in found}
