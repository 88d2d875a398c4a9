"""One tile a compound, grouped by street: 有 full, 兜底 half and dotted, 无 pale, 未上报 hatched.

In countryside a map of coverage shows land; tiles show compounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from dashboard.figures.canvas import canvas
from dashboard.figures.labels import cut, width
from dashboard.figures.plotted import numbers, plotted
from dashboard.figures.state_bars import STATES, state_marker
from dashboard.theme import CLEAR, Ink
from dashboard.wording import Words
from data.catalogue.types import Indicator

# Above this many tiles nobody counts them and the browser slows down: show `state_bars` instead.
MOST_TILES = 3000
_COUNT_PX, _GAP_PX = 44.0, 14.0
_LONGEST = 16
_LARGEST_PX = 30.0
_HALF = {"fallback": 0.5}


@dataclass(frozen=True)
class Block:
    """A group of tiles: where its first line stands and how many lines it has."""

    group: str
    column: int
    line: int
    lines: int


@dataclass(frozen=True)
class Plan:
    """How tiles are laid out: columns of blocks, tiles a line, lines in all, and the px of one tile's step."""

    columns: int
    per_line: int
    lines: int
    step_px: float
    blocks: tuple[Block, ...]


def unit_chart(
    *,
    units: pd.DataFrame,
    indicator: Indicator,
    ink: Ink,
    words: Words,
    size: tuple[float, float] = (1100, 460),
) -> dict[str, Any]:
    """Tiles by state.

    Args:
        units: columns id, label, group, group_label, state (one of STATES), numerator and text (hover); groups in the
            order to show them.
        size: width and height to plan for, px at 1×; the tiles stretch with the card.
    """
    counts = units.groupby("group", sort=False).size()
    labels = units.drop_duplicates("group").set_index("group")["group_label"].astype(str)
    em_px = ink.small / ink.scale + 1
    name_px = min(max((width(name) for name in labels), default=0), _LONGEST) / 2 * em_px + 6
    plan = planned({str(g): int(n) for g, n in counts.items()}, size, name_px, line_px=1.2 * ink.small / ink.scale)
    stride = plan.per_line + (name_px + _COUNT_PX + _GAP_PX) / plan.step_px
    start = {block.group: block for block in plan.blocks}
    order = units.groupby("group", sort=False).cumcount()
    inset = name_px / plan.step_px
    x, y = [], []
    for group, place in zip(units["group"].astype(str), order, strict=True):
        block = start[group]
        line, column = divmod(int(place), plan.per_line)
        x.append(block.column * stride + inset + column + 0.5)
        y.append(float(plan.lines - block.line - line - 1))
    placed = units.assign(x=x, y=y)
    traces = [
        _tiles(placed[placed["state"] == state], state, indicator, ink, words)
        for state in STATES
        if (placed["state"] == state).any()
    ]
    has = units[units["state"] == "present"].groupby("group").size()
    names = [
        (block, cut(labels[block.group], _LONGEST), int(has.get(block.group, 0)), int(counts[block.group]))
        for block in plan.blocks
    ]
    middle = [plan.lines - block.line - 0.55 for block, *_ in names]
    traces.append(
        _texts([b.column * stride + inset - 4 / plan.step_px for b, *_ in names], middle,
               [name for _, name, *_ in names], "middle left", ink.ink, ink)
    )  # fmt: skip
    traces.append(
        _texts(
            [b.column * stride + inset + min(n, plan.per_line) + 4 / plan.step_px for b, _, _, n in names],
            middle,
            [words("figure.count_of", value=h, total=n) for _, _, h, n in names],
            "middle right", ink.muted, ink,
        )
    )  # fmt: skip
    across = max(plan.columns * stride - _GAP_PX / plan.step_px, size[0] / plan.step_px)
    bottom = min(-0.2, plan.lines - size[1] / _LARGEST_PX)
    hidden = {"visible": False, "fixedrange": True, "zeroline": False}
    return canvas(
        traces, ink, barmode="overlay", showlegend=True,
        legend={"orientation": "h", "x": 0, "y": 0, "yref": "container", "yanchor": "bottom", "traceorder": "normal",
                "itemclick": False, "itemdoubleclick": False},
        xaxis={**hidden, "range": [0, across]},
        yaxis={**hidden, "range": [bottom, max(plan.lines, 1)]},
        margin={"l": 0, "r": 0, "t": ink.px(4), "b": ink.px(28)},
    )  # fmt: skip


def planned(counts: dict[str, int], size: tuple[float, float], name_px: float, *, line_px: float = 11.0) -> Plan:
    """The layout whose tiles come closest to squares.

    Args:
        counts: tiles by group, in order. size: px. name_px: width of a group's name. line_px: height of one.
    """
    return _planned(tuple(counts.items()), size, name_px, line_px)


@lru_cache(maxsize=256)
def _planned(groups: tuple[tuple[str, int], ...], size: tuple[float, float], name_px: float, line_px: float) -> Plan:
    counts = dict(groups)
    best: tuple[float, Plan] | None = None
    wide = max(counts.values(), default=1)
    for columns in range(1, 5):
        room = size[0] / columns - name_px - _COUNT_PX - _GAP_PX
        if room < 60:
            continue
        for per_line in range(4, max(min(wide, 60), 4) + 1):
            blocks, lines = _flow(counts, columns, per_line)
            # A handful of tiles stays a handful of tiles, not a wall of blocks.
            step = min(room / per_line, _LARGEST_PX)
            tall = min(size[1] / max(lines, 1), _LARGEST_PX)
            # Names need a line's height; a tile under eight pixels cannot be clicked.
            poor = 4.0 * (step < 8) + 4.0 * (tall < line_px)
            score = abs(step - tall) / min(step, tall) + poor
            if best is None or score < best[0]:
                best = (score, Plan(columns, per_line, lines, step, blocks))
    assert best is not None
    return best[1]


def _flow(counts: dict[str, int], columns: int, per_line: int) -> tuple[tuple[Block, ...], int]:
    """Blocks poured into columns of about equal height, in order, none of them split."""
    heights = {group: -(-count // per_line) for group, count in counts.items()}
    total = sum(heights.values())
    blocks = []
    column = line = done = tallest = 0
    for group, height in heights.items():
        if column < columns - 1 and done >= total * (column + 1) / columns - height / 2:
            column, line = column + 1, 0
        blocks.append(Block(group, column, line, height))
        line += height
        done += height
        tallest = max(tallest, line)
    return tuple(blocks), tallest


def _tiles(rows: pd.DataFrame, state: str, indicator: Indicator, ink: Ink, words: Words) -> dict[str, Any]:
    return {
        "type": "bar",
        "name": words(f"state.{state}"),
        "x": [*rows["x"]],
        "base": [*rows["y"]],
        "y": [0.8 * _HALF.get(state, 1.0)] * len(rows),
        "width": 0.82,
        "marker": state_marker(state, ink),
        "customdata": numbers(rows["numerator"]),
        "hovertext": [*rows["text"]],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "meta": plotted(
            indicator.key, axis="customdata", groups=(str(unit) for unit in rows["id"]), by="compound",
            field="numerator", click="profile",
        ),
    }  # fmt: skip


def _texts(
    x: Sequence[float], y: Sequence[float], texts: Sequence[str], position: str, colour: str, ink: Ink
) -> dict[str, Any]:
    return {
        "type": "scatter", "mode": "text", "x": [*x], "y": [*y], "text": [*texts], "textposition": position,
        "textfont": {"size": ink.small, "color": colour}, "marker": {"color": CLEAR}, "hoverinfo": "skip",
        "showlegend": False, "cliponaxis": False,
    }  # fmt: skip
