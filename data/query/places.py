"""Which places the store knows, and which of them may be read: the city, its areas, their names and levels."""

from __future__ import annotations

import copy
from typing import Any, NamedTuple, Self

import pandas as pd
from sqlalchemy import Engine, func, select

from data.errors import unknown_key
from data.frames import read_current
from data.query.memory import Remembering
from data.query.ownership import Ownership
from data.query.selection import Selection
from data.query.units import AREA_LEVELS, Place, within
from data.schema import area, calendar, import_batch, management, unit_place
from data.schema.vocabulary import AreaLevel, UnitKind


class City(NamedTuple):
    """The city shown: its official code and its name."""

    code: str
    name: str


class PlaceReader(Remembering):
    """Places of one city, cut to a scope where the reader has one."""

    def __init__(self, engine: Engine, *, city: str | None = None, map_review_no: str = "") -> None:
        super().__init__(engine)
        # What the authority gave the maps of this city, beside the numbers single shapes carry.
        self.map_review_no = map_review_no
        self._wanted_city = city

    def pinned(self) -> Self:
        """This reader for the length of one request: it asks once which revision the store is at."""
        reader = copy.copy(self)
        reader._pinned = self.revision
        return reader

    def scoped(self, areas: tuple[str, ...] | None, *, login: str = "") -> Self:
        """This reader cut to the rows of `areas` (None: the whole city; none: no rows at all).

        Every read after this is of those areas alone: a selection of an area above them becomes them, any other code
        is as unknown as one that does not exist. Codes the store does not have give no rows.

        Args:
            login: the account; it sees the batches it imported itself.
        """
        reader = copy.copy(self.whole)
        reader.login = login
        if areas is not None:
            chosen = set(areas)
            above = {code: set(reader.ancestors(code)) for code in chosen}
            reader.scope = tuple(sorted(code for code in chosen if not above[code] & chosen))
        return reader

    @property
    def whole(self) -> Self:
        """The same store without the cut, for what is fitted over the whole city or compared with it.

        Only for sums, models and rules of many; whoever reads rows or names through it cuts them to `own` again.
        """
        reader = copy.copy(self)
        reader.scope, reader.login = None, ""
        return reader

    # -- what there is ----------------------------------------------------------------------------------------------

    @property
    def city(self) -> City:
        """The configured city, else the first one in the register; empty strings where the store is empty."""
        found: City = self.whole.remember("city", self.whole._read_city)
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
        """Levels to divide what may be read by, from the city down: those the area register holds for the city.

        Under a scope the levels above all of its areas are left out but the city, which stands for the whole scope.
        """
        found: frozenset[str] = self.remember("levels", lambda: frozenset(self.areas()["level"]))
        present = [level for level in AREA_LEVELS if level in found]
        if not self.scope:
            return present
        highest = min((AREA_LEVELS.index(level) for level, _ in self.places(Selection())), default=0)
        return [level for level in present if level == AreaLevel.CITY.value or AREA_LEVELS.index(level) >= highest]

    def areas(self) -> pd.DataFrame:
        """Columns code, name, level, parent_code, is_urban_core; ordered by code.

        Under a scope its areas, what lies in them and what they lie in.
        """
        frame: pd.DataFrame = self.remember("areas", self._read_areas)
        return frame.copy(deep=False)

    @property
    def codes(self) -> frozenset[str]:
        """Codes of `areas`."""
        found: frozenset[str] = self.remember("known areas", lambda: frozenset(self.areas()["code"]))
        return found

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

    # -- what may be read -------------------------------------------------------------------------------------------

    @property
    def home(self) -> str | None:
        """The one area of the scope; None for the city and for a scope of several."""
        return self.scope[0] if self.scope is not None and len(self.scope) == 1 else None

    def places(self, selection: Selection) -> tuple[Place, ...]:
        """What the selection's area stands for: (level, code), none inside another; all of the scope where it names
        none or one above.

        Raises:
            UnknownKeyError: no such area, or one outside the scope.
        """
        if self.scope is None:
            if selection.area is None:
                return ((AreaLevel.CITY.value, self.city.code),)
            return ((self.level_of(selection.area), selection.area),)
        chosen = selection.area
        known = [code for code in self.scope if code in self.codes]
        if chosen is None:
            return tuple((self.level_of(code), code) for code in known)
        level = self.level_of(chosen)
        if chosen in known or set(self.ancestors(chosen)) & set(known):
            return ((level, chosen),)
        return tuple((self.level_of(code), code) for code in known if chosen in self.ancestors(code))

    def own(self, kind: UnitKind | str) -> frozenset[str]:
        """Ids of the units of `kind` that may be read; a company's where its office lies or where it manages."""
        found: dict[str, frozenset[str]] = self.remember("own", self._read_own)
        return found.get(str(kind), frozenset())

    def ownership(self) -> Ownership | None:
        """The units an import may touch; None for the whole city. Companies by their office alone: others share them."""
        if self.scope is None:
            return None
        units = {str(kind): self.own(kind) for kind in UnitKind}
        with self.engine.connect() as connection:
            place = unit_place.c
            offices = select(place.unit_id).where(
                place.unit_kind == UnitKind.COMPANY.value, within(self.places(Selection()))
            )
            units[UnitKind.COMPANY.value] = frozenset(str(unit) for unit in connection.execute(offices).scalars())
        return Ownership(units)

    def _read_own(self) -> dict[str, frozenset[str]]:
        place, relation = unit_place.c, management.c
        statement = select(place.unit_kind, place.unit_id)
        if self.scope is not None:
            statement = statement.where(within(self.places(Selection())))
        with self.engine.connect() as connection:
            found: dict[str, set[str]] = {}
            for kind, unit in connection.execute(statement):
                found.setdefault(str(kind), set()).add(str(unit))
            if self.scope is not None:
                mine = found.get(UnitKind.COMPOUND.value, set())
                managing = select(relation.compound_id, relation.company_id).where(
                    relation.superseded_by.is_(None), relation.company_id.is_not(None)
                )
                companies = {str(company) for compound, company in connection.execute(managing) if compound in mine}
                found.setdefault(UnitKind.COMPANY.value, set()).update(companies)
        return {kind: frozenset(units) for kind, units in found.items()}

    # -- reading ----------------------------------------------------------------------------------------------------

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
        if self.scope is not None:
            return self._cut_areas(self.whole)
        names = ["code", "name", "level", "parent_code", "is_urban_core"]
        with self.engine.connect() as connection:
            frame = read_current(connection, area, columns=names)
        return frame.sort_values("code", ignore_index=True)

    def _cut_areas(self, whole: Self) -> pd.DataFrame:
        """The areas of the scope, those above them and those in them; of an empty scope the city's name alone."""
        frame, scope = whole.areas(), set(self.scope or ())
        above = {holder for code in scope for holder in whole.ancestors(code)} | {whole.city.code}
        kept = [code in scope | above or bool(set(whole.ancestors(code)) & scope) for code in frame["code"]]
        return frame[pd.Series(kept, index=frame.index, dtype=bool)].reset_index(drop=True)

    def _read_labels(self) -> dict[str, str]:
        if self.scope is not None:
            whole: dict[str, str] = self.whole.remember("labels", self.whole._read_labels)
            mine = {unit for kind in UnitKind for unit in self.own(kind)} | self.codes
            return {unit: name for unit, name in whole.items() if unit in mine}
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
