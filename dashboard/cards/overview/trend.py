"""The chosen indicator over the months: interval, threshold, breaks, the city behind a part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.cards.changes import change_of
from dashboard.cards.overview.map import subject
from dashboard.cards.reading import Reading, has_values
from dashboard.cards.types import Drawing
from dashboard.figures.trend import DRAWN_PX, Series, Threshold, trend
from dashboard.numbers import quantity
from data.catalogue import INDICATORS
from data.query import Period, Selection
from data.satisfaction import change_since_last_wave, is_comparable, method_breaks, months_back

if TYPE_CHECKING:
    from dashboard.theme import Ink
    from dashboard.view import View
    from dashboard.wording import Words
    from data.query import Reader

SATISFACTION = "satisfaction"


def course(reader: Reader, view: View, ink: Ink, words: Words, *, drawn_px: float = DRAWN_PX) -> Drawing:
    """The course of the chosen indicator.

    Args:
        drawn_px: height of the drawn lines at 1×, by which the names at their ends are kept apart.
    """
    reading = Reading(reader, view, words)
    if not reader.months:
        return reading.empty(words("overview.trend.title_empty"), words("reading.no_months"))
    key = subject(reading)
    indicator = INDICATORS[key]
    title = words("overview.trend.title_none", name=words.of(indicator))
    period = Period(reader.months[0], reading.month)
    mine = reading.figures([key], by="month", period=period)[key]
    if not has_values(mine):
        return reading.empty(title, words("reading.none"))
    series = [Series(indicator=indicator, figures=mine, name=reading.place, colour=ink.accent)]
    if view.selection != Selection():
        city = reading.figures([key], by="month", period=period, selection=Selection())[key]
        series.append(Series(indicator=indicator, figures=city, name=reader.city.name, is_context=True))
    threshold = None
    if indicator.target is not None:
        value = quantity(indicator.target, indicator.unit, words)
        threshold = Threshold(indicator.target, words("overview.trend.threshold", value=value))
    breaks = {}
    if key == SATISFACTION:
        breaks = {
            month: words(
                "figure.method_break", after=words(f"method.{after}") if words.has(f"method.{after}") else after
            )
            for month, (_, after) in method_breaks(reader).items()
        }
    figure = trend(
        series=series[::-1], ink=ink, words=words, threshold=threshold, breaks=breaks,
        from_zero=indicator.unit not in ("%", "‰"), drawn_px=drawn_px,
    )  # fmt: skip
    title = _finding(reading, key)
    return Drawing(
        title=title,
        subtitle=reading.line(words.of(indicator), reading.place, reading.when(period)),
        figure=figure,
        note=words("overview.trend.note") if indicator.is_binomial else None,
        alt=title,
        **(reading.foot([key], mine.tail(1)) | {"n": ""}),
    )


def _finding(reading: Reading, key: str) -> str:
    """Since the last survey or the last month, and since a year ago."""
    if key == SATISFACTION:
        found = change_since_last_wave(reading.reader, reading.month, reading.view.selection)
        if found is not None:
            year = months_back(found.wave, 12)
            return _against(reading, key, found.wave, found.before, year)
    return _against(reading, key, reading.month, months_back(reading.month, 1), months_back(reading.month, 12))


def _against(reading: Reading, key: str, month: str, before: str | None, year: str) -> str:
    words, indicator = reading.words, INDICATORS[key]
    now = reading.rows([key], period=Period.of(month))[key]
    sentences = [
        words(
            "overview.trend.now", name=words.of(indicator),
            value=quantity(now["value"], indicator.unit, words, decimals=indicator.decimals),
        )
    ]  # fmt: skip
    months = reading.reader.months
    since = words("change.since_wave" if key == SATISFACTION else "change.since_month")
    for earlier, name in ((before, since), (year, words("change.since_year"))):
        if earlier is None or earlier not in months:
            continue
        then = reading.rows([key], period=Period.of(earlier))[key]
        change = change_of(
            then, now, indicator, words, since=name, is_comparable=is_comparable(reading.reader, key, earlier, month)
        )
        if change is not None:
            sentences.append(change.text)
    return words("overview.headline.separator").join(sentences)
