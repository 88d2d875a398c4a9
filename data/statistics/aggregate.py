"""Weighted means up a hierarchy, for one set of weights or for many simulated ones at once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from data.statistics.counts import FloatArray
from data.statistics.scheme import Mean, NormalisationMethod, Scheme
from data.statistics.scheme_errors import GeometricMeanError


def aggregate(
    scheme: Scheme,
    scores: Mapping[str, FloatArray],
    *,
    weights: Mapping[str, FloatArray] | None = None,
    mean: Mean | None = None,
) -> dict[str, FloatArray]:
    """Scores of every aggregate node from the scores of the indicators.

    Arithmetic: Σwᵢxᵢ / Σwᵢ. Geometric: exp(Σwᵢ ln xᵢ / Σwᵢ), on scores lifted to the scheme's geometric floor. Sums
    run over the members that have a score; a node none of whose members has one has none.

    Args:
        scores: indicator key → array (…, units); NaN is missing.
        weights: node key → weights that broadcast against scores; the scheme's own by default.
        mean: one mean for all nodes instead of the scheme's.

    Returns:
        node key → array (…, units), aggregates only, root included.

    Raises:
        GeometricMeanError: a geometric mean met a negative score.

    Source: OECD/JRC Handbook on Constructing Composite Indicators (2008), step 6.
    """
    found: dict[str, FloatArray] = {}

    def score_of(key: str) -> FloatArray:
        members = scheme.members(key)
        if not members:
            return scores[key]
        rule = mean or scheme.aggregation.mean_of(key)
        top: FloatArray | float = 0.0
        bottom: FloatArray | float = 0.0
        for member in members:
            value = score_of(member.key)
            weight = np.asarray(member.weight) if weights is None else weights[member.key]
            if rule is Mean.GEOMETRIC:
                value = _log(_lifted(scheme, member.key, value), key)
            missing = np.isnan(value)
            if missing.any():
                top = top + weight * np.where(missing, 0.0, value)
                bottom = bottom + weight * ~missing
            else:
                top = top + weight * value
                bottom = bottom + weight
        with np.errstate(invalid="ignore", divide="ignore"):
            result = np.asarray(top) / np.asarray(bottom)
        found[key] = np.asarray(np.exp(result) if rule is Mean.GEOMETRIC else result)
        return found[key]

    score_of(scheme.root.key)
    return found


def _lifted(scheme: Scheme, key: str, value: FloatArray) -> FloatArray:
    """Indicator scores mapped from [low, high] to [floor, high]; aggregates are already means of such."""
    floor = scheme.aggregation.geometric_floor
    if scheme.members(key):
        return value
    scale = scheme.normalisation_of(scheme.node(key))
    if scale.method is NormalisationMethod.ZSCORE or scale.low >= floor:
        return value
    return np.asarray(floor + (value - scale.low) / (scale.high - scale.low) * (scale.high - floor))


def _log(value: FloatArray, key: str) -> FloatArray:
    if np.nanmin(value, initial=np.inf) < 0:
        raise GeometricMeanError(
            f"“{key}”的几何平均遇到负的得分",
            why="几何平均只对非负的得分有意义",
            todo="改用 minmax 或 bounds 计分，或把 zscore 的 mean 调高，或改用算术平均",
            code="negative_geometric",
        )
    with np.errstate(divide="ignore"):
        return np.asarray(np.log(value))
