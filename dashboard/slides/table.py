"""Native tables: a heading row, numbers to the right, as many rows as fit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from dashboard.cards.types import GridSpec
from dashboard.figures.labels import cut
from dashboard.numbers import is_missing, number
from dashboard.slides.shapes import Ids, hatch, properties, put, rooted, solid, transform
from dashboard.slides.text import body, plain, text_width
from dashboard.slides.types import EMU_PER_PT, Box, Fonts
from dashboard.theme import Ink
from dashboard.wording import Words

URI = "http://schemas.openxmlformats.org/drawingml/2006/table"
SIZE = 10.5
# Height of a row of one line to the size of its type.
LEADING = 1.75
MARGIN = 4.0
WIDEST = 220.0
# A link of a page leads nowhere from a slide.
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


@dataclass(frozen=True)
class Cell:
    """What one cell says and how: `fill` is `#rrggbb`, `hatch` or empty."""

    text: str
    is_number: bool = False
    is_bold: bool = False
    fill: str = ""
    colour: str = ""


def rows_that_fit(box: Box, size: float = SIZE) -> int:
    """How many rows of one line stand in the box under the heading row."""
    return max(int(box.height / (size * LEADING * EMU_PER_PT)) - 1, 1)


def table(
    ids: Ids, heads: Sequence[str], rows: Sequence[Sequence[Cell]], box: Box, *, name: str, alt: str, ink: Ink,
    fonts: Fonts, size: float = SIZE,
) -> str:  # fmt: skip
    """A table as wide as the box; `rows` are all written, see `rows_that_fit`."""
    widths = _widths(heads, rows, box, size)
    height = round(size * LEADING * EMU_PER_PT)
    columns = "".join(f'<a:gridCol w="{each}"/>' for each in widths)
    right = [any(row[i].is_number for row in rows if i < len(row)) for i in range(len(heads))]
    head = "".join(
        _cell(Cell(text, is_number=right[i], is_bold=True), ink, fonts, size, is_head=True)
        for i, text in enumerate(heads)
    )
    lines = [f'<a:tr h="{height}">{head}</a:tr>'] + [
        f'<a:tr h="{height}">' + "".join(_cell(cell, ink, fonts, size) for cell in row) + "</a:tr>" for row in rows
    ]
    whole = Box(box.left, box.top, sum(widths), height * len(lines))
    return (
        f"<p:graphicFrame><p:nvGraphicFramePr>{properties(ids, name, alt)}<p:cNvGraphicFramePr>"
        f'<a:graphicFrameLocks noGrp="1"/></p:cNvGraphicFramePr><p:nvPr/></p:nvGraphicFramePr>'
        f'{transform(whole, tag="p:xfrm")}<a:graphic><a:graphicData uri="{URI}"><a:tbl><a:tblPr firstRow="1"/>'
        f"<a:tblGrid>{columns}</a:tblGrid>{''.join(lines)}</a:tbl></a:graphicData></a:graphic></p:graphicFrame>"
    )


def _widths(heads: Sequence[str], rows: Sequence[Sequence[Cell]], box: Box, size: float) -> list[int]:
    """Columns by their longest text, stretched or pressed together to the width of the box."""
    wanted = []
    for i, head in enumerate(heads):
        texts = [head, *(row[i].text for row in rows if i < len(row))]
        wanted.append(max(text_width(text, size) for text in texts) + 3 * MARGIN)
    # Where there is not room for all, the long ones give way.
    over = sum(wanted) - box.width / EMU_PER_PT
    spare = sum(max(each - WIDEST, 0.0) for each in wanted)
    if over > 0 and spare > 0:
        wanted = [each - max(each - WIDEST, 0.0) * min(over / spare, 1.0) for each in wanted]
    total = sum(wanted) or 1.0
    widths = [max(int(box.width * each / total), 1) for each in wanted]
    if widths:
        widths[-1] += max(box.width - sum(widths), 0)
    return widths


def _cell(cell: Cell, ink: Ink, fonts: Fonts, size: float, *, is_head: bool = False) -> str:
    colour = cell.colour or (ink.muted if is_head else ink.ink)
    words = body(
        "a:txBody",
        cell.text,
        size=size,
        colour=colour,
        fonts=fonts,
        align="r" if cell.is_number else "l",
        bold=cell.is_bold,
    )
    side, low = round(MARGIN * EMU_PER_PT), round(2 * EMU_PER_PT)
    none = "".join(f'<a:{edge} w="0"><a:noFill/></a:{edge}>' for edge in ("lnL", "lnR", "lnT"))
    rule = f'<a:lnB w="{12700 if is_head else 6350}">{solid(ink.edge if is_head else ink.line)}</a:lnB>'
    solid_fill = solid(cell.fill) if cell.fill else "<a:noFill/>"
    fill = hatch(ink.hatch, ink.card) if cell.fill == "hatch" else solid_fill
    return (
        f'<a:tc>{words}<a:tcPr marL="{side}" marR="{side}" marT="{low}" marB="{low}" anchor="ctr">{none}{rule}{fill}'
        f"</a:tcPr></a:tc>"
    )


def columns_of(spec: GridSpec) -> list[dict[str, Any]]:
    """The columns that hold something, groups of columns opened."""
    found: list[dict[str, Any]] = []
    for column in spec.columns:
        found += column["children"] if column.get("children") else [column]
    return [column for column in found if column.get("field") and not column.get("hide")]


def cells_of(spec: GridSpec, words: Words) -> tuple[list[str], list[list[Cell]]]:
    """Headings and rows of a grid, numbers written as the page writes them."""
    columns = columns_of(spec)
    heads = [plain(column.get("headerName") or column["field"]) for column in columns]
    return heads, [[_grid_cell(column, row, words) for column in columns] for row in spec.rows]


def _grid_cell(column: dict[str, Any], row: dict[str, Any], words: Words) -> Cell:
    value: Any = row.get(column["field"])
    if column.get("number"):
        if is_missing(value):
            return Cell(row.get(column.get("absence", "")) or words("value.unreported"), is_number=True)
        try:
            text = number(float(value), int(column.get("decimals", 0))) + str(column.get("suffix", ""))
        except (TypeError, ValueError):
            text = str(value)
        return Cell(text, is_number=True)
    if isinstance(value, bool):
        return Cell(words("slide.yes") if value else words("slide.no"))
    if isinstance(value, list):
        return Cell(words.listed([str(each) for each in value]))
    if not isinstance(value, str) and is_missing(value):
        return Cell("")
    return Cell(plain(_LINK.sub(r"\1", str(value))))


def place_grid(
    slide: Any, spec: GridSpec, box: Box, *, name: str, alt: str, ink: Ink, words: Words, fonts: Fonts,
    rows: slice | None = None, size: float = SIZE,
) -> tuple[int, int, int]:  # fmt: skip
    """A native table of `rows` of the grid (all, or as many as fit): first and last row shown, counted from 1, and of how many."""
    heads, lines = cells_of(spec, words)
    return place_cells(
        slide, heads, lines, box, name=name, alt=alt, ink=ink, words=words, fonts=fonts, rows=rows, size=size
    )


def place_cells(
    slide: Any, heads: Sequence[str], lines: Sequence[Sequence[Cell]], box: Box, *, name: str, alt: str, ink: Ink,
    words: Words, fonts: Fonts, rows: slice | None = None, size: float = SIZE,
) -> tuple[int, int, int]:  # fmt: skip
    """The same of cells already written."""
    start, stop, _ = (rows or slice(None)).indices(len(lines))
    stop = min(stop, start + rows_that_fit(box, size))
    widths = _widths(heads, lines[start:stop], box, size)
    shown = [_fitted(line, widths, size) for line in lines[start:stop]]
    if not heads:
        heads, shown = [words("slide.nothing")], []
    put(slide, rooted(table(Ids(slide), heads, shown, box, name=name, alt=alt, ink=ink, fonts=fonts, size=size)))
    return (start + 1 if stop > start else 0, stop, len(lines))


def _fitted(line: Sequence[Cell], widths: Sequence[int], size: float) -> list[Cell]:
    """Cells cut so that a row stays one line: a table that grows would leave its slide."""
    most = [max(int((wide / EMU_PER_PT - 2 * MARGIN) / (size * 0.53)), 8) for wide in widths]
    return [replace(cell, text=cut(cell.text, at)) for cell, at in zip(line, most, strict=False)]
