"""The page 管理: who sees what of it, what its forms do, and that every change is in the trail."""

from __future__ import annotations

import html
import re
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, insert

from dashboard.access import Role, accounts
from dashboard.access.trail import PER_PAGE
from data import audit
from data.schema import audit_entry
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


def numbers_of(client: Any, query: str) -> list[int]:
    text = client.get(f"/admin?{query}").get_data(as_text=True)
    return [int(found) for found in re.findall(r'<td class="ac-number">(\d+)</td>', text)]


def link(client: Any, query: str, words: str) -> str:
    """The query of the link of that text; empty where the page has none."""
    text = client.get(f"/admin?{query}").get_data(as_text=True)
    found = re.search(rf'<a href="/admin\?([^"#]+)#trail">{words}</a>', text)
    return html.unescape(found.group(1)) if found else ""


def test_every_entry_of_the_trail_is_reached_page_by_page_and_back(server: Any, engine: Engine) -> None:
    client = logged_in(server, "auditor-01")
    for number in range(PER_PAGE + 20):
        audit.record(engine, actor="bureau-01", action="export", subject=f"card {number}")
        audit.record(engine, actor="bureau-01", action="import", subject="x")
    query = "actor=bureau-01&action=export"
    first = numbers_of(client, query)
    older = link(client, query, "较旧的 →")
    second = numbers_of(client, older)
    assert (len(first), len(second)) == (PER_PAGE, 20)
    assert first + second == sorted({*first, *second}, reverse=True)
    assert not link(client, query, "← 较新的")
    assert not link(client, older, "较旧的 →")
    assert numbers_of(client, link(client, older, "← 较新的")) == first


def test_the_trail_of_a_month_begins_and_ends_at_midnight_of_beijing(server: Any, engine: Engine) -> None:
    times = {"2026-08": ("2026-07-31 16:00", "2026-08-31 15:59"), "2026-09": ("2026-08-31 16:00",), "2026-12": ()}
    with engine.begin() as connection:
        at = [datetime.fromisoformat(time) for month in times.values() for time in month]
        number = audit.size(engine)
        for n, when in enumerate(at, start=number + 1):
            connection.execute(insert(audit_entry).values(
                entry_id=n, at=when, actor="x", action="export", subject="x", detail={}, request="-",
                previous="0" * 64, hash=f"{n:064d}",
            ))  # fmt: skip
    client = logged_in(server, "auditor-01")
    for month, expected in times.items():
        assert len(numbers_of(client, f"actor=x&month={month}")) == len(expected), month


def test_what_is_no_place_in_the_trail_is_as_if_left_out(server: Any) -> None:
    client = logged_in(server, "auditor-01")
    for query in ("before=x", "before=-1", f"after={'9' * 40}", "month=2026-13", "month=x", "action=%00", "before=1.5"):
        assert client.get(f"/admin?{query}").status_code == 200, query


def test_an_unlocked_account_may_try_again(server: Any, engine: Engine) -> None:
    for _ in range(accounts.MOST_FAILURES):
        accounts.authenticate(engine, "leader-01", "not the password")
    assert accounts.find(engine, "leader-01").is_locked(accounts.now_utc())
    assert sent(logged_in(server, "admin-01"), do="unlock", login="leader-01").status_code == 302
    assert logged_in(server, "leader-01")
