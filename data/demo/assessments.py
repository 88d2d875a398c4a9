"""Monthly assessments of the last two years, the interviews they trigger, objections, serious incidents."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.demo.chance import Bools, Floats, stream
from data.demo.clock import ASSESSED_MONTHS, DATA_DATE, MONTHS, last_days
from data.demo.compounds import Compounds
from data.demo.frames import table_frame
from data.schema.vocabulary import IncidentKind, InterviewTrigger, ObjectionReason, Question

Array = NDArray[Any]

WEIGHTS = {"party": 0.30, "service": 0.45, "governance": 0.25}
# Below these scores a compound is called to an interview, as it is when fewer than 60 % were satisfied in a wave.
THRESHOLDS = {
    InterviewTrigger.SERVICE: ("service", 57.0), InterviewTrigger.PARTY: ("party", 53.0),
    InterviewTrigger.GOVERNANCE: ("governance", 54.5),
}  # fmt: skip
SATISFACTION_BELOW, REWARDED_SHARE = 0.60, 0.03
DAYS_TO_INTERVIEW, DAYS_TO_RECTIFY = 15, 45
OBJECTIONS, UNANSWERED_OLD = 150, 4
INCIDENTS, STILL_OPEN = 42, 4


def assessment_rows(
    seed: int, city: Compounds, z: Floats, company_quality: Floats, founded: Floats, open_: Bools, surveys: pd.DataFrame
) -> pd.DataFrame:
    """`assessment` rows: managed compound × month of the last 24, with the interviews that follow from them."""
    luck = stream(seed, "assessments")
    managed, months = city.managed, len(ASSESSED_MONTHS)
    shape = (managed, months)
    span = slice(len(MONTHS) - months, len(MONTHS))
    branch = founded[:, None] <= np.arange(len(MONTHS))[None, span]
    z = z[:managed, None]
    own = luck.normal(0, 3.0, (managed, 3))
    scores = {
        "party": 68 + 3.0 * z + 8.0 * branch + own[:, :1] + luck.normal(0, 3.8, shape),
        "service": 78 + 5.5 * z + 3.0 * company_quality[:, None] + own[:, 1:2] + luck.normal(0, 4.0, shape),
        "governance": 73 + 4.2 * z + 3.0 * branch + own[:, 2:] + luck.normal(0, 4.2, shape),
    }  # fmt: skip
    scores = {
        name: np.asarray(np.round(np.clip(score, 20, 100), 1), dtype=np.float64) for name, score in scores.items()
    }
    total = np.round(sum(WEIGHTS[name] * score for name, score in scores.items()), 1)
    held = open_[:, span] & (luck.random(shape) < 0.965)
    trigger = _triggers(city, scores, surveys)
    trigger[~held] = None
    cut = np.nanquantile(np.where(held, total, np.nan), 1 - REWARDED_SHARE, axis=0)
    rewarded = (total >= cut[None, :]) & (trigger == None)  # noqa: E711 - elementwise
    at, month = np.nonzero(held)
    due, done, fix, fixed = _interviews(luck, trigger[held], last_days(ASSESSED_MONTHS)[month])
    return table_frame(
        "assessment",
        {
            "compound_id": city.ids[at], "month": np.array(ASSESSED_MONTHS, dtype=object)[month],
            **{f"{name}_score": score[held] for name, score in scores.items()}, "total_score": total[held],
            "is_rewarded": rewarded[held], "interview_trigger": trigger[held], "interview_due_on": due,
            "interview_held_on": done, "rectify_due_on": fix, "rectified_on": fixed,
        },
    )  # fmt: skip


def _triggers(city: Compounds, scores: dict[str, Floats], surveys: pd.DataFrame) -> Array:
    """The trigger of each compound and month, None for none; a low satisfaction comes before low scores."""
    found = np.full(next(iter(scores.values())).shape, None, dtype=object)
    for trigger, (name, threshold) in THRESHOLDS.items():
        found[scores[name] < threshold] = trigger.value
    overall = surveys[(surveys["question"] == Question.OVERALL.value) & surveys["wave"].isin(ASSESSED_MONTHS)]
    low = overall[overall["satisfied"].astype(float) < SATISFACTION_BELOW * overall["valid"].astype(float)]
    row_of = {unit: i for i, unit in enumerate(city.ids)}
    column_of = {month: i for i, month in enumerate(ASSESSED_MONTHS)}
    rows = [row_of[c] for c in low["compound_id"]]
    # Half the streets wait for a second low wave before they call anyone in; which waves is a matter of the month.
    columns = [column_of[w] for w in low["wave"]]
    for row, column in zip(rows, columns, strict=True):
        if (row + column) % 2 == 0:
            found[row, column] = InterviewTrigger.SATISFACTION.value
    return found


def _interviews(luck: np.random.Generator, trigger: Array, month_end: Array) -> tuple[Array, ...]:
    """Due, held, rectification due, rectified; what has not happened by the data date is missing."""
    count = len(trigger)
    now, nothing = np.datetime64(DATA_DATE, "D"), np.datetime64("NaT", "D")
    called = np.array([t is not None for t in trigger])
    due = np.where(called, month_end + np.timedelta64(DAYS_TO_INTERVIEW, "D"), nothing)
    when = month_end + np.clip(luck.normal(3, 8, count), -12, 60).astype("timedelta64[D]")
    held = np.where(called & (luck.random(count) < 0.93) & (when <= now), when, nothing)
    fix = np.where(np.isnat(held), nothing, held + np.timedelta64(DAYS_TO_RECTIFY, "D"))
    ready = held + np.clip(luck.normal(36, 14, count), 5, 120).astype("timedelta64[D]")
    fixed = np.where(~np.isnat(held) & (luck.random(count) < 0.9) & (ready <= now), ready, nothing)
    return due, held, fix, fixed


def objection_rows(seed: int, assessments: pd.DataFrame) -> pd.DataFrame:
    """`objection` rows: raised where a score fell out low; a few wait for their answer longer than they should."""
    luck = stream(seed, "objections")
    weight = np.exp(-0.09 * assessments["total_score"].to_numpy())
    chosen = np.sort(luck.choice(len(weight), OBJECTIONS, replace=False, p=weight / weight.sum()))
    of = assessments.iloc[chosen]
    ends = last_days(tuple(of["month"]))
    now, nothing = np.datetime64(DATA_DATE, "D"), np.datetime64("NaT", "D")
    raised = np.minimum(ends + luck.integers(3, 20, OBJECTIONS).astype("timedelta64[D]"), now - np.timedelta64(1, "D"))
    takes = luck.integers(4, 26, OBJECTIONS).astype("timedelta64[D]")
    answered = np.where(raised + takes <= now, raised + takes, nothing)
    answered[luck.choice(OBJECTIONS, UNANSWERED_OLD, replace=False)] = nothing
    is_answered = ~np.isnat(answered)
    upheld = is_answered & (luck.random(OBJECTIONS) < 0.38)
    # The assessment holds the score as it stands now: after the answer where there was one.
    total = of["total_score"].to_numpy()
    before = np.round(total - np.where(upheld, luck.uniform(0.5, 6.0, OBJECTIONS), 0.0), 1)
    reasons = np.array([r.value for r in ObjectionReason], dtype=object)
    return table_frame(
        "objection",
        {
            "objection_id": [f"SS{i + 1:04d}" for i in range(OBJECTIONS)], "compound_id": of["compound_id"].to_numpy(),
            "month": of["month"].to_numpy(), "raised_on": raised, "reason": reasons[luck.integers(0, 4, OBJECTIONS)],
            "answered_on": answered, "score_before": before, "score_after": np.where(is_answered, total, np.nan),
        },
    )  # fmt: skip


def incident_rows(seed: int, city: Compounds, z: Floats) -> pd.DataFrame:
    """`incident` rows: rare, more often where things are bad; four are still open."""
    luck = stream(seed, "incidents")
    weight = np.exp(-0.5 * z[: city.managed]) * np.isnat(city.since[: city.managed])
    at = luck.choice(city.managed, INCIDENTS, replace=False, p=weight / weight.sum())
    begun = np.sort(np.datetime64("2021-12-01") + luck.integers(0, 1740, INCIDENTS).astype("timedelta64[D]"))
    closed = np.minimum(begun + luck.integers(12, 110, INCIDENTS).astype("timedelta64[D]"), np.datetime64("2026-10-20"))
    closed[-STILL_OPEN:] = np.datetime64("NaT", "D")
    kinds = np.array([k.value for k in IncidentKind], dtype=object)
    return table_frame(
        "incident",
        {
            "incident_id": [f"ZS{i + 1:03d}" for i in range(INCIDENTS)], "compound_id": city.ids[at],
            "kind": kinds[luck.choice(4, INCIDENTS, p=[0.34, 0.4, 0.2, 0.06])], "opened_on": begun, "closed_on": closed,
        },
    )  # fmt: skip
