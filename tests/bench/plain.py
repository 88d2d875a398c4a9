"""The baseline: the same three charts (map with compounds, trend, ranking) as a plain Dash app would show them."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import plotly.express as px
import plotly.graph_objects as go
from dash import Dash, dcc, html

from data.query import Reader
from data.store import open_store

STREETS = Path(__file__).resolve().parents[2] / "data" / "demo" / "geography" / "streets_schematic.geojson"


def plain_app(url: str) -> Dash:
    reader = Reader(open_store(url))
    compounds = reader.register("compound")
    streets = reader.indicator("satisfaction", by="street")
    shapes = json.loads(STREETS.read_text(encoding="utf-8"))
    area = go.Figure(
        [
            go.Choropleth(
                geojson=shapes, locations=streets["group"], z=streets["value"], featureidkey="properties.code"
            ),
            go.Scattergeo(lon=compounds["lon"], lat=compounds["lat"], text=compounds["name"], mode="markers"),
        ]
    )
    area.update_geos(fitbounds="locations", visible=False)
    trend = px.line(reader.indicator("satisfaction", by="month").dropna(subset=["value"]), x="group", y="value")
    best = reader.indicator("fee_collection_rate", by="street").nlargest(20, "value")
    ranking = px.bar(best, x="value", y="label", orientation="h")
    app = Dash(__name__, assets_folder="none")
    app.layout = html.Div(
        [html.Div(dcc.Graph(figure=figure), id=f"chart-{i}") for i, figure in enumerate((area, trend, ranking))]
    )
    return app


if __name__ == "__main__":
    plain_app(sys.argv[1]).run(port=int(sys.argv[2]), debug=False)
