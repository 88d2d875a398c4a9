"""Committees by number of seats, and whether members hold the share of seats the rule asks for."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from dashboard.figures.canvas import canvas
from dashboard.figures.labels import wrap
from dashboard.figures.state_bars import state_marker
from dashboard.numbers import number
from dashboard.theme import Ink
from dashboard.wording import Words

# In two lines in English, as the labels beside it are.
_UNREPORTED_COLUMNS = 8
STATES = ("met", "unmet", "unreported")
_LOOKS = {"met": "present", "unmet": "absent", "unreported": "unreported"}


def seats_needed(seats: int, share: float) -> int:
    """The fewest of `seats` that are at least `share` (0–1) of them: 5 → 3, 7 → 5, 9 → 6 at 60 %."""
    return math.ceil(round(seats * share, 9))


def seats_figure(*, counts: pd.DataFrame, share: float, ink: Ink, words: Words) -> dict[str, Any]:
    """Stacked columns, one a size of committee.

    Args:
        counts: columns seats (0: not reported), met, unmet, unreported; one row a size, ascending.
        share: of the rule, 0–1.
    """
    places = [*range(len(counts))]
    texts = [
        words("coverage.seats.axis", seats=seats, needed=seats_needed(seats, share))
        if seats
        else wrap(words("figure.unreported"), _UNREPORTED_COLUMNS)
        for seats in counts["seats"].astype(int)
    ]
    traces: list[dict[str, Any]] = []
    for state in STATES:
        values = [int(value) for value in counts[state]]
        if not any(values):
            continue
        name = words(f"coverage.seats.{state}")
        traces.append(
            {
                "type": "bar", "name": name, "x": places, "y": [value or None for value in values],
                "marker": state_marker(_LOOKS[state], ink),
                "text": [number(value) if value else "" for value in values], "textposition": "inside",
                "insidetextanchor": "middle", "textangle": 0, "constraintext": "none",
                "textfont": {"size": ink.small, "color": ink.card if state == "met" else ink.ink},
                "hovertemplate": name + " %{y}<extra></extra>",
            }
        )  # fmt: skip
    return canvas(
        traces, ink, barmode="stack", bargap=0.4, showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 0, "yref": "container", "yanchor": "bottom", "traceorder": "normal",
                "itemclick": False, "itemdoubleclick": False},
        xaxis={"tickmode": "array", "tickvals": places, "ticktext": texts, "zeroline": False},
        yaxis={"rangemode": "tozero", "nticks": 5, "tickformat": ",d"},
        margin={"l": ink.px(4), "r": ink.px(4), "t": ink.px(6), "b": ink.px(30)},
    )  # fmt: skip
