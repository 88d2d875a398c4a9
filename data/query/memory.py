"""Results kept until the store changes, shared by all requests of a process and apart for every data scope."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Engine, func, select

from data.retrying import reading, retrying
from data.schema import import_batch

CACHED_RESULTS = 2048
# Of a very large city a single result may have megabytes. Those have a place of their own: in the other one lie the many
# small results that were made from them and are asked for again and again.
LARGE_BYTES = 3 * 1024 * 1024
ROOM_FOR_SMALL, ROOM_FOR_LARGE = 256 * 1024 * 1024, 256 * 1024 * 1024
# So have facts: dear to read, and asked for by views of all kinds, whose own results must not push them out.
ROOM_FOR_FACTS = 256 * 1024 * 1024
# What an entry of a collection and a text in a column take, about; texts are mostly shared.
_ENTRY_BYTES, _TEXT_BYTES = 64, 16
_WIDTHS: dict[tuple[Any, ...], int] = {}


@dataclass
class _Shelf:
    """Results, the longest unused first; these go when there are too many or they take too much room."""

    room: int
    results: OrderedDict[Any, tuple[Any, int]] = field(default_factory=OrderedDict)
    held: int = 0

    def get(self, key: Any) -> Any:
        if key not in self.results:
            return None
        self.results.move_to_end(key)
        return self.results[key][0]

    def put(self, key: Any, value: Any, size: int) -> None:
        self.held += size - self.results.pop(key, (None, 0))[1]
        self.results[key] = value, size
        while len(self.results) > CACHED_RESULTS or (self.held > self.room and len(self.results) > 1):
            _, (_, dropped) = self.results.popitem(last=False)
            self.held -= dropped


@dataclass
class _Memory:
    """Results of one revision, shared by a reader and its pinned and scoped copies."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    small: _Shelf = field(default_factory=lambda: _Shelf(ROOM_FOR_SMALL))
    large: _Shelf = field(default_factory=lambda: _Shelf(ROOM_FOR_LARGE))
    facts: _Shelf = field(default_factory=lambda: _Shelf(ROOM_FOR_FACTS))
    revision: str = ""

    def get(self, key: Any) -> Any:
        """What was kept, or None."""
        for shelf in (self.small, self.facts, self.large):
            found = shelf.get(key)
            if found is not None:
                return found
        return None

    def put(self, key: Any, value: Any, *, is_fact: bool) -> None:
        size = size_of(value)
        shelf = self.large if size > LARGE_BYTES else self.facts if is_fact else self.small
        shelf.put(key, value, size)

    @property
    def has_room(self) -> bool:
        return all(shelf.held < shelf.room for shelf in (self.facts, self.large))

    def clear(self, revision: str) -> None:
        """Forget everything; what comes is of `revision`."""
        self.small, self.large, self.facts = (_Shelf(room) for room in (ROOM_FOR_SMALL, ROOM_FOR_LARGE, ROOM_FOR_FACTS))
        self.revision = revision
        _WIDTHS.clear()


def size_of(value: Any) -> int:
    """Bytes a result takes, about: of frames, arrays and collections; nothing for what looks after itself."""
    if isinstance(value, np.ndarray):
        return int(value.nbytes)
    if isinstance(value, pd.DataFrame):
        return len(value) * _row_width(value)
    if isinstance(value, pd.Series):
        return len(value) * _width(value.dtype)
    if isinstance(value, str | bytes):
        return len(value)
    if isinstance(value, dict):
        return len(value) * _ENTRY_BYTES + sum(size_of(held) for held in value.values() if not isinstance(held, str))
    if isinstance(value, tuple):
        return sum(size_of(held) for held in value)
    if isinstance(value, list) and value and isinstance(value[0], dict):
        # Rows: alike in what they hold.
        return len(value) * (_ENTRY_BYTES + size_of(value[0]))
    if isinstance(value, frozenset | set | list):
        return len(value) * _ENTRY_BYTES
    if is_dataclass(value):
        return sum(size_of(getattr(value, part.name)) for part in fields(value))
    return 0


def _row_width(frame: pd.DataFrame) -> int:
    """Bytes of a row, about: frames with the same columns have nearly the same types, and asking each for them is dear."""
    names = tuple(frame.columns)
    width = _WIDTHS.get(names)
    if width is None:
        width = _WIDTHS[names] = sum(_width(dtype) for dtype in frame.dtypes)
    return width


def _width(dtype: Any) -> int:
    return int(dtype.itemsize) if dtype.kind in "biufmM" else _TEXT_BYTES


class Remembering:
    """A store, the revision it is at, the part of it that may be read, and what was read of it before.

    Attributes:
        scope: codes of the areas that may be read; None for the whole city. No code lies inside another's area.
        login: account the scope belongs to; empty for none.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.scope: tuple[str, ...] | None = None
        self.login = ""
        self._memory = _Memory()
        self._pinned: str | None = None

    @property
    def revision(self) -> str:
        """Changes with every commit and revert."""
        if self._pinned is not None:
            return self._pinned
        statement = select(func.max(import_batch.c.batch_id), func.count(import_batch.c.reverted_at))
        newest, reverted = reading(self.engine, lambda connection: connection.execute(statement).one())
        return f"{newest or 0}-{reverted}"

    def remember(self, key: Any, read: Callable[[], Any], *, is_fact: bool = False) -> Any:
        """`read()`, or what it gave since the last commit or revert; the caller copies what it changes.

        What was read under one scope is never given out under another.

        Args:
            is_fact: dear to read and asked for by views of all kinds; results of single views do not push it out.
        """
        found, revision = self._cached(key)
        if found is None:
            found = retrying(read)
            self._keep(key, found, revision, is_fact=is_fact)
        return found

    @property
    def has_room(self) -> bool:
        """Whether another fact would be kept without dropping one."""
        return self._memory.has_room

    def _scoped_key(self, key: Any) -> Any:
        return key if self.scope is None else ("scope", self.scope, key)

    def _cached(self, key: Any) -> tuple[Any, str]:
        """The cached result (None if there is none) and the revision it must belong to."""
        key, revision, memory = self._scoped_key(key), self.revision, self._memory
        with memory.lock:
            if revision != memory.revision:
                memory.clear(revision)
            return memory.get(key), revision

    def _keep(self, key: Any, value: Any, revision: str, *, is_fact: bool = False) -> None:
        memory = self._memory
        with memory.lock:
            # Read before somebody else committed: true then, stale now.
            if revision != memory.revision:
                return
            memory.put(self._scoped_key(key), value, is_fact=is_fact)
