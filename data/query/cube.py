"""The cells of one revision in memory: a measure is read from the store once, then every selection is arithmetic."""

from __future__ import annotations

import operator
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, select

from data.catalogue import Measure
from data.query.matrices import ABSENT, Cells, Matrix, Rows, summed, taken
from data.query.selection import Selection
from data.query.units import ELSEWHERE, Place, managed_by
from data.retrying import reading
from data.rollup.calendar import month_range
from data.rollup.cells import ROLLED_LEVELS
from data.schema import area_month, unit_month, unit_place
from data.schema.vocabulary import CompoundKind, UnitKind

# A measure with more cells than this is not held whole: of many units single months are, few units are summed by the
# database, which reads only what is asked for.
LARGEST = 600_000
# So many units, and months, are worth reading the months of all units for.
MANY_UNITS, MOST_MONTHS = 2_000, 13
# Matrices are dropped, the longest unused first, beyond this many bytes a process; single months have as much again.
ROOM = 160 * 1024 * 1024
# Measures read with one statement; more would hold too many rows at once.
TOGETHER = 8
COLUMNS = ("unit_kind", "unit_id", "city", "county", "street", "community", "grid", "kind")

Mask = NDArray[np.bool_]
Codes = NDArray[np.int32]


class Cube:
    """Places of all units, and the matrices of the measures asked for so far.

    Args:
        months: all months of the store, oldest first, without a gap.
    """

    def __init__(self, engine: Engine, *, months: Sequence[str]) -> None:
        self._engine, self._months = engine, [*months]
        self._column = {month: i for i, month in enumerate(months)}
        self._lock = threading.RLock()
        self._matrices: OrderedDict[tuple[str, str], tuple[Matrix, ...]] = OrderedDict()
        self._bytes = 0
        self._single_months: OrderedDict[tuple[str, str], Matrix] = OrderedDict()
        self._members: dict[tuple[UnitKind, ...], Rows] = {}
        self._numbered: dict[tuple[UnitKind, ...], dict[str, int]] = {}
        self._managed: dict[str, pd.DataFrame] = {}
        self._area_rows: dict[tuple[str, str, str], int] = {}
        place = unit_place.c
        names = [place[name] for name in COLUMNS]
        with engine.connect() as connection:
            rows = connection.execute(
                select(*names, place.name, place.is_managed).order_by(place.unit_kind, place.unit_id)
            ).all()
        columns = list(zip(*rows, strict=True)) if rows else [()] * (len(COLUMNS) + 2)
        self._values: dict[str, list[str]] = {}
        self._code_of: dict[str, dict[str, int]] = {}
        self._codes: dict[str, Codes] = {}
        for name, column in zip(COLUMNS, columns, strict=False):
            values = sorted({value for value in column if value is not None})
            known = {value: code for code, value in enumerate(values)}
            self._values[name], self._code_of[name] = values, known
            self._codes[name] = np.array([ABSENT if v is None else known[v] for v in column], dtype=np.int32)
        self._ids, self._names = [*columns[1]], [*columns[-2]]
        # Databases order text by rules of their own.
        self._place_by_id = np.empty(len(self._ids), dtype=np.intp)
        self._place_by_id[sorted(range(len(self._ids)), key=self._ids.__getitem__)] = np.arange(len(self._ids))
        self._id_texts, self._name_texts = (pd.array(texts, dtype="str") for texts in (self._ids, self._names))
        self._is_managed: Mask = np.array(columns[-1], dtype=bool)
        for kind in ("", *CompoundKind):
            of_kind = self._is("kind", kind)
            for level in ROLLED_LEVELS:
                # Of a kind only areas that have it: most streets have two or three.
                having = {
                    self._values[level][code] for code in np.unique(self._codes[level][of_kind]) if code != ABSENT
                }
                for row in np.flatnonzero(self._is("unit_kind", level)):
                    if not kind or self._ids[row] in having:
                        self._area_rows[level, str(kind), self._ids[row]] = len(self._area_rows)

    # -- which units --------------------------------------------------------------------------------------------------

    def _is(self, column: str, value: str) -> Mask:
        return np.asarray(self._codes[column] == self._code_of[column].get(value, ABSENT - 1))

    def _within(self, places: Sequence[Place]) -> Mask:
        """Units in any of the places."""
        found = np.zeros(len(self._ids), dtype=bool)
        for level, code in places:
            found |= self._is(level, code)
        return found

    def _selected(self, selection: Selection, places: Sequence[Place], period_end: str) -> Mask:
        """Units of the selection, of whatever kind, none outside of `places`."""
        chosen = self._within(places)
        if selection.grid is not None:
            chosen = chosen & self._is("grid", selection.grid)
        if selection.kind is not None:
            chosen = chosen & self._is("kind", selection.kind)
        compounds = self._is("unit_kind", UnitKind.COMPOUND)
        if selection.compound is not None:
            chosen = chosen & compounds & self._is("unit_id", selection.compound)
        if selection.company is not None:
            pairs = self._managed_by(period_end)
            theirs = np.zeros(len(chosen), dtype=bool)
            theirs[pairs.loc[pairs["company"] == selection.company, "row"].to_numpy()] = True
            company = self._is("unit_kind", UnitKind.COMPANY) & self._is("unit_id", selection.company)
            chosen = chosen & (theirs | company)
        return chosen

    def _managed_by(self, month: str) -> pd.DataFrame:
        """Who manages what at the end of `month`: columns row (of the compound), company."""
        with self._lock:
            if month not in self._managed:
                pairs = reading(self._engine, lambda connection: connection.execute(managed_by(month)).all())
                rows = np.flatnonzero(self._is("unit_kind", UnitKind.COMPOUND))
                row_of = {self._ids[row]: int(row) for row in rows}
                known = [(row_of[compound], company) for compound, company in pairs if compound in row_of]
                self._managed[month] = pd.DataFrame(known, columns=["row", "company"]).astype({"row": int})
            return self._managed[month]

    def _of_kinds(self, units: tuple[UnitKind, ...]) -> Rows:
        """Rows of the units of these kinds."""
        with self._lock:
            if units not in self._members:
                found = np.isin(self._codes["unit_kind"], [self._code_of["unit_kind"].get(u, -2) for u in units])
                self._members[units] = np.flatnonzero(found)
            return self._members[units]

    def groups(self, selection: Selection, places: Sequence[Place], by: str, period_end: str) -> pd.DataFrame:
        """The groups a breakdown shows, reported or not: columns group, label, ordered by code.

        Counties and streets all; communities and grids that hold a compound of the selection; compounds and companies
        of the selection: companies by their office or by a compound they manage.
        """
        chosen = self._selected(selection, places, period_end)
        compounds = chosen & self._is("unit_kind", UnitKind.COMPOUND) & self._is_managed
        kind = self._is("unit_kind", by)
        if by == UnitKind.COMPOUND:
            found = compounds
        elif by == UnitKind.COMPANY:
            inside = chosen & self._is("unit_kind", UnitKind.COMPOUND)
            pairs = self._managed_by(period_end)
            managing = set(pairs.loc[inside[pairs["row"].to_numpy()], "company"])
            found = kind & np.isin(self._codes["unit_id"], [self._code_of["unit_id"].get(c, -2) for c in managing])
            if not selection.names_compounds:
                found = found | (kind & chosen)
        elif by in (UnitKind.COMMUNITY, UnitKind.GRID) or selection.names_compounds or selection.company:
            holders = np.unique(self._codes[by][compounds])
            names = [self._values[by][code] for code in holders if code != ABSENT]
            found = kind & np.isin(self._codes["unit_id"], [self._code_of["unit_id"].get(n, -2) for n in names])
        else:
            found = kind & chosen
        rows = np.flatnonzero(found)
        rows = rows[np.argsort(self._place_by_id[rows])]
        return pd.DataFrame({"group": self._id_texts.take(rows), "label": self._name_texts.take(rows)}, copy=False)

    def compound_rows(self, ids: Iterable[str]) -> Rows:
        """Row of each compound, `ABSENT` where there is none."""
        members, number = self._of_kinds((UnitKind.COMPOUND,)), self._rows_of((UnitKind.COMPOUND,))
        found = np.array([number.get(unit, ABSENT) for unit in ids], dtype=np.intp)
        return np.where(found == ABSENT, ABSENT, members[found] if len(members) else ABSENT)

    def is_inside(self, rows: Rows, selection: Selection, places: Sequence[Place], period_end: str) -> Mask:
        """Whether the compound of each row is a managed one of the selection."""
        chosen = self._selected(selection, places, period_end) & self._is_managed
        return np.asarray(chosen[rows] & (rows != ABSENT)) if len(chosen) else np.zeros(len(rows), dtype=bool)

    # -- sums of areas ------------------------------------------------------------------------------------------------

    def area_cells(
        self, keys: Sequence[str], selection: Selection, *, places: Sequence[Place], by: str | None, first: str,
        last: str,
    ) -> Cells:  # fmt: skip
        """Cells from the sums of areas; with parts, what lies in none of them is the group `ELSEWHERE`."""
        kind = selection.kind or ""
        months, columns = self._window(first, last)
        whole = np.array([self._area_rows.get((level, kind, code), ABSENT) for level, code in places], dtype=np.intp)
        are_the_parts = {level for level, _ in places} == {by}
        if by is None:
            groups, rows = ["total"], whole
        elif are_the_parts:
            groups, rows = [code for _, code in places], whole
        else:
            inside = self._is("unit_kind", by) & self._within(places)
            groups = [self._ids[row] for row in np.flatnonzero(inside)]
            rows = np.array([self._area_rows.get((by, kind, group), ABSENT) for group in groups], dtype=np.intp)
        has_rest = by is not None and not are_the_parts
        self._load("area", keys, self._read_areas)
        parts = {}
        for key in keys:
            value, units = (_columns(matrix, columns) for matrix in self._matrix("area", key, self._read_areas))
            mine = taken(value, rows), taken(units, rows)
            if by is None:
                mine = _together(mine)
            if has_rest:
                mine = _with_rest(mine, _together((taken(value, whole), taken(units, whole))))
            parts[key] = mine
        return Cells([*groups, ELSEWHERE] if has_rest else groups, months, parts)

    def _read_areas(self, connection: Connection, keys: Sequence[str]) -> dict[str, tuple[Matrix, ...]]:
        cell = area_month.c
        rows = connection.execute(
            select(cell.measure, cell.level, cell.kind, cell.area, cell.month, cell.value, cell.reported).where(
                cell.measure.in_(keys)
            )
        ).all()
        shape = (len(self._area_rows), len(self._months))
        out = {key: (np.full(shape, np.nan), np.full(shape, np.nan)) for key in keys}
        for key, level, kind, code, month, value, units in rows:
            row = self._area_rows.get((level, kind, code))
            if row is not None and month in self._column:
                out[key][0][row, self._column[month]] = value
                out[key][1][row, self._column[month]] = units
        return dict(out)

    # -- sums of units ------------------------------------------------------------------------------------------------

    def holds(self, measure: Measure) -> bool:
        """Whether the measure's units are few enough to be kept in memory."""
        return len(self._of_kinds(measure.units)) * len(self._months) <= LARGEST

    def unit_cells(
        self, measures: Sequence[Measure], selection: Selection, *, places: Sequence[Place], by: str | None,
        first: str, last: str,
    ) -> Cells | None:  # fmt: skip
        """Cells summed from units; None where the units are too many to be held and too few to be worth reading all.

        The measures share their kinds of unit and `managed_only`.
        """
        units, managed_only = measures[0].units, measures[0].managed_only
        members = self._of_kinds(units)
        months, columns = self._window(first, last)
        chosen = self._selected(selection, places, last)
        if managed_only:
            chosen = chosen & self._is_managed
        inside = np.flatnonzero(chosen[members])
        is_held = self.holds(measures[0])
        if not is_held and not self._is_worth(len(inside), measures, months):
            return None
        names, inside, group = self._grouped(members, inside, units, by, last)

        def read(connection: Connection, keys: Sequence[str]) -> dict[str, tuple[Matrix, ...]]:
            return self._read_units(connection, keys, units)

        if is_held:
            self._load("unit", [m.key for m in measures], read)
        parts = {}
        for measure in measures:
            if is_held:
                (matrix,) = self._matrix("unit", measure.key, read)
                cells = _columns(matrix, columns)[inside]
            else:
                held = [self._of_month(measure.key, month, units)[inside] for month in months]
                cells = np.stack(held, axis=1) if held else np.full((len(inside), 0), np.nan)
            parts[measure.key] = summed(cells, group, len(names))
        return Cells(names, months, parts)

    def chosen(
        self, units: tuple[UnitKind, ...], selection: Selection, places: Sequence[Place], last: str, *,
        managed_only: bool,
    ) -> list[str]:  # fmt: skip
        """Ids of the units of these kinds that `unit_cells` sums."""
        found = self._selected(selection, places, last)
        members = self._of_kinds(units)
        return self._ids_of(members[(found & self._is_managed if managed_only else found)[members]])

    def _is_worth(self, count: int, measures: Sequence[Measure], months: Sequence[str]) -> bool:
        """Whether single months of all units shall be read for `count` of them, or have been already."""
        if len(months) > MOST_MONTHS:
            return False
        with self._lock:
            return count > MANY_UNITS or all(
                (m.key, month) in self._single_months for m in measures for month in months
            )

    def _of_month(self, key: str, month: str, units: tuple[UnitKind, ...]) -> Matrix:
        """The cells of one month, shape (members of these kinds,)."""
        with self._lock:
            if (key, month) not in self._single_months:
                cells = reading(self._engine, lambda connection: self._read_month(connection, key, month, units))
                self._single_months[key, month] = cells
                while len(self._single_months) * cells.nbytes > ROOM and len(self._single_months) > 1:
                    self._single_months.popitem(last=False)
            self._single_months.move_to_end((key, month))
            return self._single_months[key, month]

    def _read_month(self, connection: Connection, key: str, month: str, units: tuple[UnitKind, ...]) -> Matrix:
        cell = unit_month.c
        result = connection.execute(select(cell.unit_id, cell.value).where(cell.measure == key, cell.month == month))
        # The driver's own rows: to make others of fifty thousand takes as long as to read them.
        rows = result.cursor.fetchall() if result.cursor is not None else []
        found, row_of = np.full(len(self._of_kinds(units)), np.nan), self._rows_of(units)
        row = np.array([row_of.get(unit, ABSENT) for unit, _ in rows], dtype=np.intp)
        values = np.array([value for _, value in rows], dtype=float)
        found[row[row != ABSENT]] = values[row != ABSENT]
        for copy, original in self._again(units):
            found[copy] = found[original]
        return found

    def _grouped(
        self, members: Rows, inside: Rows, units: tuple[UnitKind, ...], by: str | None, month: str
    ) -> tuple[list[str], Rows, Rows]:
        """Names of the groups, the members to sum (again for each company of a compound), and the group of each."""
        if by is None:
            return ["total"], inside, np.zeros(len(inside), dtype=np.intp)
        place = members[inside]
        if by == UnitKind.COMPOUND and bool(self._is("unit_kind", by)[place].all()):
            return self._ids_of(place), inside, np.arange(len(inside), dtype=np.intp)
        if by == UnitKind.COMPANY and UnitKind.COMPOUND in units:
            pairs = self._managed_by(month)
            companies: dict[int, list[str]] = {}
            for row, company in zip(pairs["row"], pairs["company"], strict=True):
                companies.setdefault(int(row), []).append(str(company))
            spread = [
                (at, company)
                for at, row in zip(inside, place, strict=True)
                for company in companies.get(int(row), [ELSEWHERE])
            ]
            inside = np.array([at for at, _ in spread], dtype=np.intp)
            labels = [company for _, company in spread]
        elif by in (UnitKind.COMPANY, UnitKind.COMPOUND):
            is_one = self._is("unit_kind", by)[place] if by == UnitKind.COMPOUND else np.ones(len(place), dtype=bool)
            labels = [self._ids[row] if one else ELSEWHERE for row, one in zip(place, is_one, strict=True)]
        else:
            codes, known = self._codes[by][place], self._values[by]
            present, group = np.unique(codes, return_inverse=True)
            return [ELSEWHERE if c == ABSENT else known[c] for c in present], inside, group.astype(np.intp)
        names = list(dict.fromkeys(labels))
        number = {name: i for i, name in enumerate(names)}
        return names, inside, np.array([number[label] for label in labels], dtype=np.intp)

    def _read_units(
        self, connection: Connection, keys: Sequence[str], units: tuple[UnitKind, ...]
    ) -> dict[str, tuple[Matrix, ...]]:
        cell = unit_month.c
        out: dict[str, tuple[Matrix, ...]] = {}
        members, row_of, again = self._of_kinds(units), self._rows_of(units), self._again(units)
        for at in range(0, len(keys), TOGETHER):
            number = {key: i for i, key in enumerate(keys[at : at + TOGETHER])}
            rows = connection.execute(
                select(cell.measure, cell.unit_id, cell.month, cell.value).where(cell.measure.in_(number))
            ).all()
            matrices = np.full((len(number), len(members), len(self._months)), np.nan)
            if rows:
                measures, unit_ids, months, values = zip(*rows, strict=True)
                layer = np.array([number[measure] for measure in measures], dtype=np.intp)
                row = np.array([row_of.get(unit, ABSENT) for unit in unit_ids], dtype=np.intp)
                column = np.array([self._column.get(month, ABSENT) for month in months], dtype=np.intp)
                known = (row != ABSENT) & (column != ABSENT)
                matrices[layer[known], row[known], column[known]] = np.array(values, dtype=float)[known]
            for copy, original in again:
                matrices[:, copy] = matrices[:, original]
            # Copies: a view would keep its neighbours in memory after they are dropped.
            out |= {key: (matrices[i].copy(),) for key, i in number.items()}
        return out

    def _ids_of(self, rows: Rows) -> list[str]:
        """Ids of units by their row."""
        return [*operator.itemgetter(*rows)(self._ids)] if len(rows) > 1 else [self._ids[row] for row in rows]

    def _rows_of(self, units: tuple[UnitKind, ...]) -> dict[str, int]:
        """Id → the first row of that name among the members of these kinds."""
        with self._lock:
            if units not in self._numbered:
                ids = self._ids_of(self._of_kinds(units))
                self._numbered[units] = {unit: row for row, unit in reversed([*enumerate(ids)])}
            return self._numbered[units]

    def _again(self, units: tuple[UnitKind, ...]) -> list[tuple[int, int]]:
        """Rows of members named like an earlier one, and that one's row.

        Area codes and company ids may be the same text: every member of that name has the cell.
        """
        members, row_of = self._of_kinds(units), self._rows_of(units)
        if len(row_of) == len(members):
            return []
        ids = self._ids_of(members)
        return [(row, row_of[unit]) for row, unit in enumerate(ids) if row_of[unit] != row]

    # -- what is held -------------------------------------------------------------------------------------------------

    def _window(self, first: str, last: str) -> tuple[list[str], slice | Rows]:
        """The months from `first` to `last` and where their columns are; `ABSENT` beyond what the store covers."""
        months = month_range(first, last)
        if months and first in self._column and last in self._column:
            return months, slice(self._column[first], self._column[last] + 1)
        return months, np.array([self._column.get(month, ABSENT) for month in months], dtype=np.intp)

    def _load(
        self, kind: str, keys: Iterable[str],
        read: Callable[[Connection, Sequence[str]], dict[str, tuple[Matrix, ...]]],
    ) -> None:  # fmt: skip
        with self._lock:
            missing = [key for key in keys if (kind, key) not in self._matrices]
            if not missing:
                return
            found = reading(self._engine, lambda connection: read(connection, missing))
            for key, matrices in found.items():
                self._matrices[kind, key] = matrices
                self._bytes += sum(matrix.nbytes for matrix in matrices)
            while self._bytes > ROOM and len(self._matrices) > len(missing):
                _, dropped = self._matrices.popitem(last=False)
                self._bytes -= sum(matrix.nbytes for matrix in dropped)

    def _matrix(
        self, kind: str, key: str, read: Callable[[Connection, Sequence[str]], dict[str, tuple[Matrix, ...]]]
    ) -> tuple[Matrix, ...]:
        with self._lock:
            self._load(kind, [key], read)
            self._matrices.move_to_end((kind, key))
            return self._matrices[kind, key]


def _columns(matrix: Matrix, columns: slice | Rows) -> Matrix:
    if isinstance(columns, slice):
        return matrix[:, columns]
    if not matrix.shape[1]:
        return np.full((len(matrix), len(columns)), np.nan)
    found = matrix[:, columns]
    found[:, columns == ABSENT] = np.nan
    return found


def _together(parts: tuple[Matrix, Matrix]) -> tuple[Matrix, Matrix]:
    """One row: the sum of all, NaN where none of them has a cell."""
    if len(parts[0]) == 1:
        return parts
    value, units = (np.nansum(part, axis=0, keepdims=True) for part in parts)
    nothing = np.isnan(parts[1]).all(axis=0, keepdims=True)
    return np.where(nothing, np.nan, value), np.where(nothing, np.nan, units)


def _with_rest(parts: tuple[Matrix, Matrix], whole: tuple[Matrix, Matrix]) -> tuple[Matrix, Matrix]:
    """The parts and, as the last row, what the whole holds beyond them: units not known down to the parts' level."""
    value, units = (
        np.nan_to_num(all_of) - np.nan_to_num(part).sum(axis=0, keepdims=True)
        for all_of, part in zip(whole, parts, strict=True)
    )
    nothing = units <= 0
    value[nothing] = np.nan
    units[nothing] = np.nan
    return np.vstack([parts[0], value]), np.vstack([parts[1], units])
