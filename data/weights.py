"""Weights somebody chose: how they are written in an address, and what the index is with them.

The browser does the same arithmetic on the same numbers (dashboard/assets/ranking.js); a test holds the two together.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.errors import UsageError
from data.ranking import DEFAULT_SCHEME, Ranking, scheme_names
from data.statistics.aggregate import aggregate
from data.statistics.normalise import min_ranks
from data.statistics.sampling import BetaSampling
from data.statistics.scheme import Mean, NormalisationMethod, Scheme

# Neither sign is escaped in an address, by us or by a browser.
FIELD, STEP = "-", "_"
HIGHEST = 100.0


@dataclass(frozen=True)
class Choice:
    """A scheme by name and, where they differ from its own, the weights of its nodes as `official_weights` orders them."""

    scheme: str = DEFAULT_SCHEME
    version: str = ""
    weights: tuple[float, ...] = ()

    @property
    def is_official(self) -> bool:
        """Whether the scheme's own weights stand."""
        return not self.weights

    def weights_for(self, scheme: Scheme) -> dict[str, float]:
        """Weight by node key.

        Raises:
            UsageError: the weights were written for another version or another number of nodes.
        """
        official = official_weights(scheme)
        if self.is_official:
            return official
        if self.version != scheme.version or len(self.weights) != len(official):
            raise UsageError(
                "网址中的权重不属于当前方案，已改用方案自己的权重",
                where=f"方案 {scheme.name} {scheme.version}",
                why=f"权重写给版本 {self.version or '未知'}，共 {len(self.weights)} 项，方案有 {len(official)} 项",
                todo="重新调整权重",
                code="weights_of_another_scheme",
            )
        return dict(zip(official, self.weights, strict=True))


def official_weights(scheme: Scheme) -> dict[str, float]:
    """Weight by node key, each node before its members, the root left out."""
    found: dict[str, float] = {}

    def descend(key: str) -> None:
        for node in scheme.members(key):
            found[node.key] = float(node.weight)
            descend(node.key)

    descend(scheme.root.key)
    return found


def read_choice(text: str | None) -> Choice:
    """The choice an address holds: empty, `four_homes`, or `wanmei-1.0-20_6_5_…`.

    Raises:
        UsageError: no such scheme, or weights that are not numbers from 0 to 100.
    """
    if not text:
        return Choice()
    if text in scheme_names():
        return Choice(text)
    # From the end: a scheme's name may hold the sign.
    name, version, numbers = ["", "", *text.rsplit(FIELD, 2)][-3:]
    if name not in scheme_names():
        raise UsageError(
            f"没有名为“{name or text}”的评价方案",
            why="网址中的方案不存在",
            todo="从页面上选择方案",
            code="unknown_scheme",
        )
    try:
        weights = tuple(float(number) for number in numbers.split(STEP))
    except ValueError:
        weights = (math.nan,)
    if not all(0 <= weight <= HIGHEST for weight in weights):
        raise UsageError(
            "网址中的权重读不出来，已改用方案自己的权重",
            why="权重须是 0 到 100 的数",
            todo="重新调整权重",
            code="bad_weights",
        )
    return Choice(name, version, weights)


def write_choice(scheme: Scheme, weights: Mapping[str, float]) -> str:
    """The choice as an address holds it; empty for the default scheme with its own weights."""
    official = official_weights(scheme)
    if all(math.isclose(weights[key], official[key]) for key in official):
        return "" if scheme.name == DEFAULT_SCHEME else scheme.name
    numbers = STEP.join(f"{weights[key]:g}" for key in official)
    return f"{scheme.name}{FIELD}{scheme.version}{FIELD}{numbers}"


def reweighted(ranking: Ranking, weights: Mapping[str, float]) -> pd.DataFrame:
    """The index with other weights: by unit arithmetic, geometric (scores), rank, geometric_rank.

    Ranks are taken among the compounds that passed the gates, as the official ones are; NaN for the others. A node
    whose weights are all 0 has no score and counts for nothing.
    """
    result, scheme = ranking.result, ranking.scheme
    scores = {key: result.normalised[key].to_numpy(dtype=np.float64) for key in result.normalised.columns}
    given = {key: np.asarray(weight, dtype=np.float64) for key, weight in weights.items()}
    given[scheme.root.key] = np.asarray(1.0)
    ranked = (result.is_scored & ranking.gates.is_eligible.reindex(result.score.index)).fillna(False).to_numpy(bool)
    table = pd.DataFrame(index=result.score.index)
    for column, rank, mean in (
        ("arithmetic", "rank", Mean.ARITHMETIC),
        ("geometric", "geometric_rank", Mean.GEOMETRIC),
    ):
        found = aggregate(scheme, scores, weights=given, mean=mean)[scheme.root.key]
        table[column] = found
        table[rank] = np.nan
        table.loc[ranked, rank] = min_ranks(found[ranked], decimals=scheme.rank_decimals)
    return table


@dataclass(frozen=True)
class ScoreDraws:
    """How the normalised scores of one indicator could have come out: centre and standard error by unit.

    Both are NaN where a unit's value is not subject to sampling.
    """

    centre: pd.Series[float]
    error: pd.Series[float]


def score_draws(ranking: Ranking) -> dict[str, ScoreDraws]:
    """For each indicator with sampling error the mean and spread of its posterior, as scores.

    The browser draws from normal distributions with these where the server draws from the posteriors themselves.
    """
    found: dict[str, ScoreDraws] = {}
    index = ranking.result.normalised.index
    for node in ranking.scheme.indicators:
        sampling, scaling = ranking.sampling.get(node.key), ranking.result.scalings[node.key]
        scale = scaling.normalisation
        if not isinstance(sampling, BetaSampling) or scale.method is not NormalisationMethod.BOUNDS:
            continue
        assert scale.worst is not None
        assert scale.best is not None
        total = sampling.alpha + sampling.beta
        spread = sampling.scale * np.sqrt(sampling.alpha * sampling.beta / (total**2 * (total + 1)))
        slope = (scale.high - scale.low) / abs(scale.best - scale.worst)
        found[node.key] = ScoreDraws(
            centre=pd.Series(scaling.apply(sampling.scale * sampling.alpha / total), index=index),
            error=pd.Series(spread * slope, index=index),
        )
    return found
