"""The demo's calendar: sixty months ending at a fixed data date, and the waves of its survey."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from data.rollup.calendar import last_day, month_range

Dates = NDArray[np.datetime64]
Ints = NDArray[np.int64]

FIRST_MONTH, LAST_MONTH = "2021-11", "2026-10"
MONTHS: tuple[str, ...] = tuple(month_range(FIRST_MONTH, LAST_MONTH))
DATA_DATE: date = last_day(LAST_MONTH)
# The party, meeting and grid ledgers were introduced with 2025.
LEDGER_MONTHS: tuple[str, ...] = tuple(m for m in MONTHS if m >= "2025-01")
ASSESSED_MONTHS: tuple[str, ...] = MONTHS[-24:]
# Four waves a year. The method changed in 2024-06, between two waves.
WAVES: tuple[str, ...] = tuple(m for m in MONTHS if m[5:] in {"01", "04", "07", "10"})
METHOD_CHANGED_IN = "2024-06"


def month_number(month: str) -> int:
    """Months since the first month of the demo."""
    return (int(month[:4]) - int(FIRST_MONTH[:4])) * 12 + int(month[5:]) - int(FIRST_MONTH[5:])


def first_days(months: tuple[str, ...] = MONTHS) -> Dates:
    """The first day of each month, datetime64[D]."""
    return np.array([f"{m}-01" for m in months], dtype="datetime64[D]")


def last_days(months: tuple[str, ...] = MONTHS) -> Dates:
    """The last day of each month, datetime64[D]."""
    return np.array([last_day(m) for m in months], dtype="datetime64[D]")


def months_of(days: Dates) -> Ints:
    """Months since the first month of the demo, negative before it."""
    whole: Ints = days.astype("datetime64[M]").astype(np.int64) - np.datetime64(FIRST_MONTH, "M").astype(np.int64)
    return whole


def calendar_month(months: tuple[str, ...] = MONTHS) -> Ints:
    """1–12 of each month."""
    return np.array([int(m[5:]) for m in months])
