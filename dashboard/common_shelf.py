"""Drawn cards that all processes of a server share: what one of them has drawn the others need not draw again."""

from __future__ import annotations

import hashlib
import os
import secrets
import sqlite3
import threading
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dashboard.events import LOG
from dashboard.pieces import Piece

# What the shared pieces may take on disk; the oldest go first, so many at a time.
ROOM = 256 * 1024 * 1024
_DROPPED_TOGETHER = 200
# A process that finds the file locked for longer draws the card itself.
_PATIENCE_S = 0.2


class CommonShelf:
    """Pieces in a file of a private folder, under a hash of what they were made from.

    It is made before the processes part, so that they know the same start: what an earlier start left is never found.
    Nothing here may fail a request: a file that cannot be read or written holds nothing.

    Args:
        folder: of the server's own account alone; whoever made it deletes it when the server stops.
    """

    def __init__(self, folder: Path, room: int = ROOM) -> None:
        self._file, self._room = folder / "cards.db", room
        self._start = secrets.token_bytes(16)
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._process = 0

    def get(self, key: Hashable) -> Piece | None:
        """The piece of `key`, if some process has put it here."""
        with self._lock, _unharmed():
            found = (
                self._opened()
                .execute("SELECT squeezed, checksum, size FROM piece WHERE key = ?", (self._name(key),))
                .fetchone()
            )
            return Piece(*found) if found else None
        return None

    def put(self, key: Hashable, piece: Piece) -> None:
        """Keep a piece for the others."""
        with self._lock, _unharmed():
            connection = self._opened()
            connection.execute(
                "INSERT OR IGNORE INTO piece (key, squeezed, checksum, size) VALUES (?, ?, ?, ?)",
                (self._name(key), piece.squeezed, piece.checksum, piece.size),
            )
            pages, free = (
                connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count")
            )
            if (pages - free) * self._page > self._room:
                connection.execute(
                    "DELETE FROM piece WHERE number IN (SELECT number FROM piece ORDER BY number LIMIT ?)",
                    (_DROPPED_TOGETHER,),
                )

    def _name(self, key: Hashable) -> bytes:
        return hashlib.blake2b(repr(key).encode(), key=self._start, digest_size=16).digest()

    def _opened(self) -> sqlite3.Connection:
        # A connection does not survive a fork.
        if self._connection is None or self._process != os.getpid():
            connection = sqlite3.connect(self._file, timeout=_PATIENCE_S, isolation_level=None, check_same_thread=False)
            self._file.chmod(0o600)
            # Whatever a crash takes is drawn again.
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(
                "CREATE TABLE IF NOT EXISTS piece (number INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, "
                "squeezed BLOB NOT NULL, checksum INTEGER NOT NULL, size INTEGER NOT NULL)"
            )
            self._page = int(connection.execute("PRAGMA page_size").fetchone()[0])
            self._connection, self._process = connection, os.getpid()
        return self._connection


@contextmanager
def _unharmed() -> Iterator[None]:
    """Whatever is wrong with the file is logged, and goes no further."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        LOG.warning("shared cards unavailable", reason=str(error))
