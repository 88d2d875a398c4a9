"""The store's schema is what the migrations make, on both databases; a store of another version is refused."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, event, text

from data.errors import StoreError
from data.schema import metadata
from data.store import BUSY_MS, head_version, migrate, open_store, require_current, schema_version


def test_migrations_make_exactly_the_declared_tables(any_store: Engine) -> None:
    with any_store.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_migrating_twice_changes_nothing(any_store: Engine) -> None:
    assert migrate(any_store) == head_version() == schema_version(any_store)
    require_current(any_store)


def test_an_empty_database_is_refused_with_the_command_that_mends_it(tmp_path: object) -> None:
    engine = open_store(f"sqlite:///{tmp_path}/new.db")
    with pytest.raises(StoreError, match="python -m data migrate"):
        require_current(engine)


def test_an_address_that_is_none_says_how_to_write_one() -> None:
    with pytest.raises(StoreError, match="sqlite:///"):
        open_store("nonsense")


def test_sqlite_survives_a_crash_by_its_journal(store: Engine) -> None:
    with store.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
        assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1


@pytest.mark.postgres
def test_a_statement_that_never_ends_is_ended_by_the_server(postgres_store: Engine) -> None:
    again = open_store(postgres_store.url.render_as_string(hide_password=False))
    with again.connect() as connection:
        assert connection.execute(text("SHOW statement_timeout")).scalar() == "15min"
    again.dispose()


def test_a_store_that_another_is_closing_is_waited_for_before_its_file_is_read(store: Engine) -> None:
    engine = open_store(str(store.url))
    said: list[str] = []
    event.listen(engine, "connect", lambda connection, _: connection.set_trace_callback(said.append), insert=True)
    with engine.connect():
        pass
    engine.dispose()
    # The driver's own patience of five seconds would hold until then.
    assert said.index(f"PRAGMA busy_timeout={BUSY_MS}") < said.index("PRAGMA journal_mode=WAL")
