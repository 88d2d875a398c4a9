"""Counts by two states: a small table of squares whose area is the count, the count written in each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from dashboard.figures.canvas import canvas
from dashboard.figures.labels import cut, wrap
from dashboard.theme import Ink

LARGEST_PX = 34


def crosstab(
    *,
    rows: Sequence[str],
    heads: Sequence[str],
    cells: Sequence[Sequence[int]],
    ink: Ink,
    groups: Sequence[tuple[str, int]] = (),
) -> dict[str, Any]:
    """One square a cell that is not zero.

    Args:
        cells: counts, one sequence a row, in the order of `heads`.
        groups: headings over runs of columns: (heading, how many columns).
    """
    most = max((count for line in cells for count in line), default=1) or 1
    points = [(column, row, count) for row, line in enumerate(cells) for column, count in enumerate(line) if count]
    first = groups[0][1] if groups else len(heads)
    annotations: list[dict[str, Any]] = []
    at = 0
    for name, columns in groups:
        annotations.append(
            {
                "x": at - 0.4, "y": 1, "yref": "paper", "yanchor": "bottom", "xanchor": "left", "text": name,
                "yshift": ink.px(36), "showarrow": False, "font": {"size": ink.small, "color": ink.muted},
            }
        )  # fmt: skip
        at += columns
    return canvas(
        [
            {
                "type": "scatter",
                "mode": "markers+text",
                "x": [column for column, _, _ in points],
                "y": [row for _, row, _ in points],
                "text": [str(count) for _, _, count in points],
                "textfont": {"size": ink.text, "color": ink.ink},
                "marker": {
                    "symbol": "square",
                    "size": [ink.px(max(12.0, LARGEST_PX * math.sqrt(count / most))) for _, _, count in points],
                    "color": [ink.fade(ink.series[0] if column < first else ink.accent, 0.28) for column, _, _ in points],
                    "line": {"width": 0},
                },
                "hovertext": [f"{rows[row]} · {heads[column]}: {count}" for column, row, count in points],
                "hoverinfo": "text",
                "showlegend": False,
            }
        ],
        ink,
        margin={"l": ink.px(8), "r": ink.px(8), "t": ink.px(60), "b": ink.px(8)},
        xaxis={
            "side": "top", "tickvals": list(range(len(heads))), "ticktext": [wrap(head, 10) for head in heads],
            "range": [-0.5, len(heads) - 0.5], "zeroline": False, "tickangle": 0,
        },
        yaxis={
            "tickvals": list(range(len(rows))), "ticktext": [cut(row, 16) for row in rows], "zeroline": False,
            "tickfont": {"color": ink.ink, "size": ink.text}, "range": [len(rows) - 0.4, -0.6],
        },
        annotations=annotations,
        shapes=[
            {"type": "line", "x0": first - 0.5, "x1": first - 0.5, "yref": "paper", "y0": 0, "y1": 1.1,
             "line": {"color": ink.line, "width": ink.px(1)}}
        ] if groups else [],
    )  # fmt: skip
