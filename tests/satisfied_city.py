"""The small city with everything the pages of satisfaction and of one compound read: senses, assessments, cases, fees."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine

from data.schema.vocabulary import InterviewTrigger, Question, ResponseLevel
from tests.small_city import CITY, COUNTIES, MONTHS, SILENT_STREET, fill, rows

WAVES = ("2026-07", "2026-10")
TRIGGERS = [trigger.value for trigger in InterviewTrigger]
CATEGORIES = ("停车", "治安防范", "消防隐患", "物业收费", "维修养护", "环境卫生", "邻里关系", "其他")
LEVELS = [level.value for level in ResponseLevel]
# So few of its residents are content that nothing else can be concluded.
RED = "C005"
# Nobody was ever asked here.
UNASKED = "C033"


def _answers(unit: str, wave: str, question: str, valid: int, satisfied: int, invited: int) -> dict[str, Any]:
    unhappy = valid - satisfied
    return {
        "compound_id": unit, "wave": wave, "question": question, "valid": valid, "satisfied": satisfied,
        "invited": invited, "method": "电话" if wave == WAVES[0] else "入户", "score1": unhappy // 4,
        "score2": unhappy // 4, "score3": unhappy - 2 * (unhappy // 4), "score4": satisfied - satisfied // 3,
        "score5": satisfied // 3,
    }  # fmt: skip


def satisfied_rows() -> dict[str, list[dict[str, Any]]]:
    """Rows by table; every number is a function of its place in the list."""
    tables = rows()
    units = [row["compound_id"] for row in tables["compound"]]
    silent = {row["compound_id"] for row in tables["compound"] if row["area_code"].startswith(SILENT_STREET)}
    surveys, assessments, cases, observations = [], [], [], []
    for n, unit in enumerate(units):
        for w, wave in enumerate(WAVES):
            if unit in silent:
                continue
            valid = 30 + (n * 7) % 60
            share = 0.12 if unit == RED else 0.64 + 0.02 * w + 0.16 * ((n * 5) % 7 - 3) / 3
            for q, question in enumerate(Question):
                satisfied = min(valid, max(0, round(valid * share) + q))
                surveys.append(
                    _answers(unit, wave, question.value, valid, satisfied, valid * (6 if n % 11 == 3 else 2))
                )
        for m, month in enumerate(MONTHS):
            if unit not in silent:
                due = unit in (RED, units[2], units[7], units[12]) and m in (1, 4)
                number = int(month[5:])
                assessments.append(
                    {
                        "compound_id": unit, "month": month, "total_score": 62 + (n * 11 + m * 3) % 37,
                        "party_score": 60 + (n * 7) % 40, "service_score": 55 + (n * 13 + m) % 45,
                        "governance_score": 58 + (n * 3) % 40, "is_rewarded": n % 9 == 1 and m >= 4,
                        "interview_trigger": TRIGGERS[n % 4] if due else None,
                        "interview_due_on": date(2026, number, 15) if due else None,
                        "interview_held_on": date(2026, number, 10) if due and n != 2 else None,
                        "rectify_due_on": date(2026, number, 28) if due else None,
                        "rectified_on": date(2026, number, 25) if due and n not in (2, 7) else None,
                    }
                )  # fmt: skip
                for measure, value in (
                    ("fees_due_yuan", 40000.0 + 500 * n), ("fees_collected_yuan", (40000.0 + 500 * n) * (0.6 + (n % 8) / 20)),
                    ("arrears_open_yuan", 90000.0 - 1000 * m), ("committee_sheet_filed", 1.0),
                ):  # fmt: skip
                    observations.append(
                        {"unit_kind": "compound", "unit_id": unit, "month": month, "measure": measure, "value": value}
                    )
            for k in range(n % 4):
                opened = datetime.fromisoformat(f"{month}-{3 + k:02d}T09:00")
                cases.append(
                    {
                        "case_id": f"{unit}-{month}-{k}", "compound_id": unit, "kind": ("诉求", "纠纷")[k % 2],
                        "category": CATEGORIES[(n + k + m) % 8], "opened_at": opened, "channel": "热线",
                        "due_at": opened.replace(day=opened.day + 7), "responded_at": opened.replace(hour=15),
                        "resolved_at": opened.replace(day=opened.day + 4 + 5 * (n % 2)) if k != 2 else None,
                        "level_in": LEVELS[2], "level_closed": LEVELS[(n + k) % 6] if k != 2 else None,
                        "callback_satisfied": bool((n + k) % 3) if k == 0 else None, "reopened": False,
                    }
                )  # fmt: skip
    committees = [
        {
            "committee_id": f"K{n:03d}", "compound_id": unit, "kind": "业委会", "seats": 7, "party_seats": 3 + n % 4,
            "chair_role": "其他", "established_on": date(2022, 3, 1), "term_end": date(2025 + n % 3, 6, 30),
        }
        for n, unit in enumerate(units)
        if n % 2 == 0
    ]  # fmt: skip
    tables |= {
        "survey": surveys, "assessment": assessments, "case_event": cases, "observation": observations,
        "committee": committees,
        "objection": [
            {"objection_id": "O1", "compound_id": RED, "month": "2026-06", "raised_on": date(2026, 7, 3),
             "reason": "样本不足", "answered_on": date(2026, 7, 20), "score_before": 61.0, "score_after": 63.5},
            {"objection_id": "O2", "compound_id": "C010", "month": "2026-09", "raised_on": date(2026, 10, 9),
             "reason": "数据有误", "answered_on": None, "score_before": 70.0, "score_after": None},
        ],
        "incident": [
            {"incident_id": "I1", "compound_id": RED, "kind": "消防事故", "opened_on": date(2026, 8, 2), "closed_on": None}
        ],
        "award": [
            {"compound_id": "C001", "round": "2024年第一批", "applied_on": date(2024, 3, 1),
             "awarded_on": date(2024, 9, 1), "revoked_on": None}
        ],
    }  # fmt: skip
    return tables


def build_satisfied_city(engine: Engine) -> None:
    """Fill an empty, migrated store."""
    with engine.begin() as connection:
        fill(connection, satisfied_rows())


def counties_only() -> dict[str, list[dict[str, Any]]]:
    """A city imported as registers alone: counties, compounds that name one, no streets, nothing observed."""
    areas = [{"code": CITY, "name": "清江市", "level": "city", "parent_code": None}]
    areas += [{"code": code, "name": name, "level": "county", "parent_code": CITY} for code, name in COUNTIES.items()]
    compounds = [
        {"compound_id": f"H{n}", "name": f"湖畔{n}号院", "area_code": list(COUNTIES)[n % 2], "is_managed": True}
        for n in range(9)
    ]
    return {"area": areas, "compound": compounds}
