"""Checks on pairs of counts shared by the estimators: successes of trials, observed of expected."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from data.errors import GovernanceError

FloatArray = NDArray[np.float64]
Float32Array = NDArray[np.float32]
BoolArray = NDArray[np.bool_]


class CountError(GovernanceError):
    """Counts that cannot be counts: negative, infinite, or more successes than trials."""


def paired_counts(successes: ArrayLike, trials: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Broadcast successes and trials to float arrays of one shape; a pair with a missing half is missing.

    Raises:
        CountError: a negative or infinite count, or successes > trials; the first offender is named.
    """
    y, n = np.broadcast_arrays(np.asarray(successes, dtype=np.float64), np.asarray(trials, dtype=np.float64))
    y, n = y.copy(), n.copy()
    missing = np.isnan(y) | np.isnan(n)
    y[missing] = n[missing] = np.nan
    _refuse(np.isinf(y) | np.isinf(n) | (y < 0) | (n < 0), y, n, why="计数不能为负数或无穷大", code="bad_count")
    _refuse(y > n, y, n, why="满意（成功）数不能多于有效（总）数", code="successes_exceed_trials")
    return y, n


def _refuse(bad: BoolArray, y: FloatArray, n: FloatArray, *, why: str, code: str) -> None:
    if not bad.any():
        return
    first = int(np.flatnonzero(bad.ravel())[0])
    raise CountError(
        f"计数 {y.ravel()[first]:g} / {n.ravel()[first]:g} 不成立（共 {int(bad.sum())} 处）",
        where=f"第 {first + 1} 个单元",
        why=why,
        todo="核对原始表中这两列后重新导入",
        code=code,
    )
