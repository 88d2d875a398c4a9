"""What stands around a page: navigation, breadcrumbs, filters, badges, notices."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_wtf.csrf import generate_csrf

from dashboard.access import current_user
from dashboard.cards.data.batches import BEIJING
from dashboard.filters import FIXED, crumbs, filter_states
from dashboard.ids import Filter, Id, Part, part_id
from dashboard.numbers import month_name
from dashboard.view import Notice, View
from dashboard.wording import Words
from data.query import Reader
from layouts.components.dropdown import dropdown_labels
from layouts.shell import (
    badges,
    brand,
    crumb_trail,
    filter_properties,
    language_switch,
    nav,
    notices,
    theme_words,
    water,
)

Change = tuple[str | dict[str, str], dict[str, Any]]
"""A component and what it gets: its id, its properties."""


def frame_changes(reader: Reader, view: View, found: list[Notice], words: Words, have: str) -> list[Change]:
    """The frame's components for a view, in the order in which they are to be set.

    Args:
        found: what of the address was not taken.
        have: what the browser last got from here, in the words of `shown.have`; what it has already is not sent again.
    """
    user, latest = current_user(), reader.latest_month
    states = filter_states(reader, view, words)
    controls = filter_properties(states)
    now = f"{reader.revision}/{words.lang}"
    if have == now:
        for name in FIXED:
            del controls[str(name)]["options"]
    texts = [] if have.rpartition("/")[2] == words.lang else _texts(words)
    is_demo, as_of = reader.is_demo, month_name(latest, words) if latest else ""
    shown = {
        "have": now,
        "values": {str(name): state.value for name, state in states.items()},
        "title": words("app.document_title", page=words(f"page.{view.page}"), city=reader.city.name),
        "close": words("app.close"),
        "lang": words.lang,
    }
    return [
        # First, for the controls are compared with it when their values are set.
        (Id.SHOWN, {"data": shown}),
        (Id.BRAND, {"tree": brand(reader.city.name, words)}),
        (Id.NAV, {"tree": nav(view, words, user)}),
        (Id.CRUMBS, {"tree": crumb_trail(crumbs(reader, view, words)) if reader.city.code else []}),
        (Id.SWITCHES, {"tree": language_switch(view, words)}),
        (Id.NOTICES, {"children": notices(found, words)}),
        *((part_id(Part.FILTER, name), controls[str(name)]) for name in Filter),
        *texts,
        (
            Id.BADGES,
            {"children": badges(is_demo=is_demo, as_of=as_of, words=words, user=user, token=generate_csrf())},
        ),
        (Id.WATER, {"style": water(user, datetime.now(BEIJING), words)}),
    ]


def _texts(words: Words) -> list[Change]:
    """The words of the frame itself, which change with the language only."""
    inside = dropdown_labels(words)
    return [
        *((part_id(Part.FILTER_LABEL, name), {"children": words(f"filter.{name}")}) for name in Filter),
        *((part_id(Part.FILTER, name), {"labels": inside}) for name in Filter),
        (Id.FILTERS_SUMMARY, {"children": words("filter.label")}),
        (Id.THEME, {"children": theme_words(words), "title": words("switch.theme_label")}),
    ]
