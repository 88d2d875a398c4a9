"""Coming in and leaving: sessions, lock-out, forced change, tokens, addresses to go to."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import Engine, select, update

from dashboard.access import accounts
from dashboard.access.accounts import LOCKED_MINUTES, MOST_FAILURES, now_utc
from dashboard.access.addresses import own_path
from dashboard.access.passwords import PasswordError, check_rules
from dashboard.access.sessions import hash_of
from data import audit
from data.schema import account, web_session
from data.store import open_store
from tests.access.serving import PASSWORD, log_in, logged_in, new_server
from tests.pages.browsing import small_store


def actions(engine: Engine) -> list[str]:
    return [entry.action for entry in reversed(audit.entries(engine))]


def token_of(client: Any) -> str:
    cookie = client.get_cookie("gd_session")
    assert cookie is not None
    return str(cookie.value)


def test_the_login_page_needs_no_session_and_no_script(server: Flask) -> None:
    answer = server.test_client().get("/login")
    assert answer.status_code == 200
    assert "<script" not in answer.get_data(as_text=True)
    assert server.test_client().get("/access/style.css").status_code == 200


def test_a_page_leads_to_the_login_and_back(server: Flask) -> None:
    client = server.test_client()
    answer = client.get("/coverage?area=990001", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.location) == (302, "/login?next=/coverage%3Farea%3D990001")
    answer = log_in(client, "leader-01", next="/coverage?area=990001")
    assert (answer.status_code, answer.location) == (302, "/coverage?area=990001")
    assert client.get("/coverage?area=990001").status_code == 200


def test_login_leads_home_where_the_account_may_not_go_on(server: Flask) -> None:
    assert log_in(server.test_client(), "auditor-01", next="/coverage").location == "/admin"
    assert log_in(server.test_client(), "wall-01", next="/data").location == "/screen"


def test_a_session_is_a_token_in_the_cookie_and_its_hash_in_the_store(server: Flask, engine: Engine) -> None:
    client = logged_in(server, "leader-01")
    token = token_of(client)
    with engine.connect() as connection:
        kept = connection.execute(select(web_session.c.session_hash)).scalars().all()
    assert kept == [hash_of(token)]
    cookie = client.get_cookie("gd_session")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert not cookie.secure


def test_cookies_are_for_https_where_browsers_come_by_https(closed: tuple[Engine, str]) -> None:
    client = new_server(closed[1], https="yes").server.test_client()
    headers = client.get("/login").headers.getlist("Set-Cookie")
    assert headers
    assert all("; Secure" in line for line in headers)


def test_login_gives_a_new_token_so_that_a_planted_one_opens_nothing(server: Flask) -> None:
    client = server.test_client()
    planted = "p" * 43
    client.set_cookie("gd_session", planted)
    client.get("/login")
    assert log_in(client, "leader-01").status_code == 302
    assert token_of(client) != planted
    thief = server.test_client()
    thief.set_cookie("gd_session", planted)
    assert thief.get("/coverage").status_code in (302, 401)


def test_a_second_login_ends_the_session_before(server: Flask, engine: Engine) -> None:
    client = logged_in(server, "leader-01")
    before = token_of(client)
    assert client.post("/logout").status_code == 302
    assert log_in(client, "bureau-01").status_code == 302
    stale = server.test_client()
    stale.set_cookie("gd_session", before)
    assert stale.get("/_dash-layout").status_code == 401


def test_logout_ends_the_session_on_the_server(server: Flask, engine: Engine) -> None:
    client = logged_in(server, "leader-01")
    token = token_of(client)
    # A link or picture that leads there ends nothing.
    client.get("/logout")
    assert client.get("/_dash-layout").status_code == 200
    assert client.post("/logout").location == "/login"
    client.set_cookie("gd_session", token)
    assert client.get("/_dash-layout").status_code == 401
    assert actions(engine)[-2:] == ["login", "logout"]


def test_a_wrong_password_says_no_more_than_a_wrong_name(server: Flask, engine: Engine) -> None:
    client = server.test_client()
    wrong = log_in(client, "leader-01", "not the password")
    nobody = log_in(client, "nobody-99", "not the password")
    assert wrong.status_code == nobody.status_code == 401
    strip = str.maketrans("", "", "0123456789")
    one, other = (a.get_data(as_text=True).split("<form")[0].translate(strip) for a in (wrong, nobody))
    assert one == other
    assert [(e.action, e.actor) for e in audit.entries(engine, limit=2)] == [
        ("login_failed", "-"), ("login_failed", "leader-01"),
    ]  # fmt: skip


def test_five_wrong_passwords_lock_the_account_on_every_server_of_the_store(closed: tuple[Engine, str]) -> None:
    engine, url = closed
    client = new_server(url).server.test_client()
    for _ in range(MOST_FAILURES):
        assert log_in(client, "leader-01", "not the password").status_code == 401
    # Another process, or the same one after a restart: the counter is in the store.
    again = new_server(url).server.test_client()
    assert log_in(again, "leader-01").status_code == 401
    assert audit.entries(engine, action="locked")[0].subject == "leader-01"
    assert accounts.authenticate(
        engine, "leader-01", PASSWORD, now=now_utc() + timedelta(minutes=LOCKED_MINUTES, seconds=1)
    )


def test_an_administrator_can_unlock_sooner(server: Flask, engine: Engine) -> None:
    for _ in range(MOST_FAILURES):
        assert accounts.authenticate(engine, "leader-01", "not the password") is None
    assert accounts.authenticate(engine, "leader-01", PASSWORD) is None
    accounts.unlock(engine, "leader-01", actor="admin-01")
    assert logged_in(server, "leader-01")


def test_a_right_password_forgets_the_wrong_ones_before(engine: Engine) -> None:
    for _ in range(3):
        for _ in range(MOST_FAILURES - 1):
            assert accounts.authenticate(engine, "leader-01", "not the password") is None
        assert accounts.authenticate(engine, "leader-01", PASSWORD)


def age(engine: Engine, **times: timedelta) -> None:
    """Make every session older: `used_at=`, `created_at=` by so much."""
    with engine.begin() as connection:
        for row in connection.execute(select(web_session)).mappings().all():
            values = {name: row[name] - by for name, by in times.items()}
            connection.execute(
                update(web_session).where(web_session.c.session_hash == row["session_hash"]).values(**values)
            )


def test_a_session_nobody_used_ends(server: Flask, engine: Engine) -> None:
    client = logged_in(server, "leader-01")
    age(engine, used_at=timedelta(minutes=31))
    assert client.get("/_dash-layout").status_code == 401


def test_polling_keeps_no_session_alive_and_a_person_does(server: Flask, engine: Engine) -> None:
    client = logged_in(server, "leader-01")
    age(engine, used_at=timedelta(minutes=20))
    assert client.get("/_dash-layout").status_code == 200
    age(engine, used_at=timedelta(minutes=11))
    assert client.get("/_dash-layout").status_code == 401
    client = logged_in(server, "leader-01")
    age(engine, used_at=timedelta(minutes=20))
    assert client.get("/_dash-layout", headers={"X-Person": "1"}).status_code == 200
    age(engine, used_at=timedelta(minutes=11))
    assert client.get("/_dash-layout").status_code == 200


def test_a_session_ends_after_its_whole_time_however_much_it_is_used(server: Flask, engine: Engine) -> None:
    client = logged_in(server, "leader-01")
    age(engine, created_at=timedelta(hours=12, seconds=1))
    assert client.get("/_dash-layout", headers={"X-Person": "1"}).status_code == 401


def test_the_wall_stays_logged_in_without_anybody(server: Flask, engine: Engine) -> None:
    client = logged_in(server, "wall-01")
    age(engine, used_at=timedelta(days=40), created_at=timedelta(days=40))
    assert client.get("/_dash-layout").status_code == 200
    age(engine, created_at=timedelta(days=51))
    assert client.get("/_dash-layout").status_code == 401


def test_a_disabled_account_is_out_at_once(server: Flask, engine: Engine) -> None:
    client = logged_in(server, "leader-01")
    accounts.disable(engine, "leader-01", actor="admin-01")
    assert client.get("/_dash-layout").status_code == 401
    assert log_in(server.test_client(), "leader-01").status_code == 401


def test_a_new_password_ends_the_sessions_of_the_old_one(server: Flask, engine: Engine) -> None:
    client = logged_in(server, "leader-01")
    accounts.set_password(engine, "leader-01", "Another-9 kite", actor="admin-01", must_change=False)
    assert client.get("/_dash-layout").status_code == 401


def test_a_first_password_opens_nothing_until_it_is_changed(server: Flask, engine: Engine) -> None:
    accounts.set_password(engine, "leader-01", "Once-1 only, please", actor="admin-01", must_change=True)
    client = server.test_client()
    assert log_in(client, "leader-01", "Once-1 only, please").location == "/password"
    assert client.get("/coverage", headers={"Accept": "text/html"}).location == "/password"
    assert client.get("/_dash-layout").status_code == 403
    form = {"old": "Once-1 only, please", "new": "Once-1 only, please", "again": "Once-1 only, please"}
    assert client.post("/password", data=form).status_code == 400
    form |= {"new": "Mine-2 for good", "again": "Mine-2 for good"}
    assert client.post("/password", data=form).status_code == 302
    assert client.get("/_dash-layout").status_code == 200


@pytest.mark.parametrize(
    ("password", "login"),
    [
        ("Short-1", "leader-01"), ("Leader-01-2026", "leader-01"), ("Password123!", "leader-01"),
        ("aaaaaaaaaaaa", "leader-01"), ("1234567890", "leader-01"), ("Qwerty123456", "leader-01"),
        ("onlylowercase", "leader-01"), ("x" * 129, "leader-01"), ("Dangjian@2026", "leader-01"),
    ],
)  # fmt: skip
def test_a_weak_password_is_refused_with_the_reason_and_without_the_password(password: str, login: str) -> None:
    with pytest.raises(PasswordError) as refused:
        check_rules(password, login)
    assert password not in str(refused.value)


@pytest.mark.parametrize("password", ["Kite-4 over", "three words of sixteen", "长江大桥上的三只风筝飞得很高很远呀"])
def test_a_good_password_is_taken(password: str) -> None:
    check_rules(password, "leader-01")


def test_passwords_are_kept_as_argon2id(engine: Engine) -> None:
    with engine.connect() as connection:
        kept = connection.execute(select(account.c.password_hash)).scalars().all()
    assert all(str(hash_).startswith("$argon2id$") for hash_ in kept)
    assert len(set(kept)) == len(kept)
    assert PasswordHasher().memory_cost >= 19 * 1024


@pytest.mark.parametrize(
    "wanted",
    [
        "//evil.example", "///evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example",
        "javascript:alert(1)", "/%0d%0aSet-Cookie:x\r\n", "http:evil", "", None, "evil", "/\tevil", "/login?next=/a",
        "/logout", "/_dash-layout", "/" + "a" * 3000,
    ],
)  # fmt: skip
def test_only_own_pages_are_gone_to_after_login(wanted: str | None) -> None:
    assert own_path(wanted) == "/"


def test_own_pages_are_gone_to_with_their_search() -> None:
    assert own_path("/compound/C1?month=2026-10") == "/compound/C1?month=2026-10"


def test_login_without_its_token_is_refused(server: Flask) -> None:
    client = server.test_client()
    answer = client.post("/login", data={"login": "leader-01", "password": PASSWORD}, with_token=False)
    assert answer.status_code == 400
    assert client.get("/_dash-layout").status_code == 401


def test_a_token_of_another_session_is_refused(server: Flask) -> None:
    mine, theirs = logged_in(server, "leader-01"), logged_in(server, "bureau-01")
    theirs.get("/_dash-layout")
    stolen = theirs.get_cookie("_csrf_token")
    assert stolen is not None
    answer = mine.post("/logout", headers={"X-CSRFToken": stolen.value})
    assert answer.status_code == 400
    assert answer.headers["X-Retry"] == "1"
    assert mine.get("/_dash-layout").status_code == 200


def test_an_open_server_needs_the_token_too_and_hands_out_a_new_one(small_city_url: str) -> None:
    client = new_server(small_city_url).server.test_client()
    client.get("/")
    # As after a restart with another key.
    client.set_cookie("_csrf_token", "old")
    client.set_cookie("gd_session", "old")
    answer = client.post("/_dash-update-component", json={}, with_token=False)
    assert (answer.status_code, answer.headers["X-Retry"]) == (400, "1")
    fresh = client.get_cookie("_csrf_token")
    assert fresh is not None
    assert fresh.value != "old"
    answer = client.post("/_dash-update-component", json={})
    assert answer.status_code == 400
    assert "X-Retry" not in answer.headers


def test_the_open_demo_answers_to_this_machine_alone(small_city_url: str) -> None:
    client = new_server(small_city_url).server.test_client()
    assert client.get("/", headers={"Host": "127.0.0.1:8050"}).status_code == 200
    for host in ("10.0.0.5:8050", "evil.example", "localhost.evil.example"):
        assert client.get("/", headers={"Host": host, "Accept": "text/html"}).status_code == 403


def test_the_first_account_closes_the_open_demo(tmp_path: Path) -> None:
    url = small_store(tmp_path)
    client = new_server(url).server.test_client()
    assert client.get("/_dash-layout").status_code == 200
    accounts.add(open_store(url), "admin-01", "admin", actor="test", password=PASSWORD)
    assert client.get("/_dash-layout").status_code == 401
