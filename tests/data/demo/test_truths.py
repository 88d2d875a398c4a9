"""The planted truths: committed, regenerated alike, and findable in the rows by someone who does not know them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from data.demo import DemoCity, read_truths
from data.demo.satisfaction_truth import answering, phase_in
from data.demo.truths import TRUTHS_FILE, truths_text


def answers(city: DemoCity) -> pd.DataFrame:
    """Overall answers of every compound and wave with the planted share among respondents."""
    rows = city.frames["survey"]
    rows = rows[rows["question"] == "总体满意"].set_index(["compound_id", "wave"])[["valid", "satisfied"]].astype(float)
    planted = pd.DataFrame(
        {k: v["respondents"] for k, v in city.truths["compounds"].items()}, index=city.truths["waves"]
    )
    long = planted.T.stack()
    long.index.names = ["compound_id", "wave"]
    return rows.join(long.rename("truth"))


def test_the_committed_file_is_what_the_generator_plants(city: DemoCity) -> None:
    assert TRUTHS_FILE.read_text(encoding="utf-8") == truths_text(city.truths)
    assert read_truths() == city.truths


@pytest.mark.parametrize("waves", ["all", "latest"])
def test_wilson_intervals_cover_the_truth_of_those_who_answer_as_often_as_they_claim(
    city: DemoCity, waves: str
) -> None:
    rows = answers(city)
    if waves == "latest":
        rows = rows.xs(city.truths["waves"][-1], level="wave")
    n, p, z = rows["valid"], rows["satisfied"] / rows["valid"], 1.959964
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    covered = (rows["truth"] >= centre - half) & (rows["truth"] <= centre + half)
    assert 0.93 <= covered.mean() <= 0.97


def test_truths_have_a_long_left_tail(city: DemoCity) -> None:
    shares = pd.Series({k: v["residents"] for k, v in city.truths["compounds"].items()})
    assert len(shares) == 513
    assert shares.skew() < -0.8
    assert shares.median() - shares.quantile(0.02) > 2 * (shares.quantile(0.98) - shares.median())


def test_compounds_truly_below_60_are_named_and_the_answering_look_a_little_better(city: DemoCity) -> None:
    compounds = city.truths["compounds"]
    below = city.truths["satisfaction"]["below_60_residents"]
    assert set(below) == {k for k, v in compounds.items() if v["residents"] < 0.6}
    assert 20 <= len(below) <= 80
    gap = np.array([v["respondents"][-1] - v["residents"] for v in compounds.values()])
    assert (gap > 0).all()
    assert 0.01 <= gap.mean() <= 0.03


def test_a_branch_takes_hold_over_a_year() -> None:
    assert phase_in(np.array([-3, 0, 6, 12, 40])).tolist() == [0.0, 0.0, 0.5, 1.0, 1.0]


def test_who_answers_shifts_the_share_and_leaves_the_extremes() -> None:
    assert answering(np.array([0.0, 1.0])).tolist() == [0.0, 1.0]
    assert answering(np.array([0.7]))[0] > 0.7


def test_the_effect_of_a_branch_can_be_found_in_the_answers(city: DemoCity) -> None:
    rows = answers(city)
    share = (rows["satisfied"] / rows["valid"]).unstack("wave")
    since = {k: v["branch_since"] for k, v in city.truths["compounds"].items()}
    never = [i for i in share.index if since[i] is None]
    control = share.loc[never].mean()
    first, gains, flat = city.truths["waves"][0], [], []
    for unit in share.index.difference(never):
        begun = since[unit]
        if begun <= first:
            continue
        against = share.loc[unit] - control
        before = [w for w in share.columns if w < begun]
        whole = [w for w in share.columns if int(w[:4]) * 12 + int(w[5:]) >= int(begun[:4]) * 12 + int(begun[5:]) + 12]
        gains.append(against[whole].mean() - against[before].mean())
        half = len(before) // 2
        flat.append(against[before[half:]].mean() - against[before[:half]].mean())
    found, error = pd.Series(gains).mean() * 100, pd.Series(gains).sem() * 100
    assert error < 1.2
    assert abs(found - city.truths["branch"]["satisfaction_points_among_respondents"]) < 2.5 * error
    assert abs(pd.Series(flat).mean()) < 2.5 * pd.Series(flat).sem()


def test_registers_agree_with_the_months_branches_are_said_to_begin(city: DemoCity) -> None:
    orgs, covers = city.frames["party_org"], city.frames["party_org_compound"]
    joined = covers[covers["cover"] != "兜底"].merge(orgs, on="org_id")
    first = joined.groupby("compound_id_x")["founded_on"].min().dt.strftime("%Y-%m").to_dict()
    assert first == {k: v["branch_since"] for k, v in city.truths["compounds"].items() if v["branch_since"]}


def test_residents_who_are_content_pay_their_fees(city: DemoCity) -> None:
    rows = city.frames["observation"]
    fees = rows[rows["measure"].isin(["fees_due_yuan", "fees_collected_yuan"]) & (rows["month"] > "2025-10")]
    paid = fees.pivot_table(index="unit_id", columns="measure", values="value", aggfunc="sum")
    rate = paid["fees_collected_yuan"] / paid["fees_due_yuan"]
    truth = pd.Series({k: v["residents"] for k, v in city.truths["compounds"].items()})
    assert 0.5 < rate.corr(truth) < 0.9


def test_worse_compounds_report_less(city: DemoCity) -> None:
    rows = city.frames["observation"]
    filed = rows[(rows["measure"] == "fees_due_yuan") & (rows["month"] >= "2025-05")].groupby("unit_id").size()
    quality = pd.Series({k: v["quality"] for k, v in city.truths["compounds"].items()})
    filed = filed.reindex(quality.index).fillna(0)
    assert filed[quality < quality.quantile(0.25)].mean() < filed[quality > quality.quantile(0.75)].mean() - 0.3
