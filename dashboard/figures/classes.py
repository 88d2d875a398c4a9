"""Classes of a map: few, with round limits, stepped colours, diverging around a target where there is one."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from dashboard.numbers import is_missing, number, unit_name
from dashboard.theme import Ink
from dashboard.wording import Words

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
MOST = 6


@dataclass(frozen=True)
class Classes:
    """Limits between classes, ascending, and one colour more than there are limits.

    A value belongs to the class above the limit it equals.
    """

    limits: tuple[float, ...]
    colours: tuple[str, ...]
    low: float
    high: float

    def colour(self, value: float) -> str:
        """Colour of the class of `value`."""
        return self.colours[sum(value >= limit for limit in self.limits)]

    def colorscale(self) -> list[list[Any]]:
        """A plotly colorscale over `low`–`high` that jumps at the limits."""
        span = self.high - self.low
        edges = [0.0, *((limit - self.low) / span for limit in self.limits), 1.0]
        return [[edge, colour] for i, colour in enumerate(self.colours) for edge in (edges[i], edges[i + 1])]

    def labels(self, unit: str, words: Words, *, decimals: int) -> list[str]:
        """`<55%`, `55–60`, `≥84%`: one a class. Limits that need decimals keep them."""
        digits = max((_decimals(limit) for limit in self.limits), default=0)
        digits = min(digits, max(decimals, 2))
        texts = [number(limit, digits) for limit in self.limits]
        name = unit if unit in ("%", "‰") else ""
        if not texts:
            return [f"{number(self.low, decimals)}{name or unit_name(unit, words)}"]
        between = [f"{low}–{high}" for low, high in pairwise(texts)]
        return [f"<{texts[0]}{name}", *between, f"≥{texts[-1]}{name}"]


def classes_of(
    values: Iterable[Any], ink: Ink, *, target: float | None = None, direction: Literal[-1, 0, 1] = 0
) -> Classes | None:
    """Classes for `values`, or None when none of them is known.

    With a target: equal steps to both sides of it, warm on the bad side, so that the colour says on which side a
    place lies. Without: equal steps over the range, more is darker.
    """
    known = [float(value) for value in values if not is_missing(value)]
    if not known:
        return None
    low, high = min(known), max(known)
    if target is not None:
        return _around(target, low, high, ink.diverging if direction >= 0 else ink.diverging[::-1])
    return _over(low, high, ink.sequential)


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


def _over(low: float, high: float, palette: tuple[str, ...]) -> Classes:
    if high - low < 1e-9:
        return Classes((), (palette[len(palette) // 2],), low - 0.5, high + 0.5)
    step = _round_up((high - low) / MOST)
    first = math.floor(low / step) * step
    limits = [round(first + step * k, 10) for k in range(1, MOST) if first + step * k <= high]
    if not limits:
        limits = [high]
    count = len(limits) + 1
    chosen = tuple(palette[round(i * (len(palette) - 1) / (count - 1))] for i in range(count))
    return Classes(tuple(limits), chosen, first, limits[-1] + step)


def _round_up(value: float) -> float:
    """The smallest of 1, 2, 2.5, 5, 10 × 10ⁿ that is not below `value`."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in STEPS if step * power >= value * (1 - 1e-9))


def _decimals(value: float) -> int:
    for digits in range(4):
        if abs(round(value, digits) - value) < 1e-9:
            return digits
    return 4
