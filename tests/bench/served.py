"""The product's server with one callback more, which does nothing: what a callback costs before any work."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output
from flask import Flask

import app
from dashboard.config import load_settings

EMPTY_OUTPUT, EMPTY_INPUT = "bench-out", "bench-in"
EMPTY: dict[str, Any] = {
    "output": f"{EMPTY_OUTPUT}.data", "outputs": {"id": EMPTY_OUTPUT, "property": "data"},
    "inputs": [{"id": EMPTY_INPUT, "property": "data", "value": 1}], "changedPropIds": [f"{EMPTY_INPUT}.data"],
}  # fmt: skip
"""What a browser posts for the empty callback."""


def measured_app() -> Dash:
    dash = app.create_app(load_settings())
    dash.callback(Output(EMPTY_OUTPUT, "data"), Input(EMPTY_INPUT, "data"))(lambda value: value)
    return dash


def wsgi(has_read: bool = False) -> Flask:
    """For gunicorn, with the product's own configuration.

    Args:
        has_read: as a server is a minute after its start, when each process has read what views have in common.
    """
    dash = measured_app()
    server: Flask = dash.server
    with server.test_request_context("/"):
        dash.index()
    if has_read:
        server.extensions["warmer"].read_facts(rest=0.0)
        server.extensions["warmer"].read_usual(rest=0.0)
    # Processes forked from this one must not share a connection that it has opened.
    server.extensions["let_go"]()
    return server
