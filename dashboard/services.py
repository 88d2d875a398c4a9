"""What callbacks and routes are given: the settings, the store, the places. Made once a process by `create_app`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from dashboard.access import User
from dashboard.config import Settings
from dashboard.places import Places

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from data.query import Reader


class Audit(Protocol):
    """Writes one entry of the audit trail in the name of the current user."""

    def __call__(self, action: str, subject: str, **detail: Any) -> None: ...


def _nobody(user: User) -> Reader:
    raise LookupError(f"these services read for nobody else, asked for {user.login}")


def _unwritten(action: str, subject: str, **detail: Any) -> None:
    """Services without a store of accounts keep no trail."""


@dataclass(frozen=True)
class Services:
    """Attributes:
    settings: as the server was started.
    reader: a reader of the store as it is now, with the current user's rows alone; raises `StoreError` when it cannot
        be reached.
    places: shapes of the city, for the addresses maps load them from.
    reader_for: the same for a user told, outside a request: jobs.
    store: the store itself; None where the reader may be asked for it.
    audit: writes what the current user did to the audit trail.
    """

    settings: Settings
    reader: Callable[[], Reader]
    places: Callable[[], Places]
    reader_for: Callable[[User], Reader] = _nobody
    store: Engine | None = None
    audit: Audit = _unwritten

    def engine(self) -> Engine:
        """The store itself, for what is written to it; also outside a request."""
        return self.store if self.store is not None else self.reader().engine
