"""The truths planted in the demo, as one document that tests compare estimates with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from data.demo import cases, fees, quality, satisfaction_truth
from data.demo.chance import Floats
from data.demo.clock import DATA_DATE, METHOD_CHANGED_IN, MONTHS, WAVES, month_number
from data.demo.companies import Companies
from data.demo.compounds import Compounds
from data.demo.organisation import PartyWork
from data.demo.quality import Quality
from data.demo.satisfaction_truth import SatisfactionTruth, phase_in

TRUTHS_FILE = Path(__file__).parent / "truths.json"
BELOW = 0.60


def truths_document(
    seed: int, city: Compounds, companies: Companies, planted: Quality, party: PartyWork, truth: SatisfactionTruth
) -> dict[str, Any]:
    """What is true in the demo city of `seed`; shares are 0–1, effects in points (hundredths)."""
    ids = [str(i) for i in city.ids[: city.managed]]
    residents, respondents = truth.residents[:, -1], truth.respondents[:, -1]
    return {
        "seed": seed, "data_date": DATA_DATE.isoformat(), "waves": list(WAVES),
        "satisfaction": {
            "residents_mean": _round(residents.mean()), "respondents_mean": _round(respondents.mean()),
            "trend_points_per_year": satisfaction_truth.TREND_POINTS_PER_YEAR,
            "method": {
                "changed_in": METHOD_CHANGED_IN, "before": "电话", "after": "入户",
                "points_before_against_after": satisfaction_truth.PHONE_POINTS,
            },
            "non_response": {
                "answer_if_satisfied": satisfaction_truth.ANSWER_IF_SATISFIED,
                "answer_if_not": satisfaction_truth.ANSWER_IF_NOT,
            },
            "below_60_residents": [i for i, p in zip(ids, residents, strict=True) if p < BELOW],
            "below_60_respondents": [i for i, p in zip(ids, respondents, strict=True) if p < BELOW],
        },
        "branch": _branch(city, party, truth),
        "drivers": {
            "company_points_per_sd": _points(quality.COMPANY_EFFECT), "street_sd_points": _points(quality.STREET_SD),
            "kind_points": {k.value: _points(v) for k, v in quality.KIND_EFFECT.items()},
            "mode_points": {k.value: _points(v) for k, v in quality.MODE_EFFECT.items()},
            "collection_log_odds": {"per_quality_sd": fees.PER_QUALITY, "per_company_sd": fees.PER_COMPANY},
            "company_quality": _named(companies.ids, companies.quality),
        },
        "compounds": {
            unit: {
                "residents": _round(residents[i]),
                "quality": _round(planted.z[i]),
                "is_troubled": bool(planted.is_troubled[i]),
                "branch_since": None if np.isinf(party.founded[i]) else _month(int(party.founded[i])),
                "respondents": [_round(p) for p in truth.respondents[i]],
            }
            for i, unit in enumerate(ids)
        },
    }  # fmt: skip


def _branch(city: Compounds, party: PartyWork, truth: SatisfactionTruth) -> dict[str, Any]:
    waves = np.array([month_number(w) for w in WAVES])
    since = waves[None, :] - party.founded[:, None]
    # Founded within the demo, so that waves before and after exist.
    within = np.isfinite(party.founded) & (party.founded > waves[0])
    gain = truth.respondents - truth.without_branch
    whole = within[:, None] & (since >= satisfaction_truth.PHASE_IN_MONTHS)
    after = within[:, None] & (since >= 0)
    return {
        "satisfaction_points": satisfaction_truth.BRANCH_POINTS,
        "satisfaction_points_among_respondents": _points(gain[whole].mean()),
        "satisfaction_points_among_respondents_all_waves_after": _points(gain[after].mean()),
        "among_respondents_by_quarters_since": {
            str(q): _points(gain[within[:, None] & (np.floor(since / 3) == q)].mean()) for q in range(12)
        },
        "resolution_points": cases.RESOLUTION_POINTS, "on_time_points": cases.ON_TIME_POINTS,
        "phase_in_months": satisfaction_truth.PHASE_IN_MONTHS,
        "phase_in": {str(m): _round(float(phase_in(np.array([m]))[0])) for m in (0, 3, 6, 9, 12, 24)},
        "compounds_covered": int(np.isfinite(party.founded).sum()),
        "compounds_founded_within": int(within.sum()),
        "pre_trend_points_per_year": 0.0,
    }  # fmt: skip


def write_truths(document: dict[str, Any], path: Path = TRUTHS_FILE) -> None:
    """Write the document, one compound a line, so that a change shows as a readable diff."""
    path.write_text(truths_text(document), encoding="utf-8")


def truths_text(document: dict[str, Any]) -> str:
    """The document as it is written to the file."""
    compounds = document["compounds"]
    head = json.dumps({k: v for k, v in document.items() if k != "compounds"}, ensure_ascii=False, indent=1)
    rows = ",\n".join(f"  {json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in compounds.items())
    return f'{head[:-2]},\n "compounds": {{\n{rows}\n }}\n}}\n'


def read_truths(path: Path = TRUTHS_FILE) -> dict[str, Any]:
    """The committed truths of the default seed."""
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _month(number: int) -> str:
    if number >= 0:
        return MONTHS[number]
    return str(np.datetime64(MONTHS[0], "M") + np.timedelta64(number, "M"))


def _round(value: float | np.floating[Any]) -> float:
    # Four decimals: what differs further is a matter of the machine's mathematics library.
    return round(float(value), 4) + 0.0


def _points(share: float | np.floating[Any]) -> float:
    return round(100 * float(share), 2) + 0.0


def _named(ids: Any, values: Floats) -> dict[str, float]:
    return {str(i): _round(v) for i, v in zip(ids, values, strict=True)}
