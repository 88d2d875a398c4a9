"""What grids, communities, streets, counties and companies enter."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.demo.chance import Bools, Floats, apportion, logistic, stream
from data.demo.clock import LEDGER_MONTHS, MONTHS, month_number
from data.demo.companies import Companies
from data.demo.compounds import Compounds, Texts
from data.demo.frames import observations
from data.demo.party_ledgers import LEDGER
from data.demo.places import COMPOUNDS_OF_STREET, URBAN_STREETS, ground
from data.demo.reporting import Reporting
from data.schema.vocabulary import UnitKind

MEMBERS_REPORTED = 20_000
MEMBER_CLASSES = {"members_direct": 0.22, "members_serving": 0.38, "members_retired": 0.31, "members_mobile": 0.09}
QUARTER_ENDS = tuple(m for m in MONTHS if m >= "2024-03" and int(m[5:]) % 3 == 0)
MODEL_MONTHS = tuple(m for m in MONTHS if m[5:] == "09")


def grid_rows(seed: int, grids: pd.DataFrame, city: Compounds, reporting: Reporting) -> pd.DataFrame:
    """Posts due and filled in each grid since 2025."""
    luck = stream(seed, "grid ledger")
    codes = grids["grid_code"].to_numpy(dtype=object)
    buildings = pd.Series(city.buildings).groupby(city.grid.astype(str)).sum().loc[codes.astype(str)].to_numpy()
    count, months = len(codes), len(LEDGER_MONTHS)
    due = {
        "lane_leaders": luck.integers(1, 4, count), "building_leaders": buildings,
        "unit_leaders": buildings * luck.integers(2, 5, count), "group_leaders": luck.integers(1, 5, count),
    }  # fmt: skip
    share = {"lane_leaders": 0.93, "building_leaders": 0.84, "unit_leaders": 0.69, "group_leaders": 0.58}
    at = np.linspace(-0.05, 0.05, months)
    values: dict[str, Floats] = {}
    for name, whole in due.items():
        keen = np.clip(luck.normal(share[name], 0.12, (count, 1)) + at, 0.05, 1.0)
        values[f"{name}_due"] = np.repeat(whole[:, None], months, axis=1).astype(np.float64)
        values[name] = np.round(values[f"{name}_due"] * keen)
    values["party_households"] = np.round(luck.gamma(4.0, 1.2, (count, 1)) * (1 + at))
    values["grid_has_branch"] = np.asarray(luck.random((count, 1)) < 0.52 + 3 * at, dtype=np.float64)
    filed = reporting.units("grids", np.array([c[:9] for c in codes], dtype=object))[:, LEDGER]
    return observations(UnitKind.GRID, codes, LEDGER_MONTHS, values, filed)


def member_rows(seed: int, city: Compounds, reporting: Reporting) -> pd.DataFrame:
    """Members of the urban communities who reported: 20 000 in the latest month, growing since 2021.

    The source counts them in the urban streets only, so no other community has rows.
    """
    luck = stream(seed, "members")
    here = ground()
    codes = np.array([c for street in URBAN_STREETS for c in here.communities[street]], dtype=object)
    households = pd.Series(city.households).groupby(city.community.astype(str)).sum()
    weight = households.reindex(codes.astype(str)).fillna(3.0).to_numpy() * luck.gamma(6.0, 1.0, len(codes))
    final = apportion(MEMBERS_REPORTED, weight, least=2)
    grown = logistic((np.arange(len(MONTHS)) - 22) / 9)
    grown = grown / grown[-1]
    reported = np.floor(final[:, None] * grown)
    reported[:, -1] = final
    due = np.ceil(final / np.clip(luck.normal(0.81, 0.06, len(codes)), 0.6, 0.97))
    due = np.maximum(due[:, None] * np.linspace(0.94, 1.0, len(MONTHS)), reported).round()
    values: dict[str, Floats] = {"members_due": due, "members_reported": reported}
    mix = luck.dirichlet(np.array(list(MEMBER_CLASSES.values())) * 40, len(codes))
    left = due.copy()
    for number, name in enumerate(reversed(MEMBER_CLASSES)):
        values[name] = left if name == "members_direct" else np.floor(due * mix[:, -1 - number, None])
        left = left - values[name]
    filed = reporting.units("members", np.array([c[:9] for c in codes], dtype=object), share=0.97)
    filed[:, -1] = True
    return observations(UnitKind.COMMUNITY, codes, MONTHS, values, filed)


def community_rows(seed: int, city: Compounds, reporting: Reporting) -> pd.DataFrame:
    """Part-time seats, one shoulder and agreements of the communities that have compounds."""
    luck = stream(seed, "community ledger")
    codes = np.array(sorted(set(city.community[: city.managed])), dtype=object)
    shape = (len(codes), 1)
    at = np.linspace(0, 1, len(LEDGER_MONTHS))
    values = {
        "parttime_members": np.floor(luck.gamma(1.4, 0.8, shape) + 0.5 * at),
        "head_one_shoulder": (luck.random(shape) < 0.86 + 0.08 * at) * 1.0,
        "agreement_signed": (luck.random(shape) < 0.38 + 0.22 * at) * 1.0,
    }
    filed = reporting.units("communities", np.array([c[:9] for c in codes], dtype=object))[:, LEDGER]
    return observations(UnitKind.COMMUNITY, codes, LEDGER_MONTHS, values, filed)


def street_rows(seed: int, reporting: Reporting) -> pd.DataFrame:
    """Quarterly conduct totals and yearly models of the streets that have compounds; the chain of the counties."""
    luck = stream(seed, "street reports")
    streets = np.array(sorted(COMPOUNDS_OF_STREET), dtype=object)
    size = np.sqrt(np.array([COMPOUNDS_OF_STREET[s] for s in streets]))[:, None]
    filed = reporting.units("streets", streets)
    triggered = luck.poisson(0.9 * size, (len(streets), len(QUARTER_ENDS)))
    conduct = {"conduct_triggered": triggered, "conduct_rectified": luck.binomial(triggered, 0.82)}
    shape = (len(streets), len(MODEL_MONTHS))
    models = {
        "models_secretary": luck.poisson(0.12 * size, shape), "models_manager": luck.poisson(0.10 * size, shape),
        "models_chair": luck.poisson(0.07 * size, shape),
    }  # fmt: skip
    areas = ground().areas
    counties = areas.loc[areas["level"] == "county", "code"].to_numpy(dtype=object)
    begun = luck.permutation(np.linspace(1, 40, len(counties)).astype(np.int64))
    # One county has not set the chain up yet.
    begun[int(luck.integers(0, len(counties)))] = len(MONTHS)
    chain = {"county_mechanism": np.arange(len(MONTHS))[None, :] >= begun[:, None]}
    return pd.concat([
        observations(UnitKind.STREET, streets, QUARTER_ENDS, conduct, filed[:, [month_number(m) for m in QUARTER_ENDS]]),
        observations(UnitKind.STREET, streets, MODEL_MONTHS, models, filed[:, [month_number(m) for m in MODEL_MONTHS]]),
        observations(UnitKind.COUNTY, counties, MONTHS, chain, luck.random((len(counties), len(MONTHS))) < 0.98),
    ], ignore_index=True)  # fmt: skip


def company_rows(seed: int, companies: Companies, has_branch: Bools, reporting: Reporting) -> pd.DataFrame:
    """What companies enter about party work, credit and the yearly review."""
    luck = stream(seed, "company ledger")
    ids: Texts = companies.ids
    count, months = len(ids), len(LEDGER_MONTHS)
    q = companies.quality[:, None]
    branch = has_branch[:, None]
    at = np.linspace(0, 1, months)

    def flag(first: float, last: float, lift: float) -> Floats:
        share = first + (last - first) * at
        chance = logistic(np.log(share / (1 - share)) + 0.35 * q + lift * branch)
        return np.asarray(luck.random((count, 1)) < chance, dtype=np.float64)

    score = np.clip(
        76
        + 8.5 * q
        + luck.normal(0, 2.0, (count, 1))
        + np.repeat(luck.normal(0, 1.2, (count, 8)), 3, axis=1)[:, :months],
        40,
        116,
    )
    month = np.array([int(m[5:]) for m in LEDGER_MONTHS])
    reviewed = luck.integers(3, 12, (count, 1))
    values = {
        # A company with a branch of its own needs no instructor sent in.
        "company_has_instructor": flag(0.22, 0.48, -1.2), "company_has_mass_org": flag(0.16, 0.3, 0.9),
        "charter_included": flag(0.18, 0.42, 1.6), "party_in_decisions": flag(0.12, 0.3, 1.9),
        "review_done": (month[None, :] >= reviewed) * 1.0, "credit_score": np.round(score, 1),
        "credit_party_score": np.round(np.clip(6 + 1.2 * q + 5 * branch + luck.normal(0, 1.2, (count, 1)) + at, 0, 20), 1),
    }  # fmt: skip
    filed = reporting.units("companies", np.array([o[:9] for o in companies.office], dtype=object), share=0.955)
    filed &= luck.random(filed.shape) < logistic(3.4 + 0.6 * q)
    days = np.array([np.datetime64(m, "M") for m in MONTHS])
    filed &= np.isnat(companies.since)[:, None] | (companies.since[:, None].astype("datetime64[M]") <= days[None, :])
    return pd.concat([
        observations(UnitKind.COMPANY, ids, MONTHS, {"company_party_sheet_filed": np.ones(filed.shape)}, filed),
        observations(UnitKind.COMPANY, ids, LEDGER_MONTHS, values, filed[:, LEDGER]),
    ], ignore_index=True)  # fmt: skip
