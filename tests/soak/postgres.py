"""A PostgreSQL server of one's own, durable, that can be stopped and started while others use it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, text

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


@dataclass(frozen=True)
class Cluster:
    """A server: its folder (socket and data) and the user it runs as."""

    folder: Path
    as_user: tuple[str, ...]

    @property
    def url(self) -> str:
        """URL of the database `soak`."""
        return f"postgresql://tester@/soak?host={self.folder}"

    def control(self, *command: str) -> None:
        """Run `pg_ctl`."""
        binary = BINARIES[-1].parent / "pg_ctl"
        options = ["-D", str(self.folder / "data"), "-l", str(self.folder / "log"), "-w"]
        subprocess.run(
            [*self.as_user, str(binary), *options, *command], check=True, capture_output=True, cwd=self.folder
        )

    def start(self) -> None:
        """Start and wait until it takes connections."""
        self.control("-o", f"-k {self.folder} -c listen_addresses=''", "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop: `fast` ends every session, `immediate` as a crash does."""
        self.control("-m", mode, "stop")


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A running server with an empty database, gone when the block ends."""
    if not BINARIES:
        raise SystemExit("PostgreSQL is not installed: tools/system-packages.sh test")
    folder = Path(tempfile.mkdtemp(prefix="soak-pg-"))
    as_user: tuple[str, ...] = ()
    if os.geteuid() == 0:
        # The server refuses to run as root.
        shutil.chown(folder, "postgres", "postgres")
        as_user = ("runuser", "-u", "postgres", "--")
    made = Cluster(folder, as_user)
    initdb = [str(BINARIES[-1]), "-D", str(folder / "data"), "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C"]
    subprocess.run([*as_user, *initdb], check=True, capture_output=True, cwd=folder)
    made.start()
    try:
        admin = create_engine(
            made.url.replace("postgresql://", "postgresql+psycopg://").replace("/soak?", "/postgres?"),
            isolation_level="AUTOCOMMIT",
        )
        with admin.connect() as connection:
            connection.execute(text("CREATE DATABASE soak"))
        admin.dispose()
        yield made
    finally:
        made.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)
