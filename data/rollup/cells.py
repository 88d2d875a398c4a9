"""Cells of the roll-up: deleted and counted again where something changed, in plain SQL on either database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    String,
    Table,
    delete,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.sql import visitors

from data.catalogue import MEASURES, Measure
from data.rollup.calendar import refresh_calendar
from data.rollup.places import Place, moved_units, refresh_places
from data.rollup.touched import Touched
from data.schema import area_month, calendar, observation, unit_month, unit_place
from data.schema.vocabulary import AreaLevel, UnitKind

# Levels summed ahead of time, of all compounds and of each kind; finer ones are few enough units to be summed when
# asked for.
ROLLED_LEVELS = (AreaLevel.CITY.value, AreaLevel.COUNTY.value, AreaLevel.STREET.value)

_scratch = MetaData()
touched_unit = Table("touched_unit", _scratch, Column("unit_id", String(40), primary_key=True), prefixes=["TEMPORARY"])
touched_area = Table("touched_area", _scratch, Column("area", String(16), primary_key=True), prefixes=["TEMPORARY"])


def source_tables(measure: Measure) -> frozenset[str]:
    """Names of the tables a measure is counted from."""
    return frozenset(e.name for e in visitors.iterate(measure.rows()) if isinstance(e, Table))


def rebuild(connection: Connection) -> None:
    """Count every cell again from the current rows."""
    refresh_calendar(connection)
    refresh_places(connection)
    connection.execute(delete(unit_month))
    connection.execute(delete(area_month))
    _count(connection, list(MEASURES.values()))
    _tell_planner(connection)


def _tell_planner(connection: Connection) -> None:
    """Statistics of the joined tables; without them SQLite walks all places of the city for every cell it reads."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA analysis_limit=1000")
    for table in (unit_month, area_month, unit_place):
        connection.exec_driver_sql(f"ANALYZE {table.name}")


def refresh(connection: Connection, touched: Touched) -> None:
    """Count again what `touched` names: its units' cells, and the sums of the areas they lie or lay in."""
    if touched.areas_changed:
        rebuild(connection)
        return
    added, dropped = refresh_calendar(connection)
    before, after = refresh_places(connection)
    places = before + after
    if dropped:
        connection.execute(delete(unit_month).where(unit_month.c.month.in_(dropped)))
        connection.execute(delete(area_month).where(area_month.c.month.in_(dropped)))
    if added:
        _recount(connection, list(MEASURES.values()), months=added)
    # A grid given to another community takes its compounds along, though none of their rows changed.
    standing = touched.standing | moved_units(before, after)
    if standing:
        units = _with_areas_above(places, standing)
        _recount(connection, list(MEASURES.values()), units=units, areas=_areas_of(places, units))
    if touched.dated:
        measures = _affected(touched.tables)
        # Months that the batch's reversal took off the calendar are gone already.
        covered = set(connection.execute(select(calendar.c.month)).scalars())
        months = sorted(touched.months & covered)
        _recount(connection, measures, units=touched.dated, areas=_areas_of(places, touched.dated), months=months)


def _affected(tables: Iterable[str]) -> list[Measure]:
    names = set(tables)
    direct = {m.key for m in MEASURES.values() if source_tables(m) & names}
    return [m for m in MEASURES.values() if m.key in direct or set(m.derived_from) & direct]


def _with_areas_above(places: list[Place], units: Iterable[str]) -> set[str]:
    """The units and the areas over them, which are base units of some measures themselves."""
    wanted = set(units)
    return wanted | _areas_of(places, wanted)


def _areas_of(places: list[Place], units: Iterable[str]) -> set[str]:
    wanted = set(units)
    hit = [place for place in places if place["unit_id"] in wanted]
    return {place[level.value] for place in hit for level in AreaLevel if place[level.value]}


def _fill(connection: Connection, table: Table, values: Iterable[str]) -> None:
    table.create(connection, checkfirst=False)
    rows = [{table.columns[0].name: value} for value in sorted(set(values))]
    if rows:
        connection.execute(insert(table), rows)


def _recount(
    connection: Connection, measures: Sequence[Measure], *, units: Iterable[str] | None = None,
    areas: Iterable[str] | None = None, months: Sequence[str] | None = None,
) -> None:  # fmt: skip
    """Delete and count the cells of `measures` for `units` (None: all) and `months` (None: all)."""
    keys = [m.key for m in measures]
    if units is not None:
        _fill(connection, touched_unit, units)
        _fill(connection, touched_area, areas or ())
    try:
        gone = delete(unit_month).where(unit_month.c.measure.in_(keys))
        sums = delete(area_month).where(area_month.c.measure.in_(keys))
        if units is not None:
            gone = gone.where(unit_month.c.unit_id.in_(select(touched_unit.c.unit_id)))
            sums = sums.where(area_month.c.area.in_(select(touched_area.c.area)))
        if months is not None:
            gone, sums = gone.where(unit_month.c.month.in_(months)), sums.where(area_month.c.month.in_(months))
        connection.execute(gone)
        connection.execute(sums)
        _count(connection, measures, some=units is not None, months=months)
    finally:
        if units is not None:
            touched_unit.drop(connection)
            touched_area.drop(connection)


def _count(
    connection: Connection, measures: Sequence[Measure], *, some: bool = False, months: Sequence[str] | None = None
) -> None:
    """Insert the cells of `measures`; `some`: only for what the scratch tables name."""
    # What is entered as it stands is grouped in one pass per kind of unit; the rest has a statement each, derived
    # measures after those they read.
    for units in dict.fromkeys(m.units for m in measures if m.observed):
        keys = [m.key for m in measures if m.observed and m.units == units]
        o = observation.c
        rows = select(o.measure, o.month, o.unit_id, o.value).where(
            o.superseded_by.is_(None), o.measure.in_(keys), o.unit_kind.in_([u.value for u in units])
        )
        _insert_cells(connection, rows.subquery("counted"), None, "sum", some, months)
    for measure in measures:
        if not measure.observed:
            _insert_cells(connection, measure.rows().subquery("counted"), measure.key, measure.combine, some, months)
    for units, managed_only, keys in _alike(measures):
        for level in ROLLED_LEVELS:
            for by_kind in (False, True) if UnitKind.COMPOUND in units else (False,):
                _sum_level(connection, keys, units, managed_only, level, by_kind=by_kind, some=some, months=months)


def sum_kinds(connection: Connection, level: str) -> None:
    """Insert the sums of a level by kind of compound, of all cells: for a store made before they were kept."""
    for units, managed_only, keys in _alike(list(MEASURES.values())):
        if UnitKind.COMPOUND in units:
            _sum_level(connection, keys, units, managed_only, level, by_kind=True, some=False, months=None)


def _alike(measures: Sequence[Measure]) -> list[tuple[tuple[UnitKind, ...], bool, list[str]]]:
    """The measures by what is summed alike: units, managed ones only, keys."""
    groups: dict[tuple[tuple[UnitKind, ...], bool], list[str]] = {}
    for measure in measures:
        groups.setdefault((measure.units, measure.managed_only), []).append(measure.key)
    return [(*group, keys) for group, keys in groups.items()]


def _insert_cells(
    connection: Connection, rows: Any, key: str | None, combine: str, some: bool, months: Sequence[str] | None
) -> None:
    """Group counted rows to unit cells; `key` None: the rows name their measure themselves."""
    combined = func.max(rows.c.value) if combine == "max" else func.sum(rows.c.value)
    named: Any = literal(key) if key is not None else rows.c.measure
    cells = select(named, rows.c.month, rows.c.unit_id, combined).where(rows.c.unit_id.is_not(None))
    if some:
        cells = cells.where(rows.c.unit_id.in_(select(touched_unit.c.unit_id)))
    if months is not None:
        cells = cells.where(rows.c.month.in_(months))
    else:
        cells = cells.where(rows.c.month.in_(select(calendar.c.month)))
    grouped = [rows.c.month, rows.c.unit_id] if key is not None else [rows.c.measure, rows.c.month, rows.c.unit_id]
    cells = cells.group_by(*grouped)
    connection.execute(insert(unit_month).from_select(["measure", "month", "unit_id", "value"], cells))


def _sum_level(
    connection: Connection, keys: Sequence[str], units: Sequence[UnitKind], managed_only: bool, level: str, *,
    by_kind: bool, some: bool, months: Sequence[str] | None,
) -> None:  # fmt: skip
    place, cell = unit_place.c[level], unit_month.c
    kind: Any = unit_place.c.kind if by_kind else literal("")
    sums = (
        select(cell.measure, literal(level), kind, cell.month, place, func.sum(cell.value), func.count())
        .select_from(unit_month)
        .join(
            unit_place,
            unit_place.c.unit_kind.in_([u.value for u in units]) & (unit_place.c.unit_id == cell.unit_id),
        )
        .where(cell.measure.in_(keys), place.is_not(None))
    )
    if managed_only:
        sums = sums.where(unit_place.c.is_managed.is_(True))
    if by_kind:
        sums = sums.where(unit_place.c.kind.is_not(None))
    if some:
        sums = sums.where(place.in_(select(touched_area.c.area)))
    if months is not None:
        sums = sums.where(cell.month.in_(months))
    grouped = [cell.measure, cell.month, place, *([kind] if by_kind else [])]
    names = ["measure", "level", "kind", "month", "area", "value", "reported"]
    connection.execute(insert(area_month).from_select(names, sums.group_by(*grouped)))
