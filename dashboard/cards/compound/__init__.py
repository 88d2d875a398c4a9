"""Cards of the page `compound`: choosing a compound, and everything about the one chosen."""

from __future__ import annotations

from dashboard.cards.compound import (
    finder,
    history,
    identity,
    index,
    organisation,
    record,
    residents,
    words_of_five,
    work,
)
from dashboard.cards.satisfaction.subject import QUESTIONS
from dashboard.cards.types import Card, Draw, Kind
from data.catalogue.types import Page


def _card(name: str, draw: Draw, height: int, kind: Kind, *indicators: str) -> Card:
    return Card(name=f"compound.{name}", page=Page.COMPOUND, indicators=indicators, draw=draw, height=height, kind=kind)


CARDS: tuple[Card, ...] = (
    _card("finder_headline", finder.headline, 60, "headline"),
    _card("finder", finder.finder, 745, "grid", "compounds"),
    _card("headline", identity.headline, 60, "headline"),
    _card("tiles", identity.tiles, 150, "tiles", *identity.TILES),
    _card("facts", identity.facts, 330, "facts"),
    _card("organisation", organisation.organisation, 330, "facts", "branch_coverage", "branch_fallback", "committee_rate"),
    _card("history", history.history, 330, "grid"),
    _card("verdict", residents.verdict, 230, "figure", "satisfaction"),
    _card("course", residents.course, 230, "figure", "satisfaction"),
    _card("senses", residents.senses, 300, "figure", *QUESTIONS, "survey_response_rate"),
    _card(
        "diagnosis", words_of_five.diagnosis, 330, "figure",
        "satisfaction", "case_on_time_rate", "fee_collection_rate", "committee_rate", "households",
    ),
    _card("peers", words_of_five.peers, 330, "grid", "fee_collection_rate", "case_on_time_rate"),
    _card("dimensions", index.dimensions, 390, "figure"),
    _card("evidence", index.evidence, 390, "grid"),
    _card("subjects", work.subjects, 300, "figure", *work.ABOUT),
    _card("levels", work.levels, 300, "figure", *work.CLOSED),
    _card("rates", work.rates, 300, "figure", *work.RATES),
    _card("fees", work.fees, 240, "figure", "fee_collection_rate"),
    _card("arrears", work.arrears, 240, "figure", "arrears_open_yuan"),
    _card("assessments", record.assessments, 240, "figure", "assessment_score"),
    _card("interviews", record.interviews, 240, "grid", "interviews_due", "rewards"),
    _card("objections", record.objections, 220, "grid"),
    _card("incidents", record.incidents, 220, "grid"),
    _card("sources", record.sources, 330, "grid", *record.TRACED),
)  # fmt: skip
