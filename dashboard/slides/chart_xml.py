"""A chart as DrawingML, with every number in the XML also in the workbook behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard.slides.book import Book, Column, serial
from dashboard.slides.marks import Mark
from dashboard.slides.shapes import line
from dashboard.slides.spec import Chart, ChartAxis, Errors, Plot, Series
from dashboard.slides.text import lines_of, run_properties, shortened, unique, xml
from dashboard.slides.types import Fonts
from dashboard.theme import Ink
from dashboard.wording import Words

CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_SPACES = (
    f'xmlns:c="{CHART}" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
# Axes are numbered from here; a validator refuses negative numbers.
_FIRST, _SECOND, _THIRD, _FOURTH = 111111101, 111111102, 111111103, 111111104
_LONGEST_LABEL = 120


class ChartWriter:
    """Writes one chart; the columns of its workbook come about on the way."""

    def __init__(self, chart: Chart, book: Book, ink: Ink, words: Words, fonts: Fonts) -> None:
        self.chart, self.book, self.ink, self.words, self.fonts = chart, book, ink, words, fonts
        self.number = 0
        names = unique([shortened(series.name or words("slide.series"), 255) for series in chart.series])
        self.names = dict(zip((id(series) for series in chart.series), names, strict=True))
        self.axis: Column | None = None

    def xml(self) -> str:
        """`c:chartSpace`."""
        chart = self.chart
        if chart.dates:
            self.axis = self.book.column(self.words("column.month"), chart.dates, chart.month_format)
        elif chart.categories:
            self.categories = unique([shortened(each, 255) for each in chart.categories])
            self.axis = self.book.column(self.words("slide.category"), self.categories)
        plots = "".join(self._plot(plot) for plot in chart.plots)
        if chart.full and [*chart.full] != [*chart.categories]:
            self.book.column(self.words("slide.full_name"), chart.full)
        self._codes()
        inner, frame = chart.inner, chart.frame
        where = "".join(
            f'<c:{name} val="{value:.5f}"/>'
            for name, value in (
                ("x", (inner.left - frame.left) / max(frame.width, 1)), ("y", (inner.top - frame.top) / max(frame.height, 1)),
                ("w", inner.width / max(frame.width, 1)), ("h", inner.height / max(frame.height, 1)),
            )
        )  # fmt: skip
        layout = (
            '<c:layout><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>'
            f"{where}</c:manualLayout></c:layout>"
        )
        text = run_properties("defRPr", size=10, colour=self.ink.ink, fonts=self.fonts)
        return (
            f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><c:chartSpace {_SPACES}><c:date1904 val="0"/>'
            '<c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/>'
            f"<c:plotArea>{layout}{plots}{self._axes()}<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr></c:plotArea>"
            '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
            "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
            f'<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr>{text}</a:pPr><a:endParaRPr lang="zh-CN"/></a:p></c:txPr>'
            "</c:chartSpace>"
        )

    def _codes(self) -> None:
        """Codes of the places, where all points of a category are of one group."""
        if not self.chart.categories:
            return
        codes: list[str] = []
        for place in range(len(self.chart.categories)):
            found = {
                str(ref["group"]) for series in self.chart.series
                if place < len(series.refs) and (ref := series.refs[place]) is not None
            }  # fmt: skip
            codes.append(found.pop() if len(found) == 1 else "")
        if any(code not in ("", "total") for code in codes):
            self.book.column(self.words("column.group"), codes)

    # Plots

    def _plot(self, plot: Plot) -> str:
        series = "".join(self._series(plot, each) for each in plot.series)
        first, second = (_THIRD, _FOURTH) if plot.is_secondary else (_FIRST, _SECOND)
        axes = f'<c:axId val="{first}"/><c:axId val="{second}"/>'
        varied = '<c:varyColors val="0"/>'
        if plot.kind == "bar":
            way = "bar" if plot.is_level else "col"
            return (
                f'<c:barChart><c:barDir val="{way}"/><c:grouping val="{plot.grouping}"/>{varied}{series}'
                f'<c:gapWidth val="{plot.gap}"/><c:overlap val="{plot.overlap}"/>{axes}</c:barChart>'
            )
        if plot.kind == "line":
            return f'<c:lineChart><c:grouping val="standard"/>{varied}{series}<c:marker val="1"/>{axes}</c:lineChart>'
        if plot.kind == "area":
            return f'<c:areaChart><c:grouping val="{plot.grouping}"/>{varied}{series}{axes}</c:areaChart>'
        if plot.kind == "scatter":
            return f'<c:scatterChart><c:scatterStyle val="lineMarker"/>{varied}{series}{axes}</c:scatterChart>'
        if plot.kind == "radar":
            return f'<c:radarChart><c:radarStyle val="marker"/>{varied}{series}{axes}</c:radarChart>'
        if plot.kind == "doughnut":
            return (
                f'<c:doughnutChart>{varied}{series}<c:firstSliceAng val="0"/><c:holeSize val="58"/></c:doughnutChart>'
            )
        return f'<c:pieChart>{varied}{series}<c:firstSliceAng val="0"/></c:pieChart>'

    def _series(self, plot: Plot, series: Series) -> str:
        number, self.number = self.number, self.number + 1
        name = self.names[id(series)]
        is_scatter = plot.kind == "scatter"
        label_column = None
        if is_scatter:
            if any(series.names):
                label_column = self.book.column(f"{name} · {self.words('column.label')}", series.names)
            xs = self.book.column(f"{name} · X", series.xs)
        values = self.book.column(name, series.values)
        del label_column
        head = (
            f'<c:idx val="{number}"/><c:order val="{number}"/><c:tx><c:strRef><c:f>{xml(values.head)}</c:f><c:strCache>'
            f'<c:ptCount val="1"/><c:pt idx="0"><c:v>{xml(name)}</c:v></c:pt></c:strCache></c:strRef></c:tx>'
        )
        has_marks = plot.kind in ("line", "scatter", "radar")
        if has_marks:
            look = f"<c:spPr>{series.outline}</c:spPr>{_marker(series.mark)}"
        else:
            look = f"<c:spPr>{series.fill}{series.outline}</c:spPr>"
        if plot.kind == "bar":
            look += '<c:invertIfNegative val="0"/>'
        points = self._points(plot, series)
        labels = self._labels(plot, series)
        errors = "".join(self._errors(plot, series, each, name) for each in series.errors)
        if is_scatter:
            data = f"<c:xVal>{_numbers(xs.cells, series.xs)}</c:xVal><c:yVal>{_numbers(values.cells, series.values)}</c:yVal>"
        else:
            data = f"{self._category()}<c:val>{_numbers(values.cells, series.values)}</c:val>"
        tail = '<c:smooth val="0"/>' if plot.kind in ("line", "scatter") else ""
        return f"<c:ser>{head}{look}{points}{labels}{errors}{data}{tail}</c:ser>"

    def _category(self) -> str:
        if self.axis is None:
            return ""
        if self.chart.dates:
            days: list[float | None] = [serial(day) for day in self.chart.dates]
            return f"<c:cat>{_numbers(self.axis.cells, days, self.chart.month_format)}</c:cat>"
        points = "".join(f'<c:pt idx="{i}"><c:v>{xml(text)}</c:v></c:pt>' for i, text in enumerate(self.categories))
        return (
            f'<c:cat><c:strRef><c:f>{xml(self.axis.cells)}</c:f><c:strCache><c:ptCount val="{len(self.categories)}"/>'
            f"{points}</c:strCache></c:strRef></c:cat>"
        )

    def _points(self, plot: Plot, series: Series) -> str:
        out = []
        for place in sorted({*series.points, *series.marks}):
            invert = '<c:invertIfNegative val="0"/>' if plot.kind == "bar" else ""
            mark = _marker(series.marks[place]) if place in series.marks else ""
            painted = "".join(series.points[place]) if place in series.points else ""
            paint = f"<c:spPr>{painted}</c:spPr>" if painted else ""
            bubble = '<c:bubble3D val="0"/>'
            out.append(f'<c:dPt><c:idx val="{place}"/>{invert}{mark}{bubble}{paint}</c:dPt>')
        return "".join(out)

    def _labels(self, plot: Plot, series: Series) -> str:
        if not series.labels:
            return ""
        size, colour = series.label_look
        shown = (
            '<c:showLegendKey val="0"/><c:showVal val="{}"/><c:showCatName val="0"/><c:showSerName val="0"/>'
            '<c:showPercent val="0"/><c:showBubbleSize val="0"/>'
        )
        at = (
            f'<c:dLblPos val="{series.label_at}"/>'
            if series.label_at and plot.kind not in ("doughnut", "radar", "area")
            else ""
        )
        out = []
        for place, marked in sorted(series.labels.items()):
            runs = "".join(
                f"<a:r>{run_properties('rPr', size=size, colour=run.colour or colour, fonts=self.fonts, bold=run.is_bold)}"
                f"<a:t>{xml(run.text)}</a:t></a:r>"
                for text in lines_of(shortened(marked, _LONGEST_LABEL))
                for run in text
            )
            out.append(
                f'<c:dLbl><c:idx val="{place}"/><c:tx><c:rich><a:bodyPr wrap="none"/><a:lstStyle/><a:p>{runs}</a:p></c:rich>'
                f"</c:tx>{at}{shown.format(1)}</c:dLbl>"
            )
        text = run_properties("defRPr", size=size, colour=colour, fonts=self.fonts)
        return (
            f'<c:dLbls>{"".join(out)}<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr><c:txPr><a:bodyPr wrap="none"/>'
            f'<a:lstStyle/><a:p><a:pPr>{text}</a:pPr><a:endParaRPr lang="zh-CN"/></a:p></c:txPr>{shown.format(0)}</c:dLbls>'
        )

    def _errors(self, plot: Plot, series: Series, errors: Errors, name: str) -> str:
        plus = self.book.column(f"{name} · {self.words('slide.above')}", errors.plus)
        minus = self.book.column(f"{name} · {self.words('slide.below')}", errors.minus)
        way = f'<c:errDir val="{errors.along}"/>' if plot.kind == "scatter" else ""
        caps = "0" if errors.has_caps else "1"
        return (
            f'<c:errBars>{way}<c:errBarType val="both"/><c:errValType val="cust"/><c:noEndCap val="{caps}"/>'
            f"<c:plus>{_numbers(plus.cells, errors.plus)}</c:plus><c:minus>{_numbers(minus.cells, errors.minus)}</c:minus>"
            f"<c:spPr>{errors.outline}</c:spPr></c:errBars>"
        )

    # Axes

    def _axes(self) -> str:
        chart = self.chart
        if chart.x is None or chart.y is None:
            return ""
        is_level = any(plot.is_level for plot in chart.plots)
        out = self._axis(chart.x, _FIRST, _SECOND, "l" if is_level else "b", chart.y, is_first=True)
        out += self._axis(chart.y, _SECOND, _FIRST, "b" if is_level else "l", chart.x, is_first=False)
        if chart.second is not None:
            hidden = ChartAxis(kind=chart.x.kind, is_shown=False, low=chart.x.low, high=chart.x.high)
            out += self._axis(hidden, _THIRD, _FOURTH, "b", chart.second, is_first=True)
            out += self._axis(chart.second, _FOURTH, _THIRD, "r", hidden, is_first=False, crosses="max")
        return out

    def _axis(
        self,
        axis: ChartAxis,
        number: int,
        other: int,
        side: str,
        crossed: ChartAxis,
        *,
        is_first: bool,
        crosses: str = "",
    ) -> str:
        limits = "".join(
            f'<c:{name} val="{value!r}"/>'
            for name, value in (("max", axis.high), ("min", axis.low))
            if value is not None and axis.kind == "value"
        )
        way = "maxMin" if axis.is_reversed else "minMax"
        grid = (
            f"<c:majorGridlines><c:spPr>{line(self.ink.line, 0.5)}</c:spPr></c:majorGridlines>" if axis.has_grid else ""
        )
        beside = "nextTo" if axis.kind == "value" else "low"
        labels = "none" if not axis.has_labels else "high" if axis.at_far_side else beside
        text = run_properties("defRPr", size=axis.size, colour=axis.colour, fonts=self.fonts)
        title = ""
        if axis.title and axis.is_shown:
            words = run_properties("rPr", size=axis.size, colour=axis.colour, fonts=self.fonts)
            title = (
                f"<c:title><c:tx><c:rich><a:bodyPr/><a:lstStyle/><a:p><a:r>{words}<a:t>{xml(axis.title)}</a:t></a:r></a:p>"
                '</c:rich></c:tx><c:overlay val="0"/></c:title>'
            )
        # An axis that runs backwards carries the other one at its far end unless told otherwise.
        at = crosses or ("max" if crossed.is_reversed else "autoZero" if crossed.kind != "value" else "min")
        edge = line(self.ink.edge, 0.75) if axis.kind != "value" else "<a:ln><a:noFill/></a:ln>"
        common = (
            f'<c:axId val="{number}"/><c:scaling><c:orientation val="{way}"/>{limits}</c:scaling>'
            f'<c:delete val="{0 if axis.is_shown else 1}"/><c:axPos val="{side}"/>{grid}{title}'
            f'<c:numFmt formatCode="{xml(axis.format)}" sourceLinked="0"/><c:majorTickMark val="none"/>'
            f'<c:minorTickMark val="none"/><c:tickLblPos val="{labels}"/><c:spPr>{edge}</c:spPr>'
            f'<c:txPr><a:bodyPr rot="0" vert="horz"/><a:lstStyle/><a:p><a:pPr>{text}</a:pPr><a:endParaRPr lang="zh-CN"/></a:p></c:txPr>'
            f'<c:crossAx val="{other}"/><c:crosses val="{at}"/>'
        )
        if axis.kind == "category":
            skip = f'<c:tickLblSkip val="{axis.skip}"/>' if axis.skip >= 1 else ""
            return (
                f'<c:catAx>{common}<c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="60"/>{skip}'
                '<c:noMultiLvlLbl val="1"/></c:catAx>'
            )
        if axis.kind == "date":
            return (
                f'<c:dateAx>{common}<c:auto val="0"/><c:lblOffset val="60"/><c:baseTimeUnit val="months"/>'
                f'<c:majorUnit val="{max(axis.skip, 1)}"/><c:majorTimeUnit val="months"/></c:dateAx>'
            )
        step = f'<c:majorUnit val="{axis.step!r}"/>' if axis.step else ""
        between = "midCat" if crossed.kind == "value" else "between"
        return f'<c:valAx>{common}<c:crossBetween val="{between}"/>{step}</c:valAx>'


def _numbers(reference: str, values: Sequence[Any], style: str = "General") -> str:
    points = "".join(
        f'<c:pt idx="{i}"><c:v>{value!r}</c:v></c:pt>' for i, value in enumerate(values) if value is not None
    )
    return (
        f"<c:numRef><c:f>{xml(reference)}</c:f><c:numCache><c:formatCode>{xml(style)}</c:formatCode>"
        f'<c:ptCount val="{len(values)}"/>{points}</c:numCache></c:numRef>'
    )


def _marker(mark: Mark | None) -> str:
    if mark is None or mark.size < 1:
        return '<c:marker><c:symbol val="none"/></c:marker>'
    size = min(max(round(mark.size), 2), 72)
    return (
        f'<c:marker><c:symbol val="{mark.symbol}"/><c:size val="{size}"/>'
        f"<c:spPr>{mark.fill}{mark.outline}</c:spPr></c:marker>"
    )
