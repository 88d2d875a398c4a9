"""One line of the bench: what was measured, beside what, and whether the promise is kept."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

HEAD = ("measured", "ours", "baseline", "ratio", "bar", "met")


@dataclass(frozen=True)
class Line:
    """Attributes:
    name: what was measured. value, baseline: as shown, with units.
    ratio: ours over the baseline, or the value itself where the bar is absolute.
    bar: the largest ratio that keeps the promise; None for a line that only informs.
    """

    name: str
    value: str
    baseline: str
    ratio: float
    bar: float | None = None

    @property
    def verdict(self) -> str:
        if self.bar is None:
            return ""
        return "yes" if self.ratio <= self.bar else "NO"

    def cells(self) -> tuple[str, ...]:
        bar = "" if self.bar is None else f"≤ {self.bar:g}"
        return (self.name, self.value, self.baseline, f"{self.ratio:.2f}", bar, self.verdict)


def table(lines: Iterable[Line]) -> str:
    """The lines under each other, with a head."""
    rows = [HEAD, *(line.cells() for line in lines)]
    widths = [max(_width(row[i]) for row in rows) for i in range(len(HEAD))]
    return "\n".join(
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _width(text: str) -> int:
    """Columns of a terminal: a Chinese character takes two."""
    return sum(2 if ord(character) >= 0x2E80 else 1 for character in text)


def p95(values: Sequence[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(values, n=20)[-1]
