"""Rows without their parent: said before a revert makes them, and reported by the check afterwards."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Engine

from data.check import check_store
from data.cli import build_app, run
from data.hanging import hanging_rows, left_hanging_by
from data.importing.from_frames import commit_frames
from data.importing.ports import NO_PORTS
from data.importing.revert import revert
from tests.data.importing.test_batches import AREAS, compounds, surveys


def hanging_codes(store: Engine) -> list[str]:
    return [p["code"] for p in check_store(store)["problems"] if p["code"] == "hanging_rows"]


def observations() -> pd.DataFrame:
    return pd.DataFrame({
        "unit_kind": "compound", "unit_id": ["X0", "X1"], "month": "2026-03", "measure": "arrears_cleared_yuan",
        "value": 5.0,
    })  # fmt: skip


def test_reverting_a_register_says_which_later_rows_it_leaves_hanging(any_store: Engine) -> None:
    commit_frames(any_store, {"area": AREAS}, actor="甲")
    register = commit_frames(any_store, {"compound": compounds()}, actor="甲")
    commit_frames(any_store, {"survey": surveys(40), "observation": observations()}, actor="甲")
    assert hanging_codes(any_store) == []
    with any_store.connect() as connection:
        foretold = left_hanging_by(connection, register)
    assert [(h.table, h.register, h.rows) for h in foretold] == [
        ("survey", "compound", 4),
        ("observation", "compound", 2),
    ]
    revert(any_store, register, actor="乙")
    with any_store.connect() as connection:
        assert hanging_rows(connection) == foretold
    assert hanging_codes(any_store) == ["hanging_rows", "hanging_rows"]
    commit_frames(any_store, {"compound": compounds()}, actor="甲")
    assert hanging_codes(any_store) == []


@pytest.mark.parametrize(
    "later",
    [
        {"compound": compounds()},
        {"compound": compounds(households=[1, 2, 3, 4])},
    ],
    ids=["stated again unchanged", "changed by a later batch"],
)
def test_a_parent_that_a_later_batch_states_too_leaves_nothing_hanging(store: Engine, later: dict[str, Any]) -> None:
    commit_frames(store, {"area": AREAS}, actor="甲")
    register = commit_frames(store, {"compound": compounds()}, actor="甲")
    commit_frames(store, {"survey": surveys(40)}, actor="甲")
    commit_frames(store, later, actor="甲")
    with store.connect() as connection:
        assert left_hanging_by(connection, register) == []
    revert(store, register, actor="乙")
    assert hanging_codes(store) == []


def test_a_parent_that_comes_back_as_it_was_leaves_nothing_hanging(store: Engine) -> None:
    commit_frames(store, {"area": AREAS, "compound": compounds()}, actor="甲")
    change = commit_frames(store, {"compound": compounds(households=[1, 2, 3, 4])}, actor="甲")
    commit_frames(store, {"survey": surveys(40)}, actor="甲")
    with store.connect() as connection:
        assert left_hanging_by(connection, change) == []
    revert(store, change, actor="乙")
    assert hanging_codes(store) == []


def test_rows_that_go_with_their_parent_do_not_hang(store: Engine) -> None:
    commit_frames(store, {"area": AREAS}, actor="甲")
    both = commit_frames(store, {"compound": compounds(), "survey": surveys(40)}, actor="甲")
    with store.connect() as connection:
        assert left_hanging_by(connection, both) == []


def test_the_command_says_it_before_and_can_be_asked_without_reverting(
    store: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    commit_frames(store, {"area": AREAS}, actor="甲")
    commit_frames(store, {"compound": compounds()}, actor="甲")
    commit_frames(store, {"survey": surveys(40)}, actor="甲")
    app = build_app(NO_PORTS)
    assert run(app, ["--database", str(store.url), "revert", "2", "--dry-run", "--json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["hanging"][0]["rows"] == 4
    assert "满意度调查有 4 行" in told.err
    with store.connect() as connection:
        assert left_hanging_by(connection, 2)
    assert run(app, ["--database", str(store.url), "revert", "2", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["removed"] == 4
