"""The entries of the basket: a picture of each chart, its title, and what moves it up, down and out."""

from __future__ import annotations

import json
from typing import Any

from dash import dcc, html

from dashboard.briefing.basket import Entry
from dashboard.cards.types import Drawing
from dashboard.figures.config import graph_config
from dashboard.wording import LANGUAGES, Words
from layouts.components.still import Chart

TABLE_ROWS, TABLE_COLUMNS = 5, 4
LIST_ROWS = 4
_SAID: dict[str, dict[str, str]] = {"added": {"count": "{count}"}, "full": {}}


def basket_words() -> html.Div:
    """What the script says after adding a chart, in both languages: it runs on every page."""
    said = {
        lang: {name: Words(lang)(f"briefing.basket.{name}", **given) for name, given in _SAID.items()}
        for lang in LANGUAGES
    }
    return html.Div(id="briefing-said", hidden=True, **{"data-said": json.dumps(said, ensure_ascii=False)})


def basket_entry(place: int, count: int, entry: Entry, drawing: Drawing, words: Words) -> html.Li:
    """One row: `place` of `count`, counted from 0."""
    title = entry.title or drawing.title

    def act(name: str, sign: str, *, is_off: bool = False) -> html.Button:
        return html.Button(
            sign, type="button", className="gd-basket-act", disabled=is_off, title=words(f"briefing.entry.{name}"),
            **{"data-basket-act": name, "aria-label": words(f"briefing.entry.{name}_what", title=title)},
        )  # fmt: skip

    return html.Li(
        [
            html.Span(str(place + 1), className="gd-basket-number", **{"aria-hidden": "true"}),
            html.Div(preview(place, drawing, words), className="gd-basket-picture", **{"aria-hidden": "true"}),
            html.Div(
                [
                    html.Label(
                        [
                            html.Span(words("briefing.entry.rename"), className="visually-hidden"),
                            dcc.Input(
                                id={"type": "basket-title", "name": str(place)}, type="text", value=entry.title,
                                placeholder=words("briefing.entry.computed"), maxLength=300, className="gd-text-input gd-basket-title",
                            ),
                        ],
                        className="gd-basket-label",
                    ),
                    html.Div(drawing.title, className="gd-basket-finding"),
                    html.Div(drawing.subtitle, className="gd-subtitle"),
                    html.A(words("briefing.entry.open"), href=entry.href, className="gd-plain-link"),
                ],
                className="gd-basket-text",
            ),
            html.Div(
                [
                    act("up", "↑", is_off=place == 0),
                    act("down", "↓", is_off=place == count - 1),
                    act("remove", "×"),
                ],
                className="gd-basket-acts",
            ),
        ],
        className="gd-basket-entry",
        draggable="true",
        **{"data-basket-entry": str(place), "data-basket-card": entry.card},
    )  # fmt: skip


def preview(place: int, drawing: Drawing, words: Words) -> Any:
    """The body of a card, small and still."""
    if drawing.empty:
        return html.Div(drawing.empty, className="gd-preview-text")
    if drawing.figure is not None:
        config = graph_config(words.lang, static=True)
        return Chart({"type": "basket-figure", "name": str(place)}, drawing.figure, config, "gd-preview-figure")
    if drawing.grid is not None:
        columns = [column for column in drawing.grid.columns if column.get("field")][:TABLE_COLUMNS]
        return html.Table(
            [
                html.Thead(html.Tr([html.Th(str(c.get("headerName", c["field"]))) for c in columns])),
                html.Tbody(
                    [
                        html.Tr([html.Td(_cell(row.get(c["field"]))) for c in columns])
                        for row in drawing.grid.rows[:TABLE_ROWS]
                    ]
                ),
            ],
            className="gd-preview-table",
        )
    if drawing.tiles:
        return html.Div(
            [
                html.Div([html.Span(t.label), html.B(f"{t.value}{t.unit}")], className="gd-preview-tile")
                for t in drawing.tiles
            ],
            className="gd-preview-tiles",
        )
    lines = [f"{e.tag}　{e.title}" for e in drawing.entries] + [f"{f.label}　{f.value}" for f in drawing.facts]
    return html.Div([html.Div(line) for line in lines[:LIST_ROWS] or [drawing.title]], className="gd-preview-text")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:,.1f}" if isinstance(value, float) else str(value)
