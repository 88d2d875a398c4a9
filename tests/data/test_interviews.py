"""Interviews by state, gaps between the list and the 60 % rule, and how firm a reward is."""

from __future__ import annotations

import pandas as pd
import pytest
from sqlalchemy import Engine

from data.interviews import (
    Firmness,
    InterviewState,
    called_on_raw_value,
    firmness_of,
    interview_states,
    interviews,
    interviews_missing,
    rewards,
)
from data.query import Reader, Selection
from data.satisfaction import latest_wave, waves
from tests.satisfied_city import RED, UNASKED, WAVES, build_satisfied_city

AS_OF = pd.Timestamp("2026-10-31")


def dates(**given: str | None) -> pd.DataFrame:
    names = ("interview_due_on", "interview_held_on", "rectify_due_on", "rectified_on")
    return pd.DataFrame({name: pd.to_datetime([given.get(name)]) for name in names})


@pytest.mark.parametrize(
    ("given", "state", "days"),
    [
        ({}, InterviewState.WAITING, 0),
        ({"interview_due_on": "2026-11-05"}, InterviewState.WAITING, 0),
        ({"interview_due_on": "2026-10-31"}, InterviewState.WAITING, 0),
        ({"interview_due_on": "2026-10-21"}, InterviewState.LATE, 10),
        ({"interview_due_on": "2026-10-21", "interview_held_on": "2026-11-02"}, InterviewState.LATE, 10),
        ({"interview_due_on": "2026-10-01", "interview_held_on": "2026-10-09"}, InterviewState.RECTIFYING, 0),
        ({"interview_held_on": "2026-09-09", "rectify_due_on": "2026-10-01"}, InterviewState.OVERDUE, 30),
        (
            {"interview_held_on": "2026-09-09", "rectify_due_on": "2026-10-01", "rectified_on": "2026-10-20"},
            InterviewState.CLOSED,
            0,
        ),
        (
            {"interview_held_on": "2026-09-09", "rectify_due_on": "2026-10-01", "rectified_on": "2026-11-20"},
            InterviewState.OVERDUE,
            30,
        ),
        ({"interview_due_on": "2026-10-01", "rectified_on": "2026-10-20"}, InterviewState.CLOSED, 0),
    ],
)
def test_state_follows_from_what_was_known_on_the_day(given: dict[str, str], state: InterviewState, days: int) -> None:
    row = interview_states(dates(**given), AS_OF).iloc[0]
    assert (row["state"], row["days_over"]) == (state, days)


@pytest.fixture
def reader(store: Engine) -> Reader:
    build_satisfied_city(store)
    return Reader(store)


def test_the_longest_overdue_interview_stands_first(reader: Reader) -> None:
    found = interviews(reader, "2026-10")
    assert found["days_over"].is_monotonic_decreasing
    assert found.loc[0, ["compound_id", "month", "state"]].tolist() == ["C002", "2026-06", InterviewState.LATE]
    assert set(found["compound_id"]) == {RED, "C002", "C007", "C012"}


def test_an_earlier_month_knows_nothing_of_later_interviews(reader: Reader) -> None:
    found = interviews(reader, "2026-06")
    assert set(found["month"]) == {"2026-06"}
    assert len(found) == 4


def test_interviews_are_kept_to_the_selection(reader: Reader) -> None:
    assert set(interviews(reader, "2026-10", Selection(compound="C007"))["compound_id"]) == {"C007"}


def test_a_red_compound_not_called_since_its_wave_is_missing_from_the_list(reader: Reader) -> None:
    missing = interviews_missing(reader, "2026-10")
    # It was called in June and September, but not since the wave of October.
    assert RED in set(missing["compound_id"])
    assert set(missing["band"]) == {"红"}
    assert missing["p_below"].is_monotonic_decreasing
    # In July the call of September still lies ahead, and the one of June before the wave.
    assert RED in set(interviews_missing(reader, "2026-07")["compound_id"])
    assert RED not in set(interviews_missing(reader, "2026-09")["compound_id"])


def test_only_open_calls_for_a_low_rate_can_rest_on_the_raw_value() -> None:
    found = pd.DataFrame(
        {
            "state": [InterviewState.LATE, InterviewState.LATE, InterviewState.CLOSED, InterviewState.WAITING],
            "trigger": ["满意度低于60%", "满意度低于60%", "满意度低于60%", "党建工作较差"],
            "band": ["绿", "红", "绿", "绿"],
        }
    )
    assert called_on_raw_value(found).tolist() == [True, False, False, False]


@pytest.mark.parametrize(
    ("probability", "firmness"),
    [
        (0.95, Firmness.FIRM), (0.9, Firmness.FIRM), (0.8999, Firmness.OPEN), (0.5, Firmness.OPEN),
        (0.4999, Firmness.DOUBTFUL), (float("nan"), Firmness.UNKNOWN), (None, Firmness.UNKNOWN),
    ],
)  # fmt: skip
def test_firmness_of_a_reward_by_probability(probability: float | None, firmness: Firmness) -> None:
    assert firmness_of(probability) is firmness


def test_rewards_of_the_month_carry_score_and_interval(reader: Reader) -> None:
    found = rewards(reader, "2026-10")
    assert set(found["compound_id"]) == {"C001", "C010", "C019", "C028"}
    assert found["p_above"].is_monotonic_decreasing
    assert (found["times"] == 2).all()
    assert ((found["low"] < found["shrunk"]) & (found["shrunk"] < found["high"])).all()
    assert rewards(reader, "2026-05").empty


def test_waves_are_the_months_in_which_somebody_was_asked(reader: Reader) -> None:
    assert waves(reader, "2026-10") == list(WAVES)
    assert latest_wave(reader, "2026-09") == WAVES[0]
    assert latest_wave(reader, "2026-06") is None
    assert latest_wave(reader, "2026-10", Selection(compound=UNASKED)) is None
