"""Intervals: of a proportion, of a difference of two proportions, of a ratio of sums."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike

from data.statistics.counts import BoolArray, FloatArray, paired_counts

CONFIDENCE = 0.95
"""Two-sided level of every interval shown."""


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its bounds, arrays of one shape. NaN in all three means: cannot be computed."""

    estimate: FloatArray
    low: FloatArray
    high: FloatArray

    @property
    def is_computable(self) -> BoolArray:
        """False where nothing was counted (n = 0) or nothing reported."""
        return np.asarray(~np.isnan(self.low) & ~np.isnan(self.high))


@dataclass(frozen=True, slots=True)
class Difference(Interval):
    """Second minus first, with its interval."""

    @property
    def is_discernible(self) -> BoolArray:
        """True where the interval excludes 0; False reads 无可辨变化; False too where not computable."""
        return np.asarray((self.low > 0) | (self.high < 0))


def normal_quantile(confidence: float) -> float:
    """z with P(|Z| < z) = confidence; 0.95 → 1.95996."""
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie in (0, 1), got {confidence}")
    return float(scipy.special.ndtri(0.5 + confidence / 2))


def wilson(successes: ArrayLike, trials: ArrayLike, *, confidence: float = CONFIDENCE) -> Interval:
    """Wilson score interval of a proportion, elementwise.

    (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n), p = successes / trials.
    6 of 7 → 0.487–0.974. Where trials = 0 or a count is missing all three arrays hold NaN; a page shows that
    as not computable, never as a number.

    Args:
        successes, trials: counts, broadcast against each other.
        confidence: two-sided level.

    Raises:
        CountError: successes > trials, or a negative count.

    Source: Wilson (1927), JASA 22, 209–212; Brown, Cai, DasGupta (2001), Statistical Science 16, 101–133.
    """
    y, n = paired_counts(successes, trials)
    n = np.where(n > 0, n, np.nan)
    z = normal_quantile(confidence)
    p = y / n
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    # At p = 0 and p = 1 the bound is the estimate itself; rounding must not push it past.
    low = np.where(y == 0, 0.0, np.maximum(centre - half, 0.0))
    high = np.where(y == n, 1.0, np.minimum(centre + half, 1.0))
    low, high = np.where(np.isnan(p), np.nan, low), np.where(np.isnan(p), np.nan, high)
    return Interval(estimate=p, low=low, high=high)


def difference(
    successes_before: ArrayLike,
    trials_before: ArrayLike,
    successes_after: ArrayLike,
    trials_after: ArrayLike,
    *,
    confidence: float = CONFIDENCE,
) -> Difference:
    """Change of a proportion (after − before) with Newcombe's hybrid score interval.

    With Wilson bounds (l, u) of each proportion:
    low = d − √((p₂−l₂)² + (u₁−p₁)²), high = d + √((u₂−p₂)² + (p₁−l₁)²). The two samples are independent.

    Raises:
        CountError: as `wilson`.

    Source: Newcombe (1998), Statistics in Medicine 17, 873–890, method 10.
    """
    before = wilson(successes_before, trials_before, confidence=confidence)
    after = wilson(successes_after, trials_after, confidence=confidence)
    d = after.estimate - before.estimate
    low = d - np.hypot(after.estimate - after.low, before.high - before.estimate)
    high = d + np.hypot(after.high - after.estimate, before.estimate - before.low)
    return Difference(estimate=d, low=low, high=high)
