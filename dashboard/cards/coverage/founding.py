"""How branches came to be: modes, course, the five builds, organisations by area, and who still has to found one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from dashboard.absence import absence
from dashboard.cards.reading import Reading, has_values, level_name, parts_level, row_of, total
from dashboard.cards.rows import dated_rows
from dashboard.cards.types import WRAPPED, Drawing, GridSpec
from dashboard.figures.indicator_rows import indicator_rows
from dashboard.figures.stacked import Kind, stacked
from dashboard.figures.trend import Series, trend
from dashboard.numbers import is_missing, number, quantity
from data.catalogue import INDICATORS
from data.query import Period

if TYPE_CHECKING:
    from dashboard.theme import Ink
    from dashboard.view import View
    from dashboard.wording import Words
    from data.query import Reader

MODES = ("branches_alone", "branches_joint", "branches_station")
BUILDS = (
    "branch_coverage", "committee_rate", "team_rate", "party_station_rate", "coordination_rate", "five_complete_rate",
)  # fmt: skip
ORGANISATIONS = (
    "industry_committees", "industry_committee_coverage", "compound_branches", "eligible_with_branch", "branch_coverage",
    "branch_fallback", "grid_branch_rate", "station_groups", "station_group_rate", "party_households",
)  # fmt: skip
DUE = ("eligible_with_branch", "branch_coverage", "branch_fallback")


def modes(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Branches by founding mode and area."""
    reading = Reading(reader, view, words)
    title = words("coverage.modes.title_none")
    if not reader.months:
        return reading.empty(title, words("reading.no_months"))
    level = parts_level(reader, view)
    found = reading.figures(MODES, by=level)
    whole = {key: total(frame) for key, frame in reading.figures(MODES).items()}
    everything = sum(whole.values())
    if not everything:
        return reading.empty(title, words("coverage.modes.nothing"))
    first = max(whole, key=lambda key: whole[key])
    title = words(
        "coverage.modes.title", n=number(everything), mode=words.of(INDICATORS[first]), count=number(whole[first])
    )
    kinds = [Kind(indicator=INDICATORS[key], figures=found[key]) for key in MODES]
    return Drawing(
        title=title, subtitle=reading.line(words("coverage.modes.subtitle"), level_name(level, words), reading.when()),
        figure=stacked(kinds=kinds, by=level, ink=ink, words=words), note=words("coverage.modes.note"), alt=title,
        **(reading.foot(MODES) | {"n": number(everything)}),
    )  # fmt: skip


def timeline(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Branches standing at each month end, in all and by mode."""
    reading = Reading(reader, view, words)
    title = words("coverage.timeline.title_none")
    if not reader.months:
        return reading.empty(title, words("reading.no_months"))
    period = Period(reader.months[0], reading.month)
    found = reading.figures(("compound_branches", *MODES), by="month", period=period)
    known = found["compound_branches"]["value"].dropna()
    if known.empty or not float(known.max()):
        return reading.empty(title, words("coverage.modes.nothing"))
    title = words(
        "coverage.timeline.title", first=quantity(known.iloc[0], "", words), last=quantity(known.iloc[-1], "", words),
        start=reading.when(Period.of(period.start)),
    )  # fmt: skip
    series = [
        Series(indicator=INDICATORS[key], figures=found[key], name=words.of(INDICATORS[key]),
               colour=ink.accent if key == "compound_branches" else ink.series[MODES.index(key)])
        for key in found
    ]  # fmt: skip
    return Drawing(
        title=title, subtitle=reading.line(words("coverage.timeline.subtitle"), reading.place, reading.when(period)),
        figure=trend(series=series, ink=ink, words=words, from_zero=True), alt=title,
        **(reading.foot(["compound_branches"]) | {"n": quantity(known.iloc[-1], "", words)}),
    )  # fmt: skip


def five_builds(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """The five things to build, and how many compounds have all five."""
    reading = Reading(reader, view, words)
    title = words("coverage.builds.title_none")
    if not reader.months:
        return reading.empty(title, words("reading.no_months"))
    rows, is_known = dated_rows(reading, BUILDS)
    if not is_known:
        return reading.empty(title, words("reading.none"))
    complete = row_of(rows[-1].figures)
    if not is_missing(complete["value"]):
        title = words(
            "coverage.builds.title", n=quantity(complete["numerator"], "", words),
            said=quantity(complete["denominator"], "", words),
        )  # fmt: skip
    return Drawing(
        title=title, subtitle=reading.line(words("coverage.builds.subtitle"), reading.place, reading.when()),
        figure=indicator_rows(rows=rows, ink=ink, words=words, before_name=words("change.year_ago")), alt=title,
        note=words("coverage.builds.note"), **reading.foot(BUILDS, rows[-1].figures),
    )  # fmt: skip


def organisations(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Party organisations by area, as a table."""
    reading = Reading(reader, view, words)
    title = words("coverage.organisations.title_none")
    if not reader.months:
        return reading.empty(title, words("reading.no_months"))
    level = parts_level(reader, view)
    found = reading.figures(ORGANISATIONS, by=level)
    if not has_values(*found.values()):
        return reading.empty(title, words("reading.none"))
    whole = reading.figures(("industry_committees", "compound_branches", "station_groups"))
    counts = {key: row_of(frame)["value"] for key, frame in whole.items()}
    if any(not is_missing(count) and float(count) > 0 for count in counts.values()):
        title = reading.line(
            *(
                words(f"coverage.organisations.{key}", n=quantity(count, "", words))
                for key, count in counts.items()
                if not is_missing(count)
            )
        )
    return Drawing(
        title=title,
        subtitle=reading.line(words("coverage.organisations.subtitle"), level_name(level, words), reading.when()),
        grid=area_grid(found, level, reading), alt=title, **reading.foot(ORGANISATIONS, found["branch_coverage"]),
    )  # fmt: skip


def area_grid(found: dict[str, pd.DataFrame], level: str, reading: Reading) -> GridSpec:
    """A table with one row an area and one column an indicator; a click selects the area."""
    words = reading.words
    columns: list[dict[str, Any]] = [{"field": "label", "headerName": level_name(level, words), "minWidth": 150}]
    columns += [
        {
            "field": key, "headerName": words.of(INDICATORS[key]), "number": True, "decimals": INDICATORS[key].decimals,
            "suffix": "%" if INDICATORS[key].unit == "%" else "", "minWidth": 96,
            "absence": f"{key}_absence",
        }
        for key in found
    ]  # fmt: skip
    first = next(iter(found.values()))
    rows: dict[str, dict[str, Any]] = {
        str(row["group"]): {"code": str(row["group"]), "label": str(row["label"])} for row in first.to_dict("records")
    }
    for key, frame in found.items():
        for figure in frame.to_dict("records"):
            rows.get(str(figure["group"]), {}).update(
                {key: _plain(figure["value"]),
                 f"{key}_absence": absence(figure, key, reading.month, reading.reader, words)}
            )  # fmt: skip
    return GridSpec(
        columns=columns, rows=[*rows.values()], row_id="code", meta={key: key for key in found}, click="area"
    )


def _plain(value: Any) -> float | None:
    return None if is_missing(value) else float(value)


def due_branches(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Compounds that meet the conditions for a branch and have none."""
    reading = Reading(reader, view, words)
    title = words("coverage.due.title_none")
    if not reader.months:
        return reading.empty(title, words("reading.no_months"))
    found = {key: frame.set_index("group") for key, frame in reading.figures(DUE, by="compound").items()}
    if found["eligible_with_branch"]["numerator"].isna().all():
        return reading.empty(title, words("reading.none"))
    eligible = found["eligible_with_branch"]["numerator"].fillna(0) > 0
    branch = found["branch_coverage"].reindex(eligible.index)
    missing = eligible & (branch["denominator"].fillna(0) > 0) & (branch["numerator"].fillna(0) == 0)
    chosen = eligible.index[missing.to_numpy()]
    if not len(chosen):
        return reading.empty(title, words("coverage.due.nothing"))
    register = reader.register("compound").set_index("compound_id").reindex(chosen)
    caught = (found["branch_fallback"]["numerator"].reindex(chosen).fillna(0) > 0).to_numpy()
    rows = []
    for unit, is_caught, row in zip(chosen, caught, register.to_dict("records"), strict=True):
        rows.append(
            {
                "id": str(unit), "name": row["name"], "place": str(row["place"]), "kind": _kind(row["kind"], words),
                "households": _plain(row["households"]), "built_year": _plain(row["built_year"]),
                "fallback": words("state.fallback" if is_caught else "state.absent"),
            }
        )  # fmt: skip
    none = words("state.absent")
    rows.sort(key=lambda row: (row["fallback"] != none, -(row["households"] or 0.0), row["id"]))
    columns: list[dict[str, Any]] = [
        {"field": "name", "headerName": words("coverage.due.name"), "minWidth": 140},
        {"field": "place", "headerName": words("coverage.due.place"), "minWidth": 190, **WRAPPED},
        {"field": "kind", "headerName": words("filter.kind"), "minWidth": 100},
        {"field": "households", "headerName": words("coverage.due.households"), "number": True, "minWidth": 90},
        {"field": "fallback", "headerName": words("coverage.due.fallback"), "minWidth": 100},
    ]
    title = words("coverage.due.title", n=number(len(rows)), caught=number(int(caught.sum())))
    return Drawing(
        title=title, subtitle=reading.line(words("coverage.due.subtitle"), reading.place, reading.when()),
        grid=GridSpec(columns=columns, rows=rows, row_id="id", click="compound", page_size=50), alt=title,
        note=words("coverage.due.note"), **(reading.foot(DUE) | {"n": number(len(rows))}),
    )  # fmt: skip


def _kind(kind: Any, words: Words) -> str:
    return words(f"kind.{kind}") if isinstance(kind, str) and words.has(f"kind.{kind}") else ""
