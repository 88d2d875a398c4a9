"""Stores that tests write to: a fresh SQLite file each, and a temporary PostgreSQL server for the run."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import settings
from sqlalchemy import Engine, create_engine, text
from werkzeug.datastructures import Headers

from data.store import migrate, open_store
from tests.demo_store import shared_demo_url

# How long an example takes says something of the machine, nothing of the code.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


class BrowserClient(FlaskClient):
    """A test client that sends the token of its cookie back with every POST, as the pages do."""

    def open(self, *args: Any, **given: Any) -> Any:
        if str(given.get("method", "GET")).upper() == "POST" and given.pop("with_token", True):
            headers = Headers(given.get("headers") or {})
            if self.get_cookie("_csrf_token") is None:
                super().open("/login", method="GET")
            token = self.get_cookie("_csrf_token")
            if token is not None and "X-CSRFToken" not in headers:
                headers["X-CSRFToken"] = token.value
            given["headers"] = headers
        return super().open(*args, **given)


Flask.test_client_class = BrowserClient

POSTGRES_BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


@pytest.fixture(scope="session")
def _migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "empty.db"
    engine = open_store(f"sqlite:///{path}")
    migrate(engine)
    with engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    engine.dispose()
    return path


@pytest.fixture
def store(_migrated_file: Path, tmp_path: Path) -> Iterator[Engine]:
    """An empty, migrated SQLite store of its own."""
    path = tmp_path / "store.db"
    shutil.copy(_migrated_file, path)
    engine = open_store(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def demo_url() -> str:
    """URL of the demo city's store; tests only read it."""
    return shared_demo_url()


@pytest.fixture(scope="session")
def demo_store(demo_url: str) -> Iterator[Engine]:
    """The demo city in SQLite. Only for reading: a test that writes takes a copy."""
    engine = open_store(demo_url)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL stem of a temporary PostgreSQL server on a unix socket; `DASHBOARD_TEST_POSTGRES` names another one."""
    given = os.environ.get("DASHBOARD_TEST_POSTGRES")
    if given:
        yield given
        return
    if not POSTGRES_BINARIES:
        pytest.skip("PostgreSQL is not installed")
    binaries = POSTGRES_BINARIES[-1].parent
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    as_user: list[str] = []
    if os.geteuid() == 0:
        # The server refuses to run as root.
        shutil.chown(folder, "postgres", "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    cluster = folder / "data"

    def run(*command: str) -> None:
        subprocess.run([*as_user, *command], check=True, capture_output=True, cwd=folder)

    run(str(binaries / "initdb"), "-D", str(cluster), "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c full_page_writes=off"
    run(str(binaries / "pg_ctl"), "-D", str(cluster), "-o", options, "-l", str(folder / "log"), "-w", "start")
    yield f"postgresql://tester@/{{name}}?host={folder}"
    run(str(binaries / "pg_ctl"), "-D", str(cluster), "-m", "immediate", "-w", "stop")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_store(postgres_server: str) -> Iterator[Engine]:
    """An empty, migrated PostgreSQL database of its own."""
    name = f"test_{secrets.token_hex(6)}"
    admin = create_engine(
        postgres_server.format(name="postgres").replace("postgresql://", "postgresql+psycopg://"),
        isolation_level="AUTOCOMMIT",
    )
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine = open_store(postgres_server.format(name=name))
    migrate(engine)
    yield engine
    engine.dispose()
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def any_store(request: pytest.FixtureRequest) -> Engine:
    """Each test that takes it runs once on SQLite and once on PostgreSQL."""
    found: Engine = request.getfixturevalue("store" if request.param == "sqlite" else "postgres_store")
    return found
