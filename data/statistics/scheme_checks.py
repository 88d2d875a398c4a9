"""Is a scheme one tree with sensible weights and scales? Everything that can be refused without data."""

from __future__ import annotations

from collections.abc import Iterable

from data.errors import nearest
from data.statistics.scheme import NormalisationMethod, Scheme, WeightRule
from data.statistics.scheme_errors import (
    CycleError,
    DuplicateKeyError,
    HierarchyError,
    OptionValueError,
    WeightError,
)

_SUM_TOLERANCE = 1e-6


def check_structure(scheme: Scheme) -> None:
    """Refuse a hierarchy that is not one tree with sensible weights and scales.

    Raises:
        DuplicateKeyError, HierarchyError, CycleError, WeightError, OptionValueError: the first thing wrong, with
        the node it is wrong at.
    """
    where = f"方案 {scheme.name}"
    keys = [node.key for node in scheme.nodes]
    seen: set[str] = set()
    for key in keys:
        if key in seen:
            raise DuplicateKeyError(
                f"“{key}”出现了两次",
                where=where,
                why="每个指标或维度只能有一个键",
                todo="改名或删去其中一个",
                code="duplicate_key",
            )
        seen.add(key)
    _check_parents(scheme, keys, where)
    _check_cycles(scheme, where)
    _check_shape(scheme, where)
    _check_weights(scheme, where)
    _check_scales(scheme, where)


def _check_parents(scheme: Scheme, keys: Iterable[str], where: str) -> None:
    known = set(keys)
    for node in scheme.nodes:
        if node.parent is not None and node.parent not in known:
            guess = nearest(node.parent, known)
            raise HierarchyError(
                f"“{node.key}”的上级“{node.parent}”不存在",
                where=where,
                why="上级必须是本方案里的一个维度",
                todo=f"是否想写“{guess}”" if guess else "补上这个维度，或改正上级",
                code="unknown_parent",
            )


def _check_cycles(scheme: Scheme, where: str) -> None:
    parent = {node.key: node.parent for node in scheme.nodes}
    for start in parent:
        path: list[str] = []
        key: str | None = start
        while key is not None:
            if key in path:
                loop = [*path[path.index(key) :], key]
                raise CycleError(
                    f"层级成环：{' → '.join(loop)}",
                    where=where,
                    why="一个节点不能是自己的上级",
                    todo="改正其中一个节点的 parent",
                    code="cycle",
                )
            path.append(key)
            key = parent[key]


def _check_shape(scheme: Scheme, where: str) -> None:
    roots = [node.key for node in scheme.nodes if node.parent is None]
    if len(roots) != 1:
        raise HierarchyError(
            f"最上层应恰好有一个节点，现有 {len(roots)} 个" + (f"：{'、'.join(roots)}" if roots else ""),
            where=where,
            why="总分只有一个",
            todo="给多出的节点写上 parent" if roots else "补上总分节点",
            code="not_one_root",
        )
    parents = {node.parent for node in scheme.nodes}
    for node in scheme.nodes:
        if node.key not in parents and (node.is_aggregate or node.parent is None):
            raise HierarchyError(
                f"维度“{node.key}”下没有任何指标",
                where=where,
                why="空的维度算不出得分",
                todo="给它加上指标，或删去它",
                code="empty_aggregate",
            )
    unknown = [key for key in scheme.aggregation.nodes if key not in parents]
    if unknown:
        raise HierarchyError(
            f"aggregation.nodes 里的“{unknown[0]}”不是本方案的维度",
            where=where,
            why="只有维度才有合成方法",
            todo="改成一个维度的键",
            code="unknown_parent",
        )


def _check_weights(scheme: Scheme, where: str) -> None:
    for node in scheme.nodes:
        if not 0 <= node.weight < float("inf"):
            raise WeightError(
                f"“{node.key}”的权重 {node.weight:g} 不成立",
                where=where,
                why="权重不能为负数或无穷大",
                todo="改成 0 或正数；方向相反的指标用 direction: -1",
                code="bad_weight",
            )
    for node in scheme.nodes:
        members = scheme.members(node.key)
        if not members:
            continue
        total = sum(member.weight for member in members)
        if total <= 0:
            raise WeightError(
                f"“{node.key}”下各项权重全为 0",
                where=where,
                why="没有权重就没有平均数",
                todo="至少给一项正的权重",
                code="zero_weights",
            )
        if scheme.weight_rule is WeightRule.POINTS and abs(total - node.weight) > _SUM_TOLERANCE:
            raise WeightError(
                f"“{node.key}”记 {node.weight:g} 分，但下面 {len(members)} 项合计 {total:g} 分",
                where=where,
                why="按分值计的方案，各项之和必须等于上级的分值",
                todo="改正其中一项的分值",
                code="weight_sum",
            )
    if scheme.weight_rule is WeightRule.POINTS and abs(scheme.root.weight - scheme.weight_total) > _SUM_TOLERANCE:
        raise WeightError(
            f"总分记 {scheme.root.weight:g} 分，应为 {scheme.weight_total:g} 分",
            where=where,
            why="weights.total 规定了总分",
            todo="改正总分节点的 weight 或 weights.total",
            code="weight_sum",
        )


def _check_scales(scheme: Scheme, where: str) -> None:
    for node in scheme.nodes:
        if node.direction not in (1, -1):
            raise OptionValueError(
                f"“{node.key}”的 direction 为 {node.direction}",
                where=where,
                why="只有 1（越大越好）和 -1（越小越好）",
                todo="改成 1 或 -1",
                code="bad_option",
            )
    for node in scheme.indicators:
        scale = scheme.normalisation_of(node)
        if scale.method is not NormalisationMethod.BOUNDS:
            continue
        if scale.worst is None or scale.best is None or scale.worst == scale.best:
            raise OptionValueError(
                f"“{node.key}”按固定上下限计分，但没有写明不同的 worst 和 best",
                where=where,
                why="固定上下限必须两端都有",
                todo="写上 normalisation: {method: bounds, worst: …, best: …}",
                code="bad_option",
            )
        if (scale.best - scale.worst) * node.direction < 0:
            raise OptionValueError(
                f"“{node.key}”的 worst、best 与 direction 相反",
                where=where,
                why="direction: 1 时 best 应大于 worst，direction: -1 时相反",
                todo="调换 worst 和 best，或改正 direction",
                code="bad_option",
            )
