"""Cards of the page `satisfaction`."""

from __future__ import annotations

from dashboard.cards.types import Card

CARDS: tuple[Card, ...] = ()
