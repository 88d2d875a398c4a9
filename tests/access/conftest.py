"""The small city behind a login, read by all tests of a file and written by none but its accounts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine

from dashboard.access import Role, passwords
from data.store import open_store
from tests.access.serving import add_accounts, new_server
from tests.pages.browsing import small_store
from tests.small_city import STREETS


@pytest.fixture(scope="session", autouse=True)
def _quick_hashes() -> Iterator[None]:
    """Hashes that cost a hundredth: these tests log in a hundred times."""
    patch = pytest.MonkeyPatch()
    quick = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
    patch.setattr(passwords, "_hasher", lambda: quick)
    yield
    patch.undo()


@pytest.fixture
def closed(tmp_path: Path) -> Iterator[tuple[Engine, str]]:
    """A store of its own with accounts: engine and URL."""
    url = small_store(tmp_path)
    engine = open_store(url)
    add_accounts(engine, next(iter(STREETS)))
    yield engine, url
    engine.dispose()


@pytest.fixture
def server(closed: tuple[Engine, str]) -> Any:
    """A Flask server of that store."""
    return new_server(closed[1]).server


@pytest.fixture(scope="session")
def small_city_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store without accounts, only read."""
    return small_store(tmp_path_factory.mktemp("open"))


@pytest.fixture
def engine(closed: tuple[Engine, str]) -> Engine:
    return closed[0]


@pytest.fixture(params=list(Role), ids=str)
def role(request: pytest.FixtureRequest) -> Role:
    found: Role = request.param
    return found
