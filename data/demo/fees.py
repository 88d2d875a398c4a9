"""Fees due and collected, arrears, public income."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.demo.chance import Bools, Floats, apportion, logistic, stream
from data.demo.clock import MONTHS, calendar_month, month_number
from data.demo.compounds import Compounds
from data.demo.frames import observations
from data.schema.vocabulary import UnitKind

ARREARS_CLEARED_YUAN = 41_500_000
M2_PER_HOUSEHOLD = 104.0
# Log odds of paying, per standard deviation of the compound's quality and of its company's.
PER_QUALITY, PER_COMPANY = 0.42, 0.22
# Most households pay when the year's account is drawn up.
SEASON = {10: 1.04, 11: 1.07, 12: 1.12, 1: 1.05, 2: 0.93, 7: 0.95, 8: 0.95}
# The two campaigns to clear arrears, in which members and public servants paid first.
CAMPAIGNS = (("2022-03", "2022-12", 3.0), ("2024-04", "2024-11", 1.6))
# The accounts of a quarter are published in the month after it.
ACCOUNT_MONTHS = tuple(m for m in MONTHS if m >= "2024-01" and int(m[5:]) % 3 == 1)


def collection_rate(seed: int, city: Compounds, z: Floats, company_quality: Floats) -> Floats:
    """The planted share of fees collected, shape (managed, months): residents who are content pay."""
    luck = stream(seed, "fees: collection")
    managed = city.managed
    own = 1.02 + PER_QUALITY * z[:managed] + PER_COMPANY * company_quality + luck.normal(0, 0.45, managed)
    drift = np.linspace(-0.12, 0.18, len(MONTHS))
    month = np.array([SEASON.get(int(m), 0.98) for m in calendar_month()])
    noise = np.exp(luck.normal(0, 0.025, (managed, len(MONTHS))))
    return np.asarray(np.minimum(logistic(own[:, None] + drift) * month * noise, 0.995))


def fee_rows(seed: int, city: Compounds, z: Floats, company_quality: Floats, filed: Bools) -> pd.DataFrame:
    """Observations of the monthly fee sheet, 60 months; arrears cleared add up to the published 41.5 million yuan."""
    luck = stream(seed, "fees")
    managed = city.managed
    units = city.ids[:managed]
    rate = collection_rate(seed, city, z, company_quality)
    due = np.round(city.fee[:managed] * city.households[:managed] * M2_PER_HOUSEHOLD * luck.uniform(0.9, 1.1, managed))
    due = np.repeat(due[:, None], len(MONTHS), axis=1)
    collected = np.round(due * rate, 2)
    cleared = _cleared(luck, (due * (1 - rate)).mean(axis=1), filed)
    opening = due[:, 0] * luck.gamma(6.0, 1.3, managed) * (1.6 - rate.mean(axis=1)) * 2
    # Most of what a month leaves unpaid is paid later in the year; the rest becomes arrears.
    growth = np.cumsum((due - collected) * 0.12 - cleared, axis=1)
    floor = np.maximum(0, -growth.min(axis=1))
    arrears = np.round(np.maximum(opening, floor * 1.05)[:, None] + growth, 2)
    sheet = observations(
        UnitKind.COMPOUND, units, MONTHS,
        {"fees_due_yuan": due, "fees_collected_yuan": collected, "arrears_open_yuan": arrears}, filed,
    )  # fmt: skip
    campaign = observations(UnitKind.COMPOUND, units, MONTHS, {"arrears_cleared_yuan": cleared}, cleared > 0)
    return pd.concat([sheet, campaign, _public_income(seed, city, z, filed)], ignore_index=True)


def _cleared(luck: np.random.Generator, unpaid: Floats, filed: Bools) -> Floats:
    """Yuan cleared by compound and month, in whole hundreds, only in months that were filed."""
    weight = np.zeros(filed.shape)
    for first, last, strength in CAMPAIGNS:
        span = slice(month_number(first), month_number(last) + 1)
        ramp = np.linspace(1.3, 0.7, span.stop - span.start)
        taken = luck.random((len(unpaid), 1)) < 0.8
        weight[:, span] = strength * ramp * taken * luck.gamma(1.4, 1.0, (len(unpaid), len(ramp)))
    weight *= unpaid[:, None] * filed
    hundreds = apportion(ARREARS_CLEARED_YUAN // 100, weight.ravel()).reshape(filed.shape)
    return np.asarray(hundreds * 100.0, dtype=np.float64)


def _public_income(seed: int, city: Compounds, z: Floats, filed: Bools) -> pd.DataFrame:
    """Quarterly accounts of the compounds that have public income, such as parking and lift advertisements."""
    luck = stream(seed, "fees: public income")
    managed = city.managed
    has = (luck.random(managed) < 0.52)[:, None]
    columns = [month_number(m) for m in ACCOUNT_MONTHS]
    shape = (managed, len(columns))
    income = np.round(
        city.households[:managed, None] * luck.gamma(3.0, 9.0, (managed, 1)) * luck.uniform(0.8, 1.2, shape)
    )
    published = luck.random(shape) < logistic(0.6 + 0.8 * z[:managed, None] + np.linspace(-0.4, 0.6, len(columns)))
    return observations(
        UnitKind.COMPOUND, city.ids[:managed], ACCOUNT_MONTHS,
        {"public_income_yuan": income, "public_income_due": np.ones(shape), "public_income_published": published},
        has & filed[:, columns],
    )  # fmt: skip
