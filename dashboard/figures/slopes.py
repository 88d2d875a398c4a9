"""Two orders of the same units side by side: who stands higher under the other rule, who lower."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.figures.canvas import canvas
from dashboard.figures.labels import cut
from dashboard.theme import Ink

ROW_PX = 23


def slopes(
    *, frame: pd.DataFrame, left: str, right: str, ink: Ink, click: str | None = None, name_columns: int = 16
) -> dict[str, Any]:
    """Lines from each unit's place in the left order to its place in the right one.

    Places are counted among the units shown, so no two labels meet; what is written beside a name is its range.

    Args:
        frame: columns group, label, left, right (what to order by, small first; ties by label), left_text, right_text,
            hover, is_better and is_worse under the right rule (beyond doubt; neither: within the range).
        left, right: names of the two rules.
    """
    rows = frame.reset_index(drop=True)
    order_left = rows.sort_values(["left", "label"], na_position="last").index
    order_right = rows.sort_values(["right", "label"], na_position="last").index
    place_left = pd.Series(range(len(rows)), index=order_left)
    place_right = pd.Series(range(len(rows)), index=order_right)
    traces: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = [
        _text(left, 0, -1, "right", ink, bold=True),
        _text(right, 1, -1, "left", ink, bold=True),
    ]
    for at, row in enumerate(rows.to_dict("records")):
        colour, dash, thick = ink.faint, "solid", 1.3
        if row["is_better"]:
            colour, thick = ink.good, 2.4
        elif row["is_worse"]:
            colour, dash, thick = ink.alert, "dash", 2.0
        ends = [int(place_left[at]), int(place_right[at])]
        meta: dict[str, Any] = {"groups": [row["group"], row["group"]], "field": "place"}
        if click:
            meta["click"] = click
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "x": [0, 1],
                "y": ends,
                "line": {"color": colour, "width": ink.px(thick), "dash": dash},
                "marker": {"size": ink.px(7), "color": colour},
                "hovertext": [row["hover"]] * 2,
                "hoverinfo": "text",
                "showlegend": False,
                "meta": meta,
            }
        )
        name = cut(str(row["label"]), name_columns)
        annotations.append(_text(_pair(row["left_text"], name, ink), 0, ends[0], "right", ink))
        annotations.append(_text(_pair(name, row["right_text"], ink, muted_last=True), 1, ends[1], "left", ink))
    return canvas(
        traces,
        ink,
        margin={"l": ink.px(4), "r": ink.px(4), "t": ink.px(4), "b": ink.px(4)},
        xaxis={"range": [-0.95, 1.95], "visible": False},
        yaxis={"range": [len(rows) - 0.4, -1.7], "visible": False},
        annotations=annotations,
    )


def height_of(rows: int) -> int:
    """Body height at 1× that gives every row room, px."""
    return max(170, 40 + ROW_PX * rows)


def _pair(first: str, second: str, ink: Ink, *, muted_last: bool = False) -> str:
    if muted_last:
        return f"{first}  <span style='color:{ink.muted}'>{second}</span>"
    return f"<span style='color:{ink.muted}'>{first}</span>  {second}"


def _text(text: str, x: float, y: float, side: str, ink: Ink, *, bold: bool = False) -> dict[str, Any]:
    return {
        "x": x, "y": y, "text": f"<b>{text}</b>" if bold else text, "showarrow": False, "xanchor": side,
        "yanchor": "middle", "xshift": ink.px(-9 if side == "right" else 9),
        "font": {"size": ink.text, "color": ink.muted if bold else ink.ink},
    }  # fmt: skip
