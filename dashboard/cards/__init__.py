"""The registry of cards: every chart, table and list of every page by name."""

from __future__ import annotations

from dashboard.cards import companies, compound, coverage, data, overview, ranking, satisfaction
from dashboard.cards.types import Card

CARDS: dict[str, Card] = {
    card.name: card
    for page in (overview, coverage, satisfaction, companies, ranking, compound, data)
    for card in page.CARDS
}
