"""Copies of the whole store, checked row by row when they are made and again when they are brought back.

A backup is one zip: the store as its own database writes it (an SQLite file, a `pg_dump`), and `manifest.json` with the
rows and a SHA-256 of every table. It holds accounts and the audit trail too, and is readable by its owner alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, inspect, text

from data.errors import GovernanceError, StoreError
from data.store import migrate, open_store, schema_version, versions

MANIFEST, SQLITE, POSTGRES = "manifest.json", "store.db", "store.dump"
ROWS_AT_ONCE = 20_000
Digests = dict[str, dict[str, Any]]


class BackupError(GovernanceError):
    """A backup that cannot be made, or cannot be trusted."""


@dataclass(frozen=True)
class Made:
    """What was written or brought back.

    Attributes:
        tables: `{"rows", "sha256"}` of every table. version: schema version. created_at: UTC, ISO form.
    """

    path: Path
    version: str
    created_at: str
    tables: Digests

    @property
    def rows(self) -> int:
        """Rows in all tables."""
        return sum(int(table["rows"]) for table in self.tables.values())


def digests(connection: Connection) -> Digests:
    """Rows and SHA-256 of every table of the store, rows in the order of their keys."""
    inspector = inspect(connection)
    quote = connection.dialect.identifier_preparer.quote
    found: Digests = {}
    for name in sorted(inspector.get_table_names()):
        columns = ", ".join(quote(column["name"]) for column in inspector.get_columns(name))
        key = inspector.get_pk_constraint(name)["constrained_columns"]
        order = f" ORDER BY {', '.join(map(quote, key))}" if key else ""
        rows = connection.execution_options(stream_results=True, yield_per=ROWS_AT_ONCE).execute(
            text(f"SELECT {columns} FROM {quote(name)}{order}")
        )
        digest, count = hashlib.sha256(), 0
        for part in rows.partitions(ROWS_AT_ONCE):
            digest.update(repr([tuple(row) for row in part]).encode("utf-8", "surrogatepass"))
            count += len(part)
        found[name] = {"rows": count, "sha256": digest.hexdigest()}
    return found


def backup(engine: Engine, path: Path, *, force: bool = False) -> Made:
    """Write a backup of the store to `path`, read it back and compare; others may go on working.

    Raises:
        BackupError: codes `exists`, `no_folder`, `differs`, `no_space`, `tool`. StoreError: the store cannot be read.
    """
    if path.exists() and not force:
        raise BackupError("文件已存在", where=str(path), todo="请换一个文件名，或加 --force 覆盖", code="exists")
    if not path.parent.is_dir():
        raise BackupError("没有这个文件夹", where=str(path.parent), todo="请先建立文件夹", code="no_folder")
    version = schema_version(engine)
    if version is None:
        raise StoreError("库是空的，没有可备份的内容", todo="先运行 python -m data migrate", code="schema_version")
    try:
        # In the folder of the result, so that it comes into being whole and on the same disk.
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=path.parent) as folder:
            member = SQLITE if engine.dialect.name == "sqlite" else POSTGRES
            content = Path(folder) / member
            found = _copy_sqlite(engine, content) if member == SQLITE else _dump(engine, content)
            made = Made(path, version, datetime.now(UTC).isoformat(timespec="seconds"), found)
            whole = Path(folder) / "whole.zip"
            _pack(whole, content, made, engine.dialect.name)
            content.unlink()
            _compare(whole, Path(folder), made)
            whole.chmod(0o600)
            whole.replace(path)
    except OSError as error:
        raise BackupError(
            "备份写不下去", where=str(path), why=str(error), todo="请检查磁盘空间与权限", code="no_space"
        ) from error
    return made


def restore(engine: Engine, path: Path, *, force: bool = False) -> Made:
    """Replace the whole store by the backup at `path`, compare every table with it, and bring its schema up to date.

    Raises:
        BackupError: codes `no_file`, `corrupt`, `other_database`, `newer`, `not_empty` (without `force`), `differs`, `tool`.
    """
    manifest = read_manifest(path)
    if manifest["database"] != engine.dialect.name:
        raise BackupError(
            f"备份来自 {manifest['database']}，不能恢复到 {engine.dialect.name}", where=str(path),
            todo="请把 DASHBOARD_DATABASE_URL 设为同一种数据库", code="other_database",
        )  # fmt: skip
    if manifest["version"] not in versions():
        raise BackupError(
            f"备份的结构版本是 {manifest['version']}，比程序新",
            where=str(path),
            todo="请先升级程序再恢复",
            code="newer",
        )
    filled = _filled_tables(engine)
    if filled and not force:
        raise BackupError(
            "库里已有数据，恢复会把它们全部换掉", where=str(engine.url.database), why=f"例如表 {filled[0]}",
            todo="请先备份现有的库，确认后加 --force", code="not_empty",
        )  # fmt: skip
    made = Made(path, manifest["version"], manifest["created_at"], manifest["tables"])
    with tempfile.TemporaryDirectory(prefix="restore-") as folder, unpacked(path, Path(folder)) as content:
        if engine.dialect.name == "sqlite":
            with closing(sqlite3.connect(content)) as source, engine.connect() as connection:
                source.backup(_driver(connection))
        else:
            # One transaction: a restore that fails leaves the store as it was.
            options = [
                "--clean",
                "--if-exists",
                "--no-owner",
                "--no-privileges",
                "--single-transaction",
                "--exit-on-error",
            ]
            _run("pg_restore", engine.url, *options, str(content))
    engine.dispose()
    with engine.connect() as connection:
        _refuse_difference(path, made.tables, digests(connection))
    migrate(engine)
    return made


def read_manifest(path: Path) -> dict[str, Any]:
    """What a backup says of itself. Raises `BackupError` (`no_file`, `corrupt`)."""
    if not path.is_file():
        raise BackupError("找不到备份", where=str(path), todo="请检查文件名与路径", code="no_file")
    try:
        with zipfile.ZipFile(path) as archive:
            manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
        if not {"database", "version", "created_at", "tables", "sha256"} <= manifest.keys():
            raise KeyError(MANIFEST)
    except (zipfile.BadZipFile, KeyError, ValueError, AttributeError, OSError) as error:
        raise _corrupt(path, "不是本系统写出的备份，或没有传完") from error
    return manifest


@contextmanager
def unpacked(path: Path, folder: Path) -> Iterator[Path]:
    """The database file inside a backup, its bytes checked against the manifest."""
    manifest = read_manifest(path)
    member = SQLITE if manifest["database"] == "sqlite" else POSTGRES
    target = folder / member
    try:
        with zipfile.ZipFile(path) as archive, archive.open(member) as packed, target.open("wb") as plain:
            shutil.copyfileobj(packed, plain, 1 << 20)
    except (zipfile.BadZipFile, KeyError, EOFError) as error:
        raise _corrupt(path, "压缩包不完整") from error
    if _sha256(target) != manifest["sha256"]:
        raise _corrupt(path, "内容与清单的摘要不一致")
    try:
        yield target
    finally:
        target.unlink(missing_ok=True)


def _corrupt(path: Path, why: str) -> BackupError:
    return BackupError("备份损坏，未恢复任何数据", where=str(path), why=why, todo="请换一份备份", code="corrupt")


def _copy_sqlite(engine: Engine, target: Path) -> Digests:
    """Copy by SQLite's own backup, and the digests of just that state."""
    with engine.connect() as connection:
        found = digests(connection)
        # The read above holds its snapshot until the transaction ends: the copy is of the same state.
        with closing(sqlite3.connect(target)) as copy:
            _driver(connection).backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        connection.rollback()
    return found


def _dump(engine: Engine, target: Path) -> Digests:
    """`pg_dump` of one snapshot, and the digests of just that snapshot."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot = str(connection.scalar(text("SELECT pg_export_snapshot()")))
        _run("pg_dump", engine.url, "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={target}")
        found = digests(connection)
        connection.rollback()
    return found


def _pack(whole: Path, content: Path, made: Made, database: str) -> None:
    manifest = {
        "database": database, "version": made.version, "created_at": made.created_at, "sha256": _sha256(content),
        "rows": made.rows, "tables": made.tables,
    }  # fmt: skip
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
        archive.write(content, content.name)


def _compare(whole: Path, folder: Path, made: Made) -> None:
    """Read the backup back; an SQLite one is opened and its tables compared with those that were copied."""
    with unpacked(whole, folder) as content:
        if content.name == SQLITE:
            copy = open_store(f"sqlite:///{content}")
            with copy.connect() as connection:
                sound = connection.execute(text("PRAGMA integrity_check")).scalars().all()
                _refuse_difference(made.path, made.tables, digests(connection))
            copy.dispose()
            if sound != ["ok"]:
                raise BackupError("备份的完整性检查没有通过", where=str(made.path), why=str(sound[0]), code="differs")
        else:
            # Reads every part of the archive; its rows are compared when it is restored.
            _run("pg_restore", None, "--file=/dev/null", str(content))


def _refuse_difference(path: Path, wanted: Digests, found: Digests) -> None:
    differing = sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))
    if differing:
        name = differing[0]
        raise BackupError(
            f"备份与库不一致：表 {name}", where=str(path),
            why=f"应为 {wanted.get(name, {}).get('rows', '无')} 行，实为 {found.get(name, {}).get('rows', '无')} 行",
            todo="请重新备份；若在恢复时出现，请换一份备份再恢复", code="differs",
        )  # fmt: skip


def _filled_tables(engine: Engine) -> list[str]:
    """Tables that hold rows somebody could miss."""
    with engine.connect() as connection:
        names = [n for n in sorted(inspect(connection).get_table_names()) if n not in ("alembic_version", "store_meta")]
        quote = connection.dialect.identifier_preparer.quote
        return [n for n in names if connection.execute(text(f"SELECT 1 FROM {quote(n)} LIMIT 1")).first() is not None]


def _driver(connection: Connection) -> sqlite3.Connection:
    found: Any = connection.connection.driver_connection
    return found  # type: ignore[no-any-return]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _run(tool: str, url: URL | None, *arguments: str) -> None:
    """Run one of PostgreSQL's tools; the password goes by environment, where other accounts cannot read it."""
    found = shutil.which(tool) or next(
        map(str, sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{tool}"), reverse=True)), None
    )
    if found is None:
        raise BackupError(
            f"找不到 {tool}", why="备份 PostgreSQL 要用它自带的工具", todo="请安装 postgresql-client", code="tool"
        )
    environment, target = {"PATH": os.defpath, "LC_ALL": "C.UTF-8"}, []
    if url is not None:
        plain = url.set(drivername="postgresql", password=None)
        target = [f"--dbname={plain.render_as_string(hide_password=False)}"]
        if url.password:
            environment["PGPASSWORD"] = str(url.password)
    done = subprocess.run([found, *target, *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        raise BackupError(f"{tool} 没有完成", why=lines[0] if lines else "", todo="请检查数据库权限与版本", code="tool")
