"""A scheme: what an index is made of and how it is computed, as one validated value.

The hierarchy is a list of nodes, each naming its parent; nodes without members are indicators. Weights are read
within a parent: Σ wᵢ·xᵢ / Σ wᵢ over the members of one node.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from data.errors import nearest
from data.statistics.scheme_errors import (
    CycleError,
    DuplicateKeyError,
    HierarchyError,
    OptionValueError,
    WeightError,
)

_SUM_TOLERANCE = 1e-6


class NormalisationMethod(StrEnum):
    MINMAX = "minmax"
    BOUNDS = "bounds"
    ZSCORE = "zscore"
    RANK = "rank"


class ImputationMethod(StrEnum):
    NONE = "none"
    MEAN = "mean"
    GROUP_MEAN = "group_mean"


class Mean(StrEnum):
    ARITHMETIC = "arithmetic"
    GEOMETRIC = "geometric"


class WeightRule(StrEnum):
    """What weights must sum to: nothing (RELATIVE), their parent's weight and the root's total (POINTS)."""

    RELATIVE = "relative"
    POINTS = "points"


class LogFallback(StrEnum):
    """Transform of an indicator that winsorising could not calm: none, or ln(x − min + 1 % of the range)."""

    NONE = "none"
    SHIFTED = "shifted"


class Role(StrEnum):
    """Process (what was done) and outcome (what came of it) are shown apart."""

    PROCESS = "process"
    OUTCOME = "outcome"


class Origin(StrEnum):
    """Whether a node's weight is published or this project's proposal."""

    PUBLISHED = "published"
    PROPOSAL = "proposal"


@dataclass(frozen=True, slots=True)
class Normalisation:
    """How a column becomes a score.

    MINMAX: low + (x − min)/(max − min)·(high − low) over the units at hand. BOUNDS: the same between fixed worst
    and best values, clipped. ZSCORE: mean + sd·(x − x̄)/s. RANK: low + (min-rank − 1)/(N − 1)·(high − low).
    """

    method: NormalisationMethod = NormalisationMethod.MINMAX
    low: float = 0.0
    high: float = 100.0
    mean: float = 0.0
    sd: float = 1.0
    worst: float | None = None
    best: float | None = None


@dataclass(frozen=True, slots=True)
class Imputation:
    method: ImputationMethod = ImputationMethod.NONE
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Treatment:
    """Winsorise at most `max_points` values while |skewness| ≥ `skewness` and excess kurtosis ≥ `kurtosis`."""

    max_points: int = 0
    skewness: float = 2.0
    kurtosis: float = 3.5
    log: LogFallback = LogFallback.NONE


@dataclass(frozen=True, slots=True)
class Aggregation:
    """Mean at every node, exceptions by node key, and the lowest score a geometric mean may see.

    Scores are mapped linearly from [low, high] to [geometric_floor, high] before a geometric mean, so that one
    zero does not erase everything else; 0 leaves them as they are.
    """

    mean: Mean = Mean.ARITHMETIC
    nodes: Mapping[str, Mean] = field(default_factory=dict)
    geometric_floor: float = 1.0

    def mean_of(self, key: str) -> Mean:
        return self.nodes.get(key, self.mean)


@dataclass(frozen=True, slots=True)
class Node:
    """One node of the hierarchy; an indicator when no other node names it as parent."""

    key: str
    title: str = ""
    parent: str | None = None
    weight: float = 1.0
    direction: int = 1
    denominator: str | None = None
    normalisation: Normalisation | None = None
    is_treated: bool = True
    is_aggregate: bool = False
    role: Role | None = None
    origin: Origin | None = None
    source: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Scheme:
    """A whole scheme. With no nodes its structure comes from the meta table of the data set it is run on."""

    name: str
    version: str
    title: str = ""
    source: str = ""
    note: str = ""
    unit: str = "uCode"
    label: str | None = "uName"
    nodes: tuple[Node, ...] = ()
    use_denominators: bool = True
    imputation: Imputation = field(default_factory=Imputation)
    treatment: Treatment = field(default_factory=Treatment)
    normalisation: Normalisation = field(default_factory=Normalisation)
    aggregation: Aggregation = field(default_factory=Aggregation)
    availability: float | None = None
    weight_rule: WeightRule = WeightRule.RELATIVE
    weight_total: float = 100.0
    rank_decimals: int = 2
    gates: tuple[str, ...] = ()

    @property
    def root(self) -> Node:
        return next(node for node in self.nodes if node.parent is None)

    @property
    def indicators(self) -> tuple[Node, ...]:
        """Nodes without members, in file order: the columns of every units × indicators array."""
        parents = {node.parent for node in self.nodes}
        return tuple(node for node in self.nodes if node.key not in parents)

    def members(self, key: str) -> tuple[Node, ...]:
        return tuple(node for node in self.nodes if node.parent == key)

    def node(self, key: str) -> Node:
        return next(node for node in self.nodes if node.key == key)

    def normalisation_of(self, node: Node) -> Normalisation:
        return node.normalisation or self.normalisation


def global_weights(scheme: Scheme) -> dict[str, float]:
    """Share of each indicator in the root score when nothing is missing and all means are arithmetic; sums to 1."""
    shares: dict[str, float] = {}

    def descend(key: str, share: float) -> None:
        members = scheme.members(key)
        if not members:
            shares[key] = share
            return
        total = sum(member.weight for member in members)
        for member in members:
            descend(member.key, share * member.weight / total)

    descend(scheme.root.key, 1.0)
    return shares


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
