"""A store of an older version keeps its rows when it is brought up to date."""

from __future__ import annotations

from alembic import command
from sqlalchemy import Engine, text

from data.backup import digests
from data.check import check_store
from data.importing.from_frames import commit_frames
from data.query import Reader
from data.store import _alembic_config, head_version, migrate, schema_version, versions
from tests.data.importing.test_batches import AREAS, compounds, surveys

FIRST = "0001"
BORN_LATER = {"alembic_version"}


def test_rows_of_the_first_version_are_the_same_after_every_migration(any_store: Engine) -> None:
    """From the first version, with rows, through each version in turn to the newest."""
    commit_frames(any_store, {"area": AREAS, "compound": compounds(), "survey": surveys(40)}, actor="甲")
    command.downgrade(_alembic_config(any_store), FIRST)
    assert schema_version(any_store) == FIRST
    with any_store.connect() as connection:
        before = digests(connection)
    for version in reversed(versions()):
        command.upgrade(_alembic_config(any_store), version)
        with any_store.connect() as connection:
            after = digests(connection)
        changed = {name for name in before if name not in BORN_LATER and after.get(name) != before[name]}
        assert not changed, version
    assert migrate(any_store) == head_version()
    assert len(Reader(any_store).register("compound")) == 4
    assert check_store(any_store)["problems"] == []
    assert commit_frames(any_store, {"compound": compounds(6)}, actor="乙") == 2


def test_every_migration_can_be_taken_back(store: Engine) -> None:
    command.downgrade(_alembic_config(store), FIRST)
    with store.connect() as connection:
        names = set(connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'table'")))
    assert "compound" in names
    assert "account" not in names
