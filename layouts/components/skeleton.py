"""What stands where something will be: outlines of its size, so that nothing jumps when it comes."""

from __future__ import annotations

from dash import html

from dashboard.cards.types import Kind

DESIGN_TYPE_PX = 15
# As many as the pages have; a row of fewer is as high.
TILES = 5


def skeleton(kind: Kind, height: int) -> html.Div:
    """Outlines of a card.

    Args:
        height: of its body at 1×, px.
    """
    if kind == "headline":
        return html.Div([_bone("gd-bone-headline"), _bone("gd-bone-line")], className="gd-skeleton")
    if kind == "tiles":
        tile = html.Div(
            [_bone("gd-bone-line"), _bone("gd-bone-number"), _bone("gd-bone-line")], className="gd-card gd-tile"
        )
        return html.Div([tile] * TILES, className="gd-tiles gd-skeleton")
    body = html.Div(
        _bone("gd-bone-body"), className="gd-card-body", style={"minHeight": f"{height / DESIGN_TYPE_PX:.3f}rem"}
    )
    return html.Div(
        [
            html.Div([_bone("gd-bone-title"), _bone("gd-bone-line")], className="gd-skeleton-head"),
            body,
            html.Div(_bone("gd-bone-line"), className="gd-card-foot"),
        ],
        className="gd-card gd-skeleton",
    )


def waiting_page() -> html.Div:
    """Outlines of a page of which nothing is known yet."""
    parts: tuple[tuple[Kind, int, int], ...] = (
        ("headline", 0, 12),
        ("tiles", 0, 12),
        ("figure", 420, 5),
        ("figure", 420, 4),
        ("list", 420, 3),
    )
    return html.Div(
        [
            html.Div(
                html.Div(skeleton(kind, height), className="gd-frame"), className="gd-slot", style={"--gd-span": span}
            )
            for kind, height, span in parts
        ],
        className="gd-page gd-waiting",
        **{"aria-busy": "true"},
    )


def _bone(name: str) -> html.Div:
    return html.Div(className=f"gd-bone {name}")
