"""Who answered, and how their answers are shared out on the scale of five."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from dashboard.cards.satisfaction.subject import (
    area_rows,
    breakdown,
    empty,
    estimates_of,
    figure_of,
    foot,
    level_name,
    needs_wave,
    percent,
    place_of,
    subtitle,
    with_compounds,
)
from dashboard.cards.types import Drawing, Query
from dashboard.figures.columns import stacked_columns
from dashboard.figures.intervals import Line, interval_rows
from dashboard.figures.likert import likert
from dashboard.numbers import is_missing, month_name, number
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue import indicator as indicator_of
from data.query import Period
from data.satisfaction import LOW_RESPONSE, waves

if TYPE_CHECKING:
    from data.query import Reader

SCORES = tuple(f"survey_score{i}" for i in range(1, 6))
RESPONSE = "survey_response_rate"
MOST_ROWS = 12
SHOWN_WAVES = 12


@needs_wave
def response(reader: Reader, view: View, ink: Ink, words: Words, wave: str) -> Drawing:
    """Response rate by area, the lowest first; how many compounds fall under the line."""
    by = breakdown(reader, view)
    period = Period.of(wave)
    frame = reader.indicator(RESPONSE, view.selection, period=period, by=by)
    row = figure_of(reader, RESPONSE, view.selection, wave)
    if is_missing(row["value"]):
        return empty(words("satisfaction.response_none"), words("satisfaction.response_none_why"))
    estimates = estimates_of(reader, view)
    low, asked = int(estimates["is_low_response"].sum()), int((estimates["valid"] > 0).sum())
    title = words("satisfaction.response_title" if low else "satisfaction.response_fine", count=low, asked=asked,
                  value=percent(row["value"], words), line=f"{LOW_RESPONSE:.0%}")  # fmt: skip
    ranked = with_compounds(frame).sort_values(["value", "group"], na_position="last", ignore_index=True)
    note = words("satisfaction.note_response")
    if len(ranked) > MOST_ROWS:
        note += words("satisfaction.note_cut_more", shown=MOST_ROWS, total=len(ranked))
    return Drawing(
        title=title,
        subtitle=subtitle(words, words("satisfaction.response_sub"), level_name(by, words), month_name(wave, words)),
        figure=interval_rows(
            rows=area_rows(ranked.head(MOST_ROWS), RESPONSE, by, words, colour=ink.series[0], missing_colour=ink.hatch),
            ink=ink, missing=words("value.unreported"), head=words("satisfaction.row_head"), remark_width=8.5, name_width=18, ticks=3,
            line=Line(at=LOW_RESPONSE * 100, label=words("satisfaction.response_line", value=f"{LOW_RESPONSE:.0%}"), colour=ink.alert),
        ),
        **foot(reader, RESPONSE, row, wave, words), note=note, alt=title,
        queries=(Query(key=RESPONSE, selection=view.selection, period=period, by=by),),
    )  # fmt: skip


@needs_wave
def scale(reader: Reader, view: View, ink: Ink, words: Words, wave: str) -> Drawing:
    """Answers from 1 to 5 on the overall question by area."""
    by = breakdown(reader, view)
    period = Period.of(wave)
    found = reader.indicators(SCORES, view.selection, period=period, by=by)
    whole = reader.indicators(SCORES, view.selection, period=period)
    totals = [whole[key]["value"].iloc[0] for key in SCORES]
    known = [0.0 if is_missing(value) else float(value) for value in totals]
    if sum(known) == 0:
        return empty(words("satisfaction.scale_none"), words("satisfaction.scale_none_why"))
    worst = known[0] / sum(known)
    middle = known[2] / sum(known)
    title = words("satisfaction.scale_title", worst=f"{worst:.0%}", middle=f"{middle:.0%}")
    counted = pd.DataFrame({key: found[key]["value"].astype(float) for key in SCORES})
    size, bad = counted.sum(axis=1), counted[list(SCORES[:2])].sum(axis=1)
    # The areas with most unhappy answers stand on top.
    order = (bad / size.where(size > 0)).sort_values(ascending=False, na_position="last").index[:MOST_ROWS]
    return Drawing(
        title=title,
        subtitle=subtitle(words, words("satisfaction.scale_sub"), level_name(by, words), month_name(wave, words)),
        figure=likert(
            answers={key: found[key].loc[order].reset_index(drop=True) for key in SCORES}, by=by, ink=ink, words=words,
            names=[words(f"likert.answer{i}") for i in range(1, 6)], click="profile" if by == "compound" else "area",
        ),
        n=number(sum(known)), as_of=month_name(wave, words), source=indicator_of(SCORES[0]).source, alt=title,
        note=words("satisfaction.note_first_bad", shown=MOST_ROWS, total=int((size > 0).sum())) if (size > 0).sum() > MOST_ROWS else None,
        queries=tuple(Query(key=key, selection=view.selection, period=period, by=by) for key in SCORES),
    )  # fmt: skip


@needs_wave
def sizes(reader: Reader, view: View, ink: Ink, words: Words, wave: str) -> Drawing:
    """Valid answers wave by wave."""
    asked = waves(reader, view.month_of(reader), view.selection)[-SHOWN_WAVES:]
    period = Period(asked[0], wave)
    frame = reader.indicator("survey_valid", view.selection, by="month", period=period)
    frame = frame[frame["group"].isin(asked)]
    values = frame["value"].astype(float)
    title = words(
        "satisfaction.sizes_title",
        last=number(float(values.iloc[-1])),
        low=number(values.min()),
        high=number(values.max()),
    )
    return Drawing(
        title=title, subtitle=subtitle(words, words.of(indicator_of("survey_valid")), place_of(reader, view, words)),
        figure=stacked_columns(parts=[(indicator_of("survey_valid"), frame)], ink=ink, words=words, totals=False, most_ticks=4),
        n=number(float(values.iloc[-1])), as_of=month_name(wave, words), source=indicator_of("survey_valid").source, alt=title,
        queries=(Query(key="survey_valid", selection=view.selection, period=period, by="month"),),
    )  # fmt: skip
