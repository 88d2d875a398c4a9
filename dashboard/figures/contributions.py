"""What a score is made of: for each indicator the points it could bring, and those it brought."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.figures.canvas import canvas
from dashboard.figures.labels import cut
from dashboard.theme import Ink

ROW_PX = 24
NAME_COLUMNS = 30


@dataclass(frozen=True, kw_only=True)
class Part:
    """One row: a dimension (`is_head`) or one of its indicators.

    `points` of `full`; None where nothing was reported. `text` stands at the right end, `hover` says it in full.
    """

    name: str
    full: float
    points: float | None
    text: str
    hover: str
    is_head: bool = False


def contribution_bars(*, parts: Sequence[Part], ink: Ink) -> dict[str, Any]:
    """Tracks as long as the points an indicator can bring, filled as far as it brought them; unreported is hatched."""
    places = list(range(len(parts)))
    widths = [0.66 if part.is_head else 0.46 for part in parts]
    known = [place for place in places if parts[place].points is not None]
    unknown = [place for place in places if parts[place].points is None]
    common = {"type": "bar", "orientation": "h", "hoverinfo": "text", "showlegend": False}
    traces: list[dict[str, Any]] = [
        common
        | {
            "y": known,
            "x": [parts[place].full for place in known],
            "width": [widths[place] for place in known],
            "marker": {"color": ink.absent},
            "hovertext": [parts[place].hover for place in known],
        },
        common
        | {
            "y": known,
            "x": [parts[place].points for place in known],
            "width": [widths[place] for place in known],
            "marker": {
                "color": [ink.series[0] if parts[place].is_head else ink.fade(ink.series[0], 0.6) for place in known]
            },
            "hovertext": [parts[place].hover for place in known],
            "meta": {"field": "contribution"},
        },
    ]
    if unknown:
        traces.append(
            common
            | {
                "y": unknown,
                "x": [parts[place].full for place in unknown],
                "width": [widths[place] for place in unknown],
                "marker": ink.hatched(),
                "hovertext": [parts[place].hover for place in unknown],
            }
        )
    longest = max((part.full for part in parts), default=1.0)
    return canvas(
        traces,
        ink,
        barmode="overlay",
        margin={"l": ink.px(8), "r": ink.px(8), "t": ink.px(6), "b": ink.px(6)},
        xaxis={"range": [0, longest * 1.34], "visible": False},
        yaxis={
            "range": [len(parts) - 0.4, -0.6],
            "tickvals": places,
            "ticktext": [f"<b>{cut(part.name, NAME_COLUMNS)}</b>" if part.is_head else cut(part.name, NAME_COLUMNS) for part in parts],
            "tickfont": {"color": ink.ink, "size": ink.text},
            "showgrid": False,
            "zeroline": False,
        },
        annotations=[
            {
                "x": part.full, "y": place, "xanchor": "left", "xshift": ink.px(6), "showarrow": False,
                "text": f"<b>{part.text}</b>" if part.is_head else part.text,
                "font": {"size": ink.text, "color": ink.ink if part.is_head else ink.muted},
            }
            for place, part in enumerate(parts)
        ],
    )  # fmt: skip


def height_of(rows: int) -> int:
    """Body height at 1× that gives every row room, px."""
    return max(150, 16 + ROW_PX * rows)
