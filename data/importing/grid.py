"""A sheet as it was read: nothing but text in rows and columns, before anybody knows what it means."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd


@dataclass
class Grid:
    """Cells of one sheet.

    Attributes:
        cells: text, missing where empty; row label 0 is the sheet's row 1, columns 0…n-1.
        merged: ranges (first row, first column, last row, last column), from 0.
        unset: row and column, from 0, of formulas without a stored result.
    """

    name: str
    cells: pd.DataFrame
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    unset: list[tuple[int, int]] = field(default_factory=list)
