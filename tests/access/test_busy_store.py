"""A long import holds the one turn to write: who logs in meanwhile is told so in seconds, and readers notice nothing."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine

from dashboard.access import accounts
from data import brief
from data.importing.commit import writing
from tests.access.serving import log_in, logged_in

HTML = {"Accept": "text/html"}


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brief, "WAIT_S", 0.02)


def test_a_login_during_a_long_import_is_told_to_come_back_and_counts_for_nothing(server: Any, engine: Engine) -> None:
    client = server.test_client()
    with writing(engine):
        answer = log_in(client, "leader-01")
        assert answer.status_code == 503
        assert "正在导入数据" in answer.get_data(as_text=True)
    assert accounts.find(engine, "leader-01").failures == 0
    assert log_in(client, "leader-01").status_code == 302


def test_who_is_logged_in_reads_on_during_a_long_import(server: Any, engine: Engine) -> None:
    client = logged_in(server, "leader-01")
    with writing(engine):
        assert client.get("/", headers=HTML).status_code == 200
        assert client.get("/drawn/page?pathname=/&search=&theme=light").status_code == 200


def test_a_logout_that_could_not_be_written_says_so_and_can_be_repeated(server: Any, engine: Engine) -> None:
    client = logged_in(server, "leader-01")
    client.get("/password")
    with writing(engine):
        assert client.post("/logout").status_code == 503
    assert client.post("/logout").location == "/login"
    assert client.get("/_dash-layout").status_code == 401
