"""The cards of the demo city on slides: no picture, no table in place of a chart, and the numbers of the store."""

from __future__ import annotations

from typing import Any

import pytest
from pptx import Presentation
from sqlalchemy import Engine

from dashboard.cards import CARDS
from dashboard.cards.types import Drawing
from dashboard.slides import Fonts, Placed, place_drawing
from dashboard.view import View
from data.query import Period, Reader
from tests.dashboard.slides.decks import BOX, INK, SHEET, WORDS, blank

# Each stands for a form of figure; drawing all cards of all pages is for `make soak`.
SAMPLE = {
    "overview.map": "map",
    "overview.trend": "chart",
    "overview.cases": "chart",
    "overview.published": "shapes",
    "overview.campaigns": "shapes",
    "coverage.states": "chart",
    "coverage.tiles": "shapes",
    "coverage.party_seats": "chart",
    "satisfaction.areas": "chart",
    "satisfaction.multiples": "chart",
    "satisfaction.scale": "chart",
    "satisfaction.funnel": "chart",
    "companies.by_street": "chart",
    "companies.arrears": "chart",
    "satisfaction.tiles": "shapes",
    "satisfaction.outliers": "table",
}


@pytest.fixture(scope="module")
def reader(demo_store: Engine) -> Reader:
    return Reader(demo_store).pinned()


@pytest.fixture(scope="module")
def placed(reader: Reader) -> dict[str, Placed]:
    presentation = Presentation()
    return {name: place_drawing(
        blank(presentation), drawn(reader, name), BOX, name=name, ink=INK, words=WORDS, fonts=Fonts(), sheet=SHEET
    ) for name in SAMPLE}  # fmt: skip


def drawn(reader: Reader, name: str) -> Drawing:
    card = CARDS[name]
    return card.draw(reader, View(page=card.page.value), INK, WORDS)


def test_each_form_of_figure_becomes_what_it_should(placed: dict[str, Placed]) -> None:
    assert {name: each.way for name, each in placed.items()} == SAMPLE


def values_of(reader: Reader, ref: dict[str, Any], month: str) -> dict[str, float]:
    """What the store says of an indicator, by group; the groups of a panel are `month|group`."""
    by = ref["by"]
    period = Period(*ref["period"]) if ref.get("period") else Period.of(month)
    if by == "month":
        period = Period(reader.months[0], reader.latest_month)
    frame = reader.indicator(ref["indicator"], View().selection, period=period, by=by)
    return dict(zip(frame["group"].astype(str), frame[ref["field"]].astype(float), strict=True))


@pytest.mark.parametrize("name", ["overview.trend", "coverage.states", "coverage.party_seats"])
def test_the_numbers_in_charts_are_those_of_the_store(name: str, placed: dict[str, Placed], reader: Reader) -> None:
    compared = 0
    for chart in placed[name].detail["charts"]:
        for series in chart["series"]:
            for value, ref in zip(series["values"], series["refs"], strict=True):
                if ref is not None and value is not None:
                    assert values_of(reader, ref, reader.latest_month)[ref["group"]] == pytest.approx(value)
                    compared += 1
    assert compared >= 7


def test_every_street_of_the_map_has_its_value_and_its_class(placed: dict[str, Placed], reader: Reader) -> None:
    areas = placed["overview.map"].detail["areas"]
    assert len(areas) == 101
    valued = [area for area in areas if area["value"] is not None]
    said = {query.key: query for query in drawn(reader, "overview.map").queries if query.by == "street"}
    query = said[valued[0]["indicator"]]
    frame = reader.indicator(query.key, query.selection, period=query.period, by="street").set_index("group")["value"]
    assert len(valued) == int(frame.reindex([area["code"] for area in areas]).notna().sum())
    for area in valued:
        assert area["value"] == pytest.approx(float(frame[area["code"]]))
        assert area["class"]
