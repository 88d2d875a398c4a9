"""Where each unit lies at every level: `unit_place`, derived from the registers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, insert, select

from data.schema import area, company, compound, grid, management, unit_place
from data.schema.vocabulary import AreaLevel, UnitKind

LEVELS = [level.value for level in AreaLevel]
Place = dict[str, Any]


def _current(connection: Connection, table: Table, *names: str) -> Sequence[Row[Any]]:
    columns = [table.c[name] for name in names]
    return connection.execute(select(*columns).where(table.c.superseded_by.is_(None))).all()


def ancestry(areas: Iterable[tuple[str, str, str | None]]) -> dict[str, dict[str, str]]:
    """For each area of (code, level, parent_code), the codes above it and its own, by level.

    A cycle or a missing parent ends the chain.
    """
    known = {code: (level, parent) for code, level, parent in areas}
    chains: dict[str, dict[str, str]] = {}
    for code in known:
        chain: dict[str, str] = {}
        here: str | None = code
        while here in known and known[here][0] not in chain:
            level, parent = known[here]
            chain[level] = here
            here = parent
        chains[code] = chain
    return chains


def compute_places(connection: Connection) -> list[Place]:
    """One row with the columns of `unit_place` per unit of any kind."""
    areas = _current(connection, area, "code", "level", "parent_code", "name")
    chains = ancestry((row.code, row.level, row.parent_code) for row in areas)
    places: list[Place] = []

    def add(unit_kind: UnitKind, unit_id: str, name: str, code: str | None, **more: Any) -> None:
        chain = chains.get(code or "", {})
        place: Place = {"unit_kind": unit_kind.value, "unit_id": unit_id, "name": name}
        place |= {level: chain.get(level) for level in LEVELS} | {"grid": None, "kind": None, "is_managed": True}
        places.append(place | more)

    for row in areas:
        add(UnitKind(row.level), row.code, row.name, row.code)
    community_of_grid: dict[str | None, str] = {}
    for row in _current(connection, grid, "grid_code", "name", "community_code"):
        community_of_grid[row.grid_code] = row.community_code
        add(UnitKind.GRID, row.grid_code, row.name, row.community_code, grid=row.grid_code)
    for row in _current(connection, compound, "compound_id", "name", "area_code", "grid_code", "kind", "is_managed"):
        # The grid knows its community, which may be deeper than the area the register gives.
        code = community_of_grid.get(row.grid_code) or row.area_code
        facts = {"grid": row.grid_code, "kind": row.kind, "is_managed": row.is_managed is not False}
        add(UnitKind.COMPOUND, row.compound_id, row.name, code, **facts)
    managed = _areas_managed(connection, places)
    for row in _current(connection, company, "company_id", "name", "office_area_code"):
        code = row.office_area_code or _smallest_common_area(managed.get(row.company_id, []))
        add(UnitKind.COMPANY, row.company_id, row.name, code)
    return places


def _areas_managed(connection: Connection, places: list[Place]) -> dict[str, list[Place]]:
    """Places of the compounds each company manages now."""
    of_compound = {p["unit_id"]: p for p in places if p["unit_kind"] == UnitKind.COMPOUND.value}
    managed: dict[str, list[Place]] = {}
    for row in _current(connection, management, "compound_id", "company_id", "valid_to"):
        if row.company_id and row.valid_to is None and row.compound_id in of_compound:
            managed.setdefault(row.company_id, []).append(of_compound[row.compound_id])
    return managed


def _smallest_common_area(places: list[Place]) -> str | None:
    """The deepest area all `places` lie in: where a company counts whose office nobody registered."""
    common: str | None = None
    for level in LEVELS:
        codes = {place[level] for place in places}
        if len(codes) != 1 or None in codes:
            break
        (common,) = codes
    return common


def moved_units(before: list[Place], after: list[Place]) -> set[str]:
    """Units that came, went, or lie or count elsewhere than before."""
    then = {(p["unit_kind"], p["unit_id"]): {**p, "name": ""} for p in before}
    now = {(p["unit_kind"], p["unit_id"]): {**p, "name": ""} for p in after}
    return {key[1] for key in then.keys() | now.keys() if then.get(key) != now.get(key)}


def refresh_places(connection: Connection) -> tuple[list[Place], list[Place]]:
    """Recompute `unit_place`; returns the rows as they were and as they are."""
    before: list[Place] = [dict(row._mapping) for row in connection.execute(select(unit_place))]
    after = compute_places(connection)
    connection.execute(delete(unit_place))
    if after:
        connection.execute(insert(unit_place), after)
    return before, after
