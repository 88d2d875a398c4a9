"""The gate in front of every route: who is asking, and what they are given of the store."""

from __future__ import annotations

from typing import Any

from flask import Flask

from dashboard.access.user import OPEN_USER, User, become, current_user
from data import audit
from data.query import Reader


class AccessControl:
    """Access to one store.

    Args:
        reader: the store, all of it.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def reader(self) -> Reader:
        """The store as it is now, with the current user's rows alone."""
        return self.reader_for(current_user())

    def reader_for(self, user: User) -> Reader:
        """The store as it is now, with the rows of `user` alone."""
        return self._reader.pinned().scoped(user.areas)

    def audit(self, action: str, subject: str, **detail: Any) -> None:
        """Write what the current user did to the audit trail."""
        audit.record(self._reader.engine, actor=current_user().login, action=action, subject=subject, detail=detail)

    def guard(self, server: Flask) -> None:
        """Ask before every request."""

        @server.before_request
        def _who_is_asking() -> None:
            become(OPEN_USER)
