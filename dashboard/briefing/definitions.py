"""What an indicator means, as text for a deck, and a fingerprint that changes when its rule does."""

from __future__ import annotations

import hashlib
import json
from functools import cache

from dashboard.numbers import unit_name
from dashboard.slides import Definition
from dashboard.wording import Words
from data.catalogue import INDICATORS, MEASURES
from data.catalogue.types import Reported


def meaning(key: str, words: Words) -> Definition:
    """The catalogue's entry of indicator `key` in the language of `words`."""
    indicator = INDICATORS[key]
    if indicator.denominator is None:
        below = words("definition.count")
    elif indicator.denominator is Reported.UNITS:
        below = words("definition.reported_units")
    else:
        below = words.listed([words.of(MEASURES[name]) for name in indicator.denominator])
    return Definition(
        key=key,
        title=words.of(indicator),
        text=words.of(indicator, "definition"),
        unit=unit_name(indicator.unit, words),
        numerator=words.listed([words.of(MEASURES[name]) for name in indicator.numerator]),
        denominator=below,
        source=indicator.source,
    )


@cache
def fingerprint(key: str) -> str:
    """Twelve hexadecimal digits that change when what indicator `key` counts, or how, changes.

    Its wording takes part, and the statement each of its measures counts rows with; its title does not.
    """
    indicator = INDICATORS[key]
    below = indicator.denominator
    parts = [*indicator.numerator, *(below if isinstance(below, tuple) else ())]
    leaves = sorted({leaf for part in parts for leaf in (part, *MEASURES[part].derived_from)})
    rule = {
        "definition": indicator.definition_zh, "unit": indicator.unit, "numerator": indicator.numerator,
        "denominator": str(below) if isinstance(below, Reported) else below, "scale": indicator.scale,
        "cumulative": indicator.cumulative, "quarterly": indicator.quarterly, "binomial": indicator.is_binomial,
        "measures": {leaf: _counting(leaf) for leaf in leaves},
    }  # fmt: skip
    return hashlib.sha256(json.dumps(rule, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:12]


def _counting(key: str) -> list[str]:
    measure = MEASURES[key]
    if measure.derived_from:
        statement, values = "", list[str]()
    else:
        counted = measure.rows().compile()
        statement, values = str(counted), sorted(f"{name}={value}" for name, value in counted.params.items())
    return [statement, *values, measure.nature.value, measure.combine, measure.absence.value, str(measure.managed_only)]
