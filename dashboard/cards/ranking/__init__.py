"""Cards of the page `ranking`: gates, tiers with their ranges, evidence, what would change, awards and objections."""

from __future__ import annotations

from dashboard.cards.ranking import awards, comparison, evidence, gates, scheme, summary, tiers
from dashboard.cards.types import Card, Draw, Kind
from data.catalogue.types import Page


def _card(name: str, draw: Draw, height: int, kind: Kind, *indicators: str) -> Card:
    return Card(name=f"ranking.{name}", page=Page.RANKING, indicators=indicators, draw=draw, height=height, kind=kind)


CARDS: tuple[Card, ...] = (
    _card("headline", summary.headline, 60, "headline"),
    _card("tiles", summary.tiles, 150, "tiles", *summary.TILES),
    _card("gates", gates.reasons, 330, "figure"),
    _card("gated", gates.listing, 330, "grid"),
    _card("ranges", tiers.ranges, 470, "figure"),
    _card("tiers", tiers.listing, 470, "grid"),
    _card("why", evidence.why, 250, "facts"),
    _card("parts", evidence.parts, 600, "figure"),
    _card("evidence", evidence.listing, 600, "grid"),
    _card("schemes", comparison.schemes, 480, "figure"),
    _card("roles", comparison.roles, 480, "figure"),
    _card("sensitivity", comparison.sensitivity, 420, "figure"),
    _card("movers", comparison.movers, 420, "figure"),
    _card("awards", awards.by_round, 330, "figure"),
    _card("award_places", awards.by_place, 330, "figure", *awards.PLACES),
    _card("models", awards.models, 330, "figure", *awards.MODELS),
    _card("income", awards.income, 330, "figure", "public_income_rate"),
    _card("objections", awards.objection_list, 330, "grid"),
    _card("scheme", scheme.nodes, 420, "grid"),
)
