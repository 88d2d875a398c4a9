"""Stations with the six 有, their coverage, volunteers, conventions, links and agreements."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from dashboard.cards.reading import Reading, has_values, level_name, parts_level, row_of
from dashboard.cards.rows import dated_rows
from dashboard.cards.types import Drawing
from dashboard.figures.heat import Column, heat
from dashboard.figures.indicator_rows import indicator_rows
from dashboard.numbers import quantity
from data.catalogue import INDICATORS

if TYPE_CHECKING:
    from dashboard.theme import Ink
    from dashboard.view import View
    from dashboard.wording import Words
    from data.query import Reader

SIX = (
    "party_stations", "six_has_place", "six_has_equipment", "six_has_sign", "six_has_flag", "six_has_reading",
    "six_has_rules", "six_have_rate",
)  # fmt: skip
STATIONS = ("station_community_rate", "station_urban_street_rate", "party_station_rate", "station_group_rate")
PEOPLE = (
    "volunteer_teams", "volunteer_activities", "team_rate", "convention_rate", "notice_board_rate", "wechat_rate",
    "unit_link_rate", "agreement_rate",
)  # fmt: skip


def six_have(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """The six 有 of party stations by area."""
    reading = Reading(reader, view, words)
    title = words("coverage.six.title_none")
    if not reader.months:
        return reading.empty(title, words("reading.no_months"))
    level = parts_level(reader, view)
    found = reading.figures(SIX, by=level)
    if not has_values(*(found[key] for key in SIX[1:])):
        return reading.empty(title, words("reading.none"))
    whole = {key: row_of(frame) for key, frame in reading.figures(SIX).items()}
    known = [(float(row["value"]), key) for key, row in whole.items() if key in SIX[1:7] and pd.notna(row["value"])]
    value, weakest = min(known)
    title = words(
        "coverage.six.title", n=quantity(whole["six_have_rate"]["numerator"], "", words),
        total=quantity(whole["six_have_rate"]["denominator"], "", words), weakest=words.of(INDICATORS[weakest]),
        value=f"{value:.1f}%",
    )  # fmt: skip
    columns = [Column(indicator=INDICATORS[key], figures=found[key]) for key in SIX]
    return Drawing(
        title=title, subtitle=reading.line(words("coverage.six.subtitle"), level_name(level, words), reading.when()),
        figure=heat(columns=columns, by=level, ink=ink, words=words, room=96), note=words("coverage.six.note"), alt=title,
        **reading.foot(SIX, found["six_have_rate"]),
    )  # fmt: skip


def stations(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """How far stations reach: communities, urban streets, party groups in them."""
    reading = Reading(reader, view, words)
    title = words("coverage.stations.title_none")
    if not reader.months:
        return reading.empty(title, words("reading.no_months"))
    rows, is_known = dated_rows(reading, STATIONS)
    if not is_known:
        return reading.empty(title, words("reading.none"))
    counts = reading.figures(("stations", "stations_urban"))
    title = words(
        "coverage.stations.title", n=quantity(row_of(counts["stations"])["value"], "", words),
        urban=quantity(row_of(counts["stations_urban"])["value"], "", words),
    )  # fmt: skip
    return Drawing(
        title=title, subtitle=reading.line(words("coverage.stations.subtitle"), reading.place, reading.when()),
        figure=indicator_rows(rows=rows, ink=ink, words=words, before_name=words("change.year_ago")), alt=title,
        **reading.foot(STATIONS, rows[0].figures),
    )  # fmt: skip


def people(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Volunteer teams and activities, conventions, notice boards, groups, linked units, agreements."""
    reading = Reading(reader, view, words)
    title = words("coverage.people.title_none")
    if not reader.months:
        return reading.empty(title, words("reading.no_months"))
    level = parts_level(reader, view)
    found = reading.figures(PEOPLE, by=level)
    if not has_values(*found.values()):
        return reading.empty(title, words("reading.none"))
    whole = {key: row_of(frame) for key, frame in reading.figures(PEOPLE).items()}
    title = words(
        "coverage.people.title", teams=quantity(whole["volunteer_teams"]["value"], "", words),
        rate=quantity(whole["team_rate"]["value"], "%", words, decimals=1),
        links=quantity(whole["unit_link_rate"]["value"], "%", words, decimals=1),
    )  # fmt: skip
    columns = [Column(indicator=INDICATORS[key], figures=found[key]) for key in PEOPLE]
    return Drawing(
        title=title, subtitle=reading.line(words("coverage.people.subtitle"), level_name(level, words), reading.when()),
        figure=heat(columns=columns, by=level, ink=ink, words=words, room=150), alt=title,
        **reading.foot(PEOPLE, found["team_rate"]),
    )  # fmt: skip
