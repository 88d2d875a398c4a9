"""`composite` and `rank`: one JSON document, exit status, and a reason of its own for everything that cannot be done."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from click.testing import Result
from sqlalchemy import Engine
from typer.testing import CliRunner

from data.cli import build_app
from data.importing.from_frames import commit_frames
from data.importing.ports import Ports
from data.query import Reader
from data.ranking import SCHEMES, load_scheme
from data.satisfaction import compound_estimates
from data.schema import TABLES
from tests.ranked_city import build_ranked_city

REFERENCE = Path(__file__).parent / "statistics" / "reference"
ASEM = (
    "--data", str(REFERENCE / "asem_iData.csv"), "--meta", str(REFERENCE / "asem_iMeta.csv"),
    "--scheme", str(SCHEMES / "asem.yaml"),
)  # fmt: skip
Command = Callable[..., Result]


@pytest.fixture
def command(store: Engine) -> Command:
    """Runs a command against the store."""

    def run(*words: str) -> Result:
        return CliRunner().invoke(build_app(Ports()), ["--database", str(store.url), *words])

    return run


@pytest.fixture
def ranked(store: Engine, command: Command) -> Command:
    build_ranked_city(store)
    return command


def document(result: Result) -> Any:
    """The one JSON document on standard output; NaN and Infinity are not JSON."""

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    return json.loads(result.stdout, parse_constant=refuse)


def scheme_file(folder: Path, **options: Any) -> str:
    nodes = [
        {"key": "index", "weight": 100},
        {"key": "a", "parent": "index", "weight": 60},
        {"key": "b", "parent": "index", "weight": 40},
    ]
    content = {"name": "t", "version": "1", "unit": "id", "label": "name", "nodes": nodes} | options
    path = folder / "scheme.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return str(path)


def data_file(folder: Path, **columns: list[Any]) -> str:
    frame = {"id": ["p", "q", "r"], "name": ["甲", "乙", None], "a": [1, 2, 4], "b": [3, None, 9]} | columns
    path = folder / "data.csv"
    pd.DataFrame(frame).to_csv(path, index=False)
    return str(path)


def test_composite_prints_the_51_published_scores_and_ranks(command: Command) -> None:
    published = pd.read_csv(REFERENCE / "expected_coin6_scores.csv").set_index("UnitCode")
    result = command("composite", *ASEM, "--json")
    assert result.exit_code == 0
    rows = {row["unit"]: row for row in document(result)["rows"]}
    assert len(rows) == 51
    assert {unit: (round(row["score"], 2), row["rank"]) for unit, row in rows.items()} == {
        unit: (row["Index"], row["Rank"]) for unit, row in published.iterrows()
    }


def test_a_scheme_that_lists_its_nodes_needs_no_meta_table_and_missing_is_null(
    command: Command, tmp_path: Path
) -> None:
    words = ("composite", "--data", data_file(tmp_path), "--scheme", scheme_file(tmp_path))
    result = command(*words, "--json")
    assert result.exit_code == 0
    found = document(result)
    assert found["weights"] == {"a": 60, "b": 40}
    rows = {row["unit"]: row for row in found["rows"]}
    assert rows["q"]["availability"] == 0.5
    assert rows["q"]["score"] == pytest.approx(100 / 3)
    # A unit without a name is called by its code.
    assert rows["r"]["label"] == "r"
    shown = command(*words)
    assert shown.exit_code == 0
    assert "nan" not in shown.stdout.lower()


LOOP = [{"key": "index"}, {"key": "a", "parent": "b"}, {"key": "b", "parent": "a"}]
STRANGER = [{"key": "index"}, {"key": "a", "parent": "index"}, {"key": "aa", "parent": "index"}]
SHORT = [{"key": "index", "weight": 100}, {"key": "a", "parent": "index", "weight": 90}]
REFUSED: dict[str, tuple[dict[str, Any], dict[str, list[Any]], str, str]] = {
    "weights that do not sum": (
        {"nodes": SHORT, "weights": {"rule": "points", "total": 100}}, {}, "weight_sum", "合计 90 分",
    ),
    "a cycle": ({"nodes": LOOP}, {}, "cycle", "a → b → a"),
    "an unknown indicator": ({"nodes": STRANGER}, {}, "unknown_indicator", "没有名为“aa”的指标"),
    "a constant indicator": ({}, {"a": [5, 5, 5]}, "constant_indicator", "指标“a”所有单元都是 5"),
    "an indicator nobody reported": ({}, {"b": [None, None, None]}, "empty_indicator", "指标“b”没有一个单元有值"),
    "text for a number": ({}, {"a": [1, "许多", 2]}, "not_a_number", "“许多”不是数"),
    "an infinite value": ({}, {"a": [1, float("inf"), 2]}, "not_a_number", "有限的数"),
    "a unit twice": ({}, {"id": ["p", "p", "q"]}, "duplicate_unit", "单元“p”"),
    "too little of everything": (
        {"availability": 0.9}, {"b": [None, None, None]}, "nothing_scored", "没有一个单元的数据足够评分",
    ),
    "structure in a table that is not given": (
        {"nodes": None, "structure": "meta"}, {}, "no_structure", "没有给元数据表",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_composite_refuses_each_mistake_in_its_own_words(command: Command, tmp_path: Path, case: str) -> None:
    options, columns, code, words = REFUSED[case]
    options = {key: value for key, value in options.items() if value is not None}
    path = scheme_file(tmp_path, **options)
    if "structure" in options:
        content = yaml.safe_load(Path(path).read_text("utf-8"))
        del content["nodes"]
        Path(path).write_text(yaml.safe_dump(content), encoding="utf-8")
    result = command("composite", "--data", data_file(tmp_path, **columns), "--scheme", path, "--json")
    assert result.exit_code == 1
    problem = document(result)["problems"][0]
    assert problem["code"] == code
    assert words in problem["message"]
    assert result.stderr.strip() == problem["message"]


def test_each_mistake_has_a_code_of_its_own() -> None:
    codes = [code for _, _, code, _ in REFUSED.values()]
    assert len(set(codes)) >= len(codes) - 1, "only the two kinds of bad number share one"


@pytest.mark.parametrize("content", ["a: [1, 2", "- a\n- b\n", "\x00\x01", "", "只是一句话"])
def test_a_scheme_file_that_is_no_scheme_is_refused(command: Command, tmp_path: Path, content: str) -> None:
    path = tmp_path / "garbage.yaml"
    path.write_text(content, encoding="utf-8")
    result = command("composite", "--data", data_file(tmp_path), "--scheme", str(path))
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "garbage.yaml" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("option", ["--data", "--meta", "--scheme"])
def test_a_missing_file_is_named(command: Command, option: str) -> None:
    words = list(ASEM)
    words[words.index(option) + 1] = "没有这个.csv"
    result = command("composite", *words)
    assert result.exit_code == 1
    assert "没有这个.csv" in result.stderr


@pytest.mark.parametrize("words", [("composite",), ("composite", *ASEM, "--best"), ("rank", "--month")])
def test_wrong_usage_ends_with_two(command: Command, words: tuple[str, ...]) -> None:
    result = command(*words)
    assert result.exit_code == 2
    assert result.stdout == ""


def indicator_scheme(folder: Path, *keys: str, **options: Any) -> str:
    nodes: list[dict[str, Any]] = [{"key": "own", "weight": 100}]
    nodes += [{"key": key, "parent": "own", "weight": 100 / len(keys)} for key in keys]
    scale = {"method": "bounds", "worst": 0, "best": 1}
    return scheme_file(folder, **({"nodes": nodes, "unit": "compound_id", "normalisation": scale} | options))


@pytest.mark.parametrize("scheme", ["wanmei", "four_homes", str(SCHEMES / "four_homes.yaml")])
def test_rank_never_gives_a_rank_without_its_range_and_tier(ranked: Command, scheme: str) -> None:
    result = ranked("rank", "--scheme", scheme, "--json")
    assert result.exit_code == 0
    found = document(result)
    assert found["weights"] == {n.key: n.weight for n in load_scheme(scheme).nodes if n.parent}
    placed = [row for row in found["rows"] if row["rank"] is not None]
    assert placed
    for row in placed:
        assert isinstance(row["rank"], int)
        assert row["rank_low"] <= row["rank_high"]
        assert 0 <= row["probability_top"] <= 1
        assert row["tier"] in ("一档", "二档", "三档")
        assert (row["eligibility"], row["reasons"]) == ("可参评", [])
    held = [row for row in found["rows"] if row["rank"] is None]
    assert {row["tier"] for row in held} <= {"不参评"}
    assert all(row["reasons"] or row["score"] is None for row in held)


def test_rank_shows_a_person_tiers_and_ranges_and_no_bare_positions(ranked: Command) -> None:
    result = ranked("rank")
    assert result.exit_code == 0
    lines = [line.split("\t") for line in result.stdout.splitlines()[1:]]
    assert lines[0][:5] == ["档次", "小区", "编号", "得分", "名次区间（5–95%）"]
    assert all("–" in line[4] or line[4] == "—" for line in lines[1:])
    assert "nan" not in result.stdout.lower()


def test_rank_takes_a_citys_own_scheme(ranked: Command, tmp_path: Path) -> None:
    result = ranked(
        "rank", "--scheme", indicator_scheme(tmp_path, "fee_collection_rate", "case_response_rate"), "--json"
    )
    assert result.exit_code == 0
    assert {row["tier"] for row in document(result)["rows"]} >= {"一档", "三档"}


RANK_REFUSED: dict[str, tuple[Callable[[Path], tuple[str, ...]], int, str, str]] = {
    "an unknown scheme": (lambda _: ("--scheme", "wanmai"), 1, "unknown_scheme", "是否想写“wanmei”"),
    "a missing file": (lambda _: ("--scheme", "没有.yaml"), 1, "no_scheme_file", "没有.yaml"),
    "a scheme of something else": (
        lambda _: ("--scheme", str(SCHEMES / "asem.yaml")), 1, "not_of_compounds", "unit: compound_id",
    ),
    "an unknown indicator": (
        lambda folder: ("--scheme", indicator_scheme(folder, "fee_collection_rat")), 1, "unknown_key",
        "是否想写“fee_collection_rate”",
    ),
    "an indicator that is the same everywhere": (
        lambda folder: ("--scheme", indicator_scheme(folder, "compounds", normalisation={"method": "minmax"})), 1,
        "constant_indicator", "所有单元都是 1",
    ),
    "weights that do not sum": (
        lambda folder: ("--scheme", scheme_file(folder, nodes=SHORT, weights={"rule": "points", "total": 100})), 1,
        "weight_sum", "合计 90 分",
    ),
    "a month without data": (lambda _: ("--month", "2031-01"), 1, "no_such_month", "没有 2031-01 的数据"),
    "no month at all": (lambda _: ("--month", "十月"), 2, "bad_month", "“十月”不是月份"),
    "a month that does not exist": (lambda _: ("--month", "2026-13"), 2, "bad_month", "2026-13"),
}  # fmt: skip


@pytest.mark.parametrize("case", RANK_REFUSED)
def test_rank_refuses_each_mistake_in_its_own_words(ranked: Command, tmp_path: Path, case: str) -> None:
    words, status, code, said = RANK_REFUSED[case]
    result = ranked("rank", *words(tmp_path), "--json")
    assert result.exit_code == status
    problem = document(result)["problems"][0]
    assert problem["code"] == code
    assert said in problem["message"]
    assert said in result.stderr


def test_an_empty_store_is_told_what_it_lacks(command: Command) -> None:
    result = command("rank", "--json")
    assert result.exit_code == 1
    assert "没有任何月份" in result.stderr


def answers(**counts: int) -> pd.DataFrame:
    row = {"compound_id": "C000", "wave": "2026-10", "question": "总体满意", "method": "入户", "invited": 40}
    return pd.DataFrame([row | counts])


def test_a_wave_with_more_satisfied_than_valid_is_refused_before_anything_is_computed(
    ranked: Command, tmp_path: Path
) -> None:
    path = tmp_path / "满意度.csv"
    headings = {
        "compound_id": "小区编号",
        "wave": "调查期",
        "question": "题目",
        "method": "调查方式",
        "invited": "发放数",
    }
    headings |= {"valid": "有效数", "satisfied": "满意数"}
    named = {name: TABLES["survey"].c[name].info["zh"] for name in headings}
    answers(valid=7, satisfied=8).rename(columns=named).to_csv(path, index=False)
    before = document(ranked("indicator", "satisfaction", "--compound", "C000", "--json"))
    result = ranked("import", str(path), "--table", "survey", "--json")
    assert result.exit_code == 1
    problems = [p for f in document(result)["files"] for s in f["sheets"] for p in s["problems"]]
    assert [p["code"] for p in problems] == ["part_above_whole"]
    assert "满意数多于有效数" in problems[0]["message"]
    assert document(ranked("indicator", "satisfaction", "--compound", "C000", "--json")) == before


def test_a_wave_without_valid_answers_cannot_be_computed_and_says_so(store: Engine, ranked: Command) -> None:
    commit_frames(store, {"survey": answers(valid=0, satisfied=0)}, actor="试")
    result = ranked("indicator", "satisfaction", "--compound", "C000", "--month", "2026-10", "--json")
    assert result.exit_code == 0
    row = document(result)["rows"][0]
    assert [row[key] for key in ("value", "low", "high")] == [None, None, None]
    shown = ranked("indicator", "satisfaction", "--compound", "C000", "--month", "2026-10")
    assert "分母为0，无法计算" in shown.stdout
    assert "nan" not in shown.stdout.lower()
    estimate = compound_estimates(Reader(store), "2026-10").set_index("compound_id").loc["C000"]
    assert estimate["wave"] != "2026-10"
    assert document(ranked("rank", "--json"))["rows"]
