"""Several indicators of one place, one row each: the value as a bar, its interval, and where it stood before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.figures.canvas import canvas
from dashboard.figures.labels import row_name
from dashboard.figures.plotted import hover, numbers, plotted, shown
from dashboard.numbers import is_missing, quantity
from dashboard.theme import Ink
from dashboard.wording import Words
from data.catalogue.types import Indicator
from data.query import Period


@dataclass(frozen=True, kw_only=True)
class IndicatorRow:
    """One indicator: its row of figures now and, if given, at an earlier period."""

    indicator: Indicator
    figures: pd.DataFrame
    before: pd.DataFrame | None = None
    before_period: Period | None = None
    name: str = ""


def indicator_rows(
    *, rows: Sequence[IndicatorRow], ink: Ink, words: Words, before_name: str = "", names: int = 20
) -> dict[str, Any]:
    """Rows in the order given, the first on top; all of one unit.

    Args:
        before_name: what the hollow mark stands for, in the legend (去年同月).
        names: columns of print of a row's name, on two lines at most.
    """
    listed = [*rows][::-1]
    is_share = all(row.indicator.unit == "%" for row in listed)
    firsts = [_first(row.figures) for row in listed]
    olds = [None if row.before is None else _first(row.before) for row in listed]
    most = max([1e-9, *(_end(one) for one in (*firsts, *olds) if one)])
    top = 100.0 if is_share else most
    traces: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    for place, (row, first, old) in enumerate(zip(listed, firsts, olds, strict=True)):
        end = max(_end(first), _end(old) if old else 0.0)
        if is_missing(first["value"]):
            traces.append(_silent(place, top, ink, words))
        traces.append(_bar(row, first, place, ink, words))
        notes.append(
            {
                "text": _text(first, row.indicator, words), "x": end if not is_missing(first["value"]) else top * 0.12,
                "y": place, "xanchor": "left", "xshift": ink.px(7), "showarrow": False,
                "font": {"size": ink.small, "color": ink.muted},
            }
        )  # fmt: skip
    seen = False
    for place, (row, old) in enumerate(zip(listed, olds, strict=True)):
        if old is not None and not is_missing(old["value"]):
            traces.append(_before(row, old, place, before_name, ink, words, is_named=not seen))
            seen = True
    return canvas(
        traces, ink, barmode="overlay", bargap=0.42, annotations=notes, showlegend=seen,
        legend={"orientation": "h", "x": 0, "y": 0, "yref": "container", "yanchor": "bottom", "itemclick": False,
                "itemdoubleclick": False},
        xaxis={"range": [0, top * 1.8], "showgrid": True, "tickmode": "array", "tickvals": [0, 50, 100], "tickangle": 0,
               "ticktext": [f"{tick}%" for tick in (0, 50, 100)]} if is_share
        else {"range": [0, top * 1.5], "showgrid": True, "nticks": 5, "tickformat": ",~f"},
        yaxis={"showgrid": False, "tickmode": "array", "tickvals": [*range(len(listed))],
               "ticktext": [row_name(row.name or words.of(row.indicator), names, is_wall=ink.theme == "wall") for row in listed],
               "range": [-0.6, len(listed) - 0.4], "zeroline": False},
        margin={"l": ink.px(4), "r": ink.px(4), "t": ink.px(4), "b": ink.px(26 if seen else 4)},
    )  # fmt: skip


def _first(figures: pd.DataFrame) -> dict[str, Any]:
    if figures.empty:
        return dict.fromkeys(("value", "numerator", "denominator", "low", "high", "reported", "expected")) | {
            "suppressed": False, "label": "",
        }  # fmt: skip
    return {str(name): value for name, value in figures.iloc[0].items()}


def _end(first: dict[str, Any]) -> float:
    end = first["value"] if is_missing(first["high"]) else first["high"]
    return 0.0 if is_missing(end) else float(end)


def _bar(row: IndicatorRow, first: dict[str, Any], place: int, ink: Ink, words: Words) -> dict[str, Any]:
    trace: dict[str, Any] = {
        "type": "bar", "orientation": "h", "x": numbers([first["value"]]), "y": [place], "showlegend": False,
        "marker": {"color": ink.series[0]}, "hovertext": [hover(first, row.indicator, words)],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "meta": plotted(row.indicator.key, axis="x", groups=["total"], by=None),
    }  # fmt: skip
    if not is_missing(first["low"]) and not is_missing(first["value"]):
        value, low, high = (float(first[k]) for k in ("value", "low", "high"))
        trace["error_x"] = {
            "type": "data", "symmetric": False, "array": [high - value], "arrayminus": [value - low], "color": ink.ink,
            "thickness": ink.px(1), "width": ink.px(3),
        }  # fmt: skip
    return trace


def _before(
    row: IndicatorRow, old: dict[str, Any], place: int, name: str, ink: Ink, words: Words, *, is_named: bool
) -> dict[str, Any]:
    meta = plotted(row.indicator.key, axis="x", groups=["total"], by=None)
    if row.before_period is not None:
        meta["period"] = [row.before_period.start, row.before_period.end]
    return {
        "type": "scatter", "mode": "markers", "x": numbers([old["value"]]), "y": [place], "name": name,
        "showlegend": is_named, "hovertext": [f"{name}<br>{hover(old, row.indicator, words)}"],
        "hovertemplate": "%{hovertext}<extra></extra>", "meta": meta,
        "marker": {"symbol": "line-ns-open", "size": ink.px(15), "color": ink.ink, "line": {"width": ink.px(2)}},
    }  # fmt: skip


def _silent(place: int, top: float, ink: Ink, words: Words) -> dict[str, Any]:
    return {
        "type": "bar", "orientation": "h", "x": [top * 0.1], "y": [place], "marker": ink.hatched(), "showlegend": False,
        "hovertemplate": words("figure.unreported") + "<extra></extra>",
    }  # fmt: skip


def _text(first: dict[str, Any], indicator: Indicator, words: Words) -> str:
    text = shown(first, indicator, words)
    if is_missing(first["numerator"]) or is_missing(first["denominator"]):
        return text
    return f"{text}  {quantity(first['numerator'], '', words)}/{quantity(first['denominator'], '', words)}"
