"""Party organisation in companies, what it is obliged to, and what it weighs in the credit score."""

from __future__ import annotations

from dashboard.cards.companies.subject import MOST_ROWS, names_of, read_with, text_of
from dashboard.cards.reading import Reading, has_values, level_name, parts_level, row_of
from dashboard.cards.types import Drawing
from dashboard.figures.bar_table import BarColumn, bar_table, column_of
from dashboard.figures.state_rows import StateRow, state_rows
from dashboard.numbers import is_missing, number, quantity
from dashboard.theme import Ink
from data.catalogue import INDICATORS
from data.portfolios import DUTIES, STATES

ROWS = (*STATES, *DUTIES)
COLUMNS = ("company_branch_coverage", "company_instructor_rate", "company_mass_org_rate", "company_work_coverage")
GRADES = tuple(f"companies_grade_{grade}" for grade in ("aaa", "aa", "a", "b", "c"))
CREDIT = ("credit_score_mean", "credit_party_share")


@read_with
def states(reading: Reading, ink: Ink) -> Drawing:
    """有 / 无 / 未上报 of each form of organisation and each duty."""
    words = reading.words
    found = reading.figures(ROWS)
    rows = [
        StateRow(indicator=INDICATORS[key], figures=found[key], name=words(f"companies.party.row.{key}"))
        for key in ROWS
    ]
    if not has_values(*found.values()):
        return reading.empty(words("companies.party.none"), words("reading.none"))
    branch, work = row_of(found["company_branch_coverage"]), row_of(found["company_work_coverage"])
    title = words(
        "companies.party.title", branch=quantity(branch["numerator"], "", words), reported=quantity(branch["denominator"], "", words),
        work=quantity(work["value"], "%", words, decimals=1),
    )  # fmt: skip
    return Drawing(
        title=title,
        subtitle=reading.line(words("companies.party.subtitle"), reading.place, reading.when()),
        figure=state_rows(rows=rows, ink=ink, words=words),
        alt=title,
        **reading.foot(ROWS, found["company_branch_coverage"]),
    )


@read_with
def by_place(reading: Reading, ink: Ink) -> Drawing:
    """The four forms of organisation by the level below."""
    words = reading.words
    level = parts_level(reading.reader, reading.view)
    found = reading.figures(COLUMNS, by=level)
    if not has_values(*found.values()):
        return reading.empty(words("companies.party.none"), words("reading.none"))
    last = found["company_work_coverage"]
    names = names_of(last)
    ordered = last.sort_values("value", ascending=False, na_position="last")["group"].astype(str)
    shown = [group for group in ordered if group in names][:MOST_ROWS]
    columns = [
        column_of(found[key], title=words(f"companies.party.row.{key}"), text=lambda value: f"{value:.0f}%", indicator=key, by=level,
                  top=100.0)
        for key in COLUMNS
    ]  # fmt: skip
    known = last[last["value"].notna() & (last["group"] != "")]
    lowest = known.sort_values("value").head(1)
    title = words("companies.party.none") if lowest.empty else words(
        "companies.party.lowest" if len(known) > 1 else "companies.party.only", name=str(lowest["label"].iloc[0]),
        value=quantity(lowest["value"].iloc[0], "%", words, decimals=1),
    )  # fmt: skip
    return Drawing(
        title=title,
        subtitle=reading.line(words("companies.party.by_place"), level_name(level, words), reading.when()),
        figure=bar_table(
            rows=[(group, names[group]) for group in shown], columns=columns, ink=ink, missing=words("figure.unreported"),
            click="area",
        ),
        note=words("companies.party.caveat"),
        alt=title,
        **reading.foot(COLUMNS, last),
    )  # fmt: skip


@read_with
def grades(reading: Reading, ink: Ink) -> Drawing:
    """Companies by credit grade, and how many have none."""
    words = reading.words
    found = reading.figures(GRADES)
    counts = {key: row_of(found[key]) for key in GRADES}
    if not has_values(*found.values()):
        return reading.empty(words("companies.grades.none"), words("reading.none"))
    everyone = row_of(reading.figures(["companies"])["companies"])["value"]
    graded = sum(float(row["value"]) for row in counts.values() if not is_missing(row["value"]))
    rest = 0.0 if is_missing(everyone) else max(float(everyone) - graded, 0.0)
    values = {key: float(row["value"]) for key, row in counts.items() if not is_missing(row["value"])}
    columns = [BarColumn(title=words("companies.grades.count"), values=values, text=number)]
    figure = bar_table(
        rows=[(key, words.of(INDICATORS[key])) for key in GRADES], columns=columns, ink=ink,
        missing=words("figure.unreported"), colours={GRADES[-1]: ink.alert}, each_its_own=True,
    )  # fmt: skip
    top = sum(values.get(key, 0.0) for key in GRADES[:2])
    title = words(
        "companies.grades.title", top=number(top), share=f"{top / graded:.0%}" if graded else "0%",
        low=number(values.get(GRADES[4], 0.0)),
    )  # fmt: skip
    return Drawing(
        title=title,
        subtitle=reading.line(words("companies.grades.subtitle"), reading.place, reading.when()),
        figure=figure,
        note=words("companies.grades.rest", n=number(rest)) if rest else None,
        alt=title,
        **reading.foot(GRADES, found[GRADES[0]]),
    )


@read_with
def credit(reading: Reading, ink: Ink) -> Drawing:
    """Mean credit score and the share party work has in it, by the level below."""
    words = reading.words
    level = parts_level(reading.reader, reading.view)
    found = reading.figures(CREDIT, by=level)
    whole = {key: row_of(frame) for key, frame in reading.figures(CREDIT).items()}
    if not has_values(found[CREDIT[0]]):
        return reading.empty(words("companies.credit.none"), words("reading.none"))
    names = names_of(found[CREDIT[0]])
    ordered = found[CREDIT[0]].sort_values("value", ascending=False, na_position="last")["group"].astype(str)
    shown = [group for group in ordered if group in names][:MOST_ROWS]
    columns = [
        column_of(found[key], title=words.of(INDICATORS[key]), text=text_of(key, words), indicator=key, by=level,
                  total=None if is_missing(whole[key]["value"]) else float(whole[key]["value"]))
        for key in CREDIT
    ]  # fmt: skip
    title = words(
        "companies.credit.title", score=quantity(whole[CREDIT[0]]["value"], "", words, decimals=1),
        share=quantity(whole[CREDIT[1]]["value"], "%", words, decimals=1),
    )  # fmt: skip
    return Drawing(
        title=title,
        subtitle=reading.line(level_name(level, words), reading.when(), words("companies.dotted_whole")),
        figure=bar_table(
            rows=[(group, names[group]) for group in shown], columns=columns, ink=ink, missing=words("figure.unreported"),
            click="area",
        ),
        alt=title,
        **reading.foot(CREDIT, found[CREDIT[0]]),
    )  # fmt: skip
