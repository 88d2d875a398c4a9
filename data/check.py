"""Whether the store holds together: totals computed from rows, roll-ups equal to them, reporting, freshness."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, func, select

from data.catalogue import MEASURES, Measure, Nature
from data.hanging import hanging_rows
from data.query import Reader
from data.query.selection import Period
from data.schema import (
    TABLES,
    area_month,
    compound,
    import_batch,
    management,
    observation,
    unit_place,
)
from data.schema.vocabulary import ManagementMode, UnitKind

# Totals the published figures are compared with: key → measure counted.
TOTALS = {
    "compounds": "compounds", "companies": "companies", "compound_branches": "compound_branches",
    "company_branches": "company_branches", "industry_committees": "industry_committees", "stations": "stations",
    "stations_urban": "stations_urban", "urban_streets": "urban_streets",
    "committees_chaired_by_cadre": "committees_chaired_by_cadre", "members_reported": "members_reported",
    "urgent_matters": "urgent_matters", "disputes_resolved": "disputes_resolved",
    "vehicles_persuaded": "vehicles_persuaded", "vehicles_towed": "vehicles_towed", "meter_boxes": "meter_boxes",
    "charging_ports": "charging_ports", "car_chargers": "car_chargers",
    "arrears_cleared_yuan": "arrears_cleared_yuan",
}  # fmt: skip


def total_from_rows(connection: Connection, measure: Measure, *, city: str, month: str) -> float:
    """A measure over the city counted from the rows themselves: a stock at `month`, a flow up to it."""
    counted = measure.rows().subquery("counted")
    combined = func.max(counted.c.value) if measure.combine == "max" else func.sum(counted.c.value)
    cell = (
        select(counted.c.unit_id, counted.c.month, combined.label("value"))
        .where(counted.c.month == month if measure.nature is Nature.STOCK else counted.c.month <= month)
        .group_by(counted.c.unit_id, counted.c.month)
        .subquery("cell")
    )
    place = unit_place.c
    inside = select(place.unit_id).where(place.unit_kind.in_([u.value for u in measure.units]), place.city == city)
    if measure.managed_only:
        inside = inside.where(place.is_managed.is_(True))
    # As a set of units, not as a join: the planner would look every unit up among the rows.
    statement = select(func.coalesce(func.sum(cell.c.value), 0.0)).where(cell.c.unit_id.in_(inside))
    return float(connection.execute(statement).scalar() or 0.0)


def check_store(engine: Engine, *, city: str | None = None) -> dict[str, Any]:
    """`{"city", "latest_month", "revision", "totals", "published", "reporting", "freshness", "tables", "problems"}`.

    `problems` is empty for a sound store; each has code and message.
    """
    reader = Reader(engine, city=city)
    month = reader.latest_month
    problems: list[dict[str, str]] = []
    with engine.connect() as connection:
        counted = {
            key: total_from_rows(connection, MEASURES[name], city=reader.city.code, month=month) if month else 0.0
            for key, name in TOTALS.items()
        }
        totals = {key: _whole(value) for key, value in counted.items()}
        if month:
            problems += _rollup_problems(connection, reader, month, counted)
        problems += _register_problems(connection)
        tables = {
            name: connection.execute(select(func.count()).where(table.c.superseded_by.is_(None))).scalar()
            for name, table in TABLES.items()
        }
        freshness = _freshness(connection, reader)
    return {
        "city": {"code": reader.city.code, "name": reader.city.name}, "latest_month": month or None,
        "revision": reader.revision, "is_demo": reader.is_demo, "totals": totals,
        "published": _published(reader, totals), "reporting": _reporting(reader), "freshness": freshness,
        "tables": tables, "problems": problems,
    }  # fmt: skip


def _whole(value: float) -> int | float:
    # Money in fen adds up with float noise far below one fen.
    rounded = round(value, 4)
    return int(rounded) if rounded == int(rounded) else rounded


def _rollup_problems(
    connection: Connection, reader: Reader, month: str, counted: dict[str, float]
) -> list[dict[str, str]]:
    """Where the rolled-up city sums differ from the rows; `counted` has what the rows give for each of TOTALS."""
    cell = area_month.c
    rolled = select(cell.measure, func.sum(cell.value)).where(
        cell.level == "city", cell.kind == "", cell.area == reader.city.code
    )
    stocks = dict(connection.execute(rolled.where(cell.month == month).group_by(cell.measure)).all())
    flows = dict(connection.execute(rolled.where(cell.month <= month).group_by(cell.measure)).all())
    problems = []
    for total, key in TOTALS.items():
        measure = MEASURES[key]
        found = (stocks if measure.nature is Nature.STOCK else flows).get(key, 0.0)
        expected = counted[total]
        if abs(found - expected) > 1e-6 * max(1.0, abs(expected)):
            problems.append(
                {"code": "rollup_differs", "message": f"{measure.zh}汇总为{found:g}，逐行计为{expected:g}，请重建汇总"}
            )
    return problems


def _register_problems(connection: Connection) -> list[dict[str, str]]:
    """Facts of the registers that contradict each other."""
    contradicting = connection.execute(
        select(func.count())
        .select_from(management)
        .join(compound, (compound.c.compound_id == management.c.compound_id) & compound.c.superseded_by.is_(None))
        .where(
            management.c.superseded_by.is_(None),
            management.c.valid_to.is_(None),
            management.c.mode == ManagementMode.NONE.value,
            compound.c.is_managed.is_not(False),
        )
    ).scalar()
    problems = []
    if contradicting:
        problems.append(
            {"code": "managed_without_mode", "message": f"{contradicting}个物管小区的管理模式登记为“无”，请核对名录"}
        )
    unplaced = connection.execute(
        select(func.count()).where(unit_place.c.unit_kind == UnitKind.COMPOUND.value, unit_place.c.city.is_(None))
    ).scalar()
    if unplaced:
        problems.append({"code": "unplaced", "message": f"{unplaced}个小区没有归属区划，未计入任何汇总"})
    for found in hanging_rows(connection):
        message = f"{found.said()}，多半是登记它的批次被撤销了，请重新导入登记表或撤销这些行的批次"
        problems.append({"code": "hanging_rows", "message": message})
    return problems


def _published(reader: Reader, totals: dict[str, int | float]) -> list[dict[str, Any]]:
    """Published figures beside the computed ones."""
    frame = reader.published()
    return [
        {
            "key": row["key"], "value": row["value"], "bound": row["bound"], "as_of": row["as_of"],
            "computed": totals.get(str(row["key"])),
        }
        for row in frame.to_dict("records")
    ]  # fmt: skip


def _reporting(reader: Reader) -> dict[str, Any]:
    """How many units reported each sheet in the latest month."""
    if not reader.months:
        return {}
    keys = ("branch_coverage", "committee_rate", "fee_collection_rate", "satisfaction", "company_branch_coverage")
    found = reader.indicators(keys, period=Period.of(reader.latest_month))
    return {
        key: {"reported": _whole(frame["reported"].iloc[0]), "expected": _whole(frame["expected"].iloc[0])}
        for key, frame in found.items()
        if frame["reported"].notna().all()
    }


def _freshness(connection: Connection, reader: Reader) -> list[dict[str, Any]]:
    """Newest month with a monthly filing, and the last import, by street."""
    place = unit_place.c
    statement = (
        select(place.street, func.max(observation.c.month), func.max(import_batch.c.created_at))
        .select_from(observation)
        .join(unit_place, (place.unit_kind == observation.c.unit_kind) & (place.unit_id == observation.c.unit_id))
        .join(import_batch, import_batch.c.batch_id == observation.c.batch_id)
        .where(observation.c.superseded_by.is_(None), place.street.is_not(None), place.city == reader.city.code)
        .group_by(place.street)
        .order_by(place.street)
    )
    return [
        {
            "area": street, "name": reader.label(street), "month": month,
            "imported_at": imported.isoformat(timespec="seconds"),
        }
        for street, month, imported in connection.execute(statement)
    ]  # fmt: skip
