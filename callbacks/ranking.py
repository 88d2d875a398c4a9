"""What happens on the page `ranking`."""

from __future__ import annotations

from typing import Any

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, no_update

from callbacks.message import message_of
from dashboard.ids import Id, Part, part_id
from dashboard.services import Services
from layouts.components.weights import laboratory_children, laboratory_key

NAMESPACE = "gdRanking"


def laboratory(message: Any, shown: Any, services: Services) -> Any:
    """The weight laboratory for a view.

    Args:
        shown: what the laboratory on the page was made for; nothing is sent when it still fits.
    """
    asked = message_of(message)
    reader = services.reader()
    view, _, words = asked.read(reader, services.settings.lang)
    made_for = laboratory_key(view, reader.revision)
    if shown == made_for:
        return no_update, no_update
    return laboratory_children(reader, view, words), made_for


def register(app: Dash, services: Services) -> None:
    """Renew the laboratory when the view changes; weigh in the browser."""

    def redraw_laboratory(message: Any, shown: Any) -> Any:
        return laboratory(message, shown, services)

    app.callback(
        Output(Id.LABORATORY, "children"),
        Output(Id.LABORATORY_FOR, "data"),
        Input(Id.REDRAW, "data"),
        State(Id.LABORATORY_FOR, "data"),
        prevent_initial_call=True,
    )(redraw_laboratory)
    sliders = part_id(Part.WEIGHT, ALL)
    app.clientside_callback(
        ClientsideFunction(NAMESPACE, "recompute"),
        Output(part_id(Part.GRID, "ranking.lab"), "rowData"),
        Output(Id.WEIGHTS_SUMMARY, "children"),
        Output(Id.WEIGHTS_MARK, "children"),
        Output(Id.WEIGHTS_MARK, "className"),
        Output(part_id(Part.WEIGHT_SHARE, ALL), "children"),
        Input(sliders, "value"),
        Input(Id.WEIGHING, "data"),
    )
    app.clientside_callback(
        ClientsideFunction(NAMESPACE, "reset"),
        Output(sliders, "value"),
        Input(Id.WEIGHTS_RESET, "n_clicks"),
        State(Id.WEIGHING, "data"),
        prevent_initial_call=True,
    )
