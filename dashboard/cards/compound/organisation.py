"""Party organisation, committee and stations of the compound as they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from dashboard.cards.compound.subject import About, needs_compound, own_rows
from dashboard.cards.satisfaction.subject import day, is_missing_text, subtitle
from dashboard.cards.types import Drawing, Fact, Query
from dashboard.numbers import is_missing, month_name
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue import indicator as indicator_of
from data.query import Period
from data.schema.vocabulary import Cover

if TYPE_CHECKING:
    from data.query import Reader


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


def covering(reader: Reader, chosen: About) -> pd.DataFrame:
    """Organisations that cover the compound, or are its own, with `cover`."""
    cover = own_rows(reader, "party_org_compound", chosen).set_index("org_id")["cover"]
    orgs = reader.register("party_org")
    mine = orgs[orgs["org_id"].isin(cover.index) | (orgs["compound_id"] == chosen.id)]
    return mine.assign(cover=mine["org_id"].map(cover))


def _branch_note(reader: Reader, chosen: About, words: Words) -> str:
    orgs = covering(reader, chosen)
    covers = [words(f"compound.cover.{Cover(c).name.lower()}") for c in orgs["cover"].dropna().unique()]
    return words.listed(covers)


def _organisations(reader: Reader, chosen: About, words: Words) -> list[Fact]:
    facts = []
    for row in covering(reader, chosen).to_dict("records"):
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
    rows = own_rows(reader, "committee", chosen)
    rows = rows[rows["established_on"].isna() | (rows["established_on"] <= chosen.end)]
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
