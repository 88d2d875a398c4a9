"""What a deck says beside its charts: speaker's notes, the sheet in each workbook, the appendix of definitions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from dashboard.briefing.definitions import meaning
from dashboard.briefing.plan import Part
from dashboard.briefing.slide import GLOSSARY_GAP, GLOSSARY_SIZE, LEADING, lines_of
from dashboard.cards.foot import foot
from dashboard.cards.types import Drawing
from dashboard.slides import Box, Definition, Sheet
from dashboard.slides.types import EMU_PER_PT
from dashboard.view import View
from dashboard.wording import Words

if TYPE_CHECKING:
    from data.query import Reader

# More definitions than this on one slide's notes are in the appendix anyway.
MOST_DEFINITIONS = 16
MOST_BATCHES = 30
# Lines are counted a little too wide; so much more goes into a column.
ROOM = 1.01


class Told:
    """Definitions and batches behind drawings, looked up in the frozen numbers."""

    def __init__(self, numbers: dict[str, Any], reader: Reader, words: Words) -> None:
        self.reader, self.words = reader, words
        self._batches = {one["batch"]: one for one in numbers["batches"]}
        self._of = {
            (one["key"], tuple(sorted(one["selection"].items()))): tuple(one["batches"]) for one in numbers["series"]
        }
        self._meanings: dict[str, Definition] = {}

    def definitions(self, drawing: Drawing) -> tuple[Definition, ...]:
        """What every indicator of the drawing means, in the order read."""
        keys = list(dict.fromkeys(query.key for query in drawing.queries))
        for key in keys:
            if key not in self._meanings:
                self._meanings[key] = meaning(key, self.words)
        return tuple(self._meanings[key] for key in keys)

    def batches(self, drawing: Drawing) -> list[dict[str, Any]]:
        """The batches that brought the drawing's rows, by number."""
        numbers: set[int] = set()
        for query in drawing.queries:
            place = tuple(sorted((name, value) for name, value in vars(query.selection).items() if value))
            numbers |= set(self._of.get((query.key, place), ()))
        return [self._batches[number] for number in sorted(numbers) if number in self._batches]

    @cached_property
    def city(self) -> str:
        """Name of the city."""
        return self.reader.city.name

    def filters(self, view: View) -> str:
        """The selection of a view in words."""
        reader, words = self.reader, self.words
        parts = [reader.label(view.compound or view.grid or view.area or reader.city.code)]
        if view.kind:
            parts.append(words(f"kind.{view.kind}"))
        if view.company:
            parts.append(reader.label(view.company))
        return words("text.middot").join(parts)


def sheet_of(drawing: Drawing, told: Told, stamp: datetime, words: Words) -> Sheet:
    """The sheet 口径说明 of a drawing's workbooks."""
    return Sheet(
        title=drawing.title,
        subtitle=drawing.subtitle,
        n=drawing.n,
        as_of=drawing.as_of,
        source=drawing.source,
        filters=drawing.subtitle,
        definitions=told.definitions(drawing),
        stamp=stamp,
    )


def notes_of(drawn: Iterable[tuple[Part, Drawing]], told: Told, title: str, words: Words) -> str:
    """Speaker's notes of a slide: for each card its finding, definitions, n, data date, batches and address."""
    lines = [title]
    for part, drawing in drawn:
        lines += ["", drawing.title if drawing.title != title else drawing.subtitle]
        if drawing.title != title and drawing.subtitle:
            lines.append(drawing.subtitle)
        if said := foot(drawing, words):
            lines.append(words("briefing.note.foot", text=said))
        found = told.definitions(drawing)
        for each in found[:MOST_DEFINITIONS]:
            lines.append(words("briefing.note.definition", title=each.title, unit=each.unit, text=each.text))
        if len(found) > MOST_DEFINITIONS:
            lines.append(words("briefing.note.more_definitions", count=len(found) - MOST_DEFINITIONS))
        if batches := told.batches(drawing):
            lines.append(
                words("briefing.note.batches", batches=words.listed([_batch(b, words) for b in batches[:MOST_BATCHES]]))
            )
        lines.append(words("briefing.note.address", address=part.view.href(), place=told.filters(part.view)))
    return "\n".join(lines)


def _batch(batch: dict[str, Any], words: Words) -> str:
    note = words("briefing.note.batch_note", note=batch["note"]) if batch["note"] else ""
    return f"#{batch['batch']}{note}"


def appendix_pages(definitions: Sequence[Definition], box: Box, words: Words) -> list[list[tuple[str, str]]]:
    """How to read the deck, then every indicator with its meaning, in as many slides of two columns as they need."""
    terms = [(words(f"briefing.reading.{name}"), words(f"briefing.reading.{name}_text"))
             for name in ("interval", "same", "unreported", "rule", "ranks")]  # fmt: skip
    terms += [(_term(each, words), each.text) for each in definitions]
    column = Box(0, 0, (box.width - GLOSSARY_GAP * EMU_PER_PT) // 2, box.height)
    room = box.height / EMU_PER_PT
    pages: list[list[tuple[str, str]]] = [[]]
    used, columns = 0.0, 0
    for term, text in terms:
        tall = lines_of(f"{term}　{text}", column, GLOSSARY_SIZE) * GLOSSARY_SIZE * LEADING + GLOSSARY_SIZE * 0.5
        if used + tall > room * ROOM and pages[-1]:
            used, columns = 0.0, columns + 1
            if columns == 2:
                pages.append([])
                columns = 0
        used += tall
        pages[-1].append((term, text))
    return pages


def _term(each: Definition, words: Words) -> str:
    return words("briefing.term", title=each.title, unit=each.unit) if each.unit else each.title
