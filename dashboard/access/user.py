"""Who is asking."""

from __future__ import annotations

from dataclasses import dataclass

import flask_login
from flask import has_request_context

from dashboard.access.rights import RIGHTS, Right, Role, right_of_page


@dataclass(frozen=True, kw_only=True)
class User:
    """An account as far as pages need it; the form that Flask-Login asks for.

    Attributes:
        login: name of a post, never of a person.
        areas: codes it is narrowed to; None is the whole city.
        is_open: the demo on this machine's own address, where nobody logs in and everything is allowed.
        must_change: nothing but changing the password is open to it.
        account: its number in the store; 0 for none.
    """

    login: str
    role: Role | None
    areas: tuple[str, ...] | None = None
    is_open: bool = False
    must_change: bool = False
    account: int = 0

    @property
    def is_authenticated(self) -> bool:
        """Whether somebody logged in, or nobody has to."""
        return self.is_open or self.account > 0

    @property
    def is_active(self) -> bool:
        """Disabled accounts never become a `User`."""
        return True

    @property
    def is_anonymous(self) -> bool:
        """Whether nobody is known to ask."""
        return not self.is_authenticated

    def get_id(self) -> str:
        """What a session keeps of it."""
        return str(self.account)


OPEN_USER = User(login="demo", role=None, is_open=True)
NOBODY = User(login="-", role=None, areas=())


def current_user() -> User:
    """The account on whose behalf this request is answered; nobody, who may see nothing, before the gate let it in.

    Raises:
        LookupError: outside a request. A job is told its user instead.
    """
    if not has_request_context():
        raise LookupError("no account: this runs outside a request")
    user = flask_login.current_user._get_current_object()
    return user if isinstance(user, User) else NOBODY


def user_or_demo() -> User:
    """The current user; outside a request, where a page is drawn by a tool and handed to nobody, the demo's."""
    return current_user() if has_request_context() else OPEN_USER


def may(user: User, right: Right | str) -> bool:
    """Whether `user` has `right` (`read`, `export`, `import`, `admin`, `audit`, `screen`).

    Raises:
        ValueError: there is no such right.
    """
    wanted = Right(right)
    return user.is_open or (user.role is not None and not user.must_change and wanted in RIGHTS[user.role])


def sees_rows(user: User) -> bool:
    """Whether `user` may be given rows at all."""
    return may(user, Right.READ) or may(user, Right.SCREEN)


def may_open(user: User, page: str) -> bool:
    """Whether `user` may open the page of that name."""
    return may(user, right_of_page(page))
