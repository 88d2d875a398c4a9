"""Every number of every chart and every area of the maps is the one `python -m data indicator … --json` prints."""

from __future__ import annotations

import io
import math
import zipfile
from typing import Any

import openpyxl
import pytest
from lxml import etree
from pptx import Presentation

from dashboard.briefing.order import Deck
from dashboard.cards.types import Drawing
from tests.pages.test_cards_and_commands import arguments_of, printed, same

CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
MAIN = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


def answers(drawing: Drawing, ref: dict[str, Any], url: str) -> list[Any]:
    """What the command prints for the mark `ref` names, once for each query of the card that could have given it."""
    found = []
    for query in (q for q in drawing.queries if q.key == ref["indicator"]):
        month, _, part = str(ref["group"]).partition("|")
        rows = printed(url, arguments_of(query, month) if query.is_panel else arguments_of(query))
        row = rows.get((part or "total") if query.is_panel else str(ref["group"]))
        if row is not None:
            found.append(row.get(ref.get("field", "value")))
    return found


def test_every_series_holds_the_numbers_the_command_prints(city_deck: Deck, demo_url: str) -> None:
    compared = 0
    for card, drawing, placed in city_deck.placed:
        for chart in placed.detail.get("charts", []):
            for series in chart["series"]:
                # Of a mark that lies across, the number is the one along the other axis.
                across = series["xs"] or [math.nan] * len(series["values"])
                for value, other, ref in zip(series["values"], across, series["refs"], strict=True):
                    if ref is None or series.get("is_helper"):
                        continue
                    answer = answers(drawing, ref, demo_url)
                    shown = [value, *([other] if series["xs"] else [])]
                    assert any(same(each, told) for each in shown for told in answer), (card, ref, shown, answer[:4])
                    compared += 1
    assert compared > 200


def test_the_workbook_of_every_chart_holds_what_the_chart_shows(city_deck: Deck) -> None:
    charts = [chart for _, _, placed in city_deck.placed for chart in placed.detail.get("charts", [])]
    deck = Presentation(io.BytesIO(city_deck.content))
    parts = []
    for slide in deck.slides:
        for frame in slide.shapes._spTree.iter(
            "{http://schemas.openxmlformats.org/presentationml/2006/main}graphicFrame"
        ):
            for chart in frame.iter(f"{CHART}chart"):
                number = chart.get("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id")
                parts.append(slide.part.related_part(number))
    assert len(parts) == len(charts) > 15
    for part, told in zip(parts, charts, strict=True):
        root = etree.fromstring(part.blob)
        series = list(root.iter(f"{CHART}ser"))
        assert len(series) == len(told["series"]), told["name"]
        book = openpyxl.load_workbook(io.BytesIO(part.chart_workbook.xlsx_part.blob))
        assert len(book.sheetnames) >= 2
        for drawn in series:
            values = next(child for child in drawn if child.tag in (f"{CHART}val", f"{CHART}yVal"))
            sheet, _, cells = values.findtext(f".//{CHART}f", "").rpartition("!")
            cached = {int(point.get("idx")): float(point.findtext(f"{CHART}v")) for point in values.iter(f"{CHART}pt")}
            column = [row[0].value for row in book[sheet.strip("'")][cells.replace("$", "")]]
            for place, cell in enumerate(column):
                assert (cell is None) == (place not in cached), (told["name"], place)
                assert cell is None or math.isclose(float(cell), cached[place], rel_tol=1e-12), (told["name"], place)


def test_every_street_of_the_map_is_a_named_freeform_with_its_class_and_value(city_deck: Deck, demo_url: str) -> None:
    [(drawing, placed)] = [(d, p) for card, d, p in city_deck.placed if card == "overview.map"]
    if placed.way != "map":
        pytest.fail(f"the map became a {placed.way}: {placed.why}")
    areas = placed.detail["areas"]
    [query] = drawing.queries
    rows = printed(demo_url, arguments_of(query))
    by_code = {area["code"]: area for area in areas if area["code"] in rows}
    assert len(by_code) == 101
    for code, area in by_code.items():
        assert same(area["value"], rows[code]["value"]), (code, area)
        # A town without a compound has nobody to report: it is of no class, and nothing is drawn on it.
        assert bool(area["class"]) == bool(area["value"] is not None or rows[code]["expected"]), area
    deck = Presentation(io.BytesIO(city_deck.content))
    shapes: dict[str, Any] = {}
    for slide in deck.slides:
        for shape in slide.shapes._spTree.iter("{http://schemas.openxmlformats.org/presentationml/2006/main}sp"):
            if shape.find(f".//{MAIN}custGeom") is not None:
                told = shape.xpath("./p:nvSpPr/p:cNvPr")[0]
                shapes[told.get("name")] = told.get("descr")
    for code, area in by_code.items():
        found = [descr for name, descr in shapes.items() if code in name]
        assert found, (code, area["name"])
        assert found[0], code
        assert area["name"] in found[0]


def test_parts_of_the_package_are_counted_once(city_deck: Deck) -> None:
    with zipfile.ZipFile(io.BytesIO(city_deck.content)) as archive:
        names = archive.namelist()
    assert len(names) == len(set(names))


def test_the_numbers_kept_with_a_deck_are_those_the_command_prints(city_deck: Deck, demo_url: str) -> None:
    numbers = city_deck.numbers
    assert numbers["month"] == city_deck.month
    compared = 0
    for one in numbers["series"]:
        assert one["batches"] or all(row[3] is None for row in one["rows"]), one["key"]
        assert len(numbers["definitions"][one["key"]]["fingerprint"]) == 12
        if one["is_panel"] or one["selection"]:
            continue
        start, end = one["period"]
        when = ["--month", start] if start == end else ["--from", start, "--to", end]
        rows = printed(demo_url, (one["key"], *when, *(["--by", one["by"]] if one["by"] else [])))
        for values in one["rows"]:
            row = dict(zip(numbers["fields"], values, strict=True))
            for field in ("value", "numerator", "denominator", "low", "high"):
                assert same(row[field], rows[str(row["group"])][field]), (one["key"], row["group"], field)
                compared += 1
    assert compared > 1000
