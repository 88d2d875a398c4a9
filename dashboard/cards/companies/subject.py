"""What the cards of companies share: a guard for stores without months, numbers as text, how rows are named."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from dashboard.cards.reading import Reading
from dashboard.cards.types import Draw, Drawing
from dashboard.numbers import quantity
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue import INDICATORS

if TYPE_CHECKING:
    import pandas as pd

    from data.query import Reader

Drawn = Callable[[Reading, Ink], Drawing]
MOST_ROWS = 9


def read_with(draw: Drawn) -> Draw:
    """`draw` given its reading; in a store without months an empty card that says what to import first."""

    def drawn(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
        reading = Reading(reader, view, words)
        if not reader.months:
            return reading.empty(words("companies.none"), words("reading.no_months"))
        return draw(reading, ink)

    drawn.__doc__ = draw.__doc__
    return drawn


def text_of(key: str, words: Words) -> Callable[[float], str]:
    """How a value of the indicator is printed beside its bar."""
    indicator = INDICATORS[key]

    def text(value: float) -> str:
        return quantity(value, indicator.unit, words, decimals=indicator.decimals)

    return text


def names_of(figures: pd.DataFrame) -> dict[str, str]:
    """Group → name; the row of what belongs to no group is left out."""
    return {str(g): str(label) for g, label in zip(figures["group"], figures["label"], strict=True) if str(g)}
