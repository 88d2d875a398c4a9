"""A figure laid out in a box of a slide: subplots with their axes, and where any point of them stands, in EMU."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field
from typing import Any

from dashboard.slides.axes import Axis, axis_of, spread
from dashboard.slides.figures import decoded, numbers_of
from dashboard.slides.text import plain, text_lines, text_width
from dashboard.slides.types import EMU_PER_PT, Box
from dashboard.theme import Ink

# Points of the slide to a pixel of the page: type of 12 px becomes 13 points where there is room.
LARGEST, SMALLEST = 1.1, 0.52
# A page's card of this many px is what figures are designed for.
DESIGN_WIDTH = 470.0
PANEL_WIDTH = 165.0
LEADING = 1.22
_LEGEND_GAP = 14.0
_KEY = 15.0


@dataclass
class Panel:
    """One pair of axes and what is drawn on it."""

    x: Axis
    y: Axis
    traces: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Key:
    """One entry of a legend: its text and the trace it speaks for."""

    text: str
    trace: dict[str, Any]


class Scene:
    """A cartesian figure in a box.

    Attributes:
        panels: subplots in the order of their traces. axes: by name.
        point: how many points a pixel of the page takes here.
        plot: the box between the margins. legend: its box and rows of keys, or None.
    """

    def __init__(self, figure: dict[str, Any], box: Box, ink: Ink) -> None:
        self.figure, self.box, self.ink = figure, box, ink
        self.layout: dict[str, Any] = figure.get("layout") or {}
        self.template: dict[str, Any] = ((self.layout.get("template") or {}).get("layout")) or ink.template()["layout"]
        self.traces: list[dict[str, Any]] = [
            trace for trace in figure.get("data") or [] if trace.get("visible") not in (False, "legendonly")
        ]
        self.axes: dict[str, Axis] = {}
        # Names of traces whose points became hollow bars; their keys in the legend follow.
        self.hollow: set[str] = set()
        # Annotations that became labels of a chart, by identity.
        self.held_notes: set[int] = set()
        self.panels = self._panels()
        self.keys = self._keys()
        self.point = self._point()
        self._lay_out()

    # What is on it

    def _panels(self) -> list[Panel]:
        drawn = [trace for trace in self.traces if trace.get("type", "scatter") in ("bar", "scatter", "scattergl")]
        by_axis: dict[str, list[dict[str, Any]]] = {}
        pairs: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for trace in drawn:
            pair = (str(trace.get("xaxis") or "x"), str(trace.get("yaxis") or "y"))
            pairs.setdefault(pair, []).append(trace)
            for name in pair:
                by_axis.setdefault(name, []).append(trace)
        for name, traces in by_axis.items():
            way = name[0]
            given = self.layout.get(f"{way}axis{name[1:]}") or {}
            values = [value for trace in traces for value in decoded(trace.get(way))]
            is_barred = any(trace.get("type") == "bar" for trace in traces)
            reach = [edge for trace in traces for edge in spread(trace, way)] + self._stacked(traces, way)
            self.axes[name] = axis_of(name, given, self.template.get(f"{way}axis") or {}, values, reach, is_barred)
        return [Panel(self.axes[x], self.axes[y], traces) for (x, y), traces in pairs.items()]

    def _stacked(self, traces: list[dict[str, Any]], way: str) -> list[float]:
        """Ends of stacks along `way`."""
        if self.layout.get("barmode") not in ("stack", "relative"):
            return []
        if self.layout.get("barnorm") == "percent":
            return [0.0, 100.0]
        across = "y" if way == "x" else "x"
        tops: dict[Any, float] = {}
        for trace in traces:
            if trace.get("type") == "bar" and (way == "x") == (trace.get("orientation") == "h"):
                for place, value in zip(decoded(trace.get(across)), numbers_of(trace.get(way)), strict=False):
                    tops[place] = tops.get(place, 0.0) + (value or 0.0)
        return [*tops.values()]

    def _keys(self) -> list[Key]:
        """Entries of the legend, one a group."""
        shown = self.layout.get("showlegend")
        if shown is False:
            return []
        named = [trace for trace in self.traces if trace.get("showlegend") is not False and trace.get("name")]
        if shown is None and len(self.traces) < 2:
            return []
        keys: dict[str, Key] = {}
        for trace in named:
            group = str(trace.get("legendgroup") or trace["name"])
            keys.setdefault(f"{group}|{trace['name']}", Key(plain(trace["name"]), trace))
        return [*keys.values()]

    # How large

    def _point(self) -> float:
        rows = 1.0
        for panel in self.panels:
            for axis, lines in ((panel.y, 1.55),):
                if axis.has_text and len(axis.ticks) > 1:
                    share = abs(axis.domain[1] - axis.domain[0]) or 1.0
                    places = sorted(place for place, _ in axis.ticks)
                    gaps = [b - a for a, b in itertools.pairwise(places) if b > a]
                    per = abs(axis.high - axis.low) / (min(gaps) if gaps else 1.0)
                    deepest = max((text_lines(text) for _, text in axis.ticks), default=1)
                    rows = max(rows, per * (lines + 1.1 * (deepest - 1)) / share)
        margin = self.layout.get("margin") or {}
        needed = (
            rows * 12 * self.ink.scale
            + float(margin.get("t") or 8)
            + float(margin.get("b") or 8)
            + 26 * bool(self.keys)
        )
        tall = self.box.height / EMU_PER_PT
        wide = self.box.width / EMU_PER_PT
        return max(
            min(LARGEST / self.ink.scale, tall / needed, wide / (self._design_width() * self.ink.scale)),
            SMALLEST / self.ink.scale,
        )

    def _design_width(self) -> float:
        """Pixels of the page that the panels side by side are designed for."""
        return max(DESIGN_WIDTH, PANEL_WIDTH * len({round(panel.x.domain[0], 3) for panel in self.panels}))

    def pt(self, px: float) -> float:
        """A length of the page in points of the slide."""
        return px * self.point

    def emu(self, px: float) -> int:
        """A length of the page in EMU."""
        return round(px * self.point * EMU_PER_PT)

    def _lay_out(self) -> None:
        shared = self.template.get("margin") or {}
        margin = {**shared, **(self.layout.get("margin") or {})}
        left, right, top, bottom = (self.pt(float(margin.get(side) or 0)) for side in ("l", "r", "t", "b"))
        left = max(left, self._label_room())
        below, above = self._tick_room()
        self.legend_rows = self._rows_of_keys()
        legend = len(self.legend_rows) * self.pt(12 * self.ink.scale) * 1.5 if self.legend_rows else 0.0
        self.legend_below = self._legend_is_below()
        if self.legend_rows and not self.legend_below:
            top = max(top, legend + above + 2 + max(self._top_notes(), self._top_title()))
        top = max(top, above)
        bottom = max(bottom, below + 4)
        if self.legend_below:
            bottom = max(bottom, below + legend + 6)
        wide, tall = self.box.width / EMU_PER_PT, self.box.height / EMU_PER_PT
        left, right = min(left, wide * 0.5), min(right, wide * 0.4)
        top, bottom = min(top, tall * 0.4), min(bottom, tall * 0.4)
        self.plot = Box(
            self.box.left + round(left * EMU_PER_PT),
            self.box.top + round(top * EMU_PER_PT),
            max(round((wide - left - right) * EMU_PER_PT), 1),
            max(round((tall - top - bottom) * EMU_PER_PT), 1),
        )

    def _legend_is_below(self) -> bool:
        legend = self.layout.get("legend") or {}
        return bool(self.keys) and (legend.get("yref") == "container" or float(legend.get("y", 1) or 0) < 0.3)

    def _top_notes(self) -> float:
        """Room of what is written just above the plot, points."""
        notes = [
            note for note in self.layout.get("annotations") or []
            if note.get("yref") == "paper" and note.get("yanchor") == "bottom" and float(note.get("y") or 0) >= 0.99
        ]  # fmt: skip
        return max(
            (
                text_lines(note.get("text", "")) * self.pt(float((note.get("font") or {}).get("size") or 12)) * LEADING
                for note in notes
            ),
            default=0.0,
        )

    def _top_title(self) -> float:
        """Room of the title of an upright axis, which stands above it, points."""
        titled = [axis for axis in self.axes.values() if axis.name[0] == "y" and axis.title and axis.is_visible]
        return max((self.pt(axis.size) * LEADING + self.pt(3) for axis in titled), default=0.0)

    def _label_room(self) -> float:
        """Points left of the plot that the names on its y axes take."""
        room = 0.0
        for axis in self.axes.values():
            if axis.name[0] == "y" and axis.has_labels and not axis.at_top and self._starts_left(axis):
                longest = max((text_width(text, self.pt(axis.size)) for _, text in axis.ticks), default=0.0)
                room = max(room, longest + self.pt(8) + (self.pt(axis.size) * 1.4 if axis.title else 0))
        return room

    def _starts_left(self, axis: Axis) -> bool:
        panels = [panel for panel in self.panels if panel.y is axis]
        return any(panel.x.domain[0] < 0.02 for panel in panels) or not panels

    def _tick_room(self) -> tuple[float, float]:
        """Points below and above the plot that the names on its x axes take."""
        below = above = 0.0
        for axis in self.axes.values():
            if axis.name[0] != "x" or not axis.has_labels:
                continue
            lines = max((text_lines(text) for _, text in axis.ticks), default=0)
            room = lines * self.pt(axis.size) * LEADING + self.pt(6) + (self.pt(axis.size) * 1.5 if axis.title else 0)
            if axis.at_top:
                above = max(above, room)
            else:
                below = max(below, room)
        return below, above

    def _rows_of_keys(self) -> list[list[tuple[Key, float]]]:
        """Keys with the points each takes, broken into rows as wide as the box."""
        rows: list[list[tuple[Key, float]]] = []
        used = math.inf
        wide = self.box.width / EMU_PER_PT
        for key in self.keys:
            takes = self.pt(_KEY + 6) + text_width(key.text, self.pt(12 * self.ink.scale)) + self.pt(_LEGEND_GAP)
            if used + takes > wide:
                rows.append([])
                used = 0.0
            rows[-1].append((key, takes))
            used += takes
        return rows

    # Where

    def x_at(self, share: float) -> float:
        """A share of the sheet's width, in EMU."""
        return self.plot.left + share * self.plot.width

    def y_at(self, share: float) -> float:
        """A share of the sheet's height, from the bottom, in EMU."""
        return self.plot.bottom - share * self.plot.height

    def at(self, panel: Panel, x: Any, y: Any) -> tuple[float, float] | None:
        """A point of a panel, None where a coordinate is missing."""
        across, up = panel.x.place(x), panel.y.place(y)
        if across is None or up is None:
            return None
        return self.x_at(panel.x.share(across)), self.y_at(panel.y.share(up))

    def area(self, panel: Panel) -> Box:
        """The box of a panel."""
        (x0, x1), (y0, y1) = panel.x.domain, panel.y.domain
        left, right = round(self.x_at(min(x0, x1))), round(self.x_at(max(x0, x1)))
        top, bottom = round(self.y_at(max(y0, y1))), round(self.y_at(min(y0, y1)))
        return Box(left, top, right - left, bottom - top)
