"""Who has filed the monthly sheets: each street and month on time, late, in part or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from enum import StrEnum

import pandas as pd
from sqlalchemy import Connection, and_, func, select

from data.catalogue import MEASURES
from data.query import Reader, Selection
from data.query.units import Place, within
from data.rollup.calendar import next_month
from data.schema import import_batch, observation, unit_place
from data.schema.vocabulary import AreaLevel, UnitKind

# The sheets of a month are due on this day of the following one.
DUE_DAY = 10
FILING_COLUMNS = ["area", "label", "month", "filed", "expected", "first_at", "is_late", "state"]
# Levels whose offices file, the usual one first.
_SHEET_MEASURES = [key for key, m in MEASURES.items() if m.observed and UnitKind.COMPOUND in m.units]
_FILING_LEVELS = (AreaLevel.STREET, AreaLevel.COUNTY, AreaLevel.CITY)


class FilingState(StrEnum):
    """What a street did for a month. `late` says when, the others how much."""

    COMPLETE = "complete"
    PARTIAL = "partial"
    LATE = "late"
    MISSING = "missing"


def due_at(month: str, day: int = DUE_DAY) -> datetime:
    """The end of the day on which the sheets of `month` are due: 2026-10 → 2026-11-10 23:59:59."""
    following = next_month(month)
    return datetime.combine(date(int(following[:4]), int(following[5:]), day), time(23, 59, 59))


def filing_level(reader: Reader) -> AreaLevel:
    """The level whose offices file in this city: streets, or the nearest level above that exists."""
    levels = set(reader.levels)
    return next((level for level in _FILING_LEVELS if level in levels), AreaLevel.CITY)


def filing(reader: Reader, *, months: list[str] | None = None) -> pd.DataFrame:
    """One row per filing area and month, all areas and months, in order of area code and month.

    Columns: area, label, month, `filed` of `expected` managed compounds with any monthly count, `first_at` (when the
    first of them came; NaT if none), `is_late` (that was after the due day), `state` (`FilingState`). Batches
    reverted count as never sent; months due before the store's first import came with its history and are not judged
    late. Areas without a managed compound have nothing to file and are left out.

    Args:
        months: the last twelve of the store if None.
    """
    asked = reader.months[-12:] if months is None else months
    level = filing_level(reader)
    found: pd.DataFrame = reader.remember(("filing", level, tuple(asked)), lambda: _read(reader, level, asked))
    return found.copy()


def _read(reader: Reader, level: AreaLevel, months: list[str]) -> pd.DataFrame:
    with reader.engine.connect() as connection:
        places = reader.places(Selection())
        expected = _expected(connection, places, level)
        began = connection.scalar(
            select(func.min(import_batch.c.created_at)).where(import_batch.c.reverted_at.is_(None))
        )
        filed = _filed(connection, places, level, months)
    if not expected or not months:
        return pd.DataFrame(columns=FILING_COLUMNS)
    rows = []
    for area, due in sorted(expected.items()):
        for month in months:
            count, first = filed.get((area, month), (0, None))
            is_late = first is not None and began is not None and began <= due_at(month) < first
            rows.append((area, reader.label(area), month, count, due, first, is_late, _state(count, due, is_late)))
    frame = pd.DataFrame(rows, columns=FILING_COLUMNS)
    frame["first_at"] = pd.to_datetime(frame["first_at"]).astype("datetime64[us]")
    return frame


def _state(filed: int, expected: int, is_late: bool) -> str:
    if filed == 0:
        return FilingState.MISSING.value
    if is_late:
        return FilingState.LATE.value
    return (FilingState.COMPLETE if filed >= expected else FilingState.PARTIAL).value


def _expected(connection: Connection, places: Sequence[Place], level: AreaLevel) -> dict[str, int]:
    """Managed compounds of each area."""
    place = unit_place.c
    area = place[level.value]
    statement = (
        select(area, func.count())
        .where(
            place.unit_kind == UnitKind.COMPOUND.value,
            place.is_managed.is_(True),
            within(places),
            area.is_not(None),
        )
        .group_by(area)
    )
    return {str(code): int(count) for code, count in connection.execute(statement)}


def _filed(
    connection: Connection, places: Sequence[Place], level: AreaLevel, months: list[str]
) -> dict[tuple[str, str], tuple[int, datetime]]:
    """(area, month) → compounds that filed, and when the first of them did."""
    place, seen = unit_place.c, observation.c
    area = place[level.value]
    unit = (
        select(seen.unit_id, seen.month, func.min(import_batch.c.created_at).label("first_at"))
        .join(import_batch, and_(import_batch.c.batch_id == seen.batch_id, import_batch.c.reverted_at.is_(None)))
        # A row that was corrected since still says when it first came. Measures are named so that the index by measure
        # and month serves, rather than a scan of all months.
        .where(seen.unit_kind == UnitKind.COMPOUND.value, seen.measure.in_(_SHEET_MEASURES), seen.month.in_(months))
        .group_by(seen.unit_id, seen.month)
        .subquery("unit")
    )
    statement = (
        select(area, unit.c.month, func.count(), func.min(unit.c.first_at))
        .join(unit_place, and_(place.unit_kind == UnitKind.COMPOUND.value, place.unit_id == unit.c.unit_id))
        .where(place.is_managed.is_(True), within(places), area.is_not(None))
        .group_by(area, unit.c.month)
    )
    return {(str(code), str(month)): (int(count), first) for code, month, count, first in connection.execute(statement)}


__all__ = ["DUE_DAY", "FILING_COLUMNS", "FilingState", "due_at", "filing", "filing_level"]
