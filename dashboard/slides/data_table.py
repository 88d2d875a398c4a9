"""The numbers of a figure as a native table: for a figure that has no native form, or whose conversion failed."""

from __future__ import annotations

from typing import Any

from dashboard.numbers import number
from dashboard.slides.figures import as_number, decoded
from dashboard.slides.table import Cell
from dashboard.slides.text import plain
from dashboard.wording import Words


def data_cells(figure: dict[str, Any], words: Words) -> tuple[list[str], list[list[Cell]]]:
    """Headings and one row a mark: the series, what it is of, its number."""
    rows: list[list[Cell]] = []
    for trace in figure.get("data") or []:
        across, values, named = _axes_of(trace)
        labels = [plain(text).split("  ")[0] for text in decoded(trace.get("hovertext") or trace.get("text"))]
        name = plain(trace.get("name") or "")
        for place, value in enumerate(values):
            found = as_number(value)
            of = across[place] if place < len(across) else ""
            if place < len(labels) and not named:
                of = labels[place]
            if found is None and not of:
                continue
            text = words("value.unreported") if found is None else number(found, 0 if found == int(found) else 2)
            rows.append([Cell(name), Cell(plain(of)), Cell(text, is_number=True)])
    heads = [words("slide.series"), words("slide.category"), words("column.value")]
    if not any(row[0].text for row in rows):
        return heads[1:], [row[1:] for row in rows]
    return heads, rows


def _axes_of(trace: dict[str, Any]) -> tuple[list[Any], list[Any], bool]:
    """What a trace's marks are of, their numbers, and whether the first are names."""
    if trace.get("type") == "choropleth":
        return decoded(trace.get("locations")), decoded(trace.get("z")), False
    if trace.get("type") in ("pie", "funnelarea"):
        return decoded(trace.get("labels")), decoded(trace.get("values")), True
    if trace.get("type") == "scattergeo":
        return [], [], False
    if trace.get("type") in ("scatterpolar", "barpolar"):
        return decoded(trace.get("theta")), decoded(trace.get("r")), True
    x, y = decoded(trace.get("x")), decoded(trace.get("y"))
    if trace.get("fill") == "toself":
        return [], [], False
    across, values = (y, x) if trace.get("orientation") == "h" else (x, y)
    return across, values, any(isinstance(each, str) for each in across)
