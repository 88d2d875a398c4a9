"""Two editions side by side: which are compared by themselves, and how what only one of them shows is said."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any, cast

import pytest
from sqlalchemy import Engine

from callbacks.briefing_editions import _compared, pair_of
from dashboard.briefing.diff import Cause, Difference
from dashboard.briefing.editions import Edition
from dashboard.cards import CARDS
from dashboard.cards.drawing import draw
from dashboard.cards.types import Drawing
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.query import Reader
from data.store import open_store
from tests.small_city import COUNTIES, MONTHS

ZH = Words("zh")


def edition(number: int, place: str) -> Edition:
    given: dict[str, Any] = {part.name: "" for part in fields(Edition)}
    return Edition(**given | {"edition_id": number, "place": place, "created_at": datetime(2026, 11, number)})


def test_the_last_two_of_one_place_are_compared_and_two_places_only_on_demand() -> None:
    city, county = "清江市", "东山县"
    assert pair_of([edition(3, county), edition(2, city), edition(1, city)]) == (1, 2)
    assert pair_of([edition(2, county), edition(1, city)]) == (None, 2)
    assert pair_of([]) == (None, None)


@pytest.fixture(scope="module")
def reader(small_city_url: str) -> Reader:
    return Reader(open_store(small_city_url)).pinned()


def difference(**given: Any) -> Difference:
    month = MONTHS[-1]
    usual: dict[str, Any] = {
        "key": "satisfaction", "group": "total", "label": "全部", "months": (month, month), "before": None, "after": 70.0,
        "cause": Cause.SHOWN, "is_discernible": None, "selection": {}, "is_in_both": False,
    }  # fmt: skip
    return Difference(**usual | given)


def test_what_an_edition_does_not_show_is_not_called_unreported(reader: Reader) -> None:
    assert _compared(difference(), reader, ZH)["before"] == ZH("briefing.diff.not_in")
    row = _compared(difference(cause=Cause.ROWS, is_in_both=True), reader, ZH)
    assert row["before"] == ZH("value.unreported")


def test_a_figure_of_a_course_is_of_the_place_of_the_course(reader: Reader) -> None:
    county = next(iter(COUNTIES))
    row = _compared(difference(group=MONTHS[-1], label=MONTHS[-1], selection={"area": county}), reader, ZH)
    assert row["label"] == reader.label(county)
    assert _compared(difference(group=MONTHS[-1], label=MONTHS[-1]), reader, ZH)["label"] == reader.city.name


def test_an_empty_card_advises_to_widen_filters_only_where_there_are_some(reader: Reader, store: Engine) -> None:
    card = CARDS["overview.trend"]

    def todo(where: Reader, view: View) -> str | None:
        hollow = type(card)(**{**vars(card), "draw": lambda *given: Drawing(title="", empty="nothing")})
        return cast(Drawing, draw(hollow, where, view, Ink(), ZH)).todo

    assert todo(reader, View()) == ZH("empty.wait")
    assert todo(reader, View(area=next(iter(COUNTIES)))) is None
    assert todo(Reader(store), View()) == ""
