"""From a drawn card to native, editable parts of a slide: charts with their workbook, maps of freeforms, tables, text."""

from __future__ import annotations

from dashboard.slides.packing import to_bytes
from dashboard.slides.placing import place_drawing, place_figure
from dashboard.slides.table import place_grid, rows_that_fit
from dashboard.slides.types import Box, Definition, Fonts, Placed, Renderer, Sheet

__all__ = [
    "Box",
    "Definition",
    "Fonts",
    "Placed",
    "Renderer",
    "Sheet",
    "place_drawing",
    "place_figure",
    "place_grid",
    "rows_that_fit",
    "to_bytes",
]
