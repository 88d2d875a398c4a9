"""What is wrong with a row: where it stands, what it holds, and in plain Chinese why it cannot be taken."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

MAX_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Problem:
    """One reason why a row (or, with `row` None, a whole sheet) is refused.

    Attributes:
        row: row number in the sheet as a spreadsheet counts it; the heading of a plain table is row 1.
        column: heading as the file writes it.
        value: the cell's text, shortened.
        code: stable English key for scripts.
        message: what is wrong, why, and what to do.
    """

    sheet: str
    row: int | None
    column: str | None
    value: str | None
    code: str
    message: str

    def as_json(self) -> dict[str, Any]:
        """The five fields that commands print."""
        return {
            "row": self.row, "column": self.column, "value": self.value, "code": self.code, "message": self.message,
        }  # fmt: skip


def shown(value: Any) -> str | None:
    """A cell as a message quotes it: text, shortened, None when empty."""
    if value is None or (not isinstance(value, bytes) and pd.isna(value)):
        return None
    text = str(value)
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"


@dataclass
class Findings:
    """The problems of one sheet, and which of its rows they refuse."""

    sheet: str
    problems: list[Problem] = field(default_factory=list)
    refused: set[int] = field(default_factory=set)

    def add(
        self,
        rows: Iterable[Hashable],
        column: str | None,
        values: Iterable[Any] | None,
        code: str,
        message: str | Callable[[str], str],
    ) -> None:
        """Refuse `rows`; `message` may be a function of the quoted value."""
        numbers = [int(r) for r in rows]  # type: ignore[call-overload]
        quoted = [shown(v) for v in values] if values is not None else [None] * len(numbers)
        cache: dict[str | None, str] = {}
        for row, value in zip(numbers, quoted, strict=True):
            if value not in cache:
                cache[value] = message if isinstance(message, str) else message(value or "")
            self.problems.append(Problem(self.sheet, row, column, value, code, cache[value]))
        self.refused.update(numbers)

    def of_row(self, row: int) -> list[Problem]:
        """The problems of one row."""
        return [p for p in self.problems if p.row == row]

    def by_row(self) -> dict[int, list[Problem]]:
        """The problems of every refused row."""
        found: dict[int, list[Problem]] = {}
        for problem in self.problems:
            if problem.row is not None:
                found.setdefault(problem.row, []).append(problem)
        return found

    def sorted(self) -> list[Problem]:
        """Sheet problems first, then by row."""
        return sorted(self.problems, key=lambda p: (p.row is not None, p.row or 0))
