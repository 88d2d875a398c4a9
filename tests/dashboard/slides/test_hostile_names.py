"""Whatever a place is called, its chart, map and table are sound and keep its numbers."""

from __future__ import annotations

import io
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from power_pptx.validation import iter_schema_violations
from pptx import Presentation

from dashboard.cards.types import Drawing, GridSpec
from dashboard.figures.canvas import canvas
from dashboard.slides import Fonts, place_drawing, to_bytes
from dashboard.slides.text import clean, unique, xml
from tests.dashboard.slides.decks import BOX, INK, SHEET, STAMP, WORDS, blank, charts_of, content_of

NASTY = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["", "=cmd", "+1", "@x", "<b>", "</a:t>", "&amp;", "]]>", "\x00\x0b", "\ud800", "\u202e右", "很长" * 200, "a\nb\tc", "'", '"']),
)  # fmt: skip
NUMBERS = st.one_of(
    st.none(), st.floats(-1e12, 1e12), st.just(float("nan")), st.just(float("inf")), st.integers(0, 500)
)
FEW = settings(max_examples=25, derandomize=True)


def told(value: Any) -> float | None:
    return None if value is None or value != value or value in (float("inf"), float("-inf")) else float(value)


@FEW
@given(st.lists(st.tuples(NASTY, NUMBERS), min_size=1, max_size=8), NASTY, st.sampled_from(["bar", "scatter"]))
def test_a_chart_of_any_names_is_sound(rows: list[tuple[str, Any]], name: str, kind: str) -> None:
    places = list(range(len(rows)))
    trace = {
        "type": kind,
        "x": [number for _, number in rows],
        "y": places,
        "name": name,
        "hovertext": [label for label, _ in rows],
    }
    trace |= {"orientation": "h"} if kind == "bar" else {"mode": "markers"}
    axis = {"tickvals": places, "ticktext": [label for label, _ in rows], "range": [len(rows) - 0.4, -0.6]}
    content, placed = content_of(canvas([trace], INK, yaxis=axis, title={"text": name}), name)
    assert list(iter_schema_violations(content)) == []
    known = [told(number) for _, number in rows]
    if placed.way == "chart":
        (series,) = placed.detail["charts"][0]["series"]
        if kind == "bar":
            assert series["values"] == known
        else:
            assert [x for x, y in zip(series["xs"], series["values"], strict=True) if y is not None] == [
                v for v in known if v is not None
            ]
        assert len(charts_of(content)) == 1
    else:
        assert not any(value is not None for value in known) or placed.way == "data_table"


@FEW
@given(st.lists(NASTY, min_size=1, max_size=6), NASTY)
def test_a_table_of_any_names_is_sound(names: list[str], head: str) -> None:
    presentation = Presentation()
    grid = GridSpec(columns=[{"field": "a", "headerName": head}], rows=[{"a": name} for name in names], row_id="a")
    drawing = Drawing(title=head, alt=head, grid=grid)
    placed = place_drawing(
        blank(presentation), drawing, BOX, name=head, ink=INK, words=WORDS, fonts=Fonts(), sheet=SHEET
    )
    content = to_bytes(presentation, STAMP)
    assert placed.way == "table"
    assert list(iter_schema_violations(content)) == []
    assert len(Presentation(io.BytesIO(content)).slides[0].shapes[0].table.rows) == len(names) + 1


@given(st.text())
def test_no_text_breaks_the_xml(text: str) -> None:
    from lxml import etree

    assert etree.fromstring(f'<a b="{xml(text)}">{xml(text)}</a>').text in (clean(text), None)


@given(st.lists(st.sampled_from(["甲", "乙", ""])))
def test_names_made_unique_look_the_same(names: list[str]) -> None:
    found = unique(names)
    assert len(set(found)) == len(names)
    assert [name.rstrip("\u200b") for name in found] == names
