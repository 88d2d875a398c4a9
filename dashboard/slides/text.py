"""Text that may stand in a slide: cleaned, cut, and written as DrawingML with fonts for Latin and East Asian signs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import Literal
from xml.sax.saxutils import escape

from dashboard.figures.labels import width
from dashboard.slides.types import EMU_PER_PT, Fonts

Align = Literal["l", "ctr", "r"]
Anchor = Literal["t", "ctr", "b"]

# Signs no XML document may hold: controls, halves of surrogate pairs, two that are none.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_TAG = re.compile(r"<(/?)(b|i|br|span|sub|sup|a|em|strong)((?:\s[^<>]*)?)/?>", re.IGNORECASE)
_COLOUR = re.compile(r"color:\s*(#[0-9a-fA-F]{6})")
# Longer text is nobody's label; the workbook keeps the whole.
LONGEST = 400


def clean(text: object) -> str:
    """The text without signs that XML forbids; line ends and tabs become spaces."""
    return re.sub(r"[\r\n\t]+", " ", _FORBIDDEN.sub("", str(text)))


def xml(text: object) -> str:
    """The text for an element or a quoted attribute."""
    return escape(clean(text), {'"': "&quot;", "'": "&apos;"})


def plain(marked: object) -> str:
    """The text of plotly's marked-up text: line breaks as spaces, tags dropped, entities resolved."""
    return " ".join("".join(run.text for run in line) for line in lines_of(marked)).strip()


@dataclass(frozen=True)
class Run:
    """Text of one look; `colour` is `#rrggbb` or empty for that of the text around it."""

    text: str
    is_bold: bool = False
    is_italic: bool = False
    colour: str = ""


def lines_of(marked: object) -> list[list[Run]]:
    """Plotly's marked-up text (`<b>`, `<i>`, `<br>`, `<span style='color:…'>`) as lines of runs."""
    source = str(marked)
    lines: list[list[Run]] = [[]]
    bold = italic = 0
    colours: list[str] = []
    at = 0

    def put(text: str) -> None:
        found = clean(unescape(text))
        if found:
            lines[-1].append(Run(found, bold > 0, italic > 0, next((c for c in reversed(colours) if c), "")))

    for tag in _TAG.finditer(source):
        put(source[at : tag.start()])
        at = tag.end()
        is_end, name = bool(tag.group(1)), tag.group(2).lower()
        if name == "br":
            lines.append([])
        elif name in ("b", "strong"):
            bold = max(bold + (-1 if is_end else 1), 0)
        elif name in ("i", "em"):
            italic = max(italic + (-1 if is_end else 1), 0)
        elif name == "span":
            if not is_end:
                found = _COLOUR.search(tag.group(3))
                colours.append(found.group(1) if found else "")
            elif colours:
                colours.pop()
    put(source[at:])
    return lines


def shortened(text: str, most: int = LONGEST) -> str:
    """At most `most` signs, the last an ellipsis when some were cut."""
    return text if len(text) <= most else text[: most - 1] + "…"


def unique(names: list[str]) -> list[str]:
    """The names, a repeated one told apart by signs of no width: what is shown stays the same."""
    seen: dict[str, int] = {}
    out = []
    for name in names:
        times = seen.get(name, 0)
        seen[name] = times + 1
        out.append(name + "\u200b" * times)
    return out


def text_width(marked: object, size: float) -> float:
    """About how wide the longest line prints, in points, at type of `size` points."""
    longest = max((width("".join(run.text for run in line)) for line in lines_of(marked)), default=0)
    return longest * size * 0.53


def text_lines(marked: object) -> int:
    """How many lines the text has."""
    return len(lines_of(marked))


def hex_of(colour: str) -> str:
    """`#rrggbb` as DrawingML writes it."""
    return colour.lstrip("#").upper()[:6]


def run_properties(
    tag: str, *, size: float, colour: str, fonts: Fonts, bold: bool = False, italic: bool = False
) -> str:
    """`a:rPr`, `a:defRPr` or `a:endParaRPr`: size in points, colour `#rrggbb`, both fonts."""
    flags = (' b="1"' if bold else "") + (' i="1"' if italic else "")
    return (
        f'<a:{tag} lang="zh-CN" altLang="en-US" sz="{max(round(size * 100), 100)}"{flags}>'
        f'<a:solidFill><a:srgbClr val="{hex_of(colour)}"/></a:solidFill>'
        f'<a:latin typeface="{xml(fonts.latin)}"/><a:ea typeface="{xml(fonts.east_asian)}"/></a:{tag}>'
    )


def paragraphs(
    marked: object, *, size: float, colour: str, fonts: Fonts, align: Align = "l", bold: bool = False
) -> str:
    """`a:p` elements, one a line."""
    out = []
    for line in lines_of(shortened(str(marked), LONGEST * 4)):
        runs = "".join(
            "<a:r>"
            + run_properties(
                "rPr",
                size=size,
                colour=run.colour or colour,
                fonts=fonts,
                bold=bold or run.is_bold,
                italic=run.is_italic,
            )
            + f"<a:t>{xml(run.text)}</a:t></a:r>"
            for run in line
        )
        end = run_properties("endParaRPr", size=size, colour=colour, fonts=fonts)
        out.append(f'<a:p><a:pPr algn="{align}"/>{runs}{end}</a:p>')
    return "".join(out)


def body(
    tag: str, marked: object, *, size: float, colour: str, fonts: Fonts, align: Align = "l", anchor: Anchor = "t",
    wrap: bool = True, bold: bool = False, margin: float = 0.0,
) -> str:  # fmt: skip
    """A text body (`p:txBody` or `a:txBody`): margins of `margin` points, wrapped in its shape or running on."""
    edge = round(margin * EMU_PER_PT)
    return (
        f'<{tag}><a:bodyPr wrap="{"square" if wrap else "none"}" lIns="{edge}" tIns="{edge}" rIns="{edge}" bIns="{edge}"'
        f' anchor="{anchor}"><a:noAutofit/></a:bodyPr><a:lstStyle/>'
        + paragraphs(marked, size=size, colour=colour, fonts=fonts, align=align, bold=bold)
        + f"</{tag}>"
    )
