"""Sampling error of an indicator's values: what else could have been measured, given what was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from data.statistics.counts import BoolArray, Float32Array, FloatArray, paired_counts


class Sampling(Protocol):
    """Draws values of one indicator for all units."""

    def draw(self, rng: np.random.Generator, size: int, units: BoolArray) -> Float32Array:
        """Values of shape (size, selected units), on the indicator's own scale; NaN where there is no error."""
        ...

    def only(self, units: BoolArray) -> Sampling:
        """The same for the selected units alone."""
        ...


@dataclass(frozen=True, slots=True)
class BetaSampling:
    """Rates known through a Beta posterior a unit, from `shrinkage` for instance; drawn value × `scale`.

    Units whose alpha or beta is missing are not varied.
    """

    alpha: FloatArray
    beta: FloatArray
    scale: float = 1.0

    def draw(self, rng: np.random.Generator, size: int, units: BoolArray) -> Float32Array:
        alpha, beta = self.alpha[units], self.beta[units]
        known = (alpha > 0) & (beta > 0)
        values = np.full((size, alpha.size), np.nan, dtype=np.float32)
        # Beta = G₁ / (G₁ + G₂) with gamma draws in single precision: four times as fast as Generator.beta.
        up = rng.standard_gamma(alpha[known].astype(np.float32), (size, int(known.sum())), dtype=np.float32)
        down = rng.standard_gamma(beta[known].astype(np.float32), (size, int(known.sum())), dtype=np.float32)
        values[:, known] = self.scale * up / np.maximum(up + down, np.finfo(np.float32).tiny)
        return values

    def only(self, units: BoolArray) -> BetaSampling:
        return BetaSampling(self.alpha[units], self.beta[units], self.scale)


@dataclass(frozen=True, slots=True)
class NormalSampling:
    """Values with a standard error: drawn from Normal(value, se). Units with a missing half are not varied."""

    value: FloatArray
    standard_error: FloatArray

    def draw(self, rng: np.random.Generator, size: int, units: BoolArray) -> Float32Array:
        value, error = self.value[units], self.standard_error[units]
        noise = rng.standard_normal((size, value.size), dtype=np.float32)
        return np.asarray(value + error * noise, dtype=np.float32)

    def only(self, units: BoolArray) -> NormalSampling:
        return NormalSampling(self.value[units], self.standard_error[units])


def rate_sampling(numerator: ArrayLike, denominator: ArrayLike, *, scale: float = 1.0) -> BetaSampling:
    """Posterior of rates from counts alone, Jeffreys prior: Beta(y + ½, n − y + ½); none where n = 0.

    Raises:
        CountError: numerator > denominator, or a negative count.

    Source: Brown, Cai, DasGupta (2001), Statistical Science 16, 101–133 (Jeffreys prior of a proportion).
    """
    y, n = paired_counts(numerator, denominator)
    counted = n > 0
    return BetaSampling(
        alpha=np.where(counted, y + 0.5, np.nan),
        beta=np.where(counted, n - y + 0.5, np.nan),
        scale=scale,
    )
