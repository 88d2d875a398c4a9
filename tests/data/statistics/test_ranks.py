import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.statistics import ranks
from data.statistics.bands import Tier
from data.statistics.composite import CompositeResult, run_composite
from data.statistics.contributions import (
    contributions,
    effective_weights,
    mean_rank_change,
    moves_most,
    points_lost,
    remove_each,
    weight_sensitivity,
)
from data.statistics.normalise import min_ranks
from data.statistics.ranks import Uncertainty, min_ranks_fast, noisy_level_nodes, simulate_ranks
from data.statistics.sampling import BetaSampling, NormalSampling, rate_sampling
from data.statistics.scheme import Mean, Node, Normalisation, NormalisationMethod, Scheme
from data.statistics.scheme_file import read_scheme

REFERENCE = Path(__file__).parent / "reference"
ASEM = read_scheme(Path(__file__).parents[3] / "docs" / "schemes" / "asem.yaml")
SCALE = Normalisation(method=NormalisationMethod.BOUNDS, worst=0.0, best=1.0)
NO_NOISE = Uncertainty(weight_noise=0, means=(Mean.ARITHMETIC,), simulations=50)


@pytest.fixture(scope="module")
def tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    return pd.read_csv(REFERENCE / "asem_iData.csv"), pd.read_csv(REFERENCE / "asem_iMeta.csv")


@pytest.fixture(scope="module")
def asem(tables: tuple[pd.DataFrame, pd.DataFrame]) -> CompositeResult:
    return run_composite(*tables, ASEM)


def test_rank_ranges_equal_those_published_with_coinr(
    asem: CompositeResult, tables: tuple[pd.DataFrame, pd.DataFrame]
) -> None:
    """COINr's documented set-up: 1–5 winsorised points, min–max 1–100 or z-scores, weights of levels 2 and 3
    ± 25 %, arithmetic or geometric mean. It ran 100 draws, we run 2000, so ends may differ by a rank."""
    scales = (Normalisation(low=1), Normalisation(method=NormalisationMethod.ZSCORE, mean=10, sd=2))
    variants = [
        run_composite(
            *tables,
            dataclasses.replace(
                ASEM, normalisation=scale, treatment=dataclasses.replace(ASEM.treatment, max_points=points)
            ),
        )
        for points in range(1, 6)
        for scale in scales
    ]
    setup = Uncertainty(weight_nodes=noisy_level_nodes(asem.scheme, [2, 3]), simulations=2000, seed=11)
    table = simulate_ranks(asem, uncertainty=setup, variants=variants).table
    assert table.loc["AUT", ["rank", "median_rank", "rank_low", "rank_high"]].tolist() == [7, 7, 5, 9]
    published = {"AUS": (34, 38), "BEL": (3, 9), "BGD": (41, 48), "BGR": (24, 30), "BRN": (37, 45)}
    for unit, (low, high) in published.items():
        assert abs(table.at[unit, "rank_low"] - low) <= 1
        assert abs(table.at[unit, "rank_high"] - high) <= 1


def test_leaving_out_a_pillar_moves_ranks_as_published(tables: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    # COINr documentation, article on sensitivity analysis, `remove_elements`; it does not round scores.
    result = run_composite(*tables, dataclasses.replace(ASEM, rank_decimals=10))
    pillars = [node.key for node in (*result.scheme.members("Conn"), *result.scheme.members("Sust"))]
    change = mean_rank_change(remove_each(result, keys=pillars)).round(6).to_dict()
    assert change == {
        "Physical": 1.529412,
        "ConEcFin": 2.627451,
        "Political": 2.901961,
        "Instit": 1.176471,
        "P2P": 1.686275,
        "Environ": 3.098039,
        "Social": 3.960784,
        "SusEcFin": 2.627451,
    }


def rates(units: int, indicators: int, seed: int, trials: int = 40) -> tuple[CompositeResult, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    keys = [f"i{j}" for j in range(indicators)]
    nodes = (Node("index", is_aggregate=True), *(Node(key, parent="index") for key in keys))
    n = np.full((units, indicators), trials)
    y = rng.binomial(n, rng.beta(8, 3, n.shape))
    frame = pd.DataFrame(y / n, columns=keys).assign(id=range(units))
    scheme = Scheme("rates", "1", unit="id", label=None, nodes=nodes, normalisation=SCALE)
    return run_composite(frame, None, scheme), y, n


def sampled(y: np.ndarray, n: np.ndarray) -> dict[str, BetaSampling]:
    return {f"i{j}": rate_sampling(y[:, j], n[:, j]) for j in range(y.shape[1])}


def test_without_uncertainty_every_draw_repeats_the_nominal_rank() -> None:
    result, _, _ = rates(40, 4, seed=1)
    table = simulate_ranks(result, uncertainty=NO_NOISE).table
    for column in ("median_rank", "rank_low", "rank_high"):
        assert table[column].tolist() == table["rank"].tolist()
    assert table["probability_top"].isin([0, 1]).all()
    assert (table["tier"] == Tier.FIRST).sum() >= 4


def test_equal_seeds_give_equal_results_and_other_seeds_do_not() -> None:
    result, y, n = rates(30, 3, seed=2)

    def run(seed: int) -> pd.DataFrame:
        return simulate_ranks(result, uncertainty=Uncertainty(sampling=sampled(y, n), simulations=200, seed=seed)).table

    pd.testing.assert_frame_equal(run(5), run(5))
    assert not run(5)["mean_rank"].equals(run(6)["mean_rank"])


def test_larger_samples_make_ranks_firmer() -> None:
    widths = []
    for trials in (20, 2000):
        result, y, n = rates(60, 4, seed=3, trials=trials)
        setup = dataclasses.replace(NO_NOISE, sampling=sampled(y, n), simulations=300)
        table = simulate_ranks(result, uncertainty=setup).table
        widths.append((table["rank_high"] - table["rank_low"]).mean())
    assert widths[1] < widths[0] / 3


def test_probability_of_the_top_tenth_sums_to_its_size() -> None:
    result, y, n = rates(60, 4, seed=4, trials=2000)
    firmness = simulate_ranks(result, uncertainty=dataclasses.replace(NO_NOISE, sampling=sampled(y, n)))
    assert firmness.top_count == 6
    # Ties in a draw can lift the sum above the count, never push it below.
    assert 6 <= firmness.table["probability_top"].sum() < 6.5


def test_ranges_hold_the_true_rank_about_as_often_as_they_say() -> None:
    rng = np.random.default_rng(9)
    inside = []
    for _ in range(30):
        truth = rng.beta(4, 2, 50)
        n = np.full(50, 60)
        y = rng.binomial(n, truth)
        nodes = (Node("index", is_aggregate=True), Node("i0", parent="index"))
        scheme = Scheme("one", "1", unit="id", label=None, nodes=nodes, normalisation=SCALE)
        result = run_composite(pd.DataFrame({"id": range(50), "i0": y / n}), None, scheme)
        setup = dataclasses.replace(NO_NOISE, sampling={"i0": rate_sampling(y, n)}, simulations=300)
        table = simulate_ranks(result, uncertainty=setup).table
        true_rank = min_ranks(truth * 100, decimals=8)
        inside.append(((table["rank_low"] <= true_rank) & (true_rank <= table["rank_high"])).mean())
    assert 0.86 < np.mean(inside) < 0.96


def test_variance_is_shared_among_the_sources_that_vary() -> None:
    result, y, n = rates(50, 4, seed=5, trials=15)
    setup = Uncertainty(sampling=sampled(y, n), simulations=300)
    firmness = simulate_ranks(result, uncertainty=setup)
    assert list(firmness.overall_shares.index) == ["sampling", "weights", "mean"]
    assert firmness.overall_shares.sum() == pytest.approx(1)
    assert firmness.overall_shares["sampling"] > 0.7
    sums = firmness.variance_shares.sum(axis=1)[firmness.variance_shares.notna().all(axis=1)]
    assert sums.tolist() == pytest.approx([1.0] * len(sums))
    only = simulate_ranks(result, uncertainty=dataclasses.replace(NO_NOISE, weight_noise=0.25))
    assert only.overall_shares.to_dict() == pytest.approx({"weights": 1.0})


def test_batches_of_draws_give_the_ranges_of_one(monkeypatch: pytest.MonkeyPatch) -> None:
    result, y, n = rates(60, 4, seed=3, trials=15)
    setup = Uncertainty(sampling=sampled(y, n), simulations=1000)
    whole = simulate_ranks(result, uncertainty=setup).table
    monkeypatch.setattr(ranks, "_MOST_AT_ONCE", 60 * 300)
    monkeypatch.setattr(ranks, "_UNITS_AT_ONCE", 7)
    parts = simulate_ranks(result, uncertainty=setup).table
    assert parts["rank"].tolist() == whole["rank"].tolist()
    for name in ("rank_low", "median_rank", "rank_high"):
        assert np.abs(parts[name] - whole[name]).max() <= 4
        assert np.abs(parts[name] - whole[name]).mean() < 1
    assert np.abs(parts["probability_top"] - whole["probability_top"]).max() < 0.06
    assert simulate_ranks(result, uncertainty=setup).table.equals(parts)


def test_units_held_back_by_a_gate_take_no_rank_and_no_place() -> None:
    result, _, _ = rates(20, 3, seed=6)
    best = result.rank.idxmin()
    eligible = pd.Series(True, index=result.score.index)
    eligible[best] = False
    table = simulate_ranks(result, uncertainty=NO_NOISE, is_eligible=eligible).table
    assert np.isnan(table.at[best, "rank"])
    assert table.at[best, "tier"] == Tier.UNRANKED
    assert table["rank"].min() == 1
    assert table["rank"].count() == 19


def test_nobody_eligible_leaves_an_empty_ranking() -> None:
    result, _, _ = rates(5, 2, seed=6)
    firmness = simulate_ranks(result, uncertainty=NO_NOISE, is_eligible=pd.Series(False, index=result.score.index))
    assert firmness.table["rank"].isna().all()
    assert (firmness.table["tier"] == Tier.UNRANKED).all()


def test_standard_errors_are_an_alternative_to_counts() -> None:
    result, _, _ = rates(20, 2, seed=8)
    value = result.values["i0"].to_numpy()
    error = np.where(np.arange(20) == 3, np.nan, 0.2)
    setup = dataclasses.replace(NO_NOISE, sampling={"i0": NormalSampling(value, error)})
    assert (simulate_ranks(result, uncertainty=setup).table["rank_high"] > result.rank).any()


def test_a_variant_of_other_units_is_refused() -> None:
    first, _, _ = rates(5, 2, seed=6)
    second, _, _ = rates(6, 2, seed=6)
    with pytest.raises(ValueError, match="same units"):
        simulate_ranks(first, variants=[second])


def test_gamma_draws_have_the_moments_of_the_posterior() -> None:
    model = rate_sampling([6, 0, 0], [7, 0, 12])
    draws = model.draw(np.random.default_rng(3), 40_000, np.ones(3, dtype=bool))
    assert draws[:, 0].mean() == pytest.approx(6.5 / 8, abs=0.003)
    assert draws[:, 0].std() == pytest.approx(np.sqrt(6.5 * 1.5 / 64 / 9), abs=0.003)
    assert draws[:, 2].mean() == pytest.approx(0.5 / 13, abs=0.002)
    assert np.isnan(draws[:, 1]).all()


def test_fast_ranks_equal_the_plain_ones() -> None:
    scores = np.random.default_rng(1).integers(0, 8, (40, 25)) / 3
    assert (min_ranks_fast(scores, decimals=2) == min_ranks(scores, decimals=2)).all()


def test_contributions_add_up_to_the_score_also_where_cells_are_missing(asem: CompositeResult) -> None:
    assert contributions(asem).sum(axis=1).tolist() == pytest.approx(asem.score.tolist())
    lost = points_lost(asem).sum(axis=1)
    assert (lost + asem.score).tolist() == pytest.approx([100.0] * 51)
    result, _, _ = rates(20, 4, seed=1)
    holed = result.values.assign(i1=np.where(np.arange(20) < 5, np.nan, result.values["i1"]))
    again = run_composite(holed.assign(id=range(20)), None, result.scheme)
    assert contributions(again).sum(axis=1).tolist() == pytest.approx(again.score.tolist())
    assert effective_weights(again).sum(axis=1).tolist() == pytest.approx([1.0] * 20)


def test_weight_sensitivity_is_the_derivative_of_the_score() -> None:
    result, _, _ = rates(12, 4, seed=2)
    step = 1e-5
    nodes = tuple(
        dataclasses.replace(node, weight=node.weight * np.exp(step)) if node.key == "i2" else node
        for node in result.scheme.nodes
    )
    moved = run_composite(result.values.assign(id=range(12)), None, dataclasses.replace(result.scheme, nodes=nodes))
    numeric = (moved.score - result.score) / step
    assert weight_sensitivity(result)["i2"].tolist() == pytest.approx(numeric.tolist(), abs=1e-3)


def test_the_indicator_that_moves_a_unit_most_is_named_with_its_effect(asem: CompositeResult) -> None:
    table = moves_most(asem)
    removed = remove_each(asem)
    change = removed.drop(columns="nominal").sub(removed["nominal"], axis=0)
    for unit, row in table.iterrows():
        assert abs(row["change"]) == change.loc[unit].abs().max()
        assert removed.at[unit, row["indicator"]] == row["rank_without"]


def test_two_schemes_place_units_as_coinr_published(
    asem: CompositeResult, tables: tuple[pd.DataFrame, pd.DataFrame]
) -> None:
    other = run_composite(
        *tables, dataclasses.replace(ASEM, normalisation=Normalisation(method=NormalisationMethod.RANK))
    )
    # COINr documentation, article on adjustments: Portugal moves most, 27 → 17.
    assert (asem.rank - other.rank).abs().idxmax() == "PRT"
    assert (asem.rank["PRT"], other.rank["PRT"]) == (27, 17)
    assert (asem.rank["CHE"], asem.other_rank["CHE"]) == (1, 1)
