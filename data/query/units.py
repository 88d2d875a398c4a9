"""Which units a selection counts, and which figures say anything of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, false, or_, select

from data.catalogue import Measure
from data.query.selection import Selection
from data.rollup.calendar import last_day
from data.schema import management, unit_place
from data.schema.vocabulary import AreaLevel, UnitKind

FINENESS = {
    UnitKind.CITY: 0, UnitKind.COUNTY: 1, UnitKind.STREET: 2, UnitKind.COMMUNITY: 3, UnitKind.GRID: 4,
    UnitKind.COMPOUND: 5, UnitKind.COMPANY: 5,
}  # fmt: skip
AREA_LEVELS = [level.value for level in AreaLevel]
# Group of what belongs to the selection but to none of the parts asked for.
ELSEWHERE = ""


Place = tuple[str, str]
"""A level and the code of an area of it."""


def within(places: Sequence[Place]) -> ColumnElement[bool]:
    """Rows of `unit_place` in any of `places`; none where there are none."""
    codes: dict[str, list[str]] = {}
    for level, code in places:
        codes.setdefault(level, []).append(code)
    held = [
        unit_place.c[level] == found[0] if len(found) == 1 else unit_place.c[level].in_(found)
        for level, found in codes.items()
    ]
    return or_(*held) if held else false()


def applies(measure: Measure, selection: Selection, places: Sequence[Place], by: str | None) -> bool:
    """False when the measure has no cells that could belong to the selection or grouping.

    A stock of counties says nothing of a street, members of a community nothing of a kind of compound: such a
    figure is "not available here", not zero.
    """
    units = set(measure.units)
    if selection.names_compounds and not units & {UnitKind.COMPOUND}:
        return selection.grid is not None and selection.kind is None and units == {UnitKind.GRID}
    if selection.company and not units & {UnitKind.COMPOUND, UnitKind.COMPANY}:
        return False
    if by == "compound" and UnitKind.COMPOUND not in units:
        return False
    if by == "grid" and not units & {UnitKind.COMPOUND, UnitKind.GRID}:
        return False
    if by == "company" and not units & {UnitKind.COMPOUND, UnitKind.COMPANY}:
        return False
    finest = max(FINENESS[u] for u in units)
    wanted = max(
        max((FINENESS[UnitKind(level)] for level, _ in places), default=0),
        FINENESS[UnitKind(by)] if by in {*AREA_LEVELS, UnitKind.GRID.value} else 0,
    )
    return finest >= wanted


def managed_by(period_end: str) -> Select[Any]:
    """compound_id, company_id as they stand at the end of the month `period_end`."""
    m, end = management.c, last_day(period_end)
    return select(m.compound_id, m.company_id).where(
        m.superseded_by.is_(None),
        m.company_id.is_not(None),
        or_(m.valid_from.is_(None), m.valid_from <= end),
        or_(m.valid_to.is_(None), m.valid_to >= end),
    )


def unit_conditions(selection: Selection, places: Sequence[Place], period_end: str) -> list[ColumnElement[bool]]:
    """Conditions on `unit_place` that keep the units of the selection.

    Args:
        places: what the selection's area stands for to the account that asks (`Reader.places`); nothing outside of
            them is ever kept, whatever else the selection names.
    """
    place = unit_place.c
    conditions: list[ColumnElement[bool]] = [within(places)]
    if selection.grid is not None:
        conditions.append(place.grid == selection.grid)
    if selection.kind is not None:
        conditions.append(place.kind == selection.kind)
    if selection.compound is not None:
        conditions.append((place.unit_kind == UnitKind.COMPOUND.value) & (place.unit_id == selection.compound))
    if selection.company is not None:
        theirs = managed_by(period_end).subquery()
        compounds = select(theirs.c.compound_id).where(theirs.c.company_id == selection.company)
        conditions.append(
            ((place.unit_kind == UnitKind.COMPOUND.value) & place.unit_id.in_(compounds))
            | ((place.unit_kind == UnitKind.COMPANY.value) & (place.unit_id == selection.company))
        )
    return conditions
