"""`python -m dashboard user …` and `audit …`: what they do, what they print, and that no password is on a command line."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import Engine, text
from typer.testing import CliRunner

from dashboard.access import Role, accounts
from dashboard.cli import build_app
from data import audit
from tests.access.serving import PASSWORD
from tests.small_city import STREETS


@pytest.fixture
def run(closed: tuple[Engine, str], monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("DASHBOARD_DATABASE_URL", closed[1])

    def command(*words: str, given: str = "") -> Result:
        return CliRunner().invoke(build_app(), list(words), input=given)

    return command


def test_an_account_is_added_with_the_password_from_standard_input(run: Any, engine: Engine) -> None:
    street = next(iter(STREETS))
    done = run("user", "add", "street-07", "--role", "street", "--area", street, given=f"{PASSWORD}\n")
    assert done.exit_code == 0, done.output
    assert PASSWORD not in done.output
    made = accounts.find(engine, "street-07")
    assert (made.role, made.areas, made.must_change) == (Role.STREET, (street,), True)
    assert accounts.authenticate(engine, "street-07", PASSWORD) is not None
    assert audit.entries(engine, action="user_added", limit=1)[0].actor.startswith("system:")


def test_no_command_takes_a_password_as_a_word(run: Any, engine: Engine) -> None:
    for words in (("add", "leader-09", "--role", "leader"), ("passwd", "leader-01")):
        assert run("user", *words, "--password", PASSWORD).exit_code == 2
        assert run("user", *words, PASSWORD).exit_code == 2
        # Nothing on standard input is no password either.
        assert run("user", *words).exit_code != 0
    assert "leader-09" not in [one.login for one in accounts.list_accounts(engine)]


def test_a_drawn_password_is_printed_once_and_works(run: Any, engine: Engine) -> None:
    done = run("user", "passwd", "leader-01", "--draw", "--json")
    password = json.loads(done.stdout)["password"]
    assert accounts.authenticate(engine, "leader-01", password) is not None
    assert password not in run("user", "list", "--json").stdout


def test_a_weak_password_and_an_unknown_name_are_refused_in_words(run: Any) -> None:
    for words, given in (
        (("passwd", "leader-01"), "short\n"),
        (("passwd", "leader-99"), f"{PASSWORD}\n"),
        (("disable", "leader-99"), ""),
        (("change", "leader-01", "--role", "king"), ""),
        (("change", "leader-01", "--subject", "no issuer"), ""),
        (("disable", "admin-01"), ""),
    ):
        done = run("user", *words, given=given)
        assert done.exit_code == 1, words
        assert "Traceback" not in done.output


def test_accounts_are_listed_disabled_enabled_and_unlocked(run: Any, engine: Engine) -> None:
    for _ in range(accounts.MOST_FAILURES):
        accounts.authenticate(engine, "leader-01", "not the password")
    assert accounts.find(engine, "leader-01").is_locked(accounts.now_utc())
    assert run("user", "unlock", "leader-01").exit_code == 0
    assert accounts.authenticate(engine, "leader-01", PASSWORD) is not None
    assert run("user", "disable", "leader-01").exit_code == 0
    assert accounts.authenticate(engine, "leader-01", PASSWORD) is None
    assert run("user", "enable", "leader-01").exit_code == 0
    assert accounts.authenticate(engine, "leader-01", PASSWORD) is not None
    listed = run("user", "list", "--json").stdout
    assert {one["login"] for one in json.loads(listed)["accounts"]} == {f"{role}-01" for role in Role}
    assert "argon2" not in listed


def test_an_identity_is_bound_to_an_account_and_the_binding_ended(run: Any, engine: Engine) -> None:
    identity = "https://id.example.cn|7f3a"
    assert run("user", "change", "leader-01", "--subject", identity).exit_code == 0
    found = accounts.find_subject(engine, identity)
    assert found is not None
    assert found.login == "leader-01"
    assert run("user", "change", "bureau-01", "--subject", identity).exit_code == 1
    assert run("user", "change", "leader-01", "--subject", "").exit_code == 0
    assert accounts.find_subject(engine, identity) is None
    done = run("user", "add", "leader-02", "--role", "leader", "--subject", identity)
    assert done.exit_code == 0, done.output
    assert accounts.find(engine, "leader-02").password_hash is None


def test_the_trail_is_listed_and_a_change_made_around_it_is_found(run: Any, engine: Engine) -> None:
    entries = json.loads(run("audit", "list", "--action", "user_added", "--json").stdout)["entries"]
    assert {entry["subject"] for entry in entries} == {f"{role}-01" for role in Role}
    assert len(json.loads(run("audit", "list", "--limit", "2", "--json").stdout)["entries"]) == 2
    whole = run("audit", "verify", "--json")
    assert (whole.exit_code, json.loads(whole.stdout)["is_whole"]) == (0, True)
    with engine.begin() as connection:
        triggers = connection.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entry'")
        ).scalars()
        for name in triggers.all():
            connection.execute(text(f'DROP TRIGGER "{name}"'))
        connection.execute(text("UPDATE audit_entry SET subject = 'somebody' WHERE entry_id = 2"))
    broken = run("audit", "verify", "--json")
    assert broken.exit_code == 1
    assert json.loads(broken.stdout)["problems"][0]["entry"] == 2
