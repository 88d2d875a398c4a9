"""What happened in the compound, as far as any register dates it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from dashboard.cards.compound.organisation import covering
from dashboard.cards.compound.subject import About, needs_compound, own_rows
from dashboard.cards.satisfaction.loop import trigger_name
from dashboard.cards.satisfaction.rule import NARROW
from dashboard.cards.satisfaction.subject import day, is_missing_text, subtitle
from dashboard.cards.types import Drawing, GridSpec
from dashboard.numbers import month_name, number
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words

if TYPE_CHECKING:
    from data.query import Reader


@needs_compound
def history(reader: Reader, view: View, ink: Ink, words: Words, chosen: About) -> Drawing:
    """Everything dated that the registers know of it, the newest first."""
    rows = sorted(_happenings(reader, chosen, words), key=lambda row: str(row["date"]), reverse=True)
    if not rows:
        return Drawing(title=words("compound.history_none"), empty=words("compound.history_none_why"))
    columns: list[dict[str, Any]] = [
        {"field": "date", "headerName": words("compound.col_date"), "minWidth": 100, "maxWidth": 115},
        {
            "field": "subject",
            "headerName": words("compound.col_subject"),
            "minWidth": 74 if words.lang == "zh" else 104,
            "maxWidth": 110,
        },
        {
            "field": "event",
            "headerName": words("compound.col_event"),
            "minWidth": 130,
            "wrapText": True,
            "autoHeight": True,
        },
    ]
    columns = [column | NARROW for column in columns]
    title = words("compound.history_title", count=len(rows), date=rows[0]["date"])
    return Drawing(
        title=title, subtitle=subtitle(words, words("compound.history_sub"), chosen.name),
        grid=GridSpec(columns=columns, rows=[{"id": str(i), **row} for i, row in enumerate(rows)], row_id="id"),
        n=number(len(rows)), as_of=month_name(chosen.month, words), source=words("compound.source_registers"), alt=title,
    )  # fmt: skip


def _happenings(reader: Reader, chosen: About, words: Words) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []

    def add(when: Any, subject: str, key: str, **values: Any) -> None:
        if not pd.isna(when) and when <= chosen.end:
            event = words(f"compound.history.{key}", **values)
            found.append({"date": str(day(when)), "subject": words(f"compound.history.{subject}"), "event": event})

    for org in covering(reader, chosen).to_dict("records"):
        kind = words(f"compound.org.{org['kind']}")
        add(org["founded_on"], "party", "founded", kind=kind)
        add(org["dissolved_on"], "party", "dissolved", kind=kind)
    for one in _of(reader, "committee", chosen):
        add(one["established_on"], "committee", "established", kind=words(f"compound.committee.{one['kind']}"))
        add(one["term_end"], "committee", "term_ended", kind=words(f"compound.committee.{one['kind']}"))
    for one in _of(reader, "management", chosen):
        who = (
            words(f"compound.mode.{one['mode']}")
            if is_missing_text(one["company_id"])
            else reader.label(str(one["company_id"]))
        )
        add(one["valid_from"], "management", "managed_from", who=who)
        add(one["valid_to"], "management", "managed_to", who=who)
    for one in _of(reader, "award", chosen):
        for name in ("applied_on", "awarded_on", "revoked_on"):
            add(one[name], "award", name, round=one["round"])
    for one in _of(reader, "incident", chosen):
        kind = words(f"compound.incident.{one['kind']}")
        add(one["opened_on"], "incident", "incident_opened", kind=kind)
        add(one["closed_on"], "incident", "incident_closed", kind=kind)
    for one in _of(reader, "objection", chosen):
        reason = words(f"compound.objection.{one['reason']}")
        add(one["raised_on"], "objection", "objection_raised", month=one["month"], reason=reason)
        add(one["answered_on"], "objection", "objection_answered", month=one["month"])
    for one in _of(reader, "assessment", chosen):
        if not is_missing_text(one["interview_trigger"]):
            trigger = trigger_name(str(one["interview_trigger"]), words)
            add(one["interview_held_on"], "interview", "interview_held", trigger=trigger)
            add(one["rectified_on"], "interview", "rectified", trigger=trigger)
    return found


def _of(reader: Reader, table: str, chosen: About) -> list[dict[Any, Any]]:
    return own_rows(reader, table, chosen).to_dict("records")
