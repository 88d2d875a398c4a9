"""What callbacks and routes are given: the settings, the store, the places. Made once a process by `create_app`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.config import Settings
from dashboard.places import Places

if TYPE_CHECKING:
    from data.query import Reader


@dataclass(frozen=True)
class Services:
    """Attributes:
    settings: as the server was started.
    reader: a reader of the store as it is now; raises `StoreError` when it cannot be reached.
    places: shapes of the city, for the addresses maps load them from.
    """

    settings: Settings
    reader: Callable[[], Reader]
    places: Callable[[], Places]
