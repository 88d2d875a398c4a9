"""A read outlives its connection; a write is never repeated; a server that stays away is said to be away."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, Engine, create_engine, insert, select, text
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from data import retrying
from data.errors import StoreError
from data.importing.commit import writing
from data.query import Reader
from data.retrying import reading
from data.schema import store_meta

pytestmark = pytest.mark.postgres


def end_session(connection: Connection) -> None:
    """The server ends the session of `connection`, as it does when it is restarted."""
    number = connection.scalar(text("SELECT pg_backend_pid()"))
    other = create_engine(connection.engine.url)
    with other.begin() as admin:
        admin.execute(text("SELECT pg_terminate_backend(:n, 2000)"), {"n": number})
    other.dispose()


def test_a_read_whose_connection_breaks_is_asked_again(postgres_store: Engine) -> None:
    broken: list[int] = []

    def read(connection: Connection) -> int:
        if len(broken) < 2:
            broken.append(1)
            end_session(connection)
        return int(connection.scalar(text("SELECT 42")) or 0)

    assert reading(postgres_store, read) == 42
    assert len(broken) == 2


def test_figures_are_read_again_when_the_database_ends_every_session(postgres_store: Engine) -> None:
    reader = Reader(postgres_store)
    assert reader.months == []
    calls: list[int] = []

    def read() -> str:
        calls.append(1)
        with postgres_store.connect() as connection:
            if len(calls) == 1:
                end_session(connection)
            return str(connection.scalar(text("SELECT 'there'")))

    assert reader.remember("something", read) == "there"
    assert len(calls) == 2


def test_a_read_that_is_wrong_is_not_asked_again(postgres_store: Engine) -> None:
    calls: list[int] = []

    def read(connection: Connection) -> None:
        calls.append(1)
        connection.execute(text("SELECT nonsense"))

    with pytest.raises(ProgrammingError):
        reading(postgres_store, read)
    assert len(calls) == 1


def test_a_read_that_breaks_every_time_ends_with_the_error(postgres_store: Engine) -> None:
    calls: list[int] = []

    def read(connection: Connection) -> None:
        calls.append(1)
        end_session(connection)
        connection.execute(text("SELECT 1"))

    with pytest.raises(DBAPIError):
        reading(postgres_store, read)
    assert len(calls) == retrying.ATTEMPTS


def test_a_write_whose_connection_breaks_is_not_repeated_and_leaves_nothing(postgres_store: Engine) -> None:
    calls: list[int] = []

    def write() -> None:
        with writing(postgres_store) as connection:
            calls.append(1)
            connection.execute(insert(store_meta).values(key="a", value="1"))
            end_session(connection)
            connection.execute(insert(store_meta).values(key="b", value="2"))

    with pytest.raises(StoreError, match="未写入任何数据"):
        write()
    assert len(calls) == 1
    assert reading(postgres_store, lambda c: c.execute(select(store_meta.c.key)).all()) == []


def test_a_connection_waits_while_the_server_is_away(postgres_store: Engine) -> None:
    """The server is away for the first three tries, then back."""
    tried: list[int] = []
    dialect = postgres_store.dialect
    connect = dialect.connect

    def away(*arguments: object, **options: object) -> object:
        tried.append(1)
        if len(tried) <= 3:
            raise dialect.loaded_dbapi.OperationalError("connection refused")
        return connect(*arguments, **options)

    postgres_store.dispose()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dialect, "connect", away)
        patch.setattr(retrying.time, "sleep", lambda seconds: None)
        assert reading(postgres_store, lambda c: c.scalar(text("SELECT 1"))) == 1
    assert len(tried) == 4


def test_after_waiting_in_vain_nobody_else_waits(postgres_store: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    now = [1000.0]

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        now[0] += seconds

    def away(*arguments: object, **options: object) -> object:
        raise postgres_store.dialect.loaded_dbapi.OperationalError("connection refused")

    postgres_store.dispose()
    monkeypatch.setattr(retrying.time, "sleep", sleep)
    monkeypatch.setattr(retrying.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(postgres_store.dialect, "connect", away)
    with pytest.raises(OperationalError):
        reading(postgres_store, lambda c: c.scalar(text("SELECT 1")))
    waited = sum(slept)
    assert retrying.PATIENCE_SECONDS / 2 < waited <= retrying.PATIENCE_SECONDS
    with pytest.raises(OperationalError):
        reading(postgres_store, lambda c: c.scalar(text("SELECT 1")))
    assert sum(slept) == waited


def test_a_wrong_password_is_said_at_once(postgres_store: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []

    def refused(*arguments: object, **options: object) -> object:
        raise postgres_store.dialect.loaded_dbapi.OperationalError("password authentication failed for user")

    postgres_store.dispose()
    monkeypatch.setattr(retrying.time, "sleep", slept.append)
    monkeypatch.setattr(postgres_store.dialect, "connect", refused)
    with pytest.raises(OperationalError):
        reading(postgres_store, lambda c: c.scalar(text("SELECT 1")))
    assert slept == []
