"""Lines over months or other ordered categories as a native line chart, intervals as a band, thresholds as a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dashboard.slides.axes import date_of
from dashboard.slides.columns import framed
from dashboard.slides.figures import as_number, decoded, numbers_of
from dashboard.slides.marks import Colour, Mark, colour_of, mark_of, stroke_of
from dashboard.slides.reading import chart_axis, joined, name_of, refs_of
from dashboard.slides.scene import Panel, Scene
from dashboard.slides.shapes import NO_LINE, line, solid
from dashboard.slides.spec import Chart, Errors, Plot, Series
from dashboard.slides.text import hex_of, plain
from dashboard.slides.types import Box
from dashboard.wording import Words


@dataclass
class Band:
    """An interval: place → (low, high)."""

    ends: dict[float, tuple[float, float]]
    colour: Colour


def line_chart(scene: Scene, panel: Panel, words: Words, name: str) -> tuple[Chart, list[dict[str, Any]]] | None:
    """The chart and the lines of the layout it holds; None when the panel is no chart of lines over categories."""
    if panel.x.kind == "number" or any(trace.get("type", "scatter") == "bar" for trace in panel.traces):
        return None
    bands: list[Band] = []
    areas: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    for trace in panel.traces:
        if trace.get("fill") == "toself":
            band = band_of(panel, trace)
            if band is None:
                return None
            bands += [band] if band.ends else []
        elif trace.get("fill") in ("tozeroy", "tonexty") or trace.get("stackgroup"):
            areas.append(trace)
        elif _is_seen(trace):
            if "text" in str(trace.get("mode")):
                return None
            lines.append(trace)
    if not lines and not areas:
        return None
    places = _places(panel, lines + areas)
    if not places or any(not _fits(panel, trace, places) for trace in lines + areas):
        return None
    series = [_line(scene, panel, trace, places, words) for trace in lines]
    plots = [Plot("line", series)] if series else []
    if areas:
        stacked = "stacked" if any(trace.get("stackgroup") for trace in areas) else "standard"
        plots.insert(0, Plot("area", [_area(scene, panel, trace, places, words) for trace in areas], grouping=stacked))
    if bands and not areas:
        first = [band for band in bands if band.colour == bands[0].colour]
        plots.insert(0, _band(first, places, words, _owner(series, bands[0])))
        _band_errors([band for band in bands if band not in first], series, places)
    taken = thresholds(scene, panel)
    for shape, level, title in taken:
        stroke = stroke_of(shape, scene.point, scene.ink.alert)[0]
        plots.append(Plot("line", [Series(title, [level] * len(places), outline=stroke)]))
    return _chart(scene, panel, plots, places, words, name), [shape for shape, _, _ in taken]


def band_of(panel: Panel, trace: dict[str, Any]) -> Band | None:
    """A closed outline as an interval at each place; None when it is another shape."""
    places = [panel.x.place(value) for value in decoded(trace.get("x"))]
    values = numbers_of(trace.get("y"))
    found: dict[float, list[float]] = {}
    for place, value in zip(places, values, strict=False):
        if place is not None and value is not None:
            found.setdefault(place, []).append(value)
    if any(len(ends) > 2 for ends in found.values()):
        return None
    ends = {place: (min(each), max(each)) for place, each in found.items()}
    return Band(ends, colour_of(trace.get("fillcolor"), "#808080"))


def _is_seen(trace: dict[str, Any]) -> bool:
    """Whether a trace draws anything; some only keep a value inside the axis."""
    mode = str(trace.get("mode") or "lines")
    return "markers" in mode or "text" in mode or stroke_of(trace, 1.0, "#808080")[0] != NO_LINE


def _places(panel: Panel, traces: list[dict[str, Any]]) -> list[float]:
    if panel.x.kind == "category":
        return [float(i) for i in range(len(panel.x.categories))]
    return sorted(
        {place for trace in traces for value in decoded(trace.get("x")) if (place := panel.x.place(value)) is not None}
    )


def _fits(panel: Panel, trace: dict[str, Any], places: list[float]) -> bool:
    """Whether the categories of the chart break no line: a place between two of its points would be a gap."""
    own = [panel.x.place(value) for value in decoded(trace.get("x"))]
    known = [place for place in own if place is not None]
    if len(known) != len(set(known)):
        return False
    inside = [place for place in places if known and min(known) <= place <= max(known)]
    is_line = "lines" in str(trace.get("mode") or "lines")
    return not is_line or len(inside) == len(known) or bool(trace.get("connectgaps"))


def _aligned(panel: Panel, trace: dict[str, Any], places: list[float]) -> tuple[list[float | None], list[int | None]]:
    """Values by category, and which mark of the trace each is."""
    values = numbers_of(trace.get("y"))
    own = {panel.x.place(value): i for i, value in enumerate(decoded(trace.get("x"))) if i < len(values)}
    marks = [own.get(place) for place in places]
    return [None if i is None else values[i] for i in marks], marks


def _line(scene: Scene, panel: Panel, trace: dict[str, Any], places: list[float], words: Words) -> Series:
    values, marks = _aligned(panel, trace, places)
    count = len(decoded(trace.get("x")))
    refs = refs_of(trace, count)
    mode = str(trace.get("mode") or "lines")
    out = Series(name_of(trace, words), values, refs=[None if i is None else refs[i] for i in marks])
    out.outline = stroke_of(trace, scene.point, scene.ink.series[0])[0] if "lines" in mode else NO_LINE
    if "markers" in mode and count:
        found: dict[int, Mark] = {}
        for slot, i in enumerate(marks):
            if i is not None and values[slot] is not None:
                found[slot] = mark_of(trace, i, count, scene.point, scene.ink.series[0])
        seen = [*found.values()]
        usual = max(seen, key=seen.count) if seen else None
        out.mark = usual
        out.marks = {slot: mark for slot, mark in found.items() if mark != usual}
    return out


def _area(scene: Scene, panel: Panel, trace: dict[str, Any], places: list[float], words: Words) -> Series:
    out = _line(scene, panel, trace, places, words)
    paint = colour_of(trace.get("fillcolor") or (trace.get("line") or {}).get("color"), scene.ink.series[0])
    opacity = paint.opacity if trace.get("fillcolor") else 0.5
    out.fill, out.mark, out.marks = solid(paint.value, opacity), None, {}
    return out


def _owner(series: list[Series], band: Band) -> str:
    """The name of the line a band belongs to: the one of its colour."""
    return next((each.name for each in series if _is_of(band, each)), series[0].name if series else "")


def _band(bands: list[Band], places: list[float], words: Words, name: str) -> Plot:
    """The intervals of one line, standing on an unseen part as high as the lower limits.

    A continuous band where every place has one; columns side by side elsewhere, because an area would slope to its
    neighbour across months that have no interval.
    """
    ends: dict[float, tuple[float, float]] = {}
    for band in bands:
        ends |= band.ends
    low = [ends[place][0] if place in ends else None for place in places]
    wide = [ends[place][1] - ends[place][0] if place in ends else None for place in places]
    colour = bands[0].colour
    series = [
        Series(words("slide.low", name=name).strip(), low, is_helper=True),
        Series(words("slide.width", name=name).strip(), wide, fill=solid(colour.value, max(colour.opacity, 0.16)), is_helper=True),
    ]  # fmt: skip
    if None in low or len(places) < 2:
        return Plot("bar", series, grouping="stacked", gap=8, overlap=100)
    return Plot("area", series, grouping="stacked")


def _band_errors(bands: list[Band], series: list[Series], places: list[float]) -> None:
    """Intervals of further lines as error bars: stacked on the first ones they would stand in the wrong place."""
    for each in series:
        mine = [band for band in bands if _is_of(band, each)]
        if not mine:
            continue
        found = Errors([None] * len(places), [None] * len(places), line(mine[0].colour.value, 1.0, opacity=0.6))
        for band in mine:
            for slot, place in enumerate(places):
                value = each.values[slot]
                if place in band.ends and value is not None:
                    found.plus[slot] = max(band.ends[place][1] - value, 0.0)
                    found.minus[slot] = max(value - band.ends[place][0], 0.0)
        each.errors.append(found)


def _is_of(band: Band, series: Series) -> bool:
    """Whether a band has the colour of a line."""
    return f'val="{hex_of(band.colour.value)}"' in series.outline


def thresholds(scene: Scene, panel: Panel) -> list[tuple[dict[str, Any], float, str]]:
    """Level lines of the layout from end to end of the panel: the line, its value, what is written at it."""
    out = []
    for shape in scene.layout.get("shapes") or []:
        level = as_number(shape.get("y0"))
        is_level = shape.get("type") == "line" and level is not None and level == as_number(shape.get("y1"))
        across = str(shape.get("xref") or "x")
        spans = across in ("paper", f"{panel.x.name} domain") and sorted((shape.get("x0"), shape.get("x1"))) == [0, 1]
        if is_level and spans and str(shape.get("yref") or "y") == panel.y.name and level is not None:
            out.append((shape, level, _written_at(scene, level, panel)))
    return out


def _written_at(scene: Scene, level: float, panel: Panel) -> str:
    for note in scene.layout.get("annotations") or []:
        if as_number(note.get("y")) == level and str(note.get("yref") or "y") == panel.y.name:
            return plain(note.get("text", ""))
    return ""


def _chart(scene: Scene, panel: Panel, plots: list[Plot], places: list[float], words: Words, name: str) -> Chart:
    box = scene.area(panel)
    is_date = panel.x.kind == "date"
    ends = sorted(scene.x_at(panel.x.share(edge)) for edge in (places[0] - 0.5, places[-1] + 0.5))
    inner = Box(round(ends[0]), box.top, round(ends[1] - ends[0]), box.height)
    x = chart_axis(scene, panel.x, "date" if is_date else "category")
    ticks = [place for place, _ in panel.x.ticks]
    named = max(len(ticks), 1)
    x.skip = max(round((places[-1] - places[0] + 1) / named), 1) if is_date else max(round(len(places) / named), 1)
    if is_date:
        x.format = words("slide.month_format")
    y = chart_axis(scene, panel.y, "value")
    return Chart(
        name=name, plots=plots, frame=framed(scene, inner, left=y.has_labels, below=x.has_labels), inner=inner, x=x, y=y,
        categories=[] if is_date else [joined(each) for each in panel.x.categories],
        dates=[date_of(place) for place in places] if is_date else [], month_format=words("slide.month_format"),
    )  # fmt: skip
