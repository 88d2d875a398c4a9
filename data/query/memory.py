"""Results kept until the store changes, shared by all requests of a process and apart for every data scope."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, func, select

from data.retrying import reading, retrying
from data.schema import import_batch

CACHED_RESULTS = 2048


@dataclass
class _Memory:
    """Results of one revision, shared by a reader and its pinned and scoped copies."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    results: OrderedDict[Any, Any] = field(default_factory=OrderedDict)
    revision: str = ""


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

    def remember(self, key: Any, read: Callable[[], Any]) -> Any:
        """`read()`, or what it gave since the last commit or revert; the caller copies what it changes.

        What was read under one scope is never given out under another.
        """
        found, revision = self._cached(key)
        if found is None:
            found = retrying(read)
            self._keep(key, found, revision)
        return found

    def _scoped_key(self, key: Any) -> Any:
        return key if self.scope is None else ("scope", self.scope, key)

    def _cached(self, key: Any) -> tuple[Any, str]:
        """The cached result (None if there is none) and the revision it must belong to."""
        key, revision, memory = self._scoped_key(key), self.revision, self._memory
        with memory.lock:
            if revision != memory.revision:
                memory.results.clear()
                memory.revision = revision
            if key in memory.results:
                memory.results.move_to_end(key)
                return memory.results[key], revision
        return None, revision

    def _keep(self, key: Any, value: Any, revision: str) -> None:
        memory = self._memory
        with memory.lock:
            # Read before somebody else committed: true then, stale now.
            if revision != memory.revision:
                return
            memory.results[self._scoped_key(key)] = value
            while len(memory.results) > CACHED_RESULTS:
                memory.results.popitem(last=False)
