"""Tiles: a value, its change in words, its n and its course."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from dashboard.cards.types import Change, Tile
from layouts.components.lines import kept_together
from layouts.components.spark import spark

MARKS = {"up": "▲", "down": "▼", "same": "＝", "none": "–"}


def _change(change: Change) -> html.Div:
    return html.Div(
        [html.Span(MARKS[change.direction], **{"aria-hidden": "true"}), "\u00a0", kept_together(change.text)],
        className=f"gd-change gd-{change.tone}",
    )


def tile(shown: Tile) -> Any:
    """One tile; a link when it leads somewhere."""
    is_missing = shown.raw is None
    value = html.Div(
        [
            html.Span(shown.value, className="gd-tile-number"),
            html.Span(shown.unit, className="gd-tile-unit") if shown.unit else None,
            html.Span(shown.total, className="gd-tile-total") if shown.total else None,
        ],
        className="gd-tile-value gd-tile-missing" if is_missing else "gd-tile-value",
    )
    parts = [
        html.Div(shown.label, className="gd-tile-label"),
        html.Div([value, spark(shown.spark)], className="gd-tile-row"),
        _change(shown.change) if shown.change else None,
        html.Div(kept_together(shown.n), className="gd-tile-n") if shown.n else None,
    ]
    attributes = {"className": "gd-card gd-tile", "data-indicator": shown.key, "data-value": repr(shown.raw)}
    if shown.click:
        return dcc.Link(html.Div(parts, **attributes), href=shown.click, className="gd-tile-link")
    return html.Div(parts, **attributes)


def tiles(shown: tuple[Tile, ...]) -> html.Div:
    """A row of tiles that wraps."""
    return html.Div([tile(each) for each in shown], className="gd-tiles")
