"""Points and ranges on two axes of numbers as a native scatter chart; rows of intervals are such a chart too."""

from __future__ import annotations

import itertools
from collections.abc import Hashable
from typing import Any

from dashboard.slides.columns import framed
from dashboard.slides.figures import as_number, decoded, listed, numbers_of
from dashboard.slides.marks import Mark, bar_look, mark_of, stroke_of
from dashboard.slides.months import thresholds
from dashboard.slides.reading import chart_axis, head_of, name_of, refs_of
from dashboard.slides.scene import Panel, Scene
from dashboard.slides.shapes import NO_LINE, line
from dashboard.slides.spec import Chart, ChartAxis, Errors, Plot, Series
from dashboard.slides.text import plain
from dashboard.slides.types import EMU_PER_PT
from dashboard.wording import Words

# A stroke across a row reaches so far to both sides of it.
_STROKE = 0.3


def point_chart(
    scene: Scene, panel: Panel, words: Words, name: str
) -> tuple[Chart, list[dict[str, Any]], list[dict[str, Any]]] | None:
    """The chart, the traces it leaves to be drawn beside it, the lines of the layout it holds; None without a form."""
    read = _Reading(scene, panel, words)
    left: list[dict[str, Any]] = []
    for trace in panel.traces:
        if trace.get("type") == "bar":
            if not read.ranges(trace):
                return None
        elif trace.get("fill") == "toself" or str(trace.get("mode")) == "text":
            left.append(trace)
        else:
            read.points(trace)
    series = [*read.found.values()]
    if not any(value is not None for each in series for value in each.values):
        return None
    held = thresholds(scene, panel)
    for shape, level, title in held:
        stroke = stroke_of(shape, scene.point, scene.ink.alert)[0]
        series.append(Series(title, [level, level], xs=[*sorted((panel.x.low, panel.x.high))], outline=stroke))
    uprights = _uprights(scene, panel)
    for shape, at, title in uprights:
        stroke = stroke_of(shape, scene.point, scene.ink.alert)[0]
        series.append(Series(title, [*sorted((panel.y.low, panel.y.high))], xs=[at, at], outline=stroke))
    for each in series:
        _trim(each)
    _level(series)
    series.sort(key=lambda each: each.mark is not None)
    inner = scene.area(panel)
    x, y = _axis(scene, panel, panel.x), _axis(scene, panel, panel.y)
    chart = Chart(
        name=name, plots=[Plot("scatter", series)], frame=framed(scene, inner, left=y.has_labels, below=x.has_labels),
        inner=inner, x=x, y=y,
    )  # fmt: skip
    return chart, left, [shape for shape, _, _ in (*held, *uprights)]


def _trim(series: Series) -> None:
    """Without the gap at its end."""
    if series.values and series.values[-1] is None:
        for part in (series.xs, series.values, series.names, series.refs):
            if part:
                part.pop()


def _level(series: list[Series]) -> None:
    """Series of one length, gaps at their ends: some programs drop the lines of a series shorter than another."""
    longest = max(len(each.values) for each in series)
    for each in series:
        missing = longest - len(each.values)
        each.values += [None] * missing
        each.xs += each.xs[-1:] * missing
        each.names += [""] * (longest - len(each.names)) if each.names else []
        each.refs += [None] * (longest - len(each.refs))


def _axis(scene: Scene, panel: Panel, axis: Any) -> ChartAxis:
    """An axis of numbers; names at its ticks are written beside the chart, which can show numbers only."""
    out = chart_axis(scene, axis, "value")
    if axis.has_text or axis.kind != "number":
        out.has_labels = False
        out.is_shown = out.has_grid
        places = [place for place, _ in axis.ticks]
        if len(places) > 1 and len({round(b - a, 6) for a, b in itertools.pairwise(places)}) > 1:
            out.has_grid = out.is_shown = False
    return out


def _uprights(scene: Scene, panel: Panel) -> list[tuple[dict[str, Any], float, str]]:
    """Upright lines of the layout from top to bottom of the panel."""
    out = []
    for shape in scene.layout.get("shapes") or []:
        at = as_number(shape.get("x0"))
        if shape.get("type") != "line" or at is None or at != as_number(shape.get("x1")):
            continue
        up = str(shape.get("yref") or "y")
        spans = up in ("paper", f"{panel.y.name} domain") and sorted((shape.get("y0"), shape.get("y1"))) == [0, 1]
        if spans and str(shape.get("xref") or "x") == panel.x.name and panel.y.domain == (0.0, 1.0):
            notes = scene.layout.get("annotations") or []
            said = next(
                (
                    plain(n.get("text", ""))
                    for n in notes
                    if as_number(n.get("x")) == at and n.get("xref", "x") == panel.x.name
                ),
                "",
            )
            out.append((shape, at, said))
    return out


class _Reading:
    """Marks of one look become one series, wherever in the figure they stand."""

    def __init__(self, scene: Scene, panel: Panel, words: Words) -> None:
        self.scene, self.panel, self.words = scene, panel, words
        self.found: dict[Hashable, Series] = {}

    def _series(self, key: Hashable, name: str) -> Series:
        if key not in self.found:
            self.found[key] = Series(name, [])
        elif name and not self.found[key].name:
            self.found[key].name = name
        return self.found[key]

    def _put(self, series: Series, x: float | None, y: float | None, name: str = "", ref: Any = None) -> None:
        is_known = x is not None and y is not None
        if not is_known and (not series.values or series.values[-1] is None):
            return
        # A gap keeps the place before it: some programs count points anew where an x is missing.
        series.xs.append(x if is_known else series.xs[-1])
        series.values.append(y if is_known else None)
        series.names.append(name)
        series.refs.append(ref)

    def ranges(self, trace: dict[str, Any]) -> bool:
        """Lying bars as lines as broad as they are, from base to end; False for others, which are a matrix or columns."""
        scene, panel = self.scene, self.panel
        if trace.get("orientation") != "h" or trace.get("text"):
            return False
        places = [panel.y.place(value) for value in decoded(trace.get("y"))]
        lengths = numbers_of(trace.get("x"))
        count = len(lengths)
        bases, widths = listed(trace.get("base"), count), listed(trace.get("width"), count)
        heads = listed(trace.get("hovertext"), count)
        area = scene.area(panel)
        unit = area.height / EMU_PER_PT / (abs(panel.y.high - panel.y.low) or 1)
        refs = refs_of(trace, count)
        for i, (place, length) in enumerate(zip(places, lengths, strict=False)):
            if place is None or length is None:
                continue
            look = bar_look(trace, i, count, scene.point, scene.ink.series[0])
            if "<a:solidFill>" not in look.fill:
                return False
            wide = max((as_number(widths[i]) or 0.7) * unit, 1.0)
            base = as_number(bases[i]) or 0.0
            series = self._series(
                ("range", look.fill, round(wide, 1)), name_of(trace, self.words) or self.words("slide.interval")
            )
            # A mark on the range stays seen through it where a program draws lines last.
            is_clear = "<a:alpha" in look.fill
            fill = look.fill if is_clear else look.fill.replace("</a:srgbClr>", '<a:alpha val="60000"/></a:srgbClr>')
            series.outline = f'<a:ln w="{round(wide * EMU_PER_PT)}" cap="flat">{fill}<a:round/></a:ln>'
            for end in (base, base + length):
                ref = refs[i] if end == base + length else None
                self._put(series, end, place, head_of(heads[i]), ref)
            self._put(series, None, None)
        return True

    def points(self, trace: dict[str, Any]) -> None:
        """Marks and lines of a trace."""
        scene, panel = self.scene, self.panel
        xs = [panel.x.place(value) for value in decoded(trace.get("x"))]
        ys = [panel.y.place(value) for value in decoded(trace.get("y"))]
        count = min(len(xs), len(ys))
        mode = str(trace.get("mode") or "lines")
        heads = listed(trace.get("hovertext"), count)
        refs = refs_of(trace, count)
        title = name_of(trace, self.words)
        has_line = "lines" in mode and stroke_of(trace, scene.point, scene.ink.series[0])[0] != NO_LINE
        if has_line:
            stroke, _, _ = stroke_of(trace, scene.point, scene.ink.series[0])
            series = self._series(("line", stroke), title or self.words("slide.interval") * (count == 2))
            series.outline = stroke
            for i in range(count):
                known = xs[i] is not None and ys[i] is not None
                if known or not trace.get("connectgaps"):
                    self._put(series, xs[i], ys[i], head_of(heads[i]), None if "markers" in mode else refs[i])
            self._put(series, None, None)
        if "markers" not in mode:
            return
        texts = listed(trace.get("text"), count) if "text" in mode else [None] * count
        for i in range(count):
            mark = mark_of(trace, i, count, scene.point, scene.ink.series[0])
            if mark.size < 1:
                continue
            series = self._series(("mark", _key(mark)), title)
            _dress(series, mark, scene)
            if xs[i] is None or ys[i] is None:
                continue
            if texts[i]:
                series.labels[len(series.values)] = str(texts[i])
                series.label_at = "t"
                series.label_look = (scene.pt(11 * scene.ink.scale), scene.ink.ink)
            self._put(series, xs[i], ys[i], head_of(heads[i]), refs[i])
            for errors in series.errors:
                errors.plus.append(_STROKE)
                errors.minus.append(_STROKE)


def _key(mark: Mark) -> tuple[Any, ...]:
    return (mark.sign, mark.fill, mark.outline, round(mark.size))


def _dress(series: Series, mark: Mark, scene: Scene) -> None:
    """The mark of a series; an upright stroke, which charts do not know, is an error bar of fixed length."""
    if series.mark is not None or series.errors:
        return
    if mark.sign.startswith("line-ns"):
        series.errors.append(Errors([], [], line(mark.colour, max(1.5 * scene.point, 1.0)), "y", has_caps=False))
        return
    symbol = "diamond" if mark.sign.startswith("triangle-down") else mark.symbol
    series.mark = Mark(symbol, mark.preset, mark.size, mark.fill, mark.outline, mark.colour, mark.sign)
