"""What every exported file says of itself: whose numbers, of where and when, from which source, and with what caveat."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from dashboard.cards.types import Card, Drawing
from dashboard.numbers import month_name
from dashboard.view import View
from dashboard.wording import Words

if TYPE_CHECKING:
    from data.query import Reader


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """Attributes:
    title, subtitle, n, as_of, source, note: of the drawing.
    page: title of its page. place, month: what is selected, in words.
    filters: (name, choice) of every filter that is set, in words; the month is always there.
    marks: what must be seen at once: 演示数据, 非官方权重.
    watermark: who took it out and when, or empty.
    address: of the view, for whoever wants to see it live; a path without a host.
    stamp: when it was taken out; an input, so that equal inputs give equal files.
    """

    card: str
    page: str
    title: str
    subtitle: str
    place: str
    month: str
    filters: tuple[tuple[str, str], ...]
    n: str
    as_of: str
    source: str
    note: str
    marks: tuple[str, ...]
    watermark: str
    address: str
    stamp: datetime


def meaning_of(
    card: Card,
    drawing: Drawing,
    reader: Reader,
    view: View,
    words: Words,
    *,
    stamp: datetime,
    marks: tuple[str, ...] = (),
    watermark: str = "",
) -> Meaning:
    """The meaning of a drawing of `card` for `view`.

    Args:
        marks: beyond 演示数据, which is told from the store.
    """
    month = view.month_of(reader)
    demo = (words("export.demo"),) if reader.is_demo else ()
    return Meaning(
        card=card.name,
        page=words(f"page.{card.page.value}"),
        title=drawing.title,
        subtitle=drawing.subtitle,
        place=place_of(reader, view),
        month=month_name(month, words) if month else "",
        filters=filters_of(reader, view, words),
        n=drawing.n,
        as_of=drawing.as_of,
        source=drawing.source,
        note=drawing.note or "",
        marks=(*demo, *marks),
        watermark=watermark,
        address=view.href(),
        stamp=stamp,
    )


def place_of(reader: Reader, view: View) -> str:
    """The name of the smallest place selected: a compound, a grid, an area, else the city."""
    return reader.label(view.compound or view.grid or view.area or reader.city.code)


def filters_of(reader: Reader, view: View, words: Words) -> tuple[tuple[str, str], ...]:
    """Every filter that is set as (name, choice), from the place down to the month."""
    where = [reader.label(code) for code in (*reader.ancestors(view.area), view.area)] if view.area else []
    found = [(words("export.place"), words("export.path").join(where) or reader.city.name)]
    if view.grid:
        found.append((words("filter.grid"), reader.label(view.grid)))
    if view.compound:
        found.append((words("export.compound"), reader.label(view.compound)))
    if view.kind:
        found.append((words("filter.kind"), words(f"kind.{view.kind}")))
    if view.company:
        found.append((words("filter.company"), reader.label(view.company)))
    month = view.month_of(reader)
    if month:
        found.append((words("filter.month"), month_name(month, words)))
    return tuple(found)


def foot_of(meaning: Meaning, words: Words) -> str:
    """n · data date · source · caveat, as under the card."""
    parts = (
        words("card.n", n=meaning.n) if meaning.n else "",
        words("card.as_of", date=meaning.as_of) if meaning.as_of else "",
        words("export.source", source=meaning.source) if meaning.source else "",
        meaning.note,
    )
    return words("text.middot").join(part for part in parts if part)


def filters_in_words(meaning: Meaning, words: Words) -> str:
    """`地区 宣城市 › 宣州区 · 月份 2026年10月`."""
    return words("text.middot").join(f"{name} {choice}" for name, choice in meaning.filters)
