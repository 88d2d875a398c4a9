"""An axis of values: its unit on the ticks, and money in the unit one would say it in."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from dashboard.numbers import MONEY, PERCENT_UNITS, is_missing, money_unit, number
from dashboard.wording import Words

STEPS = (1.0, 2.0, 5.0, 10.0)


def value_axis(
    unit: str, values: Iterable[Any], words: Words, *, from_zero: bool = False, most: int = 5
) -> dict[str, Any]:
    """What an axis of `unit` adds to its layout.

    Args:
        values: all that is plotted along it, or its two ends. most: about how many steps it has.
    """
    if unit == MONEY:
        return money_axis(values, words, from_zero=from_zero, most=most)
    return {"ticksuffix": unit if unit in PERCENT_UNITS else "", "nticks": most + 1, "tickformat": ",~f"}


def money_axis(values: Iterable[Any], words: Words, *, from_zero: bool = False, most: int = 5) -> dict[str, Any]:
    """Round ticks of an amount, all in one unit: `0`, `5 万元`, `10 万元`. Plotly itself would write 100k."""
    known = [float(value) for value in values if not is_missing(value)]
    low, high = min(known, default=0.0), max(known, default=0.0)
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if high - low < 1:
        # One amount alone, to the 元: ticks from nothing up to it.
        low, high = min(low, 0.0), max(high, 1.0)
    step = _round_step((high - low) / most)
    first, last = math.floor(low / step), math.ceil(high / step)
    ticks = [round(step * place, 6) for place in range(first, last + 1)]
    worth, name = money_unit(max(abs(low), abs(high)), words)
    digits = max(0, -math.floor(math.log10(step / worth) + 1e-9))
    texts = [f"{number(tick / worth, digits)} {name}" if tick else "0" for tick in ticks]
    return {"tickmode": "array", "tickvals": ticks, "ticktext": texts}


def _round_step(value: float) -> float:
    """The smallest of 1, 2, 5 × 10ⁿ that is not below `value`."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in STEPS if step * power >= value * (1 - 1e-9))
