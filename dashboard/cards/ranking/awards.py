"""Awards against the index, models chosen by street, public income, objections with before and after."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.cards.ranking.subject import Subject, ranked_with
from dashboard.cards.reading import has_values, level_name, parts_level, row_of
from dashboard.cards.types import Drawing, GridSpec
from dashboard.figures.bar_table import bar_table, column_of
from dashboard.figures.crosstab import crosstab
from dashboard.numbers import is_missing, number, quantity
from dashboard.theme import Ink
from data.catalogue import INDICATORS
from data.evidence import award_states, objections
from data.schema.vocabulary import AreaLevel, ObjectionReason
from data.statistics.bands import Tier

PLACES = ("demonstrations", "demonstration_rate", "demonstrations_revoked")
MODELS = ("models_secretary", "models_manager", "models_chair")
MOST_ROWS = 9
_STATES = ("awarded", "revoked", "applied")


@ranked_with
def by_round(subject: Subject, ink: Ink) -> Drawing:
    """Awards by round, and where the compounds stand in the index today."""
    words = subject.words
    states = award_states(subject.reader, subject.month)
    states = states[states["compound_id"].isin(subject.inside)]
    if states.empty:
        return subject.reading.empty(words("ranking.awards.none"), words("reading.none"))
    tiers = subject.whole.set_index("group")["tier"]
    states = states.assign(tier=states["compound_id"].map(tiers).fillna(Tier.UNRANKED))
    rows = sorted(states["round"].unique().tolist())
    heads = [words(f"ranking.awards.{state}") for state in _STATES]
    heads += [subject.tier(tier) for tier in (Tier.FIRST, Tier.SECOND, Tier.THIRD, Tier.UNRANKED)]
    standing = states[states["state"] == "awarded"]
    cells = []
    for name in rows:
        mine, held = states[states["round"] == name], standing[standing["round"] == name]
        line = [int((mine["state"] == state).sum()) for state in _STATES]
        line += [int((held["tier"] == tier).sum()) for tier in (Tier.FIRST, Tier.SECOND, Tier.THIRD, Tier.UNRANKED)]
        cells.append(line)
    both = int(standing["tier"].isin([Tier.FIRST, Tier.SECOND]).sum())
    outside = int((standing["tier"] == Tier.UNRANKED).sum())
    title = words("ranking.awards.title", n=number(len(standing)), both=number(both), outside=number(outside))
    return Drawing(
        title=title,
        subtitle=subject.reading.line(words("ranking.awards.subtitle"), subject.reading.when()),
        figure=crosstab(rows=rows, heads=heads, cells=cells, ink=ink, groups=[
            (words("ranking.awards.group_state"), len(_STATES)), (words("ranking.awards.group_tier"), 4)]),
        n=number(len(states)),
        as_of=subject.reading.when(),
        source=INDICATORS[PLACES[0]].source,
        note=words("ranking.awards.note"),
        alt=title,
    )  # fmt: skip


@ranked_with
def by_place(subject: Subject, ink: Ink) -> Drawing:
    """Awards in force, their rate, awards revoked, by the level below."""
    reading, words = subject.reading, subject.words
    level = parts_level(reading.reader, reading.view)
    found = reading.figures(PLACES, by=level)
    whole = row_of(reading.figures(["demonstration_rate"])["demonstration_rate"])
    if not has_values(*found.values()):
        return reading.empty(words("ranking.awards.none"), words("reading.none"))
    shown = _rows(found[PLACES[0]])
    columns = [
        column_of(found[key], title=words.of(INDICATORS[key]), indicator=key, by=level,
                  text=lambda v, key=key: quantity(v, "%" if INDICATORS[key].unit == "%" else "", words,
                                                   decimals=INDICATORS[key].decimals))
        for key in PLACES
    ]  # fmt: skip
    title = words(
        "ranking.awards.place_title", name=shown[0][1], share=quantity(whole["value"], "%", words, decimals=1)
    )
    return Drawing(
        title=title,
        subtitle=reading.line(level_name(level, words), reading.when()),
        figure=bar_table(rows=shown, columns=columns, ink=ink, missing=words("figure.unreported"), click="area"),
        alt=title,
        **reading.foot(PLACES),
    )


def _rows(figures: pd.DataFrame) -> list[tuple[str, str]]:
    """Group and name, the largest first."""
    ordered = figures[figures["group"].astype(str) != ""].sort_values(
        ["value", "group"], ascending=[False, True], na_position="last"
    )
    return [(str(g), str(name)) for g, name in zip(ordered["group"], ordered["label"], strict=True)][:MOST_ROWS]


@ranked_with
def models(subject: Subject, ink: Ink) -> Drawing:
    """Models chosen, counted by street and never named."""
    reading, words = subject.reading, subject.words
    view = reading.view
    if view.grid or view.kind or view.company:
        return reading.empty(words("ranking.models.none"), words("reading.not_here"))
    levels = reading.reader.levels
    level = AreaLevel.STREET.value if AreaLevel.STREET.value in levels else parts_level(reading.reader, view)
    found = reading.figures(MODELS, by=level)
    whole = {key: row_of(frame) for key, frame in reading.figures(MODELS).items()}
    if not has_values(*found.values()):
        return reading.empty(words("ranking.models.none"), words("reading.none"))
    sums = pd.concat([found[key].set_index("group")["value"].astype(float) for key in MODELS], axis=1).sum(axis=1)
    first = found[MODELS[0]]
    shown = _rows(first.assign(value=first["group"].map(sums)))
    columns = [
        column_of(found[key], title=words.of(INDICATORS[key]), text=number, indicator=key, by=level) for key in MODELS
    ]
    title = words("ranking.models.title", **{key: quantity(whole[key]["value"], "", words) for key in MODELS})
    return Drawing(
        title=title,
        subtitle=reading.line(words("ranking.models.subtitle"), reading.when()),
        figure=bar_table(rows=shown, columns=columns, ink=ink, missing=words("figure.unreported"), click="area"),
        note=words("ranking.models.note"),
        alt=title,
        **reading.foot(MODELS),
    )


@ranked_with
def income(subject: Subject, ink: Ink) -> Drawing:
    """Public income published in twelve months, lowest first."""
    reading, words = subject.reading, subject.words
    key, year = "public_income_rate", reading.back(12)
    level = parts_level(reading.reader, reading.view)
    found = reading.figures([key], by=level, period=year)[key]
    whole = row_of(reading.figures([key], period=year)[key])
    if is_missing(whole["value"]):
        return reading.empty(words("ranking.income.none"), words("reading.none"))
    ordered = found[found["group"].astype(str) != ""].sort_values("value", na_position="last")
    shown = [(str(g), str(name)) for g, name in zip(ordered["group"], ordered["label"], strict=True)][:MOST_ROWS]
    notes = {
        str(row["group"]): words("figure.parts", parts=f"{number(row['numerator'])} / {number(row['denominator'])}")
        for row in found.dropna(subset=["numerator", "denominator"]).to_dict("records")
    }
    column = column_of(found, title=words.of(INDICATORS[key]), text=lambda v: f"{v:.1f}%", indicator=key, by=level, top=100.0,
                       total=float(whole["value"]), notes=notes)  # fmt: skip
    title = words(
        "ranking.income.title", value=quantity(whole["value"], "%", words, decimals=1),
        published=quantity(whole["numerator"], "", words), due=quantity(whole["denominator"], "", words),
    )  # fmt: skip
    return Drawing(
        title=title,
        subtitle=reading.line(level_name(level, words), reading.when(year), words("companies.dotted_whole")),
        figure=bar_table(rows=shown, columns=[column], ink=ink, missing=words("figure.unreported"), click="area"),
        alt=title,
        **reading.foot([key], period=year) | {"n": quantity(whole["denominator"], "", words)},
    )


@ranked_with
def objection_list(subject: Subject, ink: Ink) -> Drawing:
    """Objections and their answers, the unanswered first."""
    words = subject.words
    rows = objections(subject.reader, subject.month)
    rows = rows[rows["compound_id"].isin(subject.inside)]
    if rows.empty:
        return subject.reading.empty(words("ranking.objections.none"))
    rows = rows.assign(waits=rows["answered_on"].isna()).sort_values(["waits", "raised_on"], ascending=[False, False])
    names = subject.ranking.result.labels
    cells = [_objection(row, names, subject) for row in rows.to_dict("records")]

    def column(field: str, width: int, **given: Any) -> dict[str, Any]:
        return {"field": field, "headerName": words(f"ranking.column.{field}"), "width": width, "minWidth": 84, **given}

    spec = GridSpec(
        columns=[
            column("name", 140, minWidth=120), column("month", 92), column("reason", 96), column("raised", 104),
            column("answered", 104), column("before", 86, number=True, decimals=1), column("after", 86, number=True, decimals=1,
                   valueFormatter={"function": f"gdNumber(params.value, 1, '{words('ranking.objections.waiting')}', '')"}),
        ],
        rows=cells, row_id="id", click="evidence", click_field="unit",
    )  # fmt: skip
    answered = rows[~rows["waits"]]
    raised = int((answered["score_after"] > answered["score_before"]).sum())
    title = words(
        "ranking.objections.title", n=number(len(rows)), answered=number(len(answered)),
        waiting=number(len(rows) - len(answered)), raised=number(raised),
    )  # fmt: skip
    return Drawing(
        title=title,
        subtitle=words("ranking.objections.subtitle"),
        grid=spec,
        n=number(len(rows)),
        as_of=subject.reading.when(),
        source=words("ranking.objections.source"),
        alt=title,
    )


def _objection(row: dict[Any, Any], names: pd.Series[Any], subject: Subject) -> dict[str, Any]:
    words = subject.words
    unit = row["compound_id"]
    reason = ObjectionReason(row["reason"]).name.lower()
    return {
        "id": row["objection_id"],
        "unit": unit,
        "name": str(names.get(unit, unit)),
        "month": row["month"],
        "reason": words(f"objection.{reason}"),
        "raised": f"{row['raised_on']:%Y-%m-%d}",
        "answered": words("ranking.objections.waiting") if row["waits"] else f"{row['answered_on']:%Y-%m-%d}",
        "before": None if is_missing(row["score_before"]) else row["score_before"],
        "after": None if is_missing(row["score_after"]) else row["score_after"],
    }
