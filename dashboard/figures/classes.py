"""Classes of a map: few, with round limits, stepped colours, diverging around a target where there is one.

Without a target the steps are equal, unless most places would then share a colour: the limits then stand where the
values leave gaps (natural breaks), rounded as far as the gaps allow.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from dashboard.numbers import MONEY, is_missing, money_unit, number, unit_name
from dashboard.theme import Ink
from dashboard.wording import Words
from data.statistics.natural_breaks import natural_classes

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
MOST = 6
# With equal steps no class may hold more than this share of the places.
CROWDED = 0.6


@dataclass(frozen=True)
class Classes:
    """Limits between classes, ascending, and one colour more than there are limits.

    A value belongs to the class above the limit it equals. `is_whole`: values are counts, and limits say so.
    """

    limits: tuple[float, ...]
    colours: tuple[str, ...]
    low: float
    high: float
    is_whole: bool = False

    def place(self, value: float) -> int:
        """Which class `value` belongs to, from 0."""
        return sum(value >= limit for limit in self.limits)

    def colour(self, value: float) -> str:
        """Colour of the class of `value`."""
        return self.colours[self.place(value)]

    def colorscale(self) -> list[list[Any]]:
        """A plotly colorscale over `low`–`high` that jumps at the limits."""
        span = self.high - self.low
        edges = [0.0, *((limit - self.low) / span for limit in self.limits), 1.0]
        return [[edge, colour] for i, colour in enumerate(self.colours) for edge in (edges[i], edges[i + 1])]

    def labels(self, unit: str, words: Words, *, decimals: int) -> list[str]:
        """`<55%`, `55–60`, `≥84%`: one a class. Limits that need decimals keep them."""
        if unit == MONEY and self.limits:
            return self._money(words)
        digits = max((_decimals(limit) for limit in self.limits), default=0)
        digits = min(digits, max(decimals, 2))
        texts = [number(limit, digits) for limit in self.limits]
        name = unit if unit in ("%", "‰") else ""
        if not texts:
            middle = (self.low + self.high) / 2
            text = number(middle, decimals)
            return [f"{text}{name}" if name else f"{text} {unit_name(unit, words)}".strip()]
        if self.is_whole:
            return self._counted(unit_name(unit, words))
        between = [f"{low}–{high}" for low, high in pairwise(texts)]
        return [f"<{texts[0]}{name}", *between, f"≥{texts[-1]}{name}"]

    def _money(self, words: Words) -> list[str]:
        """Amounts in the largest unit that keeps the limits readable: 元, 万元 or 亿元."""
        worth, name = money_unit(max(abs(limit) for limit in self.limits), words)
        digits = min(2, max(_decimals(limit / worth) for limit in self.limits))
        texts = [number(limit / worth, digits) for limit in self.limits]
        between = [f"{low}–{high}" for low, high in pairwise(texts)]
        return [f"<{texts[0]} {name}", *between, f"≥{texts[-1]} {name}"]

    def _counted(self, unit: str) -> list[str]:
        """`0`, `1–4`, `≥5 家`: the whole numbers of each class."""
        starts = [min(self.low, self.limits[0] - 1), *self.limits]
        texts = [
            number(first) if last - first < 1.5 else f"{number(first)}–{number(last - 1)}"
            for first, last in pairwise(starts)
        ]
        return [*texts, f"≥{number(starts[-1])} {unit}".strip()]


def classes_of(
    values: Iterable[Any],
    ink: Ink,
    *,
    target: float | None = None,
    direction: Literal[-1, 0, 1] = 0,
    is_whole: bool = False,
) -> Classes | None:
    """Classes for `values`, or None when none of them is known.

    With a target: equal steps to both sides of it, warm on the bad side, so that the colour says on which side a
    place lies. Without: more is darker, and never more classes than there are different values.

    Args:
        is_whole: the values are counts; limits are then whole numbers.
    """
    known = [float(value) for value in values if not is_missing(value)]
    if not known:
        return None
    low, high = min(known), max(known)
    if target is not None:
        return _around(target, low, high, ink.diverging if direction >= 0 else ink.diverging[::-1])
    return _over(known, ink.sequential, is_whole=is_whole)


def _around(target: float, low: float, high: float, palette: tuple[str, ...]) -> Classes:
    half = len(palette) // 2
    reach = max(target - low, high - target, 1e-9)
    step = _round_up(reach / half)
    limits = [target + step * k for k in range(1 - half, half)]
    # Classes beyond the values would fill the legend with colours nobody can find on the map.
    first = max((i for i, limit in enumerate(limits) if limit <= low), default=-1) + 1
    last = min((i for i, limit in enumerate(limits) if limit > high), default=len(limits))
    at = limits.index(target)
    first, last = min(first, at), max(last, at + 1)
    kept = tuple(limits[first:last])
    return Classes(kept, palette[first : last + 1], kept[0] - step, kept[-1] + step)


def _over(known: list[float], palette: tuple[str, ...], *, is_whole: bool) -> Classes:
    low, high = min(known), max(known)
    if high - low < 1e-9:
        return Classes((), (palette[len(palette) // 2],), low - 0.5, high + 0.5, is_whole)
    most = min(MOST, len(set(known)))
    limits = _equal(low, high, most, is_whole=is_whole)
    shares = _shares(known, limits)
    if max(shares) > CROWDED or 0 in shares[1:-1]:
        gaps = [(below, above) for (_, below), (above, _) in pairwise(natural_classes(known, most))]
        limits = [_roundest(below, above) for below, above in gaps]
    count = len(limits) + 1
    chosen = tuple(palette[round(i * (len(palette) - 1) / (count - 1))] for i in range(count))
    # A scale has some width on both sides, whatever the values.
    return Classes(tuple(limits), chosen, min(low, limits[0] - 1e-9), max(high, limits[-1] + 1e-9), is_whole)


def _equal(low: float, high: float, most: int, *, is_whole: bool) -> list[float]:
    """Round limits a step apart that part `low`…`high` into at most `most` classes; at least one limit."""
    step = _round_up((high - low) / most)
    if is_whole:
        step = max(1.0, math.ceil(step))
    first = math.floor(low / step) * step
    limits = [round(first + step * k, 10) for k in range(1, most) if first + step * k <= high]
    return [limit for limit in limits if limit > low] or [high]


def _shares(known: list[float], limits: list[float]) -> list[float]:
    """Share of the values in each class."""
    places = [sum(value >= limit for limit in limits) for value in known]
    return [places.count(place) / len(known) for place in range(len(limits) + 1)]


def _roundest(below: float, above: float) -> float:
    """The number with the fewest digits that parts the two: greater than `below`, not greater than `above`."""
    power = 10.0 ** math.ceil(math.log10(max(abs(below), abs(above))) + 1)
    while power > 1e-9:
        for step in (power, power / 2, power / 5):
            candidate = round(math.floor(above / step + 1e-9) * step, 10)
            if below < candidate <= above:
                return candidate
        power /= 10
    return above


def _round_up(value: float) -> float:
    """The smallest of 1, 2, 2.5, 5, 10 × 10ⁿ that is not below `value`."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in STEPS if step * power >= value * (1 - 1e-9))


def _decimals(value: float) -> int:
    for digits in range(4):
        if abs(round(value, digits) - value) < 1e-9:
            return digits
    return 4
