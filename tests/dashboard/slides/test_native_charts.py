"""Figures of every kind become native charts whose numbers are those of the figure and of their workbook."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openxml_audit import validate_pptx
from power_pptx.validation import iter_schema_violations
from pptx import Presentation

from dashboard.figures.canvas import canvas
from dashboard.slides import Placed, to_bytes
from dashboard.slides.book import serial
from tests.dashboard.slides.decks import (
    BOX,
    INK,
    MONTHS,
    SHEET,
    STAMP,
    VALUES,
    caches,
    cells,
    charts_of,
    content_of,
    deck,
    figures,
    on_slide,
    shapes_of,
)  # fmt: skip


@pytest.fixture(scope="module")
def made() -> tuple[bytes, dict[str, Placed]]:
    presentation, placed = deck()
    return to_bytes(presentation, STAMP), placed


def test_every_kind_is_what_it_should_be(made: tuple[bytes, dict[str, Placed]]) -> None:
    ways = {name: placed.way for name, placed in made[1].items()}
    others = {
        "tiles": "shapes", "grid": "table", "tiles card": "shapes", "entries": "table", "facts": "table", "empty": "text",
    }  # fmt: skip
    assert ways == {**dict.fromkeys(figures(), "chart"), **others}


def test_a_deck_of_every_kind_passes_both_validators(made: tuple[bytes, dict[str, Placed]], tmp_path: Path) -> None:
    path = tmp_path / "deck.pptx"
    path.write_bytes(made[0])
    assert list(iter_schema_violations(made[0])) == []
    assert [error.description for error in validate_pptx(str(path)).errors] == []


def test_what_a_chart_keeps_is_what_its_workbook_holds(made: tuple[bytes, dict[str, Placed]]) -> None:
    found = charts_of(made[0])
    assert len(found) >= 15
    for name, part in found:
        for reference, kept in caches(part):
            held = [serial(v.date()) if isinstance(v, datetime) else v for v in cells(part, reference)]
            as_text = [None if v is None else v if isinstance(v, str) else float(v) for v in held]
            assert [
                None if v is None else float(v) if isinstance(w, float) else v
                for v, w in zip(kept, as_text, strict=True)
            ] == as_text, (name, reference)


def test_the_manifest_lists_the_numbers_of_the_figure(made: tuple[bytes, dict[str, Placed]]) -> None:
    series = made[1]["line"].detail["charts"][0]["series"]
    assert series[0]["values"] == VALUES
    assert series[0]["categories"] == MONTHS
    assert series[1]["name"] == "约谈线"
    assert series[1]["values"] == [60.0] * 12
    columns = made[1]["columns"].detail["charts"][0]["series"]
    assert [each["values"] for each in columns] == [[1.0, None, 3.5], [2.0, 1.0, 2.5]]
    assert [each["values"] for each in made[1]["packed"].detail["charts"][0]["series"]] == [[1.0, 2.0, 3.0]]


def test_a_band_stands_on_its_lower_limit_and_only_where_there_is_an_interval(
    made: tuple[bytes, dict[str, Placed]],
) -> None:
    helpers = [each for each in made[1]["parted band"].detail["charts"][0]["series"] if each["is_helper"]]
    assert [each["values"][2:7] for each in helpers] == [[None, 58.0, 58.0, 58.0, None], [None, 12.0, 12.0, 12.0, None]]
    assert made[1]["band"].detail["charts"][0]["kinds"] == ["area", "line"]
    assert made[1]["parted band"].detail["charts"][0]["kinds"] == ["bar", "line"]


def test_a_second_axis_keeps_both_kinds_in_one_chart(made: tuple[bytes, dict[str, Placed]]) -> None:
    assert [chart["kinds"] for chart in made[1]["two axes"].detail["charts"]] == [["bar", "line"]]
    part = dict(charts_of(made[0]))["two axes"]
    assert part.blob.count(b"<c:axId ") == 8


def test_error_bars_stand_before_the_categories_and_no_axis_is_numbered_below_zero(
    made: tuple[bytes, dict[str, Placed]],
) -> None:
    written = dict(charts_of(made[0]))["bars"].blob.decode()
    assert written.index("<c:errBars>") < written.index("<c:cat>")
    assert all(b'axId val="-' not in part.blob for _, part in charts_of(made[0]))


def test_a_gap_stays_a_gap(made: tuple[bytes, dict[str, Placed]]) -> None:
    part = dict(charts_of(made[0]))["line"]
    assert b'<c:dispBlanksAs val="gap"/>' in part.blob
    values = next(kept for reference, kept in caches(part) if "$B$2" in reference)
    assert (values[2], values[9]) == (None, None)


def test_the_workbook_explains_its_numbers(made: tuple[bytes, dict[str, Placed]]) -> None:
    part = dict(charts_of(made[0]))["line"]
    book = openpyxl.load_workbook(io.BytesIO(part.chart_workbook.xlsx_part.blob))
    assert book.sheetnames == ["数据", "口径说明"]
    said = {cell.value for row in book["口径说明"].iter_rows() for cell in row}
    assert {SHEET.title, SHEET.as_of, SHEET.source, SHEET.filters, "群众满意率", "满意的占有效问卷的比例"} <= said


def test_points_that_differ_keep_their_colour(made: tuple[bytes, dict[str, Placed]]) -> None:
    written = dict(charts_of(made[0]))["bars"].blob.decode()
    assert written.count("<c:dPt>") == 1
    assert "A8322A" in written
    assert "35618F" in written


def test_every_chart_names_an_east_asian_font_and_carries_alternative_text(
    made: tuple[bytes, dict[str, Placed]],
) -> None:
    for _, part in charts_of(made[0]):
        assert b'<a:ea typeface="+mn-ea"/>' in part.blob
    for slide in Presentation(io.BytesIO(made[0])).slides:
        for shape in slide.shapes:
            if shape.name != "empty":
                assert shape._element.xpath("./*/p:cNvPr/@descr")[0]


def test_text_in_a_chart_figure_that_no_chart_holds_stands_beside_it(made: tuple[bytes, dict[str, Placed]]) -> None:
    slides = {slide.shapes[0].name: slide for slide in Presentation(io.BytesIO(made[0])).slides}
    texts = {shape.text_frame.text for shape in shapes_of(slides["waterfall"].shapes) if shape.has_text_frame}
    assert {"5.0", "2.0", "7.0"} <= texts
    assert {"甲", "乙", "丙"} <= {s.text_frame.text for s in shapes_of(slides["intervals"].shapes) if s.has_text_frame}


def test_equal_decks_have_equal_bytes() -> None:
    first, second = (to_bytes(deck()[0], STAMP) for _ in range(2))
    assert first == second


def test_a_bar_that_marks_what_was_not_reported_is_no_number() -> None:
    bars = {
        "type": "bar",
        "orientation": "h",
        "x": [5.0],
        "y": [0],
        "meta": {"indicator": "satisfaction", "groups": ["1"]},
    }
    stub = {"type": "bar", "orientation": "h", "x": [0.6], "y": [1], "marker": INK.hatched()}
    rows = {"tickvals": [0, 1], "ticktext": ["甲", "乙"], "range": [1.6, -0.6]}
    _, placed = content_of(canvas([bars, stub], INK, barmode="overlay", yaxis=rows))
    assert [each["values"] for each in placed.detail["charts"][0]["series"]] == [[5.0, None]]
    assert placed.detail["charts"][0]["series"][0]["refs"][0]["group"] == "1"


def test_series_and_categories_of_one_name_stay_apart() -> None:
    trace = {"type": "bar", "y": [1.0, 2.0], "x": [0, 1], "name": "同名"}
    figure = canvas(
        [trace, trace | {"y": [3.0, 4.0]}],
        INK,
        barmode="group",
        xaxis={"tickvals": [0, 1], "ticktext": ["街道", "街道"]},
    )
    content, placed = content_of(figure)
    series = placed.detail["charts"][0]["series"]
    assert [each["values"] for each in series] == [[1.0, 2.0], [3.0, 4.0]]
    assert len({each["name"] for each in series}) == 2
    kept = next(kept for reference, kept in caches(charts_of(content)[0][1]) if "$A$2" in reference)
    assert len(set(kept)) == 2
    assert {str(name).rstrip("\u200b") for name in kept} == {"街道"}


def test_columns_keep_their_order_where_only_some_carry_a_name() -> None:
    months = ["2025-11", "2025-12", "2026-01", "2026-02"]
    axis = {"type": "category", "tickvals": months[1::2], "ticktext": ["十二月", "二月"]}
    _, placed = content_of(canvas([{"type": "bar", "x": months, "y": [1.0, 2.0, 3.0, 4.0]}], INK, xaxis=axis))
    (series,) = placed.detail["charts"][0]["series"]
    assert series["categories"] == months
    assert series["values"] == [1.0, 2.0, 3.0, 4.0]


def test_a_text_at_the_end_of_a_bar_moves_with_it() -> None:
    trace = {"type": "bar", "orientation": "h", "x": [5.0, 6.0], "y": [0, 1]}
    notes = [{"text": f"{value}%", "x": value, "y": place, "xanchor": "left"} for place, value in enumerate((5.0, 6.0))]
    rows = {"tickvals": [0, 1], "ticktext": ["甲", "乙"]}
    content, _ = content_of(canvas([trace], INK, annotations=notes, yaxis=rows))
    assert charts_of(content)[0][1].blob.count(b"<c:dLbl>") == 2


def test_a_formula_as_a_name_is_text() -> None:
    content, _ = content_of(canvas([{"type": "bar", "x": ["=cmd|' /C calc'!A0"], "y": [1.0], "name": "=1+1"}], INK))
    part = charts_of(content)[0][1]
    book = openpyxl.load_workbook(io.BytesIO(part.chart_workbook.xlsx_part.blob))
    assert {cell.data_type for row in book["数据"].iter_rows() for cell in row if isinstance(cell.value, str)} == {"s"}


def test_a_cut_name_is_whole_in_the_workbook() -> None:
    whole = "很长的小区名称" * 40
    trace = {"type": "bar", "orientation": "h", "x": [1.0], "y": [0], "hovertext": [f"<b>{whole}</b><br>1"]}
    content, _ = content_of(canvas([trace], INK, yaxis={"tickvals": [0], "ticktext": [whole[:9] + "…"]}))
    part = charts_of(content)[0][1]
    book = openpyxl.load_workbook(io.BytesIO(part.chart_workbook.xlsx_part.blob))
    assert whole in {cell.value for row in book["数据"].iter_rows() for cell in row}


def test_what_has_no_native_form_becomes_a_table_that_says_why() -> None:
    figure = {"data": [{"type": "sankey", "node": {}}], "layout": {}}
    placed = on_slide(Presentation(), figure)
    assert placed.way == "data_table"
    assert "sankey" in placed.why


def test_with_a_renderer_it_becomes_a_picture_with_a_fallback() -> None:
    png = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010806000000 1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
        .replace(" ", "")
    )  # fmt: skip
    presentation = Presentation()
    placed = on_slide(
        presentation, {"data": [{"type": "sankey"}], "layout": {}}, render=lambda figure, w, h: (b"<svg/>", png)
    )
    content = to_bytes(presentation, STAMP)
    assert placed.way == "svg"
    assert list(iter_schema_violations(content)) == []
    assert b"svgBlip" in Presentation(io.BytesIO(content)).slides[0].part.blob


def test_a_figure_that_breaks_the_converter_becomes_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **more: Any) -> Any:
        raise RuntimeError("no")

    monkeypatch.setattr("dashboard.slides.cartesian.column_chart", broken)
    placed = on_slide(Presentation(), figures()["columns"])
    assert placed.way == "data_table"
    assert "RuntimeError" in placed.why


def test_no_part_of_a_figure_leaves_its_box(made: tuple[bytes, dict[str, Placed]]) -> None:
    for slide in Presentation(io.BytesIO(made[0])).slides:
        for shape in shapes_of(slide.shapes):
            if getattr(shape, "has_chart", False):
                assert shape.left >= BOX.left - 1
                assert shape.left + shape.width <= BOX.right + 1
                assert shape.top >= BOX.top - 1
                assert shape.top + shape.height <= BOX.bottom + 1
