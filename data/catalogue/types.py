"""What a measure and an indicator are. Both are data, checked where they are declared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from sqlalchemy import CompoundSelect, Select

from data.schema.vocabulary import UnitKind

# Columns: unit_id, month, value, source_table, row_id. One row per register row, event or observation.
RowSelect = Select[Any] | CompoundSelect[Any]

AREA_UNITS = (UnitKind.COMMUNITY, UnitKind.STREET, UnitKind.COUNTY, UnitKind.CITY)
PLACED = (UnitKind.COMPOUND, *AREA_UNITS)


class Nature(StrEnum):
    """A stock is a count at month end and takes the last month of a period; a flow adds up over it."""

    STOCK = "stock"
    FLOW = "flow"


class Absence(StrEnum):
    """What a missing cell means: nobody reported, or nothing happened."""

    UNREPORTED = "unreported"
    ZERO = "zero"


class Page(StrEnum):
    """The pages; values are URL path stems. An indicator lives on one of them, but for `methods`, which has none."""

    OVERVIEW = "overview"
    COVERAGE = "coverage"
    SATISFACTION = "satisfaction"
    COMPANIES = "companies"
    RANKING = "ranking"
    COMPOUND = "compound"
    BRIEFING = "briefing"
    DATA = "data"
    METHODS = "methods"


@dataclass(frozen=True, kw_only=True)
class Measure:
    """An additive count of a base unit in a month.

    Attributes:
        rows: builds the select of the rows it is counted from (`RowSelect`); the roll-up groups it, a trace filters it.
        combine: how several rows of one unit and month make its cell; above the unit cells always add.
        units: kinds of unit its cells are keyed by.
        population: count measure that says how many units should have reported (None: no such number).
        pair: measure that must be reported with it, or not at all (收缴 needs 应收).
        managed_only: cells of compounds outside the register of managed compounds are left out.
        suppress_below: counts under this are shown as `<n`.
        observed: entered in the monthly sheets (template column) rather than counted from other tables.
        derived_from: measures whose cells it reads instead of rows.
    """

    key: str
    zh: str
    en: str
    unit: str
    nature: Nature
    units: tuple[UnitKind, ...]
    rows: Callable[[], RowSelect]
    combine: Literal["sum", "max"] = "sum"
    absence: Absence = Absence.UNREPORTED
    population: str | None = None
    pair: str | None = None
    managed_only: bool = True
    suppress_below: int | None = None
    observed: bool = False
    is_flag: bool = False
    is_integer: bool = True
    high: float | None = None
    derived_from: tuple[str, ...] = ()


class Reported(StrEnum):
    """Denominator of a share of states: the units that reported the numerator at all."""

    UNITS = "reported units"


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """Numerator ÷ denominator of additive measures, summed over any area and period and divided last.

    Attributes:
        numerator: measures added up.
        denominator: measures added up, `Reported.UNITS`, or None for a plain count.
        scale: the quotient is multiplied by it (100 for per cent, 1000 for per mille).
        direction: +1 more is better, −1 less is better, 0 neither.
        target: threshold to compare with, in the indicator's unit.
        is_binomial: numerator are successes of denominator trials; gets a Wilson interval.
        codes: rows of the mechanisms table of the source documents it shows.
        finest: finest level at which it may be shown (conduct totals never below the street).
        quarterly: shown for the last completed quarter, whatever month is chosen.
        cumulative: a flow shown as the total since counting began rather than of the month.
    """

    key: str
    zh: str
    en: str
    definition_zh: str
    definition_en: str
    unit: str
    numerator: tuple[str, ...]
    denominator: tuple[str, ...] | Reported | None = None
    scale: float = 1.0
    decimals: int = 0
    direction: Literal[-1, 0, 1] = 0
    target: float | None = None
    is_binomial: bool = False
    codes: tuple[str, ...] = ()
    page: Page = Page.OVERVIEW
    source: str = ""
    finest: UnitKind | None = None
    cumulative: bool = False
    quarterly: bool = False
    caveats: tuple[str, ...] = field(default=())
