"""Which cards stand on which slide, and how a long table goes on over several."""

from __future__ import annotations

from dataclasses import dataclass, replace

from dashboard.briefing.plan import Part, Shape
from dashboard.briefing.template import Template
from dashboard.cards.types import Drawing
from dashboard.slides import rows_that_fit

# Sizes of type in tables of the converter, points; what fits on a slide follows from them.
GRID_SIZE, LIST_SIZE = 10.5, 11.0


@dataclass
class Drawn:
    """One card of a slide, drawn: which rows of it this slide shows."""

    part: Part
    drawing: Drawing
    rows: slice | None = None


@dataclass
class SlidePage:
    """One slide: its shape, what stands on it, and which of several it is when a table goes on."""

    shape: Shape
    drawn: list[Drawn]
    turn: int = 1
    turns: int = 1
    hidden: int = 0


def paged(pages: list[SlidePage], template: Template) -> list[SlidePage]:
    """The slides, a template's missing layouts made up for and long tables continued."""
    out: list[SlidePage] = []
    for page in pages:
        if page.shape in ("pair", "map") and page.shape not in template.faces:
            for each in page.drawn:
                out += _continued(SlidePage(shape_of(each.drawing), [each]), template)
        elif page.shape in ("chart", "table"):
            out += _continued(page, template)
        else:
            out.append(page)
    return out


def _continued(page: SlidePage, template: Template) -> list[SlidePage]:
    each = page.drawn[0]
    count = rows_of(each.drawing)
    fit = rows_that_fit(template.body("table"), _size_of(each.drawing))
    if not count or each.drawing.empty:
        return [page]
    shown = min(count, each.part.most or count)
    turns = -(-shown // fit)
    return [
        SlidePage(
            "table",
            [replace(each, rows=slice(turn * fit, min((turn + 1) * fit, shown)))],
            turn + 1,
            turns,
            count - shown,
        )
        for turn in range(turns)
    ]


def rows_of(drawing: Drawing) -> int:
    """Rows of a table or list; 0 for anything else."""
    if drawing.grid is not None:
        return len(drawing.grid.rows)
    return len(drawing.entries) or len(drawing.facts)


def _size_of(drawing: Drawing) -> float:
    return GRID_SIZE if drawing.grid is not None else LIST_SIZE


def shape_of(drawing: Drawing) -> Shape:
    return "table" if rows_of(drawing) else "chart"
