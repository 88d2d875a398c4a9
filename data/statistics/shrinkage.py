"""Empirical-Bayes beta-binomial shrinkage: a compound towards its street, the street towards the city."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from data.statistics.bands import SATISFACTION_THRESHOLD
from data.statistics.counts import BoolArray, FloatArray, paired_counts

# The likelihood says little about a prior's strength with few units and is flat towards infinity without
# over-dispersion, so log strength carries a weak normal hyperprior: with two streets the strength stays near 30, with
# five hundred the data decide (the hyperprior then moves it by a few per cent).
TYPICAL_STRENGTH = 30.0
"""Centre of the weak hyperprior of a prior's strength, in equivalent respondents."""

LOG_STRENGTH_SPREAD = 1.5
"""Standard deviation of that hyperprior, of the logarithm of the strength."""

_LOG_STRENGTH_BOUNDS = (float(np.log(0.5)), float(np.log(2000.0)))
_LOGIT_BOUNDS = (-7.0, 7.0)
_MEAN_GRID_SIZE = 121
_WITHIN_GRID_SIZE = 15
# Of the climb to the best city prior: log evidence below which a step no longer counts, steps at most, and the least
# curvature a step is divided by.
_SMALL_GAIN, _MOST_STEPS, _LEAST_CURVATURE = 1e-9, 60, 1e-6


@dataclass(frozen=True, slots=True)
class BetaPrior:
    """Beta prior of a group's rates: mean in (0, 1), strength α + β in equivalent respondents."""

    mean: float
    strength: float

    @property
    def alpha(self) -> float:
        return self.mean * self.strength

    @property
    def beta(self) -> float:
        return (1 - self.mean) * self.strength


@dataclass(frozen=True, slots=True)
class Posterior:
    """Beta posterior a unit; arrays of one shape (units,). NaN throughout where nothing at all was counted.

    A unit without respondents carries what its street predicts, with `is_observed` False.
    """

    alpha: FloatArray
    beta: FloatArray
    raw: FloatArray
    is_observed: BoolArray

    @property
    def mean(self) -> FloatArray:
        return np.asarray(self.alpha / (self.alpha + self.beta))

    def interval(self, *, confidence: float = 0.95) -> tuple[FloatArray, FloatArray]:
        """Equal-tailed credible interval (low, high)."""
        tail = (1 - confidence) / 2
        low = scipy.special.betaincinv(self.alpha, self.beta, tail)
        return np.asarray(low), np.asarray(scipy.special.betaincinv(self.alpha, self.beta, 1 - tail))

    def probability_below(self, threshold: float = SATISFACTION_THRESHOLD) -> FloatArray:
        """P(true rate < threshold | counts); NaN where the unit has no respondents: nothing is claimed."""
        p = scipy.special.betainc(self.alpha, self.beta, threshold)
        return np.asarray(np.where(self.is_observed, p, np.nan))


@dataclass(frozen=True, slots=True)
class HierarchicalFit:
    """What `shrink_hierarchical` found.

    Attributes:
        posterior: one Beta a unit.
        city: prior of the street means.
        within: most likely strength of a compound's prior around its street mean.
        streets: distinct street codes, sorted; shape (streets,).
        street_mean: posterior mean of each street's typical rate, shrunk to the city; shape (streets,).
    """

    posterior: Posterior
    city: BetaPrior
    within: float
    streets: NDArray[np.object_]
    street_mean: FloatArray


def fit_beta_prior(successes: ArrayLike, trials: ArrayLike) -> BetaPrior | None:
    """Beta prior that best explains a set of counts: maximum marginal beta-binomial likelihood.

    maximises Σ log B(y+μM, n−y+(1−μ)M) − log B(μM, (1−μ)M) + log μ(1−μ) − (log M − log 30)² / (2·1.5²) over
    mean μ and strength M. The last terms keep both finite where the likelihood does not (few units, no
    over-dispersion, unanimous answers). None when no unit has a trial.

    Source: Casella (1985), The American Statistician 39, 83–87; Gelman et al., Bayesian Data Analysis 3rd ed., §5.
    """
    y, n = paired_counts(successes, trials)
    counted = n > 0
    y, n = y[counted], n[counted]
    if y.size == 0:
        return None

    def loss(parameters: FloatArray) -> float:
        mean, strength = scipy.special.expit(parameters[0]), np.exp(parameters[1])
        evidence = float(_log_marginal(y, n, mean, strength).sum())
        return -evidence - _log_hyperprior(float(parameters[1])) - _log_mean_prior(float(mean))

    pooled = (y.sum() + 0.5) / (n.sum() + 1)
    found = scipy.optimize.minimize(
        loss,
        x0=np.array([scipy.special.logit(pooled), np.log(TYPICAL_STRENGTH)]),
        bounds=[_LOGIT_BOUNDS, _LOG_STRENGTH_BOUNDS],
        method="L-BFGS-B",
    )
    return BetaPrior(mean=float(scipy.special.expit(found.x[0])), strength=float(np.exp(found.x[1])))


def shrink(successes: ArrayLike, trials: ArrayLike, *, prior: BetaPrior | None = None) -> Posterior:
    """Posterior of each unit's rate under one prior for all: Beta(α + y, β + n − y).

    Posterior mean = B·μ + (1−B)·y/n with B = M / (M + n). The prior is fitted to the same counts unless given.

    Raises:
        CountError: successes > trials, or a negative count.
    """
    y, n = paired_counts(successes, trials)
    prior = prior or fit_beta_prior(y, n)
    if prior is None:
        return _nothing_counted(y.shape)
    observed = n > 0
    seen_y, seen_n = np.where(observed, y, 0.0), np.where(observed, n, 0.0)
    return Posterior(
        alpha=prior.alpha + seen_y,
        beta=prior.beta + seen_n - seen_y,
        raw=_raw(seen_y, seen_n),
        is_observed=observed,
    )


def shrink_hierarchical(successes: ArrayLike, trials: ArrayLike, streets: ArrayLike) -> HierarchicalFit:
    """Shrink compounds towards their street and streets towards the city, all from the data at hand.

    Model: μ_s ~ Beta(city mean, city strength); θ_i ~ Beta(μ_s, within strength); y_i ~ Binomial(n_i, θ_i). The
    city prior maximises the marginal likelihood with θ and μ integrated out (μ on a grid); the within strength is
    averaged over, each value weighted by its marginal likelihood. A compound's posterior is that mixture over its
    street's μ and the strength, returned as the Beta of the same mean and variance, so that the uncertainty of
    the street's own mean is in the interval.

    95 % hold over all compounds. The few far below their street are drawn to it, and their interval covers less
    often: the Wilson interval of their own answers is shown beside.

    Args:
        successes, trials: one wave, shape (units,).
        streets: street code of each unit, shape (units,); any hashable, missing codes form their own group.

    Raises:
        CountError: successes > trials, or a negative count.

    Source: Gelman et al., Bayesian Data Analysis 3rd ed., ch. 5; Efron & Morris (1975), JASA 70, 311–319.
    """
    y, n = paired_counts(successes, trials)
    codes = np.asarray(streets, dtype=object)
    names, street = np.unique(np.array([str(code) for code in codes], dtype=object), return_inverse=True)
    observed = n > 0
    if not observed.any():
        nowhere = np.full(names.shape, np.nan)
        empty = BetaPrior(mean=float("nan"), strength=float("nan"))
        return HierarchicalFit(_nothing_counted(y.shape), empty, float("nan"), names, nowhere)

    y, n = np.where(observed, y, 0.0), np.where(observed, n, 0.0)
    grid = _mean_grid(y, n, street, names.size)
    mean, second, street_mean = np.zeros(y.shape), np.zeros(y.shape), np.zeros(names.shape)
    candidates = _within_candidates(y, n, street, names.size, grid)
    for candidate in candidates:
        # Moments of Beta(μM + y, (1−μ)M + n − y), averaged over the street's means, of which they are polynomials.
        first, square = (candidate.street_weights @ power for power in (grid, np.square(grid)))
        within, total = candidate.within, candidate.within + n
        centre = (first[street] * within + y) / total
        squared = (square[street] * within**2 + 2 * first[street] * within * y + np.square(y)) / np.square(total)
        mean += candidate.weight * centre
        second += candidate.weight * (centre + squared * total) / (total + 1)
        street_mean += candidate.weight * first
    best = max(candidates, key=lambda candidate: candidate.weight)
    strength = mean * (1 - mean) / (second - np.square(mean)) - 1
    posterior = Posterior(alpha=mean * strength, beta=(1 - mean) * strength, raw=_raw(y, n), is_observed=observed)
    return HierarchicalFit(posterior, best.city, best.within, names, street_mean)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """One within strength: its posterior weight, the city prior and street weights (streets, grid) under it."""

    within: float
    weight: float
    city: BetaPrior
    street_weights: FloatArray


def _within_candidates(
    y: FloatArray, n: FloatArray, street: NDArray[np.intp], count: int, grid: FloatArray
) -> list[_Candidate]:
    """Within strengths on a log grid, each with the city prior of highest marginal likelihood given it.

    Averaging over them instead of taking the best keeps intervals honest when the data hardly tell how much
    compounds of a street differ; a single plugged-in value covered as little as 87 % in simulations.
    """
    start = np.array([scipy.special.logit((y.sum() + 0.5) / (n.sum() + 1)), np.log(TYPICAL_STRENGTH)])
    likelihood_of = _street_likelihoods(y, n, street, count, grid)
    fits: list[tuple[float, float, BetaPrior, FloatArray]] = []
    for log_within in np.linspace(np.log(2.0), np.log(2000.0), _WITHIN_GRID_SIZE):
        within = float(np.exp(log_within))
        given_mean = likelihood_of(within)
        start, evidence_of_it = _best_city(given_mean, grid, start)
        city = BetaPrior(mean=float(scipy.special.expit(start[0])), strength=float(np.exp(start[1])))
        log_weights = given_mean + _log_grid_prior(grid, city.mean, city.strength)
        street_weights = np.exp(log_weights - _log_sum_exp(log_weights)[:, None])
        fits.append((within, evidence_of_it + _log_hyperprior(float(log_within)), city, street_weights))
    evidence = np.array([fit[1] for fit in fits])
    share = np.exp(evidence - _log_sum_exp(evidence))
    return [
        _Candidate(within, float(weight), city, street_weights)
        for (within, _, city, street_weights), weight in zip(fits, share, strict=True)
    ]


def _street_likelihoods(
    y: FloatArray, n: FloatArray, street: NDArray[np.intp], count: int, grid: FloatArray
) -> Callable[[float], FloatArray]:
    """Within strength → log P(counts of street s | street mean on the grid), shape (streets, grid).

    Of log B(y + μM, n − y + (1−μ)M) the parts of y, of n − y and of n stand apart, and compounds share few values of
    each: every value is computed once and counted by street.
    """
    parts = [_counted(values, street, count) for values in (y, n - y, n)]

    def given(within: float) -> FloatArray:
        alpha, beta = grid * within, (1 - grid) * within
        (yes, of_yes), (no, of_no), (asked, of_asked) = parts
        return np.asarray(
            of_yes @ (scipy.special.gammaln(yes[:, None] + alpha) - scipy.special.gammaln(alpha))
            + of_no @ (scipy.special.gammaln(no[:, None] + beta) - scipy.special.gammaln(beta))
            - (of_asked @ (scipy.special.gammaln(asked + within) - scipy.special.gammaln(within)))[:, None]
        )

    return given


def _counted(values: FloatArray, street: NDArray[np.intp], count: int) -> tuple[FloatArray, FloatArray]:
    """The distinct values, and how many units of each street have each: shape (streets, values)."""
    distinct, place = np.unique(values, return_inverse=True)
    cells = np.bincount(street * distinct.size + place, minlength=count * distinct.size)
    return distinct, cells.reshape(count, distinct.size).astype(float)


def _best_city(given_mean: FloatArray, grid: FloatArray, start: FloatArray) -> tuple[FloatArray, float]:
    """(logit mean, log strength) of the city prior with the highest log evidence, and that evidence.

    Newton's steps, shortened until they climb: gradient and curvature are moments of log μ and log(1−μ) under the
    weights of the grid, which cost no more than the evidence itself.
    """
    yes, no = np.log(grid), np.log1p(-grid)
    logs = np.stack([yes, no, yes**2, yes * no, no**2])
    low, high = np.transpose([_LOGIT_BOUNDS, _LOG_STRENGTH_BOUNDS])
    here = np.clip(start, low, high)
    value, gradient, curvature = _evidence(here, given_mean, logs)
    damping = 0.0
    for _ in range(_MOST_STEPS):
        # A parameter at its bound stays there as long as the evidence pushes it outwards.
        free = ~((here <= low) & (gradient < 0) | (here >= high) & (gradient > 0))
        half, gap = (curvature[0, 0] + curvature[1, 1]) / 2, (curvature[0, 0] - curvature[1, 1]) / 2
        top = float(half + np.hypot(gap, curvature[0, 1]))
        ridge = max(damping, top + _LEAST_CURVATURE if top > -_LEAST_CURVATURE else 0.0)
        step = np.zeros(2)
        inner = np.ix_(free, free)
        step[free] = np.linalg.solve(ridge * np.eye(int(free.sum())) - curvature[inner], gradient[free])
        there = np.clip(here + step, low, high)
        found = _evidence(there, given_mean, logs)
        if found[0] < value:
            damping = max(4 * ridge, _LEAST_CURVATURE)
            if damping > 1e12:
                break
            continue
        gain, damping = found[0] - value, damping / 4
        here, (value, gradient, curvature) = there, found
        if gain < _SMALL_GAIN:
            break
    return here, value


def _evidence(at: FloatArray, given_mean: FloatArray, logs: FloatArray) -> tuple[float, FloatArray, FloatArray]:
    """Log evidence of the city prior at (logit mean, log strength), its gradient (2,) and its curvature (2, 2).

    Args:
        logs: log μ and log(1−μ) on the grid, their squares and, between these, their product; shape (5, grid).
    """
    mean, strength = float(scipy.special.expit(at[0])), float(np.exp(at[1]))
    alpha, beta = mean * strength, (1 - mean) * strength
    streets = len(given_mean)
    log_mass = alpha * logs[0] + beta * logs[1]
    # The last row is the prior alone, by whose mass each street's is divided.
    rows = np.vstack([given_mean + log_mass, log_mass])
    top = rows.max(axis=1, keepdims=True)
    weights = np.exp(rows - top)
    mass = weights.sum(axis=1, keepdims=True)
    weights /= mass
    total = top[:, 0] + np.log(mass[:, 0])
    sign = np.append(np.ones(streets), -streets)
    moments = weights @ logs.T
    of_yes, of_no = moments[:, 0], moments[:, 1]
    moved = sign @ moments[:, :2]
    spread = sign @ moments[:, 2:] - np.array(
        [sign @ (of_yes * of_yes), sign @ (of_yes * of_no), sign @ (of_no * of_no)]
    )
    # From (α, β) to (logit mean, log strength).
    turn = mean * beta
    slope = np.array([[turn, alpha], [-turn, beta]])
    bend = moved[0] - moved[1]
    curvature = slope.T @ np.array([[spread[0], spread[1]], [spread[1], spread[2]]]) @ slope + np.array(
        [[(1 - 2 * mean) * turn * bend, turn * bend], [turn * bend, alpha * moved[0] + beta * moved[1]]]
    )
    gradient = slope.T @ moved
    far = (float(at[1]) - float(np.log(TYPICAL_STRENGTH))) / LOG_STRENGTH_SPREAD**2
    gradient += np.array([1 - 2 * mean, -far])
    curvature -= np.diag([2 * mean * (1 - mean), 1 / LOG_STRENGTH_SPREAD**2])
    value = float(sign @ total) + _log_hyperprior(float(at[1])) + _log_mean_prior(mean)
    return value, gradient, curvature


def _mean_grid(y: FloatArray, n: FloatArray, street: NDArray[np.intp], count: int) -> FloatArray:
    """Street means considered: even in logit, one unit beyond the lowest and the highest street observed."""
    street_y, street_n = np.bincount(street, y, minlength=count), np.bincount(street, n, minlength=count)
    seen = street_n > 0
    logits = scipy.special.logit((street_y[seen] + 0.5) / (street_n[seen] + 1))
    return np.asarray(scipy.special.expit(np.linspace(logits.min() - 1, logits.max() + 1, _MEAN_GRID_SIZE)))


def _log_grid_prior(grid: FloatArray, mean: float, strength: float) -> FloatArray:
    """Log prior mass of each grid point under Beta(mean, strength); the logit grid brings the factor μ(1−μ)."""
    log_mass = mean * strength * np.log(grid) + (1 - mean) * strength * np.log1p(-grid)
    return np.asarray(log_mass - _log_sum_exp(log_mass))


def _log_sum_exp(values: FloatArray) -> FloatArray:
    """log Σ exp over the last axis; scipy's general one costs more than the sum itself at this size."""
    top = values.max(axis=-1, keepdims=True)
    return np.asarray(top[..., 0] + np.log(np.exp(values - top).sum(axis=-1)))


def _log_marginal(y: FloatArray, n: FloatArray, mean: FloatArray | float, strength: FloatArray | float) -> FloatArray:
    """Beta-binomial log-likelihood without the binomial coefficient, which does not depend on the prior."""
    alpha, beta = mean * strength, (1 - mean) * strength
    return np.asarray(scipy.special.betaln(y + alpha, n - y + beta) - scipy.special.betaln(alpha, beta))


def _log_hyperprior(log_strength: float) -> float:
    return -0.5 * ((log_strength - float(np.log(TYPICAL_STRENGTH))) / LOG_STRENGTH_SPREAD) ** 2


def _log_mean_prior(mean: float) -> float:
    """Uniform over the rate, written for its logit: keeps the mean inside (0, 1) when every answer agrees."""
    return float(np.log(mean) + np.log1p(-mean))


def _raw(y: FloatArray, n: FloatArray) -> FloatArray:
    return np.asarray(np.divide(y, n, out=np.full(y.shape, np.nan), where=n > 0))


def _nothing_counted(shape: tuple[int, ...]) -> Posterior:
    nothing = np.full(shape, np.nan)
    return Posterior(alpha=nothing, beta=nothing, raw=nothing, is_observed=np.zeros(shape, dtype=bool))
