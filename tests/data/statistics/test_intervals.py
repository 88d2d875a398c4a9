import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.statistics.counts import CountError
from data.statistics.intervals import difference, wilson

COUNTS = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def test_six_of_seven_gives_the_published_wilson_interval() -> None:
    interval = wilson(6, 7)
    assert round(float(interval.low) * 100, 1) == 48.7
    assert round(float(interval.high) * 100, 1) == 97.4


def test_nothing_counted_or_reported_cannot_be_computed() -> None:
    interval = wilson([0, np.nan, 3], [0, 5, 4])
    assert interval.is_computable.tolist() == [False, False, True]
    assert np.isnan([interval.low[0], interval.high[0], interval.estimate[0]]).all()


@pytest.mark.parametrize(
    ("y", "n", "code"),
    [(5, 4, "successes_exceed_trials"), (-1, 4, "bad_count"), (1, np.inf, "bad_count")],
)
def test_impossible_counts_are_refused_with_their_reason(y: float, n: float, code: str) -> None:
    with pytest.raises(CountError) as refusal:
        wilson([1, y], [2, n])
    assert refusal.value.code == code
    assert "第 2 个单元" in str(refusal.value)


@given(COUNTS)
def test_interval_holds_the_estimate_and_mirrors_when_answers_are_flipped(counts: tuple[int, int]) -> None:
    y, n = counts
    interval, flipped = wilson(y, n), wilson(n - y, n)
    assert 0 <= interval.low <= interval.estimate <= interval.high <= 1
    assert flipped.low == pytest.approx(1 - interval.high, abs=1e-12)


@given(COUNTS, st.integers(2, 20))
def test_more_of_the_same_answers_narrow_the_interval(counts: tuple[int, int], factor: int) -> None:
    y, n = counts
    small, large = wilson(y, n), wilson(y * factor, n * factor)
    assert large.high - large.low < small.high - small.low


def test_wilson_covers_the_truth_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(20261)
    truth = rng.beta(8, 3, 20_000)
    n = rng.integers(10, 90, truth.size)
    interval = wilson(rng.binomial(n, truth), n)
    assert 0.94 < ((interval.low <= truth) & (truth <= interval.high)).mean() < 0.965


def test_difference_matches_newcombes_published_example() -> None:
    # Newcombe (1998), table II, method 10: 56/70 against 48/80.
    change = difference(48, 80, 56, 70)
    assert float(change.estimate) == pytest.approx(0.2)
    assert (round(float(change.low), 4), round(float(change.high), 4)) == (0.0524, 0.3339)
    assert bool(change.is_discernible)


@given(COUNTS)
def test_equal_waves_show_no_discernible_change(counts: tuple[int, int]) -> None:
    y, n = counts
    assert not difference(y, n, y, n).is_discernible


def test_change_without_a_first_wave_is_neither_computable_nor_discernible() -> None:
    change = difference(0, 0, 5, 9)
    assert not change.is_computable
    assert not change.is_discernible
