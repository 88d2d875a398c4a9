"""Logging in while month after month is imported into the same SQLite file: how long it waits for its turn to write."""

from __future__ import annotations

import sqlite3
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path

import pandas as pd
from sqlalchemy.engine import make_url

from dashboard.access import Role, accounts
from data import audit
from data.brief import WAIT_S
from data.errors import StoreError
from data.importing.from_frames import commit_frames
from data.importing.revert import revert
from data.query import Reader
from data.store import open_store
from tests.demo_store import shared_demo_url
from tests.soak.figures import Figure, at_most, told

MONTHS, CASES = 3, 40
PASSWORD = "Kite-4 over the river"


def month_of(units: list[str]) -> dict[str, pd.DataFrame]:
    """A busy month of the whole city: a survey and forty cases of every compound."""
    cases = [unit for unit in units for _ in range(CASES)]
    return {
        "survey": pd.DataFrame({
            "compound_id": units, "wave": "2026-11", "question": "总体满意", "valid": 50, "satisfied": 40,
        }),
        "case_event": pd.DataFrame({
            "case_id": [f"SOAK{n}" for n in range(len(cases))], "compound_id": cases, "kind": "纠纷",
            "opened_at": pd.Timestamp("2026-11-02 08:30"),
        }),
    }  # fmt: skip


def during_imports() -> list[Figure]:
    """The step `login-during-import`."""
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        copy = Path(folder) / "store.db"
        source = str(make_url(shared_demo_url()).database)
        with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(copy)) as written:
            read.backup(written)
        engine = open_store(f"sqlite:///{copy}")
        accounts.add(engine, "leader-01", Role.LEADER, actor="soak", password=PASSWORD, must_change=False)
        month = month_of(Reader(engine).register("compound")["compound_id"].tolist())
        held: list[float] = []
        ended = threading.Event()

        def imports() -> None:
            try:
                for _ in range(MONTHS):
                    begun = time.monotonic()
                    batch = commit_frames(engine, month, actor="soak")
                    held.append(time.monotonic() - begun)
                    revert(engine, batch, actor="soak")
            finally:
                ended.set()

        thread = threading.Thread(target=imports)
        thread.start()
        waits, told_so = [], 0
        while not ended.is_set():
            begun = time.monotonic()
            try:
                assert accounts.authenticate(engine, "leader-01", PASSWORD) is not None
                audit.record(engine, actor="leader-01", action=audit.Action.LOGIN, subject="leader-01")
            except StoreError:
                told_so += 1
            waits.append(time.monotonic() - begun)
        thread.join()
        engine.dispose()
        return [
            told("months imported and taken back", f"{len(held)}"),
            told("an import held the store for at most", f"{max(held):.1f} s"),
            told("logins tried, of them told to come back", f"{len(waits)}, {told_so}"),
            # The password's own hash takes a moment too.
            at_most("slowest login or answer", round(max(waits), 1), WAIT_S + 1, " s"),
        ]
