"""A month that has no index: refused once for all who ask, and tried again when the store was away."""

from __future__ import annotations

import pytest

from data import ranking
from data.errors import GovernanceError, StoreError
from data.query import Reader
from data.ranking import rank_compounds


@pytest.mark.parametrize(("error", "asked"), [(GovernanceError("太少"), 1), (StoreError("不在"), 2)])
def test_a_refusal_stands_until_the_data_change_and_a_store_that_was_away_is_asked_again(
    small_reader: Reader, monkeypatch: pytest.MonkeyPatch, error: GovernanceError, asked: int
) -> None:
    calls: list[str] = []

    def refuse(reader: Reader, scheme: object, month: str) -> None:
        calls.append(month)
        raise error

    monkeypatch.setattr(ranking, "_rank", refuse)
    reader = Reader(small_reader.engine)
    for _ in range(2):
        with pytest.raises(type(error), match=str(error)):
            rank_compounds(reader)
    assert len(calls) == asked
