"""Gates before scores: who is held back, and by what."""

from __future__ import annotations

from dashboard.cards.ranking.subject import Subject, ranked_with
from dashboard.cards.types import Drawing, GridSpec
from dashboard.figures.bar_table import BarColumn, bar_table
from dashboard.numbers import number
from dashboard.theme import Ink
from data.statistics.bands import Tier
from data.statistics.gates import Eligibility, GateReason

UNREPORTED = {
    GateReason.NO_BRANCH: GateReason.BRANCH_UNREPORTED,
    GateReason.SATISFACTION_RED: GateReason.SATISFACTION_UNREPORTED,
    GateReason.OPEN_INCIDENT: GateReason.INCIDENT_UNREPORTED,
    GateReason.UNANSWERED_OBJECTION: GateReason.OBJECTION_UNREPORTED,
}


@ranked_with
def reasons(subject: Subject, ink: Ink) -> Drawing:
    """How many compounds each gate holds back, and how many could not be judged by it."""
    words, frame = subject.words, subject.frame
    if frame.empty:
        return subject.reading.empty(words("ranking.none"))
    held = {reason: sum(reason in given for given in frame["reasons"]) for reason in GateReason}
    gates = [GateReason(gate) for gate in subject.scheme.gates]
    scoreless = int(((frame["eligibility"] == Eligibility.ELIGIBLE) & (frame["tier"] == Tier.UNRANKED)).sum())
    rows = [(gate.value, words(f"ranking.gate.{gate.value}")) for gate in gates]
    rows.append(("scoreless", words("ranking.gate.scoreless")))
    failed = {gate.value: float(held[gate]) for gate in gates} | {"scoreless": float(scoreless)}
    unknown = {gate.value: float(held[UNREPORTED[gate]]) for gate in gates} | {"scoreless": 0.0}
    most = max([*failed.values(), *unknown.values(), 1.0])
    columns = [
        BarColumn(title=words("ranking.gates.failed"), values=failed, text=number, top=most),
        BarColumn(title=words("ranking.gates.unreported"), values=unknown, text=number, top=most),
    ]
    eligible = int((frame["eligibility"] == Eligibility.ELIGIBLE).sum())
    most_common = max(gates, key=lambda gate: held[gate]) if gates else None
    title = words("ranking.gates.all", n=number(len(frame))) if most_common is None else words(
        "ranking.gates.title", n=number(len(frame)), eligible=number(eligible),
        reason=words(f"ranking.gate.{most_common.value}"), held=number(held[most_common]),
    )  # fmt: skip
    return Drawing(
        title=title,
        subtitle=subject.reading.line(words("ranking.gates.subtitle"), subject.reading.when()),
        figure=bar_table(rows=rows, columns=columns, ink=ink, missing=words("figure.unreported"), name_columns=30),
        n=number(len(frame)),
        as_of=subject.reading.when(),
        source=subject.source,
        note=words("ranking.gates.note"),
        alt=title,
    )


@ranked_with
def listing(subject: Subject, ink: Ink) -> Drawing:
    """The compounds that may not be ranked, with every reason; a click shows the evidence."""
    words, frame = subject.words, subject.frame
    rows = []
    for row in frame.to_dict("records"):
        if row["eligibility"] == Eligibility.ELIGIBLE and row["tier"] != Tier.UNRANKED:
            continue
        given = [words(f"ranking.gate.{reason.value}") for reason in row["reasons"]]
        if row["eligibility"] == Eligibility.ELIGIBLE:
            given = [words("ranking.gate.scoreless_at", share=f"{row['availability']:.0%}")]
        rows.append(
            {
                "id": row["group"], "name": row["label"], "street": row["place"],
                "eligibility": words(f"ranking.eligibility.{Eligibility(row['eligibility']).name.lower()}"),
                "reasons": words.listed(given),
            }
        )  # fmt: skip
    title = words("ranking.gated.title", n=number(len(rows)))
    if not rows:
        return subject.reading.empty(words("ranking.gated.none"))
    spec = GridSpec(
        columns=[
            {"field": "name", "headerName": words("ranking.column.name"), "width": 140, "minWidth": 120},
            {"field": "street", "headerName": words("ranking.column.street"), "width": 110},
            {"field": "eligibility", "headerName": words("ranking.column.eligibility"), "width": 96},
            {"field": "reasons", "headerName": words("ranking.column.reasons"), "minWidth": 220, "flex": 1,
             "tooltipField": "reasons"},
        ],
        rows=rows,
        row_id="id",
        click="evidence",
    )  # fmt: skip
    return Drawing(
        title=title,
        subtitle=subject.scheme_line,
        hint=words("ranking.gated.hint"),
        grid=spec,
        n=number(len(rows)),
        as_of=subject.reading.when(),
        source=subject.source,
        alt=title,
    )
