"""Titles of tables and measures in the language of the page."""

from __future__ import annotations

from dashboard.wording import Words
from data.catalogue import MEASURES
from data.catalogue.types import Indicator, Reported
from data.schema import TABLES


def table_title(name: str, words: Words) -> str:
    """The heading of table `name`; the name itself when there is no such table."""
    return str(TABLES[name].info[words.lang]) if name in TABLES else name


def measure_titles(keys: tuple[str, ...], words: Words) -> str:
    """Titles of several measures in a row."""
    return words.listed([words.of(MEASURES[key]) for key in keys])


def denominator_title(indicator: Indicator, words: Words) -> str:
    """What an indicator is divided by, in words."""
    if indicator.denominator is None:
        return words("definition.count")
    if indicator.denominator is Reported.UNITS:
        return words("definition.reported_units")
    return measure_titles(tuple(indicator.denominator), words)
