"""A native chart before it is written: plots of series on axes, and where on the slide they stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from dashboard.slides.marks import Mark
from dashboard.slides.shapes import NO_FILL, NO_LINE
from dashboard.slides.types import Box

PlotKind = Literal["bar", "line", "area", "scatter", "doughnut", "pie", "radar"]
AxisKind = Literal["category", "date", "value"]


@dataclass
class Errors:
    """Error bars: distances up and down of each point, None for none; `along` is the axis they lie on."""

    plus: list[float | None]
    minus: list[float | None]
    outline: str
    along: Literal["x", "y"] = "y"
    has_caps: bool = True


@dataclass
class Series:
    """One series.

    Attributes:
        values: of its points, None for a gap. xs: of a scatter's points. names: of its points in full, for the workbook.
        fill, outline: as XML; the outline of a line is the line. points: place → (fill, outline) where one differs.
        mark, marks: of its points and of those that differ; None: no mark.
        labels: place → marked text. label_at: `dLblPos`. label_look: points, colour.
        refs: what each point is a value of (`meta` of the figure with one group), None where it is none.
        is_helper: only holds others up; it is no data of the figure. is_unnamed: one mark, not in the legend; such series
            become one.
    """

    name: str
    values: list[float | None]
    xs: list[float | None] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    fill: str = NO_FILL
    outline: str = NO_LINE
    points: dict[int, tuple[str, str]] = field(default_factory=dict)
    mark: Mark | None = None
    marks: dict[int, Mark] = field(default_factory=dict)
    labels: dict[int, str] = field(default_factory=dict)
    label_at: str = ""
    label_look: tuple[float, str] = (9.0, "#000000")
    errors: list[Errors] = field(default_factory=list)
    refs: list[dict[str, Any] | None] = field(default_factory=list)
    is_helper: bool = False
    is_unnamed: bool = False


@dataclass
class Plot:
    """Series of one kind. `is_level`: bars lie; `gap`, `overlap` in per cent; `is_secondary`: on the second value axis."""

    kind: PlotKind
    series: list[Series]
    is_level: bool = False
    grouping: str = "clustered"
    gap: int = 50
    overlap: int = 0
    is_secondary: bool = False


@dataclass
class ChartAxis:
    """An axis as written: a removed one still has its limits."""

    kind: AxisKind
    low: float | None = None
    high: float | None = None
    step: float | None = None
    format: str = "General"
    is_shown: bool = True
    has_labels: bool = True
    has_grid: bool = False
    is_reversed: bool = False
    at_far_side: bool = False
    size: float = 10.0
    colour: str = "#000000"
    skip: int = 1
    title: str = ""


@dataclass
class Chart:
    """A chart: its plots share the categories of `x` and the scale of `y`.

    Attributes:
        frame: of the whole; inner: of the area between the axes.
        categories: as shown; full: as in the workbook where they were cut. dates: instead of categories.
    """

    name: str
    plots: list[Plot]
    frame: Box
    inner: Box
    x: ChartAxis | None = None
    y: ChartAxis | None = None
    second: ChartAxis | None = None
    categories: list[str] = field(default_factory=list)
    full: list[str] = field(default_factory=list)
    dates: list[date] = field(default_factory=list)
    month_format: str = "yyyy\\-mm"
    alt: str = ""

    @property
    def series(self) -> list[Series]:
        """All series in the order they are written."""
        return [series for plot in self.plots for series in plot.series]
