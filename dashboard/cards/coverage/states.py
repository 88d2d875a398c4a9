"""Coverage in three states and 兜底: by area for five subjects, and one tile a compound for the chosen one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from dashboard.cards.mapping import unit_states
from dashboard.cards.reading import Reading, choices, chosen_key, level_name, next_below, parts_level, row_of
from dashboard.cards.types import Drawing
from dashboard.figures.state_bars import STATES, States, state_bars
from dashboard.figures.unit_chart import MOST_TILES, unit_chart
from dashboard.numbers import number
from data.catalogue import INDICATORS
from data.schema.vocabulary import AreaLevel

if TYPE_CHECKING:
    from dashboard.theme import Ink
    from dashboard.view import View
    from dashboard.wording import Words
    from data.query import Reader

BRANCH, FALLBACK = "branch_coverage", "branch_fallback"
SUBJECTS = (BRANCH, "company_branch_coverage", "committee_rate", "station_community_rate", "team_rate")
TILE_KEYS = (
    BRANCH, "committee_rate", "team_rate", "coordination_rate", "unit_link_rate", "supervisor_rate", "convention_rate",
    "notice_board_rate", "wechat_rate", "five_complete_rate",
)  # fmt: skip


def by_area(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Branches, company branches, committees, stations and teams by area."""
    reading = Reading(reader, view, words)
    title = words("coverage.states.title_none")
    if not reader.months:
        return reading.empty(title, words("reading.no_months"))
    level, click = next_below(reader, view)
    found = reading.figures((*SUBJECTS, FALLBACK), by=level)
    used = [
        key for key in SUBJECTS if found[key]["expected"].fillna(0).sum() + found[key]["denominator"].fillna(0).sum()
    ]
    if not used:
        return reading.empty(title, words("reading.none"))
    states = [
        States(
            indicator=INDICATORS[key],
            figures=found[key],
            fallback=INDICATORS[FALLBACK],
            fallback_figures=found[FALLBACK],
        )
        if key == BRANCH
        else States(indicator=INDICATORS[key], figures=found[key])
        for key in used
    ]
    whole = reading.figures(used)
    ranked = sorted((float(value), key) for key in used if pd.notna(value := row_of(whole[key])["value"]))
    if ranked:
        title = words(
            "coverage.states.title", low=words.of(INDICATORS[ranked[0][1]]), low_value=f"{ranked[0][0]:.1f}%",
            high=words.of(INDICATORS[ranked[-1][1]]), high_value=f"{ranked[-1][0]:.1f}%",
        )  # fmt: skip
    return Drawing(
        title=title,
        subtitle=reading.line(words("coverage.states.subtitle"), level_name(level, words), reading.when()),
        figure=state_bars(
            states=states,
            by=level,
            ink=ink,
            words=words,
            titles=[words(f"coverage.subject.{key}") for key in used],
            click=click,
        ),
        note=words("coverage.states.note"),
        alt=title,
        **reading.foot(used, found[used[0]]),
    )


def tiles(
    reader: Reader, view: View, ink: Ink, words: Words, *, room: tuple[float, float] = (1100, 460),
) -> Drawing:  # fmt: skip
    """One tile a compound grouped by street; bars by county where there are too many to count.

    Args:
        room: width and height to plan the tiles for, px at 1×.
    """
    reading = Reading(reader, view, words)
    key = chosen_key(view, TILE_KEYS)
    indicator = INDICATORS[key]
    title = words("coverage.tiles.title_none")
    if not reader.months:
        return reading.empty(title, words("reading.no_months"))
    offered = choices(view, TILE_KEYS, key, words)
    size = row_of(reading.figures(["compounds"])["compounds"])["value"]
    if pd.notna(size) and float(size) > MOST_TILES:
        level = parts_level(reader, view)
        found = reading.figures((key, *((FALLBACK,) if key == BRANCH else ())), by=level)
        states = States(
            indicator=indicator, figures=found[key], fallback=INDICATORS[FALLBACK] if key == BRANCH else None,
            fallback_figures=found.get(FALLBACK),
        )  # fmt: skip
        return Drawing(
            title=words("coverage.tiles.many", n=number(float(size)), name=words.of(indicator)),
            subtitle=reading.line(words.of(indicator), level_name(level, words), reading.when()),
            figure=state_bars(states=[states], by=level, ink=ink, words=words), choices=offered,
            alt=words.of(indicator), **reading.foot([key], found[key]),
        )  # fmt: skip
    rows = unit_states(reading, key, reading.period)
    if rows.empty:
        return reading.empty(title, words("reading.none"))
    units = _placed(reading, rows, key)
    counts = units["state"].value_counts()
    without = units["group"].nunique() - units.loc[units["state"] == "present", "group"].nunique()
    title = words(
        "coverage.tiles.title", name=words.of(indicator), have=number(int(counts.get("present", 0))),
        total=number(len(units)), without=number(without), level=level_name(_level(reading), words),
    )  # fmt: skip
    return Drawing(
        title=title,
        subtitle=reading.line(words("coverage.tiles.subtitle"), reading.place, reading.when()),
        hint=words("coverage.tiles.hint"),
        figure=unit_chart(units=units, indicator=indicator, ink=ink, words=words, size=room),
        choices=offered,
        note=words("coverage.tiles.note"),
        alt=title,
        **(reading.foot([key]) | {"n": number(len(units))}),
    )


def _level(reading: Reading) -> str:
    """What the tiles are grouped by: streets, in one street its communities, else counties."""
    levels, view = reading.reader.levels, reading.view
    here = AreaLevel.CITY.value if view.area is None else reading.reader.level_of(view.area)
    wanted = AreaLevel.COMMUNITY if here in (AreaLevel.STREET, AreaLevel.COMMUNITY) else AreaLevel.STREET
    return wanted.value if wanted.value in levels else AreaLevel.COUNTY.value


def _placed(reading: Reading, rows: pd.DataFrame, key: str) -> pd.DataFrame:
    """Rows of `unit_states` as the tiles need them: group and its name, hover text, ordered by place and state."""
    reader, words = reading.reader, reading.words
    register = reader.register("compound").set_index("compound_id")
    level = _level(reading)
    place = rows["group"].map(register[level]).astype(object)
    place = place.where(place.notna(), "")
    elsewhere = words("coverage.tiles.unplaced")
    title = words.of(INDICATORS[key])
    units = pd.DataFrame(
        {
            "id": rows["group"].astype(str),
            "label": rows["label"].astype(str),
            "group": place.astype(str),
            "group_label": [reader.label(str(code)) if code else elsewhere for code in place],
            "state": rows["state"].astype(str),
            "numerator": rows["numerator"],
        }
    )
    units["text"] = [
        f"<b>{label}</b><br>{where}<br>{title} {words(f'state.{state}')}"
        for label, where, state in zip(units["label"], units["group_label"], units["state"], strict=True)
    ]
    units["rank"] = units["state"].map({state: place for place, state in enumerate(STATES)})
    return units.sort_values(["group", "rank", "id"], ignore_index=True)
