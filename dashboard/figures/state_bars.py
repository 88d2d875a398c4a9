"""有 / 兜底 / 无 / 未上报 by place, as stacked bars of counts: how many there are, and how many did not say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from dashboard.figures.canvas import canvas
from dashboard.figures.labels import cut
from dashboard.figures.plotted import clickable, numbers, plotted
from dashboard.numbers import is_missing, quantity
from dashboard.theme import Ink
from dashboard.wording import Words
from data.catalogue.types import Indicator

STATES = ("present", "fallback", "absent", "unreported")


@dataclass(frozen=True, kw_only=True)
class States:
    """Counts of the four states by group.

    Attributes:
        indicator: its numerator are the units that have it, its `reported` of `expected` those that said.
        figures: `Reader.indicator(indicator, by=…)`.
        fallback, fallback_figures: the indicator whose numerator is 兜底, where there is that state.
    """

    indicator: Indicator
    figures: pd.DataFrame
    fallback: Indicator | None = None
    fallback_figures: pd.DataFrame | None = None

    def counts(self) -> pd.DataFrame:
        """Columns group, label, present, fallback, absent, unreported; one row a group, counts as read."""
        rows = self.figures
        out = pd.DataFrame({"group": rows["group"].astype(str), "label": rows["label"].astype(str)})
        out["present"] = rows["numerator"].astype(float).to_numpy()
        out["fallback"] = 0.0
        if self.fallback_figures is not None:
            given = self.fallback_figures.set_index("group")["numerator"].astype(float)
            out["fallback"] = rows["group"].map(given).to_numpy(dtype=float)
        base = self.base()
        have = out["present"].fillna(0) + out["fallback"].fillna(0)
        out["absent"] = (base["said"] - have).clip(lower=0)
        out["unreported"] = (base["all"] - base["said"]).clip(lower=0)
        return out

    def base(self) -> pd.DataFrame:
        """Columns said and all: units that reported, and units there are."""
        rows = self.figures
        said = rows["reported"].astype(float)
        if said.isna().all():
            said = rows["denominator"].astype(float)
        if self.indicator.denominator is not None and not isinstance(self.indicator.denominator, tuple):
            everyone = rows["expected"].astype(float)
        else:
            # The denominator itself is a count of places, all of which are known.
            said = everyone = rows["denominator"].astype(float)
        return pd.DataFrame({"said": said.fillna(0).to_numpy(), "all": everyone.fillna(0).to_numpy()})


def state_bars(
    *,
    states: Sequence[States],
    by: str,
    ink: Ink,
    words: Words,
    titles: Sequence[str] = (),
    click: str | None = "area",
    names: int = 16,
) -> dict[str, Any]:
    """One panel a subject (branches, companies, committees …), one bar a group, the same groups in each.

    The order of the groups is that of the first subject.

    Args:
        titles: above the panels; the indicators' titles if empty.
        names: columns of print a group's name may take.
    """
    traces: list[dict[str, Any]] = []
    layout: dict[str, Any] = {}
    notes: list[dict[str, Any]] = []
    if not states:
        return canvas([], ink)
    order = [str(group) for group in states[0].figures["group"]][::-1]
    gap = 0.035
    # The last panel has a gap too: the longest of its texts may run into it, as those of the others do.
    panel = (1 - gap * len(states)) / len(states)
    for place, one in enumerate(states):
        axis = "" if place == 0 else str(place + 1)
        left = place * (panel + gap)
        counts = one.counts().set_index("group").reindex(order)
        total = counts[[*STATES]].sum(axis=1)
        most = max(float(total.max()), 1.0)
        for state in STATES:
            if state == "fallback" and one.fallback is None:
                continue
            traces.append(_bars(one, state, counts, order, axis, by, click, ink, words, is_named=place == 0))
        title = titles[place] if titles else words.of(one.indicator)
        layout[f"xaxis{axis}"] = {
            "domain": [left, left + panel], "range": [0, most * 1.85], "anchor": f"y{axis}", "nticks": 4, "rangemode": "tozero",
            "showgrid": True, "tickformat": ",d",
        }  # fmt: skip
        layout[f"yaxis{axis}"] = {
            "anchor": f"x{axis}", "type": "category", "categoryorder": "array", "categoryarray": order,
            "showgrid": False, "showticklabels": place == 0, "tickmode": "array", "tickvals": order,
            "ticktext": [cut(str(counts.at[group, "label"]), names) for group in order], "range": [-0.6, len(order) - 0.4],
        }  # fmt: skip
        notes.append(
            {
                "text": f"<b>{title}</b>", "xref": "paper", "x": left, "xanchor": "left", "yref": "paper", "y": 1,
                "yanchor": "bottom", "yshift": ink.px(3), "showarrow": False, "font": {"size": ink.text, "color": ink.ink},
            }
        )  # fmt: skip
        notes += [
            {
                "text": _share(one, group, words), "xref": f"x{axis}", "yref": f"y{axis}", "x": float(total[group]),
                "y": row, "xanchor": "left", "xshift": ink.px(4), "showarrow": False,
                "font": {"size": ink.small, "color": ink.muted},
            }
            for row, group in enumerate(order)
        ]  # fmt: skip
    return canvas(
        traces, ink, barmode="stack", bargap=0.32, annotations=notes, showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 0, "yanchor": "top", "yref": "container", "traceorder": "normal",
                "itemclick": False, "itemdoubleclick": False} | {"y": 0.005, "yanchor": "bottom"},
        margin={"l": ink.px(4), "r": ink.px(8), "t": ink.px(24), "b": ink.px(34)},
        **layout,
    )  # fmt: skip


def _share(one: States, group: str, words: Words) -> str:
    row = one.figures[one.figures["group"].astype(str) == group]
    if row.empty:
        return words("figure.unreported")
    first = row.iloc[0]
    text = quantity(first["value"], one.indicator.unit, words, decimals=one.indicator.decimals)
    if is_missing(first["value"]):
        return text
    return f"{text}  {quantity(first['numerator'], '', words)}/{quantity(first['denominator'], '', words)}"


def state_marker(state: str, ink: Ink) -> dict[str, Any]:
    """Fill of a state; 兜底 dotted and 未上报 hatched, so that a grey print still tells them apart."""
    if state == "unreported":
        return ink.hatched()
    colour = ink.state_colours[state]
    marker: dict[str, Any] = {"color": colour, "line": {"color": ink.card, "width": ink.px(0.5)}}
    if state == "fallback":
        marker["pattern"] = {
            "shape": ".", "fgcolor": ink.ink, "bgcolor": colour, "size": ink.px(5), "solidity": 0.2,
        }  # fmt: skip
    return marker


def _bars(
    one: States, state: str, counts: pd.DataFrame, order: Sequence[str], axis: str, by: str, click: str | None,
    ink: Ink, words: Words, *, is_named: bool,
) -> dict[str, Any]:  # fmt: skip
    name = words(f"state.{state}")
    source = {"present": one.indicator, "fallback": one.fallback}.get(state)
    if source is not None:
        meta = plotted(source.key, axis="x", groups=order, by=by, field="numerator", click=click)
    else:
        meta = clickable(order, click) if click else {}
    values = counts[state]
    if source is None:
        values = values.where(values > 0)
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "legendgroup": state,
        "showlegend": is_named or state == "fallback",
        "x": numbers(values),
        "y": [*order],
        "xaxis": f"x{axis}",
        "yaxis": f"y{axis}",
        "marker": state_marker(state, ink),
        "text": None,
        "hovertext": [
            f"<b>{label}</b><br>{name} {quantity(count, '', words)}"
            for label, count in zip(counts["label"].tolist(), counts[state].tolist(), strict=True)
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "meta": meta,
    }
