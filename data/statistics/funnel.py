"""Funnel plots: which units are further from the rest than chance and common variation explain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
import scipy
from numpy.typing import ArrayLike

from data.statistics.counts import BoolArray, CountError, FloatArray, paired_counts
from data.statistics.intervals import normal_quantile

LIMITS = (0.95, 0.998)
"""Levels of the control limits."""

TRIM = 0.10
"""Share of z-scores pulled in at each end before the over-dispersion factor is taken."""


class FunnelKind(StrEnum):
    """What is plotted: successes of trials, or observed over expected."""

    PROPORTION = "proportion"
    RATIO = "ratio"


class Transform(StrEnum):
    """Scale on which a value is near normal. Proportions take ARCSINE, ratios LOG or SQUARE_ROOT."""

    ARCSINE = "arcsine"
    LOG = "log"
    SQUARE_ROOT = "square_root"


class Trimming(StrEnum):
    """What happens to the outermost z-scores before φ: pulled in to the quantile, or left out by rank."""

    WINSORISE = "winsorise"
    TRUNCATE = "truncate"


@dataclass(frozen=True, slots=True)
class Funnel:
    """A funnel plot's numbers; every array has shape (units,). Units with nothing counted hold NaN.

    Attributes:
        size: trials or expected count, the horizontal axis.
        value: proportion or ratio, the vertical axis.
        target: centre line.
        z: unadjusted z-score on the transformed scale.
        phi: over-dispersion factor φ, mean square of the trimmed z-scores; 1 = only chance. NaN without units.
        tau2: between-unit variance τ² on the transformed scale; 0 when there is no over-dispersion.
        z_adjusted: z-score with τ² added to the variance.
    """

    kind: FunnelKind
    transform: Transform
    size: FloatArray
    value: FloatArray
    target: float
    z: FloatArray
    phi: float
    tau2: float
    z_adjusted: FloatArray

    @property
    def is_overdispersed(self) -> bool:
        return self.tau2 > 0

    def limits(self, size: ArrayLike, *, confidence: float, adjusted: bool = True) -> tuple[FloatArray, FloatArray]:
        """Lower and upper control limit at the given sizes.

        Adjusted: target ± z·√(s² + τ²) on the transformed scale, brought back. Unadjusted: interpolated exact
        binomial limits for proportions, exact Poisson (χ²) limits for ratios.
        """
        n = np.asarray(size, dtype=np.float64)
        if not adjusted:
            return _exact_limits(self.kind, n, self.target, confidence)
        spread = normal_quantile(confidence) * np.sqrt(_variance(self.transform, n) + self.tau2)
        centre = float(_forward(self.transform, np.asarray(self.target)))
        return _backward(self.transform, centre - spread), _backward(self.transform, centre + spread)

    def outlier_level(self, *, adjusted: bool = True, levels: Sequence[float] = LIMITS) -> FloatArray:
        """Signed level a unit lies outside of: 0 inside, ±0.95, ±0.998 (negative = below); NaN if no value."""
        z = self.z_adjusted if adjusted else self.z
        found = np.where(np.isnan(z), np.nan, 0.0)
        for level in sorted(levels):
            found = np.where(np.abs(z) > normal_quantile(level), np.sign(z) * level, found)
        return np.asarray(found)

    def outliers(
        self, units: Sequence[object], *, adjusted: bool = True, levels: Sequence[float] = LIMITS
    ) -> pd.DataFrame:
        """The table under the plot: one row an outlier, furthest first.

        Columns: unit, size, value, z, level (signed, as `outlier_level`).
        """
        z = self.z_adjusted if adjusted else self.z
        table = pd.DataFrame(
            {
                "unit": list(units),
                "size": self.size,
                "value": self.value,
                "z": z,
                "level": self.outlier_level(adjusted=adjusted, levels=levels),
            }
        )
        table = table[table["level"].abs() > 0]
        return table.sort_values("z", key=lambda column: column.abs(), ascending=False, kind="stable").reset_index(
            drop=True
        )


def funnel_of_proportions(
    successes: ArrayLike, trials: ArrayLike, *, target: float | None = None, trim: float = TRIM
) -> Funnel:
    """Funnel of proportions on the arcsine scale.

    y = asin√p, s² = 1/(4n), z = (y − asin√p₀) / s; p₀ is the pooled proportion unless `target` is given. φ is the
    mean of z² after winsorising `trim` at each end; τ² = (Nφ − (N−1)) / (Σw − Σw²/Σw), w = 1/s², when positive.

    Raises:
        CountError: successes > trials, or a negative count.

    Source: Spiegelhalter (2005), Statistics in Medicine 24, 1185–1202; (2005) Quality & Safety in Health Care 14,
    347–351 (over-dispersion).
    """
    y, n = paired_counts(successes, trials)
    counted = n > 0
    if target is None:
        total = n[counted].sum()
        target = float(y[counted].sum() / total) if total > 0 else float("nan")
    value = np.where(counted, y / np.where(counted, n, 1.0), np.nan)
    size = np.where(counted, n, np.nan)
    return _funnel(FunnelKind.PROPORTION, Transform.ARCSINE, value, size, target, trim, Trimming.WINSORISE)


def funnel_of_ratios(
    observed: ArrayLike,
    expected: ArrayLike,
    *,
    transform: Transform = Transform.LOG,
    trimming: Trimming = Trimming.WINSORISE,
    trim: float = TRIM,
) -> Funnel:
    """Funnel of indirectly standardised ratios observed / expected, target 1.

    LOG: y = ln(O/E), s² = 1/E. SQUARE_ROOT: y = √(O/E), s² = 1/(4E). φ and τ² as for proportions; TRUNCATE leaves
    out the lowest and highest `trim` by rank (floor(rank·k/(N+1)) in {0, k−1}, k = 1/trim) as the NHS SHMI does.
    With LOG an observed 0 counts as ½, which has a logarithm.

    Raises:
        CountError: a negative observed or expected count.

    Source: Spiegelhalter et al. (2012), JRSS A 175, 1–47; NHS Digital, SHMI specification.
    """
    o, e = np.broadcast_arrays(np.asarray(observed, dtype=np.float64), np.asarray(expected, dtype=np.float64))
    if (o < 0).any() or (e < 0).any() or np.isinf(o).any() or np.isinf(e).any():
        raise CountError(
            "观测数或期望数不成立", why="不能为负数或无穷大", todo="核对这两列后重新计算", code="bad_count"
        )
    counted = (e > 0) & ~np.isnan(o)
    ratio = np.where(counted, o / np.where(counted, e, 1.0), np.nan)
    on_scale = None
    if transform is Transform.LOG:
        on_scale = np.where(counted, np.maximum(o, 0.5) / np.where(counted, e, 1.0), np.nan)
    size = np.where(counted, e, np.nan)
    return _funnel(FunnelKind.RATIO, transform, ratio, size, 1.0, trim, trimming, on_scale=on_scale)


def _funnel(
    kind: FunnelKind,
    transform: Transform,
    value: FloatArray,
    size: FloatArray,
    target: float,
    trim: float,
    trimming: Trimming,
    *,
    on_scale: FloatArray | None = None,
) -> Funnel:
    if not 0 <= trim < 0.5:
        raise ValueError(f"trim must lie in [0, 0.5), got {trim}")
    variance = _variance(transform, size)
    centre = float(_forward(transform, np.asarray(target)))
    deviation = _forward(transform, value if on_scale is None else on_scale) - centre
    z = deviation / np.sqrt(variance)
    kept = ~np.isnan(z)
    phi, tau2 = _dispersion(z[kept], variance[kept], trim, trimming)
    return Funnel(
        kind=kind,
        transform=transform,
        size=size,
        value=value,
        target=target,
        z=z,
        phi=phi,
        tau2=tau2,
        z_adjusted=deviation / np.sqrt(variance + tau2),
    )


def _dispersion(z: FloatArray, variance: FloatArray, trim: float, trimming: Trimming) -> tuple[float, float]:
    """φ and τ² from the z-scores and within variances of the units that have a value."""
    if z.size == 0:
        return float("nan"), 0.0
    if trimming is Trimming.WINSORISE:
        low, high = np.quantile(z, [trim, 1 - trim])
        z = np.clip(z, low, high)
    elif trim > 0:
        inside = _inside(z, trim)
        z, variance = z[inside], variance[inside]
    if z.size == 0:
        return float("nan"), 0.0
    phi = float(np.square(z).mean())
    count, weight = z.size, 1 / variance
    spread = weight.sum() - np.square(weight).sum() / weight.sum()
    if count < 2 or spread <= 0:
        return phi, 0.0
    return phi, float(max(0.0, (count * phi - (count - 1)) / spread))


def _inside(z: FloatArray, trim: float) -> BoolArray:
    parts = 1 / trim
    bin_of = np.floor(scipy.stats.rankdata(z) * parts / (z.size + 1))
    return np.asarray((bin_of > 0) & (bin_of < parts - 1))


def _forward(transform: Transform, value: FloatArray) -> FloatArray:
    if transform is Transform.ARCSINE:
        return np.asarray(np.arcsin(np.sqrt(value)))
    if transform is Transform.LOG:
        return np.asarray(np.log(value))
    return np.asarray(np.sqrt(value))


def _backward(transform: Transform, scaled: FloatArray) -> FloatArray:
    if transform is Transform.ARCSINE:
        return np.asarray(np.square(np.sin(np.clip(scaled, 0.0, np.pi / 2))))
    if transform is Transform.LOG:
        return np.asarray(np.exp(scaled))
    return np.asarray(np.square(np.maximum(scaled, 0.0)))


def _variance(transform: Transform, size: FloatArray) -> FloatArray:
    """Within variance on the transformed scale; infinite where the size is 0, so limits open fully."""
    with np.errstate(divide="ignore"):
        return np.asarray(1 / size if transform is Transform.LOG else 1 / (4 * size))


def _exact_limits(
    kind: FunnelKind, size: FloatArray, target: float, confidence: float
) -> tuple[FloatArray, FloatArray]:
    tail = (1 - confidence) / 2
    if kind is FunnelKind.RATIO:
        low = scipy.stats.chi2.ppf(tail, 2 * size) / 2 / size
        return np.asarray(low), np.asarray(scipy.stats.chi2.ppf(1 - tail, 2 * (size + 1)) / 2 / size)
    return _binomial_limit(size, target, tail), _binomial_limit(size, target, 1 - tail)


def _binomial_limit(size: FloatArray, target: float, quantile: float) -> FloatArray:
    """Binomial quantile as a proportion, interpolated between counts so that the line is smooth."""
    trials = np.maximum(np.round(size), 1)
    count = scipy.stats.binom.ppf(quantile, trials, target)
    at, below = scipy.stats.binom.cdf(count, trials, target), scipy.stats.binom.cdf(count - 1, trials, target)
    step = np.divide(at - quantile, at - below, out=np.zeros_like(trials), where=at > below)
    return np.asarray(np.clip((count - step) / trials, 0.0, 1.0))
