"""A table of bars: places or groups down the side, several indicators across, each on its own scale."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from dashboard.figures.canvas import canvas
from dashboard.figures.labels import cut, width, wrap
from dashboard.theme import Ink

ROW_PX = 27
HEAD_PX = 40
FEWEST = 5
# What a figure or Latin letter of the type beside the bars takes, and the width of the narrowest card.
_SIGN_PX, DRAWN_PX = 6.8, 330.0


@dataclass(frozen=True, kw_only=True)
class BarColumn:
    """One indicator of the table.

    Attributes:
        title: heading. text: a value as printed beside its bar.
        values: group → value in the indicator's unit; a missing group or NaN is 未上报.
        low, high: group → interval, drawn where given.
        indicator: catalogue key the values were read by, None for what the page computed. by: its grouping.
        total: reference drawn as a dashed line (the whole selection's figure).
        top: right end of the scale; the largest value when None.
        notes: group → line added to the hover (n, reported).
        blank: groups of which the indicator says nothing; they are left empty, not hatched.
    """

    title: str
    values: dict[str, float]
    text: Callable[[float], str]
    low: dict[str, float] = field(default_factory=dict)
    high: dict[str, float] = field(default_factory=dict)
    indicator: str | None = None
    by: str | None = None
    total: float | None = None
    top: float | None = None
    notes: dict[str, str] = field(default_factory=dict)
    blank: frozenset[str] = frozenset()


def column_of(frame: pd.DataFrame, **given: Any) -> BarColumn:
    """A column from what `Reader.indicator` gave: values and, where there are any, intervals by group."""
    known = frame.dropna(subset=["value"])
    ranged = frame.dropna(subset=["low", "high"])
    return BarColumn(
        values=dict(zip(known["group"], known["value"].astype(float), strict=True)),
        low=dict(zip(ranged["group"], ranged["low"].astype(float), strict=True)),
        high=dict(zip(ranged["group"], ranged["high"].astype(float), strict=True)),
        **given,
    )


def bar_table(
    *,
    rows: Sequence[tuple[str, str]],
    columns: Sequence[BarColumn],
    ink: Ink,
    missing: str,
    colours: Mapping[str, str] | None = None,
    click: str | None = None,
    name_columns: int = 16,
    each_its_own: bool = False,
    drawn_px: float = DRAWN_PX,
) -> dict[str, Any]:
    """Bars side by side; a missing value is hatched and says so.

    Args:
        rows: (group, name) from the top down. missing: the word for 未上报.
        colours: of the groups that are not like the others (the chosen one, the total, the worst grade).
        click: field of the view a click on a bar sets to its group.
        each_its_own: the rows are indicators, each for the whole selection: one trace a bar, named by its group.
        drawn_px: the least width at 1× that all columns together will have; it decides how long the bars may be.
    """
    places = list(range(len(rows)))
    traces: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    shapes: list[dict[str, Any]] = []
    layout: dict[str, Any] = {}
    gap = 0.035
    heads = [wrap(column.title, max(8, int(drawn_px / (_SIGN_PX * len(columns))))) for column in columns]
    # A heading of one line leaves no empty one above it.
    head_px = HEAD_PX if any("<br>" in head for head in heads) else HEAD_PX / 2 + 4
    share = (1 - gap * (len(columns) - 1)) / max(len(columns), 1)
    for at, (column, head) in enumerate(zip(columns, heads, strict=True)):
        axis = "" if at == 0 else str(at + 1)
        start = at * (share + gap)
        known = [column.values[g] for g, _ in rows if g in column.values]
        ends = [*known, *(column.high[g] for g, _ in rows if g in column.high), column.total or 0.0]
        top = column.top if column.top is not None else max(ends, default=0.0) or 1.0
        # Room to the right of the longest bar for its number.
        longest = max((width(column.text(v)) for v in known), default=width(missing))
        room = min(0.74, (longest + 2) * _SIGN_PX * len(columns) / drawn_px)
        layout[f"xaxis{axis}"] = {
            "domain": [start, start + share],
            "range": [0, top / (1 - room)],
            "visible": False,
            "anchor": "y",
        }
        drawn = _bars(rows, places, column, axis, ink, colours or {}, click)
        traces += [bar for trace in drawn for bar in _apart(trace)] if each_its_own else drawn
        # Numbers in a column of their own, so that no line and no whisker crosses them.
        annotations += [
            _number(column.text(column.values[g]), place, start + share, ink)
            for place, (g, _) in zip(places, rows, strict=True)
            if g in column.values
        ]
        blank = [p for p, (g, _) in zip(places, rows, strict=True) if g not in column.values and g not in column.blank]
        if blank:
            traces.append(_hatched(blank, rows, top, missing, axis, ink))
        annotations.append(
            {
                "xref": "paper", "x": start, "xanchor": "left", "yref": "paper", "y": 1, "yanchor": "bottom",
                "align": "left", "text": head, "showarrow": False,
                "font": {"size": ink.text, "color": ink.muted},
            }
        )  # fmt: skip
        if column.total is not None and not math.isnan(column.total):
            shapes.append(
                {
                    "type": "line", "xref": f"x{axis}", "x0": column.total, "x1": column.total, "yref": "y",
                    "y0": -0.5, "y1": len(rows) - 0.5, "line": {"color": ink.edge, "width": ink.px(1), "dash": "dot"},
                }
            )  # fmt: skip
    return canvas(
        traces,
        ink,
        margin={"l": ink.px(8), "r": ink.px(8), "t": ink.px(head_px), "b": ink.px(4)},
        barmode="overlay",
        yaxis={
            # A few rows keep the height of a row and stand at the top.
            "range": [max(len(rows), FEWEST) - 0.45, -0.55],
            "tickvals": places,
            "ticktext": [cut(name, name_columns) for _, name in rows],
            "tickfont": {"color": ink.ink, "size": ink.text},
            "showgrid": False,
            "zeroline": False,
        },
        annotations=annotations,
        shapes=shapes,
        **layout,
    )


def height_of(rows: int) -> int:
    """Body height at 1× that gives every row room, px."""
    return max(150, HEAD_PX + 14 + ROW_PX * rows)


def _bars(
    rows: Sequence[tuple[str, str]], places: list[int], column: BarColumn, axis: str, ink: Ink,
    colours: Mapping[str, str], click: str | None,
) -> list[dict[str, Any]]:  # fmt: skip
    shown = [(place, g, name) for place, (g, name) in zip(places, rows, strict=True) if g in column.values]
    if not shown:
        return []
    groups = [g for _, g, _ in shown]
    values = [column.values[g] for g in groups]
    meta: dict[str, Any] = {"groups": groups, "field": "value", "axis": "x", "by": column.by}
    if column.indicator:
        meta["indicator"] = column.indicator
    if click:
        meta["click"] = click
    trace: dict[str, Any] = {
        "type": "bar",
        "orientation": "h",
        "xaxis": f"x{axis}",
        "yaxis": "y",
        "y": [place for place, _, _ in shown],
        "x": values,
        "width": 0.6,
        "marker": {"color": [colours.get(g, ink.series[0]) for g in groups]},
        "hovertext": [_hover(name, g, column) for _, g, name in shown],
        "hoverinfo": "text",
        "showlegend": False,
        "meta": meta,
    }
    if any(g in column.low for g in groups):
        trace["error_x"] = {
            "type": "data",
            "symmetric": False,
            "array": [column.high.get(g, v) - v for g, v in zip(groups, values, strict=True)],
            "arrayminus": [v - column.low.get(g, v) for g, v in zip(groups, values, strict=True)],
            "color": ink.muted,
            "thickness": ink.px(1.2),
            "width": ink.px(3),
        }
    return [trace]


def _number(text: str, place: float, right: float, ink: Ink) -> dict[str, Any]:
    return {
        "xref": "paper", "x": right, "xanchor": "right", "y": place, "text": text, "showarrow": False,
        "font": {"size": ink.text, "color": ink.ink},
    }  # fmt: skip


def _apart(trace: dict[str, Any]) -> list[dict[str, Any]]:
    """One trace a bar; what was its group is then its indicator."""
    return [
        trace
        | {name: [trace[name][place]] for name in ("x", "y", "hovertext")}
        | {
            "marker": {"color": [trace["marker"]["color"][place]]},
            "meta": {"indicator": key, "field": "value", "axis": "x", "groups": ["total"], "by": None},
        }
        for place, key in enumerate(trace["meta"]["groups"])
    ]


def _hover(name: str, group: str, column: BarColumn) -> str:
    lines = [f"<b>{name}</b>", f"{column.title.replace('<br>', '')} {column.text(column.values[group])}"]
    if group in column.low:
        lines.append(f"{column.text(column.low[group])} – {column.text(column.high[group])}")
    if group in column.notes:
        lines.append(column.notes[group])
    return "<br>".join(lines)


def _hatched(
    blank: list[int], rows: Sequence[tuple[str, str]], top: float, missing: str, axis: str, ink: Ink
) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "xaxis": f"x{axis}",
        "yaxis": "y",
        "y": blank,
        "x": [top * 0.12] * len(blank),
        "width": 0.6,
        "marker": ink.hatched(),
        "text": [missing] * len(blank),
        "textposition": "outside",
        "textfont": {"size": ink.small, "color": ink.muted},
        "cliponaxis": False,
        "hovertext": [f"<b>{rows[place][1]}</b><br>{missing}" for place in blank],
        "hoverinfo": "text",
        "showlegend": False,
    }
