"""The sentence the page opens with, and the figures a leader asks for first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dashboard.cards.changes import change_of
from dashboard.cards.reading import Reading
from dashboard.cards.types import Change, Drawing, Tile
from dashboard.numbers import is_missing, number, parts, quantity
from data.catalogue import INDICATORS
from data.query import Period
from data.satisfaction import is_comparable, is_month_without_survey, latest_wave, months_back, red_compounds, waves

if TYPE_CHECKING:
    from dashboard.theme import Ink
    from dashboard.view import View
    from dashboard.wording import Words
    from data.query import Reader

SATISFACTION, COLLECTION = "satisfaction", "fee_collection_rate"
MONTHLY = ("branch_coverage", COLLECTION, "case_on_time_rate", "committee_rate")
TILES = ("branch_coverage", SATISFACTION, COLLECTION, "case_on_time_rate", "committee_rate")
# The page a tile leads to.
LEADS_TO = {
    "branch_coverage": "coverage", SATISFACTION: "satisfaction", COLLECTION: "companies",
    "committee_rate": "coverage",
}  # fmt: skip
SPARK_MONTHS = 24
SPARK_WAVES = 12


def headline(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Satisfaction with its change, compounds in the red band, and the change of the collection rate."""
    reading = Reading(reader, view, words)
    if not reader.months:
        return Drawing(title=words("overview.headline.empty"), alt=words("overview.headline.empty"))
    base = reading.rows(["compounds", "companies"])
    compounds, companies = (quantity(base[key]["value"], "", words) for key in ("compounds", "companies"))
    parts_of: list[str] = []
    wave = latest_wave(reader, reading.month, view.selection)
    if wave is not None:
        rate, change = _satisfaction(reading, wave)
        value = quantity(rate["value"], "%", words, decimals=1)
        parts_of.append(words("overview.headline.satisfaction", value=value, change=change.text if change else ""))
        red = len(red_compounds(reader, reading.month, view.selection))
        parts_of.append(words("overview.headline.red" if red else "overview.headline.no_red", n=red))
    collected, before = _now_and_before(reading, COLLECTION)
    change = change_of(before, collected, INDICATORS[COLLECTION], words, since=words("change.since_year"))
    if change is not None:
        parts_of.append(words("overview.headline.collection", change=change.text))
    elif not is_missing(collected["value"]):
        value = quantity(collected["value"], "%", words, decimals=1)
        parts_of.append(words("overview.headline.collection_level", value=value))
    title = words("overview.headline.separator").join(part for part in parts_of if part)
    if not title:
        title = words("overview.headline.registers", place=reading.place, compounds=compounds, companies=companies)
    subtitle = reading.line(
        reading.place, reading.when(), words("overview.headline.sizes", compounds=compounds, companies=companies)
    )
    return Drawing(title=title, subtitle=subtitle, alt=title, queries=tuple(reading.queries))


def _satisfaction(reading: Reading, wave: str) -> tuple[dict[str, Any], Change | None]:
    """The rate of a wave, and its change since the wave before."""
    earlier = [w for w in waves(reading.reader, wave, reading.view.selection) if w < wave]
    now = reading.rows([SATISFACTION], period=Period.of(wave))[SATISFACTION]
    if not earlier:
        return now, None
    before = reading.rows([SATISFACTION], period=Period.of(earlier[-1]))[SATISFACTION]
    words = reading.words
    change = change_of(
        before, now, INDICATORS[SATISFACTION], words, since=words("change.since_wave"),
        is_comparable=is_comparable(reading.reader, SATISFACTION, earlier[-1], wave),
    )  # fmt: skip
    return now, change


def _now_and_before(reading: Reading, key: str) -> tuple[dict[str, Any], dict[str, Any]]:
    now = reading.rows([key])[key]
    year = reading.year_before()
    before = reading.rows([key], period=year)[key] if year else {}
    return now, before


def tiles(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Five figures with change, n and course."""
    reading = Reading(reader, view, words)
    title = words("overview.tiles.title")
    if not reader.months:
        return reading.empty(title, words("reading.no_months"))
    now = reading.rows([*MONTHLY, "branch_fallback"])
    earlier = months_back(reading.month, 1)
    has_before = earlier in reader.months
    before = reading.rows(MONTHLY, period=Period.of(earlier)) if has_before else {}
    recent = reading.back(SPARK_MONTHS)
    courses = {key: reading.values(key, period=recent) for key in (*MONTHLY, SATISFACTION)}
    shown = []
    for key in TILES:
        if key == SATISFACTION:
            shown.append(_satisfaction_tile(reading, courses[key]))
            continue
        row = now[key]
        change = change_of(
            before[key] if has_before else {}, row, INDICATORS[key], words, since=words("change.since_month")
        )
        shown.append(_tile(reading, key, row, change, tuple(courses[key]), _size(key, row, now, words)))
    return Drawing(title=title, tiles=tuple(shown), alt=title, **_foot(reading))


def _foot(reading: Reading) -> dict[str, Any]:
    foot = reading.foot([])
    return {"as_of": foot["as_of"], "queries": foot["queries"]}


def _satisfaction_tile(reading: Reading, course: Sequence[float | None]) -> Tile:
    words = reading.words
    wave = latest_wave(reading.reader, reading.month, reading.view.selection)
    if wave is None:
        tile = _tile(reading, SATISFACTION, {"value": None}, None, (), "")
        is_idle = is_month_without_survey(reading.reader, SATISFACTION, reading.month)
        return replace(tile, value=words("value.no_survey")) if is_idle else tile
    row, change = _satisfaction(reading, wave)
    known = tuple(value for value in course if value is not None)[-SPARK_WAVES:]
    n = words("overview.tiles.survey", n=number(float(row["denominator"])), wave=reading.when(Period.of(wave)))
    if not is_missing(row["low"]):
        half = (float(row["high"]) - float(row["low"])) / 2
        n = reading.line(words("overview.tiles.half_width", half=number(half, 1)), n)
    return _tile(reading, SATISFACTION, row, change, known, n)


def _tile(
    reading: Reading, key: str, row: dict[str, Any], change: Change | None, course: tuple[float | None, ...], n: str
) -> Tile:
    indicator = INDICATORS[key]
    raw = None if is_missing(row["value"]) else float(row["value"])
    value, unit = parts(row["value"], indicator.unit, reading.words, decimals=indicator.decimals)
    page = LEADS_TO.get(key)
    return Tile(
        key=key, label=reading.words.of(indicator), raw=raw, value=value, unit=unit, change=change, n=n, spark=course,
        click=reading.view.on(page).href() if page else None,
    )  # fmt: skip


def _size(key: str, row: dict[str, Any], now: dict[str, Any], words: Words) -> str:
    """What a share is of, in the terms of its subject."""
    if is_missing(row["value"]) or is_missing(row["numerator"]) or is_missing(row["denominator"]):
        return ""
    have, said = float(row["numerator"]), float(row["denominator"])
    if key == COLLECTION:
        return words("overview.tiles.due", due=quantity(said, "元", words))
    if key == "case_on_time_rate":
        return words("overview.tiles.cases", due=number(said), late=number(said - have))
    unreported = max(float(row["expected"]) - float(row["reported"]), 0) if not is_missing(row["expected"]) else 0
    texts = [words("overview.tiles.have", have=number(have), said=number(said))]
    if key == "branch_coverage":
        fallback = now["branch_fallback"]["numerator"]
        if not is_missing(fallback) and float(fallback) > 0:
            texts.append(words("overview.tiles.fallback", n=number(float(fallback))))
    if unreported:
        texts.append(words("overview.tiles.unreported", n=number(unreported)))
    return words("text.middot").join(texts)
