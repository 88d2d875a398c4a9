"""An importing process killed without warning, again and again; what it acknowledged must be there, whole."""

from __future__ import annotations

import os
import random
import signal
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
from sqlalchemy import Engine, func, text
from sqlalchemy import select as query

from data import rollup
from data.importing.from_frames import commit_frames
from data.schema import TABLES, area_month, import_batch, import_file, import_sheet, unit_month
from data.store import migrate, open_store
from tests.soak.figures import Figure, none_of, told
from tests.soak.postgres import cluster

KILLS = 60
ROWS = 40
AREAS = pd.DataFrame({
    "code": ["9901", "990101"], "name": ["云梦市", "甲区"], "level": ["city", "county"], "parent_code": [None, "9901"],
})  # fmt: skip


@dataclass
class Outcome:
    """What was found after the kills."""

    kills: int = 0
    acknowledged: int = 0
    written: int = 0
    lost: list[int] = field(default_factory=list)
    partial: list[int] = field(default_factory=list)
    unsound: list[str] = field(default_factory=list)
    rollups_differ: bool = False


def frames_of(number: int) -> dict[str, pd.DataFrame]:
    """What import `number` brings: compounds of its own, a change to shared ones, surveys and cases."""
    own = [f"N{number}-{i}" for i in range(ROWS)]
    shared = [f"S{i}" for i in range(10)]
    units = own + shared
    return {
        "compound": pd.DataFrame({
            "compound_id": units, "name": "试写苑", "area_code": "990101", "households": 100 + number,
        }),
        "survey": pd.DataFrame({
            "compound_id": own, "wave": "2026-03", "question": "总体满意", "valid": 50, "satisfied": number % 50,
        }),
        "case_event": pd.DataFrame({
            "case_id": [f"E{u}" for u in own], "compound_id": own, "kind": "纠纷",
            "opened_at": pd.Timestamp("2026-03-02 08:30"),
        }),
    }  # fmt: skip


def written_rows() -> int:
    """Rows one import states."""
    return sum(len(frame) for frame in frames_of(0).values())


def kill_imports(url: str, *, kills: int, seed: int = 1) -> Outcome:
    """Import without end in a child and kill it `kills` times at moments spread over an import; then look.

    Args:
        url: a migrated, empty store.
    """
    chance = random.Random(seed)
    engine = open_store(url)
    commit_frames(engine, {"area": AREAS}, actor="soak")
    # A child must not share a connection with its parent.
    engine.dispose()
    outcome = Outcome()
    # The first child is let finish: it shows how long an import takes.
    acknowledged, number, whole = _one_child(url, 1, acks=1, patience=0.0)
    for _ in range(kills):
        acks, number, _ = _one_child(url, number, acks=chance.choice((0, 1)), patience=chance.uniform(0.0, whole))
        acknowledged |= acks
        outcome.kills += 1
    engine = open_store(url)
    _examine(engine, acknowledged, outcome)
    engine.dispose()
    return outcome


def _one_child(url: str, number: int, *, acks: int, patience: float) -> tuple[set[int], int, float]:
    """Start a child, wait for so many acknowledgements and `patience` seconds more, kill it.

    Returns:
        Batches it acknowledged, the first number the next child may use, seconds from its start to the last wait.
    """
    receiving, sending = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(receiving)
        try:
            _import_without_end(url, number, sending)
        finally:
            os._exit(0)
    os.close(sending)
    with os.fdopen(receiving) as pipe:
        # The clock starts when the child says it is at work, so that imports are hit and not its start.
        heard = [pipe.readline()]
        begun = time.monotonic()
        heard += [pipe.readline() for _ in range(acks)]
        waited = time.monotonic() - begun
        time.sleep(patience)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        heard += pipe.readlines()
    return {int(line) for line in heard[1:] if line.endswith("\n")}, number + len(heard) + 1, waited


def _import_without_end(url: str, number: int, sending: int) -> None:
    engine = open_store(url)
    os.write(sending, b"ready\n")
    while True:
        batch = commit_frames(engine, frames_of(number), actor="soak")
        os.write(sending, f"{batch}\n".encode())
        number += 1


def _examine(engine: Engine, acknowledged: set[int], outcome: Outcome) -> None:
    outcome.acknowledged = len(acknowledged)
    with engine.connect() as connection:
        stated = dict(
            connection.execute(
                query(import_file.c.batch_id, func.sum(import_sheet.c.accepted))
                .join(import_sheet, import_sheet.c.file_id == import_file.c.file_id)
                .group_by(import_file.c.batch_id)
            ).all()
        )
        batches = set(connection.scalars(query(import_batch.c.batch_id)))
        found: dict[int, int] = {}
        for table in TABLES.values():
            counted = query(table.c.batch_id, func.count()).group_by(table.c.batch_id)
            for batch, rows in connection.execute(counted):
                found[batch] = found.get(batch, 0) + rows
        outcome.written = len(batches)
        outcome.lost = sorted(acknowledged - batches)
        outcome.partial = sorted(b for b in batches | found.keys() if found.get(b) != stated.get(b))
        outcome.partial += sorted(b for b in batches if b > 1 and found.get(b) != written_rows())
        if engine.dialect.name == "sqlite":
            checked = [str(row[0]) for row in connection.execute(text("PRAGMA integrity_check"))]
            outcome.unsound = [line for line in checked if line != "ok"]
            outcome.unsound += [str(row) for row in connection.execute(text("PRAGMA foreign_key_check"))]
        cells = [sorted(map(repr, connection.execute(query(t)))) for t in (unit_month, area_month)]
    with engine.begin() as connection:
        rollup.rebuild(connection)
        again = [sorted(map(repr, connection.execute(query(t)))) for t in (unit_month, area_month)]
    outcome.rollups_differ = cells != again


def _figures(outcome: Outcome, where: str) -> list[Figure]:
    return [
        told(f"kill -9 during import on {where}", f"{outcome.kills} kills"),
        none_of("acknowledged batches lost", len(outcome.lost), outcome.acknowledged),
        none_of("batches written in part", len(outcome.partial), outcome.written),
        none_of("complaints of the integrity check", len(outcome.unsound), 1),
        none_of("roll-ups that differ from the rows", int(outcome.rollups_differ), 1),
    ]


def _store() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        url = f"sqlite:///{Path(folder) / 'store.db'}"
        engine = open_store(url)
        migrate(engine)
        engine.dispose()
        yield url


def sqlite() -> list[Figure]:
    """The trial on SQLite."""
    for url in _store():
        return _figures(kill_imports(url, kills=KILLS), "SQLite")
    return []


def postgres() -> list[Figure]:
    """The trial on PostgreSQL."""
    with cluster() as server:
        engine = open_store(server.url)
        migrate(engine)
        engine.dispose()
        return _figures(kill_imports(server.url, kills=KILLS), "PostgreSQL")
