"""Members who reported to their community: how many, of which kind, what they took on; conduct by street and quarter.

Counts below five are hidden by the reader; here they are shown as <5, never as zero.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from dashboard.cards.reading import Reading, has_values, level_name, parts_level, row_of, total
from dashboard.cards.types import Drawing
from dashboard.figures.heat import Column, heat
from dashboard.figures.stacked import Kind, stacked
from dashboard.figures.trend import Series, trend
from dashboard.numbers import is_missing, number, quantity
from data.catalogue import INDICATORS
from data.query import Period, Selection, completed_quarter
from data.satisfaction import months_back
from data.schema.vocabulary import AreaLevel

if TYPE_CHECKING:
    from dashboard.theme import Ink
    from dashboard.view import View
    from dashboard.wording import Words
    from data.query import Reader

REPORTED = "members_reported"
KINDS = ("members_direct", "members_serving", "members_retired", "members_mobile")
WORK = (REPORTED, "member_report_rate", "urgent_per_thousand", "post_claim_rate")
TRIGGERED, RECTIFIED = "conduct_triggered", "conduct_rectified"
QUARTERS = 4
MOST_ROWS = 18


def _level(reading: Reading) -> str:
    """Streets under a city, because members report in the urban streets alone; else the next level."""
    if reading.view.area is None and AreaLevel.STREET.value in reading.reader.levels:
        return AreaLevel.STREET.value
    return parts_level(reading.reader, reading.view)


def _telling(frame: pd.DataFrame) -> list[str]:
    """Groups with a value or a hidden one, the largest first."""
    rows = frame[frame["value"].notna() | frame["suppressed"]]
    rows = rows[rows["suppressed"] | (rows["value"] > 0)]
    return [str(group) for group in rows.sort_values("value", ascending=False, na_position="last")["group"]]


def course(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Members reported, month by month."""
    reading = Reading(reader, view, words)
    title = words("coverage.members.title_none")
    if not reader.months:
        return reading.empty(title, words("reading.no_months"))
    period = Period(reader.months[0], reading.month)
    frame = reading.figures([REPORTED], by="month", period=period)[REPORTED]
    if not has_values(frame):
        return reading.empty(title, words("coverage.members.nothing"))
    now = {key: row_of(found) for key, found in reading.figures(WORK).items()}
    title = words(
        "coverage.members.title", n=quantity(now[REPORTED]["value"], "", words),
        rate=quantity(now["member_report_rate"]["value"], "%", words, decimals=1),
    )  # fmt: skip
    return Drawing(
        title=title, subtitle=reading.line(words.of(INDICATORS[REPORTED]), reading.place, reading.when(period)),
        figure=trend(series=[Series(indicator=INDICATORS[REPORTED], figures=frame)], ink=ink, words=words, from_zero=True),
        note=words("coverage.members.note"), alt=title, **reading.foot([REPORTED], frame.tail(1)),
    )  # fmt: skip


def composition(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Members by kind and area."""
    reading = Reading(reader, view, words)
    title = words("coverage.kinds.title_none")
    if not reader.months:
        return reading.empty(title, words("reading.no_months"))
    level = _level(reading)
    found = reading.figures((REPORTED, *KINDS), by=level)
    order = _telling(found[REPORTED])[:MOST_ROWS]
    if not order:
        return reading.empty(title, words("coverage.members.nothing"))
    kinds = [
        Kind(indicator=INDICATORS[key], figures=found[key].set_index("group").loc[order].reset_index()) for key in KINDS
    ]
    whole = {key: total(frame) for key, frame in reading.figures(KINDS).items()}
    first = max(whole, key=lambda key: whole[key])
    everything = sum(whole.values())
    if everything:
        title = words(
            "coverage.kinds.title", kind=words.of(INDICATORS[first]), share=f"{whole[first] / everything:.0%}"
        )
    return Drawing(
        title=title, subtitle=reading.line(words("coverage.kinds.subtitle"), level_name(level, words), reading.when()),
        figure=stacked(kinds=kinds, by=level, ink=ink, words=words), note=words("coverage.members.hidden"), alt=title,
        **(reading.foot(KINDS) | {"n": number(everything)}),
    )  # fmt: skip


def work(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Reporting rate, urgent matters solved and posts claimed, by area."""
    reading = Reading(reader, view, words)
    title = words("coverage.work.title_none")
    if not reader.months:
        return reading.empty(title, words("reading.no_months"))
    level = _level(reading)
    found = reading.figures(WORK, by=level)
    order = _telling(found[REPORTED])[:MOST_ROWS] or _telling(found["post_claim_rate"])[:MOST_ROWS]
    if not order:
        return reading.empty(title, words("coverage.members.nothing"))
    now = {key: row_of(frame) for key, frame in reading.figures(WORK).items()}
    found_words = [
        words(f"coverage.work.{name}", value=quantity(now[key]["value"], unit, words, decimals=1))
        for name, key, unit in (("per", "urgent_per_thousand", ""), ("posts", "post_claim_rate", "%"))
        if not is_missing(now[key]["value"])
    ]
    title = words("overview.headline.separator").join(found_words) or title
    columns = [Column(indicator=INDICATORS[key], figures=found[key]) for key in WORK]
    return Drawing(
        title=title, subtitle=reading.line(words("coverage.work.subtitle"), level_name(level, words), reading.when()),
        figure=heat(columns=columns, by=level, ink=ink, words=words, row_order=order, room=66), alt=title,
        **reading.foot(WORK, found["member_report_rate"]),
    )  # fmt: skip


def conduct(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Triggered by street in the last quarters, and rectified in the last; never below the street."""
    reading = Reading(reader, view, words)
    title = words("coverage.conduct.title_none")
    if not reader.months:
        return reading.empty(title, words("reading.no_months"))
    if view.selection != Selection(area=view.area):
        return reading.empty(title, words("coverage.conduct.streets_only"))
    if AreaLevel.STREET.value not in reader.levels or (
        view.area is not None and reader.level_of(view.area) == AreaLevel.COMMUNITY.value
    ):
        return reading.empty(title, words("coverage.conduct.streets_only"))
    quarters = _quarters(reading)
    level = AreaLevel.STREET.value
    frames = [(quarter, reading.figures([TRIGGERED], by=level, period=quarter)[TRIGGERED]) for quarter in quarters]
    if not frames or not has_values(*(frame for _, frame in frames)):
        return reading.empty(title, words("reading.none"))
    columns = [
        Column(indicator=INDICATORS[TRIGGERED], figures=frame, title=quarter_name(quarter, words), period=quarter)
        for quarter, frame in frames
    ]
    last = quarters[-1]
    rectified = reading.figures([RECTIFIED], by=level, period=last)[RECTIFIED]
    columns.append(
        Column(
            indicator=INDICATORS[RECTIFIED], figures=rectified, period=last,
            title=words("coverage.conduct.rectified", quarter=quarter_name(last, words)),
        )
    )  # fmt: skip
    order = list(dict.fromkeys(group for _, frame in frames[::-1] for group in _telling(frame)))[:MOST_ROWS]
    if not order:
        return reading.empty(title, words("coverage.conduct.nothing"))
    whole = row_of(reading.figures([TRIGGERED], period=last)[TRIGGERED])
    done = row_of(reading.figures([RECTIFIED], period=last)[RECTIFIED])
    title = words(
        "coverage.conduct.title", quarter=quarter_name(last, words), n=_count(whole["value"], words),
        done=_count(done["value"], words),
    )  # fmt: skip
    return Drawing(
        title=title, subtitle=reading.line(words("coverage.conduct.subtitle"), reading.place),
        figure=heat(columns=columns, by=level, ink=ink, words=words, row_order=order, room=66),
        note=words("coverage.conduct.note"), alt=title, **reading.foot((TRIGGERED,), period=last),
    )  # fmt: skip


def _count(value: Any, words: Words) -> str:
    return words("figure.suppressed_mark") if is_missing(value) else quantity(value, "", words)


def _quarters(reading: Reading) -> list[Period]:
    """The last completed quarters the store covers, oldest first."""
    found: list[Period] = []
    quarter = completed_quarter(reading.month)
    while len(found) < QUARTERS and quarter.start >= reading.reader.months[0]:
        found.append(quarter)
        quarter = completed_quarter(months_back(quarter.start, 1))
    return found[::-1]


def quarter_name(quarter: Period, words: Words) -> str:
    """2026年三季度."""
    year, month = quarter.end.split("-")
    return words("coverage.quarter", year=year, quarter=words(f"coverage.quarter_{int(month) // 3}"))
