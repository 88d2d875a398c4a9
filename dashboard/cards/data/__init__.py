"""Cards of the page `data`: what came in, who has filed, whether it holds together, what each figure means."""

from __future__ import annotations

from dashboard.cards.data import batches, definitions, filing, lineage, quality
from dashboard.cards.types import Card

CARDS: tuple[Card, ...] = (*filing.CARDS, *batches.CARDS, *quality.CARDS, *definitions.CARDS, *lineage.CARDS)

__all__ = ["CARDS", "batches", "definitions", "filing", "lineage", "quality"]
