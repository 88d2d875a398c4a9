"""The page 管理 `/admin`: accounts, roles and the audit trail; plain forms that work without a script.

Who may read the trail sees everything here; only who keeps accounts sees a form and can send one.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from flask import Flask, Response, redirect, request

from dashboard.access import accounts, passwords
from dashboard.access.accounts import now_utc
from dashboard.access.control import AccessControl
from dashboard.access.pages import page
from dashboard.access.rights import MAY_HAVE_AREAS, RIGHTS, Right, Role
from dashboard.access.trail import trail_page
from dashboard.access.user import current_user, may
from dashboard.cards.data.batches import BEIJING
from dashboard.wording import Words
from data import audit
from data.audit import Action
from data.errors import GovernanceError

LONGEST = 255


def serve_admin(server: Flask, control: AccessControl) -> None:
    """Add the routes. The gate asks for `audit` to look, and for `admin` to change anything."""

    def words_asked() -> Words:
        return Words(request.values.get("lang", control.settings.lang)[:2])

    def shown(
        *,
        problem: str = "",
        done: str = "",
        password: str = "",
        verdict: audit.Verdict | None = None,
        status: int = 200,
    ) -> Response:
        words, user = words_asked(), current_user()
        names = {area: control.reader_of_all().label(area) for one in _all() for area in one.areas or ()}
        return page(
            "admin", words, status=status, user=user, may_change=may(user, Right.ADMIN), problem=problem, done=done,
            password=password, verdict=verdict, accounts=_all(), now=now_utc(), areas=names, roles=list(Role),
            rights=list(Right), matrix=RIGHTS, narrowed=MAY_HAVE_AREAS, actions=list(Action), at=local, plain=plain,
            trail=trail_page(control.engine, request.args, words.lang), has_sign_on=bool(control.settings.oidc_issuer),
        )  # fmt: skip

    def _all() -> list[accounts.Account]:
        return accounts.list_accounts(control.engine)

    @server.get("/admin")
    def admin() -> Any:
        return shown()

    @server.post("/admin/verify")
    def verify() -> Any:
        verdict = audit.verify(control.engine)
        control.audit(Action.AUDIT_VERIFIED, str(verdict.last), is_whole=verdict.is_whole)
        return shown(verdict=verdict)

    @server.post("/admin/accounts")
    def change() -> Any:
        words, user = words_asked(), current_user()
        given = {name: value.strip()[:LONGEST] for name, value in request.form.items()}
        login, wanted = given.get("login", ""), given.get("do", "")
        try:
            password = _do(control, wanted, login, given, user.login)
        except GovernanceError as error:
            return shown(problem=str(error), status=400)
        if password is None:
            return redirect("/admin" if words.lang == control.settings.lang else f"/admin?lang={words.lang}")
        return shown(done=words("access.admin.once", login=login), password=password)


def _do(control: AccessControl, wanted: str, login: str, given: dict[str, str], actor: str) -> str | None:
    """Change an account; a password that was drawn for it, to be shown once."""
    engine = control.engine
    areas = given.get("areas", "").replace("，", " ").replace(",", " ").replace("、", " ").split()
    match wanted:
        case "add":
            password = passwords.drawn()
            accounts.add(engine, login, given.get("role", ""), actor=actor, areas=areas, password=password)
            return password
        case "reset":
            password = passwords.drawn()
            accounts.set_password(engine, login, password, actor=actor, must_change=True)
            return password
        case "change":
            accounts.change(engine, login, actor=actor, role=given.get("role", ""), areas=areas)
        case "bind":
            accounts.change(engine, login, actor=actor, subject=given.get("subject", ""))
        case "disable":
            accounts.disable(engine, login, actor=actor)
        case "enable":
            accounts.enable(engine, login, actor=actor)
        case "unlock":
            accounts.unlock(engine, login, actor=actor)
    return None


def local(at: datetime) -> str:
    """A time of the store in Beijing time."""
    return at.replace(tzinfo=UTC).astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")


def plain(detail: dict[str, Any], words: Words) -> str:
    """What an entry holds besides, as it is read: `文件：月报.xlsx · 行数：513`. A name nobody has translated stays."""

    def said(name: str, value: Any) -> str:
        if value is None:
            return "–"
        if isinstance(value, bool):
            return words("access.detail.yes" if value else "access.detail.no")
        if isinstance(value, dict):
            return f"({plain(value, words)})"
        known = f"access.{name}.{value}"
        if isinstance(value, str):
            return words(known) if words.has(known) else value
        return json.dumps(value, ensure_ascii=False)

    def titled(name: str) -> str:
        return words(f"access.detail.{name}") if words.has(f"access.detail.{name}") else name

    return words("text.middot").join(
        words("access.detail.pair", name=titled(name), value=said(name, value)) for name, value in detail.items()
    )
