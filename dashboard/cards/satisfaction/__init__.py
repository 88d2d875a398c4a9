"""Cards of the page `satisfaction`: how content residents are, who lies below 60 %, and what was done about it."""

from __future__ import annotations

from dashboard.cards.satisfaction import answers, assessment, overall, rule
from dashboard.cards.types import Card, Draw, Kind
from data.catalogue.types import Page


def _card(name: str, draw: Draw, height: int, kind: Kind, *indicators: str) -> Card:
    return Card(
        name=f"satisfaction.{name}", page=Page.SATISFACTION, indicators=indicators, draw=draw, height=height, kind=kind
    )


CARDS: tuple[Card, ...] = (
    _card("headline", overall.headline, 60, "headline", "satisfaction"),
    _card("tiles", overall.tiles, 150, "tiles", *overall.TILES),
    _card("course", overall.course, 280, "figure", "satisfaction"),
    _card("senses", overall.senses, 280, "figure", *overall.QUESTIONS),
    _card("places", overall.places, 400, "figure", "satisfaction"),
    _card("areas", overall.areas, 400, "figure", "satisfaction"),
    _card("multiples", overall.small_multiples, 320, "figure", "satisfaction"),
    _card("counts", rule.counts, 400, "figure", "satisfaction"),
    _card("sure", rule.sure, 400, "figure", "satisfaction"),
    _card("review", rule.review_list, 500, "grid", "satisfaction", "survey_response_rate"),
    _card("funnel", rule.funnel, 430, "figure", "satisfaction"),
    _card("outliers", rule.outliers, 430, "grid", "satisfaction"),
    _card("sizes", answers.sizes, 350, "figure", "survey_valid"),
    _card("response", answers.response, 350, "figure", "survey_response_rate"),
    _card("scale", answers.scale, 350, "figure", *answers.SCORES),
    _card("assessed", assessment.tiles, 150, "tiles", *assessment.TILES),
    _card("coverage", assessment.coverage, 220, "figure", "assessment_coverage"),
    _card("score", assessment.mean_score, 220, "figure", "assessment_score"),
    _card("distribution", assessment.distribution, 220, "figure", "assessment_score"),
    _card("triggers", assessment.triggers, 290, "figure", *assessment.TRIGGER_KEYS, "interviews_due"),
    _card(
        "loop", assessment.loop, 290, "figure", "interviews_due", "interview_held_rate", "interview_rectified_rate"
    ),
    _card("gaps", assessment.gaps, 290, "list", "interviews_due_satisfaction"),
    _card("interviews", assessment.listing, 490, "grid", "interviews_due"),
    _card("rewards", assessment.rewarded, 350, "figure", "rewards"),
    _card("reward_counts", assessment.reward_counts, 350, "figure", "rewards"),
)  # fmt: skip
