"""The index: from a table of indicators and a scheme to scores and ranks, every step kept for inspection."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from data.errors import UnreadableFileError, nearest
from data.statistics.aggregate import aggregate
from data.statistics.counts import FloatArray
from data.statistics.normalise import Scaling, fit_scaling, min_ranks
from data.statistics.scheme import Mean, Role, Scheme, global_weights
from data.statistics.scheme_checks import check_structure
from data.statistics.scheme_errors import (
    DuplicateUnitError,
    EmptyIndicatorError,
    HierarchyError,
    IndicatorValueError,
    UnknownIndicatorError,
)
from data.statistics.scheme_file import read_scheme, with_structure
from data.statistics.treatment import impute, treat


@dataclasses.dataclass(frozen=True, slots=True)
class CompositeResult:
    """An index with all its steps. Frames are units × indicators (or × nodes), series are by unit.

    Attributes:
        scheme: the scheme, its nodes filled in.
        labels: name of each unit.
        values: indicator values after denominators and imputation, before treatment.
        treated: after winsorising and log.
        normalised: scores of the indicators.
        is_imputed, is_winsorised: which cells were filled or changed.
        availability: share of indicators with a reported value.
        is_scored: False for units below the availability cut; they have no score and influence no other's.
        nodes: scores of the aggregates, root included.
        score, rank: of the root; NaN where not scored. Ranks are min-ranks of rounded scores.
        other_mean, other_rank: the same with geometric for arithmetic (or the reverse) at every node; NaN
            throughout where the geometric mean does not exist (negative scores).
        scalings: the fitted scale of each indicator.
    """

    scheme: Scheme
    labels: pd.Series
    values: pd.DataFrame
    treated: pd.DataFrame
    normalised: pd.DataFrame
    is_imputed: pd.DataFrame
    is_winsorised: pd.DataFrame
    availability: pd.Series
    is_scored: pd.Series
    nodes: pd.DataFrame
    score: pd.Series
    rank: pd.Series
    other_mean: pd.Series
    other_rank: pd.Series
    scalings: Mapping[str, Scaling]


def run_composite(data: pd.DataFrame, meta: pd.DataFrame | None, scheme: Scheme) -> CompositeResult:
    """Compute the index of a scheme on a data set.

    Order: denominators, availability cut, imputation, outlier treatment, direction and scale, means, ranks.

    Args:
        data: one row a unit; the scheme's unit column and a column for every indicator, denominator and group.
        meta: structure table, needed when the scheme lists no nodes.

    Raises:
        SchemeError: a scheme that does not hold together or does not fit the data; nothing is computed then.

    Source: OECD/JRC Handbook on Constructing Composite Indicators (2008).
    """
    if not scheme.nodes:
        if meta is None:
            raise HierarchyError(
                "方案没有写 nodes，也没有给元数据表",
                where=f"方案 {scheme.name}",
                why="层级无从得知",
                todo="在方案里写 nodes，或给出元数据表（--meta）",
                code="no_structure",
            )
        scheme = with_structure(scheme, meta)
    else:
        check_structure(scheme)
    keys = [node.key for node in scheme.indicators]
    units = _units(data, scheme)
    reported = _indicator_values(data, scheme, units)
    labels = pd.Series(units.to_numpy(), index=units)
    if scheme.label and scheme.label in data.columns:
        labels = pd.Series(data[scheme.label].astype(object).to_numpy(), index=units).fillna(labels)

    availability = reported.notna().mean(axis=1)
    is_scored = availability >= (scheme.availability or 0.0)
    is_scored &= availability > 0
    if not is_scored.any():
        raise EmptyIndicatorError(
            "没有一个单元的数据足够评分",
            where=f"方案 {scheme.name}",
            why=f"可用率下限为 {scheme.availability or 0:.0%}",
            todo="补报数据，或降低 availability",
            code="nothing_scored",
        )
    groups = _groups(data, scheme, units)
    kept = reported[is_scored]
    values = impute(kept, scheme.imputation, None if groups is None else groups[is_scored])

    treated = values.copy()
    is_winsorised = pd.DataFrame(False, index=units, columns=keys)
    normalised = pd.DataFrame(np.nan, index=units, columns=keys)
    scalings: dict[str, Scaling] = {}
    for node in scheme.indicators:
        column = values[node.key].to_numpy(dtype=np.float64)
        if node.is_treated:
            outcome = treat(column, scheme.treatment, name=node.key)
            column = outcome.values
            is_winsorised.loc[is_scored, node.key] = outcome.low | outcome.high
        treated[node.key] = column
        scalings[node.key] = fit_scaling(column, node, scheme.normalisation_of(node))
        normalised.loc[is_scored, node.key] = scalings[node.key].apply(column)

    score, nodes = _scores(scheme, normalised, None)
    other = _other_mean(scheme, normalised)
    is_imputed = pd.DataFrame(False, index=units, columns=keys)
    is_imputed.loc[is_scored] = kept.isna() & values.notna()
    return CompositeResult(
        scheme=scheme,
        labels=labels,
        values=values.reindex(units),
        treated=treated.reindex(units),
        normalised=normalised,
        is_imputed=is_imputed,
        is_winsorised=is_winsorised,
        availability=availability,
        is_scored=is_scored,
        nodes=nodes,
        score=score,
        rank=_ranks(scheme, score),
        other_mean=other,
        other_rank=_ranks(scheme, other),
        scalings=scalings,
    )


def role_scores(result: CompositeResult, role: Role) -> pd.Series:
    """Score over the indicators of one role only (process or outcome), by unit; NaN where it has none.

    Σ wᵢxᵢ / Σ wᵢ with wᵢ the indicator's share in the root, over the indicators of that role with a score.

    Source: this project's rule that process and outcome are shown apart.
    """
    shares = global_weights(result.scheme)
    keys = [node.key for node in result.scheme.indicators if node.role is role]
    scores = result.normalised[keys]
    weight = pd.Series({key: shares[key] for key in keys}, dtype=float)
    available = scores.notna().mul(weight, axis=1).sum(axis=1)
    return scores.mul(weight, axis=1).sum(axis=1) / available.where(available > 0)


def composite_json(result: CompositeResult) -> dict[str, Any]:
    """The document of `composite --json`: scheme with its weights and one row a unit, best first; missing is null.

    Row: unit, label, score (unrounded), rank, score_other_mean, rank_other_mean, availability, dimensions
    (node key → score), imputed and winsorised (indicator keys), and process, outcome where the scheme has roles.
    """
    scheme = result.scheme
    roles = {role: role_scores(result, role) for role in Role if any(node.role is role for node in scheme.nodes)}
    dimensions = [key for key in result.nodes.columns if key != scheme.root.key]
    labels = dict(zip(result.labels.index.tolist(), result.labels.tolist(), strict=True))
    rows = []
    for unit in result.rank.sort_values(kind="stable", na_position="last").index.tolist():
        row: dict[str, Any] = {
            "unit": unit,
            "label": labels[unit],
            "score": _plain(result.score[unit]),
            "rank": _plain_rank(result.rank[unit]),
            "score_other_mean": _plain(result.other_mean[unit]),
            "rank_other_mean": _plain_rank(result.other_rank[unit]),
            "availability": _plain(result.availability[unit]),
            "dimensions": {key: _plain(result.nodes[key][unit]) for key in dimensions},
            "imputed": _marked(result.is_imputed.loc[unit]),
            "winsorised": _marked(result.is_winsorised.loc[unit]),
        }
        for role, scores in roles.items():
            row[role.value] = _plain(scores[unit])
        rows.append(row)
    weights = {node.key: node.weight for node in scheme.nodes if node.parent is not None}
    return {
        "scheme": scheme.name, "version": scheme.version, "mean": scheme.aggregation.mean.value, "weights": weights,
        "rows": rows,
    }  # fmt: skip


def composite_command(data_path: str | Path, meta_path: str | Path | None, scheme_path: str | Path) -> dict[str, Any]:
    """What `python -m data composite` prints: read two CSV files (UTF-8) and a scheme, compute, describe.

    Raises:
        UnreadableFileError: a CSV that cannot be read. SchemeError: as `read_scheme` and `run_composite`.
    """
    scheme = read_scheme(scheme_path)
    data = _read_csv(data_path)
    meta = None if meta_path is None else _read_csv(meta_path)
    return composite_json(run_composite(data, meta, scheme))


def _read_csv(path: str | Path) -> pd.DataFrame:
    try:
        return pd.read_csv(path, encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise UnreadableFileError("文件不存在", where=str(path), todo="核对路径和文件名", code="no_file") from error
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise UnreadableFileError(
            "文件读不出来",
            where=str(path),
            why="须是 UTF-8 编码、逗号分隔、首行为列名的 CSV",
            todo="另存为 UTF-8 CSV 后再试",
            code="unreadable_file",
        ) from error


def _units(data: pd.DataFrame, scheme: Scheme) -> pd.Index:
    _need(scheme.unit, data, scheme, "单元列")
    column = data[scheme.unit]
    if column.isna().any():
        raise DuplicateUnitError(
            f"第 {int(np.flatnonzero(column.isna().to_numpy())[0]) + 1} 行没有单元编号",
            where=f"{scheme.unit} 列",
            why="每行必须是一个单元",
            todo="补上编号，或删去空行",
            code="missing_unit",
        )
    repeated = column[column.duplicated()]
    if not repeated.empty:
        raise DuplicateUnitError(
            f"单元“{repeated.iloc[0]}”出现了不止一次",
            where=f"{scheme.unit} 列",
            why="每个单元只能有一行",
            todo="合并或删去重复的行",
            code="duplicate_unit",
        )
    units: pd.Index = pd.Index(column.to_numpy(), name=scheme.unit)
    return units


def _indicator_values(data: pd.DataFrame, scheme: Scheme, units: pd.Index) -> pd.DataFrame:
    columns: dict[str, FloatArray] = {}
    for node in scheme.indicators:
        values = _numbers(data, node.key, scheme, "指标")
        if scheme.use_denominators and node.denominator:
            by = _numbers(data, node.denominator, scheme, "分母")
            # Nothing per zero inhabitants cannot be computed: the cell is missing, not infinite.
            values = np.divide(values, by, out=np.full(values.shape, np.nan), where=(by != 0) & ~np.isnan(by))
        columns[node.key] = values
    return pd.DataFrame(columns, index=units)


def _numbers(data: pd.DataFrame, key: str, scheme: Scheme, kind: str) -> FloatArray:
    _need(key, data, scheme, kind)
    numbers = pd.to_numeric(data[key], errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    wrong = (np.isnan(numbers) & data[key].notna().to_numpy()) | np.isinf(numbers)
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise IndicatorValueError(
            f"“{data[key].iloc[row]}”不是数",
            where=f"{key} 列第 {row + 1} 行（{data[scheme.unit].iloc[row]}）",
            why="指标和分母必须是有限的数，缺失请留空",
            todo="改成数字或留空",
            code="not_a_number",
        )
    return numbers


def _groups(data: pd.DataFrame, scheme: Scheme, units: pd.Index) -> pd.Series | None:
    group = scheme.imputation.group
    if group is None:
        return None
    _need(group, data, scheme, "分组列")
    return pd.Series(data[group].to_numpy(), index=units)


def _need(key: str, data: pd.DataFrame, scheme: Scheme, kind: str) -> None:
    if key in data.columns:
        return
    guess = nearest(key, [str(column) for column in data.columns])
    raise UnknownIndicatorError(
        f"数据里没有名为“{key}”的{kind}",
        where=f"方案 {scheme.name}",
        why="方案里的每个键都要在数据的列名中找到",
        todo=f"是否想写“{guess}”" if guess else "改正方案，或在数据中补上这一列",
        code="unknown_indicator",
    )


def _scores(scheme: Scheme, normalised: pd.DataFrame, mean: Mean | None) -> tuple[pd.Series, pd.DataFrame]:
    scores = {key: normalised[key].to_numpy() for key in normalised.columns}
    found = aggregate(scheme, scores, mean=mean)
    order = [node.key for node in scheme.nodes if node.key in found]
    nodes = pd.DataFrame({key: found[key] for key in order}, index=normalised.index)
    return nodes[scheme.root.key], nodes


def _other_mean(scheme: Scheme, normalised: pd.DataFrame) -> pd.Series:
    other = Mean.ARITHMETIC if scheme.aggregation.mean is Mean.GEOMETRIC else Mean.GEOMETRIC
    if other is Mean.GEOMETRIC and np.nanmin(normalised.to_numpy()) < 0:
        return pd.Series(np.nan, index=normalised.index)
    return _scores(scheme, normalised, other)[0]


def _ranks(scheme: Scheme, scores: pd.Series) -> pd.Series:
    return pd.Series(min_ranks(scores.to_numpy(), decimals=scheme.rank_decimals), index=scores.index)


def _marked(row: pd.Series) -> list[str]:
    return [str(key) for key in row.index[row.to_numpy(dtype=bool)]]


def _plain(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _plain_rank(value: float) -> int | None:
    return None if np.isnan(value) else int(value)
