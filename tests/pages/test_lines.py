"""What is sent to the browser: the same as Dash would send, in one line."""

from __future__ import annotations

import json
from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest
from dash._utils import to_json

from callbacks.lines import line_of
from dashboard.cards import CARDS
from dashboard.cards.drawing import draw
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.query import Reader
from data.store import open_store
from layouts.components.card import card_changes, card_of


@pytest.fixture(scope="module")
def reader(small_city_url: str) -> Reader:
    return Reader(open_store(small_city_url))


@pytest.mark.parametrize("name", [*CARDS])
def test_a_card_arrives_as_dash_would_send_it(reader: Reader, name: str) -> None:
    card, words = CARDS[name], Words("zh")
    view = View(page=card.page.value)
    drawing = draw(card, reader, view, Ink(), words)
    for line in (card_of(card, drawing, view, Ink(), words), card_changes(card, drawing, view, Ink(), words)):
        assert json.loads(line_of(line)) == json.loads(to_json(line))


def test_a_line_ends_and_holds_no_other_end_of_line() -> None:
    assert line_of({"a": "x\ny"}) == b'{"a":"x\\ny"}\n'


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        (float("nan"), None),
        (float("inf"), None),
        (np.float64(1.5), 1.5),
        (np.array([1.0, np.nan]), [1.0, None]),
        (np.array(["甲", None], dtype=object), ["甲", None]),
        (pd.Series([1, 2]), [1, 2]),
        (pd.NA, None),
        (date(2026, 10, 1), "2026-10-01"),
        (datetime(2026, 10, 1, 8), "2026-10-01T08:00:00"),
        (pd.Timestamp("2026-10-01"), "2026-10-01T00:00:00"),
        ((1, "a"), [1, "a"]),
    ],
)
def test_what_python_has_and_json_has_not_becomes_what_a_browser_reads(value: object, sent: object) -> None:
    assert json.loads(line_of(value)) == sent


def test_what_has_no_place_in_an_answer_is_refused() -> None:
    with pytest.raises(TypeError, match="Flask"):
        line_of(type("Flask", (), {})())
