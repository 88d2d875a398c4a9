"""The pages 总览 and 组织覆盖 on a small city, on counties alone and on nothing: what their cards say and plot."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
import shapely
from sqlalchemy import Engine

from dashboard.cards import CARDS
from dashboard.cards.changes import change_of
from dashboard.cards.types import Drawing
from dashboard.theme import Ink, foreign_colours
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue import INDICATORS
from data.catalogue.types import Page
from data.query import Reader
from data.store import migrate, open_store
from layouts import coverage as coverage_page
from layouts import overview as overview_page
from tests.satisfied_city import RED, build_satisfied_city, counties_only
from tests.small_city import COUNTIES, SILENT_STREET, fill

INK = Ink("light")
PAGES = {Page.OVERVIEW: overview_page, Page.COVERAGE: coverage_page}
NAMES = sorted(name for name, card in CARDS.items() if card.page in PAGES)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    engine = open_store(f"sqlite:///{tmp_path_factory.mktemp('city') / 'city.db'}")
    migrate(engine)
    build_satisfied_city(engine)
    return Reader(engine)


def draw(name: str, reader: Reader, lang: str = "zh", **given: Any) -> Drawing:
    card = CARDS[name]
    return card.draw(reader, View(page=card.page.value, lang=lang, **given), INK, Words(lang))


def sound(name: str, drawing: Drawing) -> None:
    """Whatever the data: a title, a body or a reason, nothing the browser cannot read, no colour of no theme."""
    assert drawing.title.strip(), name
    body = drawing.figure or drawing.grid or drawing.tiles or drawing.entries
    assert body or drawing.empty or CARDS[name].kind == "headline", name
    json.dumps([drawing.figure, drawing.grid and [drawing.grid.rows, drawing.grid.columns]], allow_nan=False)
    if drawing.figure:
        assert not foreign_colours(drawing.figure, "light"), name


@pytest.mark.parametrize("page", PAGES)
def test_every_indicator_of_the_page_is_on_a_card_of_it(page: Page) -> None:
    shown = {key for name in NAMES for key in CARDS[name].indicators if CARDS[name].page is page}
    assert {key for key, indicator in INDICATORS.items() if indicator.page is page} <= shown


@pytest.mark.parametrize("page", PAGES)
def test_every_card_stands_on_its_page_once(page: Page) -> None:
    placed = [name for name, _ in PAGES[page].PLACES]
    assert sorted(placed) == [name for name in NAMES if CARDS[name].page is page]


@pytest.mark.parametrize("name", NAMES)
def test_cards_draw_for_any_selection(name: str, city: Reader) -> None:
    compounds = city.register("compound")
    street = str(compounds["street"].iloc[0])
    for given in (
        {}, {"lang": "en"}, {"area": str(compounds["county"].iloc[0])}, {"area": street},
        {"area": str(compounds["community"].iloc[0])}, {"area": SILENT_STREET}, {"kind": "老旧小区"},
        {"grid": str(compounds["grid_code"].iloc[0])}, {"company": "E01"}, {"month": city.months[0]},
        {"indicator": "branch_coverage"}, {"indicator": "compounds"},
    ):  # fmt: skip
        sound(name, draw(name, city, **given))


@pytest.mark.parametrize("name", NAMES)
def test_cards_plot_what_the_reader_says(name: str, city: Reader) -> None:
    drawing = draw(name, city)
    for trace in (drawing.figure or {}).get("data", []):
        meta = trace.get("meta") or {}
        if "indicator" not in meta:
            continue
        plotted = trace[meta["axis"]]
        assert len(plotted) == len(meta["groups"])
        answers = []
        for query in drawing.queries:
            if query.key == meta["indicator"] and query.by == meta["by"]:
                frame = city.indicator(query.key, query.selection, period=query.period, by=query.by)
                answers.append(dict(zip(frame["group"].astype(str), frame[meta["field"]], strict=True)))
        assert answers, (name, meta["indicator"])
        assert any(
            all(_same(value, answer.get(group)) for group, value in zip(meta["groups"], plotted, strict=True))
            for answer in answers
        ), (name, meta["indicator"])


def _same(plotted: Any, read: Any) -> bool:
    if plotted is None or read is None or math.isnan(read):
        return plotted is None and (read is None or math.isnan(read))
    return bool(plotted == read)


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_store_says_why_there_is_nothing(name: str, store: Engine) -> None:
    drawing = draw(name, Reader(store))
    sound(name, drawing)
    assert drawing.empty or CARDS[name].kind == "headline"


@pytest.mark.parametrize("name", NAMES)
def test_a_store_of_counties_and_registers_draws_what_it_has(name: str, store: Engine) -> None:
    with store.begin() as connection:
        fill(connection, counties_only(), is_demo=False)
    sound(name, draw(name, Reader(store)))


def test_counties_without_surveys_map_their_compounds(store: Engine) -> None:
    tables = counties_only()
    tables["area_shape"] = [
        {"code": code, "geometry": bytes(shapely.to_wkb(shapely.box(117 + k, 31, 118 + k, 32)))}
        for k, code in enumerate(COUNTIES)
    ]
    with store.begin() as connection:
        fill(connection, tables, is_demo=False)
    drawing = draw("overview.map", Reader(store))
    assert drawing.figure is not None
    filled = [trace for trace in drawing.figure["data"] if trace.get("meta", {}).get("indicator")]
    shown = {group: z for trace in filled for group, z in zip(trace["meta"]["groups"], trace["z"], strict=True)}
    assert shown == dict(zip(COUNTIES, (5.0, 4.0), strict=True))


def test_a_store_without_shapes_says_how_to_get_a_map(store: Engine) -> None:
    with store.begin() as connection:
        fill(connection, counties_only(), is_demo=False)
    assert draw("overview.map", Reader(store)).empty == Words("zh")("overview.map.no_shapes")


def test_the_chosen_indicator_moves_map_and_trend(city: Reader) -> None:
    for name in ("overview.map", "overview.trend"):
        keys = {query.key for query in draw(name, city, indicator="branch_coverage").queries}
        assert "branch_coverage" in keys
    choices = draw("overview.map", city, indicator="branch_coverage").choices
    assert [choice.href for choice in choices if choice.is_chosen] == ["/?indicator=branch_coverage"]


def test_the_list_names_the_red_compound_and_leads_to_its_file(city: Reader) -> None:
    entries = draw("overview.attention", city).entries
    alerts = [entry for entry in entries if entry.tone == "alert"]
    assert {"profile": RED} in [entry.view for entry in alerts]
    assert any(entry.tone == "overdue" for entry in entries)


def test_a_map_says_that_its_shapes_are_schematic(city: Reader) -> None:
    from dashboard.cards.mapping import map_note
    from dashboard.grounds import ground_of

    ground = ground_of(city, None)
    assert ground is not None
    words = Words("zh")
    note = map_note(type(ground)(**{**vars(ground), "is_schematic": True, "review_numbers": ("GS(2026)1号",)}), words)
    assert words("card.schematic") in note
    assert "GS(2026)1号" in note
    assert words("card.schematic") not in map_note(ground, words)


def test_conduct_is_never_shown_below_the_street(city: Reader) -> None:
    compounds = city.register("compound")
    for given in ({"area": str(compounds["community"].iloc[0])}, {"kind": "商品房"}, {"company": "E01"}):
        assert draw("coverage.conduct", city, **given).empty == Words("zh")("coverage.conduct.streets_only")


def test_a_sampled_change_inside_its_interval_is_no_change() -> None:
    words, indicator = Words("zh"), INDICATORS["satisfaction"]
    before = {"value": 70.0, "numerator": 70, "denominator": 100}
    same = change_of(before, {"value": 72.0, "numerator": 72, "denominator": 100}, indicator, words, since="较上月")
    assert same is not None
    assert same.direction == "same"
    assert same.text == "较上月无可辨变化"
    fall = change_of(before, {"value": 40.0, "numerator": 40, "denominator": 100}, indicator, words, since="较上月")
    assert fall is not None
    assert (fall.direction, fall.tone) == ("down", "bad")
    assert change_of({"value": None}, before, indicator, words, since="") is None


def test_a_share_of_who_reported_changes_with_how_many_have_it() -> None:
    words, indicator = Words("zh"), INDICATORS["branch_coverage"]
    before = {"value": 20.0, "numerator": 88, "denominator": 440}
    more_reported = {"value": 18.0, "numerator": 88, "denominator": 488}
    change = change_of(before, more_reported, indicator, words, since="较上月")
    assert change is not None
    assert change.direction == "same"
    founded = change_of(before, {**more_reported, "numerator": 91}, indicator, words, since="较上月")
    assert founded is not None
    assert (founded.direction, founded.tone) == ("up", "good")
    assert "+3" in founded.text
