"""The routes by which somebody comes in and leaves: login, logout, password."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, g, redirect, request

from dashboard.access import accounts, passwords
from dashboard.access.accounts import Account
from dashboard.access.addresses import own_path
from dashboard.access.control import AccessControl
from dashboard.access.pages import page, page_style
from dashboard.access.rights import home_of, right_of_path
from dashboard.access.sessions import opened_session
from dashboard.access.sign_off import kept_identity
from dashboard.access.user import current_user, may
from dashboard.events import LOG
from dashboard.wording import Words
from data import audit
from data.errors import StoreError

LONGEST = 256


def serve_access(server: Flask, control: AccessControl) -> None:
    """Add the routes."""

    def words_asked() -> Words:
        return Words(request.values.get("lang", control.settings.lang)[:2])

    def field(name: str) -> str:
        return request.form.get(name, "")[:LONGEST]

    def form(*, wrong: bool = False, ended: bool = False) -> Response:
        return page(
            "login", words_asked(), status=401 if wrong else 200, wrong=wrong, ended=ended, login=field("login"),
            next=own_path(request.values.get("next")), has_sign_on=bool(control.settings.oidc_issuer),
        )  # fmt: skip

    @server.errorhandler(StoreError)
    def store_failed(error: StoreError) -> Response:
        LOG.error("store refused", reason=str(error))
        return control.say_failed(error)

    @server.get("/login")
    def login_page() -> Any:
        if current_user().is_authenticated:
            return redirect(own_path(request.args.get("next")))
        return form(ended="next" in request.args)

    @server.post("/login")
    def login() -> Any:
        if not control.needs_login:
            return redirect("/")
        found = accounts.authenticate(control.engine, field("login").strip().lower(), field("password"))
        if found is None:
            return form(wrong=True)
        return welcome(control, found, request.form.get("next"))

    @server.post("/logout")
    def logout() -> Any:
        user = current_user()
        if not user.is_open:
            token = kept_identity(opened_session())
            control.audit(audit.Action.LOGOUT, user.login)
            control.sessions.end(opened_session())
            g.pop("csrf_token", None)
            if token is not None and control.sign_on is not None:
                address = control.sign_on.leaving_address(token, control.own_address("login_page"))
                if address is not None:
                    # Not a redirect: a form's may lead to this server alone (Content-Security-Policy: form-action).
                    return page("leaving", words_asked(), address=address)
        return redirect("/login")

    @server.get("/password")
    def password_page() -> Any:
        if current_user().is_open:
            return redirect("/")
        return page("password", words_asked(), user=current_user(), problem="")

    @server.post("/password")
    def password() -> Any:
        user, words = current_user(), words_asked()
        if user.is_open:
            return redirect("/")
        problem = _changed(control, user.login, field("old"), field("new"), field("again"), words)
        if problem:
            return page("password", words, status=400, user=user, problem=problem)
        return welcome(control, accounts.find(control.engine, user.login), None, is_login=False)

    @server.get("/access/style.css")
    def access_style() -> Response:
        return Response(page_style(), mimetype="text/css")


def _changed(control: AccessControl, login: str, old: str, new: str, again: str, words: Words) -> str:
    """Change the password; why not, or nothing."""
    if new != again:
        return words("access.password.differs")
    # Through the same door as a login, so that guessing the old one locks the account too.
    if accounts.authenticate(control.engine, login, old) is None:
        return words("access.password.wrong")
    try:
        accounts.set_password(control.engine, login, new, actor=login, must_change=False)
    except passwords.PasswordError as error:
        return str(error)
    return ""


def welcome(
    control: AccessControl, found: Account, wanted: str | None, *, is_login: bool = True, **detail: Any
) -> Response:
    """Begin the account's session and lead where it wanted to go.

    Raises:
        GovernanceError: the store refused to keep the session or the entry of the trail.
    """
    control.sessions.begin(opened_session(), found)
    g.pop("csrf_token", None)
    if is_login:
        audit.record(control.engine, actor=found.login, action=audit.Action.LOGIN, subject=found.login, detail=detail)
    target = own_path(wanted)
    if found.must_change:
        target = "/password"
    else:
        # A link somebody else shared, or the first page: where the account may not go, it begins at home.
        right = right_of_path(urlsplit(target).path)
        if right is not None and not may(found.user(), right):
            target = home_of(found.role)
    return redirect(target)  # type: ignore[return-value]
