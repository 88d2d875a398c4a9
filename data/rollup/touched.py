"""What a batch touched: which units, in which months, through which tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, String, Table, or_, select

from data.catalogue.sources import month_of
from data.schema import (
    TABLES,
    area,
    area_shape,
    assessment,
    case_event,
    observation,
    party_org,
    party_org_compound,
    published_figure,
    site,
    survey,
    task,
    unit_place,
)
from data.schema.columns import Kind
from data.schema.vocabulary import UnitKind

# Columns by which a row names a unit that is counted.
UNIT_COLUMNS = (
    "compound_id", "company_id", "grid_code", "community_code", "area_code", "office_area_code", "code", "unit_id",
)  # fmt: skip
# Shapes and published figures enter no measure.
NOT_COUNTED = (area_shape, published_figure)
MONTH_COLUMNS: dict[str, tuple[Any, ...]] = {
    observation.name: (observation.c.month,),
    survey.name: (survey.c.wave,),
    assessment.name: (assessment.c.month,),
    case_event.name: (case_event.c.opened_at, case_event.c.resolved_at),
    task.name: (task.c.opened_on, task.c.due_on, task.c.done_on),
}


@dataclass(frozen=True)
class Touched:
    """Units by id, told apart by whether all their months changed or only some.

    Attributes:
        dated: units with rows that state their month, and `months`, those months.
        standing: units of which a register row changed: every month may differ.
        tables: names of the tables with changed rows.
        areas_changed: an area itself changed, so everything must be rebuilt.
    """

    dated: frozenset[str] = frozenset()
    months: frozenset[str] = frozenset()
    standing: frozenset[str] = frozenset()
    tables: frozenset[str] = field(default_factory=frozenset)
    areas_changed: bool = False

    def __or__(self, other: Touched) -> Touched:
        return Touched(
            self.dated | other.dated, self.months | other.months, self.standing | other.standing,
            self.tables | other.tables, self.areas_changed or other.areas_changed,
        )  # fmt: skip


def _changed(table: Table, batch_id: int) -> Any:
    return or_(table.c.batch_id == batch_id, table.c.superseded_by == batch_id)


def touched_by(connection: Connection, batch_id: int) -> Touched:
    """Units and months of the rows that batch `batch_id` added or ended. Call before reverting, after committing."""
    touched = Touched()
    for table in TABLES.values():
        if table in NOT_COUNTED:
            continue
        changed = _changed(table, batch_id)
        if connection.execute(select(table.c.row_id).where(changed).limit(1)).first() is None:
            continue
        units = _units(connection, table, changed)
        if table is area:
            touched |= Touched(tables=frozenset({table.name}), areas_changed=True)
        elif table.name in MONTH_COLUMNS:
            months: set[str] = set()
            for column in MONTH_COLUMNS[table.name]:
                month = column if isinstance(column.type, String) else month_of(column)
                months |= set(connection.scalars(select(month).where(changed, column.is_not(None)).distinct()))
            touched |= Touched(dated=units, months=frozenset(months), tables=frozenset({table.name}))
        elif table.info["kind"] in (Kind.REGISTER, Kind.EVENT):
            touched |= Touched(standing=units, tables=frozenset({table.name}))
    return _with_dependants(connection, touched, batch_id)


def _units(connection: Connection, table: Table, changed: Any) -> frozenset[str]:
    units: set[str] = set()
    for name in UNIT_COLUMNS:
        if name in table.c:
            column = table.c[name]
            units |= set(connection.execute(select(column).where(changed, column.is_not(None)).distinct()).scalars())
    return frozenset(units)


def _with_dependants(connection: Connection, touched: Touched, batch_id: int) -> Touched:
    """Add units whose cells are counted through another unit's rows."""
    more: set[str] = set()
    if party_org.name in touched.tables or party_org_compound.name in touched.tables:
        poc = party_org_compound
        orgs = select(party_org.c.org_id).where(_changed(party_org, batch_id))
        more |= set(connection.execute(select(poc.c.compound_id).where(poc.c.org_id.in_(orgs)).distinct()).scalars())
    if site.name in touched.tables:
        communities = select(site.c.community_code).where(_changed(site, batch_id))
        inside = select(unit_place.c.unit_id).where(
            unit_place.c.unit_kind == UnitKind.COMPOUND.value, unit_place.c.community.in_(communities)
        )
        more |= set(connection.execute(inside).scalars())
    return touched | Touched(standing=frozenset(more))
