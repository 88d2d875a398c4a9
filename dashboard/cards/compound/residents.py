"""What residents say: whether the compound really lies below 60 %, the course of its rate, the three senses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dashboard.cards.compound.subject import (
    About,
    compare,
    comparison_queries,
    comparison_row,
    needs_compound,
    peer_rule,
    references,
)
from dashboard.cards.satisfaction.finding import change_sentence
from dashboard.cards.satisfaction.subject import (
    QUESTIONS,
    RATE,
    THRESHOLD,
    between,
    breaks_in_words,
    chance,
    empty,
    percent,
    subtitle,
)
from dashboard.cards.types import Drawing, Query
from dashboard.figures.bands import SIGNS, band_colour, band_name
from dashboard.figures.dumbbell import Block, dumbbell
from dashboard.figures.intervals import IntervalRow, Line, interval_rows
from dashboard.figures.plotted import plotted
from dashboard.figures.trend import Series, Threshold, trend
from dashboard.numbers import is_missing, month_name, number
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue import indicator as indicator_of
from data.query import Period, Selection
from data.satisfaction import LOW_RESPONSE, change_since_last_wave
from data.statistics.bands import RED_PROBABILITY, REVIEW_PROBABILITY, SatisfactionBand
from data.statistics.intervals import wilson

if TYPE_CHECKING:
    from data.query import Reader


def _answer(chosen: About, words: Words) -> str:
    """Yes, no, or not yet: the sentence a leader asked for."""
    e = chosen.estimate
    assert e is not None
    told = {
        "p": chance(e["p_below"]), "raw": percent(e["raw"] * 100, words), "n": number(e["valid"]),
        "range": between(e["low"] * 100, e["high"] * 100),
    }  # fmt: skip
    if e["band"] == SatisfactionBand.RED:
        return words("compound.answer_red", **told)
    if e["band"] == SatisfactionBand.REVIEW:
        return words("compound.answer_review", **told)
    return words("compound.answer_green_raw" if e["raw"] * 100 < THRESHOLD else "compound.answer_green", **told)


@needs_compound
def verdict(reader: Reader, view: View, ink: Ink, words: Words, chosen: About) -> Drawing:
    """Raw value, shrunk value, street, city and peers against the line."""
    e = chosen.estimate
    if e is None:
        return empty(words("compound.unasked"), words("compound.unasked_why"))
    wave = str(e["wave"])
    period = Period.of(wave)
    found = compare(reader, chosen, (RATE,), period)[RATE]
    peers = reader.indicator(RATE, period=period, by="compound")
    peers = peers[peers["group"].isin(chosen.peers.ids) & peers["numerator"].notna()]
    colour = band_colour(e["band"], ink)

    def row(name: str, figures: dict[str, Any] | None, tone: str) -> IntervalRow:
        known = figures is not None and not is_missing(figures["value"])
        value, low, high = (float(figures[k]) if known and figures else None for k in ("value", "low", "high"))
        text = percent(value, words) if known else words("value.unreported")
        size = number(float(figures["denominator"])) if known and figures else "0"
        return IntervalRow(
            label=name, mid=value, low=low, high=high, colour=tone, remark=text,
            hover=words("satisfaction.sense_hover", name=name, value=text, range=between(low, high, decimals=1) if known else "", n=size),
            meta=plotted(RATE, axis="x", groups=["total"], by=None),
        )  # fmt: skip

    pooled = wilson(np.asarray(peers["numerator"].sum()), np.asarray(peers["denominator"].sum()))
    street_name, city_name, peer_name = ["", *references(reader, chosen, words)][-3:]
    shrunk = IntervalRow(
        label=words("compound.row_shrunk"), mid=e["shrunk"] * 100, low=e["low"] * 100, high=e["high"] * 100, colour=colour,
        sign=SIGNS.get(SatisfactionBand(e["band"]), "circle"), remark=percent(e["shrunk"] * 100, words),
        hover=words("satisfaction.hover_shrunk", value=percent(e["shrunk"] * 100, words),
                    range=between(e["low"] * 100, e["high"] * 100, decimals=1)),
    )  # fmt: skip
    rows = [shrunk, row(words("compound.row_raw"), found.own, ink.muted)]
    if found.street is not None:
        rows.append(row(street_name, found.street, ink.series[0]))
    rows.append(row(city_name, found.city, ink.series[0]))
    if len(peers):
        rows.append(
            IntervalRow(
                label=peer_name, mid=float(pooled.estimate) * 100, low=float(pooled.low) * 100, high=float(pooled.high) * 100,
                colour=ink.series[0], remark=percent(float(pooled.estimate) * 100, words), hover=peer_rule(reader, chosen, words),
            )
        )  # fmt: skip
    figure = interval_rows(
        rows=rows, ink=ink, line=Line(at=THRESHOLD, label=words("satisfaction.line"), colour=ink.alert),
        missing=words("value.unreported"), name_width=18, remark_width=4.5,
    )  # fmt: skip
    note = words(
        "compound.rule",
        band=band_name(e["band"], words),
        red=f"{RED_PROBABILITY:.0%}",
        review=f"{REVIEW_PROBABILITY:.0%}",
    )
    if e["is_low_response"]:
        note += words(
            "compound.low_response", value=percent(e["response"] * 100, words, decimals=0), line=f"{LOW_RESPONSE:.0%}"
        )
    title = _answer(chosen, words)
    return Drawing(
        title=title, subtitle=subtitle(words, words("compound.question"), month_name(wave, words)), figure=figure,
        n=number(e["valid"]), as_of=month_name(wave, words), source=indicator_of(RATE).source, note=note, alt=title,
        queries=comparison_queries(chosen, [found]),
    )  # fmt: skip


@needs_compound
def course(reader: Reader, view: View, ink: Ink, words: Words, chosen: About) -> Drawing:
    """The compound's rate wave by wave with its interval, the city behind it."""
    if chosen.estimate is None:
        return empty(words("compound.unasked"), words("compound.unasked_why"))
    period = Period(reader.months[0], chosen.month)
    own = reader.indicator(RATE, chosen.selection, by="month", period=period)
    city = reader.indicator(RATE, by="month", period=period)
    change = change_since_last_wave(reader, chosen.month, chosen.selection)
    title = words("compound.course_title", change=change_sentence(change, words))
    figure = trend(
        series=[
            Series(indicator=indicator_of(RATE), figures=city, name=reader.city.name, is_context=True),
            Series(indicator=indicator_of(RATE), figures=own, colour=ink.accent),
        ],
        ink=ink, words=words, threshold=Threshold(THRESHOLD, words("satisfaction.line")), breaks=breaks_in_words(reader, words),
    )  # fmt: skip
    asked = own[own["denominator"].fillna(0) > 0]
    return Drawing(
        title=title, subtitle=subtitle(words, words("satisfaction.rate_interval"), chosen.name), figure=figure,
        n=words("satisfaction.n_range", low=number(asked["denominator"].min()), high=number(asked["denominator"].max())),
        as_of=month_name(str(asked["group"].iloc[-1]), words), source=indicator_of(RATE).source, alt=title,
        queries=(Query(key=RATE, selection=chosen.selection, period=period, by="month"),
                 Query(key=RATE, selection=Selection(), period=period, by="month")),
    )  # fmt: skip


@needs_compound
def senses(reader: Reader, view: View, ink: Ink, words: Words, chosen: About) -> Drawing:
    """The overall question and the three senses against street, city and peers."""
    if chosen.estimate is None:
        return empty(words("compound.unasked"), words("compound.unasked_why"))
    wave = str(chosen.estimate["wave"])
    found = compare(reader, chosen, (*QUESTIONS, "survey_response_rate"), Period.of(wave))
    rows = [comparison_row(reader, chosen, one, words) for one in found.values()]
    below = [
        words.of(indicator_of(key))
        for key, one in found.items()
        if not is_missing(one.own["high"]) and one.peers is not None and one.own["high"] < one.peers
    ]
    title = words("compound.senses_below", names=words.listed(below)) if below else words("compound.senses_same")
    return Drawing(
        title=title, subtitle=subtitle(words, words("compound.senses_sub"), month_name(wave, words)),
        figure=dumbbell(blocks=[Block(rows=rows)], own=chosen.name, references=references(reader, chosen, words), ink=ink,
                        missing=words("value.unreported"), remark_width=4),
        n=number(chosen.estimate["valid"]), as_of=month_name(wave, words), source=indicator_of(RATE).source,
        note=peer_rule(reader, chosen, words), alt=title, queries=comparison_queries(chosen, found.values()),
    )  # fmt: skip
