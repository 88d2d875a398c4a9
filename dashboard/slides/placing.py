"""One card on a slide: the best native form of its body, and never a failure."""

from __future__ import annotations

from typing import Any

from dashboard.cards.types import Drawing
from dashboard.events import LOG
from dashboard.slides.cartesian import Panels
from dashboard.slides.data_table import data_cells
from dashboard.slides.maps import MapMissingError, MapWriter, is_map
from dashboard.slides.panels import place_entries, place_facts, place_tiles
from dashboard.slides.pictures import place_picture
from dashboard.slides.polar import POLAR
from dashboard.slides.scene import Scene
from dashboard.slides.shapes import Ids, group, put, rooted, text_box
from dashboard.slides.table import place_cells, place_grid
from dashboard.slides.types import Box, Fonts, Placed, Renderer, Sheet, Way
from dashboard.theme import Ink
from dashboard.wording import Words

NATIVE = ("bar", "scatter", "scattergl", *POLAR)


def place_drawing(
    slide: Any, drawing: Drawing, box: Box, *, name: str, ink: Ink, words: Words, fonts: Fonts, sheet: Sheet,
    render: Renderer | None = None, rows: slice | None = None,
) -> Placed:  # fmt: skip
    """Put the body of a card into a box of a slide: chart, map, table, tiles, list, fact sheet, or why it is empty.

    Title, subtitle and foot are the deck's own. A body that cannot be converted becomes a table of its data.

    Args:
        slide: of python-pptx. name: of the shape or group. sheet: explains the numbers in each chart's workbook.
        render: makes pictures of figures without a native form; None: they become tables.
        rows: which rows of a table or list; as many as fit of all of them if None.
    """
    alt = drawing.alt or drawing.title
    told: dict[str, Any] = {"name": name, "alt": alt, "ink": ink, "fonts": fonts}
    if drawing.empty:
        return _said(slide, drawing.empty, box, told, words("slide.why_empty"))
    if drawing.figure is not None:
        return place_figure(
            slide,
            drawing.figure,
            box,
            words=words,
            sheet=sheet,
            render=render,
            rows=rows,
            note=drawing.note or "",
            **told,
        )
    if drawing.grid is not None:
        return _table(place_grid(slide, drawing.grid, box, words=words, rows=rows, **told), name, words)
    if drawing.tiles:
        place_tiles(slide, drawing.tiles, box, **told)
        return Placed(way="shapes", name=name)
    if drawing.entries:
        return _table(place_entries(slide, drawing.entries, box, words=words, rows=rows, **told), name, words)
    if drawing.facts:
        return _table(place_facts(slide, drawing.facts, box, words=words, rows=rows, **told), name, words)
    return _said(slide, drawing.title, box, told, "")


def place_figure(
    slide: Any, figure: dict[str, Any], box: Box, *, name: str, alt: str, ink: Ink, words: Words, fonts: Fonts,
    sheet: Sheet, render: Renderer | None = None, rows: slice | None = None, note: str = "",
) -> Placed:  # fmt: skip
    """Put a plotly figure (a dict) into a box of a slide, see `place_drawing`; `note` stands under it when it is a map."""
    told: dict[str, Any] = {"name": name, "alt": alt, "ink": ink, "fonts": fonts}
    ids = Ids(slide)
    try:
        if is_map(figure):
            return _map(slide, figure, box, told, words, note, ids)
        if not any(trace.get("type", "scatter") in NATIVE for trace in figure.get("data") or []):
            kinds = words.listed(sorted({str(trace.get("type")) for trace in figure.get("data") or []}))
            if render is not None and figure.get("data"):
                place_picture(slide, figure, box, render, name=name, alt=alt)
                return Placed(way="svg", name=name, why=words("slide.why_picture", kinds=kinds))
            return _data_table(slide, figure, box, told, words, words("slide.why_no_form", kinds=kinds), rows)
        return _cartesian(slide, figure, box, told, words, sheet, ids)
    except MapMissingError:
        return _data_table(slide, figure, box, told, words, words("slide.why_map"), rows)
    except Exception as error:
        # A deck of forty slides does not fail for one figure; its manifest and the log say what happened.
        LOG.exception("figure could not be converted", card=name)
        why = words("slide.why_failed", error=type(error).__name__)
        return _data_table(slide, figure, box, told, words, why, rows)


def _map(
    slide: Any, figure: dict[str, Any], box: Box, told: dict[str, Any], words: Words, note: str, ids: Ids
) -> Placed:
    """A map as named freeforms; what every map must say of its borders stands under it."""
    name = told["name"]
    writer = MapWriter(figure, box, name=name, note=note, ink=told["ink"], words=words, fonts=told["fonts"])
    members = writer.all(ids)
    put(slide, group(ids, name, box, members, alt=told["alt"], is_root=True))
    return Placed(way="map", name=name, detail={"areas": writer.areas, "note": note})


def _cartesian(
    slide: Any, figure: dict[str, Any], box: Box, told: dict[str, Any], words: Words, sheet: Sheet, ids: Ids
) -> Placed:
    """Panels on two axes: each a native chart where there is one for it, named shapes where not."""
    ink, fonts, name = told["ink"], told["fonts"], told["name"]
    scene = Scene(figure, box, ink)
    written = Panels(slide, scene, ids, name=name, ink=ink, words=words, fonts=fonts, sheet=sheet)
    members = written.all()
    put(slide, group(ids, name, box, members, alt=told["alt"], is_root=True))
    way: Way = "chart" if written.charts else "shapes"
    return Placed(way=way, name=name, why=written.why, detail={"charts": written.charts} if written.charts else {})


def _data_table(
    slide: Any, figure: dict[str, Any], box: Box, told: dict[str, Any], words: Words, why: str, rows: slice | None
) -> Placed:
    heads, lines = data_cells(figure, words)
    return _table(
        place_cells(slide, heads, lines, box, words=words, rows=rows, **told), told["name"], words, "data_table", why
    )


def _table(shown: tuple[int, int, int], name: str, words: Words, way: Way = "table", why: str = "") -> Placed:
    first, last, total = shown
    is_cut = first > 1 or last < total
    cut = words("slide.why_cut", first=first, last=last, total=total) if is_cut else ""
    return Placed(
        way=way, name=name, why=words("text.middot").join(t for t in (why, cut) if t), detail={"rows": [*shown]}
    )


def _said(slide: Any, text: str, box: Box, told: dict[str, Any], why: str) -> Placed:
    ink, fonts = told["ink"], told["fonts"]
    written = text_box(
        Ids(slide), told["name"], box, text, size=14, colour=ink.muted, fonts=fonts, anchor="ctr", align="ctr"
    )
    put(slide, rooted(written))
    return Placed(way="text", name=told["name"], why=why)
