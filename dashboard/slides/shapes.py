"""Shapes as XML: written as one string and read once, because adding them one by one takes seconds for hundreds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lxml import etree
from pptx.oxml import parse_xml

from dashboard.slides.text import Align, Anchor, body, hex_of, shortened, xml
from dashboard.slides.types import EMU_PER_PT, Box, Fonts

NAMESPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
DASHES = {"dash": "dash", "dot": "sysDot", "dashdot": "dashDot", "longdash": "lgDash", "longdashdot": "lgDashDot"}
# Names are shown in a narrow pane, alternative text is read aloud; neither is a place for a page of text.
LONGEST_NAME, LONGEST_ALT = 120, 1000


class Ids:
    """Numbers of new shapes on a slide, each above all that stand there."""

    def __init__(self, slide: Any) -> None:
        taken = [int(i) for i in slide.shapes._spTree.xpath("//p:cNvPr/@id") if str(i).isdigit()]
        self._last = max(taken, default=1)

    def next(self) -> int:
        """The next free number."""
        self._last += 1
        return self._last


def put(slide: Any, written: str) -> Any:
    """Add the shape written in `written` to the slide, above all others; the element."""
    element = parse_xml(written)
    tree = slide.shapes._spTree
    tree.insert_element_before(element, "p:extLst")
    return element


def properties(ids: Ids, name: str, alt: str = "", more: str = "") -> str:
    """`p:cNvPr`: number, name, and the text that stands for the shape."""
    told = f' descr="{xml(shortened(alt, LONGEST_ALT))}"' if alt else ""
    return f'<p:cNvPr id="{ids.next()}" name="{xml(shortened(name, LONGEST_NAME))}"{told}>{more}</p:cNvPr>'


def transform(box: Box, *, flips: str = "", tag: str = "a:xfrm") -> str:
    """Where a shape stands."""
    return (
        f'<{tag}{flips}><a:off x="{box.left}" y="{box.top}"/>'
        f'<a:ext cx="{max(box.width, 0)}" cy="{max(box.height, 0)}"/></{tag}>'
    )


def solid(colour: str, opacity: float = 1.0) -> str:
    """A fill of one colour."""
    alpha = f'<a:alpha val="{round(opacity * 100000)}"/>' if opacity < 1 else ""
    return f'<a:solidFill><a:srgbClr val="{hex_of(colour)}">{alpha}</a:srgbClr></a:solidFill>'


def hatch(colour: str, ground: str, preset: str = "wdUpDiag") -> str:
    """A fill of lines on a ground."""
    return (
        f'<a:pattFill prst="{preset}"><a:fgClr><a:srgbClr val="{hex_of(colour)}"/></a:fgClr>'
        f'<a:bgClr><a:srgbClr val="{hex_of(ground)}"/></a:bgClr></a:pattFill>'
    )


NO_FILL = "<a:noFill/>"
NO_LINE = "<a:ln><a:noFill/></a:ln>"


def line(colour: str, width: float, dash: str = "solid", opacity: float = 1.0, cap: str = "flat") -> str:
    """An outline of `width` points."""
    dashed = f'<a:prstDash val="{DASHES[dash]}"/>' if dash in DASHES else ""
    return (
        f'<a:ln w="{max(round(width * EMU_PER_PT), 0)}" cap="{cap}">{solid(colour, opacity)}{dashed}<a:round/></a:ln>'
    )


def shape(
    ids: Ids, name: str, box: Box, *, fill: str = NO_FILL, outline: str = NO_LINE, preset: str = "rect",
    text: str = "", alt: str = "", is_text_box: bool = False, adjust: str = "",
) -> str:  # fmt: skip
    """An autoshape; `text` is a `p:txBody`."""
    kind = '<p:cNvSpPr txBox="1"/>' if is_text_box else "<p:cNvSpPr/>"
    return (
        f"<p:sp><p:nvSpPr>{properties(ids, name, alt)}{kind}<p:nvPr/></p:nvSpPr>"
        f'<p:spPr>{transform(box)}<a:prstGeom prst="{preset}"><a:avLst>{adjust}</a:avLst></a:prstGeom>{fill}{outline}</p:spPr>'
        f"{text}</p:sp>"
    )


def text_box(
    ids: Ids, name: str, box: Box, marked: object, *, size: float, colour: str, fonts: Fonts, align: Align = "l",
    anchor: Anchor = "t", wrap: bool = True, bold: bool = False, fill: str = NO_FILL,
) -> str:  # fmt: skip
    """Text without a frame."""
    words = body(
        "p:txBody", marked, size=size, colour=colour, fonts=fonts, align=align, anchor=anchor, wrap=wrap, bold=bold
    )
    return shape(ids, name, box, fill=fill, text=words, is_text_box=True)


def straight(ids: Ids, name: str, start: tuple[int, int], end: tuple[int, int], outline: str, alt: str = "") -> str:
    """A line from one point to another."""
    (x0, y0), (x1, y1) = start, end
    flips = (' flipH="1"' if x1 < x0 else "") + (' flipV="1"' if y1 < y0 else "")
    box = Box(min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0))
    return (
        f"<p:cxnSp><p:nvCxnSpPr>{properties(ids, name, alt)}<p:cNvCxnSpPr/><p:nvPr/></p:nvCxnSpPr>"
        f'<p:spPr>{transform(box, flips=flips)}<a:prstGeom prst="line"><a:avLst/></a:prstGeom>{outline}</p:spPr></p:cxnSp>'
    )


def freeform(
    ids: Ids, name: str, rings: Iterable[Iterable[tuple[float, float]]], *, fill: str, outline: str, alt: str = "",
    is_closed: bool = True,
) -> str:  # fmt: skip
    """One shape of several rings in one path, at points in EMU; a ring wound the other way is a hole."""
    points = [[(round(x), round(y)) for x, y in ring] for ring in rings]
    points = [ring for ring in points if len(ring) > 1]
    if not points:
        return ""
    xs = [x for ring in points for x, _ in ring]
    ys = [y for ring in points for _, y in ring]
    left, top, wide, tall = min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)
    close = "<a:close/>" if is_closed else ""
    steps = "".join(
        f'<a:moveTo><a:pt x="{ring[0][0] - left}" y="{ring[0][1] - top}"/></a:moveTo>'
        + "".join(f'<a:lnTo><a:pt x="{x - left}" y="{y - top}"/></a:lnTo>' for x, y in ring[1:])
        + close
        for ring in points
    )
    filled = "" if is_closed else ' fill="none"'
    return (
        f"<p:sp><p:nvSpPr>{properties(ids, name, alt)}<p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr>"
        f"{transform(Box(left, top, wide, tall))}<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/>"
        f'<a:rect l="0" t="0" r="r" b="b"/><a:pathLst><a:path w="{wide}" h="{tall}"{filled}>{steps}</a:path></a:pathLst>'
        f"</a:custGeom>{fill}{outline}</p:spPr></p:sp>"
    )


def group(ids: Ids, name: str, box: Box, members: Iterable[str], *, alt: str = "", is_root: bool = False) -> str:
    """Shapes as one, in slide coordinates; `is_root` declares the namespaces."""
    inside = "".join(members)
    spaces = f" {NAMESPACES}" if is_root else ""
    return (
        f"<p:grpSp{spaces}><p:nvGrpSpPr>{properties(ids, name, alt)}<p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr>"
        f'<p:grpSpPr><a:xfrm><a:off x="{box.left}" y="{box.top}"/><a:ext cx="{box.width}" cy="{box.height}"/>'
        f'<a:chOff x="{box.left}" y="{box.top}"/><a:chExt cx="{box.width}" cy="{box.height}"/></a:xfrm></p:grpSpPr>'
        f"{inside}</p:grpSp>"
    )


def rooted(written: str) -> str:
    """A shape's XML with the namespaces it needs to stand alone."""
    tag = written[1 : written.index(">")].split()[0]
    return written.replace(f"<{tag}", f"<{tag} {NAMESPACES}", 1)


def as_text(element: Any) -> str:
    """An element as XML, for tests and for looking."""
    return str(etree.tostring(element, encoding="unicode"))
