"""The page 管理: who sees what of it, what its forms do, and that every change is in the trail."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import Engine

from dashboard.access import Role, accounts
from data import audit
from tests.access.serving import log_in, logged_in
from tests.small_city import STREETS


def sent(client: Any, **fields: str) -> Any:
    return client.post("/admin/accounts", data=fields)


def test_an_administrator_adds_an_account_whose_password_is_shown_once(server: Any, engine: Engine) -> None:
    admin = logged_in(server, "admin-01")
    answer = sent(admin, do="add", login="street-02", role="street", areas=list(STREETS)[1])
    found = re.search(r"<code>([^<]+)</code>", answer.get_data(as_text=True))
    assert found is not None
    assert found.group(1) not in admin.get("/admin").get_data(as_text=True)
    assert log_in(server.test_client(), "street-02", found.group(1)).location == "/password"
    made = accounts.find(engine, "street-02")
    assert (made.role, made.areas, made.must_change) == (Role.STREET, (list(STREETS)[1],), True)
    assert audit.entries(engine, action="user_added", limit=1)[0].actor == "admin-01"


def test_what_does_not_fit_is_refused_in_words(server: Any) -> None:
    admin = logged_in(server, "admin-01")
    for fields in (
        {"do": "add", "login": "street-02", "role": "street", "areas": ""},
        {"do": "add", "login": "street-02", "role": "street", "areas": "000"},
        {"do": "add", "login": "张三", "role": "leader"},
        {"do": "add", "login": "leader-01", "role": "leader"},
        {"do": "add", "login": "leader-02", "role": "king"},
        {"do": "disable", "login": "admin-01"},
        {"do": "disable", "login": "nobody-99"},
    ):
        answer = sent(admin, **fields)
        assert answer.status_code == 400, fields
        assert "Traceback" not in answer.get_data(as_text=True)


def test_an_auditor_sees_everything_and_changes_nothing(server: Any, engine: Engine) -> None:
    auditor = logged_in(server, "auditor-01")
    text = auditor.get("/admin").get_data(as_text=True)
    assert "leader-01" in text
    assert 'action="/admin/accounts"' not in text
    assert sent(auditor, do="disable", login="leader-01").status_code == 403
    assert not accounts.find(engine, "leader-01").is_disabled
    assert audit.entries(engine, action="refused", limit=1)[0].actor == "auditor-01"
    assert auditor.post("/admin/verify").status_code == 200


def test_others_do_not_see_the_page(server: Any) -> None:
    for login in ("leader-01", "bureau-01", "street-01", "wall-01"):
        client = logged_in(server, login)
        assert client.get("/admin", headers={"Accept": "text/html"}).status_code == 403
        assert sent(client, do="disable", login="leader-01").status_code == 403


def test_the_trail_is_filtered_and_what_it_holds_is_escaped(server: Any, engine: Engine) -> None:
    audit.record(engine, actor="bureau-01", action="import", subject="<script>alert(1)</script>")
    text = logged_in(server, "auditor-01").get("/admin?action=import&actor=bureau-01").get_data(as_text=True)
    assert "&lt;script&gt;" in text
    assert "<script" not in text
    assert "login_failed" not in re.findall(r"<td>([a-z_]+)</td>", text)


def test_an_unlocked_account_may_try_again(server: Any, engine: Engine) -> None:
    for _ in range(accounts.MOST_FAILURES):
        accounts.authenticate(engine, "leader-01", "not the password")
    assert accounts.find(engine, "leader-01").is_locked(accounts.now_utc())
    assert sent(logged_in(server, "admin-01"), do="unlock", login="leader-01").status_code == 302
    assert logged_in(server, "leader-01")
