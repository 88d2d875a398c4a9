"""Schemes from YAML files and from meta tables (columns as in the COINr package's iMeta)."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
import yaml

from data.errors import nearest
from data.statistics.gates import GateReason
from data.statistics.scheme import (
    Aggregation,
    Imputation,
    ImputationMethod,
    LogFallback,
    Mean,
    Node,
    Normalisation,
    NormalisationMethod,
    Origin,
    Role,
    Scheme,
    Treatment,
    WeightRule,
)
from data.statistics.scheme_checks import check_structure
from data.statistics.scheme_errors import (
    HierarchyError,
    OptionValueError,
    SchemeError,
    UnknownOptionError,
    UnreadableSchemeError,
)

Choice = TypeVar("Choice", bound=StrEnum)
# libyaml where PyYAML was built with it.
SAFE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Mapped = Mapping[str, Any]

_TOP = [
    "name",
    "version",
    "title",
    "source",
    "note",
    "unit",
    "label",
    "structure",
    "nodes",
    "denominators",
    "imputation",
    "treatment",
    "normalisation",
    "aggregation",
    "availability",
    "weights",
    "ranks",
    "gates",
]
_NODE = [
    "key",
    "title",
    "parent",
    "weight",
    "direction",
    "denominator",
    "normalisation",
    "treated",
    "kind",
    "role",
    "origin",
    "source",
    "note",
]
_META_COLUMNS = ("iCode", "Parent", "Type")


def read_scheme(path: str | Path) -> Scheme:
    """The scheme in a YAML file, checked as far as it can be without data.

    Raises:
        SchemeError: one of its kinds, with the file named in `where`.
    """
    file = Path(path)
    try:
        content = yaml.load(file.read_text(encoding="utf-8-sig"), Loader=SAFE)  # noqa: S506  both loaders are safe ones
    except FileNotFoundError as error:
        raise UnreadableSchemeError(
            "方案文件不存在", where=str(file), todo="核对路径和文件名", code="no_scheme_file"
        ) from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UnreadableSchemeError(
            "方案文件读不出来",
            where=str(file),
            why="文件须是 UTF-8 编码的 YAML",
            todo="用文本编辑器检查缩进、冒号和引号",
            code="unreadable_scheme",
        ) from error
    try:
        return scheme_from_mapping(content)
    except SchemeError as error:
        error.where = f"{file.name} {error.where}".strip()
        raise


def scheme_from_mapping(content: object) -> Scheme:
    """The scheme that a parsed YAML document describes; see `docs/schemes` for the format.

    Raises:
        UnreadableSchemeError, UnknownOptionError, OptionValueError, HierarchyError, WeightError …
    """
    if not isinstance(content, Mapping):
        raise UnreadableSchemeError(
            "方案文件不是“键: 值”的形式",
            why="最外层应有 name、version 等键",
            todo="对照 docs/schemes 里的例子",
            code="unreadable_scheme",
        )
    _known(content, _TOP, "方案")
    for required in ("name", "version"):
        if not content.get(required):
            raise OptionValueError(
                f"没有写 {required}", why="每个方案都要有名称和版本", todo=f"补上 {required}", code="bad_option"
            )
    weights = _section(content, "weights", ["rule", "total"])
    ranks = _section(content, "ranks", ["decimals"])
    scheme = Scheme(
        name=str(content["name"]),
        version=str(content["version"]),
        title=str(content.get("title", "")),
        source=str(content.get("source", "")),
        note=str(content.get("note", "")),
        unit=str(content.get("unit", "uCode")),
        label=str(content["label"]) if content.get("label") else None,
        nodes=_nodes(content),
        use_denominators=_flag(content, "denominators", True),
        imputation=_imputation(content),
        treatment=_treatment(content),
        normalisation=_normalisation(content.get("normalisation", {}), "normalisation"),
        aggregation=_aggregation(content),
        availability=_availability(content),
        weight_rule=_choice(weights, "rule", WeightRule, WeightRule.RELATIVE),
        weight_total=_number(weights, "total", 100.0),
        rank_decimals=_whole(ranks, "decimals", 2),
        gates=_gates(content),
    )
    if scheme.nodes:
        check_structure(scheme)
    return scheme


def with_structure(scheme: Scheme, meta: pd.DataFrame) -> Scheme:
    """The scheme with nodes taken from a meta table: iCode, Parent, Type, and optionally iName, Direction, Weight,
    Denominator. Rows of Type Indicator and Aggregate are nodes; others (Group, Denominator) are not.

    Raises:
        HierarchyError: a needed column is missing; and whatever `check_structure` finds.
    """
    for column in _META_COLUMNS:
        if column not in meta.columns:
            raise HierarchyError(
                f"元数据表缺少“{column}”列",
                where=f"方案 {scheme.name}",
                why="层级要从 iCode、Parent、Type 三列读出",
                todo="补上这一列，或在方案里直接写 nodes",
                code="meta_column",
            )
    rows = meta[meta["Type"].isin(["Indicator", "Aggregate"])]
    nodes = tuple(_meta_node(row) for row in rows.to_dict(orient="records"))
    found = dataclasses.replace(scheme, nodes=nodes)
    check_structure(found)
    return found


def _meta_node(row: Mapping[Any, Any]) -> Node:
    def given(column: str) -> Any | None:
        value = row.get(column)
        return None if value is None or pd.isna(value) else value

    direction, weight = given("Direction"), given("Weight")
    return Node(
        key=str(row["iCode"]),
        title=str(given("iName") or row["iCode"]),
        parent=given("Parent"),
        weight=1.0 if weight is None else _as_number(weight, f"{row['iCode']} 的 Weight"),
        direction=1 if direction is None else int(_as_number(direction, f"{row['iCode']} 的 Direction")),
        denominator=given("Denominator"),
        is_aggregate=row["Type"] == "Aggregate",
    )


def _nodes(content: Mapped) -> tuple[Node, ...]:
    structure, listed = content.get("structure", "nodes"), content.get("nodes")
    if structure == "meta" and listed is None:
        return ()
    if structure not in ("meta", "nodes") or not isinstance(listed, list) or not listed or structure == "meta":
        raise OptionValueError(
            "层级没有写清楚",
            why="要么 structure: meta（层级取自元数据表），要么写出非空的 nodes 清单，二者取一",
            todo="补上 nodes，或写 structure: meta",
            code="bad_option",
        )
    return tuple(_node(entry) for entry in listed)


def _node(entry: object) -> Node:
    if not isinstance(entry, Mapping) or not entry.get("key"):
        raise OptionValueError("nodes 里有一项没有 key", why="每个节点都要有键", todo="补上 key", code="bad_option")
    key = str(entry["key"])
    _known(entry, _NODE, f"节点 {key}")
    kind = entry.get("kind")
    if kind not in (None, "indicator", "aggregate"):
        raise _bad("kind", kind, f"节点 {key}", "indicator、aggregate")
    own_scale = entry.get("normalisation")
    return Node(
        key=key,
        title=str(entry.get("title", key)),
        parent=str(entry["parent"]) if entry.get("parent") else None,
        weight=_number(entry, "weight", 1.0),
        direction=_whole(entry, "direction", 1),
        denominator=str(entry["denominator"]) if entry.get("denominator") else None,
        normalisation=None if own_scale is None else _normalisation(own_scale, f"节点 {key} 的 normalisation"),
        is_treated=_flag(entry, "treated", True),
        is_aggregate=kind == "aggregate",
        role=_choice(entry, "role", Role, None),
        origin=_choice(entry, "origin", Origin, None),
        source=str(entry.get("source", "")),
        note=str(entry.get("note", "")),
    )


def _normalisation(entry: object, where: str) -> Normalisation:
    if not isinstance(entry, Mapping):
        raise _bad("normalisation", entry, where, "例如 {method: minmax, low: 0, high: 100}")
    _known(entry, [field.name for field in dataclasses.fields(Normalisation)], where)
    scale = Normalisation(
        method=_choice(entry, "method", NormalisationMethod, NormalisationMethod.MINMAX),
        low=_number(entry, "low", 0.0),
        high=_number(entry, "high", 100.0),
        mean=_number(entry, "mean", 0.0),
        sd=_number(entry, "sd", 1.0),
        worst=_number(entry, "worst", 0.0) if "worst" in entry else None,
        best=_number(entry, "best", 0.0) if "best" in entry else None,
    )
    if scale.high <= scale.low:
        raise _bad("high", scale.high, where, f"大于 low（{scale.low:g}）的数")
    if scale.sd <= 0:
        raise _bad("sd", scale.sd, where, "正数")
    return scale


def _imputation(content: Mapped) -> Imputation:
    entry = _section(content, "imputation", ["method", "group"])
    method = _choice(entry, "method", ImputationMethod, ImputationMethod.NONE)
    group = str(entry["group"]) if entry.get("group") else None
    if (method is ImputationMethod.GROUP_MEAN) != (group is not None):
        raise _bad("group", group, "imputation", "method: group_mean 时写分组列名，其他时候不写")
    return Imputation(method=method, group=group)


def _treatment(content: Mapped) -> Treatment:
    entry = _section(content, "treatment", [field.name for field in dataclasses.fields(Treatment)])
    treatment = Treatment(
        max_points=_whole(entry, "max_points", 0),
        skewness=_number(entry, "skewness", 2.0),
        kurtosis=_number(entry, "kurtosis", 3.5),
        log=_choice(entry, "log", LogFallback, LogFallback.NONE),
    )
    if treatment.max_points < 0:
        raise _bad("max_points", treatment.max_points, "treatment", "0 或正整数")
    return treatment


def _aggregation(content: Mapped) -> Aggregation:
    entry = _section(content, "aggregation", ["mean", "nodes", "geometric_floor"])
    exceptions = entry.get("nodes", {})
    if not isinstance(exceptions, Mapping):
        raise _bad("nodes", exceptions, "aggregation", "维度键: arithmetic 或 geometric")
    return Aggregation(
        mean=_choice(entry, "mean", Mean, Mean.ARITHMETIC),
        nodes={str(key): _choice(exceptions, key, Mean, Mean.ARITHMETIC) for key in exceptions},
        geometric_floor=_number(entry, "geometric_floor", 1.0),
    )


def _availability(content: Mapped) -> float | None:
    if content.get("availability") is None:
        return None
    share = _number(content, "availability", 0.0)
    if not 0 <= share <= 1:
        raise _bad("availability", share, "方案", "0 到 1 之间的数，例如 0.9")
    return share


def _gates(content: Mapped) -> tuple[str, ...]:
    listed = content.get("gates") or []
    known = [reason.value for reason in GateReason if reason.is_gate]
    for gate in listed if isinstance(listed, list) else [listed]:
        if gate not in known:
            raise _bad("gates", gate, "方案", "、".join(known))
    return tuple(listed)


def _section(content: Mapped, key: str, known: list[str]) -> Mapped:
    entry = content.get(key, {})
    if not isinstance(entry, Mapping):
        raise _bad(key, entry, "方案", "“键: 值”的形式")
    _known(entry, known, key)
    return entry


def _known(entry: Mapped, known: list[str], where: str) -> None:
    for key in entry:
        if key not in known:
            guess = nearest(str(key), known)
            raise UnknownOptionError(
                f"不认识“{key}”",
                where=where,
                why=f"这里可以写：{'、'.join(known)}",
                todo=f"是否想写“{guess}”" if guess else "删去或改正",
                code="unknown_option",
            )


def _choice(entry: Mapped, key: Any, kind: type[Choice], default: Choice | None) -> Any:
    value = entry.get(key)
    if value is None:
        return default
    try:
        return kind(value)
    except ValueError as error:
        raise _bad(str(key), value, "方案", "、".join(member.value for member in kind)) from error


def _number(entry: Mapped, key: str, default: float) -> float:
    return _as_number(entry[key], key) if entry.get(key) is not None else default


def _as_number(value: object, key: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        raise _bad(key, value, "方案", "数字")
    return float(value)


def _whole(entry: Mapped, key: str, default: int) -> int:
    value = _number(entry, key, float(default))
    if not value.is_integer():
        raise _bad(key, value, "方案", "整数")
    return int(value)


def _flag(entry: Mapped, key: str, default: bool) -> bool:
    value = entry.get(key, default)
    if not isinstance(value, bool):
        raise _bad(key, value, "方案", "true 或 false")
    return value


def _bad(key: str, value: object, where: str, allowed: str) -> OptionValueError:
    return OptionValueError(
        f"{key} 的值“{value}”不成立", where=where, why=f"可以是：{allowed}", todo="改正这个值", code="bad_option"
    )
