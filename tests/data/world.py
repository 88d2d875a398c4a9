"""Random small cities: batches of registers, events and observations that change and contradict one another."""

from __future__ import annotations

import numpy as np
import pandas as pd

AREAS = pd.DataFrame(
    [
        ("34", "甲市", "city", None, None),
        ("3401", "东县", "county", "34", None),
        ("3402", "西县", "county", "34", None),
        ("340101", "一街道", "street", "3401", True),
        ("340102", "二街道", "street", "3401", False),
        ("340201", "三街道", "street", "3402", True),
        ("340101001", "甲社区", "community", "340101", None),
        ("340101002", "乙社区", "community", "340101", None),
        ("340201001", "丙社区", "community", "340201", None),
    ],
    columns=["code", "name", "level", "parent_code", "is_urban_core"],
)
PLACES = ["340101001", "340101002", "340201001", "340102", "3402", "34"]
KINDS = ["商品房", "老旧小区", "保障房", None]
MONTHS = [f"2026-{m:02d}" for m in range(1, 7)]
COMPOUNDS = [f"c{i}" for i in range(8)]
COMPANIES = [f"k{i}" for i in range(4)]
GRIDS = ["g0", "g1", "g2"]


def _day(rng: np.random.Generator) -> pd.Timestamp:
    return pd.Timestamp("2025-11-15") + pd.Timedelta(days=int(rng.integers(0, 240)))


def registers(rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    """Compounds, grids, companies, who manages whom, organisations, committees, sites: some of each."""
    some = [c for c in COMPOUNDS if rng.random() < 0.8]
    frames = {
        "grid": pd.DataFrame(
            {
                "grid_code": GRIDS, "name": GRIDS, "leader_posts_due": [3, 3, 3], "leader_posts_filled": [1, 2, 3],
                "community_code": rng.choice(["340101001", "340101002", "340201001"], 3),
            }
        ),
        "compound": pd.DataFrame(
            {
                "compound_id": some, "name": [f"小区{c}" for c in some], "area_code": rng.choice(PLACES, len(some)),
                "grid_code": rng.choice([*GRIDS, None], len(some)), "kind": rng.choice(KINDS, len(some)),
                "households": rng.integers(50, 900, len(some)), "is_managed": rng.random(len(some)) < 0.9,
            }
        ),
        "company": pd.DataFrame(
            {
                "company_id": COMPANIES, "name": [f"企业{k}" for k in COMPANIES],
                "credit_grade": rng.choice(["AAA", "B", None], 4), "office_area_code": rng.choice(PLACES, 4),
            }
        ),
    }  # fmt: skip
    covered = [c for c in some if rng.random() < 0.5]
    frames["management"] = pd.DataFrame(
        {
            "compound_id": covered, "company_id": rng.choice(COMPANIES, len(covered)),
            "mode": ["专业物业"] * len(covered), "valid_from": [pd.Timestamp("2026-02-01")] * len(covered),
        }
    )  # fmt: skip
    frames["site"] = pd.DataFrame(
        {
            "site_id": ["s0", "s1"], "kind": ["党群服务站", "物业服务站暨调解中心"], "opened_on": [_day(rng), _day(rng)],
            "community_code": rng.choice(["340101001", "340201001"], 2),
        }
    )  # fmt: skip
    frames["party_org"] = pd.DataFrame(
        {
            "org_id": ["o0", "o1", "o2"], "kind": ["小区(网格)党支部", "小区(网格)党支部", "社区大党委"],
            "founding_mode": ["单独组建", "网格联建", None], "founded_on": [_day(rng), _day(rng), None],
            "area_code": ["340101001", "340201001", "340101001"],
        }
    )  # fmt: skip
    pairs = {(rng.choice(["o0", "o1"]), c) for c in some if rng.random() < 0.6}
    frames["party_org_compound"] = pd.DataFrame(sorted(pairs), columns=["org_id", "compound_id"]).assign(
        cover=lambda f: rng.choice(["自有", "联建", "兜底"], len(f))
    )
    seated = [c for c in some if rng.random() < 0.5]
    frames["committee"] = pd.DataFrame(
        {
            "committee_id": [f"w{c}" for c in seated], "compound_id": seated, "kind": ["业委会"] * len(seated),
            "seats": [7] * len(seated), "party_seats": rng.integers(2, 7, len(seated)),
            "established_on": [_day(rng) for _ in seated], "term_end": [pd.Timestamp("2026-08-15")] * len(seated),
        }
    )  # fmt: skip
    return {name: frame for name, frame in frames.items() if len(frame)}


def filings(rng: np.random.Generator, compounds: list[str], months: list[str]) -> dict[str, pd.DataFrame]:
    """Observations, surveys and cases of some of `compounds` in `months`."""
    rows, answers, cases = [], [], []
    for compound in compounds:
        for month in months:
            if rng.random() < 0.3:
                continue
            due = float(rng.integers(100, 900))
            rows += [
                ("compound", compound, month, "fees_due_yuan", due),
                ("compound", compound, month, "fees_collected_yuan", float(rng.integers(0, 100))),
                ("compound", compound, month, "party_sheet_filed", 1.0),
                ("compound", compound, month, "has_coordination", float(rng.integers(0, 2))),
                ("compound", compound, month, "volunteer_teams", float(rng.integers(0, 3))),
            ]
            valid = int(rng.integers(1, 40))
            answers.append((compound, month, "总体满意", valid, int(rng.integers(0, valid + 1))))
            opened = pd.Timestamp(f"{month}-03")
            for number in range(int(rng.integers(0, 3))):
                resolved = opened + pd.Timedelta(days=int(rng.integers(1, 50))) if rng.random() < 0.7 else None
                cases.append((f"{compound}-{month}-{number}", compound, "纠纷", opened, resolved, "社区大党委"))
    frames = {
        "observation": pd.DataFrame(rows, columns=["unit_kind", "unit_id", "month", "measure", "value"]),
        "survey": pd.DataFrame(answers, columns=["compound_id", "wave", "question", "valid", "satisfied"]),
        "case_event": pd.DataFrame(
            cases, columns=["case_id", "compound_id", "kind", "opened_at", "resolved_at", "level_closed"]
        ),
    }
    return {name: frame for name, frame in frames.items() if len(frame)}
