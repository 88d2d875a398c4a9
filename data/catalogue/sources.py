"""Where a measure's rows come from: observations, register stocks, dated events. Each builder returns a RowSelect.

Only SQLAlchemy Core, so that SQLite, PostgreSQL and other engines count the same rows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from sqlalchemy import ColumnElement, String, Table, and_, func, literal, or_, select, true
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from data.catalogue.types import Absence, Measure, Nature, RowSelect
from data.schema import calendar, observation
from data.schema.vocabulary import UnitKind

C = UnitKind.COMPOUND
POPULATION = {
    UnitKind.COMPOUND: "compounds",
    UnitKind.COMPANY: "companies",
    UnitKind.GRID: "grids",
    # Villages without a managed compound owe no sheet.
    UnitKind.COMMUNITY: "communities_with_compounds",
    UnitKind.STREET: "streets",
    UnitKind.COUNTY: "counties",
}


class month_of(GenericFunction[str]):  # noqa: N801 - a SQL function is written in lower case
    """`YYYY-MM` of a date or timestamp column."""

    type = String(7)
    inherit_cache = True


@compiles(month_of)
def _month_of_iso_text(element: Any, compiler: Any, **kw: Any) -> str:
    # SQLite keeps dates as ISO text.
    return f"substr({compiler.process(element.clauses, **kw)}, 1, 7)"


@compiles(month_of, "postgresql")
def _month_of_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **kw)}, 'YYYY-MM')"


def rows_of(
    table: Table, unit: ColumnElement[Any], month: ColumnElement[Any], value: ColumnElement[Any] | float = 1.0
) -> Any:
    """The five columns of a RowSelect over current rows of `table`."""
    worth = literal(float(value)) if isinstance(value, int | float) else value
    return select(
        unit.label("unit_id"),
        month.label("month"),
        worth.label("value"),
        literal(str(table.name), String(40)).label("source_table"),
        table.c.row_id.label("row_id"),
    ).where(table.c.superseded_by.is_(None), unit.is_not(None))


def held_at_month_end(
    start: ColumnElement[Any] | None, end: ColumnElement[Any] | None, *, last_day_counts: bool = False
) -> ColumnElement[bool]:
    """Condition joining a dated row to every calendar month at whose end it stands; null dates are open."""
    parts: list[ColumnElement[bool]] = [true()]
    if start is not None:
        parts.append(or_(start.is_(None), start <= calendar.c.last_day))
    if end is not None:
        beyond = end >= calendar.c.last_day if last_day_counts else end > calendar.c.last_day
        parts.append(or_(end.is_(None), beyond))
    return and_(*parts)


def stock_rows(
    table: Table,
    unit: ColumnElement[Any],
    *,
    start: str | None,
    end: str | None,
    value: ColumnElement[Any] | float = 1.0,
    where: ColumnElement[bool] | None = None,
) -> Any:
    """Rows standing at each month end between columns `start` and `end` of `table`."""
    statement = rows_of(table, unit, calendar.c.month, value).select_from(table)
    held = held_at_month_end(
        table.c[start] if start else None, table.c[end] if end else None, last_day_counts=end == "valid_to"
    )
    statement = statement.join(calendar, held)
    return statement if where is None else statement.where(where)


def event_rows(
    table: Table,
    unit: ColumnElement[Any],
    when: ColumnElement[Any],
    *,
    value: ColumnElement[Any] | float = 1.0,
    where: ColumnElement[bool] | None = None,
) -> Any:
    """Rows counted in the month of date column `when`; a null date is not counted."""
    month = when if isinstance(when.type, String) else func.month_of(when)
    statement = rows_of(table, unit, month, value).where(when.is_not(None))
    return statement if where is None else statement.where(where)


def observation_rows(key: str, kinds: tuple[UnitKind, ...]) -> RowSelect:
    """Observations of measure `key` as entered."""
    o = observation
    rows: RowSelect = rows_of(o, o.c.unit_id, o.c.month, o.c.value).where(
        o.c.measure == key, o.c.unit_kind.in_([k.value for k in kinds])
    )
    return rows


def observed(
    key: str, zh: str, en: str, unit: str, nature: Nature, on: UnitKind = C, *,
    pair: str | None = None, is_flag: bool = False, is_integer: bool = True, suppress_below: int | None = None,
    high: float | None = None,
) -> Measure:  # fmt: skip
    """A measure entered month by month in the observation sheets."""
    return Measure(
        key=key, zh=zh, en=en, unit=unit, nature=nature, units=(on,), observed=True,
        rows=lambda: observation_rows(key, (on,)), population=POPULATION[on], pair=pair, is_flag=is_flag,
        is_integer=is_integer, suppress_below=suppress_below, high=1.0 if is_flag else high,
    )  # fmt: skip


def flag(key: str, zh: str, en: str, on: UnitKind = C) -> Measure:
    """有 / 无 entered month by month: 1, 0, or no row for 未上报."""
    unit = {"compound": "个小区", "company": "家企业", "community": "个社区", "grid": "个网格"}.get(on.value, "个")
    return observed(key, zh, en, unit, Nature.STOCK, on, is_flag=True)


def counted(
    key: str, zh: str, en: str, unit: str, nature: Nature, units: tuple[UnitKind, ...],
    rows: Callable[[], RowSelect], *, combine: Literal["sum", "max"] = "sum", absence: Absence = Absence.ZERO,
    population: str | None = None, is_flag: bool = False, managed_only: bool = True, is_integer: bool = True,
    derived_from: tuple[str, ...] = (), suppress_below: int | None = None,
) -> Measure:  # fmt: skip
    """A measure counted from registers or events."""
    return Measure(
        key=key, zh=zh, en=en, unit=unit, nature=nature, units=units, rows=rows, combine=combine, absence=absence,
        population=population, is_flag=is_flag, managed_only=managed_only, is_integer=is_integer,
        derived_from=derived_from, suppress_below=suppress_below,
    )  # fmt: skip
