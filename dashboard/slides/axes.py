"""Axes of a figure as numbers: where a value stands, how far the axis reaches, what its ticks say."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from dashboard.numbers import number
from dashboard.slides.figures import as_number, decoded, numbers_of

Kind = Literal["number", "category", "date"]
_MONTH = re.compile(r"^(\d{4})-(\d{2})(?:-(\d{2}))?")
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_PAD = 0.05


@dataclass
class Axis:
    """One axis.

    Attributes:
        name: `x`, `y2` … domain: the part of the sheet it takes, 0–1.
        low, high: numbers at its start (left, bottom) and end; low > high when it runs the other way. Categories count
            from 0, months from the year 0.
        categories: of a category axis, in order. ticks: place and marked text.
        step: between the ticks of an axis of numbers, None where ticks are given.
    """

    name: str
    kind: Kind
    domain: tuple[float, float]
    low: float = 0.0
    high: float = 1.0
    categories: list[str] = field(default_factory=list)
    ticks: list[tuple[float, str]] = field(default_factory=list)
    step: float | None = None
    has_text: bool = False
    is_visible: bool = True
    has_labels: bool = True
    has_grid: bool = False
    at_top: bool = False
    suffix: str = ""
    size: float = 12.0
    colour: str = ""
    title: str = ""
    anchor: str = ""
    overlays: str = ""

    def place(self, value: Any) -> float | None:
        """The number a value stands at, None for a gap."""
        if self.kind == "category":
            if isinstance(value, str):
                return self._index.get(value)
            return as_number(value)
        if self.kind == "date":
            return month_of(value)
        return as_number(value)

    @property
    def _index(self) -> dict[str, float]:
        if not hasattr(self, "_found"):
            self._found = {name: float(i) for i, name in enumerate(self.categories)}
        return self._found

    def share(self, at: float) -> float:
        """Where a number stands on the sheet, 0–1."""
        span = self.high - self.low
        part = (at - self.low) / span if span else 0.5
        return self.domain[0] + part * (self.domain[1] - self.domain[0])


def month_of(value: Any) -> float | None:
    """`2026-10` or `2026-10-16` as months since the year 0, with the days as a part of one."""
    found = _MONTH.match(str(value)) if value is not None else None
    if found is None:
        return None
    year, month, day = found.groups()
    return int(year) * 12 + int(month) - 1 + (int(day) - 1) / 31 if day else float(int(year) * 12 + int(month) - 1)


def date_of(months: float) -> date:
    """The first day of the month that `months` counts."""
    year, month = divmod(int(months), 12)
    return date(max(year, 1), month + 1, 1)


def round_step(span: float, most: int) -> float:
    """The smallest of 1, 2, 2.5, 5 × 10ⁿ that divides `span` into at most `most` parts."""
    if span <= 0 or not math.isfinite(span):
        return 1.0
    raw = span / max(most, 1)
    power = 10.0 ** math.floor(math.log10(raw))
    return next((step * power for step in _STEPS if step * power >= raw * 0.999), 10 * power)


def tick_text(value: float, suffix: str, step: float) -> str:
    """A tick as the page prints it: thousands separated, no needless decimals."""
    digits = max(0, -math.floor(math.log10(step) + 1e-9)) if step < 1 else (1 if step % 1 else 0)
    return number(value, digits) + suffix


def axis_of(
    name: str,
    given: dict[str, Any],
    template: dict[str, Any],
    values: list[Any],
    reach: Iterable[float],
    is_barred: bool = False,
) -> Axis:
    """An axis from its layout.

    Args:
        given: `layout.xaxis2`. template: what every axis of its direction shares.
        values: everything plotted along it. reach: numbers it must hold, as far as they are known before.
        is_barred: bars stand on it: months are then steps of one width, elsewhere they keep their distance in time.
    """
    merged = {**template, **given}
    kind = _kind(merged, values)
    if kind == "category" and not is_barred and values and all(_MONTH.match(str(value)) for value in values):
        kind = "date"
        merged = {key: value for key, value in merged.items() if key != "range"}
    domain = [float(edge) for edge in decoded(merged.get("domain"))] or [0.0, 1.0]
    font = {**(template.get("tickfont") or {}), **(given.get("tickfont") or {})}
    axis = Axis(
        name=name, kind=kind, domain=(domain[0], domain[1]), is_visible=merged.get("visible") is not False,
        has_labels=merged.get("visible") is not False and merged.get("showticklabels") is not False,
        has_grid=merged.get("visible") is not False and merged.get("showgrid") is not False,
        at_top=merged.get("side") in ("top", "right"), suffix=str(merged.get("ticksuffix") or ""),
        size=float(font.get("size") or 12), colour=str(font.get("color") or ""),
        title=_title(merged.get("title")), anchor=str(merged.get("anchor") or ""), overlays=str(merged.get("overlaying") or ""),
    )  # fmt: skip
    if kind == "category":
        order = [str(each) for each in decoded(merged.get("categoryarray"))]
        # As plotly orders them: those listed first, then the others as they come.
        axis.categories = list(dict.fromkeys([*order, *(str(value) for value in values if isinstance(value, str))]))
    _reach(axis, merged, values, reach)
    _ticks(axis, merged)
    return axis


def _title(given: Any) -> str:
    if isinstance(given, dict):
        return str(given.get("text") or "")
    return str(given or "")


def _kind(merged: dict[str, Any], values: list[Any]) -> Kind:
    if merged.get("type") in ("category", "date"):
        return "category" if merged["type"] == "category" else "date"
    texts = [value for value in values if isinstance(value, str)]
    if not texts or merged.get("type") == "linear":
        return "number"
    return "date" if all(_MONTH.match(text) for text in texts) else "category"


def _reach(axis: Axis, merged: dict[str, Any], values: list[Any], reach: Iterable[float]) -> None:
    edges = decoded(merged.get("range"))
    if len(edges) == 2:
        low, high = (axis.place(edge) for edge in edges)
        if low is not None and high is not None and low != high:
            axis.low, axis.high = low, high
            return
    placed = [place for place in (axis.place(value) for value in values) if place is not None]
    if axis.kind == "category":
        axis.low, axis.high = -0.5, max(len(axis.categories), 1) - 0.5
    elif axis.kind == "date":
        axis.low, axis.high = (min(placed) - 0.5, max(placed) + 0.5) if placed else (0.0, 1.0)
    else:
        further = [*reach]
        placed += further
        low, high = (min(placed), max(placed)) if placed else (0.0, 1.0)
        if merged.get("rangemode") in ("tozero", "nonnegative"):
            low, high = min(low, 0.0), max(high, 0.0)
        pad = (high - low) * _PAD or max(abs(high), 1.0) * _PAD
        # Bars and filled areas stand on their zero.
        keeps_zero = merged.get("rangemode") in ("tozero", "nonnegative") or 0.0 in further
        axis.low = low if keeps_zero and low == 0 else low - pad
        axis.high = high if keeps_zero and high == 0 else high + pad
    if merged.get("autorange") == "reversed":
        axis.low, axis.high = axis.high, axis.low


def _ticks(axis: Axis, merged: dict[str, Any]) -> None:
    at, texts = decoded(merged.get("tickvals")), decoded(merged.get("ticktext"))
    low, high = sorted((axis.low, axis.high))
    if at:
        step = 1.0
        places = [axis.place(value) for value in at]
        known = [place for place in places if place is not None]
        if len(known) > 1:
            step = min(abs(b - a) for a, b in itertools.pairwise(known)) or 1.0
        for place, value, text in zip(places, at, texts or [None] * len(at), strict=False):
            if place is None or not low - 1e-9 <= place <= high + 1e-9:
                continue
            said = value if isinstance(value, str) else tick_text(float(value), axis.suffix, step)
            axis.ticks.append((place, str(said if text is None else text)))
        axis.has_text = bool(texts)
    elif axis.kind == "category":
        axis.ticks = [(float(i), name) for i, name in enumerate(axis.categories)]
        axis.has_text = True
    elif axis.kind == "date":
        months = list(range(math.ceil(low), math.floor(high) + 1))
        every = max(1, math.ceil(len(months) / 8))
        axis.ticks = [(float(m), date_of(m).strftime("%Y-%m")) for m in months[::every]]
    else:
        axis.step = round_step(high - low, int(merged.get("nticks") or 6))
        low = _snapped(axis, axis.step)
        first = math.ceil(low / axis.step - 1e-9)
        last = math.floor(high / axis.step + 1e-9)
        axis.ticks = [(i * axis.step, tick_text(i * axis.step, axis.suffix, axis.step)) for i in range(first, last + 1)]


def _snapped(axis: Axis, step: float) -> float:
    """The lower end moved down to a tick: native axes count their ticks from there."""
    low = min(axis.low, axis.high)
    at = math.floor(low / step + 1e-6) * step
    if axis.low <= axis.high:
        axis.low = at
    else:
        axis.high = at
    return at


def spread(trace: dict[str, Any], along: str) -> list[float]:
    """Numbers an axis must reach for a trace beyond its values: the base of bars and the ends of error bars."""
    values = numbers_of(trace.get(along))
    out = [value for value in values if value is not None]
    if along == "y" and trace.get("fill") == "tozeroy":
        out.append(0.0)
    error = trace.get(f"error_{along}") or {}
    plus = numbers_of(error.get("array"))
    minus = numbers_of(error.get("arrayminus")) or plus
    for place, value in enumerate(values):
        if value is not None:
            if place < len(plus):
                out.append(value + (plus[place] or 0))
            if place < len(minus):
                out.append(value - (minus[place] or 0))
    is_length = trace.get("type") == "bar" and along == ("x" if trace.get("orientation") == "h" else "y")
    if is_length:
        base = numbers_of(trace.get("base")) or [0.0]
        out += [b for b in base if b is not None]
        out += [(base[i % len(base)] or 0.0) + v for i, v in enumerate(values) if v is not None]
    return out
