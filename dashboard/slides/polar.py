"""Shares of a whole as a native pie or doughnut, profiles over several subjects as a native radar."""

from __future__ import annotations

from dashboard.numbers import number
from dashboard.slides.figures import as_number, decoded, listed, numbers_of
from dashboard.slides.marks import colour_of, mark_of, stroke_of
from dashboard.slides.reading import name_of, refs_of
from dashboard.slides.scene import Scene
from dashboard.slides.shapes import line, solid
from dashboard.slides.spec import Chart, ChartAxis, Plot, Series
from dashboard.slides.text import plain
from dashboard.slides.types import Box
from dashboard.wording import Words

POLAR = ("pie", "scatterpolar")


def polar_chart(scene: Scene, words: Words, name: str) -> Chart | None:
    """The chart, or None for a figure that mixes kinds."""
    kinds = {trace.get("type") for trace in scene.traces}
    if kinds == {"pie"}:
        return _pie(scene, words, name)
    if kinds == {"scatterpolar"}:
        return _radar(scene, words, name)
    return None


def _inner(scene: Scene) -> Box:
    """The largest square in the middle of the plot."""
    plot = scene.plot
    side = round(min(plot.width, plot.height) * 0.82)
    return Box(plot.left + (plot.width - side) // 2, plot.top + (plot.height - side) // 2, side, side)


def _pie(scene: Scene, words: Words, name: str) -> Chart:
    ink = scene.ink
    categories: list[str] = []
    for trace in scene.traces:
        categories = categories or [plain(label) for label in decoded(trace.get("labels"))]
    series = []
    for trace in scene.traces:
        values = (numbers_of(trace.get("values")) + [None] * len(categories))[: len(categories)]
        colours = listed((trace.get("marker") or {}).get("colors"), len(values))
        total = sum(value for value in values if value) or 1.0
        each = Series(name_of(trace, words), values, refs=refs_of(trace, len(values)), outline=line(ink.card, 1))
        for i, given in enumerate(colours):
            colour = colour_of(given or ink.series[i % len(ink.series)])
            each.points[i] = (solid(colour.value, colour.opacity), line(ink.card, 1))
            if (value := values[i]) is not None:
                each.labels[i] = (
                    f"{categories[i]} {number(value, 0 if value == int(value) else 1)} ({value / total:.0%})"
                )
        each.label_at = "outEnd"
        each.label_look = (scene.pt(11 * ink.scale), ink.ink)
        series.append(each)
    has_hole = any((as_number(trace.get("hole")) or 0) > 0 for trace in scene.traces)
    plot = Plot("doughnut" if has_hole else "pie", series)
    return Chart(name=name, plots=[plot], frame=scene.box, inner=_inner(scene), categories=categories)


def _radar(scene: Scene, words: Words, name: str) -> Chart:
    ink = scene.ink
    places: dict[str, int] = {}
    for trace in scene.traces:
        for theta in decoded(trace.get("theta")):
            places.setdefault(str(theta), len(places))
    series = []
    for at, trace in enumerate(scene.traces):
        each = Series(name_of(trace, words), [None] * len(places), refs=[None] * len(places))
        thetas = decoded(trace.get("theta"))
        refs = refs_of(trace, len(thetas))
        # The first point is often repeated at the end to close the line; a radar closes itself.
        for theta, value, ref in zip(thetas, numbers_of(trace.get("r")), refs, strict=False):
            each.values[places[str(theta)]] = value
            each.refs[places[str(theta)]] = ref
        fallback = ink.series[at % len(ink.series)]
        each.outline = stroke_of(trace, scene.point, fallback)[0]
        if "markers" in str(trace.get("mode") or ""):
            each.mark = mark_of(trace, 0, 1, scene.point, fallback)
        series.append(each)
    size = scene.pt(11 * ink.scale)
    x = ChartAxis(kind="category", size=size, colour=ink.ink, has_grid=True)
    y = ChartAxis(kind="value", size=size, colour=ink.muted, has_grid=True, low=0.0 if _is_positive(series) else None)
    names = [plain(theta) for theta in places]
    return Chart(
        name=name, plots=[Plot("radar", series)], frame=scene.box, inner=_inner(scene), x=x, y=y, categories=names
    )


def _is_positive(series: list[Series]) -> bool:
    return all(value is None or value >= 0 for each in series for value in each.values)
