"""The briefing: decks of native, editable slides, their templates, and the editions they are kept as."""

from __future__ import annotations

from dashboard.briefing.basket import Basket, BasketError, Entry, basket_of, read_basket
from dashboard.briefing.deck import build_deck
from dashboard.briefing.house_template import house_template
from dashboard.briefing.order import CancelledError, Deck, EmptyDeckError, Making, Order
from dashboard.briefing.template import Template, read_template
from dashboard.briefing.template_checks import TemplateError

__all__ = [
    "Basket",
    "BasketError",
    "CancelledError",
    "Deck",
    "EmptyDeckError",
    "Entry",
    "Making",
    "Order",
    "Template",
    "TemplateError",
    "basket_of",
    "build_deck",
    "house_template",
    "read_basket",
    "read_template",
]
