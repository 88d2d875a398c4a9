"""The demo city as a store for tests: built once per state of the code, shared by all test processes."""

from __future__ import annotations

import fcntl
import hashlib
import os
from pathlib import Path

from data.demo.build import build_demo
from data.store import migrate, open_store

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "var" / "test"


def fingerprint() -> str:
    """Changes with everything the demo store is made from."""
    digest = hashlib.sha256()
    for path in sorted((ROOT / "data").rglob("*")):
        if path.suffix in {".py", ".csv", ".geojson", ".json"} and "__pycache__" not in path.parts:
            digest.update(path.relative_to(ROOT).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def shared_demo_url() -> str:
    """URL of the demo store; the first process to ask builds it while the others wait.

    `DASHBOARD_TEST_DEMO` names one that exists already.
    """
    given = os.environ.get("DASHBOARD_TEST_DEMO")
    if given:
        return given
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"demo-{fingerprint()}.db"
    with (FOLDER / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            for old in FOLDER.glob("demo-*.db*"):
                old.unlink()
            building = FOLDER / "building.db"
            for rest in FOLDER.glob("building.db*"):
                rest.unlink()
            engine = open_store(f"sqlite:///{building}")
            migrate(engine)
            build_demo(engine)
            with engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            engine.dispose()
            os.replace(building, path)
    return f"sqlite:///{path}"
