"""Cards of the page `overview`."""

from __future__ import annotations

from dashboard.cards.types import Card

CARDS: tuple[Card, ...] = ()
