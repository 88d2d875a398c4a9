import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import UnreadableFileError
from data.statistics.composite import (
    CompositeResult,
    composite_command,
    composite_json,
    role_scores,
    run_composite,
)
from data.statistics.scheme import (
    Aggregation,
    Imputation,
    ImputationMethod,
    LogFallback,
    Mean,
    Node,
    Normalisation,
    NormalisationMethod,
    Role,
    Scheme,
    Treatment,
    global_weights,
)
from data.statistics.scheme_errors import (
    ConstantIndicatorError,
    DuplicateUnitError,
    EmptyIndicatorError,
    GeometricMeanError,
    HierarchyError,
    IndicatorValueError,
    SchemeError,
    UnknownIndicatorError,
)
from data.statistics.scheme_file import read_scheme

REFERENCE = Path(__file__).parent / "reference"
SCHEMES = Path(__file__).parents[3] / "docs" / "schemes"
ASEM = (REFERENCE / "asem_iData.csv", REFERENCE / "asem_iMeta.csv")


@pytest.fixture(scope="module")
def asem() -> Scheme:
    return read_scheme(SCHEMES / "asem.yaml")


@pytest.fixture(scope="module")
def tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    return pd.read_csv(ASEM[0]), pd.read_csv(ASEM[1])


def test_the_command_gives_the_51_published_scores_and_ranks() -> None:
    published = pd.read_csv(REFERENCE / "expected_coin6_scores.csv").set_index("UnitCode")
    document = json.loads(json.dumps(composite_command(*ASEM, SCHEMES / "asem.yaml"), allow_nan=False))
    rows = {row["unit"]: row for row in document["rows"]}
    assert document["scheme"] == "asem"
    assert len(rows) == len(published) == 51
    for unit, expected in published.iterrows():
        assert round(rows[unit]["score"], 2) == expected["Index"]
        assert rows[unit]["rank"] == expected["Rank"]
        for key, score in rows[unit]["dimensions"].items():
            assert round(score, 2) == expected[key]


def test_the_same_points_are_winsorised_as_published(asem: Scheme, tables: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    published = pd.read_csv(REFERENCE / "expected_coin6_treat_summary.csv").set_index("IndCode")
    changed = run_composite(*tables, asem).is_winsorised.sum()
    expected = (published["Low"] + published["High"]).reindex(changed.index)
    assert changed.tolist() == expected.tolist()


def test_rank_normalisation_gives_the_published_ranks(asem: Scheme, tables: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    scheme = dataclasses.replace(asem, normalisation=Normalisation(method=NormalisationMethod.RANK))
    ranks = run_composite(*tables, scheme).rank
    # COINr documentation, article on adjustments, column Prank.
    published = {
        "CHE": 1,
        "DNK": 2,
        "NOR": 3,
        "NLD": 4,
        "SWE": 5,
        "AUT": 6,
        "BEL": 7,
        "DEU": 8,
        "SVN": 9,
        "LUX": 10,
        "LTU": 11,
        "GBR": 12,
    }
    published |= {
        "EST": 16,
        "PRT": 17,
        "MLT": 19,
        "HRV": 23,
        "ESP": 24,
        "JPN": 31,
        "LAO": 39,
        "BGD": 44,
        "PAK": 47,
        "MNG": 48,
        "IDN": 49,
        "CHN": 51,
    }
    assert {unit: int(ranks[unit]) for unit in published} == published


def test_availability_cut_without_imputation_gives_the_published_ranks(
    asem: Scheme, tables: tuple[pd.DataFrame, pd.DataFrame]
) -> None:
    result = run_composite(*tables, dataclasses.replace(asem, imputation=Imputation(), availability=0.9))
    # COINr documentation, article on adjustments, column Screen90: five countries drop out.
    assert result.is_scored[~result.is_scored].index.tolist() == ["BGD", "BRN", "KHM", "LAO", "MMR"]
    assert result.rank.max() == 46
    published = {
        "CHE": 1,
        "DNK": 2,
        "NLD": 3,
        "SGP": 11,
        "MLT": 13,
        "FRA": 18,
        "ESP": 24,
        "THA": 37,
        "IND": 40,
        "PAK": 44,
        "CHN": 45,
        "RUS": 46,
    }
    assert {unit: int(result.rank[unit]) for unit in published} == published
    dropped = next(row for row in composite_json(result)["rows"] if row["unit"] == "LAO")
    assert (dropped["score"], dropped["rank"]) == (None, None)


def small(**changes: Any) -> Scheme:
    nodes = (
        Node("index", is_aggregate=True),
        Node("one", parent="index", weight=2.0, is_aggregate=True),
        Node("two", parent="index", weight=1.0, is_aggregate=True),
        Node("a", parent="one", weight=3.0, role=Role.PROCESS),
        Node("b", parent="one", weight=1.0, direction=-1, role=Role.OUTCOME),
        Node("c", parent="two", weight=5.0, role=Role.OUTCOME),
    )
    return Scheme("small", "1", unit="id", label=None, nodes=nodes, **changes)


FRAME = pd.DataFrame(
    {"id": ["p", "q", "r", "s"], "a": [0.0, 1, 2, 4], "b": [8.0, 4, 2, 0], "c": [1.0, 3, 2, 5], "g": list("xxyy")}
)


def test_arithmetic_and_geometric_scores_equal_a_longhand_calculation() -> None:
    result = run_composite(FRAME, None, small())
    one = (3 * 25 + 1 * 50) / 4
    assert result.score["q"] == pytest.approx((2 * one + 50) / 3)
    lifted = [1 + 0.99 * value for value in (25, 50, 50)]
    geometric_one = np.exp((3 * np.log(lifted[0]) + np.log(lifted[1])) / 4)
    assert result.other_mean["q"] == pytest.approx(np.exp((2 * np.log(geometric_one) + np.log(lifted[2])) / 3))


def test_a_single_node_can_have_its_own_mean() -> None:
    rule = Aggregation(nodes={"one": Mean.GEOMETRIC}, geometric_floor=0)
    result = run_composite(FRAME, None, small(aggregation=rule))
    assert result.nodes.loc["q", "one"] == pytest.approx(25**0.75 * 50**0.25)
    assert result.score["p"] == pytest.approx(0)


def test_denominators_divide_and_a_zero_denominator_leaves_the_cell_missing() -> None:
    nodes = (Node("index"), Node("a", parent="index", denominator="size"), Node("c", parent="index"))
    frame = FRAME.assign(size=[1, 2, 0, 4])
    result = run_composite(frame, None, dataclasses.replace(small(), nodes=nodes))
    assert result.values["a"].tolist()[:2] == [0, 0.5]
    assert np.isnan(result.values.loc["r", "a"])
    assert result.score["r"] == pytest.approx(25)


def test_fixed_bounds_clip_and_do_not_depend_on_who_else_is_there() -> None:
    scale = Normalisation(method=NormalisationMethod.BOUNDS, worst=1.0, best=3.0)
    nodes = (Node("index"), Node("a", parent="index", normalisation=scale))
    scheme = dataclasses.replace(small(), nodes=nodes)
    everyone = run_composite(FRAME, None, scheme).score
    assert everyone.tolist() == [0, 0, 50, 100]
    assert run_composite(FRAME.iloc[2:3], None, scheme).score.tolist() == [50]


def test_group_mean_fills_and_marks_missing_cells() -> None:
    frame = FRAME.assign(c=[np.nan, 3, 2, 4])
    rule = Imputation(ImputationMethod.GROUP_MEAN, "g")
    result = run_composite(frame, None, small(imputation=rule))
    assert result.values.loc["p", "c"] == 3
    assert result.is_imputed.sum().to_dict() == {"a": 0, "b": 0, "c": 1}
    row = next(row for row in composite_json(result)["rows"] if row["unit"] == "p")
    assert row["imputed"] == ["c"]
    assert row["availability"] == pytest.approx(2 / 3)


def test_a_group_without_any_value_is_refused() -> None:
    frame = FRAME.assign(c=[np.nan, np.nan, 2, 4])
    with pytest.raises(EmptyIndicatorError, match="没有一个单元"):
        run_composite(frame, None, small(imputation=Imputation(ImputationMethod.GROUP_MEAN, "g")))


def test_a_stubborn_column_is_logged_and_keeps_its_order() -> None:
    frame = pd.DataFrame({"id": range(30), "a": 3.0 ** np.arange(30)})
    nodes = (Node("index"), Node("a", parent="index"))
    rule = Treatment(max_points=1, log=LogFallback.SHIFTED)
    scheme = dataclasses.replace(small(treatment=rule), nodes=nodes)
    result = run_composite(frame, None, scheme)
    assert result.treated["a"].is_monotonic_increasing
    assert result.treated["a"].iloc[0] == pytest.approx(np.log(0.01 * (3.0**29 - 1)))
    assert not result.is_winsorised.to_numpy().any()


def test_winsorising_that_would_leave_a_constant_is_refused() -> None:
    frame = pd.DataFrame({"id": range(20), "a": [0.0] * 18 + [1.0, 1.0]})
    scheme = dataclasses.replace(
        small(treatment=Treatment(max_points=5)), nodes=(Node("index"), Node("a", parent="index"))
    )
    with pytest.raises(SchemeError) as refusal:
        run_composite(frame, None, scheme)
    assert refusal.value.code == "winsorised_away"


def test_process_and_outcome_are_scored_apart_and_add_up_by_weight() -> None:
    result = run_composite(FRAME, None, small())
    shares = global_weights(result.scheme)
    outcome = shares["b"] + shares["c"]
    together = shares["a"] * role_scores(result, Role.PROCESS) + outcome * role_scores(result, Role.OUTCOME)
    assert together.tolist() == pytest.approx(result.score.tolist())


def test_equal_rounded_scores_share_the_better_rank() -> None:
    frame = pd.DataFrame({"id": list("pqrs"), "a": [0.0, 50.001, 50.002, 100]})
    scheme = dataclasses.replace(small(), nodes=(Node("index"), Node("a", parent="index")))
    assert run_composite(frame, None, scheme).rank.tolist() == [4, 2, 2, 1]


@pytest.mark.parametrize(
    ("frame", "changes", "error", "words"),
    [
        (FRAME.drop(columns="a").assign(aa=1), {}, UnknownIndicatorError, "是否想写“aa”"),
        (FRAME.assign(a=3.0), {}, ConstantIndicatorError, "指标“a”所有单元都是 3"),
        (FRAME.assign(a=np.nan), {}, EmptyIndicatorError, "指标“a”没有一个单元有值"),
        (FRAME.assign(a=["1", "二", "3", "4"]), {}, IndicatorValueError, "a 列第 2 行（q）"),
        (FRAME.assign(a=[1, np.inf, 2, 3]), {}, IndicatorValueError, "有限的数"),
        (FRAME.assign(id=list("ppqr")), {}, DuplicateUnitError, "单元“p”出现了不止一次"),
        (FRAME.assign(id=["p", None, "q", "r"]), {}, DuplicateUnitError, "第 2 行没有单元编号"),
        (FRAME.drop(columns="id"), {}, UnknownIndicatorError, "单元列"),
        (FRAME, {"nodes": ()}, HierarchyError, "没有给元数据表"),
        (
            FRAME,
            {
                "normalisation": Normalisation(method=NormalisationMethod.ZSCORE),
                "aggregation": Aggregation(mean=Mean.GEOMETRIC),
            },
            GeometricMeanError,
            "负的得分",
        ),
        (FRAME.assign(a=np.nan, b=np.nan), {"availability": 0.9}, EmptyIndicatorError, "数据足够评分"),
    ],
)
def test_data_that_do_not_fit_are_refused_in_their_own_words(
    frame: pd.DataFrame, changes: dict[str, Any], error: type[SchemeError], words: str
) -> None:
    with pytest.raises(error) as refusal:
        run_composite(frame, None, dataclasses.replace(small(), **changes))
    assert words in str(refusal.value)


def test_a_missing_data_file_is_refused() -> None:
    with pytest.raises(UnreadableFileError):
        composite_command("nowhere.csv", None, SCHEMES / "wanmei.yaml")


def random_frame(seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.gamma(2, 3, (12, 3)), columns=list("abc"))
    return frame.assign(id=[f"u{i}" for i in range(12)])


@given(st.integers(0, 10_000), st.floats(0.01, 100))
def test_scaling_all_weights_of_siblings_changes_nothing(seed: int, factor: float) -> None:
    frame, scheme = random_frame(seed), small()
    scaled = tuple(
        dataclasses.replace(node, weight=node.weight * factor) if node.parent == "one" else node
        for node in scheme.nodes
    )
    base = run_composite(frame, None, scheme)
    other = run_composite(frame, None, dataclasses.replace(scheme, nodes=scaled))
    assert other.score.tolist() == pytest.approx(base.score.tolist())


@given(st.integers(0, 10_000))
def test_order_of_units_does_not_matter(seed: int) -> None:
    frame = random_frame(seed)
    shuffled = frame.sample(frac=1, random_state=seed)
    base, other = run_composite(frame, None, small()), run_composite(shuffled, None, small())
    assert other.score[base.score.index].tolist() == pytest.approx(base.score.tolist())
    assert other.rank[base.rank.index].tolist() == base.rank.tolist()


@given(st.integers(0, 10_000), st.sampled_from(list(NormalisationMethod)), st.sampled_from(list(Mean)))
def test_improving_one_value_never_lowers_a_unit(seed: int, method: NormalisationMethod, mean: Mean) -> None:
    scale = Normalisation(method=method, mean=50, sd=5, worst=0, best=30)
    nodes = tuple(
        dataclasses.replace(node, normalisation=dataclasses.replace(scale, worst=30, best=0))
        if node.direction < 0
        else node
        for node in small().nodes
    )
    scheme = dataclasses.replace(small(normalisation=scale, aggregation=Aggregation(mean=mean)), nodes=nodes)
    frame = random_frame(seed)
    better = frame.copy()
    better.loc[4, "a"] += 1.0
    better.loc[4, "b"] -= 0.5
    before, after = run_composite(frame, None, scheme), run_composite(better, None, scheme)
    assert after.score["u4"] >= before.score["u4"] - 1e-9


def test_results_carry_the_scheme_they_were_computed_with() -> None:
    result: CompositeResult = run_composite(FRAME, None, small())
    assert composite_json(result)["version"] == "1"
    assert [node.key for node in result.scheme.indicators] == list(result.normalised.columns)
