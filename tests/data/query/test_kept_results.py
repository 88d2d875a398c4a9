"""What is remembered of a large city: small results stay, however many large ones come."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import Engine

from data.query import Reader, memory
from data.query.memory import size_of
from data.store import migrate, open_store


@pytest.fixture
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    engine: Engine = open_store(f"sqlite:///{tmp_path_factory.mktemp('city') / 'store.db'}")
    migrate(engine)
    return Reader(engine).pinned()


def large() -> pd.DataFrame:
    return pd.DataFrame(np.zeros((1_000, 2)))


def test_large_results_make_room_for_each_other_and_not_for_small_ones(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    frame = size_of(large())
    monkeypatch.setattr(memory, "LARGE_BYTES", frame - 1)
    monkeypatch.setattr(memory, "ROOM_FOR_LARGE", 3 * frame)
    # What is kept was made with the room there was.
    reader._memory.clear(reader.revision)
    reader.remember("small", lambda: "first")
    for number in range(6):
        reader.remember(("large", number), large)
    read: list[object] = []
    again = reader.remember("small", lambda: read.append("small"))
    assert (again, read) == ("first", [])
    assert reader.remember(("large", 5), lambda: read.append("newest")) is not None
    reader.remember(("large", 0), lambda: read.append("oldest") or large())
    assert read == ["oldest"]


def test_sizes_are_of_all_that_a_result_holds() -> None:
    column = pd.Series(np.zeros(100))
    assert size_of(column) == 800
    assert size_of(pd.DataFrame({"a": column, "b": column})) == 1_600
    assert size_of((column, np.zeros(10))) == 880
    assert size_of({"a": column}) > 800
    assert size_of(frozenset({"a"})) > 0
