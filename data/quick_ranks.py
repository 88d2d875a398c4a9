"""How firm ranks are under weights somebody chose: the browser's quick simulation, number for number.

Whoever moves a slider sees ranges from 200 draws made in the browser (dashboard/assets/ranking.js). What is exported
must be what was seen, so the same draws are made here from the same generator; a test holds the two together. The
official ranges come from `data.statistics.ranks` and are not touched by this.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from data.ranking import RANDOM_SEED, Ranking, input_frame
from data.statistics.bands import TOP_SHARE, Tier, tiers
from data.statistics.counts import FloatArray
from data.weights import official_weights, score_draws

DRAWS = 200
WEIGHT_NOISE = 0.25
NORMALS = 4096
# Digits of the centres and errors that the browser is sent.
SENT_DECIMALS = 6
_STEP = np.uint64(0x6D2B79F5)
_WORD = np.uint64(0xFFFFFFFF)


def uniforms(seed: int, count: int, *, skip: int = 0) -> FloatArray:
    """Numbers `skip` to `skip + count` of the generator of ranking.js (mulberry32), in [0, 1)."""
    with np.errstate(over="ignore"):
        steps = np.arange(skip + 1, skip + count + 1, dtype=np.uint64)
        state = (np.uint64(seed) + steps * _STEP) & _WORD
        mixed = ((state ^ (state >> np.uint64(15))) * (state | np.uint64(1))) & _WORD
        mixed ^= (mixed + ((mixed ^ (mixed >> np.uint64(7))) * (mixed | np.uint64(61)) & _WORD)) & _WORD
        return np.asarray((mixed ^ (mixed >> np.uint64(14))) & _WORD, dtype=np.float64) / 4294967296.0


def normals() -> FloatArray:
    """The table of normal numbers the browser draws from."""
    pairs = uniforms(RANDOM_SEED, 2 * NORMALS).reshape(NORMALS, 2)
    return np.asarray(np.sqrt(-2 * np.log(1 - pairs[:, 0])) * np.cos(2 * np.pi * pairs[:, 1]))


def quick_firmness(ranking: Ranking, weights: Mapping[str, float]) -> pd.DataFrame:
    """Rank ranges under `weights` by unit: rank_low, median_rank, rank_high (5–50–95 %), probability_top, tier.

    Sampling error, weights ±25 % and both means are varied together. NaN and 不参评 for units that are not ranked.

    Args:
        weights: by node key, as `Choice.weights_for` gives them.
    """
    scheme, units = ranking.scheme, ranking.result.score.index
    nodes = [*official_weights(scheme)]
    is_ranked = (ranking.firmness.table["tier"] != Tier.UNRANKED).reindex(units).to_numpy(dtype=bool)
    table = pd.DataFrame(
        np.nan, index=units, columns=["rank_low", "median_rank", "rank_high", "probability_top"], dtype=np.float64
    )
    count = int(is_ranked.sum())
    if count:
        chosen = np.array([float(weights[key]) for key in nodes])
        ranks = _ranks(_scores(ranking, nodes, chosen, is_ranked))
        best = math.ceil(TOP_SHARE * count - 1e-9)
        low, middle, high = np.quantile(ranks, [0.05, 0.5, 0.95], axis=0)
        table.loc[is_ranked, ["rank_low", "median_rank", "rank_high"]] = np.stack([low, middle, high], axis=1)
        table.loc[is_ranked, "probability_top"] = (ranks <= best).sum(axis=0) / DRAWS
    return table.assign(tier=tiers(table["probability_top"]))


def _scores(ranking: Ranking, nodes: list[str], chosen: FloatArray, is_ranked: np.ndarray) -> FloatArray:
    """Scores of every draw, draws × ranked units; logarithms where the draw takes the geometric mean."""
    scheme = ranking.scheme
    count = int(is_ranked.sum())
    # One draw takes a number for each weight, one for the kind of mean, and one for each unit, in this order.
    taken = uniforms(RANDOM_SEED, DRAWS * (len(nodes) + 1 + count)).reshape(DRAWS, len(nodes) + 1 + count)
    noisy = chosen * (1 + WEIGHT_NOISE * (2 * taken[:, : len(nodes)] - 1))
    is_log = (taken[:, len(nodes)] < 0.5)[:, None]
    chance = np.floor(taken[:, len(nodes) + 1 :] * NORMALS).astype(np.int64)
    table, floor = normals(), scheme.aggregation.geometric_floor
    values, draws = input_frame(ranking), score_draws(ranking)
    parents = {key: str(scheme.node(key).parent) for key in nodes}
    top: dict[str, FloatArray] = {}
    bottom: dict[str, FloatArray] = {}

    def add(key: str, score: FloatArray) -> None:
        weight = noisy[:, [nodes.index(key)]] * np.ones_like(score)
        known = ~np.isnan(score)
        above = parents[key]
        top[above] = top.get(above, 0.0) + np.where(known, weight * np.where(known, score, 0.0), 0.0)
        bottom[above] = bottom.get(above, 0.0) + np.where(known, weight, 0.0)

    for node in scheme.indicators:
        scale = scheme.normalisation_of(scheme.node(node.key))
        score = np.broadcast_to(values[node.key].to_numpy(dtype=np.float64)[is_ranked], (DRAWS, count))
        if node.key in draws:
            centre, error = (
                part.round(SENT_DECIMALS).to_numpy(dtype=np.float64)[is_ranked]
                for part in (draws[node.key].centre, draws[node.key].error)
            )
            # What nobody reported has no score, and so nothing to vary.
            is_varied = ~np.isnan(error) & ~np.isnan(score[0]) & (error != 0)
            chance = np.where(is_varied, (chance + 1) & (NORMALS - 1), chance)
            drawn = np.clip(np.where(is_varied, centre, 0.0) + np.where(is_varied, error, 0.0) * table[chance],
                            scale.low, scale.high)  # fmt: skip
            score = np.where(is_varied, drawn, score)
        lifted = (
            score
            if scale.low >= floor
            else floor + (score - scale.low) / (scale.high - scale.low) * (scale.high - floor)
        )
        add(node.key, np.where(is_log, np.log(lifted), score))
    for key in _deepest_first(nodes, parents, scheme.root.key):
        with np.errstate(invalid="ignore", divide="ignore"):
            add(key, top[key] / bottom[key])
    return np.asarray(top[scheme.root.key] / bottom[scheme.root.key])


def _deepest_first(nodes: list[str], parents: Mapping[str, str], root: str) -> list[str]:
    """The nodes that have members, members before what they belong to."""

    def depth(key: str) -> int:
        return 0 if parents[key] == root else 1 + depth(parents[key])

    inner = dict.fromkeys(parents[key] for key in nodes if parents[key] != root)
    return sorted(inner, key=depth, reverse=True)


def _ranks(scores: FloatArray) -> FloatArray:
    """Ranks of every draw: 1 is best, ties share the better place."""
    ordered = np.sort(scores, axis=1)
    ranks = np.empty_like(scores)
    for draw in range(scores.shape[0]):
        ranks[draw] = scores.shape[1] - np.searchsorted(ordered[draw], scores[draw], side="right") + 1
    return ranks
