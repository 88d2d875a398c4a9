"""Cards of the page `ranking`."""

from __future__ import annotations

from dashboard.cards.types import Card

CARDS: tuple[Card, ...] = ()
