"""`python -m dashboard user …`: the accounts, for whoever sits at the server."""

from __future__ import annotations

import getpass
import json
import os
import sys
from collections.abc import Callable
from typing import Annotated

import typer
from sqlalchemy import Engine

from dashboard.access import accounts, passwords
from dashboard.access.accounts import Account, now_utc
from dashboard.wording import Words
from data.cli import Commands
from data.errors import UsageError

Login = Annotated[str, typer.Argument(help="name of the account, a post and never a person")]
Json = Annotated[bool, typer.Option("--json", help="print one JSON document")]
Draw = Annotated[bool, typer.Option("--draw", help="draw a password and print it once, instead of asking for one")]

Subject = Annotated[
    str | None,
    typer.Option(
        help="identity of single sign-on, issuer|subject as the refusing page shows it; empty ends the binding"
    ),
]


def register(app: typer.Typer, opened: Callable[[], Engine]) -> None:
    """Add the commands.

    Args:
        opened: the store; asked for when a command runs.
    """
    users = typer.Typer(
        cls=Commands, no_args_is_help=True, help="Accounts: add, list, disable, enable, passwd, unlock, change."
    )
    app.add_typer(users, name="user")

    @users.command("add")
    def add(
        login: Login,
        role: Annotated[str, typer.Option(help="leader, bureau, street, auditor, admin or wall")],
        area: Annotated[list[str] | None, typer.Option(help="area code it is narrowed to; may be repeated")] = None,
        subject: Subject = None,
        draw: Draw = False,
        as_json: Json = False,
    ) -> None:
        """Make an account.

        Its password comes from standard input or a prompt and must be changed at the first login; with --subject it has
        none, unless one is drawn.
        """
        password = _password(draw) if draw or not subject else None
        made = accounts.add(opened(), login, role, actor=actor(), areas=area, password=password, subject=subject)
        _say(made, password if draw else None, as_json)

    @users.command("list")
    def list_(as_json: Json = False) -> None:
        """Every account with its role, areas and state."""
        found = accounts.list_accounts(opened())
        if as_json:
            typer.echo(json.dumps({"accounts": [one.as_json() for one in found]}, ensure_ascii=False))
            return
        for one in found:
            typer.echo(f"{one.login:<24}{one.role:<9}{_areas(one):<24}{_state(one)}")

    @users.command("disable")
    def disable(login: Login) -> None:
        """Keep an account out from now on; whoever is logged in with it is out at once."""
        accounts.disable(opened(), login, actor=actor())

    @users.command("enable")
    def enable(login: Login) -> None:
        """Let a disabled account in again."""
        accounts.enable(opened(), login, actor=actor())

    @users.command("unlock")
    def unlock(login: Login) -> None:
        """End the lock that wrong passwords brought."""
        accounts.unlock(opened(), login, actor=actor())

    @users.command("passwd")
    def passwd(login: Login, draw: Draw = False, as_json: Json = False) -> None:
        """Give an account a new password, to be changed at its next login."""
        store = opened()
        accounts.find(store, login)
        password = _password(draw)
        accounts.set_password(store, login, password, actor=actor(), must_change=True)
        _say(accounts.find(store, login), password if draw else None, as_json)

    @users.command("change")
    def change(
        login: Login,
        role: Annotated[str | None, typer.Option(help="leader, bureau, street, auditor, admin or wall")] = None,
        area: Annotated[list[str] | None, typer.Option(help="area code it is narrowed to; may be repeated")] = None,
        subject: Subject = None,
    ) -> None:
        """Give an account another role and its areas, or bind it to single sign-on."""
        store = opened()
        if role is None and area:
            role = accounts.find(store, login).role.value
        accounts.change(store, login, actor=actor(), role=role, areas=area, subject=subject)


def actor() -> str:
    """Whom the trail names for a command: the account of the system it runs under."""
    try:
        return f"system:{getpass.getuser()}"[:60]
    except (KeyError, OSError):
        return f"system:{os.getuid() if hasattr(os, 'getuid') else '-'}"


def _password(is_drawn: bool) -> str:
    """From a prompt, or the first line of standard input; never from the command line, where others could read it."""
    if is_drawn:
        return passwords.drawn()
    if not sys.stdin.isatty():
        given = sys.stdin.readline().rstrip("\r\n")
        if not given:
            raise UsageError(
                "没有给出口令",
                why="标准输入是空的",
                todo="从标准输入给一行口令，或用 --draw 随机生成",
                code="no_password",
            )
        return given
    first, second = (getpass.getpass(f"{Words()(key)}: ") for key in ("access.login.password", "access.password.again"))
    if first != second:
        raise UsageError("两次输入的口令不一致", todo="请重新运行", code="differs")
    return first


def _say(made: Account, password: str | None, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(made.as_json() | ({"password": password} if password else {}), ensure_ascii=False))
    elif password:
        typer.echo(f"{made.login}  {password}")


def _areas(one: Account) -> str:
    return ",".join(one.areas) if one.areas else "-"


def _state(one: Account) -> str:
    if one.is_disabled:
        return "disabled"
    return "locked" if one.is_locked(now_utc()) else "must change password" if one.must_change else "active"
