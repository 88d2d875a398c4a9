"""The demo city with a hundred times its compounds and events, to measure what a page costs then.

Every compound stands a hundred times on its own street and community, its copies a little apart and with an id of their
own, and each copy has all that the original has: organisations, committees, relations, answers, cases, assessments,
tasks. 54 900 compounds, 51 300 of them managed. Sums of areas are those of the units: a measure's sum grows by 99 times
what the compounds of the area contribute, so parts add up here as they do in the demo city.

What stays as it is, and why that bears upon no figure measured on it:

- Companies, grids, communities: 249, 304 and 866 of them, each with more compounds. They are what one chooses among,
  and a city that grew would give a company more compounds rather than a bureau more companies to list.
- Rows of `observation`. Nothing but importing, checking and tracing reads them; pages read the cells made of them.
- Cells of a compound that no page of the city reads compound by compound are there for the last thirteen months only.
  `CITY_WIDE` lists the indicators that are; all others are read from sums of areas, or, of a single community, grid or
  compound, from its few units: there a course ends thirteen months back, in no more steps than a full one.
- Figures of the copies equal the original's. Ranks then have ties, which cost as much to sort as any.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.engine import make_url

from data.catalogue import INDICATORS, MEASURES
from data.query.figures import measures_of
from data.ranking import COMPOUND_VALUES, load_scheme, scheme_names
from data.rollup.cells import ROLLED_LEVELS
from data.schema.vocabulary import UnitKind
from tests.demo_store import FOLDER, shared_demo_url

TIMES = 100
RECENT_MONTHS = 13
# Indicators that cards of a whole city read compound by compound, beside those of the built-in schemes.
CITY_WIDE = (
    "compounds", "households", "satisfaction", "satisfaction_gain", "satisfaction_happy", "satisfaction_safe",
    "survey_response_rate", "survey_valid", "branch_coverage", "branch_fallback", "committee_rate",
    "fee_collection_rate", "case_on_time_rate", "absorption_rate", "committee_in_term", "committee_party_majority",
    "public_income_rate", "campaign_relapse_rate",
)  # fmt: skip
# Table → the columns a copy gets a name of its own in; all have a `compound_id`, and rows without one stay single.
COPIED = {
    "compound": ("compound_id", "name"),
    "management": ("compound_id",),
    "party_org": ("org_id", "compound_id"),
    "party_org_compound": ("compound_id",),
    "committee": ("committee_id", "compound_id"),
    "award": ("compound_id",),
    "case_event": ("case_id", "compound_id"),
    "task": ("task_id", "compound_id"),
    "survey": ("compound_id",),
    "assessment": ("compound_id",),
    "objection": ("objection_id", "compound_id"),
    "incident": ("incident_id", "compound_id"),
}


def large_store_url() -> str:
    """URL of the large store; built where there is none of this demo city yet. `DASHBOARD_TEST_LARGE` names another."""
    given = os.environ.get("DASHBOARD_TEST_LARGE")
    if given:
        return given
    demo = Path(str(make_url(shared_demo_url()).database))
    about = f"{demo.stat().st_size} {demo.stat().st_mtime_ns}".encode() + Path(__file__).read_bytes()
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"large-{hashlib.sha256(about).hexdigest()[:16]}.db"
    with (FOLDER / "large.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            for old in FOLDER.glob("large*.db*"):
                old.unlink()
            building = FOLDER / "large-building.db"
            build_large(demo, building, times=TIMES)
            os.replace(building, path)
    return f"sqlite:///{path}"


def build_large(demo: Path, target: Path, *, times: int) -> None:
    """Write the store `demo` with `times` its compounds to `target`. The demo store must be closed."""
    shutil.copyfile(demo, target)
    connection = sqlite3.connect(target, isolation_level=None)
    run = connection.execute
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000", "temp_store=FILE"):
        run(f"PRAGMA {pragma}")
    run("CREATE TEMP TABLE copy (n INTEGER PRIMARY KEY, mark TEXT)")
    width = len(str(times - 1))
    connection.executemany("INSERT INTO copy VALUES (?, ?)", [(n, f"-{n:0{width}}" if n else "") for n in range(times)])
    run("CREATE TEMP TABLE multiplied AS SELECT unit_id FROM unit_place WHERE unit_kind = 'compound'")
    run("CREATE UNIQUE INDEX temp.of_multiplied ON multiplied (unit_id)")
    indexes = run("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL").fetchall()
    tables = {*COPIED, "unit_month"}
    dropped = [(name, sql) for name, sql in indexes if any(f" ON {table} (" in sql for table in tables)]
    for name, _ in dropped:
        run(f"DROP INDEX {name}")
    _add_to_areas(connection, times)
    for table, marked in COPIED.items():
        run(_copies(connection, table, marked))
    run(
        "INSERT INTO unit_place SELECT unit_kind, unit_id || mark, name || mark, city, county, street, community, grid,"
        " kind, is_managed FROM unit_place JOIN copy ON n > 0 WHERE unit_kind = 'compound'"
    )
    _copy_cells(connection)
    for _, sql in dropped:
        run(sql)
    run("PRAGMA analysis_limit=1000")
    for table in ("unit_month", "area_month", "unit_place"):
        run(f"ANALYZE {table}")
    connection.close()


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]


def _copies(connection: sqlite3.Connection, table: str, marked: tuple[str, ...]) -> str:
    names = [name for name in _columns(connection, table) if name != "row_id"]
    values = {name: f"{name} || mark" if name in marked else name for name in names}
    if table == "compound":
        # Within about a kilometre of the original, spread without chance.
        values["lon"] = "lon + ((row_id * 7919 + n * 104729) % 2001 - 1000) * 1e-5"
        values["lat"] = "lat + ((row_id * 6311 + n * 130363) % 2001 - 1000) * 8e-6"
    return (
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values[name] for name in names)} "
        f"FROM {table} JOIN copy ON n > 0 WHERE superseded_by IS NULL AND compound_id IS NOT NULL"
    )


def kept_measures() -> set[str]:
    """Measures whose cells the copies have in every month."""
    keys = {*CITY_WIDE, *(node.key for name in scheme_names() for node in load_scheme(name).indicators)}
    return {m.key for key in keys - COMPOUND_VALUES.keys() | {*CITY_WIDE} if key in INDICATORS
            for m in measures_of(INDICATORS[key])}  # fmt: skip


def _copy_cells(connection: sqlite3.Connection) -> None:
    run = connection.execute
    (sql,) = run("SELECT sql FROM sqlite_master WHERE name = 'unit_month'").fetchone()
    run("CREATE TEMP TABLE kept (measure TEXT PRIMARY KEY)")
    connection.executemany("INSERT INTO kept VALUES (?)", [(key,) for key in kept_measures()])
    months = [month for (month,) in run("SELECT month FROM calendar ORDER BY month")]
    run("ALTER TABLE unit_month RENAME TO unit_month_before")
    run(sql)
    # In the order of the key: rows are then appended, not sorted in.
    run(
        "INSERT INTO unit_month SELECT measure, month, unit_id || mark, value FROM unit_month_before CROSS JOIN copy"
        " WHERE n = 0 OR (unit_id IN multiplied AND (month >= ? OR measure IN kept))"
        " ORDER BY measure, month, unit_id, n",
        (months[-RECENT_MONTHS:][0],),
    )
    run("DROP TABLE unit_month_before")


def _sums() -> Iterator[tuple[str, bool, str, bool]]:
    """Which sums the roll-up keeps of compounds: the measure's key, managed ones only, level, by kind."""
    for measure in MEASURES.values():
        if UnitKind.COMPOUND in measure.units:
            for level in ROLLED_LEVELS:
                for by_kind in (False, True):
                    yield measure.key, measure.managed_only, level, by_kind


def _add_to_areas(connection: sqlite3.Connection, times: int) -> None:
    """Add to the sums of areas what the copies will contribute."""
    run = connection.execute
    run(
        "CREATE TEMP TABLE more (measure, level, kind, month, area, value, reported,"
        " PRIMARY KEY (measure, level, kind, month, area)) WITHOUT ROWID"
    )
    for level, by_kind, managed_only in dict.fromkeys((level, kind, only) for _, only, level, kind in _sums()):
        keys = [key for key, *rest in _sums() if rest == [managed_only, level, by_kind]]
        kind = "p.kind" if by_kind else "''"
        run(
            f"INSERT INTO more SELECT u.measure, ?, {kind}, u.month, p.{level}, sum(u.value), count(*)"
            " FROM unit_month u JOIN unit_place p ON p.unit_kind = 'compound' AND p.unit_id = u.unit_id"
            f" WHERE u.measure IN ({', '.join('?' * len(keys))}) AND {kind} IS NOT NULL AND p.{level} IS NOT NULL"
            f" {'AND p.is_managed' if managed_only else ''} GROUP BY u.measure, u.month, p.{level}, {kind}",
            (level, *keys),
        )
    run(
        "UPDATE area_month SET value = area_month.value + ? * more.value, reported = area_month.reported + ? * more.reported"
        " FROM more WHERE (more.measure, more.level, more.kind, more.month, more.area)"
        " = (area_month.measure, area_month.level, area_month.kind, area_month.month, area_month.area)",
        (times - 1, times - 1),
    )
