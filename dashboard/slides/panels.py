"""Tiles, lists and fact sheets as shapes and tables a reader can edit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard.cards.types import Entry, Fact, Tile
from dashboard.slides.shapes import Ids, freeform, group, line, put, shape, solid, text_box
from dashboard.slides.table import Cell, place_cells
from dashboard.slides.text import text_width
from dashboard.slides.types import EMU_PER_PT, Box, Fonts
from dashboard.theme import Ink
from dashboard.wording import Words

SIGNS = {"up": "▲", "down": "▼", "same": "＝", "none": "–"}
_GAP = 10 * EMU_PER_PT
_MOST_A_ROW = 5
_TALLEST, _WIDEST = 120 * EMU_PER_PT, 260 * EMU_PER_PT


def place_tiles(slide: Any, tiles: Sequence[Tile], box: Box, *, name: str, alt: str, ink: Ink, fonts: Fonts) -> None:
    """A group of tiles in rows of at most five, each with its value, its change in words, its n and its course."""
    rows = max(-(-len(tiles) // _MOST_A_ROW), 1)
    across = max(-(-len(tiles) // rows), 1)
    wide = min((box.width - _GAP * (across - 1)) // across, _WIDEST)
    tall = min((box.height - _GAP * (rows - 1)) // rows, _TALLEST)
    ids = Ids(slide)
    members = []
    for place, tile in enumerate(tiles):
        row, column = divmod(place, across)
        at = Box(box.left + column * (wide + _GAP), box.top + row * (tall + _GAP), wide, tall)
        members.append(_tile(ids, tile, at, ink, fonts))
    used = Box(box.left, box.top, across * wide + (across - 1) * _GAP, rows * tall + (rows - 1) * _GAP)
    put(slide, group(ids, name, used, members, alt=alt, is_root=True))


def _tile(ids: Ids, tile: Tile, box: Box, ink: Ink, fonts: Fonts) -> str:
    pt = box.height / EMU_PER_PT / 100
    inner = box.inset(round(8 * EMU_PER_PT * min(pt, 1)))
    unit = inner.height / 100

    def part(top: float, share: float, width: float = 1.0, left: float = 0.0) -> Box:
        return Box(
            inner.left + round(inner.width * left),
            inner.top + round(unit * top),
            round(inner.width * width),
            round(unit * share),
        )

    has_course = sum(value is not None for value in tile.spark) > 1
    value = tile.value + "".join(
        f"<span style='color:{ink.muted}'> {text}</span>" for text in (tile.unit, tile.total) if text
    )
    missing = tile.raw is None
    big = min(25 * pt, inner.width / EMU_PER_PT / max(len(tile.value) + 0.6 * len(tile.unit + tile.total), 4) * 1.4)
    parts = [
        shape(ids, tile.label, box, fill=solid(ink.card), outline=line(ink.line, 0.75)),
        text_box(ids, tile.label, part(0, 20), tile.label, size=min(11 * pt, 14), colour=ink.muted, fonts=fonts),
        text_box(
            ids, tile.key or tile.label, part(19, 37, 0.68 if has_course else 1.0), value, size=min(big, 32),
            colour=ink.muted if missing else ink.ink, fonts=fonts, anchor="ctr", bold=not missing, wrap=False,
        ),
    ]  # fmt: skip
    if has_course:
        parts.append(_course(ids, tile, part(26, 30, 0.28, 0.72), ink))
    if tile.change is not None:
        colour = {"good": ink.good, "bad": ink.alert}.get(tile.change.tone, ink.muted)
        parts.append(
            text_box(
                ids, tile.label, part(62, 20), f"{SIGNS[tile.change.direction]} {tile.change.text}", size=min(10 * pt, 13),
                colour=colour, fonts=fonts, anchor="ctr",
            )
        )  # fmt: skip
    if tile.n:
        size = min(9 * pt, 12)
        room = inner.width / EMU_PER_PT
        size = min(size, size * 1.8 * room / max(text_width(tile.n, size), 1.0))
        parts.append(text_box(ids, tile.label, part(77, 23), tile.n, size=size, colour=ink.muted, fonts=fonts))
    told = " ".join(
        text
        for text in (tile.label, tile.value, tile.unit, tile.total, tile.change.text if tile.change else "", tile.n)
        if text
    )
    return group(ids, tile.label, box, parts, alt=told)


def _course(ids: Ids, tile: Tile, box: Box, ink: Ink) -> str:
    """The last months as a line, parted where a month was not reported."""
    known = [value for value in tile.spark if value is not None]
    low, span = min(known), (max(known) - min(known)) or 1.0
    step = box.width / max(len(tile.spark) - 1, 1)
    runs: list[list[tuple[float, float]]] = [[]]
    for place, value in enumerate(tile.spark):
        if value is None:
            runs.append([])
            continue
        runs[-1].append((box.left + place * step, box.top + box.height * (1 - (value - low) / span)))
    return freeform(ids, tile.label, runs, fill="<a:noFill/>", outline=line(ink.accent, 1.25), is_closed=False)


def place_entries(
    slide: Any, entries: Sequence[Entry], box: Box, *, name: str, alt: str, ink: Ink, words: Words, fonts: Fonts,
    rows: slice | None = None,
) -> tuple[int, int, int]:  # fmt: skip
    """A list as a table of tag, title and reason; the tag's word carries the judgement, its colour repeats it."""
    tones = _tones(ink)
    lines = [
        [
            Cell(entry.tag, is_bold=True, colour=tones.get(entry.tone, "")),
            Cell(entry.title, is_bold=True),
            Cell(entry.detail, colour=ink.muted),
        ]
        for entry in entries
    ]
    heads = [words("slide.tag"), words("slide.subject"), words("slide.reason")]
    return place_cells(
        slide, heads, lines, box, name=name, alt=alt, ink=ink, words=words, fonts=fonts, rows=rows, size=11
    )


def place_facts(
    slide: Any, facts: Sequence[Fact], box: Box, *, name: str, alt: str, ink: Ink, words: Words, fonts: Fonts,
    rows: slice | None = None,
) -> tuple[int, int, int]:  # fmt: skip
    """A fact sheet as a table of label, value and note."""
    tones = _tones(ink)
    lines = [
        [
            Cell(fact.label, colour=ink.muted),
            Cell(fact.value, is_bold=True, colour=tones.get(fact.tone, "")),
            Cell(fact.note, colour=ink.muted),
        ]
        for fact in facts
    ]
    heads = [words("slide.subject"), words("column.value"), words("slide.note")]
    return place_cells(
        slide, heads, lines, box, name=name, alt=alt, ink=ink, words=words, fonts=fonts, rows=rows, size=11
    )


def _tones(ink: Ink) -> dict[str, str]:
    return {"alert": ink.alert, "review": ink.warn_ink, "overdue": ink.warn_ink, "missing": ink.muted, "good": ink.good}
