"""为什么它排第一: the evidence of one compound, in sentences, as bars, and as a table."""

from __future__ import annotations

from typing import Any

import pandas as pd

from dashboard.cards.ranking.subject import Subject, ranked_with, scheme_title
from dashboard.cards.ranking.tiers import range_in_words
from dashboard.cards.types import Drawing, Fact, GridSpec
from dashboard.figures.contributions import Part, contribution_bars
from dashboard.numbers import is_missing, number, quantity, signed
from dashboard.theme import Ink
from data.evidence import NAMED, evidence, nominal_points, objections
from data.ranking import rank_compounds, scheme_names
from data.statistics.bands import Tier
from data.statistics.gates import Eligibility


def _row(subject: Subject, unit: str) -> dict[str, Any]:
    return {str(k): v for k, v in subject.whole.set_index("group", drop=False).loc[unit].items()}


def value_in_words(row: dict[Any, Any], subject: Subject) -> str:
    """A value of the index as people read it: a share in per cent, a score in points, 未上报."""
    if is_missing(row["value"]):
        return subject.words("value.unreported")
    if row["is_share"]:
        return quantity(float(row["value"]) * 100, "%", subject.words, decimals=1)
    return quantity(float(row["value"]), "分", subject.words, decimals=1)


@ranked_with
def why(subject: Subject, ink: Ink) -> Drawing:
    """Gate, tier and range, what it does well, what it lacks, what moves it, the other scheme, objections."""
    words, unit = subject.words, subject.unit
    if unit is None:
        return subject.reading.empty(words("ranking.none"))
    row = _row(subject, unit)
    rows = evidence(subject.ranking, subject.anatomy, unit)
    facts = [_gate(subject, row), _standing(subject, row)]
    if row["tier"] != Tier.UNRANKED or not is_missing(row["score"]):
        facts += [_strong(subject, rows), _weak(subject, rows)]
    missing = rows[~rows["is_reported"]]
    if len(missing):
        names = words.listed([subject.node(key) for key in missing["key"]])
        facts.append(Fact(label=words("ranking.why.missing"), value=names, tone="missing"))
    facts += [fact for fact in (_mover(subject, unit), _roles(subject, unit), _other_scheme(subject, unit)) if fact]
    facts.append(_objections(subject, unit))
    title = _title(subject, row)
    return Drawing(
        title=title,
        subtitle=subject.reading.line(row["place"], subject.scheme_line, subject.reading.when()),
        facts=tuple(facts),
        as_of=subject.reading.when(),
        source=subject.source,
        alt=title,
    )


def _title(subject: Subject, row: dict[str, Any]) -> str:
    words = subject.words
    if row["tier"] == Tier.UNRANKED:
        return words("ranking.why.title_unranked", name=row["label"])
    tier, is_leading = subject.tier(row["tier"]), row["group"] == subject.first_in_city
    key = "ranking.why.title_leading" if is_leading else "ranking.why.title"
    return words(key, name=row["label"], tier=tier, range=range_in_words(row, subject))


def _gate(subject: Subject, row: dict[str, Any]) -> Fact:
    words = subject.words
    label = words("ranking.why.gate")
    state = Eligibility(row["eligibility"])
    if state is Eligibility.ELIGIBLE:
        return Fact(label=label, value=words("ranking.why.gate_open"), tone="good")
    names = words.listed([words(f"ranking.gate.{reason.value}") for reason in row["reasons"]])
    return Fact(label=label, value=names, tone="alert" if state is Eligibility.NOT_ELIGIBLE else "missing")


def _standing(subject: Subject, row: dict[str, Any]) -> Fact:
    words = subject.words
    label = words("ranking.why.standing")
    if row["tier"] == Tier.UNRANKED:
        if is_missing(row["score"]):
            return Fact(label=label, value=words("ranking.why.no_score", share=f"{row['availability']:.0%}"))
        return Fact(label=label, value=words("ranking.why.score_only", score=number(row["score"], 2)))
    text = words(
        "ranking.why.standing_text", tier=subject.tier(row["tier"]), top=f"{row['probability_top']:.0%}",
        range=range_in_words(row, subject), score=number(row["score"], 2), other=number(row["other_score"], 2),
    )  # fmt: skip
    return Fact(label=label, value=text, note=words("ranking.why.standing_note"))


def _strong(subject: Subject, rows: pd.DataFrame) -> Fact:
    words = subject.words
    typical = subject.ranking.typical
    ahead = rows.assign(lead=(rows["score"] - rows["key"].map(typical)) * rows["share"] / 100)
    best = ahead[ahead["lead"] > 0].nlargest(NAMED, "lead")
    parts = [
        words("ranking.why.lead", name=subject.node(row["key"]), value=value_in_words(row, subject), points=signed(row["lead"], 1))
        for row in best.to_dict("records")
    ]  # fmt: skip
    return Fact(
        label=words("ranking.why.strong"), value=words.listed(parts) if parts else words("ranking.why.no_lead"),
        note=words("ranking.why.strong_note"),
    )  # fmt: skip


def _weak(subject: Subject, rows: pd.DataFrame) -> Fact:
    words = subject.words
    worst = rows[rows["lost"] > 0.05].nlargest(NAMED, "lost")
    parts = [
        words("ranking.why.lost", name=subject.node(row["key"]), value=value_in_words(row, subject), points=number(row["lost"], 1))
        for row in worst.to_dict("records")
    ]  # fmt: skip
    return Fact(
        label=words("ranking.why.weak"), value=words.listed(parts) if parts else words("ranking.why.nothing_lost")
    )


def _mover(subject: Subject, unit: str) -> Fact | None:
    words, moved = subject.words, subject.anatomy.moved
    if unit not in moved.index or not isinstance(moved.at[unit, "indicator"], str):
        return None
    change = float(moved["change"].to_dict()[unit])
    key = (
        "ranking.why.mover_none" if change == 0 else "ranking.why.mover_up" if change > 0 else "ranking.why.mover_down"
    )
    return Fact(
        label=words("ranking.why.mover"),
        value=words(key, name=subject.node(str(moved.at[unit, "indicator"])), places=number(abs(change))),
        note=words("ranking.why.mover_note"),
    )


def _roles(subject: Subject, unit: str) -> Fact | None:
    words = subject.words
    process, outcome = subject.anatomy.process[unit], subject.anatomy.outcome[unit]
    if is_missing(process) or is_missing(outcome):
        return None
    return Fact(
        label=words("ranking.why.roles"),
        value=words("ranking.why.roles_text", process=number(process, 1), outcome=number(outcome, 1)),
    )


def _other_scheme(subject: Subject, unit: str) -> Fact | None:
    words = subject.words
    other = next((name for name in scheme_names() if name != subject.choice.scheme), None)
    if other is None:
        return None
    ranking = rank_compounds(subject.reader, scheme=other, month=subject.month)
    row = ranking.firmness.table.to_dict("index")[unit]
    label = words("ranking.why.other", title=scheme_title(ranking.scheme, words))
    if row["tier"] == Tier.UNRANKED:
        return Fact(label=label, value=subject.tier(Tier.UNRANKED))
    text = words(
        "ranking.why.other_text", tier=subject.tier(row["tier"]), top=f"{row['probability_top']:.0%}",
        range=words("ranking.range", low=f"{row['rank_low']:.0f}", high=f"{row['rank_high']:.0f}"),
    )  # fmt: skip
    return Fact(label=label, value=text)


def _objections(subject: Subject, unit: str) -> Fact:
    words = subject.words
    mine = objections(subject.reader, subject.month)
    mine = mine[mine["compound_id"] == unit]
    label = words("ranking.why.objections")
    if mine.empty:
        return Fact(label=label, value=words("ranking.why.no_objection"))
    waiting = int(mine["answered_on"].isna().sum())
    if waiting:
        return Fact(
            label=label, value=words("ranking.why.waiting", n=number(len(mine)), waiting=number(waiting)), tone="alert"
        )
    last = mine.iloc[0]
    is_upheld = last["score_before"] == last["score_after"]
    text = words(
        "ranking.why.upheld" if is_upheld else "ranking.why.answered", n=number(len(mine)),
        before=quantity(last["score_before"], "", words, decimals=1),
        after=quantity(last["score_after"], "", words, decimals=1),
    )  # fmt: skip
    return Fact(label=label, value=text, tone="good")


@ranked_with
def parts(subject: Subject, ink: Ink) -> Drawing:
    """Points each dimension and indicator brought, of those it could bring."""
    words, unit = subject.words, subject.unit
    if unit is None or is_missing(subject.ranking.result.score[unit]):
        return subject.reading.empty(words("ranking.parts.none"), words("ranking.parts.why_none"))
    rows = evidence(subject.ranking, subject.anatomy, unit)
    shown: list[Part] = []
    for dimension in subject.scheme.members(subject.scheme.root.key):
        mine = rows[rows["parent"] == dimension.key]
        if mine.empty:
            mine = rows[rows["key"] == dimension.key]
        shown.append(
            _part(subject, subject.node(dimension.key), mine["share"].sum(), mine["points"].sum(), is_head=True)
        )
        for row in mine.to_dict("records"):
            full = row["share"] if row["is_reported"] else nominal_points(subject.scheme)[row["key"]]
            shown.append(
                _part(subject, subject.node(row["key"]), full, row["points"] if row["is_reported"] else None,
                      value=value_in_words(row, subject))
            )  # fmt: skip
    label, score = subject.ranking.result.labels[unit], subject.ranking.result.score[unit]
    title = words("ranking.parts.title", name=label, score=number(score, 2))
    return Drawing(
        title=title,
        subtitle=subject.reading.line(words("ranking.parts.subtitle"), subject.scheme_line),
        figure=contribution_bars(parts=shown, ink=ink),
        as_of=subject.reading.when(),
        source=subject.source,
        note=words("ranking.parts.note"),
        alt=title,
    )


def _part(
    subject: Subject, name: str, full: float, points: float | None, *, is_head: bool = False, value: str = ""
) -> Part:
    words = subject.words
    text = words("value.unreported") if points is None else f"{number(points, 1)}/{number(full, 1)}"
    lines = [f"<b>{name}</b>", words("ranking.parts.hover", points=text)]
    if value:
        lines.append(words("ranking.parts.value", value=value))
    return Part(name=name, full=float(full), points=points, text=text, hover="<br>".join(lines), is_head=is_head)


@ranked_with
def listing(subject: Subject, ink: Ink) -> Drawing:
    """Every indicator of the compound: value, weight, score, points, what it lacks, beside the ranked compounds' mean."""
    words, unit = subject.words, subject.unit
    if unit is None:
        return subject.reading.empty(words("ranking.none"))
    rows = evidence(subject.ranking, subject.anatomy, unit)
    typical = subject.ranking.typical
    points = nominal_points(subject.scheme)
    cells = [
        {
            "id": row["key"], "indicator": subject.node(row["key"]),
            "value": value_in_words(row, subject), "weight": points[row["key"]],
            "normalised": None if is_missing(row["score"]) else row["score"],
            "mean": None if is_missing(typical[row["key"]]) else float(typical[row["key"]]),
            "points": None if is_missing(row["points"]) else row["points"],
            "lost": None if is_missing(row["lost"]) else row["lost"],
        }
        for row in rows.to_dict("records")
    ]  # fmt: skip

    def numeric(field: str, decimals: int = 1) -> dict[str, Any]:
        return {"field": field, "headerName": words(f"ranking.column.{field}"), "number": True, "decimals": decimals,
                "width": 84, "minWidth": 74}  # fmt: skip

    spec = GridSpec(
        columns=[
            {"field": "indicator", "headerName": words("ranking.column.indicator"), "width": 170, "minWidth": 150,
             "tooltipField": "indicator"},
            {"field": "value", "headerName": words("ranking.column.value"), "width": 84, "minWidth": 78, "type": "rightAligned"},
            numeric("weight"), numeric("normalised"), numeric("mean"), numeric("points"), numeric("lost"),
        ],
        rows=cells,
        row_id="id",
    )  # fmt: skip
    reported = int(rows["is_reported"].sum())
    title = words(
        "ranking.evidence.title", name=subject.ranking.result.labels[unit], n=number(reported), all=number(len(rows))
    )
    return Drawing(
        title=title,
        subtitle=words("ranking.evidence.subtitle"),
        grid=spec,
        as_of=subject.reading.when(),
        source=subject.source,
        note=words("ranking.evidence.note"),
        alt=title,
    )
