"""The monthly assessment: who was assessed, how the scores lie, how the year went."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from dashboard.cards.satisfaction.subject import (
    empty,
    needs_months,
    percent,
    place_of,
    subtitle,
    year_of,
)
from dashboard.cards.types import Drawing, Query, Tile
from dashboard.figures.histogram import Panel, histogram
from dashboard.figures.trend import Series, trend
from dashboard.numbers import is_missing, month_name, number, parts
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue import indicator as indicator_of
from data.query import Period
from data.satisfaction import inside_selection, months_back
from data.schema import assessment

if TYPE_CHECKING:
    from data.query import Reader

PARTS = ("total_score", "party_score", "service_score", "governance_score")
# Classes of the distribution of scores.
EDGES = (0, 60, 70, 80, 90, 101)
MARGIN_POINTS = 5.0
TILES = ("assessment_coverage", "assessment_score", "interviews_due", "interview_held_rate", "interview_rectified_rate")
# Rates of the loop are of a year: of the newest month's triggers hardly any is due yet.
YEARLY = ("interview_held_rate", "interview_rectified_rate")


@needs_months
def tiles(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Assessed, mean score, interviews due and closed, rewards."""
    month, year = view.month_of(reader), year_of(reader, view)
    found = reader.indicators(TILES, view.selection, by="month", period=year)
    whole = reader.indicators(YEARLY, view.selection, period=year)
    shown, queries = [], []
    for key in TILES:
        indicator = indicator_of(key)
        is_yearly = key in YEARLY
        row: Any = (whole[key] if is_yearly else found[key]).iloc[-1].to_dict()
        # Nothing assessed in the area: no interview was due and none was rewarded there, as far as anybody said.
        is_known = not is_missing(row["value"])
        raw = float(row["value"]) if is_known else None
        value, unit = parts(raw, indicator.unit, words, decimals=indicator.decimals)
        period = year if is_yearly else Period.of(month)
        n = words("satisfaction.tile_year") if is_yearly else ""
        if key == "assessment_coverage" and is_known:
            n = words("satisfaction.tile_of", count=number(row["numerator"]), total=number(row["denominator"]))
        shown.append(
            Tile(
                key=key, label=words.of(indicator), raw=raw, value=value, unit=unit, n=n or month_name(month, words),
                spark=tuple(None if is_missing(v) else float(v) for v in found[key]["value"]),
            )
        )  # fmt: skip
        queries.append(Query(key=key, selection=view.selection, period=period))
    return Drawing(
        title=words("satisfaction.section_assessment"), tiles=tuple(shown), as_of=month_name(month, words),
        source=indicator_of("assessment_score").source, queries=tuple(queries),
    )  # fmt: skip


@needs_months
def coverage(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Compounds assessed of those managed, month by month."""
    return _course(reader, view, ink, words, "assessment_coverage", "satisfaction.coverage")


@needs_months
def mean_score(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Mean score of the compounds assessed, month by month."""
    return _course(reader, view, ink, words, "assessment_score", "satisfaction.score")


def _course(reader: Reader, view: View, ink: Ink, words: Words, key: str, text: str) -> Drawing:
    month = view.month_of(reader)
    period = Period(max(reader.months[0], months_back(month, 23)), month)
    frame = reader.indicator(key, view.selection, by="month", period=period)
    known = frame[frame["value"].notna() & (frame["numerator"].fillna(0) > 0)]
    if known.empty:
        return empty(words("satisfaction.assessment_none"), words("satisfaction.assessment_none_why"))
    frame = frame[frame["group"] >= known["group"].iloc[0]]
    last: Any = known.iloc[-1].to_dict()
    indicator = indicator_of(key)
    value = percent(last["value"], words) if indicator.unit == "%" else number(float(last["value"]), 1)
    low, high = known["value"].min(), known["value"].max()
    title = words(f"{text}_title", value=value, low=number(float(low), 1), high=number(float(high), 1),
                  month=month_name(str(last["group"]), words))  # fmt: skip
    figure = trend(series=[Series(indicator=indicator, figures=frame)], ink=ink, words=words)
    if indicator.unit != "%":
        # Tenths of a point filling the chart would look like a course.
        figure["layout"]["yaxis"]["range"] = [max(0.0, float(low) - MARGIN_POINTS), float(high) + MARGIN_POINTS]
    return Drawing(
        title=title,
        subtitle=subtitle(words, words.of(indicator), place_of(reader, view, words),
                          words("satisfaction.months", start=month_name(str(frame["group"].iloc[0]), words), end=month_name(month, words))),
        figure=figure,
        n=words("satisfaction.n_compounds", n=number(float(last["denominator"]))), as_of=month_name(str(last["group"]), words),
        source=indicator.source, alt=title,
        queries=(Query(key=key, selection=view.selection, period=period, by="month"),),
    )  # fmt: skip


@needs_months
def distribution(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Scores of the month in classes, the total and its parts."""
    month = view.month_of(reader)
    of_month = assessment.c.month == month
    scores = reader.remember(("assessments", month), lambda: reader.register_rows("assessment", of_month))
    scores = inside_selection(reader, scores, month, view.selection)
    if scores.empty:
        return empty(words("satisfaction.assessment_none"), words("satisfaction.assessment_none_why"))
    panels = []
    for part in PARTS:
        known = scores[part].dropna().astype(float).to_numpy()
        counted, _ = np.histogram(known, bins=EDGES)
        names = [f"<{EDGES[1]}", *(f"{a}–{b}" for a, b in pairwise(EDGES[1:-1])), f"≥{EDGES[-2]}"]
        panels.append(
            Panel(
                title=words(f"score.{part}"), classes=names, counts=[int(n) for n in counted], colours={0: ink.alert},
                hover=[words("satisfaction.score_hover", part=words(f"score.{part}"), range=r, count=int(n))
                       for r, n in zip(names, counted, strict=True)],
            )
        )  # fmt: skip
    total = scores["total_score"].astype(float)
    title = words("satisfaction.distribution_title", median=number(total.median(), 1), low=int((total < 60).sum()),
                  high=int((total >= 90).sum()))  # fmt: skip
    return Drawing(
        title=title, subtitle=subtitle(words, words("satisfaction.distribution_sub"), place_of(reader, view, words), month_name(month, words)),
        figure=histogram(panels=panels[:2], ink=ink), n=words("satisfaction.n_compounds", n=number(len(scores))),
        as_of=month_name(month, words), source=indicator_of("assessment_score").source, alt=title,
        note=words("satisfaction.note_four_in_one"),
        queries=(Query(key="assessment_score", selection=view.selection, period=Period.of(month), by="compound"),),
    )  # fmt: skip
