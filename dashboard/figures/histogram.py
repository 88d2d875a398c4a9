"""How many units fall into each class: upright bars over named classes, panels side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dashboard.figures.canvas import canvas
from dashboard.figures.labels import width
from dashboard.theme import Ink

# A class name wider than this is broken at its dash.
LONGEST = 7


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One distribution: its title, the names of its classes and how many units are in each.

    `hover` is one line a class; `colours` are of the classes, by their place, that mean more than their length.
    """

    title: str
    classes: Sequence[str]
    counts: Sequence[int]
    hover: Sequence[str]
    colours: Mapping[int, str] = field(default_factory=dict)


def _broken(name: str) -> str:
    """A long class over two lines: `1,000–` above `1,999`."""
    low, dash, high = name.partition("–")
    return f"{low}–<br>{high}" if dash and width(name) > LONGEST else name


def histogram(*, panels: Sequence[Panel], ink: Ink) -> dict[str, Any]:
    """Bars of counts, each panel on its own axes."""
    traces: list[dict[str, Any]] = []
    layout: dict[str, Any] = {}
    annotations = []
    gap = 0.09
    share = (1 - gap * (len(panels) - 1)) / max(len(panels), 1)
    for at, panel in enumerate(panels):
        axis = "" if at == 0 else str(at + 1)
        start = at * (share + gap)
        places = list(range(len(panel.classes)))
        traces.append(
            {
                "type": "bar",
                "x": places,
                "y": list(panel.counts),
                "xaxis": f"x{axis}",
                "yaxis": f"y{axis}",
                "width": 0.78,
                "marker": {"color": [panel.colours.get(p, ink.series[0]) for p in places]},
                "text": [str(count) for count in panel.counts],
                "textposition": "outside",
                "textfont": {"size": ink.text, "color": ink.ink},
                "cliponaxis": False,
                "hovertext": list(panel.hover),
                "hoverinfo": "text",
                "showlegend": False,
            }
        )
        layout[f"xaxis{axis}"] = {
            "domain": [start, start + share], "anchor": f"y{axis}", "tickvals": places, "tickangle": 0,
            "ticktext": [_broken(name) for name in panel.classes], "range": [-0.6, len(places) - 0.4], "zeroline": False,
        }  # fmt: skip
        layout[f"yaxis{axis}"] = {
            "anchor": f"x{axis}", "range": [0, max([*panel.counts, 1]) * 1.14], "nticks": 5, "zeroline": False,
            "tickformat": ",d",
        }  # fmt: skip
        annotations.append(
            {
                "xref": "paper", "x": start, "xanchor": "left", "yref": "paper", "y": 1, "yanchor": "bottom",
                "text": panel.title, "showarrow": False, "font": {"size": ink.text, "color": ink.muted},
            }
        )  # fmt: skip
    return canvas(
        traces,
        ink,
        margin={"l": ink.px(8), "r": ink.px(8), "t": ink.px(28), "b": ink.px(8)},
        annotations=annotations,
        **layout,
    )
