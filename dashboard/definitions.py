"""What an indicator means, in words: the lines that the menu of a card, a workbook and a slide all print."""

from __future__ import annotations

from dashboard.numbers import quantity, unit_name
from dashboard.wording import Words
from data.catalogue import MEASURES
from data.catalogue.caveat_names import caveats_of
from data.catalogue.source_names import source_name
from data.catalogue.types import Indicator, Reported


def definition_lines(indicator: Indicator, words: Words) -> dict[str, str]:
    """Name of a line (`definition.<name>` of the text table) → its text, in reading order; empty ones left out."""
    lines = {
        "what": words.of(indicator, "definition"),
        "numerator": _measures(indicator.numerator, words),
        "denominator": _denominator(indicator, words),
        "unit": unit_name(indicator.unit, words),
        "target": ""
        if indicator.target is None
        else quantity(indicator.target, indicator.unit, words, decimals=indicator.decimals),
        "source": source_name(indicator.source, words.lang),
        "codes": words.listed(list(indicator.codes)),
        "key": indicator.key,
        "caveats": "\n".join(caveats_of(indicator, words.lang)),
    }
    return {name: text for name, text in lines.items() if text}


def _measures(keys: tuple[str, ...], words: Words) -> str:
    return words.listed([words.of(MEASURES[key]) for key in keys])


def _denominator(indicator: Indicator, words: Words) -> str:
    if indicator.denominator is None:
        return words("definition.count")
    if indicator.denominator is Reported.UNITS:
        return words("definition.reported_units")
    return _measures(tuple(indicator.denominator), words)
