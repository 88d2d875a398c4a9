"""A scheme: what an index is made of and how it is computed, as one validated value.

The hierarchy is a list of nodes, each naming its parent; nodes without members are indicators. Weights are read
within a parent: Σ wᵢ·xᵢ / Σ wᵢ over the members of one node.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


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
