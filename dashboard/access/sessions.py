"""Sessions: of an account in the store, under a random token; of a visitor in a signed cookie, for one form's token.

The cookie of an account holds nothing but the token, the store nothing but its SHA-256, the content is JSON. A session
ends after a time without a person, at the latest after its whole time, at logout, and with the account's password.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Request, Response
from flask import session as flask_session
from flask.sessions import SecureCookieSessionInterface, SessionInterface, SessionMixin
from sqlalchemy import Engine, delete, insert, select, update
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.datastructures import CallbackDict

from dashboard.access.accounts import Account, account_of, now_utc
from dashboard.access.rights import Role
from dashboard.events import LOG
from data.brief import brief_write
from data.errors import StoreError
from data.retrying import reading
from data.schema import account, web_session

TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
# Renewing is written at most this often: a person's every click need not wait for the disk.
RENEWED_SECONDS = 60
RENEWING_WAITS_S = 0.05
VISIT = timedelta(hours=12)


@dataclass(frozen=True)
class Lifetimes:
    """How long sessions last. The wall has no person in front of it: only its whole time counts."""

    idle: timedelta
    whole: timedelta
    wall: timedelta

    def ends(self, role: Role, created: datetime) -> datetime:
        """When a session begun at `created` ends at the latest."""
        return created + (self.wall if role is Role.WALL else self.whole)

    def is_idle(self, role: Role, used: datetime, now: datetime) -> bool:
        """Whether nobody used it for too long."""
        return role is not Role.WALL and now - used > self.idle


class WebSession(CallbackDict[str, Any], SessionMixin):
    """What Flask calls the session.

    Attributes:
        token: of an account's session; None for a visitor's. account: whose it is. used_at: last use by a person.
        is_unread: the store could not be asked; whose it is is not known.
    """

    def __init__(self, content: dict[str, Any] | None = None) -> None:
        def changed(_: Any) -> None:
            self.modified = True

        super().__init__(content or {}, changed)
        self.modified = False
        self.token: str | None = None
        self.account: Account | None = None
        self.used_at: datetime | None = None
        self.has_cookie = False
        self.is_unread = False


def opened_session() -> WebSession:
    """The request's session, not the proxy of it."""
    found = flask_session._get_current_object()  # type: ignore[attr-defined]
    assert isinstance(found, WebSession)
    return found


def hash_of(token: str) -> str:
    """What the store keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


class StoreSessions(SessionInterface):
    """Sessions of one store.

    Args:
        engine: the store. is_secure: cookies are for https alone. skips: requests that need no session.
    """

    def __init__(
        self, engine: Engine, lifetimes: Lifetimes, *, is_secure: bool, skips: Callable[[Request], bool]
    ) -> None:
        self.engine, self.lifetimes, self.is_secure, self._skips = engine, lifetimes, is_secure, skips
        self._signing = SecureCookieSessionInterface()

    # -- what Flask asks ----------------------------------------------------------------------------------------------

    def open_session(self, app: Flask, request: Request) -> WebSession:
        """The session the request's cookie names; an empty one where it names none that is alive."""
        if self._skips(request):
            return WebSession()
        value = request.cookies.get(self.get_cookie_name(app), "")
        if TOKEN.fullmatch(value):
            return self._read(value)
        visit = WebSession(self._visit(app, value))
        visit.has_cookie = bool(value)
        return visit

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Keep what changed, and tell the browser where."""
        assert isinstance(session, WebSession)
        if session.token is not None:
            if session.modified:
                self._write(session)
            if session.modified or not session.has_cookie:
                self._set_cookie(app, response, session.token, None)
            return
        if not session:
            if session.has_cookie and not session.is_unread:
                response.delete_cookie(self.get_cookie_name(app), path="/", samesite="Lax", secure=self.is_secure)
            return
        if session.modified and not session.is_unread:
            serializer = self._signing.get_signing_serializer(app)
            assert serializer is not None
            self._set_cookie(app, response, str(serializer.dumps(dict(session))), VISIT)

    def _set_cookie(self, app: Flask, response: Response, value: str, age: timedelta | None) -> None:
        response.set_cookie(
            self.get_cookie_name(app), value, max_age=age, path="/", httponly=True, samesite="Lax",
            secure=self.is_secure,
        )  # fmt: skip

    def _visit(self, app: Flask, value: str) -> dict[str, Any]:
        serializer = self._signing.get_signing_serializer(app)
        if not value or serializer is None:
            return {}
        try:
            found = serializer.loads(value, max_age=int(VISIT.total_seconds()))
        except Exception:
            # Signed with the key of before, or by somebody else: as if there were none.
            return {}
        return found if isinstance(found, dict) else {}

    # -- the store ----------------------------------------------------------------------------------------------------

    def _read(self, token: str) -> WebSession:
        now, kept = now_utc(), web_session.c
        statement = (
            select(kept.content, kept.created_at, kept.used_at, kept.expires_at, account)
            .join(account, account.c.account_id == kept.account_id)
            .where(kept.session_hash == hash_of(token), kept.expires_at > now, account.c.disabled_at.is_(None))
        )
        session = WebSession()
        session.has_cookie = True
        try:
            row = reading(self.engine, lambda connection: connection.execute(statement).first())
        except SQLAlchemyError as error:
            LOG.error("session cannot be read", reason=str(error))
            session.is_unread = True
            return session
        if row is None:
            return session
        fields = row._mapping
        owner = account_of({name: fields[account.c[name]] for name in Account.__dataclass_fields__})
        # A role can have changed since: what it may do and how long is decided by the one of today.
        if self.lifetimes.is_idle(owner.role, fields[kept.used_at], now):
            return session
        if self.lifetimes.ends(owner.role, fields[kept.created_at]) <= now:
            return session
        session = WebSession(dict(fields[kept.content]))
        session.has_cookie = True
        session.token, session.account, session.used_at = token, owner, fields[kept.used_at]
        return session

    def begin(self, session: WebSession, owner: Account) -> None:
        """Make `session` the account's, under a new token: what a visitor was given before opens nothing."""
        now = now_utc()
        if session.token is not None:
            self._delete(session.token)
        session.clear()
        session.token, session.account, session.used_at = secrets.token_urlsafe(32), owner, now
        session.has_cookie = False
        with brief_write(self.engine) as connection:
            connection.execute(delete(web_session).where(web_session.c.expires_at <= now))
            connection.execute(insert(web_session).values(
                session_hash=hash_of(session.token), account_id=owner.account_id, content={}, created_at=now,
                used_at=now, expires_at=self.lifetimes.ends(owner.role, now),
            ))  # fmt: skip

    def end(self, session: WebSession) -> None:
        """Log out: the token opens nothing any more."""
        if session.token is not None:
            self._delete(session.token)
        session.clear()
        session.token = session.account = session.used_at = None
        session.has_cookie = True

    def renew(self, session: WebSession) -> None:
        """A person did something: the time without one begins again."""
        now = now_utc()
        if session.token is None or session.used_at is None:
            return
        if (now - session.used_at).total_seconds() < RENEWED_SECONDS:
            return
        kept = web_session.c
        statement = update(web_session).where(kept.session_hash == hash_of(session.token)).values(used_at=now)
        try:
            # Nobody waits for an import just to stay logged in.
            with brief_write(self.engine, wait_s=RENEWING_WAITS_S) as connection:
                connection.execute(statement)
        except StoreError as error:
            LOG.info("session not renewed", reason=str(error))

    def _write(self, session: WebSession) -> None:
        assert session.token is not None
        kept = update(web_session).where(web_session.c.session_hash == hash_of(session.token))
        try:
            with brief_write(self.engine) as connection:
                connection.execute(kept.values(content=dict(session)))
        except StoreError as error:
            # The answer is made already; a token that was not kept is handed out anew.
            LOG.warning("session not kept", reason=str(error))

    def _delete(self, token: str) -> None:
        with brief_write(self.engine) as connection:
            connection.execute(delete(web_session).where(web_session.c.session_hash == hash_of(token)))
