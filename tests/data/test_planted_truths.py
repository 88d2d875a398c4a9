"""What the pages claim of satisfaction, held against what was planted in the demo before any estimator was written.

The planted shares are skewed, the dissatisfied answer less often and worse compounds skip waves. The truth here is the
share among those who answer: what a survey can know.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import Engine

from data.demo import read_truths
from data.query import Period, Reader
from data.satisfaction import compound_estimates
from data.statistics.bands import SATISFACTION_THRESHOLD, SatisfactionBand

SCOPES = ["all waves", "latest wave"]
INTERVALS = {"wilson": ("raw_low", "raw_high"), "credible": ("low", "high")}


@pytest.fixture(scope="module")
def reader(demo_store: Engine) -> Reader:
    return Reader(demo_store)


@pytest.fixture(scope="module")
def truth() -> pd.Series[float]:
    """Planted share among respondents, by compound_id and wave."""
    document = read_truths()
    shares = {unit: planted["respondents"] for unit, planted in document["compounds"].items()}
    return pd.DataFrame(shares, index=document["waves"]).T.stack().rename_axis(["compound_id", "wave"])


@pytest.fixture(scope="module")
def estimates(reader: Reader, truth: pd.Series[float]) -> pd.DataFrame:
    """Estimates of every wave as a page showed them in its month, with the truth beside them."""
    found = []
    for wave in read_truths()["waves"]:
        frame = compound_estimates(reader, wave)
        # A compound that skipped the wave shows its answers of an earlier one, which has been judged there.
        found.append(frame[frame["wave"] == wave])
    return pd.concat(found).join(truth.rename("truth"), on=["compound_id", "wave"], validate="one_to_one")


def within(frame: pd.DataFrame, scope: str) -> pd.DataFrame:
    return frame if scope == "all waves" else frame[frame["wave"] == frame["wave"].max()]


def covered(frame: pd.DataFrame, low: str, high: str) -> float:
    return float(((frame[low] <= frame["truth"]) & (frame["truth"] <= frame[high])).mean())


def rmse(frame: pd.DataFrame, column: str) -> float:
    return float(np.sqrt(np.square(frame[column] - frame["truth"]).mean()))


def false_share(flagged: pd.DataFrame) -> float:
    """How many of the compounds flagged as below the threshold are not."""
    return float((flagged["truth"] >= SATISFACTION_THRESHOLD).mean())


def test_there_is_enough_to_judge_by(estimates: pd.DataFrame) -> None:
    assert estimates["truth"].notna().all()
    assert len(estimates) > 9000
    assert within(estimates, "latest wave").shape[0] > 400
    assert (estimates["valid"] > 0).all()
    assert (estimates["valid"] < 15).sum() > 500, "small samples must be among them"


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("kind", INTERVALS)
def test_95_percent_intervals_of_compounds_cover_the_truth_as_often_as_they_say(
    estimates: pd.DataFrame, kind: str, scope: str
) -> None:
    assert 0.93 <= covered(within(estimates, scope), *INTERVALS[kind]) <= 0.97


@pytest.mark.parametrize("kind", INTERVALS)
def test_small_samples_are_covered_as_often_as_large_ones(estimates: pd.DataFrame, kind: str) -> None:
    for size in (estimates["valid"] < 15, estimates["valid"].between(15, 39), estimates["valid"] >= 40):
        assert 0.93 <= covered(estimates[size], *INTERVALS[kind]) <= 0.97


def test_wilson_intervals_of_streets_cover_the_truth_as_often_as_they_say(
    reader: Reader, truth: pd.Series[float]
) -> None:
    waves = read_truths()["waves"]
    period = Period(waves[0], waves[-1])
    answered = reader.panel("satisfaction", period=period, by="compound")
    answered = answered[answered["denominator"].fillna(0) > 0].rename(columns={"group": "compound_id", "month": "wave"})
    answered = answered.join(truth.rename("share"), on=["compound_id", "wave"])
    answered["street"] = answered["compound_id"].map(reader.register("compound").set_index("compound_id")["street"])
    # The answers of a street are its compounds' answers together, so its truth weighs theirs by who answered.
    answered["expected"] = answered["share"] * answered["denominator"]
    sums = answered.groupby(["street", "wave"])[["expected", "denominator"]].sum()
    shown = reader.panel("satisfaction", period=period, by="street")
    shown = shown[shown["denominator"].fillna(0) > 0].set_index(["group", "month"])
    shown["truth"] = (100 * sums["expected"] / sums["denominator"]).reindex(shown.index)
    assert len(shown) > 700
    assert shown["truth"].notna().all()
    assert 0.93 <= covered(shown, "low", "high") <= 0.97


def test_shrinking_lowers_the_error_in_every_wave(estimates: pd.DataFrame) -> None:
    for _, wave in estimates.groupby("wave"):
        assert rmse(wave, "shrunk") < 0.85 * rmse(wave, "raw")


def test_the_red_band_rarely_accuses_a_compound_that_is_fine(estimates: pd.DataFrame) -> None:
    red = estimates[estimates["band"] == SatisfactionBand.RED]
    assert len(red) >= 50, "too few to judge by"
    assert red["wave"].nunique() >= 10
    assert false_share(red) <= 0.10
    fine = estimates[estimates["truth"] >= SATISFACTION_THRESHOLD]
    assert (fine["band"] == SatisfactionBand.RED).mean() <= 0.10


def test_the_raw_rate_would_accuse_wrongly_about_every_second_time(estimates: pd.DataFrame) -> None:
    assert false_share(estimates[estimates["raw"] < SATISFACTION_THRESHOLD]) > 0.4


def test_the_probability_of_being_below_60_means_what_it_says(estimates: pd.DataFrame) -> None:
    is_below = estimates["truth"] < SATISFACTION_THRESHOLD
    for low, high in ((0.0, 0.05), (0.05, 0.2), (0.2, 0.5), (0.5, 1.0)):
        inside = estimates["p_below"].between(low, high, inclusive="left")
        assert inside.sum() > 100
        claimed = estimates.loc[inside, "p_below"].mean()
        assert is_below[inside].mean() == pytest.approx(claimed, abs=0.12)


def test_the_worst_compounds_are_drawn_to_the_middle_which_is_why_the_raw_interval_stands_beside(
    estimates: pd.DataFrame,
) -> None:
    # The price of a firm red band: what is far below its street is believed late. Wilson does not lean on neighbours.
    worst = estimates[estimates["truth"] < SATISFACTION_THRESHOLD]
    assert (worst["shrunk"] - worst["truth"]).mean() > 0.02
    assert covered(worst, *INTERVALS["wilson"]) >= 0.93
    noticed = worst["band"].isin([SatisfactionBand.RED, SatisfactionBand.REVIEW])
    assert noticed.mean() >= 0.4
