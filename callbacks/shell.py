"""An address becomes a page, filters and clicks become an address, the menus of cards open."""

from __future__ import annotations

from typing import Any

from dash import ALL, ClientsideFunction, Dash, Input, Output, State
from dash.exceptions import PreventUpdate

from callbacks import cards
from callbacks.message import Message, message_of
from dashboard.access import current_user
from dashboard.access.rights import right_of_page
from dashboard.access.user import may_open
from dashboard.cards import CARDS
from dashboard.events import LOG, request_number
from dashboard.ids import Id, Part, card_name, part_id
from dashboard.measuring import page_of
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
    failing_page,
    forbidden_page,
    missing_page,
)
from layouts.welcome import welcome_page

NAMESPACE = "gd"


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

    def show_panel(asked: Any) -> dict[str, Any]:
        return panel_properties(asked, services)

    cards.register(app, services, lambda message: page_children(message, services))
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
