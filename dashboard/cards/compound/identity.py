"""Who a compound is: the sentence that sums it up, its facts, who looks after it, and what happened there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from dashboard.cards.compound.subject import About, interval_text, needs_compound
from dashboard.cards.satisfaction.assessment import trigger_name
from dashboard.cards.satisfaction.rule import NARROW
from dashboard.cards.satisfaction.subject import between, chance, day, is_missing_text, percent, subtitle
from dashboard.cards.types import Drawing, Fact, GridSpec, Query, Tile
from dashboard.figures.bands import band_name
from dashboard.numbers import is_missing, month_name, number, parts, quantity
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue import indicator as indicator_of
from data.diagnosis import companies_of
from data.query import Period
from data.schema.vocabulary import Cover

if TYPE_CHECKING:
    from data.query import Reader

# Tile → whether it is of a year: of one month a compound has too few cases and fees to say anything.
TILES = {
    "satisfaction": False, "fee_collection_rate": True, "case_on_time_rate": True, "case_callback_satisfaction": True,
    "assessment_score": False,
}  # fmt: skip


@needs_compound
def headline(reader: Reader, view: View, ink: Ink, words: Words, chosen: About) -> Drawing:
    """Name, and what the survey allows to say."""
    where = [str(chosen.row["place"]).replace(" › ", words("compound.place_separator"))]
    if not is_missing_text(chosen.row["kind"]):
        where.insert(0, words(f"kind.{chosen.row['kind']}"))
    if chosen.estimate is None:
        title = words("compound.headline_unasked", name=chosen.name)
    else:
        e = chosen.estimate
        title = words(
            "compound.headline", name=chosen.name, value=percent(e["shrunk"] * 100, words, decimals=0),
            range=between(e["low"] * 100, e["high"] * 100), p=chance(e["p_below"]), band=band_name(e["band"], words),
        )  # fmt: skip
    if chosen.row["is_managed"] is False:
        where.append(words("compound.not_managed"))
    return Drawing(title=title, subtitle=subtitle(words, *where, month_name(chosen.month, words)))


@needs_compound
def tiles(reader: Reader, view: View, ink: Ink, words: Words, chosen: About) -> Drawing:
    """The compound in five figures, each with its own period."""
    year = chosen.year(reader)
    wave = str(chosen.estimate["wave"]) if chosen.estimate else chosen.month
    periods = {
        key: year if is_yearly else Period.of(wave if key == "satisfaction" else chosen.month)
        for key, is_yearly in TILES.items()
    }
    courses = reader.indicators(TILES, chosen.selection, by="month", period=year)
    shown = []
    for key, period in periods.items():
        indicator = indicator_of(key)
        row: dict[Any, Any] = reader.indicator(key, chosen.selection, period=period).iloc[0].to_dict()
        raw = None if is_missing(row["value"]) else float(row["value"])
        value, unit = parts(raw, indicator.unit, words, decimals=indicator.decimals)
        when = words("satisfaction.tile_year") if TILES[key] else month_name(period.start, words)
        size = "" if is_missing(row["denominator"]) or indicator.unit != "%" else _size(row["denominator"], key, words)
        shown.append(
            Tile(
                key=key, label=words.of(indicator), raw=raw, value=value, unit=unit,
                n=words("text.middot").join(t for t in (interval_text(row), size, when) if t),
                spark=_spark(courses[key]["value"], key),
            )
        )  # fmt: skip
    return Drawing(
        title=words("compound.tiles"), tiles=tuple(shown), as_of=month_name(chosen.month, words),
        queries=tuple(Query(key=key, selection=chosen.selection, period=period) for key, period in periods.items()),
    )  # fmt: skip


def _spark(values: pd.Series[float], key: str) -> tuple[float | None, ...]:
    """The course of a tile: waves without the months between them; none of cases, which most months have too few of."""
    if key.startswith("case_"):
        return ()
    known = values.dropna() if key == "satisfaction" else values
    return tuple(None if is_missing(v) else float(v) for v in known)


def _size(value: Any, key: str, words: Words) -> str:
    if indicator_of(key).denominator == ("fees_due_yuan",):
        return words("compound.of_due", amount=quantity(float(value), "元", words))
    return words("card.n", n=number(float(value)))


@needs_compound
def facts(reader: Reader, view: View, ink: Ink, words: Words, chosen: About) -> Drawing:
    """The register's row in words."""
    row = chosen.row
    unreported = words("value.unreported")

    def told(name: str, unit: str = "", decimals: int = 0) -> Fact:
        value = row[name]
        text = unreported if is_missing(value) else quantity(float(value), unit, words, decimals=decimals)
        return Fact(label=words(f"compound.fact_{name}"), value=text)

    def area(level: str) -> Fact:
        code = row[level]
        if is_missing_text(code):
            return Fact(label=words(f"compound.fact_{level}"), value=unreported)
        leads = (
            {"page": "satisfaction", "area": str(code)}
            if level != "grid"
            else {"page": "satisfaction", "grid": str(code)}
        )
        return Fact(label=words(f"compound.fact_{level}"), value=reader.label(str(code)), view=leads)

    year = row["built_year"]
    shown = [
        Fact(label=words("compound.fact_id"), value=chosen.id),
        Fact(
            label=words("compound.fact_kind"),
            value=unreported if is_missing_text(row["kind"]) else words(f"kind.{row['kind']}"),
        ),
        *(
            area(level)
            for level in ("county", "street", "community", "grid")
            if level == "grid" or level in reader.levels
        ),
        told("households", "户"),
        told("buildings", "栋"),
        Fact(label=words("compound.fact_built_year"), value=unreported if is_missing(year) else f"{int(year)}"),
        told("fee_yuan_m2_month", "元/㎡·月", 2),
        *_manager(reader, chosen, words),
    ]
    missing = sum(fact.value == unreported for fact in shown)
    title = words("compound.facts_title" if missing == 0 else "compound.facts_missing", count=missing)
    return Drawing(
        title=title, subtitle=subtitle(words, chosen.name, words("compound.facts_sub")), facts=tuple(shown),
        as_of=month_name(chosen.month, words), source=words("compound.source_register"), alt=title,
    )  # fmt: skip


def _manager(reader: Reader, chosen: About, words: Words) -> list[Fact]:
    """Who manages it at the end of the month, and the company's grade."""
    rows = reader.register("management")
    rows = rows[(rows["compound_id"] == chosen.id) & _standing(rows, chosen.end)]
    if rows.empty:
        return [Fact(label=words("compound.fact_mode"), value=words("value.unreported"))]
    relation = rows.iloc[-1]
    since = day(relation["valid_from"])
    facts = [
        Fact(
            label=words("compound.fact_mode"), value=words(f"compound.mode.{relation['mode']}"),
            note=words("compound.since", date=since) if since else "",
        )
    ]  # fmt: skip
    if is_missing_text(relation["company_id"]):
        return facts
    company = str(relation["company_id"])
    grades = reader.register("company").set_index("company_id")["credit_grade"]
    grade = grades.get(company)
    count = int((companies_of(reader, chosen.month)["company_id"] == company).sum())
    facts.append(
        Fact(
            label=words("compound.fact_company"), value=reader.label(company), view={"page": "companies", "company": company},
            note=words("compound.company_note", count=count, grade=words("value.unreported") if is_missing_text(grade) else str(grade)),
        )
    )  # fmt: skip
    return facts


def _standing(rows: pd.DataFrame, end: pd.Timestamp) -> pd.Series[bool]:
    return (rows["valid_from"].isna() | (rows["valid_from"] <= end)) & (
        rows["valid_to"].isna() | (rows["valid_to"] >= end)
    )


@needs_compound
def organisation(reader: Reader, view: View, ink: Ink, words: Words, chosen: About) -> Drawing:
    """Party organisation, committee and service station as they stand."""
    keys = (
        "branch_coverage",
        "branch_fallback",
        "committee_rate",
        "committee_in_term",
        "committee_party_share",
        "supervisor_rate",
    )
    found = reader.indicators(keys, chosen.selection, period=Period.of(chosen.month))
    row: dict[str, Any] = {key: found[key].iloc[0].to_dict() for key in keys}
    state, tone = _branch_state(row)
    shown = [
        Fact(
            label=words("compound.fact_branch"),
            value=words(f"compound.branch_{state}"),
            tone=tone,
            note=_branch_note(reader, chosen, words),
        )
    ]
    shown += _organisations(reader, chosen, words)
    shown += _committee(reader, chosen, row, words)
    supervisor = row["supervisor_rate"]["numerator"]
    key = "unreported" if is_missing(supervisor) else "yes" if supervisor > 0 else "no"
    shown.append(Fact(label=words("compound.fact_supervisor"), value=words(f"compound.state_{key}")))
    stations = _stations(reader, chosen, words)
    shown += stations
    title = words(f"compound.organisation_{state}")
    return Drawing(
        title=title, subtitle=subtitle(words, words("compound.organisation_sub"), month_name(chosen.month, words)),
        facts=tuple(shown), as_of=month_name(chosen.month, words), source=indicator_of("branch_coverage").source, alt=title,
        queries=tuple(Query(key=key, selection=chosen.selection, period=Period.of(chosen.month)) for key in keys),
    )  # fmt: skip


def _branch_state(row: dict[str, Any]) -> tuple[str, Literal["good", "review", "missing", "alert"]]:
    covered, fallback = row["branch_coverage"]["numerator"], row["branch_fallback"]["numerator"]
    if not is_missing(covered) and covered > 0:
        return "present", "good"
    if not is_missing(fallback) and fallback > 0:
        return "fallback", "review"
    return ("unreported", "missing") if is_missing(covered) else ("absent", "alert")


def _covering(reader: Reader, chosen: About) -> pd.DataFrame:
    """Organisations that cover the compound, or are its own, with `cover`."""
    links = reader.register("party_org_compound")
    cover = links[links["compound_id"] == chosen.id].set_index("org_id")["cover"]
    orgs = reader.register("party_org")
    mine = orgs[orgs["org_id"].isin(cover.index) | (orgs["compound_id"] == chosen.id)]
    return mine.assign(cover=mine["org_id"].map(cover))


def _branch_note(reader: Reader, chosen: About, words: Words) -> str:
    orgs = _covering(reader, chosen)
    covers = [words(f"compound.cover.{Cover(c).name.lower()}") for c in orgs["cover"].dropna().unique()]
    return words.listed(covers)


def _organisations(reader: Reader, chosen: About, words: Words) -> list[Fact]:
    facts = []
    for row in _covering(reader, chosen).to_dict("records"):
        is_over = not pd.isna(row["dissolved_on"]) and row["dissolved_on"] <= chosen.end
        told = [
            words(f"compound.founding.{row['founding_mode']}") if not is_missing_text(row["founding_mode"]) else "",
            words("compound.founded", date=day(row["founded_on"])) if day(row["founded_on"]) else "",
            words("compound.dissolved", date=day(row["dissolved_on"])) if is_over else "",
            words(f"compound.secretary.{row['secretary_role']}") if not is_missing_text(row["secretary_role"]) else "",
        ]
        facts.append(
            Fact(
                label=words(f"compound.org.{row['kind']}"),
                value=str(row["org_id"]),
                note=words("text.middot").join(t for t in told if t),
            )
        )
    return facts


def _committee(reader: Reader, chosen: About, row: dict[str, Any], words: Words) -> list[Fact]:
    rows = reader.register("committee")
    rows = rows[
        (rows["compound_id"] == chosen.id) & (rows["established_on"].isna() | (rows["established_on"] <= chosen.end))
    ]
    label = words("compound.fact_committee")
    if rows.empty:
        reported = row["committee_rate"]["numerator"]
        key = "state_unreported" if is_missing(reported) else "committee_none"
        return [Fact(label=label, value=words(f"compound.{key}"), tone="missing" if is_missing(reported) else "alert")]
    one = rows.sort_values("established_on").iloc[-1]
    term = one["term_end"]
    in_term = None if pd.isna(term) else bool(term >= chosen.end)
    note = "" if in_term is None else words("compound.term_in" if in_term else "compound.term_over", date=day(term))
    facts = [Fact(label=label, value=words(f"compound.committee.{one['kind']}"), note=note)]
    if not is_missing(one["seats"]) and not is_missing(one["party_seats"]):
        share = int(one["party_seats"]) / int(one["seats"])
        facts.append(
            Fact(
                label=words("compound.fact_seats"),
                value=words(
                    "compound.seats", party=int(one["party_seats"]), seats=int(one["seats"]), share=f"{share:.0%}"
                ),
                note=words("compound.seats_enough" if share >= 0.6 else "compound.seats_short"),
            )
        )
    if not is_missing_text(one["chair_role"]):
        facts.append(Fact(label=words("compound.fact_chair"), value=words(f"compound.chair.{one['chair_role']}")))
    return facts


def _stations(reader: Reader, chosen: About, words: Words) -> list[Fact]:
    community = chosen.row["community"]
    if is_missing_text(community):
        return []
    sites = reader.register("site")
    sites = sites[
        (sites["community_code"] == community)
        & (sites["opened_on"].isna() | (sites["opened_on"] <= chosen.end))
        & (sites["closed_on"].isna() | (sites["closed_on"] > chosen.end))
    ]
    names = words.listed([words(f"compound.site.{kind}") for kind in dict.fromkeys(sites["kind"])])
    return [Fact(label=words("compound.fact_sites"), value=names or words("compound.sites_none"))]


@needs_compound
def history(reader: Reader, view: View, ink: Ink, words: Words, chosen: About) -> Drawing:
    """Everything dated that the registers know of it, the newest first."""
    rows = sorted(_happenings(reader, chosen, words), key=lambda row: str(row["date"]), reverse=True)
    if not rows:
        return Drawing(title=words("compound.history_none"), empty=words("compound.history_none_why"))
    columns: list[dict[str, Any]] = [
        {"field": "date", "headerName": words("compound.col_date"), "minWidth": 100, "maxWidth": 115},
        {"field": "subject", "headerName": words("compound.col_subject"), "minWidth": 74, "maxWidth": 110},
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

    for org in _covering(reader, chosen).to_dict("records"):
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
    rows = reader.register(table)
    return rows[rows["compound_id"] == chosen.id].to_dict("records")
