"""A chart as a complete picture: its title, what is selected, n, data date, source and caveats around it, as one SVG.

The chart itself is drawn by plotly, in the browser of whoever asks or in one of our own, and put into the frame here or
there by the same rule: `before + chart + after` is the picture.
"""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from html import escape
from typing import Any

from dashboard.exports.errors import ExportError
from dashboard.exports.lettering import columns_of, lines_of
from dashboard.exports.meaning import Meaning, filters_in_words, foot_of
from dashboard.exports.plain import clean
from dashboard.exports.taking import Taken
from dashboard.theme import FONT_STACK, Ink
from dashboard.wording import Words

WIDTH, HEIGHT = 1600, 900
# Type and lines of the chart against the design of a card: legible when the picture fills a slide.
SCALE = 1.4
_EDGE = 44
_LEADING = 1.36
_TITLE, _SUBTITLE, _SMALL = 32.0, 19.0, 15.0
_MOST_TITLE, _MOST_FOOT = 3, 4
_LEAST_CHART = 240
# The key of 未上报 on a map, as hatched as its areas, and the names of its legends on the line of their keys; the same
# rules are in the style sheet of the page.
_HATCHED_KEY = (
    "<style>.legendlines .js-line{{stroke-width:{wide:g}px!important;transform:skewX(-35deg);"
    "stroke-dasharray:0 {skip:g} {line:g} {gap:g} {line:g} {gap:g} {line:g} 99!important}}"
    ".legendtitletext,.legend2titletext{{transform:translateY({down:g}px)}}</style>"
)
# An SVG that stands inside another one needs no declaration of its own.
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>\s*")


@dataclass(frozen=True)
class Picture:
    """A frame and the chart that goes into it.

    Attributes:
        figure: as plotly takes it, without shapes of a map: those are at the addresses it names.
        before, after: what stands before and after the chart's own SVG; together they are one SVG.
        width, height: of the picture; chart_width, chart_height: of the chart. All in px.
        stem: file name without its ending.
    """

    figure: dict[str, Any]
    before: str
    after: str
    width: int
    height: int
    chart_width: int
    chart_height: int
    stem: str

    def around(self, chart: str) -> str:
        """The picture around a chart drawn as SVG."""
        return self.before + _DECLARATION.sub("", chart) + self.after

    def document(self) -> dict[str, Any]:
        """For the browser, which draws the chart itself."""
        return {
            "figure": self.figure, "before": self.before, "after": self.after, "width": self.width,
            "height": self.height, "chartWidth": self.chart_width, "chartHeight": self.chart_height, "name": self.stem,
        }  # fmt: skip


def framed(taken: Taken, *, width: int = WIDTH, height: int = HEIGHT) -> Picture:
    """The picture of a card with a chart.

    Raises:
        ExportError: the card is a table or a list, or has nothing to show.
    """
    drawing, words = taken.drawing, taken.words
    if drawing.empty is not None:
        raise ExportError(words("export.nothing"), where=taken.card.name, why=drawing.empty, code="nothing")
    if drawing.figure is None:
        raise ExportError(
            words("export.no_picture"), where=taken.card.name, todo=words("export.no_picture_todo"), code="no_picture"
        )
    head, top = _head(taken.meaning, taken.ink, words, width)
    foot, bottom = _foot(taken.meaning, taken.ink, words, width, height)
    chart_width, chart_height = width - 2 * _EDGE, max(_LEAST_CHART, int(height - top - bottom))
    figure = copy.deepcopy(drawing.figure)
    figure["layout"] |= {"autosize": False, "width": chart_width, "height": chart_height}
    before = (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{width}" '
        f'height="{height}" viewBox="0 0 {width} {height}" role="img" font-family="{escape(FONT_STACK)}">'
        f"<title>{_escaped(drawing.title)}</title><desc>{_escaped(drawing.alt or drawing.title)}</desc>"
        f'{_hatched_key(figure, taken.ink)}<rect width="{width}" height="{height}" fill="{taken.ink.card}"/>'
        f'{head}<g transform="translate({_EDGE},{top:g})">'
    )
    after = f"</g>{foot}{_over_everything(taken.meaning, taken.ink, width, height)}</svg>"
    return Picture(figure, before, after, width, height, chart_width, chart_height, taken.stem)


def _hatched_key(figure: dict[str, Any], ink: Ink) -> str:
    if not any(trace.get("type") == "choropleth" for trace in figure["data"]):
        return ""
    line, gap = ink.px(1.5), ink.px(2.6)
    # Plotly sets the name to the top of a row that is at least so high: the smaller the type, the further.
    down = max(0.0, (24 - ink.small) / 3)
    return _HATCHED_KEY.format(wide=ink.px(10), line=line, gap=gap, skip=15 - 1.5 * line - gap, down=down)


def _head(meaning: Meaning, ink: Ink, words: Words, width: int) -> tuple[str, float]:
    """Title, subtitle, filters and marks; and where the chart may begin, px from the top."""
    inside = width - 2 * _EDGE
    y = float(_EDGE) - 8
    parts = [f'<rect x="0" y="0" width="{width}" height="6" fill="{ink.accent}"/>']
    for line in lines_of(meaning.title, columns_of(inside, _TITLE), most=_MOST_TITLE):
        y += _TITLE * _LEADING
        parts.append(_line(line, _EDGE, y - _TITLE * 0.3, _TITLE, ink.ink, weight=600))
    for line in lines_of(meaning.subtitle, columns_of(inside, _SUBTITLE), most=2):
        y += _SUBTITLE * _LEADING
        parts.append(_line(line, _EDGE, y - 2, _SUBTITLE, ink.muted))
    selected = " · ".join(text for text in (meaning.page, filters_in_words(meaning, words)) if text)
    for line in lines_of(selected, columns_of(inside, _SMALL), most=2):
        y += _SMALL * _LEADING + 2
        parts.append(_line(line, _EDGE, y, _SMALL, ink.muted))
    for mark in meaning.marks:
        y += _SMALL * _LEADING + 2
        parts.append(_line(mark, _EDGE, y, _SMALL, ink.alert, weight=600))
    return "".join(parts), y + 14


def _foot(meaning: Meaning, ink: Ink, words: Words, width: int, height: int) -> tuple[str, float]:
    """n, data date, source, caveats and watermark; and how much of the height they take, px."""
    inside = width - 2 * _EDGE
    lines = lines_of(foot_of(meaning, words), columns_of(inside, _SMALL), most=_MOST_FOOT)
    if meaning.watermark:
        lines += lines_of(meaning.watermark, columns_of(inside, _SMALL), most=1)
    taken = len(lines) * _SMALL * _LEADING + 30
    y = height - taken
    rule = f'<rect x="{_EDGE}" y="{y + 4:g}" width="{inside}" height="1" fill="{ink.line}"/>'
    y += 10
    parts = [rule]
    for line in lines:
        y += _SMALL * _LEADING
        parts.append(_line(line, _EDGE, y, _SMALL, ink.muted))
    return "".join(parts), taken


def _over_everything(meaning: Meaning, ink: Ink, width: int, height: int) -> str:
    """The watermark across the picture, too faint to hide a number and too large to be cut off."""
    if not meaning.watermark:
        return ""
    text = _escaped(meaning.watermark)
    places = [(x, y) for y in range(120, height, 260) for x in range(0, width, 620)]
    lines = "".join(f'<text transform="translate({x},{y}) rotate(-24)">{text}</text>' for x, y in places)
    return f'<g fill="{ink.ink}" fill-opacity="0.07" font-size="22" pointer-events="none">{lines}</g>'


def _line(text: str, x: float, y: float, size: float, colour: str, *, weight: int = 400) -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" font-weight="{weight}" fill="{colour}" '
        f'xml:space="preserve">{_escaped(text)}</text>'
    )


def _escaped(text: str) -> str:
    return escape(clean(text), quote=True)
