"""Ranks as ranges: a bar from the 5th to the 95th percentile, a dot at the median, P(top 10 %) at the right."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import pandas as pd

from dashboard.figures.canvas import canvas
from dashboard.figures.labels import cut, room
from dashboard.theme import Ink
from data.statistics.bands import Tier

ROW_PX = 26
NAME_WIDTH, PLACE_WIDTH = 16, 12
_STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000)


class RangeTexts(NamedTuple):
    """Words of the chart: `rank` formats a tick (`第{rank}位`), `hover` one compound, `top` heads the probabilities.

    `hover` may use {label}, {place}, {low}, {high}, {median}, {top}, {tier}; tiers are named by `tiers`.
    """

    rank: str
    hover: str
    top: str
    tiers: dict[str, str]


def rank_ranges(*, frame: pd.DataFrame, ink: Ink, texts: RangeTexts, click: str = "profile") -> dict[str, Any]:
    """A range chart, one row a compound, in the order of `frame` from the top down.

    Args:
        frame: columns group, label, place, rank_low, median_rank, rank_high (1 = best), probability_top (0–1), tier
            (`Tier` values). Rows without a range are left out.
        click: what a click on a row sets.
    """
    rows = frame.dropna(subset=["rank_low", "rank_high"]).reset_index(drop=True)
    places = list(range(len(rows)))
    groups = rows["group"].tolist()
    tiers = rows["tier"].tolist()
    bar_colours = [_tier_colours(tier, ink)[0] for tier in tiers]
    dot_colours = [_tier_colours(tier, ink)[1] for tier in tiers]
    hover = [_hover(row, texts) for row in rows.to_dict("records")]
    low, high = rows["rank_low"].astype(float), rows["rank_high"].astype(float)
    bars: dict[str, Any] = {
        "type": "bar",
        "orientation": "h",
        "y": places,
        "base": low.tolist(),
        # A rank that never moves is still a mark.
        "x": [max(h - b, 0.001) for b, h in zip(low, high, strict=True)],
        "width": 0.34,
        "marker": {"color": bar_colours, "line": {"color": bar_colours, "width": ink.px(2)}, "cornerradius": ink.px(3)},
        "hovertext": hover,
        "hoverinfo": "text",
        "showlegend": False,
        "meta": {"field": "rank_range", "click": click, "groups": groups},
    }
    dots: dict[str, Any] = {
        "type": "scatter",
        "mode": "markers",
        "y": places,
        "x": rows["median_rank"].astype(float).tolist(),
        # The first tier is a diamond, so that it does not rest on colour alone.
        "marker": {
            "size": ink.px(11),
            "color": dot_colours,
            "symbol": ["diamond" if tier == Tier.FIRST else "circle" for tier in tiers],
            "line": {"color": ink.card, "width": ink.px(1)},
        },
        "hovertext": hover,
        "hoverinfo": "text",
        "showlegend": False,
        "meta": {"field": "median_rank", "click": click, "groups": groups},
    }
    last = float(high.max()) if len(rows) else 1.0
    # Larger type has room for fewer ranks on the axis.
    ticks = _ticks(last, 6 if ink.theme != "wall" else 3)
    labels = [(cut(str(row.label), NAME_WIDTH), cut(str(row.place), PLACE_WIDTH)) for row in rows.itertuples()]
    names = [f"{label}  <span style='color:{ink.muted}'>{place}</span>" for label, place in labels]
    # Margins of the labels' own size: plotly would find them by drawing the chart twice.
    left = ink.px(12) + room((f"{label}  {place}" for label, place in labels), ink.text)
    return canvas(
        [bars, dots],
        ink,
        margin={"l": left, "r": ink.px(78), "t": ink.px(24), "b": ink.px(8) + 1.7 * ink.text},
        xaxis={
            "automargin": False,
            "range": [1 - last * 0.03 - 0.3, last * 1.04 + 0.5],
            "tickvals": ticks,
            "ticktext": [texts.rank.format(rank=tick) for tick in ticks],
            "showgrid": True,
            "zeroline": False,
            "gridcolor": ink.line,
        },
        yaxis={
            "automargin": False,
            "range": [len(rows) - 0.4, -0.6],
            "tickvals": places,
            "ticktext": names,
            "tickfont": {"color": ink.ink, "size": ink.text},
            "showgrid": False,
            "zeroline": False,
        },
        annotations=[
            _right(texts.top, 1, ink, paper=True),
            *(
                _right(f"{top:.0%}", place, ink)
                for place, top in enumerate(rows["probability_top"].astype(float))
                if not math.isnan(top)
            ),
        ],
    )


def height_of(rows: int) -> int:
    """Body height at 1× that gives every row room, px."""
    return max(150, 60 + ROW_PX * rows)


def _tier_colours(tier: str, ink: Ink) -> tuple[str, str]:
    """Of the bar and of its dot. The accent of the light theme is a red that would read as an alert."""
    if tier == Tier.FIRST:
        return ink.fade(ink.good, 0.42), ink.good
    if tier == Tier.SECOND:
        return ink.fade(ink.series[0], 0.42), ink.series[0]
    return ink.absent, ink.edge


def _hover(row: dict[Any, Any], texts: RangeTexts) -> str:
    return texts.hover.format(
        label=row["label"],
        place=row["place"],
        low=f"{row['rank_low']:.0f}",
        high=f"{row['rank_high']:.0f}",
        median=f"{row['median_rank']:.0f}",
        top=f"{row['probability_top']:.0%}",
        tier=texts.tiers.get(row["tier"], row["tier"]),
    )


def _ticks(last: float, most: int) -> list[int]:
    """1 and at most `most` round ranks."""
    step = next((s for s in _STEPS if last / s <= most), _STEPS[-1])
    return sorted({1, *range(step, int(last) + 1, step)} - ({2} if step == 2 else set()))


def _right(text: str, y: float, ink: Ink, *, paper: bool = False) -> dict[str, Any]:
    return {
        "xref": "paper",
        "x": 1,
        "xanchor": "left",
        "xshift": ink.px(8),
        "yref": "paper" if paper else "y",
        "y": y,
        "yanchor": "bottom" if paper else "middle",
        "text": text,
        "showarrow": False,
        "font": {"size": ink.small if paper else ink.text, "color": ink.muted if paper else ink.ink},
    }
