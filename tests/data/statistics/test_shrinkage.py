import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import betaln, expit, logit, logsumexp

from data.statistics.bands import SatisfactionBand, Tier, satisfaction_bands, tiers
from data.statistics.counts import CountError
from data.statistics.shrinkage import BetaPrior, fit_beta_prior, shrink, shrink_hierarchical


def planted(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Skewed truths, three kinds of street, small and missing samples: not drawn from the model that estimates."""
    rng = np.random.default_rng(seed)
    street = rng.integers(0, 60, 513)
    base = rng.choice([0.55, 0.72, 0.83], 60, p=[0.2, 0.5, 0.3]) + rng.normal(0, 0.03, 60)
    truth = np.clip(base[street] - rng.gamma(1.2, 0.05, 513) + 0.05, 0.05, 0.98)
    trials = np.where(rng.random(513) < 0.07, 0, rng.negative_binomial(2, 0.06, 513) + 3)
    return truth, rng.binomial(trials, truth), trials, street


def test_credible_intervals_cover_planted_truths_as_often_as_they_say() -> None:
    inside = []
    for seed in range(8):
        truth, y, n, street = planted(seed)
        low, high = shrink_hierarchical(y, n, street).posterior.interval()
        inside.append(((low <= truth) & (truth <= high))[n > 0])
    assert 0.93 <= np.concatenate(inside).mean() <= 0.97


def test_shrinking_lowers_the_error_against_the_truth_and_streets_help() -> None:
    truth, y, n, street = planted(3)
    seen = n > 0

    def rmse(estimate: np.ndarray) -> float:
        return float(np.sqrt(np.square(estimate - truth)[seen].mean()))

    fit = shrink_hierarchical(y, n, street)
    flat = shrink(y, n)
    assert rmse(fit.posterior.mean) < rmse(flat.mean) < rmse(fit.posterior.raw)


def test_red_band_rarely_accuses_a_compound_that_is_fine() -> None:
    false, red = 0, 0
    for seed in range(8):
        truth, y, n, street = planted(seed)
        bands = satisfaction_bands(shrink_hierarchical(y, n, street).posterior.probability_below())
        is_red = bands == SatisfactionBand.RED
        false, red = false + int((is_red & (truth >= 0.6)).sum()), red + int(is_red.sum())
    assert red > 50
    assert false / red <= 0.10


def test_a_true_65_percent_at_thirty_answers_is_seldom_red_though_often_below_raw() -> None:
    rng = np.random.default_rng(1)
    y = rng.binomial(30, 0.65, 20_000)
    posterior = shrink(y, np.full(y.shape, 30), prior=BetaPrior(0.72, 20))
    assert (y / 30 < 0.6).mean() == pytest.approx(0.22, abs=0.01)
    assert (satisfaction_bands(posterior.probability_below()) == SatisfactionBand.RED).mean() < 0.01


def test_prior_recovers_the_parameters_counts_were_drawn_from() -> None:
    rng = np.random.default_rng(7)
    n = rng.integers(20, 80, 3000)
    prior = fit_beta_prior(rng.binomial(n, rng.beta(0.7 * 25, 0.3 * 25, n.size)), n)
    assert prior is not None
    assert prior.mean == pytest.approx(0.7, abs=0.01)
    assert prior.strength == pytest.approx(25, rel=0.1)


def test_without_overdispersion_units_are_pooled_and_stay_finite() -> None:
    fit = shrink_hierarchical([21] * 50, [30] * 50, list(range(5)) * 10)
    assert fit.within > 100
    assert np.isfinite(fit.posterior.alpha).all()
    assert fit.posterior.mean == pytest.approx(np.full(50, 0.7), abs=0.01)


def test_a_unit_without_answers_is_predicted_but_claims_nothing() -> None:
    fit = shrink_hierarchical([27, 26, 0, 12], [30, 30, 0, 30], ["a", "a", "a", "b"])
    assert fit.posterior.is_observed.tolist() == [True, True, False, True]
    assert fit.posterior.mean[2] > fit.posterior.mean[3]
    bands = satisfaction_bands(fit.posterior.probability_below())
    assert bands[2] == SatisfactionBand.UNKNOWN


def test_no_answers_anywhere_cannot_be_computed() -> None:
    fit = shrink_hierarchical([0, 0], [0, 0], ["a", "b"])
    assert np.isnan(fit.posterior.mean).all()
    assert not fit.posterior.is_observed.any()
    assert fit_beta_prior([0], [0]) is None
    assert np.isnan(shrink([0], [0]).mean).all()


def test_more_satisfied_than_valid_is_refused() -> None:
    with pytest.raises(CountError, match="不成立"):
        shrink_hierarchical([8], [7], ["a"])


@settings(deadline=None, max_examples=8)
@given(st.integers(0, 10_000))
def test_order_of_units_and_names_of_streets_do_not_matter(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = rng.integers(0, 40, 30)
    y, street = rng.binomial(n, 0.7), rng.integers(0, 4, 30)
    order = rng.permutation(30)
    straight = shrink_hierarchical(y, n, street).posterior.mean
    shuffled = shrink_hierarchical(y[order], n[order], [f"s{9 - code}" for code in street[order]]).posterior.mean
    assert shuffled == pytest.approx(straight[order], abs=1e-4)


@given(st.integers(1, 200), st.floats(0.05, 0.95), st.floats(1, 200))
def test_posterior_mean_lies_between_raw_and_prior_and_rises_with_successes(
    n: int, mean: float, strength: float
) -> None:
    y = np.arange(n + 1)
    posterior = shrink(y, np.full(n + 1, n), prior=BetaPrior(mean, strength))
    low, high = np.minimum(posterior.raw, mean), np.maximum(posterior.raw, mean)
    assert ((posterior.mean >= low - 1e-12) & (posterior.mean <= high + 1e-12)).all()
    assert (np.diff(posterior.mean) > 0).all()
    assert (np.diff(posterior.probability_below()) <= 1e-12).all()


@pytest.mark.parametrize(
    ("probability", "band"),
    [
        (0.9, SatisfactionBand.RED),
        (0.8999, SatisfactionBand.REVIEW),
        (0.5, SatisfactionBand.REVIEW),
        (0.4999, SatisfactionBand.GREEN),
        (float("nan"), SatisfactionBand.UNKNOWN),
    ],
)
def test_bands_change_exactly_at_their_limits(probability: float, band: SatisfactionBand) -> None:
    assert satisfaction_bands([probability])[0] == band


def test_tiers_change_exactly_at_their_limits() -> None:
    expected = [Tier.FIRST, Tier.SECOND, Tier.SECOND, Tier.THIRD, Tier.UNRANKED]
    assert tiers([0.8, 0.799, 0.2, 0.199, np.nan]).tolist() == expected


@pytest.mark.parametrize("spread", [0.0, 0.02, 0.12])
def test_no_other_city_prior_explains_the_answers_better(spread: float) -> None:
    rng = np.random.default_rng(5)
    street = rng.integers(0, 30, 300)
    n = rng.integers(5, 60, 300)
    y = rng.binomial(n, np.clip(0.7 + spread * rng.standard_normal(30), 0.02, 0.98)[street])
    fit = shrink_hierarchical(y, n, street)
    mean = np.linspace(0.0005, 0.9995, 4000)
    each = betaln(y[:, None] + mean * fit.within, (n - y)[:, None] + (1 - mean) * fit.within)
    of_street = np.zeros((30, mean.size))
    np.add.at(of_street, street, each - betaln(mean * fit.within, (1 - mean) * fit.within))

    def evidence(logit_mean: float, log_strength: float) -> float:
        centre, strength = expit(logit_mean), np.exp(log_strength)
        prior = (centre * strength - 1) * np.log(mean) + ((1 - centre) * strength - 1) * np.log1p(-mean)
        hyper = -0.5 * ((log_strength - np.log(30)) / 1.5) ** 2 + np.log(centre * (1 - centre))
        return float(logsumexp(of_street + prior, axis=1).sum() - 30 * logsumexp(prior) + hyper)

    here = np.array([logit(fit.city.mean), np.log(fit.city.strength)])
    best = evidence(*here)
    for step in ((0.05, 0), (-0.05, 0), (0, 0.3), (0, -0.3), (0.05, 0.3), (-0.05, -0.3)):
        there = here + step
        if there[1] <= np.log(2000):
            assert evidence(*there) < best
