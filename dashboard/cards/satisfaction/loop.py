"""Interviews: called for by which trigger, held, rectified, overdue; and where the list and the 60 % rule disagree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboard.cards.satisfaction.rule import NARROW
from dashboard.cards.satisfaction.subject import (
    between,
    chance,
    day,
    empty,
    needs_months,
    percent,
    place_of,
    places_of_compounds,
    subtitle,
    year_of,
)
from dashboard.cards.types import Drawing, Entry, GridSpec, Query
from dashboard.figures.bands import band_name
from dashboard.figures.columns import Step, stacked_columns, steps
from dashboard.numbers import is_missing, month_name, number
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue import indicator as indicator_of
from data.catalogue.satisfaction import TRIGGERS
from data.interviews import (
    InterviewState,
    called_on_raw_value,
    interviews,
    interviews_missing,
)

if TYPE_CHECKING:
    from data.query import Reader

TRIGGER_KEYS = tuple(f"interviews_due_{key}" for key in TRIGGERS)
TRIGGER_OF = {trigger.value: key for key, trigger in TRIGGERS.items()}
SHOWN_ENTRIES = 6
NO_INTERVIEWS = GridSpec(columns=[], rows=[], row_id="id", click="compound", click_field="compound")


def trigger_name(trigger: str, words: Words) -> str:
    """One of the four triggers in the language of the page."""
    return words(f"trigger.{TRIGGER_OF[trigger]}") if trigger in TRIGGER_OF else trigger


def state_name(state: InterviewState, words: Words) -> str:
    """Where an interview stands, in the language of the page."""
    return words(f"interview.{InterviewState(state).name.lower()}")


@needs_months
def triggers(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Interviews due by month, stacked by the four triggers."""
    period = year_of(reader, view)
    found = reader.indicators([*TRIGGER_KEYS, "interviews_due"], view.selection, by="month", period=period)
    sums = {key: float(found[key]["value"].fillna(0).sum()) for key in TRIGGER_KEYS}
    total = sum(sums.values())
    if not total:
        return empty(words("satisfaction.triggers_none"), words("satisfaction.triggers_none_why"))
    most = max(sums, key=lambda key: sums[key])
    title = words("satisfaction.triggers_title", total=number(total), name=words(f"trigger.{most.removeprefix('interviews_due_')}"),
                  share=f"{sums[most] / total:.0%}")  # fmt: skip
    return Drawing(
        title=title,
        subtitle=subtitle(words, words("satisfaction.triggers_sub"), place_of(reader, view, words),
                          words("satisfaction.months", start=month_name(period.start, words), end=month_name(period.end, words))),
        figure=stacked_columns(parts=[(indicator_of(key), found[key]) for key in TRIGGER_KEYS], ink=ink, words=words),
        n=number(total), as_of=month_name(period.end, words), source=indicator_of("interviews_due").source, alt=title,
        note=words("satisfaction.note_trigger_source"),
        queries=tuple(Query(key=key, selection=view.selection, period=period, by="month") for key in TRIGGER_KEYS),
    )  # fmt: skip


@needs_months
def loop(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Due, held, rectified over twelve months; and what is overdue today."""
    period = year_of(reader, view)
    keys = ("interviews_due", "interview_held_rate", "interview_rectified_rate")
    found = reader.indicators(keys, view.selection, period=period)
    rows: dict[str, Any] = {key: found[key].iloc[0].to_dict() for key in keys}
    due = rows["interviews_due"]["value"]
    if is_missing(due) or not due:
        return empty(words("satisfaction.triggers_none"), words("satisfaction.triggers_none_why"))
    listed = interviews(reader, period.end, view.selection)
    overdue = int(sum(state.is_overdue for state in listed["state"]))
    held, done = rows["interview_held_rate"], rows["interview_rectified_rate"]
    drawn = [
        Step(name=words.of(indicator_of("interviews_due")), count=float(due), remark=number(due), indicator="interviews_due", field="value"),
        Step(name=words("satisfaction.step_held"), count=float(held["numerator"]), indicator="interview_held_rate",
             remark=words("satisfaction.step", count=number(held["numerator"]), share=percent(held["value"], words))),
        Step(name=words("satisfaction.step_rectified"), count=float(done["numerator"]), indicator="interview_rectified_rate",
             remark=words("satisfaction.step", count=number(done["numerator"]), share=percent(done["value"], words))),
        Step(name=words("satisfaction.step_overdue"), count=float(overdue), remark=number(overdue), is_alert=True),
    ]  # fmt: skip
    title = words("satisfaction.loop_title" if overdue else "satisfaction.loop_clean", overdue=overdue,
                  rate=percent(done["value"], words))  # fmt: skip
    return Drawing(
        title=title,
        subtitle=subtitle(words, words("satisfaction.loop_sub"), place_of(reader, view, words),
                          words("satisfaction.months", start=month_name(period.start, words), end=month_name(period.end, words))),
        figure=steps(rows=drawn, ink=ink), n=number(due), as_of=month_name(period.end, words),
        source=indicator_of("interviews_due").source, alt=title, note=words("satisfaction.note_loop"),
        queries=tuple(Query(key=key, selection=view.selection, period=period) for key in keys),
    )  # fmt: skip


@needs_months
def listing(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Every interview of the last twelve months and every older one still open."""
    month = view.month_of(reader)
    found = interviews(reader, month, view.selection)
    if found.empty:
        return empty(words("satisfaction.triggers_none"), words("satisfaction.triggers_none_why"), grid=NO_INTERVIEWS)
    found = found.assign(place=places_of_compounds(reader, found["compound_id"]), raw_only=called_on_raw_value(found))
    rows = [
        {
            "id": f"{row['compound_id']}/{row['month']}", "compound": row["compound_id"], "name": row["label"],
            "place": row["place"], "trigger": trigger_name(row["trigger"], words), "month": row["month"],
            "state": state_name(row["state"], words), "over": int(row["days_over"]) or None,
            "due": day(row["due_on"]), "held": day(row["held_on"]), "rectify": day(row["rectify_due_on"]),
            "done": day(row["rectified_on"]), "band": band_name(str(row["band"]), words),
            "check": words("interview.raw_only") if row["raw_only"] else "",
        }
        for row in found.to_dict("records")
    ]  # fmt: skip
    widths = {"name": 125, "place": 95, "trigger": 128, "month": 88, "state": 104, "band": 84, "check": 160, "due": 98,
              "held": 98, "rectify": 98, "done": 98}  # fmt: skip
    columns: list[dict[str, Any]] = [
        {"field": field, "headerName": words(f"interview.col_{field}"), "minWidth": width}
        for field, width in widths.items()
    ]
    over = {"field": "over", "headerName": words("interview.col_over"), "type": "rightAligned", "minWidth": 80,
            "filter": "agNumberColumnFilter"}  # fmt: skip
    columns.insert(5, over)
    states = found["state"].value_counts()
    title = words(
        "satisfaction.listing_title", open=int((found["state"] != InterviewState.CLOSED).sum()),
        late=int(states.get(InterviewState.LATE, 0)), overdue=int(states.get(InterviewState.OVERDUE, 0)),
    )  # fmt: skip
    return Drawing(
        title=title, subtitle=subtitle(words, words("satisfaction.listing_sub"), place_of(reader, view, words)),
        grid=GridSpec(columns=[column | NARROW for column in columns], rows=rows, row_id="id", click="compound", click_field="compound", page_size=12),
        n=number(len(rows)), as_of=month_name(month, words), source=indicator_of("interviews_due").source, alt=title,
        note=words("satisfaction.note_posts"),
        queries=(Query(key="interviews_due", selection=view.selection, period=year_of(reader, view), by="compound"),),
    )  # fmt: skip


@needs_months
def gaps(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Where the list and the survey disagree: red but not called, called but not red."""
    month = view.month_of(reader)
    missing = interviews_missing(reader, month, view.selection)
    listed = interviews(reader, month, view.selection)
    doubtful = listed[called_on_raw_value(listed)] if len(listed) else listed
    places = dict(zip(missing["compound_id"], places_of_compounds(reader, missing["compound_id"]), strict=True))
    entries = [
        Entry(
            tone="alert", tag=band_name(str(row["band"]), words), title=words("satisfaction.entry", name=row["label"], place=places[row["compound_id"]]),
            detail=words("satisfaction.entry_missing", p=chance(row["p_below"]), range=between(row["low"] * 100, row["high"] * 100), n=number(row["valid"])),
            view={"profile": str(row["compound_id"])},
        )
        for row in missing.to_dict("records")
    ]  # fmt: skip
    street = (
        dict(zip(doubtful["compound_id"], places_of_compounds(reader, doubtful["compound_id"]), strict=True))
        if len(doubtful)
        else {}
    )
    entries += [
        Entry(
            tone="review", tag=words("interview.check"), title=words("satisfaction.entry", name=row["label"], place=street[row["compound_id"]]),
            detail=words("satisfaction.entry_raw", band=band_name(str(row["band"]), words), month=month_name(str(row["month"]), words)),
            view={"profile": str(row["compound_id"])},
        )
        for row in doubtful.to_dict("records")
    ]  # fmt: skip
    if not entries:
        return empty(words("satisfaction.gaps_none"), words("satisfaction.gaps_none_why"))
    title = words("satisfaction.gaps_title", missing=len(missing), doubtful=len(doubtful))
    note = (
        words("satisfaction.note_first", shown=SHOWN_ENTRIES, total=len(entries))
        if len(entries) > SHOWN_ENTRIES
        else None
    )
    return Drawing(
        title=title, subtitle=subtitle(words, words("satisfaction.gaps_sub"), place_of(reader, view, words)),
        entries=tuple(entries[:SHOWN_ENTRIES]), n=number(len(entries)), as_of=month_name(month, words),
        source=indicator_of("interviews_due").source, note=note, alt=title,
        queries=(Query(key="interviews_due_satisfaction", selection=view.selection, period=year_of(reader, view), by="compound"),),
    )  # fmt: skip
