"""The file of a compound reads its own rows: the same that the whole registers hold of it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from dashboard.cards.compound.subject import about, own_rows
from dashboard.view import View
from data.query import Reader
from data.store import open_store
from tests.pages.browsing import small_store


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    folder: Path = tmp_path_factory.mktemp("small")
    return Reader(open_store(small_store(folder)))


@pytest.mark.parametrize("name", ["assessment", "management", "committee", "party_org_compound", "award", "incident"])
def test_own_rows_are_those_of_the_register(reader: Reader, name: str) -> None:
    register = reader.register(name)
    compounds = reader.register("compound")["compound_id"]
    wanted = str(register["compound_id"].iloc[0] if len(register) else compounds.iloc[0])
    chosen = about(reader, View(page="compound", compound=wanted))
    assert chosen is not None
    expected = register[register["compound_id"] == wanted].reset_index(drop=True)
    pd.testing.assert_frame_equal(own_rows(reader, name, chosen), expected)
