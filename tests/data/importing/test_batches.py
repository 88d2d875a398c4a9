"""Batches: written once, listed, confirmed by a repeat, reverted exactly."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Engine, select

from data.errors import GovernanceError
from data.frames import read_current
from data.importing.batches import list_batches
from data.importing.from_frames import commit_frames
from data.importing.revert import revert
from data.schema import TABLES, area_month, compound, import_confirmation, survey, unit_month, unit_place

AREAS = pd.DataFrame({
    "code": ["9901", "990101", "990102"], "name": ["云梦市", "甲区", "乙区"], "level": ["city", "county", "county"],
    "parent_code": [None, "9901", "9901"],
})  # fmt: skip


def compounds(n: int = 4, **extra: Any) -> pd.DataFrame:
    return pd.DataFrame({
        "compound_id": [f"X{i}" for i in range(n)], "name": [f"试写苑{i}" for i in range(n)], "area_code": "990101",
        "households": [100 + i for i in range(n)], **extra,
    })  # fmt: skip


def surveys(satisfied: int, n: int = 4) -> pd.DataFrame:
    return pd.DataFrame({
        "compound_id": [f"X{i}" for i in range(n)], "wave": "2026-03", "question": "总体满意", "valid": 50,
        "satisfied": satisfied,
    })  # fmt: skip


def dump(engine: Engine) -> dict[str, list[Any]]:
    """Every row of every table that figures are made of."""
    tables = [*TABLES.values(), import_confirmation, unit_month, area_month, unit_place]
    with engine.connect() as connection:
        return {t.name: sorted(map(repr, connection.execute(select(t)))) for t in tables}


def test_rows_get_their_batch_sheet_and_source_row(any_store: Engine) -> None:
    batch = commit_frames(any_store, {"area": AREAS, "compound": compounds()}, actor="甲")
    with any_store.connect() as connection:
        found = read_current(connection, compound, provenance=True)
    assert list(found["source_row"]) == [2, 3, 4, 5]
    assert set(found["batch_id"]) == {batch}
    assert found["households"].tolist() == [100, 101, 102, 103]
    assert found["is_managed"].all()


def test_the_list_of_batches_counts_rows_and_changes(store: Engine) -> None:
    commit_frames(store, {"area": AREAS, "compound": compounds()}, actor="甲", note="首批", file_name="甲.xlsx")
    commit_frames(store, {"compound": compounds(households=[100, 101, 102, 999])}, actor="乙")
    with store.connect() as connection:
        newest, first = list_batches(connection)
    assert (first["actor"], first["note"], first["rows"], first["changed"]) == ("甲", "首批", 7, 7)
    assert first["files"][0]["file"] == "甲.xlsx"
    assert (newest["rows"], newest["accepted"], newest["changed"]) == (4, 4, 1)


def test_importing_the_same_rows_again_changes_nothing_but_confirms_them(any_store: Engine) -> None:
    commit_frames(any_store, {"area": AREAS, "compound": compounds(), "survey": surveys(40)}, actor="甲")
    before = dump(any_store)
    commit_frames(any_store, {"area": AREAS, "compound": compounds(), "survey": surveys(40)}, actor="甲")
    after = dump(any_store)
    confirmed = after.pop("import_confirmation")
    before.pop("import_confirmation")
    assert after == before
    assert len(confirmed) == 3 + 4 + 4


def test_reverting_restores_every_row_and_roll_up(any_store: Engine) -> None:
    commit_frames(any_store, {"area": AREAS, "compound": compounds(), "survey": surveys(40)}, actor="甲")
    before = dump(any_store)
    changes = {"compound": compounds(6, kind="老旧小区"), "survey": surveys(10, 6)}
    batch = commit_frames(any_store, changes, actor="乙")
    assert dump(any_store)["unit_month"] != before["unit_month"]
    done = revert(any_store, batch, actor="丙")
    assert dump(any_store) == before
    assert (done.removed, done.restored, done.handed_over) == (12, 8, 0)
    with any_store.connect() as connection:
        assert [b["reverted_by"] for b in list_batches(connection)] == ["丙", None]


def test_a_row_confirmed_later_survives_the_revert_of_its_first_batch(any_store: Engine) -> None:
    first = commit_frames(any_store, {"area": AREAS}, actor="甲")
    second = commit_frames(any_store, {"compound": compounds()}, actor="甲")
    third = commit_frames(any_store, {"compound": compounds(2)}, actor="甲")
    assert revert(any_store, second, actor="丙").handed_over == 2
    with any_store.connect() as connection:
        left = read_current(connection, compound, provenance=True)
    assert left["compound_id"].tolist() == ["X0", "X1"]
    assert set(left["batch_id"]) == {third}
    revert(any_store, third, actor="丙")
    with any_store.connect() as connection:
        assert read_current(connection, compound).empty
    assert first == 1


def test_reverting_a_middle_batch_hands_the_end_of_its_predecessor_down(any_store: Engine) -> None:
    commit_frames(any_store, {"area": AREAS, "compound": compounds(), "survey": surveys(40)}, actor="甲")
    middle = commit_frames(any_store, {"survey": surveys(30)}, actor="甲")
    last = commit_frames(any_store, {"survey": surveys(20)}, actor="甲")
    revert(any_store, middle, actor="丙")
    with any_store.connect() as connection:
        assert set(read_current(connection, survey)["satisfied"]) == {20}
        ended = set(connection.scalars(select(survey.c.superseded_by).where(survey.c.batch_id == 1)))
    assert ended == {last}
    revert(any_store, last, actor="丙")
    with any_store.connect() as connection:
        assert set(read_current(connection, survey)["satisfied"]) == {40}


@pytest.mark.parametrize(("batch", "code"), [(7, "unknown_batch"), (1, "already_reverted")])
def test_a_batch_that_cannot_be_reverted_is_named(store: Engine, batch: int, code: str) -> None:
    commit_frames(store, {"area": AREAS}, actor="甲")
    revert(store, 1, actor="丙")
    with pytest.raises(GovernanceError) as refused:
        revert(store, batch, actor="丙")
    assert refused.value.code == code


def test_refused_rows_leave_the_store_untouched(any_store: Engine) -> None:
    commit_frames(any_store, {"area": AREAS}, actor="甲")
    before = dump(any_store)
    with pytest.raises(GovernanceError) as refused:
        commit_frames(any_store, {"compound": compounds(area_code="990109")}, actor="甲")
    assert "是否想写“99010" in str(refused.value)
    assert dump(any_store) == before
