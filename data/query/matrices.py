"""Cells as matrices: groups by months for each measure. Adding, dividing and comparing them costs microseconds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Rows = NDArray[np.intp]
# Row or column of what is not there.
ABSENT = -1


@dataclass(frozen=True)
class Cells:
    """Cells of some measures.

    Attributes:
        groups: names of the rows. months: `YYYY-MM` of the columns, without a gap.
        of: measure → value and number of units that reported, both (groups, months); NaN where no cell is.
    """

    groups: Sequence[str]
    months: Sequence[str]
    of: Mapping[str, tuple[Matrix, Matrix]]

    @cached_property
    def row_of(self) -> dict[str, int]:
        return {group: row for row, group in enumerate(self.groups)}

    def rows(self, names: Iterable[str]) -> Rows:
        """Row of each name, `ABSENT` where the cells know no such group."""
        names = [*names]
        if names == self.groups:
            return np.arange(len(names), dtype=np.intp)
        known = self.row_of
        return np.array([known.get(name, ABSENT) for name in names], dtype=np.intp)

    def holding(self, keys: Iterable[str]) -> list[str]:
        """Groups with a cell of any of the measures."""
        held = np.zeros(len(self.groups), dtype=bool)
        for key in keys:
            if key in self.of:
                held |= ~np.isnan(self.of[key][1]).all(axis=1)
        return [group for group, is_held in zip(self.groups, held, strict=True) if is_held]

    def beside(self, other: Cells) -> Cells:
        """These cells and those of other measures, over the groups of both."""
        if not self.of:
            return other
        if not other.of:
            return self
        if list(self.groups) == list(other.groups):
            return Cells(self.groups, self.months, {**self.of, **other.of})
        groups = list(dict.fromkeys([*self.groups, *other.groups]))
        parts: dict[str, tuple[Matrix, Matrix]] = {}
        for cells in (self, other):
            rows = cells.rows(groups)
            parts |= {key: (taken(value, rows), taken(units, rows)) for key, (value, units) in cells.of.items()}
        return Cells(groups, self.months, parts)


def taken(matrix: Matrix, rows: Rows) -> Matrix:
    """`matrix[rows]` with NaN where the row is `ABSENT`."""
    if not len(matrix):
        return np.full((len(rows), matrix.shape[1]), np.nan)
    found = matrix[rows]
    found[rows == ABSENT] = np.nan
    return found


def summed(cells: Matrix, group: NDArray[np.intp], groups: int) -> tuple[Matrix, Matrix]:
    """Sums and counts of the rows by group, both (groups, months); NaN where a group has no cell.

    Args:
        group: number of each row's group, 0 … `groups` - 1.
    """
    shape = (groups, cells.shape[1])
    if not len(cells):
        return np.full(shape, np.nan), np.full(shape, np.nan)
    has = ~np.isnan(cells)
    if groups == len(cells) and bool((group == np.arange(groups)).all()):
        return cells, np.where(has, 1.0, np.nan)
    cells = np.where(has, cells, 0.0)
    if groups == 1:
        total, count = cells.sum(axis=0, keepdims=True), has.sum(axis=0, keepdims=True).astype(float)
    else:
        total, count = np.zeros(shape), np.zeros(shape)
        order = np.argsort(group, kind="stable")
        present, starts = np.unique(group[order], return_index=True)
        total[present] = np.add.reduceat(cells[order], starts, axis=0)
        count[present] = np.add.reduceat(has[order].astype(float), starts, axis=0)
    missing = count == 0
    total[missing] = np.nan
    count[missing] = np.nan
    return total, count
