"""Identifiers of components, each written once."""

from __future__ import annotations

from enum import StrEnum
from typing import Any


class Id(StrEnum):
    """Components that exist once."""

    URL = "url"
    NAVIGATE = "navigate"
    REDRAW = "redraw"
    SHOWN = "shown"
    APP = "app"
    BRAND = "brand"
    NAV = "nav"
    CRUMBS = "crumbs"
    FILTERS = "filters"
    NOTICES = "notices"
    BADGES = "badges"
    SWITCHES = "switches"
    THEME = "theme-switch"
    PAGE = "page"
    ASKED = "asked"
    PANEL = "panel"
    PANEL_TITLE = "panel-title"
    PANEL_BODY = "panel-body"
    RETRY = "retry"


class Part(StrEnum):
    """`type` of components that exist once a card or filter."""

    FIGURE = "figure"
    GRID = "grid"
    MENU = "menu"
    FILTER = "filter"
    FILTER_LABEL = "filter-label"


class Filter(StrEnum):
    """The controls of the filter bar, in order."""

    COUNTY = "county"
    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"
    KIND = "kind"
    COMPANY = "company"
    MONTH = "month"


def card_id(name: str) -> str:
    """`coverage.states` → `card-coverage-states` (Dash allows no dot in an id)."""
    return "card-" + name.replace(".", "-")


def part_id(part: Part, name: Any) -> dict[str, Any]:
    """Id of the figure, grid or menu of card `name`, or of a filter; `name` may be `dash.ALL`."""
    return {"type": str(part), "name": name}


def menu_id(card: str, item: str) -> dict[str, str]:
    """Id of one entry of the menu of `card`."""
    return {"type": str(Part.MENU), "name": card, "item": item}
