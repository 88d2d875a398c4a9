"""Colours, patterns and symbols of plotly as DrawingML."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from dashboard.slides.figures import as_number, listed
from dashboard.slides.shapes import NO_FILL, NO_LINE, hatch, line, solid

_RGB = re.compile(r"rgba?\(([^)]*)\)")
# Presets of pattern fills for plotly's pattern shapes.
PATTERNS = {
    "/": "wdUpDiag", "\\": "wdDnDiag", ".": "pct20", "x": "openDmnd", "-": "ltHorz", "|": "ltVert", "+": "smGrid",
}  # fmt: skip
# Plotly symbol → marker of a chart, autoshape.
SYMBOLS = {
    "circle": ("circle", "ellipse"),
    "square": ("square", "rect"),
    "diamond": ("diamond", "diamond"),
    "diamond-wide": ("diamond", "diamond"),
    "diamond-tall": ("diamond", "diamond"),
    "triangle-up": ("triangle", "triangle"),
    "triangle-down": ("triangle", "flowChartMerge"),
    "triangle-left": ("triangle", "flowChartMerge"),
    "triangle-right": ("triangle", "triangle"),
    "x": ("x", "mathMultiply"),
    "x-thin": ("x", "mathMultiply"),
    "cross": ("plus", "mathPlus"),
    "cross-thin": ("plus", "mathPlus"),
    "star": ("star", "star5"),
    "line-ns": ("dash", "rect"),
    "line-ew": ("dash", "rect"),
}


@dataclass(frozen=True)
class Colour:
    """`#rrggbb` and how much it covers, 0–1."""

    value: str
    opacity: float = 1.0


def colour_of(given: Any, fallback: str = "#808080") -> Colour:
    """A colour as plotly writes it; what cannot be read becomes `fallback`."""
    text = str(given or "").strip()
    if re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        return Colour(text.lower())
    if re.fullmatch(r"#[0-9a-fA-F]{3}", text):
        return Colour("#" + "".join(sign * 2 for sign in text[1:]).lower())
    found = _RGB.fullmatch(text)
    if found:
        parts = [as_number(part.strip().rstrip("%")) for part in found.group(1).split(",")]
        if len(parts) >= 3 and None not in parts[:3]:
            red, green, blue = (min(max(int(part or 0), 0), 255) for part in parts[:3])
            opacity = parts[3] if len(parts) > 3 and parts[3] is not None else 1.0
            return Colour(f"#{red:02x}{green:02x}{blue:02x}", min(max(opacity, 0.0), 1.0))
    if text in ("transparent", "none"):
        return Colour(fallback, 0.0)
    return Colour(fallback)


@dataclass(frozen=True)
class Look:
    """How one mark is painted, as XML, and what sets it apart from others in a legend or a merge."""

    fill: str
    outline: str
    colour: str
    is_hatched: bool = False


def bar_look(trace: dict[str, Any], place: int, count: int, point: float, fallback: str) -> Look:
    """The look of bar `place` of `count`; `point` is points to the pixel."""
    marker = trace.get("marker") or {}
    given = colour_of(listed(marker.get("color"), count)[place] or fallback, fallback)
    opacity = given.opacity * (as_number(listed(marker.get("opacity"), count)[place]) or 1.0)
    edge = marker.get("line") or {}
    width = as_number(listed(edge.get("width"), count)[place]) or 0.0
    drawn = NO_LINE
    if width > 0 and edge.get("color") is not None:
        of = colour_of(listed(edge.get("color"), count)[place])
        if of.opacity > 0:
            drawn = line(of.value, max(width * point, 0.25), opacity=of.opacity)
    pattern = marker.get("pattern") or {}
    sign = listed(pattern.get("shape"), count)[place] or ""
    if sign:
        lines = colour_of(listed(pattern.get("fgcolor"), count)[place], "#ffffff")
        ground = colour_of(listed(pattern.get("bgcolor"), count)[place] or given.value)
        preset = PATTERNS.get(str(sign), "wdUpDiag")
        return Look(
            hatch(lines.value, ground.value, preset), drawn, lines.value, is_hatched=ground.value == given.value
        )
    if opacity <= 0:
        return Look(NO_FILL, drawn, given.value)
    return Look(solid(given.value, opacity), drawn, given.value)


@dataclass(frozen=True)
class Mark:
    """One point mark: the chart's symbol, the autoshape, its size in points, fill and outline as XML."""

    symbol: str
    preset: str
    size: float
    fill: str
    outline: str
    colour: str
    sign: str


def mark_of(trace: dict[str, Any], place: int, count: int, point: float, fallback: str) -> Mark:
    """The mark of point `place` of `count`."""
    marker = trace.get("marker") or {}
    sign = str(listed(marker.get("symbol"), count)[place] or "circle")
    is_open = sign.endswith("-open")
    stem = sign.removesuffix("-open").removesuffix("-dot")
    symbol, preset = SYMBOLS.get(stem, ("circle", "ellipse"))
    own = listed(marker.get("color"), count)[place] or (trace.get("line") or {}).get("color") or fallback
    colour = colour_of(own, fallback)
    opacity = colour.opacity * (as_number(listed(marker.get("opacity"), count)[place]) or 1.0)
    size = max((as_number(listed(marker.get("size"), count)[place]) or 6.0) * point, 0.0)
    edge = marker.get("line") or {}
    width = (as_number(listed(edge.get("width"), count)[place]) or 0.0) * point
    edge_colour = colour_of(listed(edge.get("color"), count)[place] or colour.value, colour.value)
    if is_open:
        width = max(width, 1.0)
        edge_colour = colour_of(own, fallback)
    outline = line(edge_colour.value, width, opacity=edge_colour.opacity) if width > 0 else NO_LINE
    is_stroke = stem.startswith(("line-", "x-thin", "cross-thin"))
    fill = NO_FILL if is_open and not (is_stroke and preset != "ellipse") else solid(colour.value, opacity)
    if opacity <= 0:
        fill = NO_FILL
    return Mark(symbol, preset, size, fill, outline, colour.value, sign)


def stroke_of(trace: dict[str, Any], point: float, fallback: str) -> tuple[str, Colour, float]:
    """The line of a trace as XML, its colour, and its width in points; an unseen one is `NO_LINE`."""
    given = trace.get("line") or {}
    colour = colour_of(given.get("color") or (trace.get("marker") or {}).get("color") or fallback, fallback)
    width = as_number(given.get("width"))
    width = (2.0 if width is None else width) * point
    if width <= 0 or colour.opacity <= 0:
        return NO_LINE, colour, 0.0
    return line(colour.value, width, str(given.get("dash") or "solid"), colour.opacity, cap="rnd"), colour, width
