"""Compounds ahead and behind: those ranked and those not are of the selection."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from dashboard.cards.overview.leading import leading
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.query import Reader
from data.store import migrate, open_store
from tests.ranked_city import build_ranked_city


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    engine = open_store(f"sqlite:///{tmp_path_factory.mktemp('leading') / 'city.db'}")
    migrate(engine)
    build_ranked_city(engine)
    yield Reader(engine).pinned()
    engine.dispose()


def counted(reader: Reader, view: View) -> int:
    """Ranked and not ranked, as the foot says; 0 where nobody is ranked."""
    return sum(int(found) for found in re.findall(r"\d+", leading(reader, view, Ink(), Words("zh")).n))


def test_those_not_ranked_are_counted_in_the_selection_and_not_in_the_city(reader: Reader) -> None:
    everyone = counted(reader, View())
    areas = reader.areas()
    parts = [counted(reader, View(area=str(code))) for code in areas.loc[areas["level"] == "county", "code"]]
    assert 0 < max(parts) < everyone
    assert sum(parts) <= everyone
