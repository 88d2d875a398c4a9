import numpy as np
import pytest

from data.statistics.bands import SatisfactionBand
from data.statistics.gates import Eligibility, GateReason, apply_gates


def one(
    branch: object = 1, band: object = "绿", incidents: object = 0, objections: object = 0
) -> tuple[object, object]:
    result = apply_gates(
        ["u"],
        has_branch=[branch],  # type: ignore[list-item]
        satisfaction_band=[band],  # type: ignore[list-item]
        open_incidents=[incidents],  # type: ignore[list-item]
        unanswered_objections=[objections],  # type: ignore[list-item]
    )
    return result.eligibility["u"], result.reasons["u"]


@pytest.mark.parametrize(
    ("given", "verdict", "reasons"),
    [
        ({}, Eligibility.ELIGIBLE, ()),
        ({"band": SatisfactionBand.REVIEW}, Eligibility.ELIGIBLE, ()),
        ({"branch": 0}, Eligibility.NOT_ELIGIBLE, (GateReason.NO_BRANCH,)),
        ({"branch": False}, Eligibility.NOT_ELIGIBLE, (GateReason.NO_BRANCH,)),
        ({"band": "红"}, Eligibility.NOT_ELIGIBLE, (GateReason.SATISFACTION_RED,)),
        ({"incidents": 2}, Eligibility.NOT_ELIGIBLE, (GateReason.OPEN_INCIDENT,)),
        ({"objections": 1}, Eligibility.NOT_ELIGIBLE, (GateReason.UNANSWERED_OBJECTION,)),
        ({"branch": None}, Eligibility.UNDETERMINED, (GateReason.BRANCH_UNREPORTED,)),
        ({"band": None}, Eligibility.UNDETERMINED, (GateReason.SATISFACTION_UNREPORTED,)),
        ({"band": "未上报"}, Eligibility.UNDETERMINED, (GateReason.SATISFACTION_UNREPORTED,)),
        ({"incidents": np.nan}, Eligibility.UNDETERMINED, (GateReason.INCIDENT_UNREPORTED,)),
        (
            {"branch": None, "objections": 3},
            Eligibility.NOT_ELIGIBLE,
            (GateReason.BRANCH_UNREPORTED, GateReason.UNANSWERED_OBJECTION),
        ),
    ],
)
def test_each_gate_holds_back_with_its_reason_and_unreported_is_not_absent(
    given: dict[str, object], verdict: Eligibility, reasons: tuple[GateReason, ...]
) -> None:
    assert one(**given) == (verdict, reasons)


def test_a_scheme_can_apply_fewer_gates() -> None:
    result = apply_gates(
        ["p", "q"],
        has_branch=[0, 1],
        satisfaction_band=["红", "绿"],
        open_incidents=[0, 1],
        unanswered_objections=[0, 0],
        gates=["open_incident"],
    )
    assert result.is_eligible.to_dict() == {"p": True, "q": False}


def test_every_reason_has_its_own_heading() -> None:
    headings = [reason.heading for reason in GateReason]
    assert len(set(headings)) == len(headings)
    assert all(headings)


def test_one_value_a_unit_is_required() -> None:
    with pytest.raises(ValueError, match="one value a unit"):
        apply_gates(
            ["p", "q"],
            has_branch=[1],
            satisfaction_band=["绿", "绿"],
            open_incidents=[0, 0],
            unanswered_objections=[0, 0],
        )
