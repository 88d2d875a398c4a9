"""Results: what the city published beside what the store adds up to, cases, lists, campaigns, and the base numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboard.cards.reading import (
    Reading,
    best_and_worst,
    has_values,
    level_name,
    next_below,
    parts_level,
    row_of,
    total,
)
from dashboard.cards.rows import dated_rows
from dashboard.cards.types import Drawing, GridSpec
from dashboard.figures.heat import Column, heat
from dashboard.figures.indicator_rows import indicator_rows
from dashboard.figures.target_bars import Target, target_bars
from dashboard.numbers import is_missing, number, quantity
from data.catalogue import INDICATORS
from data.published import agrees
from data.query import Selection

if TYPE_CHECKING:
    from dashboard.theme import Ink
    from dashboard.view import View
    from dashboard.wording import Words
    from data.query import Reader

# Published key → the indicator of the catalogue that counts it, and the field that holds the count.
COUNTED_BY: dict[str, tuple[str, str]] = {
    "compounds": ("compounds", "value"),
    "companies": ("companies", "value"),
    "compound_branches": ("compound_branches", "value"),
    "company_branches": ("company_branches", "value"),
    "industry_committees": ("industry_committees", "value"),
    "committees_chaired_by_cadre": ("cadre_chair_rate", "numerator"),
    "stations": ("stations", "value"),
    "stations_urban": ("stations_urban", "value"),
    "urban_streets": ("station_urban_street_rate", "denominator"),
    "members_reported": ("members_reported", "value"),
    "urgent_matters": ("urgent_matters", "value"),
    "disputes_resolved": ("disputes_resolved", "value"),
    "vehicles_persuaded": ("vehicles_persuaded", "value"),
    "vehicles_towed": ("vehicles_towed", "value"),
    "meter_boxes": ("meter_boxes", "value"),
    "charging_ports": ("charging_ports", "value"),
    "car_chargers": ("car_chargers", "value"),
    "arrears_cleared_yuan": ("arrears_cleared_yuan", "value"),
}
RATES = ("case_response_rate", "case_resolution_rate", "case_on_time_rate", "dispute_resolution_rate")
LISTS = ("list_resource", "list_need", "list_task")
LIST_RATES = ("task_conversion_rate", "task_on_time_rate", "upgrade_done_rate")
CAMPAIGNS = (
    "vehicles_persuaded", "vehicles_towed", "meter_boxes", "meter_box_rate", "charging_ports", "car_chargers",
    "ports_per_hundred_households", "campaign_relapse_rate",
)  # fmt: skip
BASE = ("compounds", "households", "companies", "stations", "cases_opened")


def published_results(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Published figures with their bounds beside the computed ones; always of the whole city."""
    reading = Reading(reader, view, words)
    title = words("overview.published.title_none")
    if not reader.months:
        return reading.empty(title, words("reading.no_months"))
    rows: dict[str, dict[str, Any]] = {str(row["key"]): row for row in reader.published().to_dict("records")}  # type: ignore[misc]
    keys = [key for key in COUNTED_BY if key in rows]
    if not keys:
        return reading.empty(title, words("overview.published.nothing"))
    found = reading.figures(dict.fromkeys(COUNTED_BY[key][0] for key in keys), selection=Selection())
    targets = []
    fitting = 0
    for key in keys:
        name, field = COUNTED_BY[key]
        said = rows[key]
        computed = row_of(found[name])[field]
        fitting += not is_missing(computed) and agrees(float(computed), float(said["value"]), str(said["bound"]))
        targets.append(
            Target(
                indicator=INDICATORS[name], figures=found[name], value=float(said["value"]), bound=str(said["bound"]),
                field=field, name=words(f"published.{key}") if words.has(f"published.{key}") else "",
                unit=str(said["unit"]) if isinstance(said["unit"], str) else "",
            )
        )  # fmt: skip
    title = words("overview.published.title", n=len(keys), fitting=fitting)
    sources = dict.fromkeys(str(rows[key]["source"]) for key in keys)
    return Drawing(
        title=title,
        subtitle=reading.line(words("overview.published.subtitle"), reader.city.name, reading.when()),
        figure=target_bars(targets=targets, ink=ink, words=words, columns=2),
        as_of=reading.foot([])["as_of"],
        source=words.listed([*sources]),
        note=words("overview.published.note"),
        alt=title,
        queries=tuple(reading.queries),
    )


def case_rates(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Response, resolution, on time, disputes resolved: this month with interval, a year ago as a mark."""
    reading = Reading(reader, view, words)
    title = words("overview.cases.title_none")
    if not reader.months:
        return reading.empty(title, words("reading.no_months"))
    rows, is_known = dated_rows(reading, RATES)
    opened = row_of(reading.figures(["cases_opened"])["cases_opened"])["value"]
    if not is_known or is_missing(opened):
        return reading.empty(title, words("overview.cases.nothing"))
    on_time = row_of(rows[2].figures)
    title = words(
        "overview.cases.title", n=number(float(opened)),
        value=quantity(on_time["value"], "%", words, decimals=1),
    )  # fmt: skip
    foot = reading.foot(RATES, rows[0].figures)
    return Drawing(
        title=title, subtitle=reading.line(words("overview.cases.subtitle"), reading.place, reading.when()),
        figure=indicator_rows(rows=rows, ink=ink, words=words, before_name=words("change.year_ago")),
        note=words("overview.cases.note"), alt=title, **foot,
    )  # fmt: skip


def lists(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """How many entries the three lists hold."""
    reading = Reading(reader, view, words)
    title = words("overview.lists.title_none")
    if not reader.months:
        return reading.empty(title, words("reading.no_months"))
    rows, is_known = dated_rows(reading, LISTS)
    if not is_known or not sum(total(row.figures) for row in rows):
        return reading.empty(title, words("reading.none"))
    need, task = (row_of(rows[i].figures)["value"] for i in (1, 2))
    title = words("overview.lists.title", need=quantity(need, "", words), task=quantity(task, "", words))
    return Drawing(
        title=title, subtitle=reading.line(words("overview.lists.subtitle"), reading.place, reading.when()),
        figure=indicator_rows(rows=rows, ink=ink, words=words, before_name=words("change.year_ago")),
        alt=title, **reading.foot(LISTS),
    )  # fmt: skip


def list_rates(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Needs made tasks, tasks done on time, and the upgrading action."""
    reading = Reading(reader, view, words)
    title = words("overview.list_rates.title_none")
    if not reader.months:
        return reading.empty(title, words("reading.no_months"))
    rows, is_known = dated_rows(reading, LIST_RATES)
    if not is_known:
        return reading.empty(title, words("reading.none"))
    on_time, upgrade = (row_of(rows[i].figures) for i in (1, 2))
    late = None if is_missing(on_time["denominator"]) else float(on_time["denominator"]) - float(on_time["numerator"])
    title = words(
        "overview.list_rates.title", late=quantity(late, "", words),
        upgrade=quantity(upgrade["value"], "%", words, decimals=1),
    )  # fmt: skip
    return Drawing(
        title=title, subtitle=reading.line(words("overview.list_rates.subtitle"), reading.place, reading.when()),
        figure=indicator_rows(rows=rows, ink=ink, words=words, before_name=words("change.year_ago")),
        alt=title, **reading.foot(LIST_RATES, rows[1].figures),
    )  # fmt: skip


def campaigns(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """What the campaigns did, by area, and where it came back."""
    reading = Reading(reader, view, words)
    title = words("overview.campaigns.title_none")
    if not reader.months:
        return reading.empty(title, words("reading.no_months"))
    level = parts_level(reader, view)
    found = reading.figures(CAMPAIGNS, by=level)
    if not has_values(*found.values()):
        return reading.empty(title, words("reading.none"))
    whole = row_of(reading.figures(["campaign_relapse_rate"])["campaign_relapse_rate"])
    title = words(
        "overview.campaigns.title", value=quantity(whole["value"], "%", words, decimals=1),
        n=quantity(whole["numerator"], "", words), total=quantity(whole["denominator"], "", words),
    )  # fmt: skip
    ends = best_and_worst(found["campaign_relapse_rate"], -1)
    tail = words("overview.campaigns.worst", name=ends[1]["label"]) if ends and _apart(*ends) else ""
    columns = [Column(indicator=INDICATORS[key], figures=found[key]) for key in CAMPAIGNS]
    return Drawing(
        title=title + tail,
        subtitle=reading.line(words("overview.campaigns.subtitle"), level_name(level, words), reading.when()),
        figure=heat(columns=columns, by=level, ink=ink, words=words, room=150),
        note=words("overview.campaigns.note"), alt=title, **reading.foot(CAMPAIGNS),
    )  # fmt: skip


def _apart(best: dict[str, Any], worst: dict[str, Any]) -> bool:
    """Whether the intervals of two rows do not touch."""
    if is_missing(best["high"]) or is_missing(worst["low"]):
        return False
    return float(best["high"]) < float(worst["low"])


def _base_heading(key: str, words: Words) -> str:
    """The indicator's name, or a shorter one for a narrow column of numbers."""
    short = f"overview.base.heading.{key}"
    return words(short) if words.has(short) else words.of(INDICATORS[key])


def base(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """The base numbers by area: compounds, households, companies, stations, and what was counted there."""
    reading = Reading(reader, view, words)
    title = words("overview.base.title_none")
    if not reader.months:
        return reading.empty(title, words("reading.no_months"))
    level, click = next_below(reader, view)
    found = reading.figures(BASE, by=level)
    # What is not counted this far down has no column: 未上报 would be untrue.
    shown = [key for key in BASE if has_values(found[key])]
    whole = reading.figures(("compounds", "companies", "households"))
    index = found["compounds"].set_index("group")
    if not has_values(*found.values()):
        return reading.empty(title, words("reading.none"))
    values = {key: found[key].set_index("group")["value"] for key in shown}
    columns: list[dict[str, Any]] = [{"field": "label", "headerName": level_name(level, words), "minWidth": 120}]
    columns += [
        {
            "field": key,
            "headerName": _base_heading(key, words),
            "number": True,
            "decimals": 0,
            "minWidth": max(58, 20 + 8 * max(len(number(value)) for value in values[key].dropna().astype(float))),
        }
        for key in shown
    ]
    rows = [
        {"code": str(group), "label": str(index.at[group, "label"]), "opens": click}
        | {key: None if is_missing(values[key].get(group)) else float(values[key][group]) for key in shown}
        for group in index.index
    ]
    known = {key: value for key in whole if not is_missing(value := row_of(whole[key])["value"])}
    parts = [words(f"overview.base.{key}", n=quantity(value, "", words)) for key, value in known.items()]
    title = words("overview.base.title", parts=words.listed(parts))
    return Drawing(
        title=title, subtitle=reading.line(level_name(level, words), reading.place, reading.when()),
        grid=GridSpec(columns=columns, rows=rows, row_id="code", meta={key: key for key in shown}, click_by="opens"),
        alt=title, **reading.foot(BASE, whole["households"]),
    )  # fmt: skip
