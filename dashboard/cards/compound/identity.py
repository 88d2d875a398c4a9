"""Who a compound is: the sentence that sums it up, its figures, its facts and who looks after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from dashboard.cards.compound.subject import About, interval_text, needs_compound, own_rows
from dashboard.cards.satisfaction.subject import between, chance, day, is_missing_text, percent, subtitle
from dashboard.cards.types import Drawing, Fact, Query, Tile
from dashboard.figures.bands import band_name
from dashboard.numbers import is_missing, month_name, number, parts, quantity
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue import indicator as indicator_of
from data.diagnosis import companies_of
from data.query import Period

if TYPE_CHECKING:
    from data.query import Reader

# Tile → whether it is of a year: of one month a compound has too few cases and fees to say anything.
TILES = {
    "satisfaction": False, "fee_collection_rate": True, "case_on_time_rate": True, "case_callback_satisfaction": True,
    "assessment_score": False,
}  # fmt: skip


@needs_compound
def headline(reader: Reader, view: View, ink: Ink, words: Words, chosen: About) -> Drawing:
    """Name, and what the survey allows to say."""
    where = [str(chosen.row["place"]).replace(" › ", words("compound.place_separator"))]
    if not is_missing_text(chosen.row["kind"]):
        where.insert(0, words(f"kind.{chosen.row['kind']}"))
    if chosen.estimate is None:
        title = words("compound.headline_unasked", name=chosen.name)
    else:
        e = chosen.estimate
        title = words(
            "compound.headline", name=chosen.name, value=percent(e["shrunk"] * 100, words, decimals=0),
            range=between(e["low"] * 100, e["high"] * 100), p=chance(e["p_below"]), band=band_name(e["band"], words),
        )  # fmt: skip
    if chosen.row["is_managed"] is False:
        where.append(words("compound.not_managed"))
    return Drawing(title=title, subtitle=subtitle(words, *where, month_name(chosen.month, words)))


@needs_compound
def tiles(reader: Reader, view: View, ink: Ink, words: Words, chosen: About) -> Drawing:
    """The compound in five figures, each with its own period."""
    year = chosen.year(reader)
    wave = str(chosen.estimate["wave"]) if chosen.estimate else chosen.month
    periods = {
        key: year if is_yearly else Period.of(wave if key == "satisfaction" else chosen.month)
        for key, is_yearly in TILES.items()
    }
    courses = reader.indicators(TILES, chosen.selection, by="month", period=year)
    shown = []
    for key, period in periods.items():
        indicator = indicator_of(key)
        row: dict[Any, Any] = reader.indicator(key, chosen.selection, period=period).iloc[0].to_dict()
        raw = None if is_missing(row["value"]) else float(row["value"])
        value, unit = parts(raw, indicator.unit, words, decimals=indicator.decimals)
        when = words("satisfaction.tile_year") if TILES[key] else month_name(period.start, words)
        size = "" if is_missing(row["denominator"]) or indicator.unit != "%" else _size(row["denominator"], key, words)
        shown.append(
            Tile(
                key=key, label=words.of(indicator), raw=raw, value=value, unit=unit,
                n=words("text.middot").join(t for t in (interval_text(row), size, when) if t),
                spark=_spark(courses[key]["value"], key),
            )
        )  # fmt: skip
    return Drawing(
        title=words("compound.tiles"), tiles=tuple(shown), as_of=month_name(chosen.month, words),
        queries=tuple(Query(key=key, selection=chosen.selection, period=period) for key, period in periods.items()),
    )  # fmt: skip


def _spark(values: pd.Series[float], key: str) -> tuple[float | None, ...]:
    """The course of a tile: waves without the months between them; none of cases, which most months have too few of."""
    if key.startswith("case_"):
        return ()
    known = values.dropna() if key == "satisfaction" else values
    return tuple(None if is_missing(v) else float(v) for v in known)


def _size(value: Any, key: str, words: Words) -> str:
    if indicator_of(key).denominator == ("fees_due_yuan",):
        return words("compound.of_due", amount=quantity(float(value), "元", words))
    return words("card.n", n=number(float(value)))


@needs_compound
def facts(reader: Reader, view: View, ink: Ink, words: Words, chosen: About) -> Drawing:
    """The register's row in words."""
    row = chosen.row
    unreported = words("value.unreported")

    def told(name: str, unit: str = "", decimals: int = 0) -> Fact:
        value = row[name]
        text = unreported if is_missing(value) else quantity(float(value), unit, words, decimals=decimals)
        return Fact(label=words(f"compound.fact_{name}"), value=text)

    def area(level: str) -> Fact:
        code = row[level]
        if is_missing_text(code):
            return Fact(label=words(f"compound.fact_{level}"), value=unreported)
        leads = (
            {"page": "satisfaction", "area": str(code)}
            if level != "grid"
            else {"page": "satisfaction", "grid": str(code)}
        )
        return Fact(label=words(f"compound.fact_{level}"), value=reader.label(str(code)), view=leads)

    year = row["built_year"]
    shown = [
        Fact(label=words("compound.fact_id"), value=chosen.id),
        Fact(
            label=words("compound.fact_kind"),
            value=unreported if is_missing_text(row["kind"]) else words(f"kind.{row['kind']}"),
        ),
        *(
            area(level)
            for level in ("county", "street", "community", "grid")
            if level == "grid" or level in reader.levels
        ),
        told("households", "户"),
        told("buildings", "栋"),
        Fact(label=words("compound.fact_built_year"), value=unreported if is_missing(year) else f"{int(year)}"),
        told("fee_yuan_m2_month", "元/㎡·月", 2),
        *_manager(reader, chosen, words),
    ]
    missing = sum(fact.value == unreported for fact in shown)
    title = words("compound.facts_title" if missing == 0 else "compound.facts_missing", count=missing)
    return Drawing(
        title=title, subtitle=subtitle(words, chosen.name, words("compound.facts_sub")), facts=tuple(shown),
        as_of=month_name(chosen.month, words), source=words("compound.source_register"), alt=title,
    )  # fmt: skip


def _manager(reader: Reader, chosen: About, words: Words) -> list[Fact]:
    """Who manages it at the end of the month, and the company's grade."""
    rows = own_rows(reader, "management", chosen)
    rows = rows[_standing(rows, chosen.end)]
    if rows.empty:
        return [Fact(label=words("compound.fact_mode"), value=words("value.unreported"))]
    relation = rows.iloc[-1]
    since = day(relation["valid_from"])
    facts = [
        Fact(
            label=words("compound.fact_mode"), value=words(f"compound.mode.{relation['mode']}"),
            note=words("compound.since", date=since) if since else "",
        )
    ]  # fmt: skip
    if is_missing_text(relation["company_id"]):
        return facts
    company = str(relation["company_id"])
    grades = reader.register("company").set_index("company_id")["credit_grade"]
    grade = grades.get(company)
    count = int((companies_of(reader, chosen.month)["company_id"] == company).sum())
    facts.append(
        Fact(
            label=words("compound.fact_company"), value=reader.label(company), view={"page": "companies", "company": company},
            note=words("compound.company_note", count=count, grade=words("value.unreported") if is_missing_text(grade) else str(grade)),
        )
    )  # fmt: skip
    return facts


def _standing(rows: pd.DataFrame, end: pd.Timestamp) -> pd.Series[bool]:
    return (rows["valid_from"].isna() | (rows["valid_from"] <= end)) & (
        rows["valid_to"].isna() | (rows["valid_to"] >= end)
    )
