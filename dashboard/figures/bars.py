"""Ranked bars with a line to compare with, the interval where there is one, and n beside each."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.figures.canvas import canvas
from dashboard.figures.labels import cut
from dashboard.figures.plotted import hover, numbers, plotted, shown
from dashboard.figures.trend import Threshold
from dashboard.figures.value_axis import value_axis
from dashboard.numbers import is_missing, quantity
from dashboard.theme import Ink
from dashboard.wording import Words
from data.catalogue.types import Indicator


def bars(
    *,
    figures: pd.DataFrame,
    indicator: Indicator,
    by: str,
    ink: Ink,
    words: Words,
    target: Threshold | None = None,
    ranked: bool = True,
    most: int | None = None,
    click: str | None = "area",
    names: int = 18,
    highlight: str | None = None,
    has_n: bool = True,
) -> dict[str, Any]:
    """One bar a group, the best on top; groups that did not report stand below, hatched and without a length.

    Args:
        figures: `Reader.indicator(indicator, by=by)`.
        ranked: by value; False keeps the order given (levels, grades).
        most: at most so many groups, the first of the order.
        highlight: group in the accent colour, the others faint; without it all have a colour that does not judge.
        has_n: numerator/denominator after the value.
    """
    rows = ordered(figures, indicator) if ranked else figures
    if most is not None:
        rows = rows.head(most)
    rows = rows.iloc[::-1]
    groups = [str(group) for group in rows["group"]]
    records = rows.to_dict("records")
    trace: dict[str, Any] = {
        "type": "bar",
        "orientation": "h",
        "x": numbers(rows["value"]),
        "y": groups,
        "marker": {
            "color": [
                ink.series[0] if highlight is None else ink.accent if highlight == group else ink.faint
                for group in groups
            ],
        },
        "hovertext": [hover(row, indicator, words) for row in records],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "meta": plotted(indicator.key, axis="x", groups=groups, by=by, click=click),
        "showlegend": False,
    }
    if rows["low"].notna().any():
        trace["error_x"] = {
            "type": "data", "symmetric": False, "color": ink.ink, "thickness": ink.px(1), "width": ink.px(3),
            "array": numbers(rows["high"] - rows["value"]), "arrayminus": numbers(rows["value"] - rows["low"]),
        }  # fmt: skip
    ends = rows["high"].fillna(rows["value"]).fillna(0.0).astype(float)
    top = max(float(ends.max()) if len(ends) else 0.0, target.value if target else 0.0, 1e-9)
    # Written at the end of a bar that does not reach the line, a value would be crossed by it: a column then.
    is_column = target is not None and bool((ends[rows["value"].notna()] < target.value).any())
    traces = [trace]
    silent = [group for group, row in zip(groups, records, strict=True) if is_missing(row["value"])]
    if silent:
        traces.append(_silent(silent, top, ink, words))
    notes = [
        {
            "text": _text(row, indicator, words, has_n), "x": top if is_column else float(end) if not is_missing(row["value"]) else top * 0.14,
            "y": place, "xanchor": "left", "xshift": ink.px(6), "showarrow": False,
            "font": {"size": ink.small, "color": ink.muted}, "bgcolor": ink.fade(ink.card, 0.8),
        }
        # On an axis of categories an annotation stands at a place in their order.
        for place, (row, end) in enumerate(zip(records, ends, strict=True))
    ]  # fmt: skip
    shapes = []
    if target is not None:
        shapes.append(
            {
                "type": "line", "x0": target.value, "x1": target.value, "yref": "paper", "y0": 0, "y1": 1,
                "line": {"color": ink.alert, "width": ink.px(1), "dash": "dash"},
            }
        )  # fmt: skip
        notes.append(
            {
                "text": target.name, "x": target.value, "yref": "paper", "y": 1, "yanchor": "bottom", "xanchor": "center",
                "showarrow": False, "font": {"size": ink.small, "color": ink.alert},
            }
        )  # fmt: skip
    return canvas(
        traces, ink, barmode="overlay", bargap=0.34, annotations=notes, shapes=shapes, showlegend=False,
        xaxis={"range": [0, top * 1.6], "showgrid": True, **value_axis(indicator.unit, (0.0, top * 1.6), words, most=4)},
        yaxis={"type": "category", "showgrid": False, "tickmode": "array", "tickvals": groups,
               "ticktext": [cut(str(row["label"]), names) for row in records], "range": [-0.6, len(groups) - 0.4]},
        margin={"l": ink.px(4), "r": ink.px(4), "t": ink.px(18 if target else 4), "b": ink.px(4)},
    )  # fmt: skip


def ordered(figures: pd.DataFrame, indicator: Indicator) -> pd.DataFrame:
    """Best first by the indicator's direction (most first where it has none), 未上报 last."""
    return figures.sort_values(
        ["value", "group"], ascending=[indicator.direction < 0, True], na_position="last", ignore_index=True
    )


def _text(row: Any, indicator: Indicator, words: Words, has_n: bool) -> str:
    text = shown(row, indicator, words)
    if not has_n or is_missing(row["denominator"]) or is_missing(row["numerator"]):
        return text
    return f"{text}  {quantity(row['numerator'], '', words)}/{quantity(row['denominator'], '', words)}"


def _silent(groups: list[str], top: float, ink: Ink, words: Words) -> dict[str, Any]:
    """A short hatched stub for each group that did not report; it stands for no number."""
    return {
        "type": "bar", "orientation": "h", "x": [top * 0.12] * len(groups), "y": groups, "marker": ink.hatched(),
        "hovertemplate": words("figure.unreported") + "<extra></extra>", "showlegend": False,
    }  # fmt: skip
