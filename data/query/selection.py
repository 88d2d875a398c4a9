"""What a page or a command asks for: where, which compounds, which months."""

from __future__ import annotations

import re
from dataclasses import dataclass

from data.errors import UsageError
from data.rollup.calendar import month_range

MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


@dataclass(frozen=True, kw_only=True)
class Selection:
    """The part of the city looked at. All None: the whole city.

    Attributes:
        area: code of a city, county, street or community.
        grid, compound, company: ids; a company stands for the compounds it manages at the end of the period.
        kind: a CompoundKind value.
    """

    area: str | None = None
    grid: str | None = None
    kind: str | None = None
    company: str | None = None
    compound: str | None = None

    @property
    def names_compounds(self) -> bool:
        """True when a filter is set that only compounds can meet."""
        return bool(self.grid or self.kind or self.compound)


@dataclass(frozen=True)
class Period:
    """Months from `start` to `end`, both included, as `YYYY-MM`.

    Raises:
        UsageError: not a month, or the end comes before the start.
    """

    start: str
    end: str

    def __post_init__(self) -> None:
        for month in (self.start, self.end):
            if not MONTH.fullmatch(month):
                raise UsageError(f"“{month}”不是月份", todo="写成 2026-10 的样子", code="bad_month")
        if self.start > self.end:
            raise UsageError(f"起始月{self.start}晚于截止月{self.end}", todo="把两个月份对调", code="period_reversed")

    @classmethod
    def of(cls, month: str) -> Period:
        """The single month `month`."""
        return cls(month, month)

    @property
    def is_month(self) -> bool:
        return self.start == self.end

    @property
    def months(self) -> list[str]:
        return month_range(self.start, self.end)


def completed_quarter(month: str) -> Period:
    """The last quarter that has ended by the end of `month`: 2026-10 → 2026-07 … 2026-09."""
    year, number = int(month[:4]), int(month[5:])
    ended = number // 3  # quarters of this year that have ended
    if ended == 0:
        year, ended = year - 1, 4
    return Period(f"{year:04d}-{ended * 3 - 2:02d}", f"{year:04d}-{ended * 3:02d}")
