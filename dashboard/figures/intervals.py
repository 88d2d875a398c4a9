"""Rows of intervals: a dot with its 95 % range on one scale, a line to compare with, a remark at the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from dashboard.figures.canvas import canvas
from dashboard.figures.labels import cut
from dashboard.theme import Ink

NAME_WIDTH = 26
ROW_PX = 25


@dataclass(frozen=True, kw_only=True)
class IntervalRow:
    """One row. `mid`, `low`, `high` in the unit of the axis, None where there is nothing to draw.

    Attributes:
        sign: a plotly marker symbol, so that a row's class does not rest on its colour.
        raw: a second, hollow mark: the value before shrinkage. remark: printed at the right.
        place: smaller text after the label. meta, raw_meta: of the mark's trace (see `plotted`), empty for none.
    """

    label: str
    mid: float | None
    low: float | None
    high: float | None
    colour: str
    sign: str = "circle"
    raw: float | None = None
    place: str = ""
    remark: str = ""
    hover: str = ""
    group: str = ""
    meta: dict[str, Any] = field(default_factory=dict)
    raw_meta: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Line:
    """An upright line across the rows: where, what it is called, in which colour."""

    at: float
    label: str
    colour: str


def interval_rows(
    *,
    rows: Sequence[IntervalRow],
    ink: Ink,
    suffix: str = "%",
    line: Line | None = None,
    head: str = "",
    missing: str = "",
    name_width: int = NAME_WIDTH,
    remark_width: float = 7.5,
    span: tuple[float, float] = (0, 100),
    ticks: int = 4,
) -> dict[str, Any]:
    """The rows from the top down.

    Args:
        head: heading of the remarks. missing: printed in a row without a value. remark_width: room for them, ems.
        span: widest range the axis may take; it is narrowed to what is drawn. ticks: at most so many numbers below it.
    """
    traces: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for at, row in enumerate(rows):
        if row.mid is None:
            annotations.append(_text(missing, at, ink, x=0.01, colour=ink.muted))
            continue
        if row.low is not None and row.high is not None:
            traces.append(
                {
                    "type": "scatter", "mode": "lines", "x": [row.low, row.high], "y": [at, at], "hoverinfo": "skip",
                    "line": {"color": ink.fade(row.colour, 0.5), "width": ink.px(5)}, "showlegend": False,
                }
            )  # fmt: skip
        if row.raw is not None:
            traces.append(_mark(row.raw, at, row, ink.card, "circle", row.raw_meta, ink) | {"name": "raw"})
        traces.append(_mark(row.mid, at, row, row.colour, row.sign, row.meta, ink))
        if row.remark:
            annotations.append(_text(row.remark, at, ink, x=1, shift=ink.px(8)))
    if head and any(row.remark for row in rows):
        annotations.append(_text(head, 1, ink, x=1, shift=ink.px(8), paper=True))
    shapes = []
    if line is not None:
        shapes.append(
            {
                "type": "line", "xref": "x", "yref": "paper", "x0": line.at, "x1": line.at, "y0": 0, "y1": 1,
                "line": {"color": line.colour, "width": ink.px(1.2), "dash": "dash"}, "layer": "below",
            }
        )  # fmt: skip
        annotations.append(
            {
                "xref": "x", "x": line.at, "yref": "paper", "y": 1, "yanchor": "bottom", "text": line.label,
                "showarrow": False, "font": {"size": ink.small, "color": line.colour},
            }
        )  # fmt: skip
    has_remarks = any(row.remark for row in rows)
    return canvas(
        traces,
        ink,
        margin={
            "l": ink.px(8),
            "r": ink.px(12) + (remark_width * ink.text if has_remarks else 0),
            "t": ink.px(22),
            "b": ink.px(8),
        },
        xaxis={
            "range": _range(rows, line, span),
            "ticksuffix": suffix,
            "showgrid": True,
            "zeroline": False,
            "nticks": ticks,
            "tickangle": 0,
        },
        yaxis={
            "range": [len(rows) - 0.4, -0.6],
            "tickvals": list(range(len(rows))),
            "showgrid": False,
            "zeroline": False,
            "ticktext": [_name(row, ink, name_width) for row in rows],
            "tickfont": {"color": ink.ink, "size": ink.text},
        },
        annotations=annotations,
        shapes=shapes,
    )


def height_of(rows: int) -> int:
    """Body height at 1× that gives every row room, px."""
    return max(130, 52 + ROW_PX * rows)


def _name(row: IntervalRow, ink: Ink, width: int) -> str:
    name = escape(cut(row.label, width), quote=False)
    place = f"  <span style='color:{ink.muted}'>{escape(cut(row.place, 10), quote=False)}</span>" if row.place else ""
    return f"{name}{place}"


def _mark(x: float, at: int, row: IntervalRow, fill: str, sign: str, meta: dict[str, Any], ink: Ink) -> dict[str, Any]:
    return {
        "type": "scatter", "mode": "markers", "x": [x], "y": [at], "hovertext": [row.hover], "hoverinfo": "text",
        "marker": {
            "size": ink.px(8 if fill == ink.card else 11), "color": fill, "symbol": sign,
            "line": {"color": row.colour, "width": ink.px(1.4)},
        },
        "showlegend": False, "meta": meta,
    }  # fmt: skip


def _range(rows: Sequence[IntervalRow], line: Line | None, span: tuple[float, float]) -> list[float]:
    drawn = [v for row in rows for v in (row.mid, row.low, row.high, row.raw) if v is not None]
    drawn += [line.at] if line else []
    if not drawn:
        return list(span)
    pad = max((max(drawn) - min(drawn)) * 0.06, 1.0)
    return [max(span[0] - 1, min(drawn) - pad), min(span[1] + 1, max(drawn) + pad)]


def _text(
    text: str, y: float, ink: Ink, *, x: float, shift: float = 0, paper: bool = False, colour: str = ""
) -> dict[str, Any]:
    return {
        "xref": "paper", "x": x, "xanchor": "left", "xshift": shift, "yref": "paper" if paper else "y", "y": y,
        "yanchor": "bottom" if paper else "middle", "text": text, "showarrow": False, "align": "left",
        "font": {"size": ink.small if paper else ink.text, "color": colour or (ink.muted if paper else ink.ink)},
    }  # fmt: skip
