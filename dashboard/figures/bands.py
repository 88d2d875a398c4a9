"""Compounds in three bands of the 60 % rule: how many in each, and the doubtful ones with probability and interval."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.figures.canvas import canvas
from dashboard.figures.intervals import IntervalRow, Line, interval_rows
from dashboard.figures.labels import cut
from dashboard.figures.plotted import clickable, plotted
from dashboard.numbers import number
from dashboard.theme import Ink
from dashboard.wording import Words
from data.statistics.bands import SatisfactionBand

BANDS = (SatisfactionBand.RED, SatisfactionBand.REVIEW, SatisfactionBand.GREEN, SatisfactionBand.UNKNOWN)
# Key of the text table and marker symbol of each band: red and green are told apart without colour.
BAND_KEYS = {
    SatisfactionBand.RED: "red", SatisfactionBand.REVIEW: "review", SatisfactionBand.GREEN: "green",
    SatisfactionBand.UNKNOWN: "unknown",
}  # fmt: skip
SIGNS = {SatisfactionBand.RED: "diamond", SatisfactionBand.REVIEW: "triangle-up", SatisfactionBand.GREEN: "circle"}


# A part shorter than this share of the longest bar has no room for its number.
PRINTED = 0.1


def band_name(band: str, words: Words) -> str:
    """红, 待复核, 绿, 未上报 in the language of the page."""
    return words(f"band.{BAND_KEYS[SatisfactionBand(band)]}")


def band_colour(band: str, ink: Ink) -> str:
    """Colour of a band's marks; 未上报 is the hatch's."""
    return {
        SatisfactionBand.RED: ink.alert, SatisfactionBand.REVIEW: ink.warn, SatisfactionBand.GREEN: ink.good,
    }.get(SatisfactionBand(band), ink.hatch)  # fmt: skip


def bands(*, frame: pd.DataFrame, threshold: float, ink: Ink, words: Words) -> dict[str, Any]:
    """One row a compound: posterior mean, 95 % interval, the raw value as a hollow dot, P(below) and n at the right.

    Args:
        frame: columns group, label, place, mid, low, high, raw (all per cent), band, chance (P(below) as text), valid, hover,
            is_current (the raw value is of the wave shown), is_low_response. Rows in the order to draw them.
        threshold: per cent.
    """
    rows = []
    for row in frame.to_dict("records"):
        flag = words("bands.low_response") if row["is_low_response"] else ""
        meta = plotted("satisfaction", axis="x", groups=[row["group"]], by="compound", click="profile")
        rows.append(
            IntervalRow(
                label=row["label"], place=row["place"], group=row["group"], mid=float(row["mid"]),
                low=float(row["low"]), high=float(row["high"]), raw=float(row["raw"]), hover=row["hover"],
                colour=band_colour(row["band"], ink), sign=SIGNS.get(SatisfactionBand(row["band"]), "circle"),
                remark=words("bands.remark", p=row["chance"], n=number(row["valid"]), flag=flag),
                meta=clickable([row["group"]], "profile"),
                raw_meta=meta if row["is_current"] else clickable([row["group"]], "profile"),
            )
        )  # fmt: skip
    line = Line(at=threshold, label=words("bands.line", value=f"{threshold:g}%"), colour=ink.alert)
    return interval_rows(rows=rows, ink=ink, line=line, head=words("bands.head"), remark_width=9.5)


def band_counts(*, frame: pd.DataFrame, ink: Ink, words: Words) -> dict[str, Any]:
    """Stacked bars: compounds in each band by area.

    Args:
        frame: one row an area, from the top down: group, label and one column a `SatisfactionBand` value with counts.
    """
    places = list(range(len(frame)))
    groups = frame["group"].tolist()
    names = [band.value for band in BANDS]
    totals = frame[names].sum(axis=1)
    most = max(float(totals.max()) if len(frame) else 0.0, 1.0)
    traces = []
    for band in BANDS:
        counts = [int(n) for n in frame[band.value]]
        marker: dict[str, Any] = ink.hatched() if band is SatisfactionBand.UNKNOWN else {
            "color": band_colour(band, ink), "line": {"color": ink.card, "width": ink.px(1)},
        }  # fmt: skip
        if band is SatisfactionBand.GREEN:
            marker["color"] = ink.fade(ink.good, 0.55)
        traces.append(
            {
                "type": "bar", "orientation": "h", "x": counts, "y": places, "name": band_name(band, words),
                "marker": marker, "text": [str(n) if n >= most * PRINTED else "" for n in counts], "textposition": "inside",
                "insidetextanchor": "middle", "textangle": 0, "constraintext": "none", "textfont": {"size": ink.small, "color": _on(band, ink)},
                "hovertext": [
                    words("bands.count_hover", place=label, band=band_name(band, words), count=n)
                    for label, n in zip(frame["label"], counts, strict=True)
                ],
                "hoverinfo": "text", "meta": clickable(groups, "area"),
            }
        )  # fmt: skip
    notes = [
        {
            "x": float(total), "y": at, "xanchor": "left", "xshift": ink.px(6), "showarrow": False,
            "text": words("bands.count_note", red=red, review=review), "font": {"size": ink.small, "color": ink.muted},
        }
        for at, (total, red, review) in enumerate(
            zip(totals, frame[SatisfactionBand.RED.value], frame[SatisfactionBand.REVIEW.value], strict=True)
        )
    ]  # fmt: skip
    return canvas(
        traces,
        ink,
        annotations=notes,
        barmode="stack",
        bargap=0.28,
        margin={"l": ink.px(8), "r": ink.px(12), "t": ink.px(26), "b": ink.px(8)},
        legend={"traceorder": "normal", "y": 1.02},
        xaxis={"showgrid": True, "zeroline": False, "range": [0, most * 1.42], "nticks": 6},
        yaxis={
            "range": [len(frame) - 0.4, -0.6], "tickvals": places, "showgrid": False,
            "ticktext": [cut(str(label), 18) for label in frame["label"]],
            "tickfont": {"color": ink.ink, "size": ink.text},
        },
    )  # fmt: skip


def _on(band: SatisfactionBand, ink: Ink) -> str:
    return ink.card if band is SatisfactionBand.RED else ink.ink
