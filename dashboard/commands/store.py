"""The store that a command works on."""

from __future__ import annotations

from sqlalchemy import Engine

from dashboard.config import load_settings
from data.store import migrate, open_store


def opened_store() -> Engine:
    """The store of the settings, its schema brought up to date."""
    engine = open_store(load_settings().database_url)
    migrate(engine)
    return engine
