"""The frame: an address becomes a page, filters and clicks become an address, the menus of cards open."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, no_update
from dash.exceptions import PreventUpdate
from flask_wtf.csrf import generate_csrf

from callbacks import cards
from callbacks.message import Message, message_of
from dashboard.access import current_user
from dashboard.access.rights import right_of_page
from dashboard.access.user import may_open
from dashboard.cards import CARDS
from dashboard.cards.data.batches import BEIJING
from dashboard.events import LOG, request_number
from dashboard.filters import FIXED, crumbs, filter_states
from dashboard.ids import Filter, Id, Part, card_name, part_id
from dashboard.measuring import page_of
from dashboard.numbers import month_name
from dashboard.scenes import programme
from dashboard.services import Services
from dashboard.view import MISSING, SCREEN
from dashboard.wording import Words
from data.catalogue.types import Page
from data.errors import GovernanceError, StoreError
from layouts.components.panel import data_table, definitions, indicator_links, traces
from layouts.components.states import failing_state
from layouts.pages import PAGES
from layouts.screen import screen
from layouts.shell import (
    badges,
    brand,
    crumb_trail,
    failing_page,
    filter_properties,
    forbidden_page,
    frame_texts,
    language_switch,
    missing_page,
    nav,
    notices,
    water,
    welcome_page,
)

NAMESPACE = "gd"
FILTER_PROPERTIES = ("options", "value", "disabled", "placeholder")


def page_children(message: Message, services: Services) -> Any:
    """The page an address names, with places for its cards."""
    words = Words(services.settings.lang)
    try:
        reader = services.reader()
        view, _, words = message.read(reader, services.settings.lang)
        if view.page == MISSING:
            return missing_page(message.pathname, words)
        user = current_user()
        if not may_open(user, view.page):
            return forbidden_page(right_of_page(view.page), words, user)
        if view.page == SCREEN:
            return screen(words, rotate=programme().rotate, poll=services.settings.screen_poll)
        page = Page(view.page)
        if not reader.city.code and page not in (Page.DATA, Page.METHODS):
            return welcome_page(words)
        return PAGES[page].layout(reader, view, message.ink, words)
    except GovernanceError as error:
        LOG.error("page refused", page=page_of(message.pathname), reason=str(error))
        title = words("failing.store") if isinstance(error, StoreError) else str(error)
        return failing_page(failing_state(request_number(), words, title=title, retry_href=message.pathname))
    except Exception:
        LOG.exception("page failed", page=page_of(message.pathname))
        title = words("failing.page")
        return failing_page(failing_state(request_number(), words, title=title, retry_href=message.pathname))


def frame_properties(data: Any, shown: Any, services: Services) -> dict[str, Any]:
    """Everything around the page for a view: navigation, breadcrumbs, filters, badges, notices.

    Args:
        shown: what the browser last got from here; options it already has are not sent again.
    """
    message = message_of(data)
    reader = services.reader()
    view, found, words = message.read(reader, services.settings.lang)
    states = filter_states(reader, view, words)
    controls = filter_properties(states)
    have = f"{reader.revision}/{words.lang}"
    if isinstance(shown, dict) and shown.get("have") == have:
        for name in FIXED:
            controls[str(name)]["options"] = no_update
    texts = frame_texts(words)
    if isinstance(shown, dict) and shown.get("lang") == words.lang:
        texts = nothing_new(texts)
    latest, user = reader.latest_month, current_user()
    page = words(f"page.{view.page}")
    return {
        "brand": brand(reader.city.name, words),
        "nav": nav(view, words, user),
        "crumbs": crumb_trail(crumbs(reader, view, words)) if reader.city.code else [],
        "badges": badges(
            is_demo=reader.is_demo,
            as_of=month_name(latest, words) if latest else "",
            words=words,
            user=user,
            token=generate_csrf(),
        ),
        "water": water(user, datetime.now(BEIJING), words),
        "switches": language_switch(view, words),
        "notices": notices(found, words),
        "shown": {
            "have": have,
            "values": {str(name): state.value for name, state in states.items()},
            "title": words("app.document_title", page=page, city=reader.city.name),
            "close": words("app.close"),
            "lang": words.lang,
        },
        "controls": controls,
        "texts": texts,
    }


def nothing_new(outputs: dict[str, Any]) -> dict[str, Any]:
    """The same tree of outputs with `no_update` at every leaf."""
    return {
        name: dict.fromkeys(value, no_update) if name in ("labels", "inside") else no_update
        for name, value in outputs.items()
    }


def panel_properties(asked: Any, services: Services) -> dict[str, Any]:
    """Title and content of the panel a card's menu asked for."""
    name = card_name(str(asked.get("card"))) if isinstance(asked, dict) else ""
    if name not in CARDS:
        raise PreventUpdate
    shown = CARDS[name]
    message = message_of(asked)
    reader = services.reader()
    view, _, words = message.read(reader, services.settings.lang)
    if asked.get("item") == "definition":
        return {"is_open": True, "title": words("card.menu_definition"), "body": definitions(shown, view, words)}
    if asked.get("item") == "indicator":
        return {"is_open": True, "title": words("card.every_indicator"), "body": indicator_links(view, words)}
    if asked.get("item") == "trace":
        return {"is_open": True, "title": words("card.menu_trace"), "body": traces(shown, view, words)}
    if asked.get("item") == "table":
        body = data_table(shown, reader, view, message.ink, words)
        return {"is_open": True, "title": words("card.menu_table"), "body": body}
    raise PreventUpdate


def register(app: Dash, services: Services) -> None:
    """Wire the frame."""
    _register_browser(app)

    def show_frame(around: Any, shown: Any) -> dict[str, Any]:
        return frame_properties(around, shown, services)

    def show_panel(asked: Any) -> dict[str, Any]:
        return panel_properties(asked, services)

    cards.register(app, services, lambda message: page_children(message, services))
    app.callback(
        output={
            "brand": Output(Id.BRAND, "tree"),
            "nav": Output(Id.NAV, "tree"),
            "crumbs": Output(Id.CRUMBS, "tree"),
            "badges": Output(Id.BADGES, "children"),
            "water": Output(Id.WATER, "style"),
            "switches": Output(Id.SWITCHES, "tree"),
            "notices": Output(Id.NOTICES, "children"),
            "shown": Output(Id.SHOWN, "data"),
            "controls": {
                str(name): {prop: Output(part_id(Part.FILTER, name), prop) for prop in FILTER_PROPERTIES}
                for name in Filter
            },
            "texts": {
                "labels": {str(name): Output(part_id(Part.FILTER_LABEL, name), "children") for name in Filter},
                "inside": {str(name): Output(part_id(Part.FILTER, name), "labels") for name in Filter},
                "summary": Output(Id.FILTERS_SUMMARY, "children"),
                "theme": Output(Id.THEME, "children"),
                "theme_title": Output(Id.THEME, "title"),
            },
        },
        inputs={"around": Input(Id.AROUND, "data")},
        state={"shown": State(Id.SHOWN, "data")},
        prevent_initial_call=True,
    )(show_frame)
    app.callback(
        output={
            "is_open": Output(Id.PANEL, "is_open"),
            "title": Output(Id.PANEL_TITLE, "children"),
            "body": Output(Id.PANEL_BODY, "children"),
        },
        inputs=[Input(Id.ASKED, "data")],
        prevent_initial_call=True,
    )(show_panel)


def _register_browser(app: Dash) -> None:
    """What needs no server: routing, filters and clicks to the address, theme, titles."""

    def here(name: str) -> ClientsideFunction:
        return ClientsideFunction(NAMESPACE, name)

    grids = part_id(Part.GRID, ALL)
    app.clientside_callback(
        here("route"),
        Output(Id.NAVIGATE, "data"),
        Output(Id.REDRAW, "data"),
        Input(Id.URL, "pathname"),
        Input(Id.URL, "search"),
    )
    app.clientside_callback(here("describe"), Input(Id.SHOWN, "data"), prevent_initial_call=True)
    app.clientside_callback(
        here("filter"),
        Input(part_id(Part.FILTER, ALL), "value"),
        State(Id.SHOWN, "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(here("theme"), Input(Id.THEME, "n_clicks"), prevent_initial_call=True)
    app.clientside_callback(
        here("clickGrid"),
        Input(grids, "cellClicked"),
        State(grids, "rowData"),
        State(grids, "dashGridOptions"),
        prevent_initial_call=True,
    )
    app.clientside_callback(here("sortGrid"), Input(grids, "columnState"), prevent_initial_call=True)
