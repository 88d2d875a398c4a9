"""The one place that reads figures: pages, commands and exports ask a `Reader` and get the same numbers."""

from __future__ import annotations

import copy
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from sqlalchemy import Engine, func, select

from data.catalogue import INDICATORS, Indicator
from data.catalogue import indicator as indicator_of
from data.errors import UsageError, unknown_key
from data.frames import read_current
from data.query.cells import read_cells
from data.query.cube import Cube
from data.query.figures import FIGURE_COLUMNS, figures, measures_of, span_of
from data.query.matrices import Cells
from data.query.selection import Period, Selection
from data.query.units import AREA_LEVELS, ELSEWHERE, applies
from data.schema import TABLES, area, calendar, import_batch, published_figure, unit_place
from data.schema.vocabulary import AreaLevel, UnitKind

GROUPINGS = ("county", "street", "community", "grid", "compound", "company", "month")
CACHED_RESULTS = 2048
WHOLE_CITY = Selection()
# Label of what belongs to none of the parts shown.
NOT_DIVIDED = "未分到此级"


class City(NamedTuple):
    """The city shown: its official code and its name."""

    code: str
    name: str


@dataclass
class _Memory:
    """Results of one revision, shared by a reader and its pinned copies."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    results: OrderedDict[Any, Any] = field(default_factory=OrderedDict)
    revision: str = ""


class Reader:
    """Figures and registers of one city, as of the store's last committed batch.

    Results are cached until a batch is committed or reverted, and handed out as copies (pandas copies what is changed,
    when it is changed).
    """

    def __init__(self, engine: Engine, *, city: str | None = None) -> None:
        self.engine = engine
        self._wanted_city = city
        self._memory = _Memory()
        self._pinned: str | None = None

    # -- what the store holds -------------------------------------------------------------------------------------

    @property
    def revision(self) -> str:
        """Changes with every commit and revert."""
        if self._pinned is not None:
            return self._pinned
        with self.engine.connect() as connection:
            newest, reverted = connection.execute(
                select(func.max(import_batch.c.batch_id), func.count(import_batch.c.reverted_at))
            ).one()
        return f"{newest or 0}-{reverted}"

    def pinned(self) -> Reader:
        """This reader for the length of one request: it asks once which revision the store is at."""
        reader = copy.copy(self)
        reader._pinned = self.revision
        return reader

    def scoped(self, areas: tuple[str, ...] | None) -> Reader:
        """This reader cut to the rows of `areas` (None: the whole city)."""
        if areas is None:
            return self
        raise UsageError("还不能按区域限定数据范围", todo="请使用全市账号", code="no_scope")

    @property
    def city(self) -> City:
        """The configured city, else the first one in the register; empty strings where the store is empty."""
        found: City = self.remember("city", self._read_city)
        return found

    def _read_city(self) -> City:
        areas = self.areas()
        cities = areas[areas["level"] == AreaLevel.CITY.value]
        if self._wanted_city:
            cities = cities[(cities["code"] == self._wanted_city) | (cities["name"] == self._wanted_city)]
        if cities.empty:
            return City("", "")
        first = cities.sort_values("code").iloc[0]
        return City(str(first["code"]), str(first["name"]))

    @property
    def months(self) -> list[str]:
        """All months the store covers, oldest first."""
        months: list[str] = self.remember("months", self._read_months)
        return list(months)

    @property
    def latest_month(self) -> str:
        """The newest month; empty where the store is."""
        months = self.months
        return months[-1] if months else ""

    @property
    def is_demo(self) -> bool:
        """True while a batch of demo data stands."""
        return bool(self.remember("is_demo", self._read_is_demo))

    @property
    def levels(self) -> list[str]:
        """Levels the area register holds for the city, from the city down."""
        found: frozenset[str] = self.remember("levels", lambda: frozenset(self.areas()["level"]))
        return [level for level in AREA_LEVELS if level in found]

    def areas(self) -> pd.DataFrame:
        """Columns code, name, level, parent_code, is_urban_core; ordered by code."""
        frame: pd.DataFrame = self.remember("areas", self._read_areas)
        return frame.copy(deep=False)

    def level_of(self, code: str) -> str:
        """Level of an area code. Raises UnknownKeyError with the nearest code."""
        levels: dict[str, str] = self.remember("level_of", lambda: dict(self._pairs("level")))
        if code not in levels:
            raise unknown_key(code, levels, kind="区划代码")
        return levels[code]

    def label(self, code: str) -> str:
        """Name of an area, grid, compound or company; the code itself when unknown."""
        labels: dict[str, str] = self.remember("labels", self._read_labels)
        return labels.get(code, code)

    def children(self, code: str) -> pd.DataFrame:
        """Areas directly below `code`, with the columns of `areas`."""
        areas = self.areas()
        return areas[areas["parent_code"] == code].reset_index(drop=True)

    def ancestors(self, code: str) -> list[str]:
        """Codes above `code`, from the city down, itself not included."""
        parents: dict[str, str] = self.remember("parents", lambda: dict(self._pairs("parent_code")))
        chain: list[str] = []
        here = parents.get(code)
        while here and here in parents and here not in chain:
            chain.append(here)
            here = parents.get(here)
        return chain[::-1]

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
        if by == "month":
            found = self._panels(wanted, selection, period, None)
            return {
                key: frame.assign(group=frame["month"], label=frame["month"])[FIGURE_COLUMNS]
                for key, frame in found.items()
            }
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
        return {indicator.key: out[indicator.key] for indicator in wanted}

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
        with self.engine.connect() as connection:
            frame = read_current(connection, published_figure)
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

    def units(
        self, kind: UnitKind, selection: Selection = WHOLE_CITY, *, period_end: str | None = None
    ) -> pd.DataFrame:
        """Units of `kind` in the selection: columns group and label."""
        return self._groups(selection, kind.value, period_end or self.latest_month)

    # -- inside ---------------------------------------------------------------------------------------------------

    def _level(self, selection: Selection) -> str | None:
        return None if selection.area is None else self.level_of(selection.area)

    def _groups(self, selection: Selection, by: str | None, period_end: str) -> pd.DataFrame:
        if by is None:
            return self._whole(selection)
        cube, level = self._cube(), self._level(selection)
        found: pd.DataFrame = self.remember(
            ("groups", selection, by, period_end), lambda: cube.groups(selection, level, by, period_end)
        )
        return found

    def _whole(self, selection: Selection) -> pd.DataFrame:
        found: pd.DataFrame = self.remember(
            ("groups", selection), lambda: pd.DataFrame({"group": ["total"], "label": [self._title(selection)]})
        )
        return found

    def _cube(self) -> Cube:
        cube: Cube = self.remember("cube", lambda: Cube(self.engine, city=self.city.code, months=self.months))
        return cube

    def _title(self, selection: Selection) -> str:
        code = selection.compound or selection.company or selection.grid or selection.area or self.city.code
        return self.label(code)

    def _compute(
        self, wanted: list[Indicator], selection: Selection, period: Period | None, by: str | None
    ) -> dict[str, pd.DataFrame]:
        months = self.months
        if not months:
            return {i.key: pd.DataFrame(columns=FIGURE_COLUMNS) for i in wanted}
        period = period or Period.of(months[-1])
        level = self._level(selection)
        groups = self._groups(selection, by, period.end)
        out: dict[str, pd.DataFrame] = {}
        spans = {i.key: span_of(i, period, months[0]) for i in wanted}
        # Indicators of one span share a read; cumulative ones have their own.
        for span in dict.fromkeys(spans.values()):
            batch = [i for i in wanted if spans[i.key] == span]
            measures = list({m.key: m for i in batch for m in measures_of(i)}.values())
            cells = read_cells(
                self.engine, self._cube(), measures, city=self.city.code, selection=selection, level=level, by=by,
                first=span.start, last=span.end,
            )  # fmt: skip
            for i in batch:
                usable = all(applies(m, selection, level, by) for m in measures_of(i))
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
        level = self._level(selection)
        first = self.months[0] if indicator.cumulative else period.start
        if indicator.quarterly:
            first = span_of(indicator, Period.of(period.start), first).start
        measures = measures_of(indicator)
        cells = read_cells(
            self.engine, self._cube(), measures, city=self.city.code, selection=selection, level=level, by=by,
            first=min(first, period.start), last=period.end,
        )  # fmt: skip
        usable = all(applies(m, selection, level, by) for m in measures)
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

    def _read_months(self) -> list[str]:
        with self.engine.connect() as connection:
            return list(connection.execute(select(calendar.c.month).order_by(calendar.c.month)).scalars())

    def _read_is_demo(self) -> bool:
        with self.engine.connect() as connection:
            statement = select(func.count()).where(
                import_batch.c.is_demo.is_(True), import_batch.c.reverted_at.is_(None)
            )
            return bool(connection.execute(statement).scalar())

    def _read_areas(self) -> pd.DataFrame:
        names = ["code", "name", "level", "parent_code", "is_urban_core"]
        with self.engine.connect() as connection:
            frame = read_current(connection, area, columns=names)
        return frame.sort_values("code", ignore_index=True)

    def _read_labels(self) -> dict[str, str]:
        with self.engine.connect() as connection:
            return {
                str(unit): str(name)
                for unit, name in connection.execute(select(unit_place.c.unit_id, unit_place.c.name))
            }

    def _pairs(self, column: str) -> list[tuple[str, Any]]:
        frame = self.areas()
        return [
            (str(code), None if pd.isna(value) else str(value))
            for code, value in zip(frame["code"], frame[column], strict=True)
        ]

    def _read_register(self, name: str, selection: Selection) -> pd.DataFrame:
        table = TABLES[name]
        with self.engine.connect() as connection:
            frame = read_current(connection, table)
            places = pd.DataFrame(
                connection.execute(select(unit_place)).all(), columns=[c.name for c in unit_place.columns]
            )
        keys = {"compound": "compound_id", "company": "company_id", "grid": "grid_code"}
        if name in keys:
            kind = places[places["unit_kind"] == name].set_index("unit_id")
            for level in (*AREA_LEVELS, *(() if name == "grid" else ("grid",))):
                if level not in frame:
                    frame[level] = frame[keys[name]].map(kind[level])
            labels = dict(zip(places["unit_id"], places["name"], strict=True))
            frame["place"] = [
                " › ".join(str(labels.get(code, code)) for code in codes if isinstance(code, str))
                for codes in zip(frame["county"], frame["street"], frame["community"], strict=True)
            ]
        if selection == Selection():
            return frame
        for by, column in (("compound", "compound_id"), ("company", "company_id"), ("grid", "grid_code")):
            if column in frame:
                inside = set(self._groups(selection, by, self.latest_month)["group"])
                return frame[frame[column].isin(inside)].reset_index(drop=True)
        for column in ("community_code", "area_code", "code"):
            if column in frame and selection.area is not None:
                below = places[places[self.level_of(selection.area)] == selection.area]["unit_id"]
                return frame[frame[column].isin(set(below))].reset_index(drop=True)
        return frame

    # -- cache ----------------------------------------------------------------------------------------------------

    def _cached(self, key: Any) -> tuple[Any, str]:
        """The cached result (None if there is none) and the revision it must belong to."""
        revision = self.revision
        memory = self._memory
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
            memory.results[key] = value
            while len(memory.results) > CACHED_RESULTS:
                memory.results.popitem(last=False)

    def remember(self, key: Any, read: Callable[[], Any]) -> Any:
        """`read()`, or what it gave since the last commit or revert; the caller copies what it changes."""
        found, revision = self._cached(key)
        if found is None:
            found = read()
            self._keep(key, found, revision)
        return found


def require_area(reader: Reader, code: str | None) -> None:
    """Raise UnknownKeyError unless `code` is None or an area of the store."""
    if code is not None:
        reader.level_of(code)


__all__ = ["GROUPINGS", "INDICATORS", "City", "Period", "Reader", "Selection", "UsageError", "require_area"]
