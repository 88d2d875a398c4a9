"""What happens on the page `compound`: its two faces are redrawn apart, because only one of them is on the page."""

from __future__ import annotations

from dash import ClientsideFunction, Dash, Input, Output, State

from callbacks.cards import redraw_cards
from callbacks.shell import NAMESPACE
from dashboard.ids import Id, Part, part_id
from dashboard.services import Services
from data.catalogue.types import Page
from layouts.compound import FILE_PLACES, FINDER_PLACES


def register(app: Dash, services: Services) -> None:
    """Redraw the cards of the file, or the list, when the view changes; search the list in the browser."""
    redraw_cards(app, services, Page.COMPOUND, FILE_PLACES)
    redraw_cards(app, services, Page.COMPOUND, FINDER_PLACES)
    table = part_id(Part.GRID, "compound.finder")
    app.clientside_callback(
        ClientsideFunction(NAMESPACE, "quickFilter"),
        Output(table, "dashGridOptions"),
        Input(Id.FIND_COMPOUND, "value"),
        State(table, "dashGridOptions"),
        prevent_initial_call=True,
    )
