"""A chart in a slide: its part, its workbook, and the frame that shows it."""

from __future__ import annotations

from typing import Any

from pptx.opc.constants import CONTENT_TYPE as CT
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.parts.chart import ChartPart

from dashboard.slides.book import Book
from dashboard.slides.chart_xml import CHART, ChartWriter
from dashboard.slides.shapes import Ids, properties, transform
from dashboard.slides.spec import Chart
from dashboard.slides.types import Fonts, Sheet
from dashboard.theme import Ink
from dashboard.wording import Words


def chart_frame(
    slide: Any, ids: Ids, chart: Chart, *, ink: Ink, words: Words, fonts: Fonts, sheet: Sheet
) -> tuple[str, dict[str, Any]]:
    """The frame of a chart, to be put on the slide, and what the chart shows, for the manifest."""
    book = Book(sheet, words)
    writer = ChartWriter(chart, book, ink, words, fonts)
    written = writer.xml()
    package = slide.part.package
    part = ChartPart.load(package.next_partname(ChartPart.partname_template), CT.DML_CHART, package, written.encode())
    part.chart_workbook.update_from_xlsx_blob(book.to_bytes())
    relation = slide.part.relate_to(part, RT.CHART)
    frame = (
        f"<p:graphicFrame><p:nvGraphicFramePr>{properties(ids, chart.name, chart.alt)}<p:cNvGraphicFramePr/><p:nvPr/>"
        f'</p:nvGraphicFramePr>{transform(chart.frame, tag="p:xfrm")}<a:graphic><a:graphicData uri="{CHART}">'
        f'<c:chart xmlns:c="{CHART}" r:id="{relation}"/></a:graphicData></a:graphic></p:graphicFrame>'
    )
    return frame, shown_by(chart, writer)


def shown_by(chart: Chart, writer: ChartWriter) -> dict[str, Any]:
    """Name, kinds and series of a chart: values as in its workbook, and what each of them is a value of."""
    categories = [day.strftime("%Y-%m") for day in chart.dates] or chart.categories
    return {
        "name": chart.name,
        "kinds": [plot.kind for plot in chart.plots],
        "series": [
            {
                "name": writer.names[id(series)], "categories": categories or series.names, "xs": series.xs,
                "values": series.values, "refs": series.refs or [None] * len(series.values), "is_helper": series.is_helper,
            }
            for series in chart.series
        ],
    }  # fmt: skip
