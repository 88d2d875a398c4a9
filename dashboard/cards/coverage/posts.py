"""Who holds which post: cross-posts, committees, seats held by members, posts in grids and buildings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from dashboard.cards.reading import Reading, has_values, level_name, parts_level, row_of, total
from dashboard.cards.rows import dated_rows
from dashboard.cards.types import Drawing
from dashboard.figures.bars import bars
from dashboard.figures.heat import Column, heat
from dashboard.figures.indicator_rows import indicator_rows
from dashboard.figures.seats import seats_figure, seats_needed
from dashboard.figures.trend import Threshold
from dashboard.numbers import number, quantity
from data.catalogue import INDICATORS

if TYPE_CHECKING:
    from dashboard.theme import Ink
    from dashboard.view import View
    from dashboard.wording import Words
    from data.query import Reader

CROSS = (
    "cadre_chair_rate", "one_shoulder_rate", "absorption_rate", "supervisor_rate", "company_secretary_from_community",
    "community_one_shoulder", "parttime_members",
)  # fmt: skip
COMMITTEES = (
    "owners_committees", "property_committees", "committee_in_term", "committee_party_share", "committee_party_majority",
)  # fmt: skip
POSTS = (
    "building_group_rate", "group_leader_rate", "grid_leader_filled", "lane_leader_rate", "building_leader_rate",
    "unit_leader_rate",
)  # fmt: skip
SHARE = "committee_party_share"


def cross_posts(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Seven ways in which posts are joined, by area."""
    reading = Reading(reader, view, words)
    title = words("coverage.cross.title_none")
    if not reader.months:
        return reading.empty(title, words("reading.no_months"))
    level = parts_level(reader, view)
    found = reading.figures(CROSS, by=level)
    if not has_values(*found.values()):
        return reading.empty(title, words("reading.none"))
    whole = reading.figures(CROSS)
    chair, shoulder = row_of(whole["cadre_chair_rate"]), row_of(whole["one_shoulder_rate"])
    title = words(
        "coverage.cross.title", cadre=quantity(chair["numerator"], "", words),
        shoulder=quantity(shoulder["value"], "%", words, decimals=1),
    )  # fmt: skip
    columns = [
        Column(indicator=INDICATORS[key], figures=found[key], title=words(f"coverage.cross.{key}")) for key in CROSS
    ]
    return Drawing(
        title=title, subtitle=reading.line(words("coverage.cross.subtitle"), level_name(level, words), reading.when()),
        figure=heat(columns=columns, by=level, ink=ink, words=words), note=words("coverage.cross.note"), alt=title,
        **reading.foot(CROSS),
    )  # fmt: skip


def committees(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Committees by kind, in term, and with the share of members the rule asks for."""
    reading = Reading(reader, view, words)
    title = words("coverage.committees.title_none")
    if not reader.months:
        return reading.empty(title, words("reading.no_months"))
    level = parts_level(reader, view)
    found = reading.figures(COMMITTEES, by=level)
    if not has_values(*found.values()):
        return reading.empty(title, words("reading.none"))
    whole = {key: row_of(frame) for key, frame in reading.figures(COMMITTEES).items()}
    if not sum(total(found[key]) for key in COMMITTEES[:2]):
        return reading.empty(title, words("coverage.committees.nothing"))
    title = words(
        "coverage.committees.title", owners=quantity(whole["owners_committees"]["value"], "", words),
        properties=quantity(whole["property_committees"]["value"], "", words),
        term=quantity(whole["committee_in_term"]["value"], "%", words, decimals=1),
    )  # fmt: skip
    columns = [Column(indicator=INDICATORS[key], figures=found[key]) for key in COMMITTEES]
    return Drawing(
        title=title,
        subtitle=reading.line(words("coverage.committees.subtitle"), level_name(level, words), reading.when()),
        figure=heat(columns=columns, by=level, ink=ink, words=words, room=46), alt=title, **reading.foot(COMMITTEES),
    )  # fmt: skip


def party_seats(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Members' share of committee seats by area, against the 60 % rule."""
    reading = Reading(reader, view, words)
    title = words("coverage.party_seats.title_none")
    if not reader.months:
        return reading.empty(title, words("reading.no_months"))
    level = parts_level(reader, view)
    found = reading.figures([SHARE], by=level)[SHARE]
    known = found[found["value"].notna()]
    if known.empty:
        return reading.empty(title, words("reading.none"))
    indicator = INDICATORS[SHARE]
    target = indicator.target or 0.0
    whole = row_of(reading.figures([SHARE])[SHARE])
    title = words(
        "coverage.party_seats.title", value=quantity(whole["value"], "%", words, decimals=1),
        n=int((known["value"] >= target).sum()), total=len(known), level=level_name(level, words),
    )  # fmt: skip
    line = Threshold(target, words("coverage.party_seats.rule", value=quantity(target, "%", words)))
    return Drawing(
        title=title, subtitle=reading.line(words.of(indicator), level_name(level, words), reading.when()),
        figure=bars(figures=known, indicator=indicator, by=level, ink=ink, words=words, target=line, most=14), alt=title,
        **reading.foot([SHARE], found),
    )  # fmt: skip


def seat_sizes(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Committees by size, and how many reach the seats the rule needs at that size."""
    reading = Reading(reader, view, words)
    title = words("coverage.seats.title_none")
    if not reader.months:
        return reading.empty(title, words("reading.no_months"))
    majority = row_of(reading.figures(["committee_party_majority"])["committee_party_majority"])
    share = (INDICATORS[SHARE].target or 0.0) / 100
    counts = seat_counts(_standing(reading), share)
    if counts.empty:
        return reading.empty(title, words("reading.none"))
    title = words(
        "coverage.seats.title", n=quantity(majority["numerator"], "", words),
        total=quantity(majority["denominator"], "", words),
    )  # fmt: skip
    return Drawing(
        title=title, subtitle=reading.line(words("coverage.seats.subtitle"), reading.place, reading.when()),
        figure=seats_figure(counts=counts, share=share, ink=ink, words=words), alt=title,
        **(reading.foot(["committee_party_majority"]) | {"n": number(int(counts[["met", "unmet", "unreported"]].sum().sum()))}),
    )  # fmt: skip


def _standing(reading: Reading) -> pd.DataFrame:
    """Committees of the selection established by the end of the month shown."""
    rows = reading.reader.register("committee", reading.view.selection)
    end = pd.Timestamp(f"{reading.month}-01") + pd.offsets.MonthEnd(0)
    return rows[rows["established_on"].isna() | (rows["established_on"] <= end)]


def seat_counts(committees: pd.DataFrame, share: float) -> pd.DataFrame:
    """Columns seats (0: not reported), met, unmet, unreported; one row a size, ascending, the unreported last."""
    sizes: dict[int, dict[str, int]] = {}
    for seats, held in zip(committees["seats"], committees["party_seats"], strict=True):
        if pd.isna(seats) or pd.isna(held):
            size, state = 0, "unreported"
        else:
            size = int(seats)
            state = "met" if int(held) >= seats_needed(size, share) else "unmet"
        row = sizes.setdefault(size, {"met": 0, "unmet": 0, "unreported": 0})
        row[state] += 1
    ordered = sorted(sizes, key=lambda size: (size == 0, size))
    return pd.DataFrame(
        [{"seats": size, **sizes[size]} for size in ordered], columns=["seats", "met", "unmet", "unreported"]
    )


def posts(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Groups and leaders in grids and buildings: filled of due."""
    reading = Reading(reader, view, words)
    title = words("coverage.posts.title_none")
    if not reader.months:
        return reading.empty(title, words("reading.no_months"))
    rows, is_known = dated_rows(reading, POSTS)
    if not is_known:
        return reading.empty(title, words("reading.none"))
    values = [(row_of(row.figures), row.indicator) for row in rows]
    known = [(float(first["value"]), first, indicator) for first, indicator in values if pd.notna(first["value"])]
    value, first, indicator = min(known, key=lambda one: one[0])
    title = words(
        "coverage.posts.title", name=words.of(indicator), value=f"{value:.1f}%",
        gap=number(float(first["denominator"]) - float(first["numerator"])),
    )  # fmt: skip
    return Drawing(
        title=title, subtitle=reading.line(words("coverage.posts.subtitle"), reading.place, reading.when()),
        figure=indicator_rows(rows=rows, ink=ink, words=words, before_name=words("change.year_ago")), alt=title,
        **reading.foot(POSTS, rows[0].figures),
    )  # fmt: skip
