"""An importing process killed without warning leaves whole batches only; a full disk leaves the rows as they were."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from data.errors import StoreError
from data.importing.from_frames import commit_frames
from tests.data.importing.test_batches import AREAS, compounds, dump, surveys
from tests.soak.killing import AREAS as KILLED_AREAS
from tests.soak.killing import frames_of, kill_imports, written_rows


def test_no_acknowledged_batch_is_lost_and_none_is_written_in_part_when_the_importer_is_killed(
    any_store: Engine,
) -> None:
    outcome = kill_imports(any_store.url.render_as_string(hide_password=False), kills=4)
    assert outcome.kills == sum(outcome.fell.values()) == 4
    assert outcome.acknowledged >= 1
    assert (outcome.lost, outcome.partial, outcome.unsound) == ([], [], [])
    assert not outcome.rollups_differ


def test_the_trial_imports_what_it_counts(store: Engine) -> None:
    commit_frames(store, {"area": KILLED_AREAS}, actor="甲")
    batch = commit_frames(store, frames_of(3), actor="甲")
    with store.connect() as connection:
        rows = sum(
            connection.scalar(text(f"SELECT count(*) FROM {name} WHERE batch_id = :b"), {"b": batch})
            for name in frames_of(3)
        )
    assert rows == written_rows()


def test_a_full_disk_is_said_in_words_and_changes_no_row(store: Engine) -> None:
    commit_frames(store, {"area": AREAS, "compound": compounds(), "survey": surveys(40)}, actor="甲")
    before = dump(store)
    with store.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 4}")
    # The pool hands the same connection out again, with its limit.
    with pytest.raises(StoreError, match="磁盘空间不足") as refused:
        commit_frames(store, {"compound": compounds(20_000)}, actor="甲")
    assert refused.value.code == "disk_full"
    assert dump(store) == before
    with store.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1073741823")
    commit_frames(store, {"compound": compounds(200)}, actor="甲")
    assert len(dump(store)["compound"]) > len(before["compound"])
