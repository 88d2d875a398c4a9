from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.demo.chance import apportion, exactly, stream

WEIGHTS = st.lists(st.floats(0, 1e6, allow_nan=False), min_size=1, max_size=40)


@given(WEIGHTS, st.integers(0, 10_000))
def test_shares_add_up_to_the_total_and_no_weight_gets_less_than_a_smaller_one(
    weights: list[float], total: int
) -> None:
    counts = apportion(total, weights)
    assert counts.sum() == total
    order = np.argsort(weights, kind="stable")
    assert (np.diff(counts[order]) >= -1).all()


@given(WEIGHTS, st.integers(0, 400), st.data())
def test_shares_stay_between_their_limits(weights: list[float], total: int, data: st.DataObject) -> None:
    most = data.draw(st.lists(st.integers(1, 50), min_size=len(weights), max_size=len(weights)))
    if not len(weights) <= total <= sum(most):
        with pytest.raises(ValueError, match="cannot share"):
            apportion(total, weights, least=1, most=most)
        return
    counts = apportion(total, weights, least=1, most=most)
    assert counts.sum() == total
    assert (counts >= 1).all()
    assert (counts <= most).all()


def test_shares_follow_the_largest_remainder() -> None:
    assert apportion(10, [1.0, 1.0, 1.0]).tolist() == [4, 3, 3]
    assert apportion(7, [0.5, 3.0, 3.5]).tolist() == [1, 3, 3]


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=60), st.data())
def test_exactly_so_many_succeed_and_always_those_with_most_to_spare(
    trials: list[tuple[float, float]], data: st.DataObject
) -> None:
    total = data.draw(st.integers(0, len(trials)))
    probability, luck = np.array(trials).T
    chosen = exactly(total, probability, luck)
    assert chosen.sum() == total
    if 0 < total < len(trials):
        assert (probability - luck)[chosen].min() >= (probability - luck)[~chosen].max()


def test_a_subject_has_its_own_numbers_whatever_other_subjects_draw() -> None:
    alone = stream(1, "cases").random(5)
    other = stream(1, "fees")
    other.random(1000)
    assert (stream(1, "cases").random(5) == alone).all()
    assert (stream(1, "fees").random(5) != alone).all()
    assert (stream(2, "cases").random(5) != alone).all()
