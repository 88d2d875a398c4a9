"""What was written down about the compound: assessments, interviews, objections with their answers, and the batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from dashboard.cards.compound.subject import About, needs_compound, own_rows
from dashboard.cards.data.batches import local_time
from dashboard.cards.satisfaction.loop import state_name, trigger_name
from dashboard.cards.satisfaction.rule import NARROW
from dashboard.cards.satisfaction.subject import day, empty, is_missing_text, subtitle
from dashboard.cards.types import Drawing, GridSpec, Query
from dashboard.figures.trend import Series, trend
from dashboard.numbers import is_missing, month_name, number, signed
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue import indicator as indicator_of
from data.interviews import InterviewState, interview_states
from data.query import Period, Selection
from data.schema import assessment
from data.trace import trace_figure

if TYPE_CHECKING:
    from data.query import Reader

SCORE = "assessment_score"
# Figures whose rows are followed back to their files.
TRACED = ("satisfaction", "fee_collection_rate", "case_on_time_rate", SCORE, "branch_coverage", "committee_rate")


@needs_compound
def assessments(reader: Reader, view: View, ink: Ink, words: Words, chosen: About) -> Drawing:
    """Monthly score of the compound, the city's mean behind it."""
    at = reader.months.index(chosen.month)
    period = Period(reader.months[max(0, at - 23)], chosen.month)
    own = reader.indicator(SCORE, chosen.selection, by="month", period=period)
    known = own[own["value"].notna()]
    if known.empty:
        return empty(words("satisfaction.assessment_none"), words("compound.assessments_none_why"))
    city = reader.indicator(SCORE, by="month", period=period)
    last = known.iloc[-1]
    whole = city.loc[city["group"] == last["group"], "value"].iloc[0]
    title = words("compound.assessments_title", value=number(float(last["value"]), 1), month=month_name(str(last["group"]), words),
                  gap=signed(float(last["value"] - whole), 1))  # fmt: skip
    return Drawing(
        title=title, subtitle=subtitle(words, words("compound.assessments_sub"), chosen.name),
        figure=trend(
            series=[Series(indicator=indicator_of(SCORE), figures=city, name=reader.city.name, is_context=True),
                    Series(indicator=indicator_of(SCORE), figures=own, colour=ink.accent)],
            ink=ink, words=words,
        ),
        n=words("compound.n_months", n=len(known), total=len(own)), as_of=month_name(str(last["group"]), words),
        source=indicator_of(SCORE).source, note=_parts(reader, chosen, str(last["group"]), words), alt=title,
        queries=(Query(key=SCORE, selection=chosen.selection, period=period, by="month"),
                 Query(key=SCORE, selection=Selection(), period=period, by="month")),
    )  # fmt: skip


def _parts(reader: Reader, chosen: About, month: str, words: Words) -> str:
    rows = reader.register_rows("assessment", (assessment.c.compound_id == chosen.id) & (assessment.c.month == month))
    if rows.empty:
        return ""
    row = rows.iloc[0].to_dict()
    told = [
        f"{words(f'score.{name}')} {number(float(row[name]), 1)}"
        for name in ("party_score", "service_score", "governance_score")
        if not is_missing(row[name])
    ]
    return words.listed(told)


@needs_compound
def interviews(reader: Reader, view: View, ink: Ink, words: Words, chosen: About) -> Drawing:
    """Every interview called, and rewards given, by month."""
    until = assessment.c.month <= chosen.month
    rows = reader.register_rows("assessment", (assessment.c.compound_id == chosen.id) & until)
    rewarded = rows["is_rewarded"].fillna(False).astype(bool)
    called = interview_states(rows[rows["interview_trigger"].notna()], chosen.end)
    found: list[dict[str, Any]] = [
        {
            "month": row["month"], "what": words("compound.interview", trigger=trigger_name(str(row["interview_trigger"]), words)),
            "state": state_name(row["state"], words), "due": day(row["interview_due_on"]), "held": day(row["interview_held_on"]),
            "rectify": day(row["rectify_due_on"]), "done": day(row["rectified_on"]),
        }
        for row in called.to_dict("records")
    ]  # fmt: skip
    found += [
        {
            "month": month,
            "what": words("compound.reward"),
            "state": "",
            "due": None,
            "held": None,
            "rectify": None,
            "done": None,
        }
        for month in rows.loc[rewarded, "month"]
    ]
    if not found:
        return empty(words("compound.interviews_none"), words("compound.interviews_none_why"))
    found.sort(key=lambda row: str(row["month"]), reverse=True)
    columns: list[dict[str, Any]] = [
        {"field": "month", "headerName": words("interview.col_month"), "minWidth": 84},
        {"field": "what", "headerName": words("compound.col_event"), "minWidth": 165},
        {"field": "state", "headerName": words("interview.col_state"), "minWidth": 104},
        *(
            {"field": f, "headerName": words(f"interview.col_{f}"), "minWidth": 98}
            for f in ("due", "held", "rectify", "done")
        ),
    ]
    still = int(sum(state is not InterviewState.CLOSED for state in called["state"]))
    title = words("compound.interviews_title", called=len(called), still=still, rewards=int(rewarded.sum()))
    return Drawing(
        title=title, subtitle=subtitle(words, words("compound.interviews_sub"), chosen.name),
        grid=GridSpec(columns=[column | NARROW for column in columns], rows=[{"id": str(i), **row} for i, row in enumerate(found)], row_id="id"),
        n=number(len(found)), as_of=month_name(chosen.month, words), source=indicator_of(SCORE).source, alt=title,
        note=words("satisfaction.note_posts"),
    )  # fmt: skip


@needs_compound
def objections(reader: Reader, view: View, ink: Ink, words: Words, chosen: About) -> Drawing:
    """Objections to a score: when, why, answered when, before and after."""
    rows = own_rows(reader, "objection", chosen)
    rows = rows[rows["raised_on"] <= chosen.end].sort_values("raised_on", ascending=False)
    if rows.empty:
        return empty(words("compound.objections_none"), words("compound.objections_none_why"))
    found = []
    for row in rows.to_dict("records"):
        is_answered = not is_missing_text(row["answered_on"]) and row["answered_on"] <= chosen.end
        before: Any = row["score_before"]
        after: Any = row["score_after"] if is_answered else None
        gap = None if is_missing(before) or is_missing(after) else float(after) - float(before)
        answer = words("compound.objection_open")
        if is_answered:
            answer = (
                words("compound.objection_kept") if not gap else words("compound.objection_changed", gap=signed(gap, 1))
            )
        found.append(
            {
                "id": row["objection_id"], "month": row["month"], "raised": day(row["raised_on"]),
                "reason": words(f"compound.objection.{row['reason']}"), "answered": day(row["answered_on"]) if is_answered else None,
                "before": None if is_missing(before) else float(before), "after": None if is_missing(after) else float(after),
                "answer": answer,
            }
        )  # fmt: skip
    columns: list[dict[str, Any]] = [
        {"field": "month", "headerName": words("compound.col_score_month"), "minWidth": 84},
        {"field": "raised", "headerName": words("compound.col_raised"), "minWidth": 100},
        {"field": "reason", "headerName": words("compound.col_reason"), "minWidth": 84},
        {"field": "answered", "headerName": words("compound.col_answered"), "minWidth": 100},
        *(
            {"field": f, "headerName": words(f"compound.col_{f}"), "number": True, "decimals": 1, "minWidth": 66}
            for f in ("before", "after")
        ),
        {"field": "answer", "headerName": words("compound.col_answer"), "minWidth": 90},
    ]
    waiting = sum(1 for row in found if row["answered"] is None)
    title = words(
        "compound.objections_waiting" if waiting else "compound.objections_title", count=len(found), waiting=waiting
    )
    return Drawing(
        title=title, subtitle=subtitle(words, words("compound.objections_sub"), chosen.name),
        grid=GridSpec(columns=[column | NARROW for column in columns], rows=found, row_id="id"), n=number(len(found)), alt=title,
        as_of=month_name(chosen.month, words), source=words("compound.source_objection"),
    )  # fmt: skip


@needs_compound
def incidents(reader: Reader, view: View, ink: Ink, words: Words, chosen: About) -> Drawing:
    """Serious incidents and demonstration awards."""
    found: list[dict[str, Any]] = []
    for row in _rows(reader, "incident", chosen):
        if row["opened_on"] > chosen.end:
            continue
        is_closed = not is_missing_text(row["closed_on"]) and row["closed_on"] <= chosen.end
        found.append(
            {"date": day(row["opened_on"]), "what": words(f"compound.incident.{row['kind']}"),
             "state": words("compound.incident_closed", date=day(row["closed_on"])) if is_closed else words("compound.incident_open"),
             "open": not is_closed}
        )  # fmt: skip
    open_count = sum(row["open"] for row in found)
    awards = _rows(reader, "award", chosen)
    for row in awards:
        dates = {
            name: row[name]
            for name in ("applied_on", "awarded_on", "revoked_on")
            if not is_missing_text(row[name]) and row[name] <= chosen.end
        }
        if not dates:
            continue
        last = max(dates, key=lambda name: dates[name])
        found.append({"date": day(dates[last]), "what": words("compound.award", round=row["round"]),
                      "state": words(f"compound.award_{last}", date=day(dates[last])), "open": False})  # fmt: skip
    if not found:
        return empty(words("compound.incidents_none"), words("compound.incidents_none_why"))
    found.sort(key=lambda row: str(row["date"]), reverse=True)
    columns: list[dict[str, Any]] = [
        {"field": "date", "headerName": words("compound.col_date"), "minWidth": 108, "maxWidth": 130},
        {"field": "what", "headerName": words("compound.col_event"), "minWidth": 150},
        {"field": "state", "headerName": words("interview.col_state"), "minWidth": 150},
    ]
    key = "compound.incidents_open" if open_count else "compound.incidents_title"
    title = words(key, open=open_count, total=len(found) - len(awards), awards=len(awards))
    return Drawing(
        title=title, subtitle=subtitle(words, words("compound.incidents_sub"), chosen.name),
        grid=GridSpec(columns=[column | NARROW for column in columns], rows=[{"id": str(i), **row} for i, row in enumerate(found)], row_id="id"),
        n=number(len(found)), as_of=month_name(chosen.month, words), source=words("compound.source_registers"), alt=title,
    )  # fmt: skip


def _rows(reader: Reader, table: str, chosen: About) -> list[dict[str, Any]]:
    rows = own_rows(reader, table, chosen)
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]


@needs_compound
def sources(reader: Reader, view: View, ink: Ink, words: Words, chosen: About) -> Drawing:
    """The batches and files the compound's figures were counted from."""

    def read() -> list[dict[str, Any]]:
        found = []
        for key in TRACED:
            month = str(chosen.estimate["wave"]) if key == "satisfaction" and chosen.estimate else chosen.month
            told = trace_figure(reader, key, chosen.selection, month=month)
            rows = pd.DataFrame(told["rows"])
            for batch in told["batches"]:
                mine = rows[rows["batch"] == batch["batch"]] if len(rows) else rows
                found.append({"key": key, "month": month, "rows": len(mine), **batch})
        return found

    traced: list[dict[str, Any]] = reader.remember(("compound sources", chosen.id, chosen.month), read)
    if not traced:
        return empty(words("compound.sources_none"), words("compound.sources_none_why"))
    rows = [
        {
            "id": str(i), "figure": words.of(indicator_of(one["key"])), "month": one["month"], "batch": one["batch"],
            "file": one["file"] or words("value.unreported"), "rows": one["rows"], "actor": one["actor"],
            "created": local_time(one["created_at"]), "sha": (one["sha256"] or "")[:12],
        }
        for i, one in enumerate(traced)
    ]  # fmt: skip
    widths = {"figure": 150, "month": 92, "file": 220, "created": 140, "actor": 100, "sha": 130}
    columns: list[dict[str, Any]] = [
        {"field": f, "headerName": words(f"compound.col_src_{f}"), "minWidth": w} for f, w in widths.items()
    ]
    columns.insert(
        2, {"field": "batch", "headerName": words("compound.col_src_batch"), "type": "rightAligned", "minWidth": 80}
    )
    columns.insert(4, {"field": "rows", "headerName": words("compound.col_src_rows"), "number": True})
    count = len({row["batch"] for row in rows})
    title = words("compound.sources_title", batches=count, files=len({row["file"] for row in rows}))
    return Drawing(
        title=title, subtitle=words("compound.sources_sub"),
        grid=GridSpec(columns=[column | NARROW for column in columns], rows=rows, row_id="id"), n=number(len(rows)), alt=title,
        as_of=month_name(chosen.month, words), source=words("compound.source_batches"), note=words("compound.sources_note"),
        queries=tuple(Query(key=key, selection=chosen.selection, period=Period.of(chosen.month)) for key in TRACED),
    )  # fmt: skip
