"""Reading cells: from area sums where they are kept, else from the units of the selection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from sqlalchemy import ColumnElement, Connection, Select, Table, case, func, literal, or_, select

from data.catalogue import Measure
from data.query.selection import Selection
from data.rollup.calendar import last_day
from data.rollup.cells import KIND_LEVELS, ROLLED_LEVELS
from data.schema import area_month, management, unit_month, unit_place
from data.schema.vocabulary import AreaLevel, UnitKind

FINENESS = {
    UnitKind.CITY: 0, UnitKind.COUNTY: 1, UnitKind.STREET: 2, UnitKind.COMMUNITY: 3, UnitKind.GRID: 4,
    UnitKind.COMPOUND: 5, UnitKind.COMPANY: 5,
}  # fmt: skip
AREA_LEVELS = [level.value for level in AreaLevel]
# Group of what belongs to the selection but to none of the parts asked for.
ELSEWHERE = ""
COLUMNS = ["measure", "group", "month", "value", "reported"]


def applies(measure: Measure, selection: Selection, level: str | None, by: str | None) -> bool:
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
        FINENESS[UnitKind(level)] if level else 0,
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


def unit_conditions(selection: Selection, level: str | None, period_end: str) -> list[ColumnElement[bool]]:
    """Conditions on `unit_place` that keep the units of the selection."""
    place = unit_place.c
    conditions: list[ColumnElement[bool]] = []
    if selection.area is not None:
        conditions.append(place[level or AreaLevel.CITY.value] == selection.area)
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


def read_cells(
    connection: Connection, measures: Sequence[Measure], *, city: str, selection: Selection, level: str | None,
    by: str | None, first: str, last: str,
) -> pd.DataFrame:  # fmt: skip
    """Cells of `measures` for each group and month from `first` to `last`.

    Args:
        city: code of the city shown; `level`: level of `selection.area` (None: the city).
        by: None for one group, else the level or unit that makes the groups.

    Returns:
        A frame with columns measure, group, month, value, reported; absent cells are absent rows.
    """
    usable = [m for m in measures if applies(m, selection, level, by)]
    if not usable:
        return pd.DataFrame(columns=COLUMNS)
    plain = not (selection.grid or selection.company or selection.compound)
    here = level or AreaLevel.CITY.value
    wanted = here if by is None else by
    rolled = plain and here in ROLLED_LEVELS and wanted in (ROLLED_LEVELS if selection.kind is None else KIND_LEVELS)
    if rolled:
        keys = [m.key for m in usable]
        rows = connection.execute(_area_statement(keys, city, selection, here, by, first, last)).all()
        found = pd.DataFrame(rows, columns=COLUMNS)
        if by is None or by == here:
            return found
        whole = connection.execute(_area_statement(keys, city, selection, here, None, first, last)).all()
        return pd.concat([found, _remainder(found, pd.DataFrame(whole, columns=COLUMNS))], ignore_index=True)
    frames = []
    # One statement per set of unit kinds: the join to places differs.
    for units, managed_only in {(m.units, m.managed_only) for m in usable}:
        keys = [m.key for m in usable if m.units == units and m.managed_only == managed_only]
        statement = _unit_statement(keys, units, managed_only, city, selection, level, by, first, last)
        frames.append(pd.DataFrame(connection.execute(statement).all(), columns=COLUMNS))
    return pd.concat(frames, ignore_index=True)


def _remainder(parts: pd.DataFrame, whole: pd.DataFrame) -> pd.DataFrame:
    """What the whole holds beyond its parts: units whose place is not known down to the parts' level."""
    cell = ["measure", "month"]
    left = whole.set_index(cell)[["value", "reported"]]
    left = left.sub(parts.groupby(cell)[["value", "reported"]].sum(), fill_value=0).reset_index()
    left = left[left["reported"] > 0]
    return left.assign(group=ELSEWHERE)[COLUMNS]


def _area_statement(
    keys: list[str], city: str, selection: Selection, here: str, by: str | None, first: str, last: str
) -> Select[Any]:
    cell = area_month.c
    code = selection.area or city
    group: Any = literal("total") if by is None else cell.area
    statement = select(cell.measure, group, cell.month, cell.value, cell.reported).where(
        cell.measure.in_(keys), cell.level == (by or here), cell.kind == (selection.kind or ""),
        cell.month >= first, cell.month <= last,
    )  # fmt: skip
    if by is None or by == here:
        return statement.where(cell.area == code)
    inside = select(unit_place.c.unit_id).where(unit_place.c.unit_kind == by, unit_place.c[here] == code)
    return statement.where(cell.area.in_(inside))


def _unit_statement(
    keys: list[str], units: tuple[UnitKind, ...], managed_only: bool, city: str, selection: Selection,
    level: str | None, by: str | None, first: str, last: str,
) -> Select[Any]:  # fmt: skip
    cell, place = unit_month.c, unit_place.c
    source: Any = unit_month
    on = place.unit_kind.in_([u.value for u in units]) & (place.unit_id == cell.unit_id)
    source = source.join(unit_place, on)
    group: Any
    if by is None:
        group = literal("total")
    elif by == UnitKind.COMPANY.value and UnitKind.COMPOUND not in units:
        group = cell.unit_id
    elif by == UnitKind.COMPANY.value:
        theirs = managed_by(last).subquery("theirs")
        source = source.outerjoin(theirs, theirs.c.compound_id == cell.unit_id)
        group = func.coalesce(theirs.c.company_id, ELSEWHERE)
    elif by == UnitKind.COMPOUND.value:
        group = case((place.unit_kind == UnitKind.COMPOUND.value, cell.unit_id), else_=ELSEWHERE)
    else:
        group = func.coalesce(place[by], ELSEWHERE)
    statement = (
        select(cell.measure, group, cell.month, func.sum(cell.value), func.count())
        .select_from(source)
        .where(cell.measure.in_(keys), cell.month >= first, cell.month <= last)
        .group_by(cell.measure, cell.month, group)
    )
    conditions = unit_conditions(selection, level, last)
    if selection.area is None:
        conditions.append(place.city == city)
    if managed_only:
        conditions.append(place.is_managed.is_(True))
    return statement.where(*conditions)


def read_groups(
    connection: Connection, *, city: str, selection: Selection, level: str | None, by: str, period_end: str
) -> pd.DataFrame:
    """The groups a breakdown shows, reported or not: columns group, label, ordered by code.

    Counties and streets all; communities and grids that hold a compound of the selection; compounds and companies
    of the selection.
    """
    place = unit_place.c
    conditions = unit_conditions(selection, level, period_end)
    if selection.area is None:
        conditions.append(place.city == city)
    compounds = (place.unit_kind == UnitKind.COMPOUND.value) & place.is_managed.is_(True)
    if by == UnitKind.COMPOUND.value:
        statement = select(place.unit_id, place.name).where(compounds, *conditions)
    elif by == UnitKind.COMPANY.value:
        statement = _company_groups(unit_place, conditions, selection, period_end)
    elif by in (UnitKind.COMMUNITY.value, UnitKind.GRID.value) or selection.names_compounds or selection.company:
        holder = unit_place.alias("holder")
        inside = select(place[by]).where(compounds, *conditions)
        statement = select(holder.c.unit_id, holder.c.name).where(
            holder.c.unit_kind == by, holder.c.unit_id.in_(inside)
        )
    else:
        statement = select(place.unit_id, place.name).where(place.unit_kind == by, *conditions)
    rows = connection.execute(statement).all()
    return pd.DataFrame(rows, columns=["group", "label"]).sort_values("group", ignore_index=True)


def _company_groups(
    places: Table, conditions: list[ColumnElement[bool]], selection: Selection, period_end: str
) -> Select[Any]:
    """Companies whose office lies in the selection, or that manage a compound in it."""
    place, holder = places.c, places.alias("holder").c
    theirs = managed_by(period_end).subquery("theirs")
    managing = (
        select(theirs.c.company_id)
        .join(places, (place.unit_kind == UnitKind.COMPOUND.value) & (place.unit_id == theirs.c.compound_id))
        .where(*conditions)
    )
    offices = select(place.unit_id).where(place.unit_kind == UnitKind.COMPANY.value, *conditions)
    found: ColumnElement[bool] = holder.unit_id.in_(managing)
    if not selection.names_compounds:
        found = found | holder.unit_id.in_(offices)
    return select(holder.unit_id, holder.name).where(holder.unit_kind == UnitKind.COMPANY.value, found)
