"""Whether the newest month of a store is older than it should be."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

# The day in the city, wherever the server stands.
CITY_TIME = ZoneInfo("Asia/Shanghai")


def today() -> date:
    """The day in the city."""
    return datetime.now(CITY_TIME).date()


def days_since_month_end(month: str, day: date) -> int:
    """Days from the last day of `month` (`YYYY-MM`) to `day`; negative while the month runs."""
    year, number = (int(part) for part in month.split("-"))
    following = date(year + number // 12, number % 12 + 1, 1)
    return (day - (following - timedelta(days=1))).days


def is_stale(month: str, day: date, limit_days: int) -> bool:
    """Whether on `day` more than `limit_days` have passed since `month` ended; a store without months is not stale."""
    return bool(month) and days_since_month_end(month, day) > limit_days
