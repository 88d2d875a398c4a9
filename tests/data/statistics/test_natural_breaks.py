"""Natural breaks against a library that computes them too, and at the edges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mapclassify import FisherJenks

from data.statistics.natural_breaks import MOST_DISTINCT, natural_classes


def spread(values: list[float], classes: list[tuple[float, float]]) -> float:
    """Sum of squares around the means of the classes."""
    parts = [[v for v in values if low <= v <= high] for low, high in classes]
    return sum(float(np.sum((np.array(part) - np.mean(part)) ** 2)) for part in parts)


@pytest.mark.parametrize("seed", range(6))
def test_the_breaks_are_those_of_mapclassify(seed: int) -> None:
    values = np.round(np.random.default_rng(seed).lognormal(2, 1, 60), 3)
    theirs = FisherJenks(values, k=5).bins
    assert [high for _, high in natural_classes(values, 5)] == pytest.approx(list(theirs))


@given(st.lists(st.integers(0, 50), min_size=1, max_size=60), st.integers(1, 6))
def test_every_value_is_in_one_class_and_no_class_is_empty(values: list[int], classes: int) -> None:
    found = natural_classes([float(v) for v in values], classes)
    assert len(found) == min(classes, len(set(values)))
    for value in values:
        assert sum(low <= value <= high for low, high in found) == 1


def test_many_values_are_parted_better_than_by_equal_counts() -> None:
    values = np.random.default_rng(1).gamma(2.0, 10.0, 5 * MOST_DISTINCT).tolist()
    found = natural_classes(values, 5)
    assert (found[0][0], found[-1][1]) == (min(values), max(values))
    limits = [low for low, _ in found[1:]]
    whole = [
        (low, high)
        for low, high in zip([min(values), *limits], [*(v - 1e-9 for v in limits), max(values)], strict=True)
    ]
    ordered = sorted(values)
    fifth = len(ordered) // 5
    equal = [(ordered[k * fifth], ordered[(k + 1) * fifth - 1]) for k in range(5)]
    assert spread(values, whole) < spread(values, equal)


def test_nothing_has_no_classes() -> None:
    with pytest.raises(ValueError, match="need values"):
        natural_classes([], 3)
