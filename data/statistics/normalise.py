"""From indicator values to scores: fitted once on the units at hand, applied to them or to simulated values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy

from data.statistics.counts import FloatArray
from data.statistics.scheme import Node, Normalisation, NormalisationMethod
from data.statistics.scheme_errors import ConstantIndicatorError, EmptyIndicatorError


@dataclass(frozen=True, slots=True)
class Scaling:
    """A fitted scale. `apply` keeps shape and missing values; higher scores are always better."""

    normalisation: Normalisation
    direction: int
    reference: FloatArray
    """Directed values the scale was fitted on, sorted ascending, missing left out."""

    def apply(self, values: FloatArray) -> FloatArray:
        """Scores of raw values.

        Values outside the fitted range (only simulated ones can be) are clipped to the range of the scores, but
        for z-scores, which have none.
        """
        scale, directed = self.normalisation, values * self.direction
        if scale.method is NormalisationMethod.ZSCORE:
            centre, spread = self.reference.mean(), self.reference.std(ddof=1)
            return np.asarray(scale.mean + scale.sd * (directed - centre) / spread)
        if scale.method is NormalisationMethod.RANK:
            share = self._rank_share(directed)
        elif scale.method is NormalisationMethod.BOUNDS:
            assert scale.worst is not None
            assert scale.best is not None
            share = (values - scale.worst) / (scale.best - scale.worst)
        else:
            share = (directed - self.reference[0]) / (self.reference[-1] - self.reference[0])
        return np.asarray(scale.low + np.clip(share, 0.0, 1.0) * (scale.high - scale.low))

    def _rank_share(self, directed: FloatArray) -> FloatArray:
        """(min-rank − 1) / (N − 1) among the reference: how many reference values lie strictly below."""
        below = np.searchsorted(self.reference, directed, side="left").astype(np.float64)
        below[np.isnan(directed)] = np.nan
        return np.asarray(below / (self.reference.size - 1))


def fit_scaling(values: FloatArray, node: Node, normalisation: Normalisation) -> Scaling:
    """Fit a scale to one treated column; higher scores are better whatever the direction of the values.

    MINMAX: low + (x − min)/(max − min)·(high − low) over the units at hand. BOUNDS: the same between a fixed worst
    and best value, clipped. ZSCORE: mean + sd·(x − x̄)/s. RANK: low + (min-rank − 1)/(N − 1)·(high − low).

    Raises:
        EmptyIndicatorError: no unit has a value.
        ConstantIndicatorError: all values are equal and the scale is relative (all methods but BOUNDS).

    Source: OECD/JRC Handbook on Constructing Composite Indicators (2008), step 5.
    """
    present = values[~np.isnan(values)]
    if present.size == 0:
        raise EmptyIndicatorError(
            f"指标“{node.key}”没有一个单元有值",
            why="没有数据就没有得分",
            todo="补报数据，或从方案中删去这个指标",
            code="empty_indicator",
        )
    if normalisation.method is not NormalisationMethod.BOUNDS and present.min() == present.max():
        raise ConstantIndicatorError(
            f"指标“{node.key}”所有单元都是 {present[0]:g}",
            why="取值全部相同的指标分不出高低，相对计分无法进行",
            todo="改用固定上下限（method: bounds），或从方案中删去这个指标",
            code="constant_indicator",
        )
    return Scaling(normalisation, node.direction, np.sort(present * node.direction))


def min_ranks(scores: FloatArray, *, decimals: int) -> FloatArray:
    """Ranks along the last axis, best = 1, of scores rounded to `decimals`; ties share the best rank; NaN stays.

    Rounding first makes a rank agree with the score that is printed beside it.

    Source: the convention of COINr's published tables.
    """
    rounded = np.round(np.asarray(scores, dtype=np.float64), decimals)
    ranks = scipy.stats.rankdata(-rounded, method="min", axis=-1, nan_policy="omit")
    return np.asarray(np.where(np.isnan(rounded), np.nan, ranks), dtype=np.float64)
