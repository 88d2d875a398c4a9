"""What is done to indicator columns before they are scaled: denominators, imputation, outlier treatment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy

from data.statistics.counts import BoolArray, FloatArray
from data.statistics.scheme import Imputation, ImputationMethod, LogFallback, Treatment
from data.statistics.scheme_errors import EmptyIndicatorError, SchemeError


@dataclass(frozen=True, slots=True)
class TreatedColumn:
    """A column after outlier treatment; `low` and `high` mark winsorised cells, `is_logged` a log transform."""

    values: FloatArray
    low: BoolArray
    high: BoolArray
    is_logged: bool


def impute(values: pd.DataFrame, imputation: Imputation, groups: pd.Series | None) -> pd.DataFrame:
    """Fill missing cells by the column mean, or by the mean of the unit's group; others are left missing.

    Args:
        values: units × indicators.
        groups: group of each unit for GROUP_MEAN, same index.

    Raises:
        EmptyIndicatorError: a group has no value at all in a column, so its mean does not exist.

    Source: OECD/JRC Handbook on Constructing Composite Indicators (2008), step 3.
    """
    if imputation.method is ImputationMethod.NONE:
        return values
    if imputation.method is ImputationMethod.MEAN:
        return values.fillna(values.mean())
    if groups is None:
        raise ValueError("group mean needs groups")
    filled = values.fillna(values.groupby(groups, dropna=False).transform("mean"))
    left = filled.isna()
    if left.to_numpy().any():
        column = str(left.any().idxmax())
        group = groups[left[column]].iloc[0]
        raise EmptyIndicatorError(
            f"分组“{group}”里没有一个单元有“{column}”的值",
            where=f"按 {imputation.group} 分组补缺",
            why="没有组内均值可补",
            todo="改用 method: mean 或 none，或换一个分组列",
            code="empty_group",
        )
    return filled


def skewness(values: FloatArray) -> float:
    """Sample skewness G₁ (adjusted Fisher–Pearson), missing values left out."""
    return float(scipy.stats.skew(values[~np.isnan(values)], bias=False))


def excess_kurtosis(values: FloatArray) -> float:
    """Sample excess kurtosis G₂ (unbiased under normality), missing values left out."""
    return float(scipy.stats.kurtosis(values[~np.isnan(values)], bias=False))


def treat(values: FloatArray, treatment: Treatment, *, name: str = "") -> TreatedColumn:
    """Winsorise the outermost values of a column while it stays too skewed and too peaked.

    While |G₁| ≥ `skewness` and G₂ ≥ `kurtosis` and fewer than `max_points` values are changed, the highest value
    (the lowest when skewed to the left) is set to the next one; tied values move together, so the last step can
    pass `max_points`. If the column still fails, and the scheme says so, the untreated column is replaced by
    ln(x − min + 0.01·range).

    Source: Becker et al. (2022), COINr: an R package for developing composite indicators, JOSS 7(78), 4567;
    OECD/JRC Handbook on Constructing Composite Indicators (2008).
    """
    present = ~np.isnan(values)
    nothing = np.zeros(values.shape, dtype=bool)
    untouched = TreatedColumn(values=values, low=nothing, high=nothing, is_logged=False)
    if treatment.max_points == 0 and treatment.log is LogFallback.NONE:
        return untouched
    if present.sum() < 4 or np.ptp(values[present]) == 0:
        # Four values make a kurtosis; a constant has neither moment and is refused when it is scaled.
        return untouched
    x, low, high = values.copy(), nothing.copy(), nothing.copy()
    while _fails(x, treatment) and low.sum() + high.sum() < treatment.max_points:
        if skewness(x) >= 0:
            high = x == np.nanmax(x)
            x[high] = x[~high & present].max()
        else:
            low = x == np.nanmin(x)
            x[low] = x[~low & present].min()
        if np.ptp(x[present]) == 0:
            raise SchemeError(
                f"“{name}”缩尾后所有单元取值相同",
                why=f"缩尾上限 {treatment.max_points} 个对这列太多：它只有少数几个不同的值",
                todo="给这个指标写 treated: false，或减小 max_points",
                code="winsorised_away",
            )
    if treatment.log is LogFallback.SHIFTED and _fails(x, treatment):
        lowest, spread = np.nanmin(values), np.ptp(values[present])
        return TreatedColumn(np.log(values - lowest + 0.01 * spread), nothing, nothing, is_logged=True)
    return TreatedColumn(values=x, low=low, high=high, is_logged=False)


def _fails(values: FloatArray, treatment: Treatment) -> bool:
    return abs(skewness(values)) >= treatment.skewness and excess_kurtosis(values) >= treatment.kurtosis
