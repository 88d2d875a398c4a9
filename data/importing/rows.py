"""A sheet on its way into the store: what was read, what it becomes, what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd
from sqlalchemy import Table

from data.importing.problems import Findings


@dataclass
class Target:
    """The rows a sheet gives to one table.

    Attributes:
        frame: typed columns of the table that the sheet states; the index holds source rows (repeated where one
            source row gives several, as in a monthly sheet).
        headings: column → the heading the file uses for it.
        repeats: the same key may come from many source rows (one company in a hundred compounds); the first value
            given counts.
    """

    table: Table
    frame: pd.DataFrame
    headings: dict[str, str]
    repeats: bool = False

    def heading(self, column: str) -> str:
        """How the file calls `column`."""
        return self.headings.get(column) or str(self.table.c[column].info["zh"])


@dataclass
class SheetRows:
    """One sheet, layer or csv file.

    Attributes:
        raw: cells as read (text), columns = headings, index = source rows; what a refusal keeps.
        heading_row: row the headings stand in.
        ignored: headings that were read and not used.
        positions: heading → column number from 0, for marking cells.
        crs: system of the sheet's coordinates where the file itself says it.
    """

    file: int
    sheet: str
    raw: pd.DataFrame
    findings: Findings
    targets: list[Target] = field(default_factory=list)
    heading_row: int = 1
    ignored: list[str] = field(default_factory=list)
    positions: dict[str, int] = field(default_factory=dict)
    refused_whole: bool = False
    crs: str | None = None

    @property
    def table(self) -> str | None:
        """The table the sheet is mainly about."""
        return str(self.targets[0].table.name) if self.targets else None

    @property
    def rows(self) -> int:
        """Source rows read."""
        return len(self.raw)

    @property
    def refused(self) -> int:
        """Source rows refused."""
        return self.rows if self.refused_whole else len(self.findings.refused)

    @property
    def accepted(self) -> int:
        """Source rows that can be written."""
        return self.rows - self.refused

    def accepted_rows(self, target: Target) -> pd.DataFrame:
        """The rows of `target` whose source row is not refused."""
        if not self.findings.refused:
            return target.frame
        return target.frame[~target.frame.index.isin(list(self.findings.refused))]
