"""The product's server with one callback more, which does nothing: what a callback costs before any work."""

from __future__ import annotations

import sys

from dash import Dash, Input, Output

import app
from dashboard.config import load_settings

EMPTY_OUTPUT, EMPTY_INPUT = "bench-out", "bench-in"


def measured_app(url: str) -> Dash:
    dash = app.create_app(load_settings(database_url=url))
    dash.callback(Output(EMPTY_OUTPUT, "data"), Input(EMPTY_INPUT, "data"))(lambda value: value)
    return dash


if __name__ == "__main__":
    measured_app(sys.argv[1]).run(port=int(sys.argv[2]), debug=False)
