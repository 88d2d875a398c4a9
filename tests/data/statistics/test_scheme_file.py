from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from data.statistics.scheme import Origin, Role, global_weights
from data.statistics.scheme_errors import (
    CycleError,
    DuplicateKeyError,
    HierarchyError,
    OptionValueError,
    SchemeError,
    UnknownOptionError,
    UnreadableSchemeError,
    WeightError,
)
from data.statistics.scheme_file import read_scheme, scheme_from_mapping, with_structure

SCHEMES = Path(__file__).parents[3] / "docs" / "schemes"


def document(nodes: list[dict[str, Any]] | None = None, **options: Any) -> dict[str, Any]:
    listed = nodes or [{"key": "index"}, {"key": "a", "parent": "index"}, {"key": "b", "parent": "index"}]
    return {"name": "t", "version": "1", "nodes": listed, **options}


def test_the_hundred_points_are_those_of_the_published_table() -> None:
    scheme = read_scheme(SCHEMES / "wanmei.yaml")
    points = {node.key: node.weight for node in scheme.members("wanmei")}
    assert list(points.values()) == [20, 20, 25, 20, 15]
    split = {key: [node.weight for node in scheme.members(key)] for key in points}
    assert list(split.values()) == [[6, 5, 4, 3, 2], [6, 4, 5, 5], [10, 7, 5, 3], [6, 7, 7], [10, 5]]
    assert sum(global_weights(scheme).values()) == pytest.approx(1)


@pytest.mark.parametrize("name", ["wanmei", "four_homes"])
def test_own_schemes_say_what_is_published_and_what_is_proposed(name: str) -> None:
    scheme = read_scheme(SCHEMES / f"{name}.yaml")
    assert scheme.version
    assert "建议" in scheme.source
    assert all(node.origin in Origin for node in scheme.nodes if node.parent is not None)
    assert {node.role for node in scheme.indicators} == set(Role)
    assert scheme.gates == ("no_branch", "satisfaction_red", "open_incident", "unanswered_objection")


def test_the_four_homes_have_equal_parts() -> None:
    scheme = read_scheme(SCHEMES / "four_homes.yaml")
    assert [node.weight for node in scheme.members("four_homes")] == [25, 25, 25, 25]


@pytest.mark.parametrize("path", sorted(SCHEMES.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_scheme_is_valid_and_named_after_its_file(path: Path) -> None:
    assert read_scheme(path).name == path.stem


POINTS = {"rule": "points", "total": 100}
BAD: list[tuple[dict[str, Any], type[SchemeError], str]] = [
    (
        document(
            [
                {"key": "i", "weight": 100},
                {"key": "a", "parent": "i", "weight": 60},
                {"key": "b", "parent": "i", "weight": 30},
            ],
            weights=POINTS,
        ),
        WeightError,
        "“i”记 100 分，但下面 2 项合计 90 分",
    ),
    (
        document([{"key": "i", "weight": 90}, {"key": "a", "parent": "i", "weight": 90}], weights=POINTS),
        WeightError,
        "总分记 90 分，应为 100 分",
    ),
    (document([{"key": "i"}, {"key": "a", "parent": "i", "weight": -1}]), WeightError, "权重 -1"),
    (document([{"key": "i"}, {"key": "a", "parent": "i", "weight": 0}]), WeightError, "权重全为 0"),
    (
        document([{"key": "i"}, {"key": "a", "parent": "b"}, {"key": "b", "parent": "a"}]),
        CycleError,
        "a → b → a",
    ),
    (
        document([{"key": "i"}, {"key": "a", "parent": "i"}, {"key": "a", "parent": "i"}]),
        DuplicateKeyError,
        "“a”出现了两次",
    ),
    (document([{"key": "index"}, {"key": "a", "parent": "indx"}]), HierarchyError, "是否想写“index”"),
    (document([{"key": "i"}, {"key": "a", "parent": "i"}, {"key": "j"}]), HierarchyError, "现有 2 个：i、j"),
    (
        document([{"key": "i"}, {"key": "a", "parent": "i"}, {"key": "d", "parent": "i", "kind": "aggregate"}]),
        HierarchyError,
        "维度“d”下没有任何指标",
    ),
    (document(normalization={}), UnknownOptionError, "是否想写“normalisation”"),
    (document([{"key": "i"}, {"key": "a", "parent": "i", "wieght": 2}]), UnknownOptionError, "是否想写“weight”"),
    (document(normalisation={"method": "maxmin"}), OptionValueError, "minmax、bounds、zscore、rank"),
    (document(normalisation={"low": 5, "high": 5}), OptionValueError, "大于 low"),
    (document(normalisation={"method": "bounds"}), OptionValueError, "worst 和 best"),
    (
        document(
            [{"key": "i"}, {"key": "a", "parent": "i", "direction": -1}],
            normalisation={"method": "bounds", "worst": 0, "best": 1},
        ),
        OptionValueError,
        "与 direction 相反",
    ),
    (document([{"key": "i"}, {"key": "a", "parent": "i", "direction": 2}]), OptionValueError, "direction 为 2"),
    (document(imputation={"method": "group_mean"}), OptionValueError, "分组列名"),
    (document(availability=90), OptionValueError, "0 到 1 之间"),
    (document(treatment={"max_points": 2.5}), OptionValueError, "整数"),
    (document(gates=["no_brunch"]), OptionValueError, "no_branch"),
    (document(denominators="yes please"), OptionValueError, "true 或 false"),
    (document(aggregation={"nodes": {"a": "geometric"}}), HierarchyError, "不是本方案的维度"),
    (document(structure="meta"), OptionValueError, "二者取一"),
    ({"name": "t", "nodes": []}, OptionValueError, "没有写 version"),
    ({"name": "t", "version": "1"}, OptionValueError, "层级没有写清楚"),
]


@pytest.mark.parametrize(("content", "error", "words"), BAD)
def test_each_mistake_in_a_scheme_has_its_own_error(
    content: dict[str, Any], error: type[SchemeError], words: str, tmp_path: Path
) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    with pytest.raises(error) as refusal:
        read_scheme(path)
    assert type(refusal.value) is error
    assert words in str(refusal.value)
    assert "wrong.yaml" in str(refusal.value)
    assert "处理：" in str(refusal.value)


@pytest.mark.parametrize("content", [b"a: [1, 2", b"- a\n- b\n", b"\xff\xfe\x00", b""])
def test_a_file_that_is_no_scheme_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "broken.yaml"
    path.write_bytes(content)
    with pytest.raises(UnreadableSchemeError):
        read_scheme(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSchemeError, match="不存在"):
        read_scheme(tmp_path / "none.yaml")


def test_structure_from_a_meta_table_needs_its_columns_and_a_tree() -> None:
    scheme = scheme_from_mapping({"name": "t", "version": "1", "structure": "meta"})
    meta = pd.DataFrame(
        {"iCode": ["a", "i", "g"], "Parent": ["i", None, None], "Type": ["Indicator", "Aggregate", "Group"]}
    )
    assert [node.key for node in with_structure(scheme, meta).indicators] == ["a"]
    with pytest.raises(HierarchyError, match="缺少“Type”列"):
        with_structure(scheme, meta.drop(columns="Type"))
    looped = meta.assign(Parent=["i", "a", None])
    with pytest.raises(CycleError):
        with_structure(scheme, looped)
