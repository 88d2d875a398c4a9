"""The gate in front of every route: who is asking, whether they may, and what they are given of the store."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import flask_login
from flask import Flask, Response, redirect, request, url_for
from flask_wtf.csrf import generate_csrf, validate_csrf
from sqlalchemy.exc import SQLAlchemyError
from wtforms import ValidationError

from dashboard.access.accounts import has_accounts
from dashboard.access.addresses import is_this_machine
from dashboard.access.bodies import UPDATE, first_component, output_of
from dashboard.access.pages import notice_page, own_path_asked
from dashboard.access.rights import (
    OWN_PATHS,
    PUBLIC_PATHS,
    UNGUARDED_PATHS,
    Right,
    home_of,
    right_of_output,
    right_of_path,
)
from dashboard.access.sessions import Lifetimes, StoreSessions, opened_session
from dashboard.access.user import NOBODY, OPEN_USER, User, current_user, may, sees_rows
from dashboard.config import SettingError, Settings, is_loopback
from dashboard.events import LOG
from dashboard.wording import Words
from data import audit
from data.errors import StoreError
from data.query import Reader

if TYPE_CHECKING:
    from dashboard.access.sign_on import SignOn

COOKIE, TOKEN_COOKIE, TOKEN_HEADER = "gd_session", "_csrf_token", "X-CSRFToken"
# A page says with it that a person touched it a moment ago; without it a request keeps no session alive.
PERSON_HEADER = "X-Person"
STATIC = ("/assets/", "/_dash-component-suites/", "/vendor/", "/geo/")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class AccessControl:
    """Access to one store.

    Args:
        reader: the store, all of it.

    Raises:
        SettingError: the settings would serve others than this machine without accounts.
    """

    def __init__(self, settings: Settings, reader: Reader) -> None:
        self.settings, self._reader = settings, reader
        self.engine = reader.engine
        self.sessions = StoreSessions(
            self.engine,
            Lifetimes(
                idle=timedelta(minutes=settings.session_idle_minutes),
                whole=timedelta(hours=settings.session_hours),
                wall=timedelta(days=settings.wall_session_days),
            ),
            is_secure=settings.is_https,
            skips=lambda asked: asked.path in UNGUARDED_PATHS,
        )
        self.sign_on: SignOn | None = None
        if settings.oidc_issuer:
            # Authlib and what it needs are loaded only where there is a provider.
            from dashboard.access.sign_on import SignOn

            self.sign_on = SignOn(settings, self.engine)
        # None: not known yet whether there is any account.
        self._needs_login: bool | None = None if is_loopback(settings.host) else True
        self._callbacks: Mapping[str, Any] = {}
        if self._needs_login and not has_accounts(self.engine):
            raise SettingError(
                f"不能在地址“{settings.host}”上提供服务",
                where="DASHBOARD_HOST",
                why="还没有任何账号，数据会暴露给网络上的所有人",
                todo="先运行 python -m dashboard user add NAME --role admin 建立管理员账号，或改回 127.0.0.1",
                code="no_accounts",
            )

    # -- what others are given ----------------------------------------------------------------------------------------

    def reader(self) -> Reader:
        """The store as it is now, with the current user's rows alone."""
        return self.reader_for(current_user())

    def reader_for(self, user: User) -> Reader:
        """The store as it is now, with the rows of `user` alone; none for an account that may see none."""
        return self._reader.pinned().scoped(user.areas if sees_rows(user) else (), login=user.login)

    def reader_of_all(self) -> Reader:
        """The store, all of it: for names of areas on the page of accounts."""
        return self._reader.pinned()

    def audit(self, action: str, subject: str, **detail: Any) -> None:
        """Write what the current user did to the audit trail."""
        audit.record(self.engine, actor=current_user().login, action=action, subject=subject, detail=detail)

    def own_address(self, endpoint: str) -> str:
        """Address of a route of this server as others reach it."""
        return url_for(endpoint, _external=True, _scheme="https" if self.settings.is_https else "http")

    @property
    def needs_login(self) -> bool:
        """Whether this server is closed: beyond this machine always, on it from the first account on.

        A store that cannot be asked leaves it as it was, closed where that was never known.
        """
        if not self._needs_login:
            try:
                self._needs_login = has_accounts(self.engine)
            except SQLAlchemyError as error:
                LOG.error("accounts cannot be read", reason=str(error))
        return self._needs_login is not False

    # -- the gate -----------------------------------------------------------------------------------------------------

    def guard(self, server: Flask, callbacks: Mapping[str, Any]) -> None:
        """Ask before every request; called once, before any other hook that answers.

        Args:
            callbacks: the application's callbacks by output, filled later.
        """
        self._callbacks = callbacks
        server.config.update(SESSION_COOKIE_NAME=COOKIE, WTF_CSRF_TIME_LIMIT=None, WTF_CSRF_FIELD_NAME="csrf_token")
        server.session_interface = self.sessions
        manager = flask_login.LoginManager(server)
        manager.anonymous_user = lambda: NOBODY
        # A session is bound to a token nobody can guess; addresses of a bureau change behind its own gateway.
        manager.session_protection = None
        manager.request_loader(lambda _: self._who_asks())
        server.before_request(self._ask)
        server.after_request(self._hand_token)

    def _who_asks(self) -> User | None:
        """The open demo's user where nobody logs in, the session's account elsewhere."""
        if request.path in UNGUARDED_PATHS:
            return None
        if not self.needs_login:
            return OPEN_USER
        found = opened_session()
        return found.account.user() if found.account is not None else None

    def _ask(self) -> Response | None:
        path = request.path
        if path in UNGUARDED_PATHS:
            return None
        user = current_user()
        if user.is_open and not is_this_machine(request.host):
            return self._refuse(403, "access.elsewhere")
        refusal = self._refusal(user, path)
        if refusal is not None:
            return refusal
        if request.method not in SAFE and not self._has_token():
            return self._refuse(400, "access.stale", retry=True)
        return self._check_callback(user) if path == UPDATE else None

    def _refusal(self, user: User, path: str) -> Response | None:
        """The answer to a request that is not let in; None where it is."""
        if path in PUBLIC_PATHS:
            return None
        if user.is_anonymous:
            return self._refuse(503, "access.unread") if opened_session().is_unread else self._to_login()
        self._renew(user, path)
        if path in OWN_PATHS:
            return None
        if user.must_change:
            if self._wants_page():
                return redirect("/password")  # type: ignore[return-value]
            return self._refuse(403, "access.must_change")
        right = right_of_path(path)
        if path != UPDATE and right is not None and not may(user, right):
            home = home_of(user.role)
            if path == "/" and home != "/":
                return redirect(home)  # type: ignore[return-value]
            self.audit(audit.Action.REFUSED, path, right=right.value)
            return self._forbid(right)
        return None

    def _check_callback(self, user: User) -> Response | None:
        try:
            output = output_of(request, self._callbacks)
        except RecursionError:
            output = None
        if output is None:
            return self._refuse(400, "access.malformed")
        right = right_of_output(first_component(output))
        if right is not None and not may(user, right):
            self.audit(audit.Action.REFUSED, first_component(output), right=right.value)
            return self._forbid(right)
        return None

    def _renew(self, user: User, path: str) -> None:
        """Only what a person does keeps a session alive: a page opened, or a request of a page just touched."""
        if user.is_open or path.startswith(STATIC):
            return
        is_person = request.headers.get(PERSON_HEADER) == "1" or (self._wants_page() and path != "/screen")
        if is_person:
            self.sessions.renew(opened_session())

    # -- answers ------------------------------------------------------------------------------------------------------

    @staticmethod
    def _wants_page() -> bool:
        if request.method not in ("GET", "HEAD") or request.path.startswith(("/_", *STATIC)):
            return False
        return request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html"

    def _to_login(self) -> Response:
        if not self._wants_page():
            response = self._refuse(401, "access.login_needed")
            response.headers["X-Login"] = "/login"
            return response
        wanted = own_path_asked(request)
        return redirect("/login" if wanted == "/" else f"/login?next={quote(wanted, safe='/')}")  # type: ignore[return-value]

    def _forbid(self, right: Right) -> Response:
        words = Words(request.args.get("lang", self.settings.lang))
        name = words(f"access.right.{right}")
        if self._wants_page():
            return notice_page(words, current_user(), "access.forbidden", status=403, right=name)
        return self._say(403, words("access.forbidden.body", right=name))

    def _refuse(self, status: int, key: str, *, retry: bool = False) -> Response:
        words = Words(self.settings.lang)
        if self._wants_page():
            return notice_page(words, current_user(), key, status=status)
        response = self._say(status, words(f"{key}.body"))
        if retry:
            response.headers["X-Retry"] = "1"
        return response

    def say_failed(self, error: StoreError) -> Response:
        """What whoever asked is told when the store did not do its part."""
        words = Words(request.args.get("lang", self.settings.lang)[:2])
        key = "access.busy" if error.code == "locked" else "access.failed"
        if self._wants_page() or request.mimetype == "application/x-www-form-urlencoded":
            return notice_page(words, current_user(), key, status=503, reason=str(error))
        return self._say(503, words(f"{key}.body", reason=str(error)))

    @staticmethod
    def _say(status: int, message: str) -> Response:
        return Response(json.dumps({"message": message}, ensure_ascii=False), status, mimetype="application/json")

    # -- tokens against forged requests -------------------------------------------------------------------------------

    def _has_token(self) -> bool:
        token = request.headers.get(TOKEN_HEADER)
        if token is None and request.mimetype == "application/x-www-form-urlencoded":
            token = request.form.get("csrf_token")
        return is_valid(token)

    def _hand_token(self, response: Response) -> Response:
        """Give pages the token that Dash sends back with every callback."""
        if request.path in UNGUARDED_PATHS or request.path.startswith(STATIC) or request.path.endswith(".css"):
            return response
        if not is_valid(request.cookies.get(TOKEN_COOKIE)):
            response.set_cookie(
                TOKEN_COOKIE, generate_csrf(), path="/", samesite="Lax", secure=self.settings.is_https, httponly=False
            )
        return response


def is_valid(token: str | None) -> bool:
    """Whether a token belongs to this session."""
    try:
        validate_csrf(token)
    except ValidationError:
        return False
    return True
