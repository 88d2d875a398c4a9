"""The planted truth of satisfaction: what share of residents, and of those who answer, is satisfied in each wave.

Nothing here knows an estimator. Effects add up on the scale of shares, so that without branches all compounds would
move in parallel.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.demo.chance import Floats, stream
from data.demo.clock import METHOD_CHANGED_IN, WAVES, Ints, month_number
from data.demo.compounds import Compounds
from data.demo.quality import Quality

BRANCH_POINTS = 4.0
PHASE_IN_MONTHS = 12
TREND_POINTS_PER_YEAR = 0.5
SUMMER_POINTS = -0.6
# On the telephone people answer kindlier than at the door.
PHONE_POINTS = 1.5
CITY_WAVE_SD, COMPOUND_WAVE_SD = 0.004, 0.012
# The dissatisfied answer less often: of those invited, these shares answer.
ANSWER_IF_SATISFIED, ANSWER_IF_NOT = 0.62, 0.565


@dataclass(frozen=True)
class SatisfactionTruth:
    """Shares, shape (managed compounds, waves). `without_branch` is what respondents would say had none been founded."""

    residents: Floats
    respondents: Floats
    without_branch: Floats


def phase_in(months_since_founding: Ints | Floats) -> Floats:
    """Share of the full effect: 0 before the founding, then growing evenly, whole after a year."""
    return np.clip(np.asarray(months_since_founding, dtype=np.float64) / PHASE_IN_MONTHS, 0.0, 1.0)


def answering(residents: Floats) -> Floats:
    """The share satisfied among those who answer, when the dissatisfied answer less often."""
    satisfied = residents * ANSWER_IF_SATISFIED
    return np.asarray(satisfied / (satisfied + (1 - residents) * ANSWER_IF_NOT))


def make_satisfaction_truth(seed: int, city: Compounds, quality: Quality, founded: Floats) -> SatisfactionTruth:
    """Planted shares by wave.

    Args:
        founded: months since the first month of the demo at which a branch first covered each managed compound; inf
            where none ever did.
    """
    luck = stream(seed, "satisfaction truth")
    waves = np.array([month_number(w) for w in WAVES])
    managed = city.managed
    common = TREND_POINTS_PER_YEAR / 100 * waves / 12 + luck.normal(0, CITY_WAVE_SD, len(waves))
    common = common + np.array([SUMMER_POINTS / 100 if w[5:] == "07" else 0.0 for w in WAVES])
    own = luck.normal(0, COMPOUND_WAVE_SD, (managed, len(waves)))
    effect = BRANCH_POINTS / 100 * phase_in(waves[None, :] - founded[:, None])
    bare = np.clip(quality.level[:managed, None] + common + own, 0.2, 0.93)
    residents = np.clip(bare + effect, 0.2, 0.97)
    method = np.array([PHONE_POINTS / 100 if w < METHOD_CHANGED_IN else 0.0 for w in WAVES])
    return SatisfactionTruth(
        residents, np.minimum(answering(residents) + method, 0.985), np.minimum(answering(bare) + method, 0.985)
    )
