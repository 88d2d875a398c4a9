"""Bars of a panel as a native bar or column chart, with lines over the columns where the figure has some."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.slides.axes import Axis, date_of, month_of
from dashboard.slides.figures import as_number, decoded, listed, numbers_of
from dashboard.slides.marks import bar_look, colour_of, mark_of, stroke_of
from dashboard.slides.reading import chart_axis, full_name, head_of, joined, name_of, refs_of
from dashboard.slides.scene import Panel, Scene
from dashboard.slides.shapes import NO_FILL, NO_LINE, line
from dashboard.slides.spec import Chart, Errors, Plot, Series
from dashboard.slides.types import EMU_PER_PT, Box
from dashboard.wording import Words

_MOST_CATEGORIES = 200


@dataclass
class Slots:
    """Categories of a panel: the place of each along its axis, top down or left to right, and its names."""

    places: list[float]
    names: list[str]

    def at(self, place: float | None) -> int | None:
        """Which category stands at `place`."""
        if place is None:
            return None
        for i, each in enumerate(self.places):
            if abs(each - place) < 0.02:
                return i
        return None


def column_chart(
    scene: Scene, panel: Panel, words: Words, name: str
) -> tuple[Chart, list[dict[str, Any]], list[dict[str, Any]]] | None:
    """The chart, the traces it leaves to be drawn beside it, and those whose texts it leaves; None when the panel is no chart of bars."""
    bars = [trace for trace in panel.traces if trace.get("type") == "bar"]
    others = [trace for trace in panel.traces if trace.get("type", "scatter") != "bar"]
    is_level = bars[0].get("orientation") == "h" if bars else False
    if not bars or any((trace.get("orientation") == "h") != is_level for trace in bars):
        return None
    left = [trace for trace in bars if is_stub(scene, trace)]
    data = [trace for trace in bars if trace not in left]
    across = panel.y if is_level else panel.x
    slots = _slots(across, data + left, "y" if is_level else "x")
    if slots is None or not data or not _is_even(data):
        return None
    read = _Reading(scene, panel, is_level, slots, words)
    plots = read.bars(data)
    if plots is None:
        return None
    for trace in others:
        more = read.beside(trace, plots[0])
        if more is None:
            return None
        plots += more
    return read.chart(plots, name), left, read.texts


def is_stub(scene: Scene, trace: dict[str, Any]) -> bool:
    """Whether a bar only marks that nothing was reported: its length is no number."""
    if scene.layout.get("barmode") in ("stack", "relative") or (trace.get("meta") or {}).get("indicator"):
        return False
    return bar_look(trace, 0, 1, 1.0, "#808080").is_hatched


def _slots(axis: Axis, traces: Sequence[dict[str, Any]], along: str) -> Slots | None:
    """The categories bars stand on, when they are one apart."""
    texts = dict(axis.ticks) if axis.has_text else {}
    found = {
        place for trace in traces for value in decoded(trace.get(along)) if (place := axis.place(value)) is not None
    }
    if axis.kind == "category":
        found |= {float(i) for i in range(len(axis.categories))}
    elif axis.has_text:
        found |= set(texts)
    if not found or len(found) > _MOST_CATEGORIES:
        return None
    places = sorted(found)
    if any(abs(place - round(place)) > 0.02 for place in places) or places[-1] - places[0] > _MOST_CATEGORIES:
        return None
    places = [float(i) for i in range(round(places[0]), round(places[-1]) + 1)]
    # Bars that lie are listed from the top down.
    if (axis.low > axis.high) if axis.name[0] == "x" else (axis.low < axis.high):
        places.reverse()
    names = [_text_at(axis, place, texts) for place in places]
    own = axis.categories if axis.kind == "category" else []
    if own and all(month_of(each) is not None for each in own):
        names = [own[int(place)][:7] for place in places]
    return Slots(places, names)


def _text_at(axis: Axis, place: float, texts: dict[float, str]) -> str:
    if axis.kind == "date":
        return date_of(place).strftime("%Y-%m")
    given = next((text for at, text in texts.items() if abs(at - place) < 0.02), None)
    if given is not None:
        return joined(given)
    if axis.kind == "category" and 0 <= place < len(axis.categories):
        return axis.categories[int(place)]
    return ""


def _is_even(bars: Sequence[dict[str, Any]]) -> bool:
    """Whether all bars are of one width: a native chart knows no other."""
    widths = {round(as_number(width) or 0, 3) for bar in bars for width in listed(bar.get("width"), 1)}
    return len(widths) == 1 and not any(bar.get("offset") is not None for bar in bars)


class _Reading:
    """Traces of one panel, put on its categories."""

    def __init__(self, scene: Scene, panel: Panel, is_level: bool, slots: Slots, words: Words) -> None:
        self.scene, self.panel, self.is_level, self.slots, self.words = scene, panel, is_level, slots, words
        self.along, self.across = ("x", "y") if is_level else ("y", "x")
        self.axis = panel.y if is_level else panel.x
        self.full = [""] * len(slots.places)
        self.texts: list[dict[str, Any]] = []
        self.mode = str(scene.layout.get("barmode") or "group")

    def bars(self, traces: list[dict[str, Any]]) -> list[Plot] | None:
        """The plot of bars; None when two bars of a trace stand on one category, or bars float in a way it cannot show."""
        series: list[Series] = []
        bases: list[float | None] = [None] * len(self.slots.places)
        floats = False
        for trace in traces:
            places = self._places(trace)
            if places is None:
                return None
            given = listed(trace.get("base"), len(places))
            if trace.get("base") is not None:
                floats = True
                for slot, base in zip(places, given, strict=True):
                    bases[slot] = as_number(base)
            mine = self._series(trace, places)
            if trace.get("base") is not None:
                # Steps from one balance to another are one series, whatever each of them counts.
                mine.name, mine.labels = "", {}
            if (into := self._joins(series, mine)) is not None:
                _merge(into, mine)
            else:
                series.append(mine)
        gap = self._gap(traces)
        if floats:
            if self.is_level or len(series) > 1:
                return None
            self.texts = traces
            helper = Series(self.words("slide.before"), bases, is_helper=True)
            return [Plot("bar", [helper, *series], grouping="stacked", gap=gap, overlap=100)]
        if self.mode in ("stack", "relative"):
            share = self.scene.layout.get("barnorm") in ("percent", "fraction")
            grouping = "percentStacked" if share else "stacked"
            return [Plot("bar", series, is_level=self.is_level, grouping=grouping, gap=gap, overlap=100)]
        overlap = 100 if self.mode == "overlay" else 0
        if len(series) > 1 and overlap == 0:
            gap = min(gap * len(series), 500)
        return [Plot("bar", series, is_level=self.is_level, gap=gap, overlap=overlap)]

    def _places(self, trace: dict[str, Any]) -> list[int] | None:
        found = [self.slots.at(self.axis.place(value)) for value in decoded(trace.get(self.across))]
        if None in found or len(set(found)) != len(found):
            return None
        return [slot for slot in found if slot is not None]

    def _gap(self, traces: list[dict[str, Any]]) -> int:
        width = as_number(listed(traces[0].get("width"), 1)[0])
        if width is None:
            width = 1 - float(self.scene.layout.get("bargap", self.scene.template.get("bargap", 0.2)))
        return min(max(round((1 - width) / max(width, 0.05) * 100), 0), 500)

    def _joins(self, series: list[Series], mine: Series) -> Series | None:
        """A series of the same name, or of bars the legend does not name, that has nothing where `mine` has something."""
        for each in series:
            is_free = not any(a is not None and b is not None for a, b in zip(each.values, mine.values, strict=True))
            if is_free and (each.name == mine.name or (each.is_unnamed and mine.is_unnamed)):
                each.name = each.name if each.name == mine.name else ""
                return each
        return None

    def _series(self, trace: dict[str, Any], places: list[int]) -> Series:
        count = len(self.slots.places)
        scene = self.scene
        values = numbers_of(trace.get(self.along))
        is_unnamed = trace.get("showlegend") is False and self.mode not in ("stack", "relative") and len(places) == 1
        out = Series(name_of(trace, self.words), [None] * count, refs=[None] * count, is_unnamed=is_unnamed)
        looks = [bar_look(trace, i, len(places), scene.point, scene.ink.series[0]) for i in range(len(places))]
        refs = refs_of(trace, len(places))
        texts = listed(trace.get("text"), len(places))
        heads = listed(trace.get("hovertext"), len(places))
        if looks:
            out.fill, out.outline = looks[0].fill, looks[0].outline
        for i, slot in enumerate(places):
            out.values[slot] = values[i] if i < len(values) else None
            out.refs[slot] = refs[i]
            out.points[slot] = (looks[i].fill, looks[i].outline)
            if texts[i]:
                out.labels[slot] = str(texts[i])
            self.full[slot] = self.full[slot] or full_name(head_of(heads[i]), self.slots.names[slot])
        font = {**(scene.template.get("font") or {}), **(trace.get("textfont") or {})}
        out.label_look = (
            scene.pt(as_number(listed(font.get("size"), 1)[0]) or 12),
            colour_of(listed(font.get("color"), 1)[0], scene.ink.ink).value,
        )
        is_inside = trace.get("textposition", "auto") in ("inside", "auto")
        out.label_at = "ctr" if is_inside else "outEnd"
        if self.mode in ("stack", "relative"):
            out.label_at = "ctr"
        self._errors(trace, out, places)
        return out

    def _errors(self, trace: dict[str, Any], out: Series, places: list[int]) -> None:
        error = trace.get(f"error_{self.along}") or {}
        plus = numbers_of(error.get("array"))
        minus = numbers_of(error.get("arrayminus")) or plus
        if not plus:
            return
        colour = colour_of(error.get("color"), self.scene.ink.ink)
        width = max(self.scene.pt(as_number(error.get("thickness")) or 1.0), 0.75)
        found = Errors([None] * len(out.values), [None] * len(out.values), line(colour.value, width))
        for i, slot in enumerate(places):
            found.plus[slot] = plus[i] if i < len(plus) else None
            found.minus[slot] = minus[i] if i < len(minus) else None
        out.errors.append(found)

    def beside(self, trace: dict[str, Any], bars: Plot) -> list[Plot] | None:
        """Lines and points over the same categories: lines over columns; over lying bars a hollow bar as far as the point."""
        mode = str(trace.get("mode") or "")
        if trace.get("fill") or "text" in mode:
            return None
        places = self._places(trace)
        if places is None or bars.grouping != "clustered":
            return None
        mine = self._series({**trace, "marker": {}}, places)
        mine.points, mine.labels = {}, {}
        if self.is_level:
            if "lines" in mode or bars.overlap != 100:
                return None
            edge = colour_of((trace.get("marker") or {}).get("color"), self.scene.ink.ink)
            mine.fill, mine.outline = NO_FILL, line(edge.value, 1.25)
            self.scene.hollow.add(str(trace.get("name") or ""))
            into = self._joins(bars.series, mine)
            if into is not None:
                _merge(into, mine)
                into.points = {}
            else:
                bars.series.append(mine)
            return []
        stroke = stroke_of(trace, self.scene.point, self.scene.ink.ink)[0] if "lines" in mode else NO_LINE
        mine.outline = stroke if stroke != NO_LINE else NO_LINE
        mine.mark = mark_of(trace, 0, 1, self.scene.point, self.scene.ink.ink) if "markers" in mode else None
        return [Plot("line", [mine])]

    def _label(self, plots: list[Plot]) -> None:
        """Annotations at the ends of the bars of a lone series become its labels: they then move with the bars."""
        if len(plots) != 1 or len(plots[0].series) != 1 or plots[0].grouping != "clustered":
            return
        scene, panel, (series,) = self.scene, self.panel, plots[0].series
        if series.errors or series.labels:
            return
        side = ("xanchor", "left") if self.is_level else ("yanchor", "bottom")
        for note in scene.layout.get("annotations") or []:
            is_here = all(
                str(note.get(f"{way}ref") or way) == axis.name for way, axis in (("x", panel.x), ("y", panel.y))
            )
            slot = self.slots.at(self.axis.place(note.get(self.across))) if is_here else None
            if slot is None or note.get(side[0]) != side[1] or slot in series.labels:
                continue
            value, at = series.values[slot], as_number(note.get(self.along))
            if value is None or at is None or abs(value - at) > 1e-9 * max(abs(value), 1.0):
                continue
            series.labels[slot] = str(note.get("text") or "")
            series.label_at = "outEnd"
            font = note.get("font") or {}
            series.label_look = (
                scene.pt(as_number(font.get("size")) or 12),
                colour_of(font.get("color"), scene.ink.ink).value,
            )
            scene.held_notes.add(id(note))

    def chart(self, plots: list[Plot], name: str) -> Chart:
        """The chart with its axes; the area between them covers exactly its categories."""
        scene, panel = self.scene, self.panel
        self._label(plots)
        for plot in plots:
            for series in plot.series:
                _settle(series)
        box = scene.area(panel)
        places = self.slots.places
        low, high = min(places) - 0.5, max(places) + 0.5
        if self.is_level:
            ends = sorted(scene.y_at(self.axis.share(edge)) for edge in (low, high))
            inner = Box(box.left, round(ends[0]), box.width, round(ends[1] - ends[0]))
        else:
            ends = sorted(scene.x_at(self.axis.share(edge)) for edge in (low, high))
            inner = Box(round(ends[0]), box.top, round(ends[1] - ends[0]), box.height)
        x = chart_axis(scene, self.axis, "category")
        x.is_reversed = self.is_level
        x.skip = self._skip()
        if (
            self.is_level
            and panel.x.domain[0] > 0.02
            and any(p.y is panel.y and p.x.domain[0] <= 0.02 for p in scene.panels)
        ):
            x.has_labels = False
        y = chart_axis(scene, panel.x if self.is_level else panel.y, "value")
        if any(plot.grouping == "percentStacked" for plot in plots):
            y.low, y.high, y.step, y.format = 0.0, 1.0, 0.25, "0%"
        return Chart(
            name=name, plots=plots, frame=self._frame(inner, x.has_labels, y.has_labels), inner=inner, x=x, y=y,
            categories=self.slots.names, full=[f or n for f, n in zip(self.full, self.slots.names, strict=True)],
        )  # fmt: skip

    def _skip(self) -> int:
        """Every how many categories carry a name."""
        named = sum(1 for place, _ in self.axis.ticks if self.slots.at(place) is not None)
        return max(round(len(self.slots.places) / max(named, 1)), 1)

    def _frame(self, inner: Box, has_names: bool, has_numbers: bool) -> Box:
        return framed(
            self.scene,
            inner,
            left=has_names if self.is_level else has_numbers,
            below=has_numbers if self.is_level else has_names,
        )


def framed(scene: Scene, inner: Box, *, left: bool, below: bool) -> Box:
    """The inner area with the room its names take, inside the box of the figure."""
    edge = round(4 * EMU_PER_PT)
    start = (
        scene.box.left
        if left and inner.left - scene.plot.left < edge
        else inner.left - (scene.emu(42) if left else edge)
    )
    bottom = min(inner.bottom + (scene.emu(34) if below else edge), scene.box.bottom)
    start = max(start, scene.box.left)
    top = max(inner.top - edge, scene.box.top)
    right = min(inner.right + scene.emu(14), scene.box.right)
    return Box(start, top, right - start, max(bottom, inner.bottom) - top)


def _merge(into: Series, mine: Series) -> None:
    for slot, value in enumerate(mine.values):
        if value is not None or (mine.refs and mine.refs[slot] is not None):
            into.values[slot] = value
            into.refs[slot] = mine.refs[slot]
            for name in ("points", "labels", "marks"):
                if slot in getattr(mine, name):
                    getattr(into, name)[slot] = getattr(mine, name)[slot]
    for mine_errors in mine.errors:
        if not into.errors:
            into.errors.append(
                Errors([None] * len(into.values), [None] * len(into.values), mine_errors.outline, mine_errors.along)
            )
        for slot, value in enumerate(mine_errors.plus):
            if value is not None:
                into.errors[0].plus[slot], into.errors[0].minus[slot] = value, mine_errors.minus[slot]


def _settle(series: Series) -> None:
    """The look most points share becomes the series'; only the others keep their own."""
    if not series.points:
        return
    looks = [*series.points.values()]
    usual = max(looks, key=looks.count)
    series.fill, series.outline = usual
    series.points = {place: look for place, look in series.points.items() if look != usual}
