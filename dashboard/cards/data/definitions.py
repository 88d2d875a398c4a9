"""The dictionary on the page: every indicator and every measure, searchable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboard.cards.data.titles import denominator_title, measure_titles
from dashboard.cards.types import WRAPPED, Card, Drawing, GridSpec
from dashboard.numbers import number, unit_name
from data.catalogue import INDICATORS, MEASURES
from data.catalogue.caveat_names import caveats_of
from data.catalogue.source_names import source_name
from data.catalogue.types import Absence, Nature, Page

if TYPE_CHECKING:
    from dashboard.theme import Ink
    from dashboard.view import View
    from dashboard.wording import Words
    from data.query import Reader

DIRECTIONS = {1: "more", -1: "less", 0: "neither"}


def _columns(widths: tuple[tuple[str, int], ...], words: Words) -> list[dict[str, Any]]:
    return [
        {
            "field": field, "headerName": words(f"data.dictionary.{field}"), "minWidth": width,
            "floatingFilter": True, "suppressFloatingFilterButton": True, **WRAPPED,
        }
        for field, width in widths
    ]  # fmt: skip


def indicators(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Every indicator with what it means and where it is shown; a click traces it."""
    rows = [
        {
            "key": i.key, "title": words.of(i), "definition": words.of(i, "definition"), "unit": unit_name(i.unit, words),
            "direction": words(f"data.dictionary.{DIRECTIONS[i.direction]}"),
            "numerator": measure_titles(i.numerator, words), "denominator": denominator_title(i, words),
            "source": source_name(i.source, words.lang), "caveats": " ".join(caveats_of(i, words.lang)), "codes": words.listed(list(i.codes)),
            "page": words(f"page.{i.page.value}"),
        }
        for i in INDICATORS.values()
    ]  # fmt: skip
    widths = (
        ("title", 170), ("definition", 300), ("caveats", 210), ("unit", 80), ("numerator", 180), ("denominator", 180),
        ("direction", 90), ("page", 90), ("source", 150), ("codes", 110), ("key", 190),
    )  # fmt: skip
    heading = words("data.dictionary.indicators", n=number(len(rows)))
    return Drawing(
        title=heading, subtitle=words("data.dictionary.indicators_sub"),
        grid=GridSpec(columns=_columns(widths, words), rows=rows, row_id="key", click="trace"),
        n=number(len(rows)), source=words("data.dictionary.where"), alt=heading,
    )  # fmt: skip


def measures(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Every measure: what is counted, of which units, and what an empty cell means."""
    rows = [
        {
            "key": m.key, "title": words.of(m), "unit": unit_name(m.unit, words),
            "nature": words("data.dictionary.stock" if m.nature is Nature.STOCK else "data.dictionary.flow"),
            "units": words.listed([words(f"data.unit.{unit.value}") for unit in m.units]),
            "entered": words("data.dictionary.observed" if m.observed else "data.dictionary.counted"),
            "absence": words("value.unreported" if m.absence is Absence.UNREPORTED else "data.dictionary.zero"),
        }
        for m in MEASURES.values()
    ]  # fmt: skip
    widths = (
        ("title", 200),
        ("unit", 80),
        ("nature", 110),
        ("units", 140),
        ("entered", 150),
        ("absence", 110),
        ("key", 220),
    )
    heading = words("data.dictionary.measures", n=number(len(rows)))
    return Drawing(
        title=heading, subtitle=words("data.dictionary.measures_sub"),
        grid=GridSpec(columns=_columns(widths, words), rows=rows, row_id="key"),
        n=number(len(rows)), source=words("data.dictionary.where"), alt=heading,
    )  # fmt: skip


CARDS: tuple[Card, ...] = (
    Card(name="data.indicators", page=Page.DATA, indicators=(), draw=indicators, height=420, kind="grid"),
    Card(name="data.measures", page=Page.DATA, indicators=(), draw=measures, height=320, kind="grid"),
)
