"""The page of property companies: every card draws in every store, and plots what the reader read."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine

from dashboard.cards import CARDS
from dashboard.cards.types import Card, Drawing
from dashboard.theme import Ink, foreign_colours
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue import INDICATORS
from data.catalogue.types import Page
from data.query import Reader
from data.store import migrate, open_store
from layouts.companies import PLACES
from tests.ranked_city import build_ranked_city
from tests.small_city import CITY, COUNTIES, fill

VIEW = View(page=Page.COMPANIES.value)
NAMES = [name for name, _ in PLACES]


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    engine = open_store(f"sqlite:///{tmp_path_factory.mktemp('companies') / 'store.db'}")
    migrate(engine)
    build_ranked_city(engine)
    yield Reader(engine)
    engine.dispose()


def drawn(card: Card, reader: Reader, view: View = VIEW, lang: str = "zh") -> Drawing:
    return card.draw(reader, replace(view, lang=lang), Ink(), Words(lang))


def plotted(drawing: Drawing) -> Iterator[tuple[dict[str, Any], list[Any]]]:
    for trace in (drawing.figure or {}).get("data", []):
        meta = trace.get("meta") or {}
        for each in (meta, *meta.get("also", ())):
            if "indicator" in each:
                yield {"groups": meta["groups"]} | each, trace[each["axis"]]


def assert_plots_what_was_read(drawing: Drawing, reader: Reader) -> int:
    count = 0
    for meta, values in plotted(drawing):
        queries = [q for q in drawing.queries if q.key == meta["indicator"] and q.by == meta["by"]]
        assert queries, meta["indicator"]
        read = [reader.indicator(q.key, q.selection, period=q.period, by=q.by).set_index("group") for q in queries]
        for group, value in zip(meta["groups"], values, strict=True):
            answers = [float(frame[meta["field"]].get(group, math.nan)) for frame in read]
            assert any(math.isclose(value, answer, rel_tol=1e-12) for answer in answers), (meta["indicator"], group)
            count += 1
    return count


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_a_card_draws_with_a_finding_as_its_title(reader: Reader, name: str, lang: str) -> None:
    found = drawn(CARDS[name], reader, lang=lang)
    assert found.empty is None
    assert found.title
    assert not re.search(r"\bnan\b", f"{found.title} {found.subtitle}", re.IGNORECASE)
    assert foreign_colours(found.figure, "light") == set()


def test_plotted_numbers_are_those_of_the_reader(reader: Reader) -> None:
    assert sum(assert_plots_what_was_read(drawn(CARDS[name], reader), reader) for name in NAMES) > 50


@pytest.mark.parametrize(
    "view", [replace(VIEW, company="E01"), replace(VIEW, area="990001"), replace(VIEW, indicator="compounds")]
)
def test_cards_follow_the_selection(reader: Reader, view: View) -> None:
    for name in NAMES:
        assert_plots_what_was_read(drawn(CARDS[name], reader, view), reader)


def test_choosing_a_company_lists_its_compounds_and_each_opens_its_file(reader: Reader) -> None:
    grid = drawn(CARDS["companies.compounds"], reader, replace(VIEW, company="E01")).grid
    assert grid is not None
    assert (len(grid.rows), grid.click) == (10, "compound")
    assert {row["company"] for row in grid.rows} == {reader.label("E01")}


def test_a_company_in_the_table_can_be_chosen(reader: Reader) -> None:
    grid = drawn(CARDS["companies.list"], reader).grid
    assert grid is not None
    assert (grid.click, {row["id"] for row in grid.rows}) == ("company", {"E00", "E01", "E02", "E03"})


def test_the_map_has_a_layer_of_offices_and_one_of_compounds(reader: Reader) -> None:
    offices, compounds = (
        drawn(CARDS["companies.map"], reader, replace(VIEW, indicator=key)) for key in ("companies", "compounds")
    )
    clicks = [{(t.get("meta") or {}).get("click") for t in (d.figure or {})["data"]} for d in (offices, compounds)]
    assert [choice.is_chosen for choice in offices.choices] == [True, False]
    assert clicks == [{None, "area", "company"}, {None, "area", "profile"}]


def test_the_balance_after_the_waterfall_is_the_last_one_read(reader: Reader) -> None:
    bars = (drawn(CARDS["companies.arrears"], reader).figure or {})["data"]
    first, added, cleared, last = bars
    sign = 1 if added["base"][0] >= first["y"][0] else -1
    assert math.isclose(first["y"][0] + sign * added["y"][0] - cleared["y"][0], last["y"][0], rel_tol=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_store_gets_a_card_that_says_what_to_do(store: Engine, name: str) -> None:
    found = drawn(CARDS[name], Reader(store))
    assert found.empty or found.title


@pytest.mark.parametrize("name", NAMES)
def test_a_store_of_counties_alone_draws_or_says_why_not(store: Engine, name: str) -> None:
    areas = [{"code": CITY, "name": "清江市", "level": "city", "parent_code": None}]
    areas += [{"code": code, "name": label, "level": "county", "parent_code": CITY} for code, label in COUNTIES.items()]
    compounds = [{"compound_id": f"C{n}", "name": f"小区{n}", "area_code": "990001", "is_managed": True, "lon": 118.1, "lat": 30.2}
                 for n in range(3)]  # fmt: skip
    with store.begin() as connection:
        fill(connection, {
            "area": areas, "compound": compounds, "company": [{"company_id": "E1", "name": "甲物业"}],
            "management": [{"compound_id": "C0", "company_id": "E1", "mode": "专业物业"}],
        })  # fmt: skip
    found = drawn(CARDS[name], Reader(store))
    assert found.empty or found.title


def test_every_indicator_of_the_page_has_a_card() -> None:
    mine = {key for key, indicator in INDICATORS.items() if indicator.page == Page.COMPANIES}
    assert mine <= {key for name in NAMES for key in CARDS[name].indicators}
