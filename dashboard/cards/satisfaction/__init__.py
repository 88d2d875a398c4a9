"""Cards of the page `satisfaction`: how content residents are, who lies below 60 %, and what was done about it."""

from __future__ import annotations

from dashboard.cards.satisfaction import answers, assessment, finding, loop, overall, rewarding, rule
from dashboard.cards.satisfaction.subject import QUESTIONS
from dashboard.cards.types import Card, Draw, Kind
from data.catalogue.types import Page


def _card(name: str, draw: Draw, height: int, kind: Kind, *indicators: str) -> Card:
    return Card(
        name=f"satisfaction.{name}", page=Page.SATISFACTION, indicators=indicators, draw=draw, height=height, kind=kind
    )


CARDS: tuple[Card, ...] = (
    _card("headline", finding.headline, 60, "headline", "satisfaction"),
    _card("tiles", finding.tiles, 150, "tiles", *finding.TILES),
    _card("course", overall.course, 280, "figure", "satisfaction"),
    _card("senses", overall.senses, 280, "figure", *QUESTIONS),
    _card("places", overall.places, 400, "figure", "satisfaction"),
    _card("areas", overall.areas, 400, "figure", "satisfaction"),
    _card("multiples", overall.small_multiples, 320, "figure", "satisfaction"),
    _card("counts", rule.counts, 400, "figure", "satisfaction"),
    _card("sure", rule.sure_of(rule.SHOWN_ROWS), 400, "figure", "satisfaction"),
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
    _card("triggers", loop.triggers, 290, "figure", *loop.TRIGGER_KEYS, "interviews_due"),
    _card(
        "loop", loop.loop, 290, "figure", "interviews_due", "interview_held_rate", "interview_rectified_rate"
    ),
    _card("gaps", loop.gaps, 290, "list", "interviews_due_satisfaction"),
    _card("interviews", loop.listing, 490, "grid", "interviews_due"),
    _card("rewards", rewarding.rewarded, 350, "figure", "rewards"),
    _card("reward_counts", rewarding.reward_counts, 350, "figure", "rewards"),
)  # fmt: skip
