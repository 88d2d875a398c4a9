"""Interviews and rewards that follow the monthly assessment: who is due one, by which trigger, and how it was closed.

Compounds and posts, never persons. What is not yet known at the end of the month looked at is not used, so that the
same month reads the same a year later.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd
import scipy

from data.query import Reader, Selection
from data.satisfaction import compound_estimates, inside_selection, months_back
from data.schema import assessment
from data.schema.vocabulary import InterviewTrigger
from data.statistics.bands import SatisfactionBand

LISTED_MONTHS = 12
"""Closed interviews are listed for so many months; open ones however old they are."""

FIRM = 0.9
"""A reward stands when the rate is this sure to lie above the city's; project proposal, no source has a threshold."""

DOUBTFUL = 0.5
"""A reward has little to stand on when the rate is less sure than this to lie above the city's; project proposal."""


class InterviewState(StrEnum):
    """Where an interview stands at the end of a month."""

    WAITING = "待约谈"
    LATE = "逾期未约谈"
    RECTIFYING = "整改中"
    OVERDUE = "整改逾期"
    CLOSED = "已整改"

    @property
    def is_overdue(self) -> bool:
        return self in (InterviewState.LATE, InterviewState.OVERDUE)


class Firmness(StrEnum):
    """How much a reward has to stand on."""

    FIRM = "站得住"
    OPEN = "有待观察"
    DOUBTFUL = "依据不足"
    UNKNOWN = "未上报"


INTERVIEW_COLUMNS = [
    "compound_id", "label", "street", "month", "trigger", "due_on", "held_on", "rectify_due_on", "rectified_on",
    "state", "days_over", "band", "p_below",
]  # fmt: skip


def month_end(month: str) -> pd.Timestamp:
    """Last day of `month`."""
    return pd.Timestamp(f"{month}-01") + pd.offsets.MonthEnd(0)


def interview_states(rows: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """`rows` with `state` (InterviewState) and `days_over` (days past the open deadline, 0 when none is) at `as_of`.

    Args:
        rows: columns interview_due_on, interview_held_on, rectify_due_on, rectified_on. A date after `as_of` has not
            happened yet; a deadline that was not set cannot be missed.
    """
    held = rows["interview_held_on"].where(rows["interview_held_on"] <= as_of)
    rectified = rows["rectified_on"].where(rows["rectified_on"] <= as_of)
    late = held.isna() & (rows["interview_due_on"] < as_of)
    overdue = held.notna() & (rows["rectify_due_on"] < as_of)
    state = np.select(
        [rectified.notna(), late, held.isna(), overdue],
        [InterviewState.CLOSED, InterviewState.LATE, InterviewState.WAITING, InterviewState.OVERDUE],
        default=InterviewState.RECTIFYING,
    )
    deadline = rows["interview_due_on"].where(held.isna(), rows["rectify_due_on"])
    over = (as_of - deadline).dt.days.where(late | overdue, 0).fillna(0)
    return rows.assign(
        interview_held_on=held, rectified_on=rectified, state=[InterviewState(s) for s in state],
        days_over=over.where(rectified.isna(), 0).astype(int),
    )  # fmt: skip


def interviews(reader: Reader, month: str, selection: Selection | None = None) -> pd.DataFrame:
    """Interviews triggered up to `month`: the last twelve months', and older ones that are still open.

    Returns:
        `INTERVIEW_COLUMNS`, the longest overdue first, then the newest. `trigger` is an `InterviewTrigger` value,
        `band` and `p_below` say what the survey makes of the compound today.

    Source: 宿州埇桥 (2021-12-06), four triggers of an interview.
    """
    whole: pd.DataFrame = reader.remember(("interviews", month), lambda: _read_interviews(reader, month), is_fact=True)
    return inside_selection(reader, whole, month, selection)


def _read_interviews(reader: Reader, month: str) -> pd.DataFrame:
    called: pd.DataFrame = reader.remember("interviews called", lambda: _called(reader))
    rows = called[called["month"] <= month]
    if rows.empty:
        return pd.DataFrame(columns=INTERVIEW_COLUMNS)
    rows = interview_states(rows, month_end(month))
    is_open = rows["state"] != InterviewState.CLOSED
    rows = rows[is_open | (rows["month"] >= months_back(month, LISTED_MONTHS - 1))]
    known = compound_estimates(reader, month).set_index("compound_id")
    rows = rows[rows["compound_id"].isin(known.index)]
    ids = rows["compound_id"]
    frame = pd.DataFrame(
        {
            "compound_id": ids, "label": ids.map(known["label"]), "street": ids.map(known["street"]),
            "month": rows["month"], "trigger": rows["interview_trigger"], "due_on": rows["interview_due_on"],
            "held_on": rows["interview_held_on"], "rectify_due_on": rows["rectify_due_on"],
            "rectified_on": rows["rectified_on"], "state": rows["state"], "days_over": rows["days_over"],
            "band": ids.map(known["band"]), "p_below": ids.map(known["p_below"]),
        }
    )  # fmt: skip
    return frame.sort_values(["days_over", "month", "compound_id"], ascending=[False, False, True], ignore_index=True)


def _called(reader: Reader) -> pd.DataFrame:
    """Every assessment that an interview was called for."""
    return reader.register_rows("assessment", assessment.c.interview_trigger.is_not(None))


def interviews_missing(reader: Reader, month: str, selection: Selection | None = None) -> pd.DataFrame:
    """Compounds in the red band that no interview for low satisfaction was called for since their last wave.

    Returns:
        The rows of `compound_estimates` concerned, most certain first.

    Source: 宿州埇桥 (2021-12-06), the satisfaction trigger of the four.
    """
    estimates = compound_estimates(reader, month, selection)
    red = estimates[estimates["band"] == SatisfactionBand.RED]
    rows: pd.DataFrame = reader.remember("interviews called", lambda: _called(reader))
    called = rows[(rows["interview_trigger"] == InterviewTrigger.SATISFACTION.value) & (rows["month"] <= month)]
    newest = called.groupby("compound_id")["month"].max()
    last = red["compound_id"].map(newest).astype(object).fillna("").astype(str)
    return red[last < red["wave"].astype(str)].sort_values("p_below", ascending=False, ignore_index=True)


def called_on_raw_value(found: pd.DataFrame) -> pd.Series[bool]:
    """Which open interviews were called for low satisfaction although the band is not red: the raw value decided."""
    is_open = found["state"] != InterviewState.CLOSED
    by_rate = found["trigger"] == InterviewTrigger.SATISFACTION.value
    return is_open & by_rate & (found["band"] != SatisfactionBand.RED)


def rewards(reader: Reader, month: str, selection: Selection | None = None) -> pd.DataFrame:
    """Compounds rewarded in `month`, and how firm each reward is.

    P(rate > the city's pooled rate) from the compound's posterior: ≥ 0.9 站得住, ≥ 0.5 有待观察, else 依据不足.

    Returns:
        compound_id, label, street, score, shrunk, low, high, valid, p_above, firmness, times (rewards in the last
        twelve months), firmest first.

    Source: this project's proposal; posterior from `shrink_hierarchical`.
    """
    rewarded = assessment.c.is_rewarded.is_(True)
    rows: pd.DataFrame = reader.remember("rewards", lambda: reader.register_rows("assessment", rewarded))
    recent = rows[rows["month"] <= month]
    recent = recent[recent["month"] >= months_back(month, LISTED_MONTHS - 1)]
    times = recent.groupby("compound_id").size()
    now = recent[recent["month"] == month]
    # The rate a reward is held against is that of the whole city, whoever asks.
    estimates = compound_estimates(reader.whole, month)
    valid = estimates["valid"].sum()
    city_rate = estimates["satisfied"].sum() / valid if valid > 0 else np.nan
    frame = estimates[estimates["compound_id"].isin(now["compound_id"])].copy()
    frame["p_above"] = 1 - scipy.special.betainc(frame["alpha"], frame["beta"], city_rate)
    frame["firmness"] = [firmness_of(p) for p in frame["p_above"]]
    frame["score"] = frame["compound_id"].map(now.set_index("compound_id")["total_score"]).astype(float)
    frame["times"] = frame["compound_id"].map(times).fillna(0).astype(int)
    names = [
        "compound_id", "label", "street", "score", "shrunk", "low", "high", "valid", "p_above", "firmness", "times",
    ]  # fmt: skip
    frame = frame[names].sort_values(["p_above", "compound_id"], ascending=[False, True], ignore_index=True)
    return inside_selection(reader, frame, month, selection)


def firmness_of(probability_above: Any) -> Firmness:
    """Firmness from P(rate > city rate); missing where nobody was asked."""
    if pd.isna(probability_above):
        return Firmness.UNKNOWN
    if probability_above >= FIRM:
        return Firmness.FIRM
    return Firmness.OPEN if probability_above >= DOUBTFUL else Firmness.DOUBTFUL
