"""A small invented city for tests of the pages: two counties, five streets, forty compounds, six months."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from typing import Any

import shapely
from sqlalchemy import Connection, Engine, insert

from data.rollup import rebuild
from data.schema import TABLES, import_batch

CITY = "9900"
COUNTIES = {"990001": "东山县", "990002": "西河区"}
STREETS = {
    "990001001": "云岭街道",
    "990001002": "石桥镇",
    "990002001": "梅溪街道",
    "990002002": "桂花街道",
    "990002003": "白塔乡",
}
MONTHS = [f"2026-{month:02d}" for month in range(5, 11)]
KINDS = ("商品房", "老旧小区", "保障房", "单体楼")
SILENT_STREET = "990002003"


def _square(west: float, south: float, width: float, height: float) -> bytes:
    return bytes(shapely.to_wkb(shapely.box(west, south, west + width, south + height)))


def rows() -> dict[str, list[dict[str, Any]]]:
    """Rows by table; every name is invented and every number is a function of its place in the list."""
    areas: list[dict[str, Any]] = [{"code": CITY, "name": "清江市", "level": "city", "parent_code": None}]
    areas += [{"code": code, "name": name, "level": "county", "parent_code": CITY} for code, name in COUNTIES.items()]
    areas += [
        {"code": code, "name": name, "level": "street", "parent_code": code[:6], "is_urban_core": "街道" in name}
        for code, name in STREETS.items()
    ]
    shapes = []
    for place, code in enumerate(STREETS):
        shapes.append({"code": code, "geometry": _square(118 + 0.3 * place, 30 + 0.1 * (place % 2), 0.3, 0.4)})
    communities, grids, compounds, surveys, management, companies = [], [], [], [], [], []
    for place in range(4):
        companies.append(
            {"company_id": f"E{place:02d}", "name": f"清江第{place + 1}物业公司", "credit_grade": "AABC"[place]}
        )
    orgs, covers = [], []
    for s, street in enumerate(STREETS):
        for k in range(2):
            community = f"{street}{k + 1:03d}"
            communities.append(
                {
                    "code": community,
                    "name": f"{STREETS[street][:2]}第{k + 1}社区",
                    "level": "community",
                    "parent_code": street,
                }
            )
            grids.append({"grid_code": f"G{community}", "community_code": community, "name": f"第{k + 1}网格"})
            for c in range(4):
                number = s * 8 + k * 4 + c
                unit = f"C{number:03d}"
                compounds.append(
                    {
                        "compound_id": unit, "name": f"试验{number + 1}小区", "area_code": community,
                        "grid_code": f"G{community}", "lon": 118.02 + 0.3 * s + 0.03 * (number % 8),
                        "lat": 30.2 + 0.02 * (number % 5), "households": 300 + 37 * number,
                        "kind": KINDS[number % 4], "is_managed": True,
                    }
                )  # fmt: skip
                management.append(
                    {
                        "compound_id": unit,
                        "company_id": f"E{number % 4:02d}",
                        "mode": "专业物业",
                        "valid_from": date(2020, 1, 1),
                    }
                )
                if number % 3 == 0:
                    orgs.append(
                        {"org_id": f"P{number:03d}", "kind": "小区(网格)党支部", "founding_mode": "单独组建",
                         "founded_on": date(2021, 1, 1), "area_code": community, "compound_id": unit}
                    )  # fmt: skip
                    covers.append({"org_id": f"P{number:03d}", "compound_id": unit, "cover": "自有"})
                if street == SILENT_STREET:
                    continue
                for m, month in enumerate(MONTHS):
                    valid = 40 + number % 17
                    share = 0.62 + 0.22 * math.sin(number * 1.7) + 0.01 * m
                    satisfied = min(valid, max(0, round(valid * share)))
                    surveys.append(
                        {"compound_id": unit, "wave": month, "question": "总体满意", "invited": valid + 20,
                         "valid": valid, "satisfied": satisfied}
                    )  # fmt: skip
    return {
        "area": areas + communities, "area_shape": shapes, "grid": grids, "compound": compounds, "company": companies,
        "management": management, "party_org": orgs, "party_org_compound": covers, "survey": surveys,
    }  # fmt: skip


def fill(connection: Connection, tables: dict[str, list[dict[str, Any]]], *, is_demo: bool = True) -> None:
    """Write `tables` as one batch and roll it up."""
    batch = connection.execute(
        insert(import_batch).values(created_at=datetime.now(UTC).replace(tzinfo=None), actor="test", is_demo=is_demo)
    ).inserted_primary_key
    assert batch is not None
    for name, table_rows in tables.items():
        names = {key for row in table_rows for key in row}
        connection.execute(
            insert(TABLES[name]),
            [{**dict.fromkeys(names), **row, "batch_id": batch[0]} for row in table_rows],
        )
    rebuild(connection)


def build_small_city(engine: Engine, *, is_demo: bool = True) -> None:
    """Fill an empty, migrated store with the small city."""
    with engine.begin() as connection:
        fill(connection, rows(), is_demo=is_demo)
