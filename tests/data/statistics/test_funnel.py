import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.statistics.counts import CountError
from data.statistics.funnel import Transform, Trimming, funnel_of_proportions, funnel_of_ratios

# The example in the test suite of the R package FunnelPlotR: six units, observed and expected.
OBSERVED = [100, 150, 180, 80, 120, 225]
EXPECTED = [108, 112, 165, 95, 100, 220]


def test_phi_equals_the_figure_published_with_funnelplotr() -> None:
    funnel = funnel_of_ratios(OBSERVED, EXPECTED, trimming=Trimming.TRUNCATE)
    assert round(funnel.phi, 6) == 2.948033


def test_winsorised_phi_and_tau_squared_equal_a_longhand_calculation() -> None:
    funnel = funnel_of_ratios(OBSERVED, EXPECTED, transform=Transform.SQUARE_ROOT)
    z = sorted(2 * (o**0.5 - e**0.5) for o, e in zip(OBSERVED, EXPECTED, strict=True))
    low, high = (z[0] + z[1]) / 2, (z[4] + z[5]) / 2
    phi = sum(min(max(value, low), high) ** 2 for value in z) / 6
    weight = [4 * e for e in EXPECTED]
    tau2 = (6 * phi - 5) / (sum(weight) - sum(w * w for w in weight) / sum(weight))
    assert funnel.phi == pytest.approx(phi)
    assert funnel.tau2 == pytest.approx(tau2)


def test_only_chance_gives_phi_near_one_and_few_outliers() -> None:
    rng = np.random.default_rng(5)
    n = rng.integers(20, 200, 4000)
    funnel = funnel_of_proportions(rng.binomial(n, 0.7), n, trim=0.0)
    assert funnel.phi == pytest.approx(1.0, abs=0.06)
    assert (np.abs(funnel.outlier_level(adjusted=False)) > 0.9).mean() == pytest.approx(0.05, abs=0.012)


def test_overdispersion_widens_limits_and_leaves_the_planted_outlier_standing() -> None:
    rng = np.random.default_rng(6)
    n = rng.integers(30, 120, 400)
    truth = rng.beta(14, 6, 400)
    truth[0] = 0.2
    funnel = funnel_of_proportions(rng.binomial(n, truth), n)
    assert funnel.is_overdispersed
    assert (funnel.outlier_level() != 0).sum() < (funnel.outlier_level(adjusted=False) != 0).sum()
    table = funnel.outliers(list(range(400)))
    assert table.loc[0, "unit"] == 0
    assert table.loc[0, "level"] == -0.998
    low, high = funnel.limits([50, 100], confidence=0.95)
    narrow_low, narrow_high = funnel.limits([50, 100], confidence=0.95, adjusted=False)
    assert (low < narrow_low).all()
    assert (high > narrow_high).all()


def test_a_unit_outside_the_adjusted_limits_is_flagged_and_one_inside_is_not() -> None:
    rng = np.random.default_rng(8)
    n = rng.integers(30, 120, 300)
    funnel = funnel_of_proportions(rng.binomial(n, rng.beta(14, 6, 300)), n)
    for confidence in (0.95, 0.998):
        low, high = funnel.limits(funnel.size, confidence=confidence)
        outside = (funnel.value < low) | (funnel.value > high)
        assert (outside == (np.abs(funnel.outlier_level()) >= confidence)).all()


def test_exact_limits_hold_their_share_of_the_binomial() -> None:
    low, high = funnel_of_proportions([70], [100]).limits([100], confidence=0.95, adjusted=False)
    assert 0.60 < low[0] < 0.62
    assert 0.78 < high[0] < 0.79


def test_exact_ratio_limits_match_the_poisson_table() -> None:
    # 95 % exact Poisson limits for ten expected events: 4.795 … and 18.39 events.
    low, high = funnel_of_ratios([10], [10]).limits([10], confidence=0.95, adjusted=False)
    assert low[0] == pytest.approx(0.4795, abs=1e-4)
    assert high[0] == pytest.approx(1.839, abs=1e-3)


def test_units_without_counts_hold_nothing_and_disturb_nobody() -> None:
    full = funnel_of_proportions([30, 50], [50, 60])
    holed = funnel_of_proportions([30, 50, 0, np.nan], [50, 60, 0, 9])
    assert holed.phi == full.phi
    assert np.isnan(holed.z[2:]).all()
    assert np.isnan(holed.outlier_level()[2:]).all()
    assert np.isnan(funnel_of_proportions([0], [0]).phi)


def test_an_observed_zero_has_a_place_in_a_log_funnel() -> None:
    assert np.isfinite(funnel_of_ratios([0, 12], [8, 10]).z).all()


def test_negative_expected_counts_are_refused() -> None:
    with pytest.raises(CountError):
        funnel_of_ratios([1], [-1])


@given(st.integers(0, 10_000))
def test_order_of_units_does_not_matter(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = rng.integers(1, 60, 25)
    y = rng.binomial(n, 0.6)
    order = rng.permutation(25)
    straight, shuffled = funnel_of_proportions(y, n), funnel_of_proportions(y[order], n[order])
    assert shuffled.phi == pytest.approx(straight.phi)
    assert shuffled.z_adjusted == pytest.approx(straight.z_adjusted[order])
