"""Cards of the page `data`."""

from __future__ import annotations

from dashboard.cards.types import Card

CARDS: tuple[Card, ...] = ()
