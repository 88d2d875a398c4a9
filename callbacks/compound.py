"""What happens on the page `compound`."""

from __future__ import annotations

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State
from dash.exceptions import PreventUpdate

from callbacks.message import message_of
from callbacks.shell import NAMESPACE
from dashboard.cards.compound.finder import found_rows
from dashboard.ids import Id, Part, part_id
from dashboard.services import Services
from data.catalogue.types import Page
from layouts.components.grid import MOST_ROWS

# Longer texts are not what anybody looks for.
LONGEST = 200


def found(asked: Any, services: Services) -> list[dict[str, Any]]:
    """Rows of the list of compounds for the text that was typed over it."""
    message = message_of(asked)
    text = asked.get("text")
    if not isinstance(text, str) or len(text) > LONGEST:
        raise PreventUpdate
    reader = services.reader()
    view, _, words = message.read(reader, services.settings.lang)
    if view.page != Page.COMPOUND or view.compound is not None:
        raise PreventUpdate
    return found_rows(reader, view, words, text, most=MOST_ROWS)


def register(app: Dash, services: Services) -> None:
    """Search the list of compounds: in the browser, or, where the browser has only the first of them, on the server."""
    table = part_id(Part.GRID, "compound.finder")
    app.clientside_callback(
        ClientsideFunction(NAMESPACE, "quickFilter"),
        Output(table, "dashGridOptions"),
        Output(Id.FIND_ASKED, "data"),
        Input(Id.FIND_COMPOUND, "value"),
        State(table, "dashGridOptions"),
        State(table, "rowData"),
        State(Id.FIND_ASKED, "data"),
        prevent_initial_call=True,
    )

    def find(asked: Any) -> list[dict[str, Any]]:
        return found(asked, services)

    app.callback(Output(table, "rowData"), Input(Id.FIND_ASKED, "data"), prevent_initial_call=True)(find)
