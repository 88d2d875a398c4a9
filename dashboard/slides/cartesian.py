"""The panels of a figure on a slide: native charts, what stands beside them, and shapes where no chart fits."""

from __future__ import annotations

from typing import Any

from dashboard.slides.columns import column_chart
from dashboard.slides.drawn import drawn_bars, drawn_panel, drawn_points
from dashboard.slides.embedding import chart_frame
from dashboard.slides.months import line_chart
from dashboard.slides.notes import axis_title, layout_shapes, legend, tick_names, written_notes
from dashboard.slides.points import point_chart
from dashboard.slides.polar import POLAR, polar_chart
from dashboard.slides.scene import Panel, Scene
from dashboard.slides.shapes import Ids
from dashboard.slides.spec import Chart
from dashboard.slides.text import plain, text_width
from dashboard.slides.types import EMU_PER_PT, Box, Fonts, Sheet
from dashboard.theme import Ink
from dashboard.wording import Words

# More charts than these on one slide are no longer looked into one by one.
MOST_CHARTS = 12


class Panels:
    """Writes the panels of a scene.

    Attributes:
        charts: what each native chart shows. why: in words, why something is not a native chart; else empty.
    """

    def __init__(
        self, slide: Any, scene: Scene, ids: Ids, *, name: str, ink: Ink, words: Words, fonts: Fonts, sheet: Sheet
    ) -> None:
        self.slide, self.scene, self.ids, self.name = slide, scene, ids, name
        self.ink, self.words, self.fonts, self.sheet = ink, words, fonts, sheet
        self.charts: list[dict[str, Any]] = []
        self.why = ""
        self._held: list[dict[str, Any]] = []
        self._merged: set[int] = set()

    def all(self) -> list[str]:
        """Everything on the figure, from the bottom up."""
        scene, ids = self.scene, self.ids
        panels: list[str] = []
        if any(trace.get("type") in POLAR for trace in scene.traces):
            return self._polar()
        is_many = len(scene.panels) > MOST_CHARTS
        if is_many:
            self.why = self.words("slide.why_many", count=len(scene.panels))
        over = self._overlaid()
        for number, panel in enumerate(scene.panels, start=1):
            if id(panel) in self._merged:
                continue
            found = None if is_many else self._native(panel, number, over.get(id(panel), []))
            if found is None:
                self.why = self.why or self.words("slide.why_shapes")
                found = drawn_panel(scene, panel, ids, self.fonts)
            panels += found
        kept = [shape for shape in scene.layout.get("shapes") or [] if not any(shape is each for each in self._held)]
        scene.layout = {**scene.layout, "shapes": kept}
        members = layout_shapes(scene, ids, below=True) + panels + layout_shapes(scene, ids, below=False)
        return members + written_notes(scene, ids, self.fonts) + legend(scene, ids, self.fonts)

    def _polar(self) -> list[str]:
        """A pie or radar with its legend."""
        chart = polar_chart(self.scene, self.words, self.name)
        if chart is None:
            raise ValueError("kinds of charts that do not share axes")
        frame = self._framed(chart)
        keys = legend(self.scene, self.ids, self.fonts) if chart.x is not None else []
        return [frame, *written_notes(self.scene, self.ids, self.fonts), *keys]

    def _overlaid(self) -> dict[int, list[Panel]]:
        """Panels that lie over another one with a value axis of their own, by the panel below."""
        found: dict[int, list[Panel]] = {}
        for panel in self.scene.panels:
            for below in self.scene.panels:
                if below is not panel and below.x is panel.x and panel.y.overlays == below.y.name:
                    panel.y.domain = below.y.domain
                    found.setdefault(id(below), []).append(panel)
        return found

    def _second(self, chart: Chart, over: Panel) -> bool:
        """Add a panel on a second value axis to the chart below it; False when their categories differ."""
        scene, words = self.scene, self.words
        columns = column_chart(scene, over, words, chart.name)
        lines = None if columns else line_chart(scene, over, words, chart.name)
        found = columns[0] if columns else lines[0] if lines else None
        if found is None or found.categories != chart.categories or found.dates != chart.dates or found.y is None:
            return False
        for plot in found.plots:
            plot.is_secondary = True
        chart.plots += found.plots
        chart.second = found.y
        chart.second.has_grid = False
        room = max((text_width(text, scene.pt(over.y.size)) for _, text in over.y.ticks), default=0.0) + scene.pt(10)
        edge = min(chart.inner.right + round(room * EMU_PER_PT), scene.box.right)
        chart.frame = Box(
            chart.frame.left, chart.frame.top, max(edge - chart.frame.left, chart.frame.width), chart.frame.height
        )
        self._merged.add(id(over))
        return True

    def _framed(self, chart: Chart) -> str:
        chart.alt = self._alt(chart)
        frame, shown = chart_frame(
            self.slide, self.ids, chart, ink=self.ink, words=self.words, fonts=self.fonts, sheet=self.sheet
        )
        self.charts.append(shown)
        return frame

    def _native(self, panel: Panel, number: int, over: list[Panel]) -> list[str] | None:
        """A panel as a chart with what the chart cannot hold under and over it."""
        scene, ids, fonts = self.scene, self.ids, self.fonts
        is_alone = len(scene.panels) - len(over) == 1
        name = self.name if is_alone else f"{self.name} · {self._title(panel, number)}"
        below: list[str] = []
        above: list[str] = []
        chart: Chart | None = None
        held: list[dict[str, Any]] = []
        if (columns := column_chart(scene, panel, self.words, name)) is not None:
            chart, stubs, texts = columns
            for stub in stubs:
                below += drawn_bars(scene, panel, stub, ids, fonts, {})
            for trace in texts:
                above += drawn_bars(scene, panel, trace, ids, fonts, {}, only_texts=True)
        elif (lines := line_chart(scene, panel, self.words, name)) is not None:
            chart, held = lines
        elif (points := point_chart(scene, panel, self.words, name)) is not None:
            chart, left, held = points
            for trace in left:
                is_text = str(trace.get("mode")) == "text"
                (above if is_text else below).extend(drawn_points(scene, panel, trace, ids, fonts))
            for axis in (panel.x, panel.y):
                if axis.has_text or axis.kind != "number":
                    above += tick_names(scene, axis, panel, ids, fonts)
        if chart is None:
            return None
        for each in over:
            self._second(chart, each)
        above += axis_title(scene, panel.x, panel, ids, fonts) + axis_title(scene, panel.y, panel, ids, fonts)
        frame = self._framed(chart)
        self._held += held
        return [*below, frame, *above]

    def _title(self, panel: Panel, number: int) -> str:
        """What is written above a panel, else its number."""
        for note in self.scene.layout.get("annotations") or []:
            across = note.get("x")
            near = isinstance(across, int | float) and abs(float(across) - panel.x.domain[0]) < 0.02
            top = isinstance(note.get("y"), int | float) and abs(float(note["y"]) - panel.y.domain[1]) < 0.02
            if note.get("xref") == "paper" == note.get("yref") and near and top:
                return plain(note.get("text", ""))
        return str(number)

    def _alt(self, chart: Chart) -> str:
        """Name of the chart and of what it shows."""
        names = list(dict.fromkeys(series.name for series in chart.series if series.name and not series.is_helper))
        return self.words("text.middot").join([chart.name, *names[:6]])
