"""The finding of the page and the figures of the awards."""

from __future__ import annotations

from typing import Any

from dashboard.cards.changes import change_of
from dashboard.cards.ranking.subject import Subject, ranked_with
from dashboard.cards.reading import row_of
from dashboard.cards.types import Drawing, Tile
from dashboard.numbers import is_missing, number, parts
from dashboard.theme import Ink
from dashboard.wording import Words
from data.catalogue import INDICATORS
from data.statistics.bands import Tier
from data.statistics.gates import Eligibility

AWARDS = ("demonstrations", "demonstration_rate", "demonstrations_revoked")
INCOME = "public_income_rate"
TILES = (*AWARDS, INCOME)
_SPARK = 24


@ranked_with
def headline(subject: Subject, ink: Ink) -> Drawing:
    """How many stand in the first tier, how many may be ranked at all, and why the others may not."""
    words, frame = subject.words, subject.frame
    counts = frame["tier"].value_counts()
    eligible = int((frame["eligibility"] == Eligibility.ELIGIBLE).sum())
    held = int((frame["eligibility"] == Eligibility.NOT_ELIGIBLE).sum())
    title = words(
        "ranking.headline", place=subject.reading.place, first=number(int(counts.get(Tier.FIRST, 0))),
        second=number(int(counts.get(Tier.SECOND, 0))), eligible=number(eligible), held=number(held),
    )  # fmt: skip
    return Drawing(
        title=title,
        subtitle=subject.reading.line(subject.scheme_line, subject.reading.when(), words("ranking.headline_rule")),
        alt=title,
    )


@ranked_with
def tiles(subject: Subject, ink: Ink) -> Drawing:
    """Awards in force, their rate, awards revoked, public income published."""
    reading, words = subject.reading, subject.words
    now = reading.figures(AWARDS)
    before = reading.year_before()
    earlier = reading.figures(AWARDS, period=before) if before else {}
    made = [_income(subject)]
    for key in AWARDS:
        indicator = INDICATORS[key]
        row = row_of(now[key])
        value, unit = parts(row["value"], indicator.unit, words, decimals=indicator.decimals)
        months = reading.reader.indicator(key, reading.view.selection, period=reading.back(_SPARK), by="month")
        made.append(
            Tile(
                key=key, label=words.of(indicator), raw=None if is_missing(row["value"]) else float(row["value"]),
                value=value, unit=unit, n=_counted(row, words),
                change=change_of(row_of(earlier[key]), row, indicator, words, since=words("change.since_year"))
                if key in earlier
                else None,
                spark=tuple(None if is_missing(v) else float(v) for v in months["value"]),
            )
        )  # fmt: skip
    return Drawing(title=words("ranking.tiles"), tiles=(*made[1:], made[0]), **reading.foot(TILES))


def _counted(row: dict[str, Any], words: Words) -> str:
    """`37/513` of a rate; nothing of a count."""
    if is_missing(row["denominator"]) or is_missing(row["numerator"]):
        return ""
    return words("figure.count_of", value=number(row["numerator"]), total=number(row["denominator"]))


def _income(subject: Subject) -> Tile:
    """Twelve months together: it is published once a quarter, so that a single month may hold none."""
    reading, words = subject.reading, subject.words
    indicator, year = INDICATORS[INCOME], reading.back(12)
    row = row_of(reading.figures([INCOME], period=year)[INCOME])
    value, unit = parts(row["value"], indicator.unit, words, decimals=indicator.decimals)
    counted = (
        ""
        if is_missing(row["value"])
        else words("ranking.income.counted", published=number(row["numerator"]), due=number(row["denominator"]))
    )
    return Tile(
        key=INCOME, label=words.of(indicator), raw=None if is_missing(row["value"]) else float(row["value"]), value=value,
        unit=unit, n=reading.line(counted, reading.when(year)),
    )  # fmt: skip
