"""The audit trail: who did what, one entry after another without gaps, each holding the hash of the one before.

The database refuses to change or delete an entry (see the migrations); the hashes show a change made around it. There
is no command that removes entries: the trail is kept for good, which covers the 190 days the rules ask for.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, desc, func, insert, select, text, update

from data.brief import brief_write
from data.schema import audit_entry, store_meta

FIRST_PREVIOUS = "0" * 64
# Held by whoever writes an entry, on PostgreSQL: any number nobody else locks.
LOCK = 719_203_114
LONGEST_SUBJECT = 200
_PAGE = 2000

REQUEST: ContextVar[str] = ContextVar("audit_request", default="-")
"""Number of the request on whose behalf entries are written; set by the server, `-` for a command."""


class Action(StrEnum):
    """What is written down."""

    LOGIN = "login"
    LOGIN_FAILED = "login_failed"
    LOCKED = "locked"
    LOGOUT = "logout"
    PASSWORD = "password"
    REFUSED = "refused"
    IMPORT = "import"
    REVERT = "revert"
    EXPORT = "export"
    DECK = "deck"
    USER_ADDED = "user_added"
    USER_CHANGED = "user_changed"
    USER_DISABLED = "user_disabled"
    USER_ENABLED = "user_enabled"
    USER_UNLOCKED = "user_unlocked"
    AUDIT_VERIFIED = "audit_verified"


@dataclass(frozen=True)
class Entry:
    """One entry as stored; `at` is UTC without a zone."""

    entry_id: int
    at: datetime
    actor: str
    action: str
    subject: str
    detail: dict[str, Any]
    request: str
    previous: str
    hash: str

    def as_json(self) -> dict[str, Any]:
        """The entry as `audit list --json` prints it."""
        return {**vars(self), "at": self.at.isoformat(timespec="microseconds") + "Z"}


@dataclass(frozen=True)
class Verdict:
    """Whether the chain holds.

    Attributes:
        entries: how many were read. last: number and hash of the newest, to be kept outside this machine.
        problems: `{"entry", "code", "message"}`; codes `gap`, `changed`, `unchained`.
    """

    entries: int
    last: int
    last_hash: str
    problems: tuple[dict[str, Any], ...]

    @property
    def is_whole(self) -> bool:
        """No entry is missing or altered."""
        return not self.problems


def hash_of(
    entry_id: int, at: datetime, actor: str, action: str, subject: str, detail: Any, request: str, previous: str
) -> str:
    """SHA-256 of an entry in one fixed way of writing it."""
    written = json.dumps(
        [entry_id, at.isoformat(timespec="microseconds"), actor, action, subject, detail, request, previous],
        ensure_ascii=False, sort_keys=True, separators=(",", ":"),
    )  # fmt: skip
    return hashlib.sha256(written.encode()).hexdigest()


def record(
    store: Engine | Connection, *, actor: str, action: str, subject: str, detail: dict[str, Any] | None = None
) -> int:
    """Write one entry and return its number; inside the caller's transaction where `store` is a connection.

    Args:
        detail: JSON values that name no person. subject: cut to 200 characters.

    Raises:
        StoreError: the database refused (full, locked, unreachable); only where `store` is an engine.
    """
    if isinstance(store, Engine):
        with brief_write(store) as connection:
            return record(connection, actor=actor, action=action, subject=subject, detail=detail)
    _wait_for_turn(store)
    newest = select(audit_entry.c.entry_id, audit_entry.c.hash).order_by(desc(audit_entry.c.entry_id)).limit(1)
    last = store.execute(newest).first()
    number, previous = (last.entry_id + 1, last.hash) if last is not None else (1, FIRST_PREVIOUS)
    # What JSON makes of it is what will be read back and hashed again.
    kept = json.loads(json.dumps(detail or {}, ensure_ascii=False, default=str))
    at, subject = datetime.now(UTC).replace(tzinfo=None), subject[:LONGEST_SUBJECT]
    values = (number, at, actor, str(action), subject, kept, REQUEST.get(), previous)
    store.execute(insert(audit_entry).values((*values, hash_of(*values))))
    return int(number)


def _wait_for_turn(connection: Connection) -> None:
    """One writer at a time, until its transaction ends: the next number and hash depend on what it writes."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    else:
        # On SQLite a write that changes nothing takes the write lock.
        connection.execute(update(store_meta).where(store_meta.c.key.is_(None)).values(value=""))


@dataclass(frozen=True)
class Wanted:
    """Which entries: of one account, one action, from `since` on and before `until` (UTC without a zone)."""

    actor: str | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same for the database."""
        kept = audit_entry.c
        found = []
        if self.actor is not None:
            found.append(kept.actor == self.actor)
        if self.action is not None:
            found.append(kept.action == self.action)
        if self.since is not None:
            found.append(kept.at >= self.since)
        if self.until is not None:
            found.append(kept.at < self.until)
        return found


EVERYTHING = Wanted()


def entries(
    store: Engine, *, actor: str | None = None, action: str | None = None, limit: int | None = None
) -> list[Entry]:
    """Entries, newest first, of one account or action where named."""
    return page_of(store, Wanted(actor, action), limit=limit)


def page_of(
    store: Engine, wanted: Wanted, *, limit: int | None, before: int | None = None, after: int | None = None
) -> list[Entry]:
    """At most `limit` entries, newest first: those next below the number `before`, or next above `after`."""
    number = audit_entry.c.entry_id
    statement = select(audit_entry).where(*wanted.conditions()).limit(limit)
    if after is not None:
        statement = statement.where(number > after).order_by(number)
    else:
        statement = statement.order_by(desc(number))
        if before is not None:
            statement = statement.where(number < before)
    with store.connect() as connection:
        found = [Entry(**row) for row in connection.execute(statement).mappings()]
    return found[::-1] if after is not None else found


def first_at(store: Engine) -> datetime | None:
    """When the trail begins."""
    with store.connect() as connection:
        found: datetime | None = connection.scalar(select(func.min(audit_entry.c.at)))
    return found


def verify(store: Engine) -> Verdict:
    """Read the whole trail and check numbers, links and hashes."""
    problems: list[dict[str, Any]] = []
    count, number, previous = 0, 0, FIRST_PREVIOUS
    for entry in _all(store):
        count += 1
        if entry.entry_id != number + 1:
            missing = entry.entry_id - number - 1
            problems.append(
                _problem(entry, "gap", f"第 {number + 1} 条起缺 {missing} 条" if missing > 0 else "序号重复或倒退")
            )
        elif entry.previous != previous:
            problems.append(_problem(entry, "unchained", "上一条摘要对不上：前面的记录被换过"))
        values = (
            entry.entry_id, entry.at, entry.actor, entry.action, entry.subject, entry.detail, entry.request,
            entry.previous,
        )  # fmt: skip
        if hash_of(*values) != entry.hash:
            problems.append(_problem(entry, "changed", "内容与摘要不符：这条记录被改过"))
        number, previous = entry.entry_id, entry.hash
    return Verdict(count, number, previous if count else "", tuple(problems))


def _problem(entry: Entry, code: str, message: str) -> dict[str, Any]:
    return {"entry": entry.entry_id, "code": code, "message": message}


def _all(store: Engine) -> Iterator[Entry]:
    """Every entry from the oldest on, a page at a time, as of one moment."""
    with store.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        start = 0
        while True:
            statement = (
                select(audit_entry).where(audit_entry.c.entry_id > start).order_by(audit_entry.c.entry_id).limit(_PAGE)
            )
            page = [Entry(**row) for row in connection.execute(statement).mappings()]
            yield from page
            if len(page) < _PAGE:
                return
            start = page[-1].entry_id


def size(store: Engine, wanted: Wanted = EVERYTHING) -> int:
    """How many entries there are."""
    statement = select(func.count()).select_from(audit_entry).where(*wanted.conditions())
    with store.connect() as connection:
        return int(connection.scalar(statement) or 0)
