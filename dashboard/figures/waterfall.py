"""From one balance to another: what was added, what was taken away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from dashboard.figures.canvas import canvas
from dashboard.figures.labels import wrap
from dashboard.theme import Ink

# Columns of print above one bar.
TEXT_COLUMNS = 13


@dataclass(frozen=True, kw_only=True)
class Step:
    """One bar: a balance stands on the axis, a gain or loss on the balance before it.

    Attributes:
        amount: as read, never negative for a balance; the sign says up or down for a change.
        text: as printed. indicator, by, group: how the amount was read (None: computed here).
    """

    name: str
    amount: float
    kind: Literal["balance", "change"]
    text: str
    hover: str
    indicator: str | None = None
    by: str | None = None
    group: str = "total"
    is_good: bool | None = None


def waterfall(*, steps: Sequence[Step], ink: Ink) -> dict[str, Any]:
    """Bars joined by hairlines. Losses and gains are told apart by direction, colour and sign of their text."""
    traces = []
    lines = []
    level = 0.0
    tops: list[float] = []
    # An amount whose unit is long has the unit under it, so that it keeps to its bar.
    texts = [wrap(step.text, TEXT_COLUMNS) for step in steps]
    for place, step in enumerate(steps):
        base = 0.0 if step.kind == "balance" else min(level, level + step.amount)
        after = step.amount if step.kind == "balance" else level + step.amount
        tops.append(max(level, after) if step.kind == "change" else after)
        meta: dict[str, Any] = {"groups": [step.group], "by": step.by, "field": "value", "axis": "y"}
        if step.indicator:
            meta["indicator"] = step.indicator
        colour = ink.series[0] if step.kind == "balance" else ink.good if step.is_good else ink.series[1]
        traces.append(
            {
                "type": "bar",
                "x": [place],
                "y": [abs(step.amount)],
                "base": [base],
                "width": 0.62,
                "marker": {"color": colour},
                "text": [texts[place]],
                "textposition": "outside",
                "textfont": {"size": ink.text, "color": ink.ink},
                "cliponaxis": False,
                "constraintext": "none",
                "hovertext": [step.hover],
                "hoverinfo": "text",
                "showlegend": False,
                "meta": meta,
            }
        )
        if place + 1 < len(steps):
            lines.append(
                {
                    "type": "line", "x0": place + 0.31, "x1": place + 0.69, "y0": after, "y1": after,
                    "line": {"color": ink.edge, "width": ink.px(1)},
                }
            )  # fmt: skip
        level = after
    return canvas(
        traces,
        ink,
        margin={
            "l": ink.px(8),
            "r": ink.px(8),
            "t": ink.px(40 if any("<br>" in text for text in texts) else 22),
            "b": ink.px(8),
        },
        barmode="overlay",
        xaxis={
            "tickvals": list(range(len(steps))),
            "ticktext": [wrap(step.name, 14) for step in steps],
            "tickfont": {"color": ink.ink, "size": ink.text},
            "range": [-0.55, len(steps) - 0.45],
            "zeroline": False,
        },
        yaxis={"visible": False, "range": [0, max([*tops, 1.0]) * 1.12]},
        shapes=lines,
    )
