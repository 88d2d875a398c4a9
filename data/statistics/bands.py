"""The 60 % rule in three bands, and the three tiers of a ranking. Policy constants live here with their source.

The threshold is the published interview rule of 宿州埇桥 (2021-12-06): a compound whose resident satisfaction is
below 60 % is called to an interview. The bands are this project's reading of it under sampling error: a decision
is taken from the posterior probability that the true rate is below the threshold, never from the raw value.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

SATISFACTION_THRESHOLD = 0.60
"""Published interview rule, 宿州埇桥 2021-12-06: 居民满意度低于 60 % 约谈."""

RED_PROBABILITY = 0.9
"""红 from this posterior probability of being below the threshold; project proposal."""

REVIEW_PROBABILITY = 0.5
"""待复核 from this probability up to red; project proposal."""

TOP_SHARE = 0.10
"""The best tenth: what a tier is a probability of; project proposal."""

FIRST_TIER_PROBABILITY = 0.8
"""一档 from this probability of being among the best tenth; project proposal."""

SECOND_TIER_PROBABILITY = 0.2
"""二档 from this probability up to the first tier; project proposal."""


class SatisfactionBand(StrEnum):
    """How likely the true rate is below the threshold. UNKNOWN: nothing was reported, nothing is claimed."""

    RED = "红"
    REVIEW = "待复核"
    GREEN = "绿"
    UNKNOWN = "未上报"


class Tier(StrEnum):
    """How likely a unit is among the best tenth. UNRANKED: gated out or too little data."""

    FIRST = "一档"
    SECOND = "二档"
    THIRD = "三档"
    UNRANKED = "不参评"


def satisfaction_bands(probability_below: ArrayLike) -> NDArray[np.object_]:
    """Bands from P(rate < threshold), elementwise: ≥ 0.9 红, ≥ 0.5 待复核, else 绿; NaN 未上报.

    P is the posterior probability of `shrink_hierarchical`; the raw rate never decides. At n = 30 a true 65 % reads
    below 60 % in 22 % of waves, so a rule on the raw rate would call one in five such compounds for nothing.

    Source: 宿州埇桥 (2021-12-06) for the threshold of 60 %; the three bands are this project's proposal.
    """
    p = np.asarray(probability_below, dtype=np.float64)
    bands = np.full(p.shape, SatisfactionBand.GREEN, dtype=object)
    bands[p >= REVIEW_PROBABILITY] = SatisfactionBand.REVIEW
    bands[p >= RED_PROBABILITY] = SatisfactionBand.RED
    bands[np.isnan(p)] = SatisfactionBand.UNKNOWN
    return bands


def tiers(probability_top: ArrayLike) -> NDArray[np.object_]:
    """Tiers from P(top 10 %), elementwise: ≥ 0.8 一档, ≥ 0.2 二档, else 三档; NaN 不参评.

    Source: this project's proposal; P(top 10 %) comes from `simulate_ranks`.
    """
    p = np.asarray(probability_top, dtype=np.float64)
    found = np.full(p.shape, Tier.THIRD, dtype=object)
    found[p >= SECOND_TIER_PROBABILITY] = Tier.SECOND
    found[p >= FIRST_TIER_PROBABILITY] = Tier.FIRST
    found[np.isnan(p)] = Tier.UNRANKED
    return found
