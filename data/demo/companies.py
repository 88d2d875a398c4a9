"""The 249 invented companies and their contracts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.demo.chance import Floats, Ints, apportion, stream
from data.demo.compounds import COMPLETE_FROM, Compounds, Texts
from data.demo.frames import table_frame
from data.demo.names import company_names, credit_code
from data.schema.vocabulary import CreditGrade, ManagementMode

COMPANIES, LARGEST = 249, 20
GRADE_SHARES = {
    CreditGrade.AAA: 0.08,
    CreditGrade.AA: 0.2,
    CreditGrade.A: 0.38,
    CreditGrade.B: 0.24,
    CreditGrade.C: 0.1,
}


@dataclass(frozen=True)
class Companies:
    """Arrays over the companies. `of_compound` is the company now managing each compound, −1 for none.

    `quality` is standard normal: how well a company works, the same wherever it works.
    """

    ids: Texts
    office: Texts
    point: Floats
    quality: Floats
    of_compound: Ints
    since: NDArray[np.datetime64]

    @property
    def size(self) -> Ints:
        """Compounds each manages now."""
        held = self.of_compound[self.of_compound >= 0]
        return np.bincount(held, minlength=len(self.ids)).astype(np.int64)


def make_companies(seed: int, city: Compounds) -> Companies:
    """Companies that manage one to twenty compounds each: small ones near their office, large ones all over."""
    luck = stream(seed, "companies")
    free = city.mode == ManagementMode.PROFESSIONAL.value
    sizes = np.sort(
        apportion(int(free.sum()), luck.lognormal(0, 1.35, COMPANIES), least=1, most=np.full(COMPANIES, LARGEST))
    )
    held = np.full(len(city.ids), -1, dtype=np.int64)
    home = np.zeros(COMPANIES, dtype=np.int64)
    open_ = free.copy()
    for company, size in enumerate(sizes[::-1]):
        left = np.flatnonzero(open_)
        first = int(luck.choice(left))
        apart = np.hypot(*(city.point[left] - city.point[first]).T)
        # A large company works in several counties, so distance means less to it.
        reach = luck.exponential(0.02 if size < 6 else 0.4, len(left))
        reach[left == first] = -np.inf
        chosen = left[np.argsort(apart + reach, kind="stable")[:size]]
        held[chosen], home[company] = company, first
        open_[chosen] = False
    offset = luck.normal(0, 0.0012, (COMPANIES, 2))
    since = np.full(COMPANIES, np.datetime64("NaT"), dtype="datetime64[D]")
    late = luck.choice(COMPANIES, 27, replace=False)
    span = int((COMPLETE_FROM - np.datetime64("2021-12-01")) / np.timedelta64(1, "D"))
    since[late] = np.datetime64("2021-12-01") + luck.integers(0, span, len(late)).astype("timedelta64[D]")
    return Companies(
        ids=np.array([f"WY{i + 1:03d}" for i in range(COMPANIES)], dtype=object),
        office=city.community[home], point=np.round(city.point[home] + offset, 6),
        quality=luck.normal(0, 1, COMPANIES), of_compound=held, since=since,
    )  # fmt: skip


def company_register(seed: int, companies: Companies) -> pd.DataFrame:
    """The register; credit grades follow quality with some noise, and a few companies have none yet."""
    luck = stream(seed, "companies: register")
    count = len(companies.ids)
    standing = np.argsort(np.argsort(-(companies.quality + luck.normal(0, 0.7, count)))) / count
    steps = np.cumsum(list(GRADE_SHARES.values()))
    grades = np.array([g.value for g in GRADE_SHARES], dtype=object)
    grade = grades[np.minimum(np.searchsorted(steps, standing, side="right"), len(grades) - 1)]
    grade[luck.choice(count, 7, replace=False)] = None
    uscc = np.array([credit_code(i + 1) for i in range(count)], dtype=object)
    uscc[luck.choice(count, 9, replace=False)] = None
    return table_frame(
        "company",
        {
            "company_id": companies.ids, "uscc": uscc, "name": company_names(count), "credit_grade": grade,
            "office_area_code": companies.office, "lon": companies.point[:, 0], "lat": companies.point[:, 1],
            "valid_from": companies.since,
        },
    )  # fmt: skip


def management_register(seed: int, city: Compounds, companies: Companies) -> pd.DataFrame:
    """Contracts: one that runs now for every compound, and an earlier one where the manager changed."""
    luck = stream(seed, "management")
    count = len(city.ids)
    now = np.array([None if c < 0 else companies.ids[c] for c in companies.of_compound], dtype=object)
    begins = np.where(np.isnat(city.since), np.datetime64("2021-01-01"), city.since)
    changed = (
        city.is_managed & np.isnat(city.since) & (city.mode == ManagementMode.PROFESSIONAL.value)
        & (luck.random(count) < 0.16)
    )  # fmt: skip
    moves = np.datetime64("2022-01") + luck.integers(0, 46, count).astype("timedelta64[M]")
    start = np.where(changed, moves.astype("datetime64[D]"), begins)
    rows = np.flatnonzero(changed)
    before = luck.integers(0, len(companies.ids), count)
    before = np.where(before == companies.of_compound, (before + 1) % len(companies.ids), before)
    old_enough = np.isnat(companies.since[before]) | (companies.since[before] <= np.datetime64("2021-01-01"))
    self_before = (luck.random(count) < 0.3) | ~old_enough
    previous = companies.ids[before].copy()
    previous[self_before] = None
    modes = np.where(self_before, ManagementMode.SELF.value, ManagementMode.PROFESSIONAL.value)
    none = np.full(count, np.datetime64("NaT"), dtype="datetime64[D]")
    return table_frame(
        "management",
        {
            "compound_id": np.concatenate([city.ids[rows], city.ids]),
            "company_id": np.concatenate([previous[rows], now]),
            "mode": np.concatenate([modes[rows], city.mode]),
            "valid_from": np.concatenate([begins[rows], start]),
            "valid_to": np.concatenate([start[rows] - np.timedelta64(1, "D"), none]),
        },
    )  # fmt: skip
