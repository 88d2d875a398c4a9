"""Organisation life and deliberation: joint activities, four-party meetings, prior review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.cards.reading import Reading, has_values, row_of, total
from dashboard.cards.rows import dated_rows
from dashboard.cards.types import Drawing
from dashboard.figures.indicator_rows import indicator_rows
from dashboard.figures.stacked import Kind, stacked
from dashboard.figures.trend import Series, trend
from dashboard.numbers import number, quantity
from data.catalogue import INDICATORS

if TYPE_CHECKING:
    from dashboard.theme import Ink
    from dashboard.view import View
    from dashboard.wording import Words
    from data.query import Reader

JOINT = ("joint_lectures", "joint_theme_days", "joint_training", "joint_governance")
MEETINGS = ("four_party_rate", "four_party_full_rate", "agenda_closed_rate", "prereview_rate")
BRANCH_MEETINGS = "branch_meetings"
MONTHS = 12
COURSE_MONTHS = 24


def joint_life(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Four kinds of joint activity over a year."""
    reading = Reading(reader, view, words)
    title = words("coverage.life.title_none")
    if not reader.months:
        return reading.empty(title, words("reading.no_months"))
    period = reading.back(MONTHS)
    found = reading.figures(JOINT, by="month", period=period)
    if not has_values(*found.values()):
        return reading.empty(title, words("reading.none"))
    counts = {key: total(frame) for key, frame in found.items()}
    first = max(counts, key=lambda key: counts[key])
    title = words(
        "coverage.life.title",
        n=number(sum(counts.values())),
        kind=words.of(INDICATORS[first]),
        count=number(counts[first]),
    )
    kinds = [Kind(indicator=INDICATORS[key], figures=found[key]) for key in JOINT]
    return Drawing(
        title=title, subtitle=reading.line(words("coverage.life.subtitle"), reading.place, reading.when(period)),
        figure=stacked(kinds=kinds, by="month", ink=ink, words=words, direction="columns"), alt=title,
        **reading.foot(JOINT, found[JOINT[0]].tail(1)),
    )  # fmt: skip


def meetings(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Four-party meetings held and complete, items closed, major matters reviewed first."""
    reading = Reading(reader, view, words)
    title = words("coverage.meetings.title_none")
    if not reader.months:
        return reading.empty(title, words("reading.no_months"))
    rows, is_known = dated_rows(reading, MEETINGS)
    if not is_known:
        return reading.empty(title, words("reading.none"))
    held, _, closed, _ = (row_of(row.figures) for row in rows)
    title = words(
        "coverage.meetings.title", held=quantity(held["value"], "%", words, decimals=1),
        closed=quantity(closed["value"], "%", words, decimals=1),
    )  # fmt: skip
    return Drawing(
        title=title, subtitle=reading.line(words("coverage.meetings.subtitle"), reading.place, reading.when()),
        figure=indicator_rows(rows=rows, ink=ink, words=words, before_name=words("change.year_ago")), alt=title,
        **reading.foot(MEETINGS, rows[0].figures),
    )  # fmt: skip


def branch_meetings(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """How often branches deliberated."""
    reading = Reading(reader, view, words)
    title = words("coverage.branch_meetings.title_none")
    if not reader.months:
        return reading.empty(title, words("reading.no_months"))
    period = reading.back(COURSE_MONTHS)
    frame = reading.figures([BRANCH_MEETINGS], by="month", period=period)[BRANCH_MEETINGS]
    if not has_values(frame):
        return reading.empty(title, words("reading.none"))
    year = frame.tail(MONTHS)
    title = words(
        "coverage.branch_meetings.title", n=quantity(frame.iloc[-1]["value"], "", words), year=number(total(year))
    )
    return Drawing(
        title=title, subtitle=reading.line(words.of(INDICATORS[BRANCH_MEETINGS]), reading.place, reading.when(period)),
        figure=trend(series=[Series(indicator=INDICATORS[BRANCH_MEETINGS], figures=frame)], ink=ink, words=words, from_zero=True),
        alt=title, **reading.foot([BRANCH_MEETINGS], frame.tail(1)),
    )  # fmt: skip
