"""The audit trail is insert-only, chained and without gaps, on both databases."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import Engine, delete, text, update
from sqlalchemy.exc import DBAPIError

from data import audit, brief
from data.errors import StoreError
from data.schema import audit_entry


def wrote(store: Engine, **changed: Any) -> int:
    return audit.record(store, **{"actor": "bureau-01", "action": "export", "subject": "overview.map", **changed})


def without_triggers(store: Engine) -> None:
    """What somebody with the database's own password could do."""
    with store.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER USER"))
        else:
            connection.execute(text("DROP TRIGGER audit_entry_no_update"))
            connection.execute(text("DROP TRIGGER audit_entry_no_delete"))


def test_entries_are_numbered_from_one_and_verify(any_store: Engine) -> None:
    assert audit.verify(any_store).is_whole
    assert [wrote(any_store), wrote(any_store, detail={"file": "甲.xlsx", "rows": 3, "share": 0.1})] == [1, 2]
    verdict = audit.verify(any_store)
    assert verdict.is_whole
    assert (verdict.entries, verdict.last) == (2, 2)
    newest, oldest = audit.entries(any_store)
    assert (newest.entry_id, newest.previous) == (2, oldest.hash)
    assert newest.detail == {"file": "甲.xlsx", "rows": 3, "share": 0.1}


@pytest.mark.parametrize("statement", [update(audit_entry).values(actor="nobody"), delete(audit_entry)])
def test_the_database_refuses_to_change_or_delete_an_entry(any_store: Engine, statement: Any) -> None:
    wrote(any_store)
    with pytest.raises(DBAPIError, match="insert-only"), any_store.begin() as connection:
        connection.execute(statement)
    assert audit.verify(any_store).entries == 1


def test_postgres_refuses_to_empty_the_trail(postgres_store: Engine) -> None:
    wrote(postgres_store)
    with pytest.raises(DBAPIError, match="insert-only"), postgres_store.begin() as connection:
        connection.execute(text("TRUNCATE audit_entry"))


def test_a_changed_entry_is_found(any_store: Engine) -> None:
    for _ in range(3):
        wrote(any_store)
    without_triggers(any_store)
    with any_store.begin() as connection:
        connection.execute(update(audit_entry).where(audit_entry.c.entry_id == 2).values(actor="leader"))
    assert [(p["entry"], p["code"]) for p in audit.verify(any_store).problems] == [(2, "changed")]


def test_a_changed_entry_with_its_hash_made_anew_breaks_the_next_link(any_store: Engine) -> None:
    for _ in range(3):
        wrote(any_store)
    without_triggers(any_store)
    second = audit.entries(any_store)[1]
    forged = audit.hash_of(
        2, second.at, "leader", second.action, second.subject, second.detail, second.request, second.previous
    )
    with any_store.begin() as connection:
        changed = update(audit_entry).where(audit_entry.c.entry_id == 2)
        connection.execute(changed.values(actor="leader", hash=forged))
    assert [(p["entry"], p["code"]) for p in audit.verify(any_store).problems] == [(3, "unchained")]


def test_a_missing_entry_is_found(any_store: Engine) -> None:
    for _ in range(3):
        wrote(any_store)
    without_triggers(any_store)
    with any_store.begin() as connection:
        connection.execute(delete(audit_entry).where(audit_entry.c.entry_id == 2))
    assert [(p["entry"], p["code"]) for p in audit.verify(any_store).problems] == [(3, "gap")]


def test_an_entry_is_gone_with_the_transaction_that_wrote_it(any_store: Engine) -> None:
    with any_store.connect() as connection:
        audit.record(connection, actor="a", action="import", subject="1")
        connection.rollback()
    assert wrote(any_store) == 1


def test_an_entry_waits_for_a_long_transaction_only_so_long(any_store: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brief, "WAIT_S", 0.02)
    with any_store.begin() as connection:
        audit.record(connection, actor="bureau-01", action="import", subject="月报.xlsx")
        with pytest.raises(StoreError) as refused:
            wrote(any_store)
    assert refused.value.code == "locked"
    assert wrote(any_store) == 2


def test_writers_at_the_same_time_leave_one_chain_without_gaps(any_store: Engine) -> None:
    failed: list[BaseException] = []

    def write() -> None:
        try:
            for _ in range(6):
                wrote(any_store)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=write) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    verdict = audit.verify(any_store)
    assert verdict.is_whole
    assert verdict.entries == verdict.last == 30
