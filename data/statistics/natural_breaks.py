"""Natural breaks: the division of values into classes with the least spread inside them (Fisher 1958, exact)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

# More distinct values than this are first gathered at as many quantiles: breaks between them are what is looked for.
MOST_DISTINCT = 400

Floats = NDArray[np.float64]


def natural_classes(values: Sequence[float] | Floats, classes: int) -> list[tuple[float, float]]:
    """Least and greatest value of each class, ascending; fewer classes where there are fewer distinct values.

    Args:
        values: at least one, none missing. classes: how many at most, from 1.

    Raises:
        ValueError: no values, or fewer than one class.
    """
    if len(values) == 0 or classes < 1:
        raise ValueError("natural classes need values and at least one class")
    found, times = np.unique(np.asarray(values, dtype=float), return_counts=True)
    counts: Floats = times.astype(float)
    if len(found) > MOST_DISTINCT:
        found, counts = _thinned(found, counts)
    starts = _starts(found, counts, min(classes, len(found)))
    ends = [*(start - 1 for start in starts[1:]), len(found) - 1]
    return [(float(found[first]), float(found[last])) for first, last in zip(starts, ends, strict=True)]


def _thinned(found: Floats, counts: Floats) -> tuple[Floats, Floats]:
    """Values at evenly spread ranks, the ends kept, with the counts of those gathered at each."""
    ranks = np.cumsum(counts) - counts / 2
    wanted = np.linspace(ranks[0], ranks[-1], MOST_DISTINCT)
    kept = np.unique(np.searchsorted(ranks, wanted).clip(0, len(found) - 1))
    kept[-1] = len(found) - 1
    gathered = np.add.reduceat(counts, kept)
    return found[kept], gathered


def _starts(found: Floats, counts: Floats, classes: int) -> list[int]:
    """Where each class begins: dynamic programming over the sum of squares within classes."""
    size = len(found)
    # Centred, so that large values do not drown the differences of squares.
    shifted = found - np.average(found, weights=counts)
    weight = np.concatenate([[0.0], np.cumsum(counts)])
    once = np.concatenate([[0.0], np.cumsum(counts * shifted)])
    twice = np.concatenate([[0.0], np.cumsum(counts * shifted**2)])

    def spread(first: NDArray[np.int_], last: int) -> Floats:
        """Sum of squares around the mean of the values `first`…`last`."""
        n = weight[last + 1] - weight[first]
        total = once[last + 1] - once[first]
        return np.asarray(twice[last + 1] - twice[first] - total**2 / n)

    least = np.array([float(spread(np.array([0]), last)[0]) for last in range(size)])
    chosen = np.zeros((classes, size), dtype=int)
    for depth in range(1, classes):
        before = least.copy()
        for last in range(size - 1, depth - 1, -1):
            begins = np.arange(depth, last + 1)
            costs = before[begins - 1] + spread(begins, last)
            best = int(np.argmin(costs))
            least[last], chosen[depth, last] = costs[best], begins[best]
    starts, last = [], size - 1
    for depth in range(classes - 1, -1, -1):
        start = int(chosen[depth, last]) if depth else 0
        starts.append(start)
        last = start - 1
    return starts[::-1]
