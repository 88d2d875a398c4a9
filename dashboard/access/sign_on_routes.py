"""The two routes of single sign-on: to the provider, and back from it."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, redirect, request

from dashboard.access import accounts
from dashboard.access.addresses import own_path
from dashboard.access.control import AccessControl
from dashboard.access.pages import notice_page
from dashboard.access.sessions import opened_session
from dashboard.access.sign_off import keep_identity
from dashboard.access.user import current_user
from dashboard.access.web import welcome
from dashboard.events import LOG
from dashboard.wording import Words
from data import audit
from data.errors import GovernanceError

AGAIN = "/login"


def serve_sign_on(server: Flask, control: AccessControl) -> None:
    """Add the routes; without a provider in the settings they say so."""
    sign_on = control.sign_on

    def notice(key: str, status: int, **values: str) -> Response:
        words = Words(request.args.get("lang", control.settings.lang)[:2])
        return notice_page(words, current_user(), f"access.sign_on.{key}", status=status, again=AGAIN, **values)

    def refused(actor: str, reason: str, **more: str) -> None:
        detail = {"single_sign_on": True, "reason": reason, **more}
        audit.record(control.engine, actor=actor, action=audit.Action.LOGIN_FAILED, subject=actor, detail=detail)

    @server.get("/login/oidc")
    def to_provider() -> Any:
        wanted = own_path(request.args.get("next"))
        if current_user().is_authenticated:
            return redirect(wanted)
        if sign_on is None:
            return notice("off", 404)
        try:
            return redirect(sign_on.begin(control.own_address("from_provider"), wanted))
        except GovernanceError as error:
            LOG.error("single sign-on not begun", reason=str(error))
            return notice("failed", 502)

    @server.get("/login/oidc/callback")
    def from_provider() -> Any:
        if current_user().is_authenticated:
            return redirect("/")
        if sign_on is None:
            return notice("off", 404)
        try:
            signed = sign_on.finish(request.args.get("state"))
        except GovernanceError as error:
            LOG.warning("single sign-on refused", reason=str(error))
            refused("-", "not_confirmed", error=error.why or error.code)
            return notice("failed", 401)
        found = accounts.find_subject(control.engine, signed.identity)
        if found is None:
            refused("-", "unknown")
            return notice("unknown", 403, identity=signed.identity)
        if found.is_disabled:
            refused(found.login, "disabled")
            return notice("disabled", 403)
        answer = welcome(control, found, signed.wanted, single_sign_on=True)
        keep_identity(opened_session(), signed.token)
        return answer
