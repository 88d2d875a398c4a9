"""Reading cells: from area sums where they are kept, else from the units of the selection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from sqlalchemy import Engine, Select, case, func, literal, select

from data.catalogue import Measure
from data.query.cube import Cube
from data.query.matrices import Cells
from data.query.selection import Selection
from data.query.units import ELSEWHERE, Place, applies, managed_by, unit_conditions
from data.retrying import reading
from data.rollup.calendar import month_range
from data.rollup.cells import ROLLED_LEVELS
from data.schema import unit_month, unit_place
from data.schema.vocabulary import UnitKind

# More units than these are not named in a statement: databases bound the number of its parameters.
MOST_NAMED = 20_000


def read_cells(
    engine: Engine, cube: Cube, measures: Sequence[Measure], *, places: Sequence[Place], selection: Selection,
    by: str | None, first: str, last: str,
) -> Cells:  # fmt: skip
    """Cells of `measures` for each group and month from `first` to `last`.

    Args:
        places: the areas read, none of them inside another; `selection.area` is not looked at.
        by: None for one group, else the level or unit that makes the groups.
    """
    usable = [m for m in measures if applies(m, selection, places, by)]
    months = month_range(first, last)
    if not usable or not places:
        return Cells([], months, {})
    plain = not (selection.grid or selection.company or selection.compound)
    levels = {level for level, _ in places} | ({by} if by is not None else set())
    if plain and levels <= set(ROLLED_LEVELS):
        return cube.area_cells([m.key for m in usable], selection, places=places, by=by, first=first, last=last)
    found = Cells([], months, {})
    # Together what shares a set of units: only then are the groups the same.
    for units, managed_only in dict.fromkeys((m.units, m.managed_only) for m in usable):
        same = [m for m in usable if m.units == units and m.managed_only == managed_only]
        cells = cube.unit_cells(same, selection, places=places, by=by, first=first, last=last)
        if cells is None:
            ids = cube.chosen(units, selection, places, last, managed_only=managed_only)
            cells = _summed_by_the_store(engine, same, places, selection, by, months, ids)
        found = found.beside(cells)
    return found


def _summed_by_the_store(
    engine: Engine, measures: Sequence[Measure], places: Sequence[Place], selection: Selection, by: str | None,
    months: list[str], ids: list[str],
) -> Cells:  # fmt: skip
    """`Cube.unit_cells` where the units are too many to be kept in memory; `ids` are those of the selection."""
    first = measures[0]
    statement = _unit_statement(
        [m.key for m in measures], first.units, first.managed_only, places, selection, by, months[0], months[-1]
    )
    if len(ids) <= MOST_NAMED:
        # Told which units they are, a database looks them up; told where they lie, it read every cell of a measure.
        statement = statement.where(unit_month.c.unit_id.in_(ids))
    rows = reading(engine, lambda connection: connection.execute(statement).all())
    row_of: dict[str, int] = {}
    for _, group, *_ in rows:
        row_of.setdefault(group, len(row_of))
    column_of = {month: i for i, month in enumerate(months)}
    shape = (len(row_of), len(months))
    parts = {m.key: (np.full(shape, np.nan), np.full(shape, np.nan)) for m in measures}
    for key, group, month, value, reported in rows:
        at = row_of[group], column_of[month]
        parts[key][0][at] = value
        parts[key][1][at] = reported
    return Cells([*row_of], months, parts)


def _unit_statement(
    keys: list[str], units: tuple[UnitKind, ...], managed_only: bool, places: Sequence[Place], selection: Selection,
    by: str | None, first: str, last: str,
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
    conditions = unit_conditions(selection, places, last)
    if managed_only:
        conditions.append(place.is_managed.is_(True))
    return statement.where(*conditions)
