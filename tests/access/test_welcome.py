"""The page of an empty store as accounts with and without the right to import see it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dashboard.access import Role, accounts
from data.store import migrate, open_store
from tests.access.serving import PASSWORD, logged_in, new_server

WAYS = ("/data/template.xlsx", "到“数据”页导入", "python -m data import workbook.xlsx")


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A closed server of a store that has two accounts and nothing else."""
    url = f"sqlite:///{tmp_path_factory.mktemp('empty') / 'empty.db'}"
    engine = open_store(url)
    migrate(engine)
    for role in (Role.BUREAU, Role.LEADER):
        accounts.add(engine, f"{role}-01", role, actor="test", password=PASSWORD, must_change=False)
    engine.dispose()
    return new_server(url).server


def drawn(server: Any, login: str) -> str:
    asked = {"pathname": "/coverage", "search": "", "theme": "light", "scale": 1}
    answer = logged_in(server, login).get("/drawn/page", query_string=asked)
    assert answer.status_code == 200
    return json.dumps(json.loads(answer.get_data(as_text=True).split("\n")[0]), ensure_ascii=False)


def test_who_may_import_reads_where_before_any_command(empty: Any) -> None:
    text = drawn(empty, "bureau-01")
    places = [text.find(way) for way in ("到“数据”页导入", "/data/template.xlsx", "满意度及其误差范围", "python -m")]
    assert -1 not in places
    assert places == sorted(places)


def test_who_may_not_import_reads_who_may_and_no_way_that_would_be_refused(empty: Any) -> None:
    text = drawn(empty, "leader-01")
    assert [way for way in WAYS if way in text] == []
    assert "住建局、街道" in text
    assert "满意度及其误差范围" in text
