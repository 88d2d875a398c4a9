"""The sheet every chart is drawn on."""

from __future__ import annotations

from typing import Any

from dashboard.theme import Ink


def canvas(traces: list[dict[str, Any]], ink: Ink, **layout: Any) -> dict[str, Any]:
    """A plotly figure as a plain dict: the traces, the shared template, and what this chart adds to the layout.

    `layout.meta.theme` says in which theme it was drawn, so that the browser knows what to recolour it from.
    """
    return {
        "data": traces,
        "layout": {"template": ink.template(), "meta": {"theme": ink.theme}, "autosize": True, **layout},
    }
