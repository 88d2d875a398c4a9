"""The six levels of the response chain: how far each is built, and at which of them cases were closed."""

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

_LEFT, _RIGHT = (0.0, 0.47), (0.55, 1.0)


@dataclass(frozen=True, kw_only=True)
class Level:
    """One level: how far it is built (one row of figures), and the cases closed at it (one row)."""

    name: str
    built: Indicator
    built_figures: pd.DataFrame
    closed: Indicator
    closed_figures: pd.DataFrame


def chain(*, levels: Sequence[Level], ink: Ink, words: Words, titles: tuple[str, str]) -> dict[str, Any]:
    """Two panels with the levels as rows, the first on top.

    Args:
        titles: above the panel of rates and the panel of cases.
    """
    rows = [*levels][::-1]
    cases = [_first(level.closed_figures) for level in rows]
    total = sum(float(row["value"]) for row in cases if not is_missing(row["value"]))
    most = max((float(row["value"]) for row in cases if not is_missing(row["value"])), default=1.0) or 1.0
    traces: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    for place, (level, case) in enumerate(zip(rows, cases, strict=True)):
        built = _first(level.built_figures)
        is_known = not is_missing(built["value"])
        traces.append(_bar(level.built, built, place, "", ink.accent, ink, words))
        if is_known:
            text = shown(built, level.built, words)
            if not is_missing(built["denominator"]):
                text += f"  {quantity(built['numerator'], '', words)}/{quantity(built['denominator'], '', words)}"
        else:
            traces.append(_silent(place, ink, words))
            text = words("figure.unreported")
        notes.append(_note(text, float(built["value"]) if is_known else 14.0, place, "", ink))
        traces.append(_bar(level.closed, case, place, "2", ink.series[0], ink, words))
        if not is_missing(case["value"]):
            share = float(case["value"]) / total * 100 if total else 0.0
            text = words("figure.count_share", count=quantity(case["value"], "", words), share=f"{share:.0f}%")
            notes.append(_note(text, float(case["value"]), place, "2", ink))
    notes += [
        {
            "text": f"<b>{title}</b>", "xref": "paper", "x": side[0], "xanchor": "left", "yref": "paper", "y": 1,
            "yanchor": "bottom", "showarrow": False, "font": {"size": ink.text, "color": ink.ink},
        }
        for title, side in zip(titles, (_LEFT, _RIGHT), strict=True)
    ]  # fmt: skip
    places = [*range(len(rows))]
    across = {"showgrid": False, "tickvals": places, "range": [-0.55, len(rows) - 0.45]}
    return canvas(
        traces, ink, annotations=notes, showlegend=False, barmode="overlay", bargap=0.4,
        xaxis={"domain": [*_LEFT], "range": [0, 160 if ink.theme == "wall" else 145], "tickmode": "array", "tickvals": [0, 50, 100], "ticktext": ["0%", "50%", "100%"], "showgrid": True},
        xaxis2={"domain": [*_RIGHT], "range": [0, most * 2], "anchor": "y2", "nticks": 4, "showgrid": True,
                "tickformat": ",d", "rangemode": "tozero"},
        yaxis={**across, "tickmode": "array", "ticktext": [row_name(level.name, 18, is_wall=ink.theme == "wall") for level in rows]},
        yaxis2={**across, "anchor": "x2", "showticklabels": False},
        margin={"l": ink.px(4), "r": ink.px(4), "t": ink.px(22), "b": ink.px(4)},
    )  # fmt: skip


def _first(figures: pd.DataFrame) -> dict[str, Any]:
    if figures.empty:
        return dict.fromkeys(("value", "numerator", "denominator", "low", "high", "reported", "expected")) | {
            "suppressed": False, "label": "",
        }  # fmt: skip
    return {str(name): value for name, value in figures.iloc[0].items()}


def _bar(
    indicator: Indicator, row: dict[str, Any], place: int, axis: str, colour: str, ink: Ink, words: Words
) -> dict[str, Any]:
    return {
        "type": "bar", "orientation": "h", "x": numbers([row["value"]]), "y": [place], "xaxis": f"x{axis}",
        "yaxis": f"y{axis}", "marker": {"color": colour}, "hovertext": [hover(row, indicator, words)],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "meta": plotted(indicator.key, axis="x", groups=["total"], by=None),
    }  # fmt: skip


def _silent(place: int, ink: Ink, words: Words) -> dict[str, Any]:
    return {
        "type": "bar", "orientation": "h", "x": [12], "y": [place], "marker": ink.hatched(),
        "hovertemplate": words("figure.unreported") + "<extra></extra>",
    }  # fmt: skip


def _note(text: str, x: float, place: int, axis: str, ink: Ink) -> dict[str, Any]:
    return {
        "text": text, "x": x, "y": place, "xref": f"x{axis}", "yref": f"y{axis}", "xanchor": "left",
        "xshift": ink.px(5), "showarrow": False, "font": {"size": ink.small, "color": ink.muted},
    }  # fmt: skip
