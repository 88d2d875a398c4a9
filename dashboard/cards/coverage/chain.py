"""The opening sentence of the page, the six levels, and where cases go up instead of being closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.cards.reading import Reading, has_values, level_name, parts_level, row_of, total
from dashboard.cards.types import Drawing
from dashboard.figures.bars import bars
from dashboard.figures.chain import Level, chain
from dashboard.numbers import is_missing, number, quantity
from data.catalogue import INDICATORS

if TYPE_CHECKING:
    from dashboard.theme import Ink
    from dashboard.view import View
    from dashboard.wording import Words
    from data.query import Reader

# From the top down: level, how far it is built, cases closed there.
LEVELS = (
    ("county", "chain_county", "cases_closed_county"),
    ("street", "chain_street", "cases_closed_street"),
    ("community", "chain_community", "cases_closed_community"),
    ("compound", "branch_coverage", "cases_closed_compound"),
    ("building", "chain_building", "cases_closed_building"),
    ("household", "chain_household", "cases_closed_cadre"),
)
BUILT = tuple(built for _, built, _ in LEVELS)
CLOSED = tuple(closed for _, _, closed in LEVELS)
ESCALATION = "case_escalation_rate"
MOST_BARS = 14
HEADLINE = ("compounds", "branch_coverage", "branch_fallback", "committee_rate")


def headline(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Compounds with a branch, with fallback, without, and silent; committees."""
    reading = Reading(reader, view, words)
    if not reader.months:
        return Drawing(title=words("coverage.headline.empty"), alt=words("coverage.headline.empty"))
    found = {key: row_of(frame) for key, frame in reading.figures(HEADLINE).items()}
    branch, committee = found["branch_coverage"], found["committee_rate"]
    if is_missing(branch["value"]):
        title = words("coverage.headline.none", n=quantity(found["compounds"]["value"], "", words))
    else:
        silent = float(branch["expected"]) - float(branch["reported"])
        title = words(
            "coverage.headline.title", have=quantity(branch["numerator"], "", words),
            said=quantity(branch["denominator"], "", words),
            fallback=quantity(found["branch_fallback"]["numerator"], "", words),
            committees=quantity(committee["numerator"], "", words),
        )  # fmt: skip
        if silent > 0:
            title += words("coverage.headline.silent", n=number(silent))
    return Drawing(
        title=title, subtitle=reading.line(reading.place, reading.when()), alt=title, queries=tuple(reading.queries)
    )


def six_levels(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """How far each level is built, and at which level this month's cases were closed."""
    reading = Reading(reader, view, words)
    title = words("coverage.chain.title_none")
    if not reader.months:
        return reading.empty(title, words("reading.no_months"))
    found = reading.figures((*BUILT, *CLOSED))
    if not has_values(*found.values()):
        return reading.empty(title, words("reading.none"))
    levels = [
        Level(
            name=words(f"coverage.level.{name}"), built=INDICATORS[built], built_figures=found[built],
            closed=INDICATORS[closed], closed_figures=found[closed],
        )
        for name, built, closed in LEVELS
    ]  # fmt: skip
    closed = {key: total(found[key]) for key in CLOSED}
    everything = sum(closed.values())
    below = everything - closed["cases_closed_street"] - closed["cases_closed_county"]
    known = [(row_of(found[built])["value"], name) for name, built, _ in LEVELS]
    weakest = min(((float(v), name) for v, name in known if not is_missing(v)), default=None)
    parts = []
    if everything:
        parts.append(words("coverage.chain.title", share=f"{below / everything:.0%}"))
    if weakest:
        parts.append(
            words("coverage.chain.weakest", level=words(f"coverage.level.{weakest[1]}"), value=f"{weakest[0]:.1f}%")
        )
    title = words("overview.headline.separator").join(parts) or title
    return Drawing(
        title=title,
        subtitle=reading.line(words("coverage.chain.subtitle"), reading.place, reading.when()),
        figure=chain(
            levels=levels, ink=ink, words=words, titles=(words("coverage.chain.built"), words("coverage.chain.closed"))
        ),
        note=words("coverage.chain.note"),
        alt=title,
        **(reading.foot((*BUILT, *CLOSED)) | {"n": number(everything), "source": words("coverage.chain.source")}),
    )


def escalation(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """The share of closed cases that a street or the county had to close, by area."""
    reading = Reading(reader, view, words)
    title = words("coverage.escalation.title_none")
    if not reader.months:
        return reading.empty(title, words("reading.no_months"))
    level = parts_level(reader, view)
    period = reading.back(12)
    found = reading.figures([ESCALATION], by=level, period=period)[ESCALATION]
    known = found[found["value"].notna()]
    if known.empty:
        return reading.empty(title, words("reading.none"))
    whole = row_of(reading.figures([ESCALATION], period=period)[ESCALATION])
    apart = int((known["low"] > float(whole["value"])).sum())
    value = quantity(whole["value"], "%", words, decimals=1)
    title = words(
        "coverage.escalation.title" if apart else "coverage.escalation.even", value=value, n=apart,
        level=level_name(level, words),
    )  # fmt: skip
    return Drawing(
        title=title,
        subtitle=reading.line(words.of(INDICATORS[ESCALATION]), level_name(level, words), reading.when(period)),
        figure=bars(figures=known, indicator=INDICATORS[ESCALATION], by=level, ink=ink, words=words, most=MOST_BARS),
        note=words("coverage.escalation.note"),
        alt=title,
        **reading.foot([ESCALATION], known, period=period),
    )
