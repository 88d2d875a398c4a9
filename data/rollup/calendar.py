"""The months a store covers: from the first to the last month anything was filed for."""

from __future__ import annotations

import calendar as gregorian
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import Connection, delete, func, insert, select

from data.schema import assessment, calendar, case_event, import_batch, observation, survey


def month_of_date(day: date | datetime) -> str:
    """`YYYY-MM` of a date."""
    return f"{day.year:04d}-{day.month:02d}"


def next_month(month: str) -> str:
    """The month after `month` (`YYYY-MM`)."""
    year, number = int(month[:4]), int(month[5:])
    return f"{year + number // 12:04d}-{number % 12 + 1:02d}"


def month_range(first: str, last: str) -> list[str]:
    """All months from `first` to `last`, both included; empty when `last` comes first."""
    return [*_month_range(first, last)]


@lru_cache(maxsize=4096)
def _month_range(first: str, last: str) -> tuple[str, ...]:
    months = []
    while first <= last:
        months.append(first)
        first = next_month(first)
    return tuple(months)


def last_day(month: str) -> date:
    """The last day of `month`."""
    year, number = int(month[:4]), int(month[5:])
    return date(year, number, gregorian.monthrange(year, number)[1])


def filed_months(connection: Connection) -> list[str]:
    """Months to cover, read off the current rows; a store of registers alone covers the month of its last batch."""
    bounds: list[str] = []
    for table, column in (
        (observation, observation.c.month),
        (survey, survey.c.wave),
        (assessment, assessment.c.month),
        (case_event, case_event.c.opened_at),
    ):
        low, high = connection.execute(
            select(func.min(column), func.max(column)).where(table.c.superseded_by.is_(None))
        ).one()
        for bound in (low, high):
            if bound is not None:
                bounds.append(bound if isinstance(bound, str) else month_of_date(bound))
    if bounds:
        return month_range(min(bounds), max(bounds))
    newest = connection.execute(
        select(func.max(import_batch.c.created_at)).where(import_batch.c.reverted_at.is_(None))
    ).scalar()
    return [month_of_date(newest)] if newest else []


def refresh_calendar(connection: Connection) -> tuple[list[str], list[str]]:
    """Bring `calendar` up to date; returns the months added and the months dropped."""
    wanted = filed_months(connection)
    known = list(connection.execute(select(calendar.c.month)).scalars())
    added, dropped = [m for m in wanted if m not in set(known)], [m for m in known if m not in set(wanted)]
    if dropped:
        connection.execute(delete(calendar).where(calendar.c.month.in_(dropped)))
    if added:
        rows = [{"month": m, "first_day": date(int(m[:4]), int(m[5:]), 1), "last_day": last_day(m)} for m in added]
        connection.execute(insert(calendar), rows)
    return added, dropped
