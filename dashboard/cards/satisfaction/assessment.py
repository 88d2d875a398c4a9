"""Monthly assessment, the interviews it leads to, how they were closed, and the rewards."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

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
)
from dashboard.cards.types import Drawing, Entry, GridSpec, Query, Tile
from dashboard.figures.bands import band_name
from dashboard.figures.columns import Step, stacked_columns, steps
from dashboard.figures.histogram import Panel, histogram
from dashboard.figures.intervals import IntervalRow, Line, interval_rows
from dashboard.figures.plotted import clickable
from dashboard.figures.trend import Series, trend
from dashboard.numbers import is_missing, month_name, number, parts
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue import indicator as indicator_of
from data.catalogue.satisfaction import TRIGGERS
from data.interviews import (
    LISTED_MONTHS,
    Firmness,
    InterviewState,
    called_on_raw_value,
    interviews,
    interviews_missing,
    rewards,
)
from data.query import Period
from data.satisfaction import compound_estimates, inside_selection, months_back

if TYPE_CHECKING:
    from data.query import Reader

TRIGGER_KEYS = tuple(f"interviews_due_{key}" for key in TRIGGERS)
TRIGGER_OF = {trigger.value: key for key, trigger in TRIGGERS.items()}
PARTS = ("total_score", "party_score", "service_score", "governance_score")
# Classes of the distribution of scores.
EDGES = (0, 60, 70, 80, 90, 101)
SHOWN_REWARDS, SHOWN_ENTRIES = 12, 6
MARGIN_POINTS = 5.0
NO_INTERVIEWS = GridSpec(columns=[], rows=[], row_id="id", click="compound", click_field="compound")


TILES = ("assessment_coverage", "assessment_score", "interviews_due", "interview_held_rate", "interview_rectified_rate")
# Rates of the loop are of a year: of the newest month's triggers hardly any is due yet.
YEARLY = ("interview_held_rate", "interview_rectified_rate")


def trigger_name(trigger: str, words: Words) -> str:
    """One of the four triggers in the language of the page."""
    return words(f"trigger.{TRIGGER_OF[trigger]}") if trigger in TRIGGER_OF else trigger


def state_name(state: InterviewState, words: Words) -> str:
    """Where an interview stands, in the language of the page."""
    return words(f"interview.{InterviewState(state).name.lower()}")


def firmness_name(firmness: Firmness, words: Words) -> str:
    """How firm a reward is, in the language of the page."""
    return words(f"reward.{Firmness(firmness).name.lower()}")


def _year(reader: Reader, view: View) -> Period:
    month = view.month_of(reader)
    return Period(max(reader.months[0], months_back(month, LISTED_MONTHS - 1)), month)


@needs_months
def tiles(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Assessed, mean score, interviews due and closed, rewards."""
    month, year = view.month_of(reader), _year(reader, view)
    found = reader.indicators(TILES, view.selection, by="month", period=year)
    whole = reader.indicators(YEARLY, view.selection, period=year)
    shown, queries = [], []
    for key in TILES:
        indicator = indicator_of(key)
        is_yearly = key in YEARLY
        row: Any = (whole[key] if is_yearly else found[key]).iloc[-1].to_dict()
        # Nothing assessed in the area: no interview was due and none was rewarded there, as far as anybody said.
        is_known = not is_missing(row["value"])
        raw = float(row["value"]) if is_known else None
        value, unit = parts(raw, indicator.unit, words, decimals=indicator.decimals)
        period = year if is_yearly else Period.of(month)
        n = words("satisfaction.tile_year") if is_yearly else ""
        if key == "assessment_coverage" and is_known:
            n = words("satisfaction.tile_of", count=number(row["numerator"]), total=number(row["denominator"]))
        shown.append(
            Tile(
                key=key, label=words.of(indicator), raw=raw, value=value, unit=unit, n=n or month_name(month, words),
                spark=tuple(None if is_missing(v) else float(v) for v in found[key]["value"]),
            )
        )  # fmt: skip
        queries.append(Query(key=key, selection=view.selection, period=period))
    return Drawing(
        title=words("satisfaction.section_assessment"), tiles=tuple(shown), as_of=month_name(month, words),
        source=indicator_of("assessment_score").source, queries=tuple(queries),
    )  # fmt: skip


@needs_months
def coverage(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Compounds assessed of those managed, month by month."""
    return _course(reader, view, ink, words, "assessment_coverage", "satisfaction.coverage")


@needs_months
def mean_score(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Mean score of the compounds assessed, month by month."""
    return _course(reader, view, ink, words, "assessment_score", "satisfaction.score")


def _course(reader: Reader, view: View, ink: Ink, words: Words, key: str, text: str) -> Drawing:
    month = view.month_of(reader)
    period = Period(max(reader.months[0], months_back(month, 23)), month)
    frame = reader.indicator(key, view.selection, by="month", period=period)
    known = frame[frame["value"].notna() & (frame["numerator"].fillna(0) > 0)]
    if known.empty:
        return empty(words("satisfaction.assessment_none"), words("satisfaction.assessment_none_why"))
    frame = frame[frame["group"] >= known["group"].iloc[0]]
    last: Any = known.iloc[-1].to_dict()
    indicator = indicator_of(key)
    value = percent(last["value"], words) if indicator.unit == "%" else number(float(last["value"]), 1)
    low, high = known["value"].min(), known["value"].max()
    title = words(f"{text}_title", value=value, low=number(float(low), 1), high=number(float(high), 1),
                  month=month_name(str(last["group"]), words))  # fmt: skip
    figure = trend(series=[Series(indicator=indicator, figures=frame)], ink=ink, words=words)
    if indicator.unit != "%":
        # Tenths of a point filling the chart would look like a course.
        figure["layout"]["yaxis"]["range"] = [max(0.0, float(low) - MARGIN_POINTS), float(high) + MARGIN_POINTS]
    return Drawing(
        title=title,
        subtitle=subtitle(words, words.of(indicator), place_of(reader, view, words),
                          words("satisfaction.months", start=month_name(str(frame["group"].iloc[0]), words), end=month_name(month, words))),
        figure=figure,
        n=words("satisfaction.n_compounds", n=number(float(last["denominator"]))), as_of=month_name(str(last["group"]), words),
        source=indicator.source, alt=title,
        queries=(Query(key=key, selection=view.selection, period=period, by="month"),),
    )  # fmt: skip


@needs_months
def distribution(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Scores of the month in classes, the total and its parts."""
    month = view.month_of(reader)
    scores = reader.register("assessment")
    scores = inside_selection(reader, scores[scores["month"] == month], month, view.selection)
    if scores.empty:
        return empty(words("satisfaction.assessment_none"), words("satisfaction.assessment_none_why"))
    panels = []
    for part in PARTS:
        known = scores[part].dropna().astype(float).to_numpy()
        counted, _ = np.histogram(known, bins=EDGES)
        names = [f"<{EDGES[1]}", *(f"{a}–{b}" for a, b in pairwise(EDGES[1:-1])), f"≥{EDGES[-2]}"]
        panels.append(
            Panel(
                title=words(f"score.{part}"), classes=names, counts=[int(n) for n in counted], strong=frozenset({0}),
                hover=[words("satisfaction.score_hover", part=words(f"score.{part}"), range=r, count=int(n))
                       for r, n in zip(names, counted, strict=True)],
            )
        )  # fmt: skip
    total = scores["total_score"].astype(float)
    title = words("satisfaction.distribution_title", median=number(total.median(), 1), low=int((total < 60).sum()),
                  high=int((total >= 90).sum()))  # fmt: skip
    return Drawing(
        title=title, subtitle=subtitle(words, words("satisfaction.distribution_sub"), place_of(reader, view, words), month_name(month, words)),
        figure=histogram(panels=panels[:2], ink=ink), n=words("satisfaction.n_compounds", n=number(len(scores))),
        as_of=month_name(month, words), source=indicator_of("assessment_score").source, alt=title,
        note=words("satisfaction.note_four_in_one"),
        queries=(Query(key="assessment_score", selection=view.selection, period=Period.of(month), by="compound"),),
    )  # fmt: skip


@needs_months
def triggers(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Interviews due by month, stacked by the four triggers."""
    period = _year(reader, view)
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
    period = _year(reader, view)
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
        queries=(Query(key="interviews_due", selection=view.selection, period=_year(reader, view), by="compound"),),
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
        queries=(Query(key="interviews_due_satisfaction", selection=view.selection, period=_year(reader, view), by="compound"),),
    )  # fmt: skip


@needs_months
def rewarded(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Rewards of the month and what each has to stand on."""
    month = view.month_of(reader)
    found = rewards(reader, month, view.selection)
    if found.empty:
        return empty(words("satisfaction.rewards_none"), words("satisfaction.rewards_none_why"))
    estimates = compound_estimates(reader, month)
    city = (
        float(estimates["satisfied"].sum() / estimates["valid"].sum()) * 100 if estimates["valid"].sum() > 0 else None
    )
    colours = {
        Firmness.FIRM: ink.good,
        Firmness.OPEN: ink.warn,
        Firmness.DOUBTFUL: ink.alert,
        Firmness.UNKNOWN: ink.hatch,
    }
    signs = {Firmness.FIRM: "circle", Firmness.OPEN: "triangle-up", Firmness.DOUBTFUL: "diamond"}
    # Those with least to stand on first: they are the ones to look at.
    shown = found.sort_values("p_above", ascending=True, na_position="last").head(SHOWN_REWARDS)
    rows = []
    for row in shown.to_dict("records"):
        known = not is_missing(row["p_above"])
        firmness = Firmness(row["firmness"])
        rows.append(
            IntervalRow(
                label=str(row["label"]), mid=float(row["shrunk"]) * 100 if known else None,
                low=float(row["low"]) * 100 if known else None, high=float(row["high"]) * 100 if known else None,
                colour=colours[firmness], sign=signs.get(firmness, "circle"),
                remark=firmness_name(firmness, words), group=str(row["compound_id"]),
                meta=clickable([str(row["compound_id"])], "profile"),
                hover=words("reward.hover", name=row["label"], score=number(row["score"], 1), times=int(row["times"]),
                            p=chance(row["p_above"]) if known else "", n=number(row["valid"]) if known else "0",
                            range=between(row["low"] * 100, row["high"] * 100, decimals=1) if known else ""),
            )
        )  # fmt: skip
    counted = found["firmness"].value_counts()
    title = words("satisfaction.rewards_title", total=len(found), firm=int(counted.get(Firmness.FIRM, 0)),
                  doubtful=int(counted.get(Firmness.DOUBTFUL, 0)))  # fmt: skip
    line = (
        None
        if city is None
        else Line(at=city, label=words("reward.line", value=percent(city, words)), colour=ink.muted)
    )
    note = words("satisfaction.note_rewards")
    if len(found) > SHOWN_REWARDS:
        note += words("satisfaction.note_cut_more", shown=SHOWN_REWARDS, total=len(found))
    return Drawing(
        title=title, subtitle=subtitle(words, words("satisfaction.rewards_sub"), place_of(reader, view, words), month_name(month, words)),
        figure=interval_rows(rows=rows, ink=ink, line=line, missing=words("value.unreported"), remark_width=6, name_width=18),
        n=words("satisfaction.n_compounds", n=number(len(found))), as_of=month_name(month, words),
        source=indicator_of("rewards").source, alt=title, note=note,
        queries=(Query(key="rewards", selection=view.selection, period=Period.of(month), by="compound"),),
    )  # fmt: skip


@needs_months
def reward_counts(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Compounds rewarded, month by month."""
    period = _year(reader, view)
    frame = reader.indicator("rewards", view.selection, by="month", period=period)
    total = float(frame["value"].fillna(0).sum())
    if not total:
        return empty(words("satisfaction.rewards_none"), words("satisfaction.rewards_year_none_why"))
    title = words("satisfaction.reward_counts_title", total=number(total), mean=number(total / len(frame), 1))
    return Drawing(
        title=title,
        subtitle=subtitle(words, words.of(indicator_of("rewards")), place_of(reader, view, words),
                          words("satisfaction.months", start=month_name(period.start, words), end=month_name(period.end, words))),
        figure=stacked_columns(parts=[(indicator_of("rewards"), frame)], ink=ink, words=words), n=number(total),
        as_of=month_name(period.end, words), source=indicator_of("rewards").source, alt=title,
        queries=(Query(key="rewards", selection=view.selection, period=period, by="month"),),
    )  # fmt: skip
