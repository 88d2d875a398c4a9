"""The 月报: native throughout, numbers those of the commands, sound for any place and any name, equal for equal inputs."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from pptx import Presentation
from pptx.util import Pt

from dashboard.access import Role, User
from dashboard.briefing.basket import Basket, BasketError, Entry
from dashboard.briefing.deck import build_deck
from dashboard.briefing.order import CancelledError, Deck, Making, Order
from dashboard.briefing.template import Template, read_template
from data.errors import UnknownKeyError, UsageError
from data.query import Reader
from tests.briefing.test_basket_and_template import renamed

PICTURE = re.compile(r"\.(png|jpe?g|gif|emf|wmf|svg|bmp|tiff?)$", re.IGNORECASE)


def opened(deck: Deck) -> Any:
    return Presentation(io.BytesIO(deck.content))


def test_the_monthly_deck_of_the_city_is_native_throughout(city_deck: Deck) -> None:
    slides = city_deck.manifest["slides"]
    assert len(slides) >= 12
    assert len(opened(city_deck).slides) == len(slides)
    with zipfile.ZipFile(io.BytesIO(city_deck.content)) as archive:
        assert [name for name in archive.namelist() if PICTURE.search(name)] == []
    ways = {part["way"] for slide in slides for part in slide["parts"]}
    assert ways <= {"chart", "map", "table", "shapes", "text"}
    assert city_deck.manifest["left_out"] == []


def test_every_slide_has_a_title_a_number_notes_and_no_empty_placeholder(city_deck: Deck) -> None:
    for slide in opened(city_deck).slides:
        assert slide.shapes.title is not None
        assert slide.shapes.title.text_frame.text
        assert slide.has_notes_slide
        assert slide.notes_slide.notes_text_frame.text
        for shape in slide.placeholders:
            assert shape.has_text_frame, shape.name
            assert shape.text_frame.text, shape.name


def test_notes_name_definition_batches_and_address(city_deck: Deck) -> None:
    notes = [slide.notes_slide.notes_text_frame.text for slide in opened(city_deck).slides]
    with_chart = [
        n for n, s in zip(notes, city_deck.manifest["slides"], strict=True) if s["parts"] and s.get("address")
    ]
    assert with_chart
    assert all("页面：/" in note for note in with_chart)
    assert sum("口径：" in note for note in with_chart) > 10
    assert sum("数据批次：#" in note for note in with_chart) > 10


def test_every_chart_map_and_table_has_a_text_alternative(city_deck: Deck) -> None:
    for slide in opened(city_deck).slides:
        for shape in slide.shapes:
            if shape.name.startswith("gd ") and (shape.has_chart or shape.has_table or shape.shape_type == 6):
                told = shape._element.xpath("./*[1]/p:cNvPr/@descr")
                assert told, (slide.slide_id, shape.name)
                assert told[0].strip(), (slide.slide_id, shape.name)


def test_a_demo_deck_says_so_on_every_slide(city_deck: Deck) -> None:
    for slide in opened(city_deck).slides:
        assert any(shape.has_text_frame and "演示数据" in shape.text_frame.text for shape in slide.shapes)


def test_nothing_stands_outside_its_slide(city_deck: Deck) -> None:
    deck = opened(city_deck)
    slack = Pt(3)
    for slide in deck.slides:
        for shape in slide.shapes:
            if shape.width is None or shape.left is None:
                continue
            name = (slide.slide_id, shape.name)
            assert shape.left >= -slack, name
            assert shape.top >= -slack, name
            assert shape.left + shape.width <= deck.slide_width + slack, name
            assert shape.top + shape.height <= deck.slide_height + slack, name


def test_the_map_review_number_stands_under_the_map(city_deck: Deck) -> None:
    [page] = [s for s in city_deck.manifest["slides"] if any(p["card"] == "overview.map" for p in s["parts"])]
    slide = opened(city_deck).slides[page["number"] - 1]
    assert any("GS(2026)001" in shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)


def test_equal_inputs_give_equal_bytes(city_deck: Deck, demo_reader: Reader, making: Making) -> None:
    again = build_deck(demo_reader, Order(), making)
    assert again.sha256 == city_deck.sha256
    later = build_deck(demo_reader, Order(area="341802"), making)
    assert later.sha256 != city_deck.sha256


def test_a_street_and_a_compound_have_decks_of_their_own(demo_reader: Reader, making: Making) -> None:
    street = demo_reader.children("341802")["code"].iloc[0]
    deck = build_deck(demo_reader, Order(area=str(street)), making)
    assert demo_reader.label(str(street)) in deck.title
    assert len(deck.manifest["slides"]) >= 8
    compound = str(demo_reader.register("compound").query("is_managed")["compound_id"].iloc[0])
    deck = build_deck(demo_reader, Order(compound=compound), making)
    assert demo_reader.label(compound) in deck.title
    assert {"compound.headline", "compound.course"} <= {
        part["card"] for slide in deck.manifest["slides"] for part in slide["parts"]
    }


def test_a_basket_keeps_its_order_and_titles_and_continues_long_tables(demo_reader: Reader, making: Making) -> None:
    basket = Basket((
        Entry("satisfaction.course", "/satisfaction?area=341802", "自定的标题 =1+1 \x07 " + "长" * 280),
        Entry("coverage.due", "/coverage"),
        Entry("overview.trend", "/?month=2026-06"),
        Entry("satisfaction.course", "/satisfaction?area=nowhere"),
    ))  # fmt: skip
    deck = build_deck(demo_reader, Order(basket=basket), making)
    charts = [(s["title"], s["parts"][0]) for s in deck.manifest["slides"] if s["parts"] and s["parts"][0]["card"]]
    assert charts[0][1]["card"] == "satisfaction.course"
    assert charts[0][0].startswith("自定的标题 =1+1")
    table = [part["rows"] for _, part in charts if part["card"] == "coverage.due"]
    assert len(table) > 3
    assert table[0][0] == 1
    assert table[-1][1] == table[-1][2]
    assert [first[1] + 1 for first in table[:-1]] == [following[0] for following in table[1:]]
    assert [part["card"] for _, part in charts][-2:] == ["overview.trend", "satisfaction.course"]
    assert any("nowhere" in notice for notice in deck.manifest["notices"])


def test_what_cannot_be_built_is_refused_with_a_reason(demo_reader: Reader, making: Making) -> None:
    with pytest.raises(UsageError, match="2031-01"):
        build_deck(demo_reader, Order(month="2031-01"), making)
    with pytest.raises(UnknownKeyError):
        build_deck(demo_reader, Order(area="999999"), making)
    with pytest.raises(UsageError, match="XQ"):
        build_deck(demo_reader, Order(compound="XQ9999"), making)
    with pytest.raises(BasketError, match="空"):
        build_deck(demo_reader, Order(basket=Basket()), making)


def test_cancelling_stops_the_deck(demo_reader: Reader, making: Making) -> None:
    steps: list[int] = []
    stopped = replace(
        making, progress=lambda done, total, what: steps.append(done), is_cancelled=lambda: len(steps) > 4
    )
    with pytest.raises(CancelledError):
        build_deck(demo_reader, Order(), stopped)
    assert len(steps) == 5


def test_a_template_without_pairs_gets_a_slide_for_each_chart(
    demo_reader: Reader, making: Making, city_deck: Deck
) -> None:
    plain: Template = read_template(renamed("gd:chart2", "elsewhere"), "bureau.pptx")
    basket = Order(area="341802")
    deck = build_deck(demo_reader, basket, replace(making, template=plain))
    assert all(len(s["parts"]) <= 2 for s in deck.manifest["slides"] if s["layout"] != "一图")
    assert "两图" not in {s["layout"] for s in deck.manifest["slides"]}


def test_a_deck_of_real_data_carries_account_and_time(demo_reader: Reader, making: Making, monkeypatch: Any) -> None:
    monkeypatch.setattr(Reader, "is_demo", property(lambda self: False))
    user = User(login="bureau-01", role=Role.BUREAU)
    basket = Basket((Entry("overview.trend", "/"),))
    deck = build_deck(demo_reader, Order(basket=basket), replace(making, user=user))
    for slide in opened(deck).slides:
        [mark] = [shape for shape in slide.shapes if shape.name == "gd:watermark"]
        assert "bureau-01" in mark.text_frame.text
        assert "2026-11-05 14:30" in mark.text_frame.text
        assert not any(s.has_text_frame and "演示数据" in s.text_frame.text for s in slide.shapes)
