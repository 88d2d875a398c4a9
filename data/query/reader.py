"""The one place that reads figures: pages, commands and exports ask a `Reader` and get the same numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, select

from data.catalogue import INDICATORS, Indicator
from data.catalogue import indicator as indicator_of
from data.errors import UsageError, unknown_key
from data.frames import read_current
from data.importing.batches import list_batches
from data.query.cells import read_cells
from data.query.cube import Cube
from data.query.figures import FIGURE_COLUMNS, TOTAL, Course, figures, measured, measures_of, span_of
from data.query.matrices import Cells, Rows
from data.query.ownership import is_own
from data.query.places import City, PlaceReader
from data.query.selection import Period, Selection
from data.query.units import AREA_LEVELS, ELSEWHERE, applies
from data.retrying import reading, retrying
from data.schema import TABLES, published_figure, unit_place
from data.schema.vocabulary import UnitKind

GROUPINGS = ("county", "street", "community", "grid", "compound", "company", "month")
WHOLE_CITY = Selection()
# Label of what belongs to none of the parts shown.
NOT_DIVIDED = "未分到此级"


class Reader(PlaceReader):
    """Figures and registers of one city, as of the store's last committed batch.

    Results are cached until a batch is committed or reverted, and handed out as copies (pandas copies what is changed,
    when it is changed). A scoped reader (`scoped`) gives rows, names and figures of its areas alone, whatever it is
    asked.
    """

    # -- figures --------------------------------------------------------------------------------------------------

    def indicator(
        self,
        key: str,
        selection: Selection = WHOLE_CITY,
        *,
        period: Period | None = None,
        by: str | None = None,
    ) -> pd.DataFrame:
        """One row per group with group, label, value, numerator, denominator, reported, expected, low, high, suppressed.

        `value`, `low` and `high` are in the indicator's unit, NaN where nothing was reported. `reported` of `expected`
        units; NaN for a figure over several months.

        Args:
            period: months, the latest alone if None (all months for `by="month"`).
            by: None for one row `total`, or one of GROUPINGS.

        Raises:
            UnknownKeyError: no such indicator, area or unit. UsageError: unknown grouping.
        """
        return self.indicators([key], selection, period=period, by=by)[key]

    def indicators(
        self, keys: Iterable[str], selection: Selection = WHOLE_CITY, *, period: Period | None = None,
        by: str | None = None,
    ) -> dict[str, pd.DataFrame]:  # fmt: skip
        """`indicator` for several keys with one read of the store."""
        wanted = [indicator_of(key) for key in dict.fromkeys(keys)]
        if by is not None and by not in GROUPINGS:
            raise unknown_key(by, GROUPINGS, kind="分组方式")
        is_of_months = by == "month" or (by is None and (period is None or period.is_month))
        courses = self._courses(wanted, selection, period) if is_of_months else {}
        months = self.months
        out: dict[str, pd.DataFrame] = {}
        for key, course in courses.items():
            if by is None:
                out[key] = course.of(period.end if period else months[-1])
            else:
                out[key] = course.by_month(period or Period(months[0], months[-1]))
        rest = [indicator for indicator in wanted if indicator.key not in courses]
        if rest:
            out |= self._by_month(rest, selection, period) if by == "month" else self._read(rest, selection, period, by)
        return {indicator.key: out[indicator.key] for indicator in wanted}

    def rows(
        self, keys: Iterable[str], selection: Selection = WHOLE_CITY, *, period: Period | None = None
    ) -> dict[str, dict[str, Any]]:
        """The one row of `indicators` without a grouping, as plain values: no frame is made for a number."""
        wanted = [indicator_of(key) for key in dict.fromkeys(keys)]
        is_month = period is None or period.is_month
        found = self._courses(wanted, selection, period) if is_month else {}
        month = period.end if period else self.latest_month
        rest = [indicator.key for indicator in wanted if indicator.key not in found]
        frames = self.indicators(rest, selection, period=period) if rest else {}
        return {i.key: found[i.key].row(month) if i.key in found else _first_row(frames[i.key]) for i in wanted}

    def course(self, key: str, selection: Selection = WHOLE_CITY) -> Course | None:
        """An indicator of a selection over all months; None for one that is not of single months (see `indicator`)."""
        return self._courses([indicator_of(key)], selection, None).get(key)

    def panel(
        self,
        key: str,
        selection: Selection = WHOLE_CITY,
        *,
        period: Period | None = None,
        by: str | None = None,
    ) -> pd.DataFrame:
        """`indicator` for each month of the period (all months if None): the same columns and `month`."""
        return self._panels([indicator_of(key)], selection, period, by)[key].copy(deep=False)

    def published(self, key: str | None = None, *, city: str | None = None) -> pd.DataFrame:
        """Figures that sources published, with their bounds; of the city shown unless `city` is named ("*": all)."""
        frame = reading(self.engine, lambda connection: read_current(connection, published_figure))
        name = city or self.city.name
        if name != "*":
            stem = name.removesuffix("市")
            # A mask with a dtype: an empty list would select no columns instead of no rows.
            frame = frame[frame["city"].map(lambda city: city == name or str(city).startswith(stem)).astype(bool)]
        if key is not None:
            frame = frame[frame["key"] == key]
        return frame.reset_index(drop=True)

    # -- registers ------------------------------------------------------------------------------------------------

    def register(self, name: str, selection: Selection = WHOLE_CITY) -> pd.DataFrame:
        """Current rows of table `name`, kept to the selection where its rows name a compound, company, grid or area.

        Compounds and companies also get the columns city, county, street, community (codes) and `place` (the names
        from county down).

        Raises:
            UnknownKeyError: no such table.
        """
        if name not in TABLES:
            raise unknown_key(name, TABLES, kind="数据表")
        frame: pd.DataFrame = self.remember(("register", name, selection), lambda: self._read_register(name, selection))
        return frame.copy(deep=False)

    def register_rows(self, name: str, where: ColumnElement[bool]) -> pd.DataFrame:
        """Current rows of table `name` that meet a condition, without the rest being read; not remembered."""
        found = reading(self.engine, lambda connection: read_current(connection, TABLES[name], where=where))
        return self.only_own(name, found)

    def units(
        self, kind: UnitKind, selection: Selection = WHOLE_CITY, *, period_end: str | None = None
    ) -> pd.DataFrame:
        """Units of `kind` in the selection: columns group and label."""
        return self._groups(selection, kind.value, period_end or self.latest_month)

    def inside(self, kind: UnitKind, selection: Selection, period_end: str) -> frozenset[str]:
        """Ids of the units of `kind` in the selection at the end of the month `period_end`."""
        found: frozenset[str] = self.remember(
            ("inside", kind.value, selection, period_end if selection.company else ""),
            lambda: frozenset(self._groups(selection, kind.value, period_end)["group"]),
        )
        return found

    def compound_rows(self, ids: Iterable[str]) -> Rows:
        """A number for each compound by which `is_inside` knows it."""
        return self._cube().compound_rows(ids)

    def is_inside(self, rows: Rows, selection: Selection, period_end: str) -> NDArray[np.bool_]:
        """`inside` for the compounds of `compound_rows`: whether each is in the selection."""
        return self._cube().is_inside(rows, selection, self.places(selection), period_end)

    def only_own(self, name: str, rows: pd.DataFrame) -> pd.DataFrame:
        """The `rows` of table `name` that may be read: all without a scope."""
        return rows if self.scope is None else rows[is_own(name, rows, self)].reset_index(drop=True)

    def batches(self) -> list[dict[str, Any]]:
        """Every import, newest first, as `list_batches` gives it; under a scope those of the account itself."""

        def read() -> list[dict[str, Any]]:
            with self.engine.connect() as connection:
                found = list_batches(connection)
            return found if self.scope is None else [batch for batch in found if batch["actor"] == self.login]

        listed: list[dict[str, Any]] = self.remember(("batches", self.login), read)
        return list(listed)

    # -- inside ---------------------------------------------------------------------------------------------------

    def _groups(self, selection: Selection, by: str | None, period_end: str) -> pd.DataFrame:
        if by is None:
            return self._one(selection)
        cube, places = self._cube(), self.places(selection)
        # Who manages a compound changes from month to month, where it lies does not.
        at = period_end if selection.company or by == UnitKind.COMPANY.value else ""
        found: pd.DataFrame = self.remember(
            ("groups", selection, by, at), lambda: cube.groups(selection, places, by, period_end)
        )
        return found

    def _one(self, selection: Selection) -> pd.DataFrame:
        found: pd.DataFrame = self.remember(
            ("groups", selection), lambda: pd.DataFrame({"group": [TOTAL], "label": [self._title(selection)]})
        )
        return found

    def _cube(self) -> Cube:
        # One for all scopes: it is only ever asked for places that `places` gave.
        everyone = self.whole
        cube: Cube = everyone.remember("cube", lambda: Cube(self.engine, months=self.months))
        return cube

    def _title(self, selection: Selection) -> str:
        unit = selection.compound or selection.company or selection.grid
        if unit is not None:
            return self.label(unit)
        return "、".join(self.label(code) for _, code in self.places(selection))

    def _read(
        self, wanted: list[Indicator], selection: Selection, period: Period | None, by: str | None
    ) -> dict[str, pd.DataFrame]:
        missing: list[Indicator] = []
        out: dict[str, pd.DataFrame] = {}
        revision = ""
        for indicator in wanted:
            cached, revision = self._cached(("figure", indicator.key, selection, period, by))
            if cached is None:
                missing.append(indicator)
            else:
                out[indicator.key] = cached.copy(deep=False)
        if missing:
            for key, frame in self._compute(missing, selection, period, by).items():
                self._keep(("figure", key, selection, period, by), frame, revision)
                out[key] = frame.copy(deep=False)
        return out

    def _by_month(
        self, wanted: list[Indicator], selection: Selection, period: Period | None
    ) -> dict[str, pd.DataFrame]:
        return {
            key: frame.assign(group=frame["month"], label=frame["month"])[FIGURE_COLUMNS]
            for key, frame in self._panels(wanted, selection, period, None).items()
        }

    def _courses(self, wanted: list[Indicator], selection: Selection, period: Period | None) -> dict[str, Course]:
        """Courses of those indicators whose figure of a month is of that month alone.

        None for the compounds of a company, which are others at the end of other months, nor for a period that the store
        does not cover.
        """
        months = self.months
        is_covered = period is None or (period.start in months and period.end in months)
        if not months or selection.company is not None or not is_covered:
            return {}
        found: dict[str, Course] = {}
        missing: list[Indicator] = []
        revision = ""
        for indicator in wanted:
            if indicator.cumulative or indicator.quarterly:
                continue
            cached, revision = self._cached(("course", indicator.key, selection))
            if cached is None:
                missing.append(indicator)
            else:
                found[indicator.key] = cached
        if missing:
            for key, course in retrying(lambda: self._read_courses(missing, selection, months)).items():
                self._keep(("course", key, selection), course, revision)
                found[key] = course
        return found

    def _read_courses(self, wanted: list[Indicator], selection: Selection, months: list[str]) -> dict[str, Course]:
        places, title = self.places(selection), self._title(selection)
        measures = list({m.key: m for i in wanted for m in measures_of(i)}.values())
        cells = read_cells(
            self.engine, self._cube(), measures, places=places, selection=selection, by=None,
            first=months[0], last=months[-1],
        )  # fmt: skip
        rows, spans = cells.rows([TOTAL]), [Period.of(month) for month in months]
        courses = {}
        for i in wanted:
            usable = all(applies(m, selection, places, None) for m in measures_of(i))
            courses[i.key] = Course(months, title, *measured(cells, i, rows, spans, applicable=usable))
        return courses

    def _compute(
        self, wanted: list[Indicator], selection: Selection, period: Period | None, by: str | None
    ) -> dict[str, pd.DataFrame]:
        months = self.months
        if not months:
            return {i.key: pd.DataFrame(columns=FIGURE_COLUMNS) for i in wanted}
        period = period or Period.of(months[-1])
        places = self.places(selection)
        groups = self._groups(selection, by, period.end)
        out: dict[str, pd.DataFrame] = {}
        spans = {i.key: span_of(i, period, months[0]) for i in wanted}
        # Indicators of one span share a read; cumulative ones have their own.
        for span in dict.fromkeys(spans.values()):
            batch = [i for i in wanted if spans[i.key] == span]
            measures = list({m.key: m for i in batch for m in measures_of(i)}.values())
            cells = read_cells(
                self.engine, self._cube(), measures, places=places, selection=selection, by=by,
                first=span.start, last=span.end,
            )  # fmt: skip
            for i in batch:
                usable = all(applies(m, selection, places, by) for m in measures_of(i))
                out[i.key] = figures(
                    cells, i, groups=self._with_found(groups, cells, i, by), spans=[span], applicable=usable
                )
        return out

    def _panels(
        self, wanted: list[Indicator], selection: Selection, period: Period | None, by: str | None
    ) -> dict[str, pd.DataFrame]:
        months = self.months
        columns = [*FIGURE_COLUMNS, "month"]
        if not months:
            return {i.key: pd.DataFrame(columns=columns) for i in wanted}
        period = period or Period(months[0], months[-1])
        asked = period

        def read(indicator: Indicator) -> Callable[[], pd.DataFrame]:
            return lambda: self._panel(indicator, selection, asked, by)

        return {i.key: self.remember(("panel", i.key, selection, asked, by), read(i)) for i in wanted}

    def _panel(self, indicator: Indicator, selection: Selection, period: Period, by: str | None) -> pd.DataFrame:
        places = self.places(selection)
        first = self.months[0] if indicator.cumulative else period.start
        if indicator.quarterly:
            first = span_of(indicator, Period.of(period.start), first).start
        measures = measures_of(indicator)
        cells = read_cells(
            self.engine, self._cube(), measures, places=places, selection=selection, by=by,
            first=min(first, period.start), last=period.end,
        )  # fmt: skip
        usable = all(applies(m, selection, places, by) for m in measures)
        groups = self._with_found(self._groups(selection, by, period.end), cells, indicator, by)
        oldest = self.months[0]
        spans = [span_of(indicator, Period.of(month), oldest) for month in period.months]
        frame = figures(cells, indicator, groups=groups, spans=spans, applicable=usable)
        return frame.assign(month=np.repeat(np.array(period.months, dtype=object), len(groups)))

    def _with_found(self, groups: pd.DataFrame, cells: Cells, indicator: Indicator, by: str | None) -> pd.DataFrame:
        """`groups`, and those that hold cells of the indicator beyond them, so that the parts add up to the whole."""
        if by is None or not cells.of:
            return groups
        extra = sorted(set(cells.holding(m.key for m in measures_of(indicator))) - set(groups["group"]))
        if not extra:
            return groups
        labels = [NOT_DIVIDED if code == ELSEWHERE else self.label(code) for code in extra]
        return pd.concat([groups, pd.DataFrame({"group": extra, "label": labels})], ignore_index=True)

    def _read_places(self) -> pd.DataFrame:
        with self.engine.connect() as connection:
            rows = connection.execute(select(unit_place)).all()
        return pd.DataFrame(rows, columns=[c.name for c in unit_place.columns])

    def _read_register(self, name: str, selection: Selection) -> pd.DataFrame:
        places: pd.DataFrame = self.remember("unit_place", self._read_places)
        if selection != Selection():
            return self._part_of(self.register(name), selection, places)
        with self.engine.connect() as connection:
            frame = read_current(connection, TABLES[name])
        keys = {"compound": "compound_id", "company": "company_id", "grid": "grid_code"}
        if name in keys:
            kind = places[places["unit_kind"] == name].set_index("unit_id")
            for level in (*AREA_LEVELS, *(() if name == "grid" else ("grid",))):
                if level not in frame:
                    frame[level] = frame[keys[name]].map(kind[level])
            frame["place"] = self._place_names(frame, places)
        return self.only_own(name, frame)

    def _place_names(self, frame: pd.DataFrame, places: pd.DataFrame) -> list[str]:
        """Names from county to community of each row; few rows of a large city have a place of their own."""
        codes = [*zip(*(frame[level].tolist() for level in ("county", "street", "community")), strict=True)]
        wanted = {code for chain in set(codes) for code in chain if isinstance(code, str)}
        areas = places[places["unit_id"].isin(wanted)]
        labels = dict(zip(areas["unit_id"], areas["name"], strict=True))
        named = {
            chain: " › ".join(str(labels.get(code, code)) for code in chain if isinstance(code, str))
            for chain in set(codes)
        }
        return [named[chain] for chain in codes]

    def _part_of(self, frame: pd.DataFrame, selection: Selection, places: pd.DataFrame) -> pd.DataFrame:
        """The rows of a register that belong to the selection."""
        for by, column in (("compound", "compound_id"), ("company", "company_id"), ("grid", "grid_code")):
            if column in frame:
                inside = set(self._groups(selection, by, self.latest_month)["group"])
                return frame[frame[column].isin(inside)].reset_index(drop=True)
        for column in ("community_code", "area_code", "code"):
            if column in frame and selection.area is not None:
                below = places[places[self.level_of(selection.area)] == selection.area]["unit_id"]
                return frame[frame[column].isin(set(below))].reset_index(drop=True)
        return frame


def _first_row(frame: pd.DataFrame) -> dict[str, Any]:
    return {str(name): value for name, value in frame.iloc[0].items()} if len(frame) else {}


def require_area(reader: Reader, code: str | None) -> None:
    """Raise UnknownKeyError unless `code` is None or an area of the store."""
    if code is not None:
        reader.level_of(code)


__all__ = ["GROUPINGS", "INDICATORS", "City", "Period", "Reader", "Selection", "UsageError", "require_area"]
