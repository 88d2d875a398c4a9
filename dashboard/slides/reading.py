"""What the converters of charts share: names of series and points, what a point is a value of, axes."""

from __future__ import annotations

import itertools
import re
from typing import Any

from dashboard.figures.labels import width
from dashboard.slides.axes import Axis
from dashboard.slides.figures import decoded
from dashboard.slides.marks import colour_of
from dashboard.slides.scene import Scene
from dashboard.slides.spec import AxisKind, ChartAxis
from dashboard.slides.text import lines_of, plain
from dashboard.wording import Words
from data.catalogue import INDICATORS

ELLIPSIS = "…"
_ENDING = re.compile(r"^[-−0-9.,\s]*")
_SAID = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")


def joined(marked: object) -> str:
    """Marked-up text of several lines as one: Chinese without a space where a line was broken."""
    out = ""
    for line in lines_of(marked):
        text = "".join(run.text for run in line).strip()
        needs_space = (
            out and text and out[-1].isascii() and text[0].isascii() and out[-1].isalnum() and text[0].isalnum()
        )
        out += (" " if needs_space else "") + text
    return out


def head_of(hover: Any) -> str:
    """The first line of a hover text: the name of the mark."""
    return plain(str(hover or "").split("<br>")[0])


def full_name(told: str, shown: str) -> str:
    """The uncut name of a category, where what is told begins as the cut one does."""
    stem = shown.split(ELLIPSIS)[0]
    return told if ELLIPSIS in shown and stem and told.startswith(stem) and width(told) >= width(stem) else shown


def name_of(trace: dict[str, Any], words: Words) -> str:
    """The name of a trace, else the title of what it shows."""
    if trace.get("name"):
        return joined(trace["name"])
    key = (trace.get("meta") or {}).get("indicator")
    return words.of(INDICATORS[key]) if key in INDICATORS else ""


def refs_of(trace: dict[str, Any], count: int) -> list[dict[str, Any] | None]:
    """What each mark of a trace is a value of."""
    meta = trace.get("meta") or {}
    groups = decoded(meta.get("groups"))
    if not meta.get("indicator") or len(groups) != count:
        return [None] * count
    shared = {name: meta[name] for name in ("indicator", "field", "by", "period") if name in meta}
    return [{**shared, "group": str(group)} for group in groups]


def number_format(axis: Axis) -> str:
    """The format of an axis of numbers as workbooks write it."""
    digits = "#,##0"
    step = axis.step or 1.0
    if step < 1:
        digits += "." + "0" * (1 if step >= 0.1 else 2 if step >= 0.01 else 3)
    elif step % 1:
        digits += ".0"
    suffix = axis.suffix
    if axis.has_text and axis.ticks:
        # Ticks written as text: what follows the number is the suffix, and beyond the last of them nothing is written.
        endings = {_ENDING.sub("", plain(text)) for place, text in axis.ticks if place}
        suffix = endings.pop() if len(endings) == 1 else suffix
        digits = _in_unit(axis) or digits
        return f'[>{max(place for place, _ in axis.ticks):g}]"";{digits}' + (f'"{suffix}"' if suffix else "")
    return digits + (f'"{suffix}"' if suffix else "")


def _in_unit(axis: Axis) -> str:
    """The format of ticks that say 5 万元 for 50 000; empty where they say the number itself.

    Workbooks divide by thousands alone: for ten thousand, three digits are left off and a point is put before the last.
    """
    place, text = max(axis.ticks, key=lambda tick: abs(tick[0]))
    found = _SAID.search(plain(text))
    said = float(found.group().replace(",", "")) if found else 0.0
    worth = round(abs(place) / said) if said else 1
    return {10**3: "#,##0,", 10**4: "0\\.0,", 10**6: "#,##0.0,,", 10**8: "0\\.00,,", 10**9: "#,##0.0,,,"}.get(worth, "")


def chart_axis(scene: Scene, axis: Axis, kind: AxisKind) -> ChartAxis:
    """A native axis that looks as the figure's."""
    low, high = sorted((axis.low, axis.high))
    places = sorted(place for place, _ in axis.ticks)
    step = axis.step
    if step is None and len(places) > 1:
        step = min(b - a for a, b in itertools.pairwise(places)) or None
    return ChartAxis(
        kind=kind, low=low, high=high, step=step, format=number_format(axis) if kind == "value" else "General",
        is_shown=axis.is_visible and (kind != "value" or axis.has_labels or axis.has_grid), has_labels=axis.has_labels,
        has_grid=axis.has_grid and kind == "value", is_reversed=axis.low > axis.high, at_far_side=axis.at_top,
        size=max(scene.pt(axis.size), 6.0), colour=colour_of(axis.colour, scene.ink.muted).value,
    )  # fmt: skip
