"""Dumbbells: one thing against what it is compared with, a row a question, each group of rows on its own scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from dashboard.figures.canvas import canvas
from dashboard.figures.labels import cut
from dashboard.theme import Ink

ROW_PX = 40
NAME_WIDTH = 22


@dataclass(frozen=True, kw_only=True)
class Row:
    """One question.

    Attributes:
        value, low, high: the thing's own figure and interval, None where not reported.
        others: name of a reference → its value. metas: name (`""` for the thing itself) → `meta` of its mark.
        remark: printed at the right. colour: of the thing's mark, the accent if empty.
    """

    label: str
    value: float | None
    others: dict[str, float | None]
    low: float | None = None
    high: float | None = None
    remark: str = ""
    colour: str = ""
    hover: str = ""
    other_hover: dict[str, str] = field(default_factory=dict)
    metas: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Block:
    """Rows that share a scale: `suffix` after its ticks, `span` where it must reach (None: what is drawn)."""

    rows: Sequence[Row]
    suffix: str = "%"
    span: tuple[float, float] | None = None


# Marks of the references in their order: told apart by shape, not by colour.
SIGNS = ("line-ns-open", "square-open", "circle-open", "diamond-open")


def dumbbell(
    *, blocks: Sequence[Block], own: str, references: Sequence[str], ink: Ink, missing: str, remark_width: float = 6
) -> dict[str, Any]:
    """Blocks of rows from the top down.

    Args:
        own: name of the thing in the legend. references: names of what it is compared with, in the order of `SIGNS`.
        missing: printed where the thing has no value. remark_width: room at the right, ems.
    """
    blocks = [block for block in blocks if block.rows]
    # An axis takes about half a row besides the rows themselves.
    weights = [len(block.rows) + 0.55 for block in blocks]
    total = sum(weights) or 1
    layout: dict[str, Any] = {}
    traces = _legend(own, references, ink)
    notes: list[dict[str, Any]] = []
    top = 1.0
    for at, (block, weight) in enumerate(zip(blocks, weights, strict=True)):
        axis = "" if at == 0 else str(at + 1)
        bottom = top - weight / total
        layout[f"xaxis{axis}"] = {
            "anchor": f"y{axis}", "range": _range(block), "ticksuffix": block.suffix, "showgrid": True, "nticks": 5,
            "tickangle": 0, "zeroline": False, "tickfont": {"size": ink.small, "color": ink.muted},
        }  # fmt: skip
        layout[f"yaxis{axis}"] = {
            "anchor": f"x{axis}", "domain": [max(bottom + 0.5 / total, 0), top], "range": [len(block.rows) - 0.4, -0.6],
            "tickvals": list(range(len(block.rows))), "ticktext": [cut(row.label, NAME_WIDTH) for row in block.rows],
            "showgrid": False, "zeroline": False, "tickfont": {"color": ink.ink, "size": ink.text},
        }  # fmt: skip
        for y, row in enumerate(block.rows):
            traces += _row(row, y, axis, references, ink)
            if row.value is None:
                notes.append(_note(missing, f"x{axis} domain", 0.01, f"y{axis}", y, ink, ink.muted))
            if row.remark:
                notes.append(_note(row.remark, "paper", 1, f"y{axis}", y, ink, ink.ink, shift=ink.px(8)))
        top = bottom
    has_remarks = any(row.remark for block in blocks for row in block.rows)
    return canvas(
        traces, ink, annotations=notes, hovermode="closest", legend={"y": 1, "itemclick": False, "itemdoubleclick": False},
        margin={"l": ink.px(8), "r": ink.px(12) + (remark_width * ink.text if has_remarks else 0), "t": ink.px(28), "b": ink.px(20)},
        **layout,
    )  # fmt: skip


def height_of(rows: int, blocks: int = 1) -> int:
    """Body height at 1×, px."""
    return 48 + ROW_PX * rows + 22 * blocks


def _legend(own: str, references: Sequence[str], ink: Ink) -> list[dict[str, Any]]:
    entries = [
        (own, _own_marker(ink.accent, ink)),
        *((name, _other_marker(i, ink)) for i, name in enumerate(references)),
    ]
    return [
        {
            "type": "scatter", "mode": "markers", "x": [None], "y": [None], "name": name, "marker": marker,
            "hoverinfo": "skip", "showlegend": True,
        }
        for name, marker in entries
    ]  # fmt: skip


def _own_marker(colour: str, ink: Ink) -> dict[str, Any]:
    return {"size": ink.px(12), "color": colour, "symbol": "circle", "line": {"color": ink.card, "width": ink.px(1)}}


def _other_marker(at: int, ink: Ink) -> dict[str, Any]:
    sign = SIGNS[at % len(SIGNS)]
    size = 14 if sign.startswith("line") else 9
    return {
        "size": ink.px(size),
        "color": ink.muted,
        "symbol": sign,
        "line": {"color": ink.muted, "width": ink.px(1.8)},
    }


def _row(row: Row, y: int, axis: str, references: Sequence[str], ink: Ink) -> list[dict[str, Any]]:
    place = {"xaxis": f"x{axis}", "yaxis": f"y{axis}", "showlegend": False}
    drawn = [v for v in (row.value, *row.others.values()) if v is not None]
    traces: list[dict[str, Any]] = []
    if len(drawn) > 1:
        traces.append(
            {
                "type": "scatter", "mode": "lines", "x": [min(drawn), max(drawn)], "y": [y, y], "hoverinfo": "skip",
                "line": {"color": ink.line, "width": ink.px(3)}, **place,
            }
        )  # fmt: skip
    colour = row.colour or ink.accent
    if row.low is not None and row.high is not None:
        traces.append(
            {
                "type": "scatter", "mode": "lines", "x": [row.low, row.high], "y": [y, y], "hoverinfo": "skip",
                "line": {"color": ink.fade(colour, 0.35), "width": ink.px(7)}, **place,
            }
        )  # fmt: skip
    for at, name in enumerate(references):
        value = row.others.get(name)
        if value is not None:
            traces.append(
                {
                    "type": "scatter", "mode": "markers", "x": [value], "y": [y], "marker": _other_marker(at, ink),
                    "hoverinfo": "text", "hovertext": [row.other_hover.get(name, name)], "name": name,
                    "meta": row.metas.get(name, {}), **place,
                }
            )  # fmt: skip
    if row.value is not None:
        traces.append(
            {
                "type": "scatter", "mode": "markers", "x": [row.value], "y": [y], "marker": _own_marker(colour, ink),
                "hoverinfo": "text", "hovertext": [row.hover], "meta": row.metas.get("", {}), **place,
            }
        )  # fmt: skip
    return traces


def _range(block: Block) -> list[float]:
    drawn = [
        float(v) for row in block.rows for v in (row.value, row.low, row.high, *row.others.values()) if v is not None
    ]
    least, most = (min(drawn), max(drawn)) if drawn else (0.0, 100.0)
    if block.span is not None:
        least, most = min(least, block.span[0]), max(most, block.span[1])
    pad = max((most - least) * 0.05, 1e-9)
    return [least - pad, most + pad]


def _note(
    text: str, xref: str, x: float, yref: str, y: float, ink: Ink, colour: str, shift: float = 0
) -> dict[str, Any]:
    return {
        "text": text, "xref": xref, "x": x, "xanchor": "left", "xshift": shift, "yref": yref, "y": y,
        "yanchor": "middle", "showarrow": False, "font": {"size": ink.text, "color": colour},
    }  # fmt: skip
