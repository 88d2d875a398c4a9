"""Small multiples: one small trend a place, all on one scale, the whole behind each in grey."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from dashboard.figures.canvas import canvas
from dashboard.figures.labels import cut
from dashboard.figures.plotted import clickable, hover, numbers, plotted
from dashboard.numbers import month_name
from dashboard.theme import CLEAR, Ink
from dashboard.wording import Words
from data.catalogue.types import Indicator

ROW_PX = 92
MOST_COLUMNS = 7
NAME_WIDTH = 15
_GAP_X, _HEAD_PX, _DESK_TYPE = 0.028, 20, 12
# A card of the large screen is so much narrower than one of a page.
_WALL_CARD = 0.58


def multiples(
    *,
    panels: pd.DataFrame,
    whole: pd.DataFrame,
    indicator: Indicator,
    by: str,
    ink: Ink,
    words: Words,
    threshold: float | None = None,
    breaks: Sequence[str] = (),
    columns: int = MOST_COLUMNS,
    click: str | None = "area",
) -> dict[str, Any]:
    """One panel a group, in the order of `panels`, scale and months shared.

    Args:
        panels: a panel of figures: group, label, month, value, low, high …, only the months that were asked.
        whole: figures by month of what the groups are parts of, the same months.
        by: what the groups are. breaks: months from which the method differs; lines are parted there.
    """
    groups = list(dict.fromkeys(panels["group"]))
    months = sorted(set(panels["month"]) | set(whole["group"]))
    if not groups or not months:
        return canvas([], ink)
    rows = rows_of(len(groups), columns)
    # Rows of about one length: eight panels stand as four and four, not as seven and one.
    wide = math.ceil(len(groups) / rows)
    scale = _scale(panels, whole, threshold)
    layout: dict[str, Any] = {}
    traces: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    height = rows * ROW_PX
    for at, group in enumerate(groups):
        axis = "" if at == 0 else str(at + 1)
        row, column = divmod(at, wide)
        left, right = column / wide + _GAP_X / 2, (column + 1) / wide - _GAP_X / 2
        top = 1 - row / rows - _HEAD_PX / height
        bottom = 1 - (row + 1) / rows + (0.02 if row < rows - 1 else 0)
        mine = panels[panels["group"] == group]
        traces += _panel(mine, whole, indicator, by, str(group), axis, breaks, click, ink, words)
        is_last_of_column = at + wide >= len(groups)
        # The last year of one panel would run into the first of the next.
        ends = [months[0], months[-1]] if len(months) > 1 and column == wide - 1 else months[:1]
        layout[f"xaxis{axis}"] = {
            "domain": [left, right], "anchor": f"y{axis}", "type": "category", "categoryorder": "array",
            "categoryarray": months, "range": [-0.5, len(months) - 0.5], "showgrid": False,
            "tickvals": ends, "ticktext": [month[:4] for month in ends],
            "showticklabels": is_last_of_column, "tickangle": 0, "tickfont": {"size": ink.small, "color": ink.muted},
        }  # fmt: skip
        layout[f"yaxis{axis}"] = {
            "domain": [max(bottom, 0), top], "anchor": f"x{axis}", "range": scale, "ticksuffix": "%" if indicator.unit == "%" else "",
            "nticks": 3, "showticklabels": column == 0, "zeroline": False,
            "tickfont": {"size": ink.small, "color": ink.muted},
        }  # fmt: skip
        notes.append(_title(mine, left, top, wide, ink))
        if threshold is not None:
            layout.setdefault("shapes", []).append(
                {
                    "type": "line", "xref": f"x{axis} domain", "yref": f"y{axis}", "x0": 0, "x1": 1, "y0": threshold,
                    "y1": threshold, "line": {"color": ink.alert, "width": ink.px(1), "dash": "dot"}, "layer": "below",
                }
            )  # fmt: skip
    return canvas(
        traces, ink, annotations=notes, showlegend=False, hovermode="closest",
        margin={"l": ink.px(34), "r": ink.px(6), "t": ink.px(4), "b": ink.px(20)}, **layout,
    )  # fmt: skip


def height_of(groups: int, columns: int = MOST_COLUMNS) -> int:
    """Body height at 1×, px."""
    return 30 + ROW_PX * rows_of(groups, columns)


def rows_of(groups: int, columns: int = MOST_COLUMNS) -> int:
    """How many rows of panels there are."""
    return max(1, math.ceil(groups / columns))


def _scale(panels: pd.DataFrame, whole: pd.DataFrame, threshold: float | None) -> list[float]:
    drawn = pd.concat([panels["low"], panels["high"], panels["value"], whole["value"]]).dropna().astype(float)
    edges = [*drawn.tolist(), *([] if threshold is None else [threshold])]
    if not edges:
        return [0.0, 100.0]
    pad = max((max(edges) - min(edges)) * 0.05, 1.0)
    return [min(edges) - pad, max(edges) + pad]


def _panel(
    mine: pd.DataFrame, whole: pd.DataFrame, indicator: Indicator, by: str, group: str, axis: str,
    breaks: Sequence[str], click: str | None, ink: Ink, words: Words,
) -> list[dict[str, Any]]:  # fmt: skip
    place = {"xaxis": f"x{axis}", "yaxis": f"y{axis}", "showlegend": False}
    traces: list[dict[str, Any]] = [
        {
            "type": "scatter", "mode": "lines", "x": whole["group"].tolist(), "y": numbers(whole["value"]),
            "line": {"color": ink.faint, "width": ink.px(1)}, "hoverinfo": "skip", "connectgaps": False, **place,
        }
    ]  # fmt: skip
    for stretch in _stretches(mine, breaks):
        ranged = stretch.dropna(subset=["low", "high"])
        months = ranged["month"].tolist()
        traces.append(
            {
                "type": "scatter", "mode": "lines", "x": months + months[::-1],
                "y": numbers(ranged["high"]) + numbers(ranged["low"])[::-1], "fill": "toself",
                "fillcolor": ink.fade(ink.accent, 0.16), "line": {"width": 0, "color": CLEAR}, "hoverinfo": "skip", **place,
            }
        )  # fmt: skip
        months = stretch["month"].tolist()
        meta = plotted(indicator.key, axis="y", groups=[f"{month}|{group}" for month in months], by=by)
        traces.append(
            {
                "type": "scatter", "mode": "lines+markers", "x": months, "y": numbers(stretch["value"]),
                "connectgaps": False, "line": {"color": ink.accent, "width": ink.px(1.6)},
                "marker": {"size": ink.px(3), "color": ink.accent}, "meta": meta, "hoverinfo": "text",
                "hovertext": [
                    f"{month_name(row['month'], words)}<br>{hover(row, indicator, words)}"
                    for row in stretch.to_dict("records")
                ],
                **place,
            }
        )  # fmt: skip
    if click:
        # The last value is a larger mark that leads to the place; the line's own groups are its months.
        last = mine.dropna(subset=["value"]).tail(1)
        if len(last):
            traces.append(
                {
                    "type": "scatter", "mode": "markers", "x": last["month"].tolist(), "y": numbers(last["value"]),
                    "marker": {"size": ink.px(8), "color": ink.accent}, "hoverinfo": "text",
                    "hovertext": [hover(row, indicator, words) for row in last.to_dict("records")],
                    "meta": clickable([group], click), **place,
                }
            )  # fmt: skip
    return traces


def _stretches(mine: pd.DataFrame, breaks: Sequence[str]) -> list[pd.DataFrame]:
    number_of = [sum(str(month) >= start for start in breaks) for month in mine["month"]]
    return [part for _, part in mine.groupby(number_of)]


def _title(mine: pd.DataFrame, left: float, top: float, wide: int, ink: Ink) -> dict[str, Any]:
    known = mine.dropna(subset=["value"])
    # Planned in type of the desk and for the most columns; larger type has room for fewer signs, fewer columns for more.
    room = NAME_WIDTH * MOST_COLUMNS / wide * _DESK_TYPE / (ink.text / ink.scale)
    room *= _WALL_CARD if ink.theme == "wall" else 1
    name = cut(str(mine["label"].iloc[0]), int(room))
    value = f"  <b>{float(known['value'].iloc[-1]):.1f}</b>" if len(known) else ""
    return {
        "text": name + value, "xref": "paper", "x": left, "xanchor": "left", "yref": "paper", "y": top,
        "yanchor": "bottom", "showarrow": False, "font": {"size": ink.text, "color": ink.ink},
    }  # fmt: skip
