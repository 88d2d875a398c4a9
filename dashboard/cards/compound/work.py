"""What comes up in the compound and how it is dealt with: cases by subject and level, rates, fees and arrears."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from dashboard.cards.compound.subject import (
    About,
    compare,
    comparison_queries,
    comparison_row,
    needs_compound,
    peer_rule,
    references,
)
from dashboard.cards.satisfaction.subject import empty, percent, subtitle
from dashboard.cards.types import Drawing, Query
from dashboard.figures.columns import Step, steps
from dashboard.figures.dumbbell import Block, dumbbell
from dashboard.figures.trend import Series, trend
from dashboard.numbers import is_missing, month_name, number, quantity
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue import indicator as indicator_of
from data.catalogue.cases import CATEGORIES, LEVELS
from data.query import Period, Selection

if TYPE_CHECKING:
    from data.query import Reader

ABOUT = tuple(f"cases_about_{key}" for key in CATEGORIES)
CLOSED = tuple(f"cases_closed_{key}" for key in LEVELS)
RATES = ("case_response_rate", "case_on_time_rate", "case_resolution_rate", "case_callback_satisfaction")
FEES, ARREARS = "fee_collection_rate", "arrears_open_yuan"
FEE_MONTHS = 24


def _counts(
    reader: Reader, chosen: About, keys: tuple[str, ...], period: Period
) -> tuple[dict[str, float], dict[str, float]]:
    """Counts of the compound and of the city by key; missing is none, because a case that is not there did not happen."""
    own = reader.indicators(keys, chosen.selection, period=period)
    city = reader.indicators(keys, period=period)

    def of(found: dict[str, pd.DataFrame], key: str) -> float:
        value = found[key]["value"].iloc[0]
        return 0.0 if is_missing(value) else float(value)

    return {key: of(own, key) for key in keys}, {key: of(city, key) for key in keys}


def _shares(
    reader: Reader, chosen: About, keys: tuple[str, ...], names: dict[str, str], words: Words, ink: Ink, *, ranked: bool
) -> tuple[dict[str, Any] | None, dict[str, float], Period]:
    period = chosen.year(reader)
    own, city = _counts(reader, chosen, keys, period)
    total, whole = sum(own.values()), sum(city.values())
    if not total:
        return None, own, period
    order = sorted(keys, key=lambda key: -own[key]) if ranked else list(keys)
    rows = [
        Step(
            name=names[key], count=own[key], indicator=key, field="value",
            remark=words("compound.share", count=number(own[key]), share=f"{own[key] / total:.0%}",
                         city=f"{city[key] / whole:.0%}" if whole else "–"),
        )
        for key in order
    ]  # fmt: skip
    return steps(rows=rows, ink=ink), own, period


@needs_compound
def subjects(reader: Reader, view: View, ink: Ink, words: Words, chosen: About) -> Drawing:
    """Cases of a year by what they are about, beside the city's shares."""
    names = {key: words.of(indicator_of(key)) for key in ABOUT}
    figure, own, period = _shares(reader, chosen, ABOUT, names, words, ink, ranked=True)
    if figure is None:
        return empty(words("compound.cases_none"), words("compound.cases_none_why"))
    most = max(own, key=lambda key: own[key])
    alike = [key for key in own if own[key] == own[most]]
    title = words(
        "compound.subjects_title" if len(alike) == 1 else "compound.subjects_alike",
        total=number(sum(own.values())),
        name=names[most],
        share=f"{own[most] / sum(own.values()):.0%}",
        kinds=len(alike),
        each=number(own[most]),
    )
    return Drawing(
        title=title, subtitle=subtitle(words, words("compound.subjects_sub"), _span(period, words)), figure=figure,
        n=number(sum(own.values())), as_of=month_name(chosen.month, words), source=indicator_of(most).source, alt=title,
        note=words("compound.share_note"),
        queries=tuple(Query(key=key, selection=chosen.selection, period=period) for key in ABOUT),
    )  # fmt: skip


@needs_compound
def levels(reader: Reader, view: View, ink: Ink, words: Words, chosen: About) -> Drawing:
    """Cases closed in a year by the level of the chain that closed them."""
    names = {key: words(f"compound.chain.{key.removeprefix('cases_closed_')}") for key in CLOSED}
    figure, own, period = _shares(reader, chosen, CLOSED, names, words, ink, ranked=False)
    if figure is None:
        return empty(words("compound.closed_none"), words("compound.cases_none_why"))
    total = sum(own.values())
    inside = sum(own[f"cases_closed_{key}"] for key in ("cadre", "building", "compound"))
    title = words("compound.levels_title", share=f"{inside / total:.0%}")
    return Drawing(
        title=title, subtitle=subtitle(words, words("compound.levels_sub"), _span(period, words)), figure=figure,
        n=number(total), as_of=month_name(chosen.month, words), source=indicator_of(CLOSED[0]).source, alt=title,
        note=words("compound.share_note"),
        queries=tuple(Query(key=key, selection=chosen.selection, period=period) for key in CLOSED),
    )  # fmt: skip


def _span(period: Period, words: Words) -> str:
    return words("satisfaction.months", start=month_name(period.start, words), end=month_name(period.end, words))


@needs_compound
def rates(reader: Reader, view: View, ink: Ink, words: Words, chosen: About) -> Drawing:
    """Answered, in time, resolved, satisfied at callback."""
    period = chosen.year(reader)
    found = compare(reader, chosen, RATES, period)
    if all(is_missing(one.own["value"]) for one in found.values()):
        return empty(words("compound.cases_none"), words("compound.cases_none_why"))
    rows = [comparison_row(reader, chosen, one, words) for one in found.values()]
    below = [
        words.of(indicator_of(key))
        for key, one in found.items()
        if not is_missing(one.own["high"]) and one.peers is not None and one.own["high"] < one.peers
    ]
    title = words("compound.rates_below", names=words.listed(below)) if below else words("compound.rates_same")
    taken = found["case_response_rate"].own["denominator"]
    return Drawing(
        title=title, subtitle=subtitle(words, words("compound.rates_sub"), _span(period, words)),
        figure=dumbbell(blocks=[Block(rows=rows)], own=chosen.name, references=references(reader, chosen, words), ink=ink,
                        missing=words("value.unreported"), remark_width=4),
        n="" if is_missing(taken) else number(float(taken)), as_of=month_name(chosen.month, words),
        source=indicator_of(RATES[0]).source, note=peer_rule(reader, chosen, words), alt=title,
        queries=comparison_queries(chosen, found.values()),
    )  # fmt: skip


@needs_compound
def fees(reader: Reader, view: View, ink: Ink, words: Words, chosen: About) -> Drawing:
    """Fees collected over fees due, month by month, the city behind."""
    period = _fee_period(reader, chosen)
    own = reader.indicator(FEES, chosen.selection, by="month", period=period)
    if own["value"].notna().sum() == 0:
        return empty(words("compound.fees_none"), words("compound.fees_none_why"))
    city = reader.indicator(FEES, by="month", period=period)
    found = compare(reader, chosen, (FEES,), chosen.year(reader))[FEES]
    title = words(
        "compound.fees_title", value=percent(found.own["value"], words), city=percent(found.city["value"], words),
        peers=percent(found.peers, words),
    )  # fmt: skip
    return Drawing(
        title=title, subtitle=subtitle(words, words.of(indicator_of(FEES)), _span(period, words)),
        figure=trend(
            series=[Series(indicator=indicator_of(FEES), figures=city, name=reader.city.name, is_context=True),
                    Series(indicator=indicator_of(FEES), figures=own, colour=ink.accent)],
            ink=ink, words=words,
        ),
        n=words("compound.n_months", n=int(own["value"].notna().sum()), total=len(own)), as_of=month_name(chosen.month, words),
        source=indicator_of(FEES).source, alt=title,
        queries=(Query(key=FEES, selection=chosen.selection, period=period, by="month"),
                 Query(key=FEES, selection=Selection(), period=period, by="month")),
    )  # fmt: skip


def _fee_period(reader: Reader, chosen: About) -> Period:
    at = reader.months.index(chosen.month)
    return Period(reader.months[max(0, at - FEE_MONTHS + 1)], chosen.month)


@needs_compound
def arrears(reader: Reader, view: View, ink: Ink, words: Words, chosen: About) -> Drawing:
    """Old arrears still open at each month's end."""
    period = _fee_period(reader, chosen)
    own = reader.indicator(ARREARS, chosen.selection, by="month", period=period)
    known = own[own["value"].notna()]
    if known.empty:
        return empty(words("compound.arrears_none"), words("compound.fees_none_why"))
    first, last = float(known["value"].iloc[0]), float(known["value"].iloc[-1])
    key = (
        "compound.arrears_down" if last < first else "compound.arrears_up" if last > first else "compound.arrears_same"
    )
    title = words(key, now=quantity(last, "元", words), gap=quantity(abs(last - first), "元", words),
                  since=month_name(str(known["group"].iloc[0]), words))  # fmt: skip
    figure = trend(series=[Series(indicator=indicator_of(ARREARS), figures=own)], ink=ink, words=words, from_zero=True)
    return Drawing(
        title=title, subtitle=subtitle(words, words.of(indicator_of(ARREARS)), _span(period, words)), figure=figure,
        n=words("compound.n_months", n=len(known), total=len(own)), as_of=month_name(str(known["group"].iloc[-1]), words),
        source=indicator_of(ARREARS).source, alt=title,
        queries=(Query(key=ARREARS, selection=chosen.selection, period=period, by="month"),),
    )  # fmt: skip
