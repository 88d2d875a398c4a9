"""The store: how it is opened, brought up to date, and what one transaction promises.

SQLite by default, PostgreSQL by URL; the same tables, the same statements.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from data.errors import StoreError
from data.retrying import reading, wait_for_server

if TYPE_CHECKING:
    from alembic.config import Config

# Alembic is imported where the schema is looked at: a server that starts has nothing to migrate.
DEFAULT_PATH = Path("var") / "governance.db"
DEFAULT_URL = f"sqlite:///{DEFAULT_PATH.as_posix()}"
# A page takes a second, the roll-up of a large import minutes; a statement that takes longer than this is stuck.
STATEMENT_TIMEOUT_S = 900
# An import waits so long for the one before it to end.
BUSY_MS = 30_000
MIGRATIONS = Path(__file__).parent / "migrations"


def open_store(url: str = DEFAULT_URL) -> Engine:
    """An engine for `url` (`sqlite:///path` or `postgresql://…`); the folder of an SQLite file is made.

    SQLite runs in WAL with `synchronous=FULL`, so an acknowledged batch survives a crash; PostgreSQL connections are
    probed before use and wait for a server that is being restarted; reads ask again (`data.retrying`).

    Raises:
        StoreError: the URL is not one SQLAlchemy knows.
    """
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            if parsed.database and parsed.database != ":memory:":
                Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            engine = create_engine(parsed)
            event.listen(engine, "connect", _set_sqlite_pragmas)
            event.listen(engine, "begin", _begin_sqlite)
            return engine
        # Options in the address win over ours.
        limits = {} if "options" in parsed.query else {"options": f"-c statement_timeout={STATEMENT_TIMEOUT_S * 1000}"}
        engine = create_engine(parsed, pool_pre_ping=True, pool_size=5, max_overflow=10, connect_args=limits)
        wait_for_server(engine)
        return engine
    except (ArgumentError, NoSuchModuleError, ImportError) as exc:
        raise StoreError(
            "数据库地址不可用",
            where="DASHBOARD_DATABASE_URL",
            why=str(exc),
            todo="写成 sqlite:///路径 或 postgresql://用户:口令@主机/库名",
            code="database_url",
        ) from exc


def _set_sqlite_pragmas(connection: Any, _record: Any) -> None:
    # The driver's own transaction control would commit before DDL; `_begin_sqlite` begins explicitly instead.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        # First: whoever closes a store last locks it while tidying up, and the next pragma already reads the file.
        f"busy_timeout={BUSY_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "cache_size=-65536",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN")


def _alembic_config(engine: Engine) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = engine
    return config


@cache
def head_version() -> str:
    """The schema version this code needs."""
    from alembic.script import ScriptDirectory

    head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    assert head is not None
    return head


def versions() -> list[str]:
    """Every schema version this code knows, the newest first."""
    from alembic.script import ScriptDirectory

    return [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]


def schema_version(engine: Engine) -> str | None:
    """The schema version the store has; None for an empty one."""
    from alembic.migration import MigrationContext

    found: str | None = reading(
        engine, lambda connection: MigrationContext.configure(connection).get_current_revision()
    )
    return found


def migrate(engine: Engine) -> str:
    """Bring the schema up to date and return its version. A store of a newer version is refused.

    Raises:
        StoreError: the store is newer than the code, or the database refused.
    """
    from alembic import command

    try:
        command.upgrade(_alembic_config(engine), "head")
    except SQLAlchemyError as exc:
        raise StoreError("数据库升级失败", why=str(exc).splitlines()[0], todo="检查数据库权限与空间后重试") from exc
    return head_version()


def require_current(engine: Engine) -> None:
    """Raise StoreError unless the store has just the schema this code needs."""
    try:
        found = schema_version(engine)
    except SQLAlchemyError as exc:
        raise StoreError(
            "数据库连接不上", why=str(exc).splitlines()[0], todo="检查数据库地址与服务是否启动", code="unreachable"
        ) from exc
    if found != head_version():
        raise StoreError(
            f"数据库版本为{found or '空'}，程序需要{head_version()}",
            todo="先运行 python -m data migrate",
            code="schema_version",
        )
