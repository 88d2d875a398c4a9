"""The small city read by a Reader, shared by the tests of this room."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from data.query import Reader
from data.store import migrate, open_store
from tests.small_city import build_small_city


@pytest.fixture(scope="session")
def small_reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """A reader of the small city; nothing writes to its store."""
    engine = open_store(f"sqlite:///{tmp_path_factory.mktemp('small') / 'small.db'}")
    migrate(engine)
    build_small_city(engine)
    yield Reader(engine)
    engine.dispose()
