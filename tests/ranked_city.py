"""The small city with everything the index and the companies' page read: fees, cases, assessments, awards, objections."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import numpy as np
from sqlalchemy import Engine

from tests.small_city import MONTHS, SILENT_STREET, STREETS, fill
from tests.small_city import rows as small_rows

GRADES = ("AAA", "AA", "A", "B", "C")
COMPANY_STREETS = ("990001001", "990001001", "990002001", "990002002")
QUESTIONS = ("获得感", "幸福感", "安全感")


def rows() -> dict[str, list[dict[str, Any]]]:
    """Rows by table; one stream of chance with a fixed seed."""
    chance = np.random.default_rng(7)
    tables = small_rows()
    compounds, observations = tables["compound"], []

    def observe(kind: str, unit: str, month: str, **values: float) -> None:
        for measure, value in values.items():
            observations.append(
                {"unit_kind": kind, "unit_id": unit, "month": month, "measure": measure, "value": float(value)}
            )

    for place, row in enumerate(tables["company"]):
        row |= {"office_area_code": COMPANY_STREETS[place], "credit_grade": GRADES[place], "lon": 118.1 + 0.3 * place,
                "lat": 30.25}  # fmt: skip
    cases, assessments, tasks, committees, surveys = [], [], [], [], tables["survey"]
    quality = {row["compound_id"]: float(chance.beta(4, 2)) for row in compounds}
    for number, row in enumerate(compounds):
        unit, good = row["compound_id"], quality[row["compound_id"]]
        row["fee_yuan_m2_month"] = round(0.6 + 1.6 * good, 2)
        if number % 4 == 3:
            tables["management"][number] |= {"company_id": None, "mode": "自管" if number % 8 == 3 else "兜底"}
        committees.append(
            {"committee_id": f"W{number:03d}", "compound_id": unit, "kind": "业委会", "seats": 5,
             "party_seats": 2 + number % 3, "established_on": date(2024, 1, 1), "term_end": date(2029, 1, 1)}
        )  # fmt: skip
        for month in MONTHS:
            first = date(int(month[:4]), int(month[5:]), 1)
            opened = int(chance.integers(6, 20))
            if row["area_code"].startswith(SILENT_STREET):
                continue
            observe("compound", unit, month, fees_due_yuan=40_000, fees_collected_yuan=round(40_000 * min(1, 0.4 + 0.6 * good)),
                    arrears_open_yuan=round(90_000 * (1.2 - good)), arrears_cleared_yuan=round(4_000 * good),
                    major_matters=4, major_matters_prereviewed=chance.binomial(4, good), posts_set=10,
                    posts_claimed=chance.binomial(10, good), agenda_items=6, agenda_items_closed=chance.binomial(6, good),
                    public_income_due=1, public_income_published=int(chance.random() < good),
                    branch_absorbs_four=int(number % 2 == 0), volunteer_teams=1 + number % 2)  # fmt: skip
            assessments.append({"compound_id": unit, "month": month, "total_score": round(55 + 42 * good, 1)})
            for k in range(opened):
                at = datetime.combine(first.replace(day=1 + k % 27), time(9))
                is_done = chance.random() < good
                cases.append(
                    {"case_id": f"{unit}{month}{k}", "compound_id": unit, "kind": "诉求", "opened_at": at,
                     "due_at": at.replace(day=28), "responded_at": at.replace(hour=15) if chance.random() < 0.9 else None,
                     "resolved_at": at.replace(hour=20) if is_done else None,
                     "callback_satisfied": bool(chance.random() < good) if is_done else None}
                )  # fmt: skip
            for question in QUESTIONS:
                surveys.append(
                    {"compound_id": unit, "wave": month, "question": question, "valid": 40,
                     "satisfied": int(chance.binomial(40, good))}
                )  # fmt: skip
        tasks.append(
            {"task_id": f"T{number:03d}", "list_kind": "提升行动", "compound_id": unit, "opened_on": date(2026, 5, 2),
             "due_on": date(2026, 9, 1), "done_on": date(2026, 8, 1) if good > 0.5 else None}
        )  # fmt: skip
    for place, row in enumerate(tables["company"]):
        for month in MONTHS:
            observe("company", row["company_id"], month, credit_score=70 + 6 * place, credit_party_score=8 + 3 * place)
            if place < 3:
                observe("company", row["company_id"], month, company_has_instructor=place % 2, company_has_mass_org=place == 1,
                        charter_included=1, party_in_decisions=place != 2, review_done=place == 0)  # fmt: skip
    tables["party_org"].append(
        {"org_id": "P900", "kind": "企业党支部", "founding_mode": "单独组建", "founded_on": date(2022, 1, 1), "company_id": "E00",
         "area_code": COMPANY_STREETS[0]}
    )  # fmt: skip
    for street in STREETS:
        observe("street", street, MONTHS[2], models_secretary=2, models_manager=1, models_chair=1)
    sites = [
        {"site_id": f"Z{row['code']}", "kind": "党群服务站", "community_code": row["code"], "opened_on": date(2022, 1, 1),
         **{f"has_{flag}": True for flag in ("place", "equipment", "sign", "flag", "reading", "rules")}}
        for row in tables["area"] if row["level"] == "community"
    ]  # fmt: skip
    awards = [
        {"compound_id": compounds[n]["compound_id"], "round": f"第{1 + n % 2}批", "applied_on": date(2025, 3, 1),
         "awarded_on": date(2025, 6, 1) if n < 9 else None, "revoked_on": date(2026, 6, 1) if n == 3 else None}
        for n in (0, 3, 5, 6, 9, 12)
    ]  # fmt: skip
    objections = [
        {"objection_id": "S1", "compound_id": "C006", "month": "2026-08", "raised_on": date(2026, 9, 2), "reason": "数据有误",
         "answered_on": date(2026, 9, 12), "score_before": 61.2, "score_after": 64.0},
        {"objection_id": "S2", "compound_id": "C009", "month": "2026-09", "raised_on": date(2026, 10, 8), "reason": "样本不足",
         "answered_on": None, "score_before": 70.0, "score_after": None},
    ]  # fmt: skip
    incidents = [
        {
            "incident_id": "I1",
            "compound_id": "C012",
            "kind": "消防事故",
            "opened_on": date(2026, 9, 9),
            "closed_on": None,
        }
    ]
    return tables | {
        "committee": committees, "case_event": cases, "assessment": assessments, "task": tasks, "site": sites,
        "award": awards, "objection": objections, "incident": incidents, "observation": observations,
    }  # fmt: skip


def build_ranked_city(engine: Engine) -> None:
    """Fill an empty, migrated store."""
    with engine.begin() as connection:
        fill(connection, rows())
