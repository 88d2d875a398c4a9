"""Cards of the page `companies`: where they sit, how large they are, what they collect, how they are organised."""

from __future__ import annotations

from dashboard.cards.companies import listing, modes, money, party, places, size, summary
from dashboard.cards.types import Card, Draw, Kind
from data.catalogue.types import Page


def _card(name: str, draw: Draw, height: int, kind: Kind, *indicators: str) -> Card:
    return Card(
        name=f"companies.{name}", page=Page.COMPANIES, indicators=indicators, draw=draw, height=height, kind=kind
    )


CARDS: tuple[Card, ...] = (
    _card("headline", summary.headline, 60, "headline", "companies", "compounds", "professional_share"),
    _card("tiles", summary.tiles, 150, "tiles", *summary.TILES),
    _card("map", places.two_layers, 430, "figure", *places.LAYERS),
    _card("by_street", places.by_street, 430, "figure", *places.LAYERS),
    _card("size", size.distribution, 260, "figure"),
    _card("coverage", size.coverage, 260, "figure", *size.COVERAGE),
    _card("bubbles", size.bubbles, 400, "figure", "fee_collection_rate", "satisfaction"),
    _card("collection_trend", money.collection_trend, 260, "figure", "fee_collection_rate"),
    _card("collection", money.collection, 330, "figure", *money.COLLECTION),
    _card("arrears", money.arrears, 330, "figure", *money.ARREARS),
    _card("party_states", party.states, 300, "figure", *party.ROWS),
    _card("party_places", party.by_place, 300, "figure", *party.COLUMNS),
    _card("grades", party.grades, 280, "figure", *party.GRADES),
    _card("credit", party.credit, 280, "figure", *party.CREDIT),
    _card("modes", modes.compared, 260, "figure", *modes.KEYS),
    _card("list", listing.companies, 480, "grid"),
    _card("compounds", listing.compounds, 480, "grid"),
)
