"""Gates before scores: who may be ranked as a demonstration compound, and if not, why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from data.statistics.bands import SatisfactionBand


class Eligibility(StrEnum):
    """UNDETERMINED: something the gates need was not reported, and not reported is never counted as absent."""

    ELIGIBLE = "可参评"
    NOT_ELIGIBLE = "不可参评"
    UNDETERMINED = "待核实"


class GateReason(StrEnum):
    """Why a compound is held back. Values are stable keys for scripts; `heading` is what a page shows."""

    NO_BRANCH = "no_branch"
    SATISFACTION_RED = "satisfaction_red"
    OPEN_INCIDENT = "open_incident"
    UNANSWERED_OBJECTION = "unanswered_objection"
    BRANCH_UNREPORTED = "branch_unreported"
    SATISFACTION_UNREPORTED = "satisfaction_unreported"
    INCIDENT_UNREPORTED = "incident_unreported"
    OBJECTION_UNREPORTED = "objection_unreported"

    @property
    def heading(self) -> str:
        return _TITLES[self]

    @property
    def is_gate(self) -> bool:
        """True for the four gates, False for the reasons that only say something was not reported."""
        return self in _GATES


_GATES = (
    GateReason.NO_BRANCH,
    GateReason.SATISFACTION_RED,
    GateReason.OPEN_INCIDENT,
    GateReason.UNANSWERED_OBJECTION,
)
_TITLES = {
    GateReason.NO_BRANCH: "没有党支部覆盖",
    GateReason.SATISFACTION_RED: "满意度处于红档",
    GateReason.OPEN_INCIDENT: "有未结的严重事件",
    GateReason.UNANSWERED_OBJECTION: "有未答复的申诉",
    GateReason.BRANCH_UNREPORTED: "党支部覆盖情况未上报",
    GateReason.SATISFACTION_UNREPORTED: "满意度未上报",
    GateReason.INCIDENT_UNREPORTED: "严重事件情况未上报",
    GateReason.OBJECTION_UNREPORTED: "申诉情况未上报",
}


@dataclass(frozen=True, slots=True)
class GateResult:
    """Eligibility and reasons a unit, indexed by unit. `reasons` holds tuples of `GateReason`, empty when none."""

    eligibility: pd.Series
    reasons: pd.Series

    @property
    def is_eligible(self) -> pd.Series:
        return self.eligibility == Eligibility.ELIGIBLE


def apply_gates(
    units: Sequence[object],
    *,
    has_branch: ArrayLike,
    satisfaction_band: Sequence[SatisfactionBand | str | None],
    open_incidents: ArrayLike,
    unanswered_objections: ArrayLike,
    gates: Sequence[str] = _GATES,
) -> GateResult:
    """Hold back units without a branch, in the red band, with an open serious incident or unanswered objection.

    Args:
        units: names of the units, shape (units,).
        has_branch: 1 / 0, missing where not reported.
        satisfaction_band: band of each unit; 未上报 or missing where there is no survey.
        open_incidents, unanswered_objections: counts, missing where not reported.
        gates: the gates that apply (a scheme's `gates`), keys of `GateReason`.

    Returns:
        A failed gate makes a unit 不可参评; no failed gate but something unreported, 待核实.

    Source: this project's rule that gates come before scores.
    """
    chosen = {GateReason(gate) for gate in gates}
    branch, incidents, objections = (
        _numbers(values, len(units)) for values in (has_branch, open_incidents, unanswered_objections)
    )
    bands = [_band(band) for band in satisfaction_band]
    red = np.array([band is SatisfactionBand.RED for band in bands], dtype=bool)
    unknown = np.array([band is SatisfactionBand.UNKNOWN for band in bands], dtype=bool)
    checks = (
        (GateReason.NO_BRANCH, branch == 0, GateReason.BRANCH_UNREPORTED, np.isnan(branch)),
        (GateReason.SATISFACTION_RED, red, GateReason.SATISFACTION_UNREPORTED, unknown),
        (GateReason.OPEN_INCIDENT, incidents > 0, GateReason.INCIDENT_UNREPORTED, np.isnan(incidents)),
        (GateReason.UNANSWERED_OBJECTION, objections > 0, GateReason.OBJECTION_UNREPORTED, np.isnan(objections)),
    )
    reasons: list[tuple[GateReason, ...]] = []
    verdicts: list[Eligibility] = []
    for position in range(len(units)):
        held: list[GateReason] = []
        for failed, is_failed, unreported, is_unreported in checks:
            if failed not in chosen:
                continue
            if is_failed[position]:
                held.append(failed)
            elif is_unreported[position]:
                held.append(unreported)
        reasons.append(tuple(held))
        verdicts.append(_verdict(held))
    index = pd.Index(list(units))
    return GateResult(
        eligibility=pd.Series(verdicts, index=index, dtype=object),
        reasons=pd.Series(reasons, index=index, dtype=object),
    )


def _verdict(held: Sequence[GateReason]) -> Eligibility:
    if any(reason.is_gate for reason in held):
        return Eligibility.NOT_ELIGIBLE
    return Eligibility.UNDETERMINED if held else Eligibility.ELIGIBLE


def _numbers(values: ArrayLike, length: int) -> NDArray[np.float64]:
    numbers = np.array([_number(value) for value in np.asarray(values, dtype=object)], dtype=np.float64)
    if numbers.shape != (length,):
        raise ValueError(f"expected one value a unit ({length}), got shape {numbers.shape}")
    return numbers


def _number(value: object) -> float:
    if value is None or value is pd.NA:
        return float("nan")
    return float(value)  # type: ignore[arg-type]


def _band(band: object) -> SatisfactionBand:
    if band is None or band is pd.NA or (isinstance(band, float) and np.isnan(band)):
        return SatisfactionBand.UNKNOWN
    return SatisfactionBand(str(band))
