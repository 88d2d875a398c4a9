"""Who is asking."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g

from dashboard.access.rights import RIGHTS, Right, Role


@dataclass(frozen=True, kw_only=True)
class User:
    """An account as far as pages need it.

    Attributes:
        login: name of a post, never of a person.
        areas: codes it is narrowed to; None is the whole city.
        is_open: the demo on this machine's own address, where nobody logs in and everything is allowed.
        must_change: nothing but changing the password is open to it.
    """

    login: str
    role: Role | None
    areas: tuple[str, ...] | None = None
    is_open: bool = False
    must_change: bool = False


OPEN_USER = User(login="demo", role=None, is_open=True)
NOBODY = User(login="-", role=None, areas=())


def current_user() -> User:
    """The account on whose behalf this request is answered.

    Raises:
        LookupError: there is none: outside a request, or before the gate let it in. A job is told its user instead.
    """
    user = g.get("access_user") if g else None
    if not isinstance(user, User):
        raise LookupError("no account: this runs outside a request that the gate let in")
    return user


def become(user: User) -> None:
    """Answer the rest of this request on behalf of `user`; only the gate calls it."""
    g.access_user = user


def may(user: User, right: Right | str) -> bool:
    """Whether `user` has `right` (`read`, `export`, `import`, `admin`, `audit`, `screen`).

    Raises:
        ValueError: there is no such right.
    """
    wanted = Right(right)
    return user.is_open or (user.role is not None and not user.must_change and wanted in RIGHTS[user.role])
