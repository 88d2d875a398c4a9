"""An importing process killed without warning, again and again; what it acknowledged must be there, whole."""

from __future__ import annotations

import os
import random
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Engine, event, func, text
from sqlalchemy import select as query

from data import rollup
from data.importing.from_frames import commit_frames
from data.schema import TABLES, area_month, import_batch, import_file, import_sheet, unit_month
from data.store import migrate, open_store
from tests.soak.figures import Figure, none_of, told
from tests.soak.postgres import cluster

KILLS = 60
ROWS = 40
LONGEST_SECONDS = 2.0
AREAS = pd.DataFrame({
    "code": ["9901", "990101"], "name": ["云梦市", "甲区"], "level": ["city", "county"], "parent_code": [None, "9901"],
})  # fmt: skip


# Stages of one import as the child tells them: work before the first row, rows not yet committed, the commit itself,
# and after the answer. A kill is meant for one of them and counted for the one it fell into.
BEGUN, WRITING, COMMITTING, ACKNOWLEDGED = STAGES = ("begun", "writing", "committing", "acknowledged")


@dataclass
class Outcome:
    """What was found after the kills; `fell` counts them by the stage they fell into, `after_acknowledging` those of
    processes that had acknowledged an import."""

    kills: int = 0
    fell: Counter[str] = field(default_factory=Counter)
    after_acknowledging: int = 0
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
    """Import without end in a child and kill it `kills` times, in every stage of an import in turn; then look.

    Args:
        url: a migrated, empty store.
    """
    chance = random.Random(seed)
    engine = open_store(url)
    commit_frames(engine, {"area": AREAS}, actor="soak")
    # A child must not share a connection with its parent.
    engine.dispose()
    outcome = Outcome()
    acknowledged: set[int] = set()
    number = 1
    lasting = dict.fromkeys(STAGES, LONGEST_SECONDS)
    for kill in range(kills):
        child = _Child(url, number)
        child.hear_until(STAGES[kill % len(STAGES)], imports=kill // len(STAGES) % 2)
        # The quickest seen: on a machine that is busy with other things a stage may seem to last minutes.
        lasting = {stage: min(known, child.lasted.get(stage, known)) for stage, known in lasting.items()}
        child.kill(after=chance.uniform(0.0, lasting[STAGES[kill % len(STAGES)]]))
        acknowledged |= child.batches
        outcome.after_acknowledging += bool(child.batches)
        number += child.begun
        outcome.fell[child.stage] += 1
        outcome.kills += 1
    engine = open_store(url)
    _examine(engine, acknowledged, outcome)
    engine.dispose()
    return outcome


class _Child:
    """A process that imports without end and tells each stage.

    Attributes:
        stage: the last it told. batches: those it acknowledged. begun: imports it began. lasted: seconds a stage took.
    """

    def __init__(self, url: str, number: int) -> None:
        receiving, sending = os.pipe()
        self._process = os.fork()
        if self._process == 0:
            os.close(receiving)
            try:
                _import_without_end(url, number, sending)
            finally:
                os._exit(0)
        os.close(sending)
        self._pipe = os.fdopen(receiving)
        self.stage, self.begun, self.batches = "", 0, set[int]()
        self.lasted: dict[str, float] = {}
        self._since = time.monotonic()

    def hear_until(self, stage: str, *, imports: int) -> None:
        """Listen until it is in `stage`, after so many whole imports."""
        for line in self._pipe:
            self._hear(line)
            if self.stage == stage and self.begun > imports:
                return
        raise RuntimeError("the importing process ended by itself")

    def kill(self, *, after: float) -> None:
        """Kill it in so many seconds, and hear what it had still said."""
        time.sleep(after)
        os.kill(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)
        with self._pipe:
            for line in self._pipe:
                # Half a line was never said.
                if line.endswith("\n"):
                    self._hear(line)

    def _hear(self, line: str) -> None:
        stage, _, batch = line.strip().partition(" ")
        if stage == self.stage:
            return
        now = time.monotonic()
        self.lasted[self.stage] = now - self._since
        self.stage, self._since = stage, now
        self.begun += stage == BEGUN
        if batch:
            self.batches.add(int(batch))


def _import_without_end(url: str, number: int, sending: int) -> None:
    engine = open_store(url)

    def tell(what: str) -> None:
        os.write(sending, f"{what}\n".encode())

    def executed(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().upper().startswith("INSERT"):
            tell(WRITING)

    event.listen(engine, "after_cursor_execute", executed)
    event.listen(engine, "commit", lambda _connection: tell(COMMITTING))
    while True:
        tell(BEGUN)
        batch = commit_frames(engine, frames_of(number), actor="soak")
        tell(f"{ACKNOWLEDGED} {batch}")
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
        told("  before the first row was written", str(outcome.fell[BEGUN])),
        told("  with rows written and not committed", str(outcome.fell[WRITING])),
        told("  while it committed, or before it could say so", str(outcome.fell[COMMITTING])),
        told("  between two imports", str(outcome.fell[ACKNOWLEDGED])),
        told("  of processes that had acknowledged an import", str(outcome.after_acknowledging)),
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
