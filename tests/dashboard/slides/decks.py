"""Decks for the tests of slides: figures of every kind on blank slides, and ways to read what became of them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import openpyxl
from lxml import etree
from openpyxl.utils import range_boundaries
from pptx import Presentation

from dashboard.cards.types import Drawing, Entry, Fact, GridSpec, Tile
from dashboard.figures.canvas import canvas
from dashboard.slides import Box, Definition, Fonts, Placed, Sheet, place_drawing, place_figure, to_bytes
from dashboard.theme import Ink
from dashboard.wording import Words

INK, WORDS = Ink(), Words()
STAMP = datetime(2026, 11, 1, 8, 30)
BOX = Box(457_200, 1_200_000, 11_200_000, 5_000_000)
MONTHS = [f"2025-{month:02d}" for month in range(1, 13)]
VALUES: list[float | None] = [61.5, 62.0, None, 64.25, 63.0, 62.5, 65.0, 66.0, 64.0, None, 67.0, 68.5]
SHEET = Sheet(
    title="满意率", subtitle="全市", n="n=1,024", as_of="2026-10", source="演示数据", filters="宣州区", stamp=STAMP,
    definitions=(Definition(key="satisfaction", title="群众满意率", text="满意的占有效问卷的比例", unit="%", source="问卷"),),
)  # fmt: skip
CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
C = f"{{{CHART}}}"


def figures() -> dict[str, dict[str, Any]]:
    """One figure of every native kind."""
    band = {
        "type": "scatter",
        "mode": "lines",
        "fill": "toself",
        "fillcolor": INK.fade(INK.accent, 0.16),
        "line": {"width": 0},
    }
    line = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": MONTHS,
        "y": VALUES,
        "name": "满意率",
        "line": {"color": INK.accent},
    }
    threshold = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": 60, "y1": 60, "line": {"color": INK.alert}}
    bars = {"type": "bar", "x": ["甲", "乙", "丙"], "y": [1.0, None, 3.5], "name": "件数"}
    rows = {"range": [2.6, -0.6], "tickvals": [0, 1, 2], "ticktext": ["甲", "乙", "丙"]}
    error = {"type": "data", "symmetric": False, "array": [1, 2, 3], "arrayminus": [2, 1, 1]}
    return {
        "columns": canvas([bars, bars | {"name": "户数", "y": [2.0, 1.0, 2.5]}], INK, barmode="group"),
        "stacked": canvas([bars, bars | {"name": "户数", "y": [2.0, 1.0, 2.5]}], INK, barmode="stack"),
        "percent": canvas([bars, bars | {"name": "户数", "y": [2.0, 1.0, 2.5]}], INK, barmode="stack", barnorm="percent"),
        "bars": canvas(
            [{"type": "bar", "orientation": "h", "y": [0, 1, 2], "x": [5, 6, 7], "error_x": error, "marker": {"color": ["#a8322a", "#35618f", "#35618f"]}}],
            INK, yaxis=rows,
        ),
        "line": canvas([line], INK, shapes=[threshold], annotations=[{"text": "约谈线", "x": 1, "xref": "paper", "y": 60}]),
        "band": canvas(
            [band | {"x": MONTHS + MONTHS[::-1], "y": [70.0] * 12 + [58.0] * 12}, line], INK, xaxis={"type": "date"}
        ),
        "parted band": canvas([band | {"x": MONTHS[3:6] + MONTHS[3:6][::-1], "y": [70.0] * 3 + [58.0] * 3}, line], INK),
        "area": canvas([{**line, "fill": "tozeroy", "mode": "lines"}], INK),
        "scatter": canvas(
            [{"type": "scatter", "mode": "markers", "x": [1.5, 2.5, None], "y": [3.0, None, 4.0], "name": "点", "marker": {"symbol": "line-ns-open"}},
             {"type": "scatter", "mode": "lines", "x": [1, 2], "y": [1, 2], "name": "线"}], INK,
        ),
        "intervals": canvas(
            [{"type": "scatter", "mode": "lines", "x": [40, 60], "y": [0, 0], "line": {"color": "rgba(53,97,143,0.5)", "width": 5}},
             {"type": "scatter", "mode": "markers", "x": [50], "y": [0], "marker": {"color": "#35618f", "size": 11}}],
            INK, yaxis=rows,
        ),
        "two axes": canvas(
            [bars | {"x": MONTHS, "y": VALUES}, line | {"yaxis": "y2", "name": "率"}], INK, xaxis={"type": "category"},
            yaxis2={"overlaying": "y", "side": "right", "range": [0, 100]},
        ),
        "waterfall": canvas(
            [{"type": "bar", "x": [i], "y": [v], "base": [b], "width": 0.6, "text": [str(v)], "textposition": "outside", "showlegend": False}
             for i, (v, b) in enumerate([(5.0, 0.0), (2.0, 5.0), (7.0, 0.0)])],
            INK, barmode="overlay", xaxis={"tickvals": [0, 1, 2], "ticktext": ["期初", "新增", "期末"]},
        ),
        "doughnut": canvas([{"type": "pie", "labels": ["有", "无"], "values": [3, 1], "hole": 0.5}], INK),
        "radar": canvas([{"type": "scatterpolar", "r": [1, 2, 3, 1], "theta": ["a", "b", "c", "a"], "name": "甲"}], INK),
        "packed": canvas([bars | {"y": {"dtype": "f8", "bdata": "AAAAAAAA8D8AAAAAAAAAQAAAAAAAAAhA"}}], INK),
        "tiles": canvas(
            [{"type": "bar", "x": [0, 0, 1], "base": [0, 1, 0], "y": [0.9, 0.9, 0.9], "width": 0.8, "hovertext": ["<b>甲</b>", "<b>乙</b>", "<b>丙</b>"]}], INK
        ),
    }  # fmt: skip


def drawings() -> dict[str, Drawing]:
    """One card of every other kind."""
    columns = [
        {"field": "name", "headerName": "小区"},
        {"field": "n", "headerName": "户数", "number": True, "decimals": 1},
    ]
    rows = [{"id": str(i), "name": f"小区{i}", "n": None if i == 1 else i * 1000.0} for i in range(60)]
    tile = Tile(
        key="satisfaction", label="满意率", raw=73.8, value="73.8", unit="%", n="n=10", spark=(1.0, None, 2.0, 3.0)
    )
    return {
        "grid": Drawing(title="表", grid=GridSpec(columns=columns, rows=rows, row_id="id")),
        "tiles card": Drawing(title="磁贴", tiles=(tile, tile)),
        "entries": Drawing(title="清单", entries=(Entry(tone="alert", tag="红", title="甲", detail="低于60%"),)),
        "facts": Drawing(title="要素", facts=(Fact(label="户数", value="1,024"),)),
        "empty": Drawing(title="空", empty="本月没有数据"),
    }


def deck() -> tuple[Any, dict[str, Placed]]:
    """All of them, one a slide."""
    presentation = Presentation()
    placed = {}
    for name, figure in figures().items():
        placed[name] = on_slide(presentation, figure, name)
    for name, drawing in drawings().items():
        placed[name] = place_drawing(
            blank(presentation), drawing, BOX, name=name, ink=INK, words=WORDS, fonts=Fonts(), sheet=SHEET
        )
    return presentation, placed


def blank(presentation: Any) -> Any:
    """A new slide with nothing on it."""
    return presentation.slides.add_slide(presentation.slide_layouts[6])


def on_slide(presentation: Any, figure: dict[str, Any], name: str = "图", **more: Any) -> Placed:
    """The figure on a slide of its own."""
    return place_figure(
        blank(presentation), figure, BOX, name=name, alt=name, ink=INK, words=WORDS, fonts=Fonts(), sheet=SHEET, **more
    )


def content_of(figure: dict[str, Any], name: str = "图") -> tuple[bytes, Placed]:
    """A deck of one figure as a file."""
    presentation = Presentation()
    placed = on_slide(presentation, figure, name)
    return to_bytes(presentation, STAMP), placed


def shapes_of(shapes: Any) -> Iterator[Any]:
    """Every shape, those in groups too."""
    for shape in shapes:
        yield shape
        if shape.shape_type is not None and hasattr(shape, "shapes"):
            yield from shapes_of(shape.shapes)


def charts_of(content: bytes) -> list[tuple[str, Any]]:
    """Name and part of every chart of a deck, read again from its bytes."""
    read = Presentation(io.BytesIO(content))
    return [
        (shape.name, shape.chart.part)
        for slide in read.slides
        for shape in shapes_of(slide.shapes)
        if getattr(shape, "has_chart", False)
    ]


def caches(part: Any) -> Iterator[tuple[str, list[str | None]]]:
    """Every reference of a chart to its workbook with the values the chart keeps of it."""
    root = etree.fromstring(part.blob)
    for reference in root.iter(f"{C}numRef", f"{C}strRef"):
        cache = reference.find(f"{C}numCache")
        cache = reference.find(f"{C}strCache") if cache is None else cache
        values: list[str | None] = [None] * int(cache.find(f"{C}ptCount").get("val"))
        for point in cache.iter(f"{C}pt"):
            values[int(point.get("idx"))] = point.find(f"{C}v").text
        yield reference.find(f"{C}f").text, values


def cells(part: Any, reference: str) -> list[Any]:
    """What the workbook of a chart holds at a reference."""
    book = openpyxl.load_workbook(io.BytesIO(part.chart_workbook.xlsx_part.blob))
    sheet, _, cut = reference.rpartition("!")
    first, low, last, high = range_boundaries(re.sub(r"\$", "", cut))
    page = book[sheet.strip("'")]
    return [page.cell(row, column).value for column in range(first, last + 1) for row in range(low, high + 1)]
