"""Answers on a scale of five, as bars of one length: how the answers of each group are shared out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from dashboard.figures.canvas import canvas
from dashboard.figures.labels import cut
from dashboard.figures.plotted import numbers, plotted
from dashboard.numbers import is_missing, number
from dashboard.theme import Ink
from dashboard.wording import Words

ROW_PX = 30
# A share narrower than this has no room for its number.
PRINTED = 0.06


def likert(
    *,
    answers: Mapping[str, pd.DataFrame],
    names: Sequence[str],
    by: str | None,
    ink: Ink,
    words: Words,
    click: str | None = "area",
) -> dict[str, Any]:
    """One bar a group, the worst answer on the left; the browser scales counts to shares, the counts stay as read.

    Args:
        answers: indicator key → figures of counts, worst answer first, the same groups in each.
        names: what the answers are called. by: what the groups are.
    """
    frames = list(answers.values())
    if not frames:
        return canvas([], ink)
    counts = pd.DataFrame({key: frame["value"].astype(float).to_numpy() for key, frame in answers.items()})
    totals = counts.sum(axis=1, min_count=1)
    kept = [i for i in range(len(counts)) if not is_missing(totals.iloc[i]) and totals.iloc[i] > 0]
    groups = [str(frames[0]["group"].iloc[i]) for i in kept]
    labels = [str(frames[0]["label"].iloc[i]) for i in kept]
    # Faded towards the card, so that the text's own colour can be read on each in every theme.
    worst, best = ink.diverging[0], ink.diverging[-1]
    colours = (ink.fade(worst, 0.6), ink.fade(worst, 0.28), ink.absent, ink.fade(best, 0.35), ink.fade(best, 0.7))
    traces = []
    for at, (key, name) in enumerate(zip(answers, names, strict=True)):
        values = [counts[key].iloc[i] for i in kept]
        shares = [v / totals.iloc[i] if not is_missing(v) else 0.0 for v, i in zip(values, kept, strict=True)]
        meta = plotted(key, axis="x", groups=groups, by=by, click=click)
        traces.append(
            {
                "type": "bar", "orientation": "h", "x": numbers(values), "y": list(range(len(kept))), "name": name,
                "marker": {"color": colours[at], "line": {"color": ink.card, "width": ink.px(1)}},
                "text": [f"{share:.0%}" if share >= PRINTED else "" for share in shares], "textposition": "inside",
                "insidetextanchor": "middle", "textangle": 0, "constraintext": "none",
                "textfont": {"size": ink.small, "color": ink.ink},
                "hovertext": [
                    words("likert.hover", place=label, answer=name, share=f"{share:.1%}", count=number(value or 0))
                    for label, share, value in zip(labels, shares, values, strict=True)
                ],
                "hoverinfo": "text", "meta": meta,
            }
        )  # fmt: skip
    return canvas(
        traces, ink, barmode="stack", barnorm="percent", bargap=0.26, legend={"traceorder": "normal", "y": 1.0},
        margin={"l": ink.px(8), "r": ink.px(12), "t": ink.px(26), "b": ink.px(8)},
        xaxis={"range": [0, 100], "ticksuffix": "%", "showgrid": False, "nticks": 5, "zeroline": False},
        yaxis={
            "range": [len(kept) - 0.4, -0.6], "tickvals": list(range(len(kept))), "showgrid": False, "zeroline": False,
            "ticktext": [cut(label, 18) for label in labels], "tickfont": {"color": ink.ink, "size": ink.text},
        },
    )  # fmt: skip
