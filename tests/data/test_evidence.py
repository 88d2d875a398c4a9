"""Chosen weights, evidence and portfolios agree with the index and the reader they are made from."""

from __future__ import annotations

import math

import numpy as np
import pytest
from sqlalchemy import Engine

from data.errors import UsageError
from data.evidence import anatomy, award_states, evidence, nominal_points, objections, standings
from data.portfolios import company_frame, compare_modes, managed_compounds, survey_period
from data.query import Period, Reader, Selection
from data.ranking import Ranking, load_scheme, rank_compounds
from data.statistics.bands import Tier
from data.weights import Choice, official_weights, read_choice, reweighted, score_draws, write_choice
from tests.ranked_city import build_ranked_city


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    from data.store import migrate, open_store

    engine: Engine = open_store(f"sqlite:///{tmp_path_factory.mktemp('ranked') / 'store.db'}")
    migrate(engine)
    build_ranked_city(engine)
    return Reader(engine)


@pytest.fixture(scope="module")
def ranking(reader: Reader) -> Ranking:
    return rank_compounds(reader)


def test_official_weights_give_the_official_scores_and_ranks(ranking: Ranking) -> None:
    found = reweighted(ranking, official_weights(ranking.scheme))
    np.testing.assert_allclose(found["arithmetic"], ranking.result.score, rtol=0, atol=1e-12)
    np.testing.assert_allclose(found["geometric"], ranking.result.other_mean, rtol=0, atol=1e-12)
    np.testing.assert_array_equal(found["rank"], ranking.firmness.table["rank"])


def test_a_dimension_of_weight_zero_counts_for_nothing(ranking: Ranking) -> None:
    weights = official_weights(ranking.scheme)
    others = [n.key for n in ranking.scheme.members(ranking.scheme.root.key) if n.key != "residents_view"]
    found = reweighted(ranking, weights | dict.fromkeys(others, 0.0))
    np.testing.assert_allclose(found["arithmetic"], ranking.result.nodes["residents_view"], atol=1e-12)


@pytest.mark.parametrize("name", ["wanmei", "four_homes"])
def test_a_choice_survives_its_way_through_the_address(name: str) -> None:
    scheme = load_scheme(name)
    official = official_weights(scheme)
    changed = official | {next(iter(official)): 12.5}
    assert read_choice(write_choice(scheme, changed)).weights_for(scheme) == changed
    assert read_choice(write_choice(scheme, official)) == Choice(name)
    # An address keeps at most this many signs of a value.
    assert len(write_choice(scheme, dict.fromkeys(official, 12.5))) < 400


@pytest.mark.parametrize(
    ("text", "code"),
    [("nobody", "unknown_scheme"), ("wanmei-1.0-20_x", "bad_weights"), ("wanmei-1.0-101", "bad_weights"),
     ("wanmei-1.0-nan", "bad_weights")],
)  # fmt: skip
def test_an_address_that_holds_no_weights_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_choice(text)
    assert caught.value.code == code


@pytest.mark.parametrize("text", ["wanmei-0.9-20_6_5_4_3_2_20_6_4_5_5_25_10_7_5_3_20_6_7_7_15_10_5", "wanmei-1.0-20_6"])
def test_weights_of_another_version_are_not_taken(text: str) -> None:
    with pytest.raises(UsageError, match="权重不属于当前方案"):
        read_choice(text).weights_for(load_scheme("wanmei"))


def test_points_of_a_compound_add_up_to_its_score(reader: Reader, ranking: Ranking) -> None:
    parts = anatomy(reader, scheme="wanmei", month=ranking.month)
    for unit in standings(ranking)["group"].head(5):
        rows = evidence(ranking, parts, unit)
        assert math.isclose(rows["points"].sum(), ranking.result.score[unit], abs_tol=1e-9)
        assert math.isclose((rows["points"] + rows["lost"]).sum(), 100, abs_tol=1e-9)


def test_leaving_an_indicator_out_is_judged_among_the_ranked_compounds(reader: Reader, ranking: Ranking) -> None:
    moved = anatomy(reader, scheme="wanmei", month=ranking.month).moved
    ranked = ranking.firmness.table.query("tier != '不参评'")
    assert set(moved.index) == set(ranked.index)
    assert moved["rank"].equals(ranked["rank"].reindex(moved.index))
    assert moved[["rank", "rank_without"]].max().max() <= len(ranked)


def test_standings_put_the_surest_first_and_the_unranked_last(ranking: Ranking) -> None:
    found = standings(ranking)
    is_ranked = (found["tier"] != Tier.UNRANKED).tolist()
    assert is_ranked == sorted(is_ranked, reverse=True)
    top = found["probability_top"].dropna()
    assert top.is_monotonic_decreasing


def test_nominal_points_of_the_dimensions_are_those_of_the_scheme(ranking: Ranking) -> None:
    points = nominal_points(ranking.scheme)
    assert (points["party_leadership"], points["branch_coverage"]) == (20, 6)


def test_only_rates_from_counts_have_a_sampling_error(ranking: Ranking) -> None:
    draws = score_draws(ranking)
    assert (draws["satisfaction_shrunk"].error > 0).any()
    assert draws["satisfaction_shrunk"].centre.dropna().between(0, 100).all()
    assert "six_have_rate" not in draws


def test_awards_and_objections_are_as_the_month_ended(reader: Reader) -> None:
    before, after = award_states(reader, "2026-05"), award_states(reader, "2026-06")
    assert before.set_index("compound_id").at["C003", "state"] == "awarded"
    assert after.set_index("compound_id").at["C003", "state"] == "revoked"
    assert (after["state"] == "applied").sum() == 2
    assert objections(reader, "2026-08").empty
    assert objections(reader, "2026-09")["answered_on"].notna().tolist() == [True]


def test_a_company_has_the_figures_the_reader_gives_for_it(reader: Reader) -> None:
    month = reader.latest_month
    row = company_frame(reader, Selection(), month).set_index("group").to_dict("index")
    rate = reader.indicator("satisfaction", Selection(company="E01"), period=survey_period(reader, month))
    assert math.isclose(row["E01"]["satisfaction"], rate["value"].iloc[0])
    assert row["E03"]["compounds"] == 0
    assert math.isnan(row["E03"]["collection"])


def test_modes_together_are_the_whole(reader: Reader) -> None:
    month = reader.latest_month
    by_mode = compare_modes(reader, Selection(), month)["fee_standard"]
    whole = reader.indicator("fee_standard", period=Period.of(month)).iloc[0]
    assert math.isclose(by_mode["numerator"].sum(), whole["numerator"])
    assert managed_compounds(reader, Selection(area="990001"), month)["group"].str.startswith("C").sum() == 16
