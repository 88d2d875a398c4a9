"""Taking one card out: drawing it for a view and saying what it means. Every form of export starts here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from dashboard.cards import CARDS
from dashboard.cards.drawing import Failure, draw
from dashboard.cards.ranking import weighed
from dashboard.cards.types import Card, Draw, Drawing
from dashboard.exports.errors import ExportError
from dashboard.exports.meaning import Meaning, meaning_of
from dashboard.exports.names import file_stem
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue.types import Page
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


# Cards that show a ranking's result: under weights somebody chose they are taken out with these, and marked.
WEIGHED: dict[str, Draw] = {
    "ranking.ranges": weighed.ranges,
    "ranking.tiers": weighed.listing,
    "ranking.lab": weighed.ranges,
}
# What is taken out beyond the cards of the pages.
MORE: dict[str, Card] = {weighed.LABORATORY.name: weighed.LABORATORY}


def card_named(name: str) -> Card:
    """The card `name`. Raises `UnknownKeyError` with the nearest one."""
    known = CARDS | MORE
    if name not in known:
        raise unknown_key(name, known, kind="图表")
    return known[name]


def take(
    name: str, reader: Reader, view: View, ink: Ink, words: Words, *, stamp: datetime, watermark: str = ""
) -> Taken:
    """The card `name` drawn for `view`.

    Raises:
        UnknownKeyError: no such card. UsageError: weights of the ranking that cannot be read.
        ExportError: it cannot be drawn; the log has the reason.
    """
    card = card_named(name)
    marks: tuple[str, ...] = ()
    if card.page is Page.RANKING and reader.months and weighed.is_weighed(reader, view, words):
        if name in WEIGHED:
            card = replace(card, draw=WEIGHED[name])
            marks = (words("export.not_official"),)
        else:
            marks = (words("export.official_here"),)
    drawing = draw(card, reader, view, ink, words)
    if isinstance(drawing, Failure):
        raise ExportError(
            words("export.failed"), where=name, todo=words("export.failed_todo", request=drawing.request), code="failed"
        )
    meaning = meaning_of(card, drawing, reader, view, words, stamp=stamp, marks=marks, watermark=watermark)
    is_marked = name in WEIGHED and bool(marks)
    stem = file_stem(meaning, view.month_of(reader), (words("export.not_official_name"),) if is_marked else ())
    return Taken(
        card=card, drawing=drawing, meaning=meaning, reader=reader, view=view, ink=ink, words=words,
        stem=stem,
    )  # fmt: skip
