"""The map of the city with its compounds, and the towns in which they pile up."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.cards.mapping import as_marks, compound_states, grounded, located, map_note, map_period
from dashboard.cards.reading import Reading, any_key, best_and_worst, choices, has_values, level_name
from dashboard.cards.types import Drawing
from dashboard.figures.choropleth import choropleth
from dashboard.figures.ground import Town
from dashboard.figures.town_maps import town_maps
from dashboard.grounds import ground_of, towns_of
from dashboard.numbers import number, quantity
from data.catalogue import INDICATORS, Indicator
from data.query import Period
from data.satisfaction import latest_wave

if TYPE_CHECKING:
    from dashboard.theme import Ink
    from dashboard.view import View
    from dashboard.wording import Words
    from data.query import Reader

KEYS = ("satisfaction", "branch_coverage", "committee_rate", "fee_collection_rate", "case_on_time_rate", "compounds")


def subject(reading: Reading) -> str:
    """The indicator of map, towns and trend: the chosen one; else satisfaction, or compounds where nobody was asked."""
    view = reading.view
    if view.indicator is None and latest_wave(reading.reader, reading.month, view.selection) is None:
        return "compounds"
    return any_key(view, KEYS[0])


def city_map(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Areas by the chosen indicator, compounds by state."""
    reading = Reading(reader, view, words)
    if not reader.months:
        return reading.empty(words("overview.map.title_none"), words("reading.no_months"))
    key = subject(reading)
    indicator = INDICATORS[key]
    period = map_period(reading, key)
    found = grounded(reading, key, period)
    if found is None:
        return reading.empty(words("overview.map.title_none"), words("overview.map.no_shapes"))
    ground, areas = found
    if not has_values(areas) and not areas["expected"].fillna(0).any():
        nothing = reading.empty(words("overview.map.title_none"), words("reading.not_here"))
        chips = choices(view, KEYS if key in KEYS else (*KEYS, key), key, words)
        return replace(nothing, choices=chips, has_every_indicator=True)
    states = compound_states(reading, key, period, ink, located(reading))
    shown, crowd = as_marks(states, ground.bounds, words)
    figure = choropleth(
        areas=areas, indicator=indicator, ground=ground, ink=ink, words=words, points=shown, selected=view.area,
        is_legend_below=True,
    )  # fmt: skip
    title = _finding(areas, indicator, ground.level, reading)
    foot = reading.foot([key], areas, period=period)
    return Drawing(
        title=title,
        subtitle=reading.line(words.of(indicator), level_name(ground.level, words), reading.when(period)),
        figure=figure,
        note=map_note(ground, words, crowd),
        choices=choices(view, KEYS if key in KEYS else (*KEYS, key), key, words),
        has_every_indicator=True,
        alt=title,
        **foot,
    )


def _finding(areas: pd.DataFrame, indicator: Indicator, level: str, reading: Reading) -> str:
    """How many areas surely miss the target, or the two ends; and how many did not report."""
    words = reading.words
    name = level_name(level, words)
    values, expected = (areas[field].to_numpy(dtype=float) for field in ("value", "expected"))
    silent = int((np.isnan(values) & (expected > 0)).sum())
    tail = words("overview.map.silent", n=silent, level=name) if silent else ""
    if indicator.target is not None and indicator.is_binomial and not np.isnan(values).all():
        below = int((areas["high"].to_numpy(dtype=float) < indicator.target).sum())
        target = quantity(indicator.target, indicator.unit, words)
        key = "overview.map.below" if below else "overview.map.none_below"
        return words(key, n=below, level=name, target=target) + tail
    ends = best_and_worst(areas, indicator.direction)
    if ends is None:
        known = areas[areas["value"].notna()]
        if known.empty:
            return words("overview.map.title_none")
        row: dict[str, Any] = {str(k): v for k, v in known.iloc[0].items()}
        return words("overview.map.one", name=row["label"], value=_value(row, indicator, words)) + tail
    best, worst = ends
    high = words(
        "overview.map.best" if indicator.direction else "overview.map.most",
        name=best["label"], value=_value(best, indicator, words),
    )  # fmt: skip
    tied = int((values == worst["value"]).sum())
    key = "overview.map.tied" if tied > 1 else "overview.map.worst" if indicator.direction else "overview.map.fewest"
    low = words(key, name=worst["label"], n=tied, level=name, value=_value(worst, indicator, words))
    return high + low + tail


def _value(row: dict[str, Any], indicator: Indicator, words: Words) -> str:
    return quantity(row["value"], indicator.unit, words, decimals=indicator.decimals)


def town_view(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """The county seats at their own scale, compounds by state of the chosen indicator."""
    reading = Reading(reader, view, words)
    title = words("overview.towns.title_none")
    if not reader.months:
        return reading.empty(title, words("reading.no_months"))
    key = subject(reading)
    points = located(reading)
    ground = ground_of(reader, None)
    if points.empty or ground is None:
        return reading.empty(title, words("overview.towns.no_points"))
    period: Period = map_period(reading, key)
    towns = [town for town in towns_of(reader) if _is_shown(town, reading) and _is_in(town, points).any()]
    states = compound_states(reading, key, period, ink, points)
    # Boxes of neighbours overlap.
    inside = int(np.any([_is_in(town, points) for town in towns], axis=0).sum()) if towns else 0
    if not towns:
        return reading.empty(title, words("overview.towns.no_points"))
    title = words("overview.towns.title", n=number(inside), total=number(len(points)), towns=len(towns))
    # Each town gathers its own, or one cell would hold a whole town.
    marks = {town.name: as_marks(states, town.bounds, words, is_small=True) for town in towns}
    crowd = next((note for _, note in marks.values() if note), "")
    notes = map_note(ground, words, crowd)
    return Drawing(
        title=title,
        subtitle=reading.line(words.of(INDICATORS[key]), words("overview.towns.subtitle"), reading.when(period)),
        hint=words("overview.towns.hint"),
        figure=town_maps(
            towns=towns, points={name: found for name, (found, _) in marks.items()}, ground=ground, ink=ink
        ),
        n=number(len(points)),
        note=notes,
        as_of=reading.foot([], period=period)["as_of"],
        source=INDICATORS[key].source,
        alt=title,
        queries=tuple(reading.queries),
    )


def _is_in(town: Town, points: pd.DataFrame) -> NDArray[np.bool_]:
    """Which of the points lie in the town's box."""
    west, south, east, north = town.bounds
    lon, lat = points["lon"].to_numpy(dtype=float), points["lat"].to_numpy(dtype=float)
    return np.asarray((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north))


def _is_shown(town: Town, reading: Reading) -> bool:
    """Whether the town belongs to the area looked at; boxes of neighbours overlap."""
    area = reading.view.area
    return area is None or bool({area, *reading.reader.ancestors(area)} & set(town.codes))
