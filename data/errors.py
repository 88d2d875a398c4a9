"""The error family every room raises. Each message says what, where, why and what to do, in Chinese.

This module imports nothing of the project. A page prints `str(error)`; a command prints it on standard error.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class GovernanceError(Exception):
    """A refusal in words a bureau clerk can act on; never a bug.

    Args:
        what: what is wrong, one sentence.
        where: file, sheet, row, column or setting concerned.
        why: the rule that it breaks.
        todo: what the reader can do about it.
        code: a stable English key for scripts (`unknown_area`, `personal_column` …).
    """

    def __init__(self, what: str, *, where: str = "", why: str = "", todo: str = "", code: str = "refused") -> None:
        self.what, self.where, self.why, self.todo, self.code = what, where, why, todo, code
        super().__init__(what)

    def __str__(self) -> str:
        parts = [f"{self.where}：{self.what}" if self.where else self.what]
        if self.why:
            parts.append(f"原因：{self.why}")
        if self.todo:
            parts.append(f"处理：{self.todo}")
        return "。".join(part.rstrip("。") for part in parts) + "。"


class UnreadableFileError(GovernanceError):
    """A file that cannot be opened as what it claims to be; the whole file is refused."""


class UnknownKeyError(GovernanceError):
    """A key, code or name that does not exist; the message carries the nearest one that does."""


class StoreError(GovernanceError):
    """The store cannot be reached, is of another version, or is full; nothing was written."""


class UsageError(GovernanceError):
    """The caller asked for something that makes no sense (wrong option, empty selection)."""


def nearest(value: str, known: Iterable[str], *, cutoff: float = 0.5) -> str | None:
    """The known value most like `value`, or None when nothing is alike enough."""
    found = difflib.get_close_matches(value, list(known), n=1, cutoff=cutoff)
    return found[0] if found else None


def unknown_key(value: str, known: Iterable[str], *, kind: str, where: str = "") -> UnknownKeyError:
    """An `UnknownKeyError` for `value` with a did-you-mean among `known`."""
    guess = nearest(value, known)
    todo = f"是否想写“{guess}”" if guess else f"请对照{kind}清单填写"
    return UnknownKeyError(f"没有名为“{value}”的{kind}", where=where, todo=todo, code="unknown_key")
