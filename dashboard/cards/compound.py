"""Cards of the page `compound`."""

from __future__ import annotations

from dashboard.cards.types import Card

CARDS: tuple[Card, ...] = ()
