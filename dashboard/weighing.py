"""What the browser needs to weigh the index anew: scores, errors, official results and the words around them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from dashboard.cards.ranking.subject import Subject
from data.errors import UsageError
from data.ranking import DEFAULT_SCHEME, RANDOM_SEED, input_frame
from data.statistics.bands import FIRST_TIER_PROBABILITY, SECOND_TIER_PROBABILITY, TOP_SHARE, Tier
from data.statistics.scheme import Scheme
from data.weights import official_weights, score_draws

# With more compounds the browser would be sent megabytes and compute for seconds at every move of a slider.
MOST_COMPOUNDS = 5_000


def weighing_data(subject: Subject) -> dict[str, Any]:
    """The data of dashboard/assets/ranking.js, JSON-ready: every compound of the city, missing numbers as None.

    `nodes` are in the order in which weights are written; `shown` marks the compounds of the view's selection.
    """
    if subject.reader.scope is not None:
        raise UsageError(
            "试算权重要用全市小区的数据",
            why="本账号只能看到所辖区域的小区",
            todo="请住建局账号试算，或在下方查看本区域小区在全市的名次",
            code="needs_whole_city",
        )
    ranking = subject.ranking
    if len(ranking.result.score) > MOST_COMPOUNDS:
        raise UsageError(
            f"全市 {len(ranking.result.score):,} 个小区，超过浏览器内试算权重的上限 {MOST_COMPOUNDS:,}",
            why="试算要把每个小区的得分送到浏览器，并在每次拖动时重算全部名次",
            todo="把权重写进方案文件，用 python -m data rank --scheme 计算；正式名次不受影响，见下方各表",
            code="too_many_to_weigh",
        )
    key = ("weighing", ranking.scheme.name, ranking.scheme.version, ranking.month, subject.words.lang)
    # The same for every selection, and a few milliseconds each time.
    common: dict[str, Any] = subject.reader.remember(key, lambda: _of_all(subject))
    return common | {"shown": [int(unit in subject.inside) for unit in common["units"]]}


def _of_all(subject: Subject) -> dict[str, Any]:
    """What of `weighing_data` no selection changes."""
    ranking, scheme = subject.ranking, subject.scheme
    units = [str(unit) for unit in ranking.result.score.index]
    table = ranking.firmness.table
    keys = list(official_weights(scheme))
    order = [node.key for node in scheme.indicators]
    return {
        "scheme": scheme.name,
        "version": scheme.version,
        "isDefault": scheme.name == DEFAULT_SCHEME,
        "month": ranking.month,
        "floor": scheme.aggregation.geometric_floor,
        "decimals": scheme.rank_decimals,
        "topShare": TOP_SHARE,
        "tiers": [FIRST_TIER_PROBABILITY, SECOND_TIER_PROBABILITY],
        "seed": RANDOM_SEED,
        "nodes": [_node(scheme, key, keys) for key in keys],
        "indicators": [_indicator(scheme, key, keys) for key in order],
        "units": units,
        "labels": [str(label) for label in ranking.result.labels],
        "ranked": (table["tier"] != Tier.UNRANKED).astype(int).tolist(),
        "scores": _rows(input_frame(ranking)[order]),
        "sampled": [
            {
                "column": order.index(key),
                "centre": _column(draws.centre.round(6)),
                "error": _column(draws.error.round(6)),
            }
            for key, draws in score_draws(ranking).items()
        ],
        "official": {
            "low": _column(table["rank_low"]),
            "high": _column(table["rank_high"]),
            "top": _column(table["probability_top"]),
        },
        "texts": _texts(subject),
    }


def _node(scheme: Scheme, key: str, keys: list[str]) -> dict[str, Any]:
    node = scheme.node(key)
    parent = -1 if node.parent == scheme.root.key else keys.index(str(node.parent))
    return {"key": key, "parent": parent, "weight": float(node.weight)}


def _indicator(scheme: Scheme, key: str, keys: list[str]) -> dict[str, Any]:
    scale = scheme.normalisation_of(scheme.node(key))
    return {"node": keys.index(key), "low": scale.low, "high": scale.high}


def _rows(frame: pd.DataFrame) -> list[list[float | None]]:
    return [[None if math.isnan(value) else float(value) for value in row] for row in frame.to_numpy(dtype=np.float64)]


def _column(values: pd.Series[float]) -> list[float | None]:
    return [None if math.isnan(value) else float(value) for value in values.astype(float)]


def _texts(subject: Subject) -> dict[str, Any]:
    words = subject.words
    counts = {name: f"{{{name}}}" for name in ("first", "second", "third")}
    return {
        "tiers": [subject.tier(tier) for tier in (Tier.FIRST, Tier.SECOND, Tier.THIRD, Tier.UNRANKED)],
        "range": words("ranking.lab.range", low="{low}", high="{high}"),
        "official": words("ranking.lab.official_cell", tier="{tier}", low="{low}", high="{high}"),
        "up": words("ranking.lab.up"),
        "down": words("ranking.lab.down"),
        "same": words("ranking.lab.same"),
        "points": words("ranking.lab.points", points="{points}"),
        "markOfficial": words("ranking.lab.official"),
        "markChanged": words("ranking.lab.changed"),
        "summaryOfficial": words("ranking.lab.summary_official", **counts),
        "summaryChanged": words("ranking.lab.summary_changed", up="{up}", down="{down}", **counts),
    }
