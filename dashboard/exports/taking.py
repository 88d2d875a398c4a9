"""Taking one card out: drawing it for a view and saying what it means. Every form of export starts here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from dashboard.cards import CARDS
from dashboard.cards.drawing import Failure, draw
from dashboard.cards.types import Card, Drawing
from dashboard.exports.errors import ExportError
from dashboard.exports.meaning import Meaning, meaning_of
from dashboard.exports.names import file_stem
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.errors import unknown_key

if TYPE_CHECKING:
    from data.query import Reader


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A card, drawn, with its meaning and what it was drawn from; `stem` is the name of a file without its ending."""

    card: Card
    drawing: Drawing
    meaning: Meaning
    reader: Reader
    view: View
    ink: Ink
    words: Words
    stem: str


def card_named(name: str) -> Card:
    """The card `name`. Raises `UnknownKeyError` with the nearest one."""
    if name not in CARDS:
        raise unknown_key(name, CARDS, kind="图表")
    return CARDS[name]


def take(
    name: str, reader: Reader, view: View, ink: Ink, words: Words, *, stamp: datetime, watermark: str = ""
) -> Taken:
    """The card `name` drawn for `view`.

    Raises:
        UnknownKeyError: no such card. ExportError: it cannot be drawn; the log has the reason.
    """
    card = card_named(name)
    drawing = draw(card, reader, view, ink, words)
    if isinstance(drawing, Failure):
        raise ExportError(
            words("export.failed"), where=name, todo=words("export.failed_todo", request=drawing.request), code="failed"
        )
    meaning = meaning_of(card, drawing, reader, view, words, stamp=stamp, watermark=watermark)
    month = view.month_of(reader)
    return Taken(
        card=card, drawing=drawing, meaning=meaning, reader=reader, view=view, ink=ink, words=words,
        stem=file_stem(meaning, month),
    )  # fmt: skip
