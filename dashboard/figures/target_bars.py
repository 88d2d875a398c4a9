"""What was published, with its bound, beside what the store adds up to: one scale a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.figures.canvas import canvas
from dashboard.figures.labels import width, wrap
from dashboard.figures.plotted import hover, numbers, plotted
from dashboard.numbers import MONEY, is_missing, published, quantity, unit_name
from dashboard.theme import Ink
from dashboard.wording import Words
from data.catalogue.types import Indicator
from data.schema.vocabulary import Bound

_NAMES, _TEXTS = 0.3, 0.34
# Signs of a line that the texts have room for; longer ones, as in English, take from the bars.
_SIGNS, _MOST_TEXTS = 18, 0.48
_BETWEEN = 0.035
# Letters of a unit that fit beside a bar.
_LONGEST_UNIT = 5
# How the end of the published bar is drawn: open to the right, to the left, uncertain, or exact.
ENDS = {
    Bound.EXACT: "line-ns-open",
    Bound.LOWER: "triangle-right",
    Bound.NEAR: "triangle-left",
    Bound.ABOUT: "diamond-wide",
}


@dataclass(frozen=True, kw_only=True)
class Target:
    """A published figure and the computed one (one row of figures) of the same indicator.

    Attributes:
        value: as published, in the indicator's unit; None when nothing was. bound: a `Bound` value.
        field: of the figures that holds the count; unit: of that count if it is not the indicator's own.
        name: of the row; the indicator's title if empty.
    """

    indicator: Indicator
    figures: pd.DataFrame
    value: float | None = None
    bound: str = "exact"
    field: str = "value"
    unit: str = ""
    name: str = ""

    @property
    def shown_unit(self) -> str:
        """Unit of the count."""
        return self.unit if self.field != "value" else self.indicator.unit

    @property
    def decimals(self) -> int:
        """Digits of the computed count."""
        return self.indicator.decimals if self.field == "value" else 0


def target_bars(*, targets: Sequence[Target], ink: Ink, words: Words, columns: int = 1) -> dict[str, Any]:
    """One row a figure: a pale bar as far as published with a mark for its bound, a slim one as far as computed."""
    traces: list[dict[str, Any]] = []
    layout: dict[str, Any] = {}
    notes: list[dict[str, Any]] = []
    per_column = -(-len(targets) // columns)
    wide = (1 - _BETWEEN * (columns - 1)) / columns
    rows = [target.figures.iloc[0] if len(target.figures) else None for target in targets]
    counts = [None if first is None else first[target.field] for target, first in zip(targets, rows, strict=True)]
    texts = [_words_of(target, computed, words) for target, computed in zip(targets, counts, strict=True)]
    longest = max((width(line) for text in texts for line in text.split("<br>")), default=0)
    share = min(_MOST_TEXTS, _TEXTS * max(1, longest / _SIGNS))
    for place, (target, first, computed) in enumerate(zip(targets, rows, counts, strict=True)):
        column, row = divmod(place, per_column)
        axis = "" if place == 0 else str(place + 1)
        left = column * (wide + _BETWEEN)
        start, end = left + wide * _NAMES, left + wide * (1 - share)
        top, bottom = 1 - row / per_column, 1 - (row + 1) / per_column
        values = [v for v in (target.value, computed) if not is_missing(v)]
        most = max((float(v) for v in values if v is not None), default=1.0) or 1.0
        layout[f"xaxis{axis}"] = {
            "domain": [start, end], "range": [0, most * 1.06], "anchor": f"y{axis}", "visible": False,
        }  # fmt: skip
        layout[f"yaxis{axis}"] = {"domain": [bottom, top], "anchor": f"x{axis}", "visible": False, "range": [-0.5, 0.5]}
        traces += _row(target, first, axis, ink, words, is_named=place == 0)
        middle = (top + bottom) / 2
        title = target.name or words.of(target.indicator)
        notes.append(_note(wrap(title, 14, lines=3), start - 0.008, middle, "right", ink.ink, ink))
        notes.append(_note(texts[place], end + 0.008, middle, "left", ink.muted, ink))
    return canvas(
        traces, ink, annotations=notes, barmode="overlay", showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 0, "yref": "container", "yanchor": "bottom", "traceorder": "normal",
                "itemclick": False, "itemdoubleclick": False},
        margin={"l": 0, "r": 0, "t": ink.px(2), "b": ink.px(28)}, **layout,
    )  # fmt: skip


def _words_of(target: Target, computed: Any, words: Words) -> str:
    unit, decimals = target.shown_unit, target.decimals
    if len(unit_name(unit, words)) > _LONGEST_UNIT and unit != MONEY:
        # The name of the figure says what is counted.
        unit = ""
    own = quantity(computed, unit, words, decimals=decimals)
    if target.value is None:
        return own
    said = published(target.value, target.bound, words, unit=unit, decimals=decimals)
    return words("figure.published_computed", published=said, computed=own)


def _row(target: Target, first: Any, axis: str, ink: Ink, words: Words, *, is_named: bool) -> list[dict[str, Any]]:
    at = {"xaxis": f"x{axis}", "yaxis": f"y{axis}", "y": [0], "showlegend": is_named}
    traces: list[dict[str, Any]] = []
    if target.value is not None:
        said = published(target.value, target.bound, words, unit=target.shown_unit)
        tip = f"{words('figure.published')} {said}<extra></extra>"
        traces.append(
            {
                "type": "bar", "orientation": "h", "x": [target.value], "width": 0.62, "name": words("figure.published"),
                "marker": {"color": ink.absent}, "hovertemplate": tip, "legendgroup": "published", **at,
            }
        )  # fmt: skip
        traces.append(
            {
                "type": "scatter", "mode": "markers", "x": [target.value], "hovertemplate": tip, **at, "showlegend": False,
                "marker": {"symbol": ENDS[Bound(target.bound)], "size": ink.px(9), "color": ink.muted,
                           "line": {"color": ink.muted, "width": ink.px(1.5)}},
            }
        )  # fmt: skip
    if first is not None:
        row = {str(name): value for name, value in first.items()}
        traces.append(
            {
                "type": "bar", "orientation": "h", "x": numbers([row[target.field]]), "width": 0.24,
                "name": words("figure.computed"), "marker": {"color": ink.accent}, "legendgroup": "computed",
                "hovertext": [hover(row, target.indicator, words)], "hovertemplate": "%{hovertext}<extra></extra>",
                "meta": plotted(target.indicator.key, axis="x", groups=["total"], by=None, field=target.field), **at,
            }
        )  # fmt: skip
    return traces


def _note(text: str, x: float, y: float, anchor: str, colour: str, ink: Ink) -> dict[str, Any]:
    return {
        "text": text, "xref": "paper", "yref": "paper", "x": x, "y": y, "xanchor": anchor, "yanchor": "middle",
        "align": anchor, "showarrow": False, "font": {"size": ink.small, "color": colour},
    }  # fmt: skip
