"""What happens on the page `compound`."""

from __future__ import annotations

from dash import ClientsideFunction, Dash, Input, Output, State

from callbacks.shell import NAMESPACE
from dashboard.ids import Id, Part, part_id
from dashboard.services import Services


def register(app: Dash, services: Services) -> None:
    """Search the list of compounds in the browser."""
    table = part_id(Part.GRID, "compound.finder")
    app.clientside_callback(
        ClientsideFunction(NAMESPACE, "quickFilter"),
        Output(table, "dashGridOptions"),
        Input(Id.FIND_COMPOUND, "value"),
        State(table, "dashGridOptions"),
        prevent_initial_call=True,
    )
