"""Chance that repeats: one stream of random numbers per subject, and totals that come out exact."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


def stream(seed: int, subject: str) -> np.random.Generator:
    """The generator of one subject. Adding a subject leaves the others' numbers as they are."""
    # hash() of a string differs between runs; a checksum does not.
    return np.random.default_rng(np.random.SeedSequence([seed, zlib.crc32(subject.encode())]))


def logistic(x: ArrayLike) -> Floats:
    """1 / (1 + e⁻ˣ)."""
    return np.asarray(1 / (1 + np.exp(-np.asarray(x, dtype=np.float64))))


def apportion(total: int, weights: ArrayLike, *, least: int = 0, most: ArrayLike | None = None) -> Ints:
    """Whole numbers that add up to `total`, in proportion to `weights` by largest remainder.

    Args:
        least: given to every place before the rest is shared out.
        most: upper limit of each place; what exceeds it goes to the others.

    Raises:
        ValueError: the limits leave no way to reach `total`.
    """
    share = np.asarray(weights, dtype=np.float64).copy()
    limit = np.full(len(share), np.iinfo(np.int64).max) if most is None else np.asarray(most, dtype=np.int64)
    counts = np.full(len(share), least, dtype=np.int64)
    left = total - int(counts.sum())
    if left < 0 or (most is not None and int(limit.sum()) < total):
        raise ValueError(f"cannot share {total} among {len(share)} places")
    while left:
        open_ = np.where(counts < limit, share, 0.0)
        if not open_.sum():
            open_ = (counts < limit).astype(np.float64)
        exact = left * open_ / open_.sum()
        given = np.floor(exact).astype(np.int64)
        # Ties fall to the earlier place, so the result does not depend on the sort.
        largest = np.argsort(given - exact, kind="stable")
        given[largest[open_[largest] > 0][: left - int(given.sum())]] += 1
        given = np.minimum(given, limit - counts)
        counts += given
        left -= int(given.sum())
    return counts


def exactly(total: int, probability: ArrayLike, luck: ArrayLike) -> Bools:
    """`total` successes among trials of unequal `probability`, where `luck` is one uniform number a trial.

    The trials with the most probability to spare succeed, which is what a constant shift of all of them would give.
    """
    spare = np.asarray(probability, dtype=np.float64) - np.asarray(luck, dtype=np.float64)
    if total > len(spare):
        raise ValueError(f"{total} successes among {len(spare)} trials")
    chosen = np.zeros(len(spare), dtype=np.bool_)
    chosen[np.argsort(-spare, kind="stable")[:total]] = True
    return chosen


def pick(
    generator: np.random.Generator, values: Sequence[str], weights: Sequence[float], size: int
) -> NDArray[np.object_]:
    """`size` of `values` drawn with `weights`, as str objects."""
    p = np.asarray(weights, dtype=np.float64)
    chosen = generator.choice(len(values), size=size, p=p / p.sum())
    return np.array([str(v) for v in values], dtype=object)[chosen]
