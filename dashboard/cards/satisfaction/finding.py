"""The finding of the page in a sentence, and its figures in tiles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from dashboard.cards.changes import not_comparable
from dashboard.cards.satisfaction.subject import (
    QUESTIONS,
    RATE,
    between,
    estimates_of,
    figure_of,
    needs_months,
    needs_wave,
    percent,
    place_of,
)
from dashboard.cards.types import Change, Drawing, Query, Tile, Tone
from dashboard.numbers import change as change_text
from dashboard.numbers import is_missing, month_name, number, parts, signed
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue import indicator as indicator_of
from data.query import Period
from data.satisfaction import Change as RateChange
from data.satisfaction import change_since_last_wave, is_comparable, latest_wave, waves
from data.statistics.bands import SatisfactionBand
from data.statistics.intervals import difference

if TYPE_CHECKING:
    from data.query import Reader

TILES = (*QUESTIONS, "survey_response_rate")


def change_sentence(change: RateChange | None, words: Words) -> str:
    """How the rate moved since the wave before, hedged by its interval."""
    if change is None or change.before is None:
        return words("satisfaction.change_first")
    before = month_name(change.before, words)
    if change.value is None:
        return words("satisfaction.change_withheld", before=before)
    if not change.is_discernible:
        return words(
            "satisfaction.change_same", before=before, low=signed(change.low or 0, 1), high=signed(change.high or 0, 1)
        )
    key = "satisfaction.change_up" if change.value > 0 else "satisfaction.change_down"
    return words(key, before=before, points=number(abs(change.value), 1), low=signed(change.low or 0, 1),
                 high=signed(change.high or 0, 1))  # fmt: skip


@needs_months
def headline(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """The finding of the page in one sentence."""
    month = view.month_of(reader)
    wave = latest_wave(reader, month, view.selection)
    place = place_of(reader, view, words)
    if wave is None:
        return Drawing(
            title=words("satisfaction.headline_none", place=place), subtitle=words("satisfaction.empty_survey")
        )
    row = figure_of(reader, RATE, view.selection, wave)
    counts = estimates_of(reader, view)["band"].value_counts()
    title = words(
        "satisfaction.headline", place=place, value=percent(row["value"], words), range=between(row["low"], row["high"], decimals=1),
        change=change_sentence(change_since_last_wave(reader, month, view.selection), words),
        red=int(counts.get(SatisfactionBand.RED, 0)), review=int(counts.get(SatisfactionBand.REVIEW, 0)),
    )  # fmt: skip
    return Drawing(
        title=title, subtitle=words("satisfaction.rule"),
        queries=(Query(key=RATE, selection=view.selection, period=Period.of(wave)),),
    )  # fmt: skip


@needs_wave
def tiles(reader: Reader, view: View, ink: Ink, words: Words, wave: str) -> Drawing:
    """Satisfaction, the three senses, how many answered."""
    asked = waves(reader, view.month_of(reader), view.selection)
    before = asked[-2] if len(asked) > 1 else None
    period = Period(reader.months[0], view.month_of(reader))
    found = reader.indicators(TILES, view.selection, by="month", period=period)
    comparable = before is None or is_comparable(reader, RATE, before, wave)
    shown = tuple(_tile(key, found[key].set_index("group"), asked, wave, before, comparable, words) for key in TILES)
    return Drawing(
        title=words("satisfaction.tiles"), tiles=shown, as_of=month_name(wave, words), source=indicator_of(RATE).source,
        queries=tuple(Query(key=key, selection=view.selection, period=Period.of(wave)) for key in TILES),
    )  # fmt: skip


def _tile(
    key: str, course: pd.DataFrame, asked: list[str], wave: str, before: str | None, comparable: bool, words: Words
) -> Tile:
    indicator = indicator_of(key)
    row = course.loc[wave].to_dict()
    raw = None if is_missing(row["value"]) else float(row["value"])
    value, unit = parts(raw, indicator.unit, words, decimals=indicator.decimals)
    spark = tuple(None if is_missing(v) else float(v) for v in course["value"].reindex(asked[-12:]))
    n = ""
    if not is_missing(row["low"]):
        n = words(
            "satisfaction.tile_n", range=between(row["low"], row["high"], decimals=1), n=number(row["denominator"])
        )
    earlier = course.loc[before].to_dict() if before else None
    return Tile(
        key=key, label=words.of(indicator), raw=raw, value=value, unit=unit, n=n, spark=spark,
        change=_tile_change(key, row, earlier, words) if comparable else not_comparable(words),
    )  # fmt: skip


def _tile_change(key: str, row: Any, earlier: Any, words: Words) -> Change | None:
    indicator = indicator_of(key)
    if earlier is None or is_missing(row["value"]) or is_missing(earlier["value"]):
        return None
    gap = float(row["value"]) - float(earlier["value"])
    if indicator.is_binomial:
        found = difference(earlier["numerator"], earlier["denominator"], row["numerator"], row["denominator"])
        if not found.is_discernible:
            return Change(direction="same", text=words("value.no_change"))
    elif gap == 0:
        return Change(direction="same", text=words("satisfaction.tile_equal"))
    tone: Tone = "neutral" if indicator.direction == 0 else "good" if gap * indicator.direction > 0 else "bad"
    text = change_text(gap, indicator.unit, words, decimals=indicator.decimals)
    return Change(direction="up" if gap > 0 else "down", text=text, tone=tone)
