"""What makes a score: contribution of each indicator, what moves a unit most, what another scheme would change."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from data.statistics.aggregate import aggregate
from data.statistics.composite import CompositeResult
from data.statistics.counts import FloatArray
from data.statistics.normalise import min_ranks
from data.statistics.scheme import NormalisationMethod, global_weights


def effective_weights(result: CompositeResult) -> pd.DataFrame:
    """Share of each indicator in each unit's arithmetic root score, units × indicators; scored rows sum to 1.

    Where cells are missing the remaining members of a node carry its weight, so shares differ by unit.
    """
    scheme, scores = result.scheme, result.normalised
    present = scores.notna()
    shares = pd.DataFrame(0.0, index=scores.index, columns=scores.columns)
    has_score = {key: present[key].to_numpy() for key in scores.columns}

    def available(key: str) -> FloatArray:
        members = scheme.members(key)
        if members:
            has_score[key] = np.any([available(member.key) for member in members if member.weight > 0], axis=0)
        return has_score[key]

    def descend(key: str, share: FloatArray) -> None:
        members = scheme.members(key)
        if not members:
            shares[key] = share
            return
        total = sum(member.weight * has_score[member.key] for member in members)
        for member in members:
            part = np.divide(
                share * member.weight * has_score[member.key], total, out=np.zeros(share.shape), where=total > 0
            )
            descend(member.key, part)

    available(scheme.root.key)
    descend(scheme.root.key, np.ones(len(scores)))
    return shares


def contributions(result: CompositeResult) -> pd.DataFrame:
    """Points each indicator brings to each unit: share × score; rows sum to the arithmetic root score.

    Source: arithmetic of the weighted mean.
    """
    return effective_weights(result) * result.normalised.where(result.normalised.notna(), 0.0)


def points_lost(result: CompositeResult) -> pd.DataFrame:
    """Points each indicator costs against the best possible score; NaN for z-scores, which have no best."""
    highs = {}
    for node in result.scheme.indicators:
        scale = result.scheme.normalisation_of(node)
        highs[node.key] = np.nan if scale.method is NormalisationMethod.ZSCORE else scale.high
    gap = pd.Series(highs, dtype=float) - result.normalised
    return effective_weights(result) * gap


def weight_sensitivity(result: CompositeResult) -> pd.DataFrame:
    """Change of a unit's score for a doubling-rate change of one indicator's weight: ∂S/∂ln wᵢ = ωᵢ(xᵢ − S).

    ω are the effective weights, all renormalised to 1 after the change. Positive: more weight on the indicator
    lifts the unit. Arithmetic mean.
    """
    shares = effective_weights(result)
    score = contributions(result).sum(axis=1)
    return shares * result.normalised.sub(score, axis=0)


def remove_each(result: CompositeResult, *, keys: list[str] | None = None) -> pd.DataFrame:
    """Ranks when one node at a time is left out, units × ("nominal" + removed nodes); values stay as treated.

    Args:
        keys: nodes to remove, default every indicator.

    Source: the `remove_elements` analysis of COINr; OECD/JRC Handbook (2008), step 7.
    """
    scheme = result.scheme
    scores = {key: result.normalised[key].to_numpy() for key in result.normalised.columns}
    ranks = {"nominal": result.rank.to_numpy()}
    base = {node.key: np.asarray(node.weight) for node in scheme.nodes}
    for key in [node.key for node in scheme.indicators] if keys is None else keys:
        found = aggregate(scheme, scores, weights=_without(result, base, key))[scheme.root.key]
        ranks[key] = min_ranks(found, decimals=scheme.rank_decimals)
    return pd.DataFrame(ranks, index=result.score.index)


def mean_rank_change(removed: pd.DataFrame) -> pd.Series:
    """Mean absolute change of rank over the units for each removed node of `remove_each`."""
    return removed.drop(columns="nominal").sub(removed["nominal"], axis=0).abs().mean()


def moves_most(result: CompositeResult) -> pd.DataFrame:
    """The indicator whose removal changes each unit's rank most: columns indicator, rank, rank_without, change.

    change > 0: the unit is better placed because of the indicator. Ties go to the larger contribution to the
    distance from the mean score; units without a score get missing values.

    Source: the `remove_elements` analysis of COINr, read unit by unit.
    """
    removed = remove_each(result)
    change = removed.drop(columns="nominal").sub(removed["nominal"], axis=0)
    tie_break = weight_sensitivity(result).abs()
    size = change.abs() + tie_break / (1 + tie_break.to_numpy().max(initial=0, where=tie_break.notna().to_numpy())) / 2
    scored = result.is_scored & size.notna().any(axis=1)
    best = size[scored].idxmax(axis=1)
    table = pd.DataFrame(index=result.score.index)
    table["indicator"] = best.reindex(table.index)
    table["rank"] = removed["nominal"]
    without = {unit: removed.at[unit, key] for unit, key in best.items()}
    table["rank_without"] = pd.Series(without, dtype=float).reindex(table.index)
    table["change"] = table["rank_without"] - table["rank"]
    return table


def indicator_shares(result: CompositeResult) -> pd.Series:
    """Nominal share of each indicator in the root, by key, largest first; the weights a page shows."""
    return pd.Series(global_weights(result.scheme), dtype=float).sort_values(ascending=False, kind="stable")


def _without(result: CompositeResult, base: Mapping[str, FloatArray], key: str) -> dict[str, FloatArray]:
    """Weights with one node at 0, and so every ancestor that has nothing else left."""
    scheme, weights = result.scheme, dict(base)
    node = scheme.node(key)
    while True:
        weights[node.key] = np.asarray(0.0)
        if node.parent is None:
            return weights
        if any(float(weights[sibling.key]) > 0 for sibling in scheme.members(node.parent)):
            return weights
        node = scheme.node(node.parent)
