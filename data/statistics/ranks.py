"""How firm a rank is: simulate what could have come out otherwise, and say how often it would matter.

A bare league table claims more than the data know. Here sampling error, the weights, the kind of mean and, if
given, other treatments of the data are varied together; what is published is P(top 10 %), the 5–95 % range of the
rank and a tier.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.statistics.aggregate import aggregate
from data.statistics.bands import TOP_SHARE, tiers
from data.statistics.composite import CompositeResult
from data.statistics.counts import BoolArray, Float32Array, FloatArray
from data.statistics.normalise import min_ranks
from data.statistics.sampling import Sampling
from data.statistics.scheme import Mean, Scheme

WEIGHT_NOISE = 0.25
"""Every weight is drawn from ± this share of itself."""

RANK_RANGE = (0.05, 0.95)
"""Quantiles of the simulated ranks that are published as the range."""

SIMULATIONS = 1000
"""Draws behind the ranges."""

_VARIANCE_SIMULATIONS = 250

_MOST_AT_ONCE = 10_000_000
"""Values (draws × units) of one indicator held at once; more are drawn and ranked in batches."""

_UNITS_AT_ONCE = 5_000


class Source(StrEnum):
    """Where the uncertainty of a rank comes from."""

    SAMPLING = "sampling"
    WEIGHTS = "weights"
    MEAN = "mean"
    TREATMENT = "treatment"


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """What is varied, and how much.

    Attributes:
        sampling: indicator key → sampling model of its values, aligned with the units; the others are fixed.
        weight_noise: every weight is drawn from w·(1 ± noise), uniformly and independently.
        weight_nodes: keys whose weights are varied; None = all.
        means: kinds of mean, each equally likely.
        simulations: number of draws behind the ranges.
        seed: fixes every draw; equal seeds give equal results.
    """

    sampling: Mapping[str, Sampling] = field(default_factory=dict)
    weight_noise: float = WEIGHT_NOISE
    weight_nodes: frozenset[str] | None = None
    means: tuple[Mean, ...] = (Mean.ARITHMETIC, Mean.GEOMETRIC)
    simulations: int = SIMULATIONS
    seed: int = 0


@dataclass(frozen=True, slots=True)
class RankFirmness:
    """Simulated ranks in figures.

    Attributes:
        table: by unit: rank (of the scheme as it stands), median_rank, mean_rank, rank_low, rank_high (5–95 %),
            probability_top, tier. NaN and 不参评 for units that are not ranked.
        variance_shares: by unit, one column a varied source: share of the rank's variance, rows sum to 1; NaN
            where the rank never moves.
        overall_shares: the same for the mean variance of all units.
        top_count: how many units the top 10 % are.
    """

    table: pd.DataFrame
    variance_shares: pd.DataFrame
    overall_shares: pd.Series
    top_count: int


def simulate_ranks(
    result: CompositeResult,
    *,
    uncertainty: Uncertainty | None = None,
    variants: Sequence[CompositeResult] = (),
    is_eligible: pd.Series | None = None,
) -> RankFirmness:
    """Ranks under simulated data, weights and rules.

    Every draw takes new values of the indicators with sampling error (scaled as the nominal ones are), new weights
    and one of the means; with `variants` (the same units under other treatments, `result` included among them if
    it is to count) also one of these. Units that fail a gate are left out before ranks are taken.

    Variance shares are Jansen's total effects, E[(r − r′)²] / 2 where r′ differs from r in one source alone, divided
    by their sum.

    Args:
        is_eligible: by unit, False for units held back by a gate; default all that have a score.

    Raises:
        GeometricMeanError: geometric means are among the rules and scores are negative.
        ValueError: a variant has other units or indicators.

    Source: Saisana, Saltelli, Tarantola (2005), JRSS A 168, 307–323; Jansen (1999), Computer Physics
    Communications 117, 35–43.
    """
    setup = uncertainty or Uncertainty()
    taken = result.is_scored if is_eligible is None else result.is_scored & is_eligible.reindex(result.score.index)
    ranked = taken.fillna(False).to_numpy(dtype=bool)
    lab = _Laboratory(result, setup, tuple(variants), ranked)
    index, count = result.score.index, int(ranked.sum())
    top_count = int(np.ceil(TOP_SHARE * count - 1e-9))

    ranks, base = lab.simulated(setup.simulations)
    table = pd.DataFrame(np.nan, index=index, columns=list(_COLUMNS))
    nominal = min_ranks(result.score.to_numpy()[ranked], decimals=result.scheme.rank_decimals)
    low, median, high = _quantiles(ranks)
    top = (ranks <= top_count).mean(axis=0)
    for column, values in zip(
        _COLUMNS, (nominal, median, ranks.mean(axis=0, dtype=np.float64), low, high, top), strict=True
    ):
        table.loc[ranked, column] = values
    table["tier"] = tiers(table["probability_top"].to_numpy())

    effects = lab.total_effects(base, ranks[: base.mean.size])
    shares = pd.DataFrame(np.nan, index=index, columns=[source.value for source in effects])
    for source, effect in effects.items():
        shares.loc[ranked, source.value] = effect
    totals = shares.sum(axis=1)
    overall = shares.mean()
    return RankFirmness(
        table=table,
        variance_shares=shares.div(totals.where(totals > 0), axis=0),
        overall_shares=overall / overall.sum() if overall.sum() > 0 else overall * np.nan,
        top_count=top_count,
    )


def _quantiles(ranks: FloatArray) -> FloatArray:
    """5 %, 50 % and 95 % of each unit's ranks, shape (3, units)."""
    found = np.empty((3, ranks.shape[1]))
    for first in range(0, ranks.shape[1], _UNITS_AT_ONCE):
        units = slice(first, first + _UNITS_AT_ONCE)
        found[:, units] = np.quantile(ranks[:, units], [RANK_RANGE[0], 0.5, RANK_RANGE[1]], axis=0)
    return found


_COLUMNS = ("rank", "median_rank", "mean_rank", "rank_low", "rank_high", "probability_top")


@dataclass(frozen=True, slots=True)
class _Draw:
    """A batch of S simulated inputs: values (S, units) an indicator, weights (S, 1) a node, mean and variant (S,)."""

    values: Mapping[str, Float32Array]
    weights: Mapping[str, FloatArray]
    mean: NDArray[np.intp]
    variant: NDArray[np.intp]

    def rows(self, rows: slice | NDArray[np.intp]) -> _Draw:
        return _Draw(
            values={key: value[rows] for key, value in self.values.items()},
            weights={key: weight[rows] for key, weight in self.weights.items()},
            mean=self.mean[rows],
            variant=self.variant[rows],
        )

    def with_source(self, source: Source, other: _Draw) -> _Draw:
        """The same inputs but for one source, which comes from the other batch."""
        return _Draw(
            values=other.values if source is Source.SAMPLING else self.values,
            weights=other.weights if source is Source.WEIGHTS else self.weights,
            mean=other.mean if source is Source.MEAN else self.mean,
            variant=other.variant if source is Source.TREATMENT else self.variant,
        )


class _Laboratory:
    """Runs the index on simulated inputs, one block of equal rules at a time."""

    def __init__(
        self,
        result: CompositeResult,
        setup: Uncertainty,
        variants: tuple[CompositeResult, ...],
        ranked: BoolArray,
    ) -> None:
        keys = [node.key for node in result.scheme.indicators]
        for variant in variants:
            if not variant.score.index.equals(result.score.index) or list(variant.normalised.columns) != keys:
                raise ValueError("a variant must have the same units and indicators as the result")
        unknown = set(setup.sampling) - set(keys)
        if unknown:
            raise ValueError(f"sampling for unknown indicators: {sorted(unknown)}")
        self._scheme, self._setup, self._ranked, self._keys = result.scheme, setup, ranked, keys
        self._variants = variants or (result,)
        self._fixed = [{key: variant.normalised[key].to_numpy()[ranked] for key in keys} for variant in self._variants]
        self._sources = [
            source
            for source, varies in (
                (Source.SAMPLING, bool(setup.sampling)),
                (Source.WEIGHTS, setup.weight_noise > 0),
                (Source.MEAN, len(setup.means) > 1),
                (Source.TREATMENT, len(self._variants) > 1),
            )
            if varies
        ]

    def draw(self, size: int, *, stream: int) -> _Draw:
        """Inputs drawn independently; equal seed and stream give equal inputs."""
        rng = np.random.default_rng([self._setup.seed, stream])
        nodes, noise = self._setup.weight_nodes, self._setup.weight_noise
        weights: dict[str, FloatArray] = {}
        for node in self._scheme.nodes:
            factor = rng.uniform(1 - noise, 1 + noise, size=(size, 1))
            is_varied = nodes is None or node.key in nodes
            weights[node.key] = node.weight * (factor if is_varied else np.ones((size, 1)))
        mean = rng.integers(len(self._setup.means), size=size)
        variant = rng.integers(len(self._variants), size=size)
        models = self._setup.sampling
        values = {key: models[key].draw(rng, size, self._ranked) for key in self._keys if key in models}
        return _Draw(values=values, weights=weights, mean=mean, variant=variant)

    def simulated(self, size: int) -> tuple[FloatArray, _Draw]:
        """Ranks of `size` draws, shape (draws, ranked units), and as many of the draws as variances are taken from."""
        count = int(self._ranked.sum())
        together = max(1, min(size, _MOST_AT_ONCE // max(count, 1)))
        ranks = np.empty((size, count), dtype=np.float64 if together == size else np.float32)
        base: _Draw | None = None
        for first in range(0, size, together):
            # The first batch is what a single one would be; streams 0 and 1 are taken.
            draw = self.draw(min(together, size - first), stream=0 if not first else 1 + first // together)
            ranks[first : first + together] = self.ranks(draw)
            base = base or draw.rows(slice(_VARIANCE_SIMULATIONS))
        assert base is not None
        return ranks, base

    def ranks(self, draw: _Draw) -> FloatArray:
        """Simulated ranks, shape (draws, ranked units)."""
        scores = np.empty((draw.mean.size, int(self._ranked.sum())))
        for variant, result in enumerate(self._variants):
            for position, mean in enumerate(self._setup.means):
                rows = np.flatnonzero((draw.variant == variant) & (draw.mean == position))
                if rows.size:
                    scores[rows] = self._block(result, self._fixed[variant], draw.rows(rows), mean)
        return min_ranks_fast(scores, decimals=self._scheme.rank_decimals)

    def total_effects(self, base: _Draw, base_ranks: FloatArray) -> dict[Source, FloatArray]:
        """Jansen's total effect of each varied source on each unit's rank, shape (ranked units,)."""
        other = self.draw(base.mean.size, stream=1)
        return {
            source: np.asarray(np.square(base_ranks - self.ranks(base.with_source(source, other))).mean(axis=0) / 2)
            for source in self._sources
        }

    def _block(self, result: CompositeResult, fixed: Mapping[str, FloatArray], draw: _Draw, mean: Mean) -> FloatArray:
        """Root scores (draws, ranked units) of a batch that shares one variant and one mean."""
        scores: dict[str, FloatArray] = {}
        for key in self._keys:
            nominal = fixed[key][None, :]
            scores[key] = nominal
            if key in draw.values:
                # Units without sampling error (nothing counted, imputed) keep their nominal score.
                drawn = result.scalings[key].apply(draw.values[key].astype(np.float64))
                scores[key] = np.where(np.isnan(drawn) | np.isnan(nominal), nominal, drawn)
        return aggregate(self._scheme, scores, weights=draw.weights, mean=mean)[self._scheme.root.key]


def min_ranks_fast(scores: FloatArray, *, decimals: int) -> FloatArray:
    """`normalise.min_ranks` for a complete (draws, units) matrix, by one sort a row."""
    rounded = np.round(scores, decimals)
    order = np.argsort(-rounded, axis=1)
    inverted = np.take_along_axis(rounded, order, axis=1)
    positions = np.broadcast_to(np.arange(1, scores.shape[1] + 1), scores.shape)
    starts = np.ones(scores.shape, dtype=bool)
    starts[:, 1:] = inverted[:, 1:] != inverted[:, :-1]
    first_of_tie = np.maximum.accumulate(np.where(starts, positions, 0), axis=1)
    ranks = np.empty(scores.shape)
    np.put_along_axis(ranks, order, first_of_tie.astype(np.float64), axis=1)
    return ranks


def noisy_level_nodes(scheme: Scheme, levels: Sequence[int]) -> frozenset[str]:
    """Keys of the nodes at given heights: indicators are level 1, their parents 2, and so on up to the root."""
    height: dict[str, int] = {}

    def measure(key: str) -> int:
        members = scheme.members(key)
        height[key] = 1 + max((measure(member.key) for member in members), default=0)
        return height[key]

    measure(scheme.root.key)
    return frozenset(key for key, level in height.items() if level in levels)
