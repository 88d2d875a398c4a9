"""What changed between two editions, and why: later data, new rows, a corrected batch, or another definition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, func, select

from data.catalogue import INDICATORS
from data.catalogue.types import Reported
from data.schema import TABLES, import_batch
from data.statistics.intervals import difference

# Values nearer than this to each other are the same number.
CLOSE = 1e-9


class Cause(StrEnum):
    """Why a number of the later edition differs.

    `later`: it is of a later month. `rows`: of the same month, rows came in since. `corrected`: of the same month, a
    batch was taken back or replaced rows. `definition`: it is counted otherwise. `shown`, `gone`: only one of the
    editions shows it. `unknown`: same batches, same definition, another number.
    """

    LATER = "later"
    ROWS = "rows"
    CORRECTED = "corrected"
    DEFINITION = "definition"
    SHOWN = "shown"
    GONE = "gone"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One number in two editions.

    Attributes:
        key: indicator. group, label: of what; `total` for the whole selection. months: of either number.
        before, after: values; None where nothing was reported or the edition does not show it.
        selection: filters the number was read with. is_in_both: whether both editions show it.
        is_discernible: False where the interval of the difference holds zero; None where there is no interval.
        batches: that explain it: taken back or replaced, or new.
    """

    key: str
    group: str
    label: str
    months: tuple[str, str]
    before: float | None
    after: float | None
    cause: Cause
    is_discernible: bool | None
    selection: dict[str, str]
    is_in_both: bool
    batches: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Cell:
    month: str
    row: dict[str, Any]
    batches: frozenset[int]


_Key = tuple[Any, ...]


def compare(before: dict[str, Any], after: dict[str, Any], connection: Connection) -> list[Difference]:
    """The numbers that differ, in the order of the later edition; what only the earlier one shows comes last.

    Args:
        before, after: frozen numbers of two editions. connection: to the store, which knows what became of the batches.
    """
    old, new = _cells(before), _cells(after)
    store = _Batches(connection)
    found: list[Difference] = []
    for place, cell in new.items():
        found += _compared(place, old.get(place), cell, before, after, store)
    for place, cell in old.items():
        if place not in new:
            found += _compared(place, cell, None, before, after, store)
    return found


def _cells(numbers: dict[str, Any]) -> dict[_Key, _Cell]:
    """Every number by what it is of. A single month is told apart by its distance from the edition's own."""
    cells: dict[_Key, _Cell] = {}
    of = numbers["month"]
    for one in numbers["series"]:
        selection = tuple(sorted(one["selection"].items()))
        start, end = one["period"]
        batches = frozenset(one["batches"])
        # A course names its months; a figure of one month, or of the months up to one, moves with the edition.
        is_course = one["is_panel"] or one["by"] == "month"
        span = () if is_course else (_months_between(start, of), _months_between(end, of))
        for values in one["rows"]:
            row = dict(zip(numbers["fields"], values, strict=True))
            month = row["month"] or (row["group"] if one["by"] == "month" else end)
            group = str(row["group"])
            cells[one["key"], selection, one["by"], is_course, span, group, month if is_course else ""] = _Cell(
                str(month), row, batches
            )
    return cells


def _months_between(month: str, later: str) -> int:
    return (int(later[:4]) - int(month[:4])) * 12 + int(later[5:]) - int(month[5:])


def _compared(
    place: _Key, old: _Cell | None, new: _Cell | None, before: dict[str, Any], after: dict[str, Any], store: _Batches
) -> Iterator[Difference]:
    key = place[0]
    now = new or old
    assert now is not None
    cause, batches = _cause(key, old, new, before, after, store)
    if cause is None:
        return
    was, becomes = (cell.row["value"] if cell else None for cell in (old, new))
    yield Difference(
        key=key, group=str(now.row["group"]), label=str(now.row["label"]),
        months=((old or now).month, (new or now).month), before=was, after=becomes, cause=cause,
        is_discernible=_is_discernible(key, old, new), selection=dict(place[1]),
        is_in_both=old is not None and new is not None, batches=batches,
    )  # fmt: skip


def _cause(
    key: str, old: _Cell | None, new: _Cell | None, before: dict[str, Any], after: dict[str, Any], store: _Batches
) -> tuple[Cause | None, tuple[int, ...]]:
    """Why the cells differ, and the batches that explain it; None where they do not differ."""
    if old is None or new is None:
        cell = new or old
        is_empty = cell is None or cell.row["value"] is None
        # A month that only the later edition has is news, not another choice of charts.
        if new is not None and not is_empty and new.month > before["month"]:
            return Cause.LATER, ()
        return (None, ()) if is_empty else (Cause.SHOWN if old is None else Cause.GONE, ())
    prints = [(numbers["definitions"].get(key) or {}).get("fingerprint") for numbers in (before, after)]
    if prints[0] != prints[1]:
        return Cause.DEFINITION, ()
    if _same(old.row, new.row):
        return None, ()
    if old.month != new.month:
        return Cause.LATER, ()
    gone = old.batches - new.batches
    come = new.batches - old.batches
    corrected = store.reverted(old.batches) | {batch for batch in come if store.has_replaced(batch)}
    if corrected:
        return Cause.CORRECTED, tuple(sorted(corrected))
    if come:
        return Cause.ROWS, tuple(sorted(come))
    return (Cause.CORRECTED, tuple(sorted(gone))) if gone else (Cause.UNKNOWN, ())


def _same(old: dict[str, Any], new: dict[str, Any]) -> bool:
    return all(_equal(old[name], new[name]) for name in ("value", "numerator", "denominator"))


def _equal(one: Any, other: Any) -> bool:
    if one is None or other is None:
        return one is other
    return abs(float(one) - float(other)) <= CLOSE * max(1.0, abs(float(one)))


def _is_discernible(key: str, old: _Cell | None, new: _Cell | None) -> bool | None:
    """Whether the interval of the difference leaves zero out; None where the indicator has no interval."""
    indicator = INDICATORS.get(key)
    if old is None or new is None or indicator is None or not indicator.is_binomial:
        return None
    if indicator.denominator is Reported.UNITS and indicator.unit == "%":
        # A census of units: a change is a change.
        return None
    counts = [cell.row[name] for cell in (old, new) for name in ("numerator", "denominator")]
    if any(count is None for count in counts):
        return None
    return bool(difference(*counts).is_discernible)


class _Batches:
    """What became of batches, each looked up once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._reverted: set[int] | None = None
        self._replaced: dict[int, bool] = {}

    def reverted(self, batches: frozenset[int]) -> set[int]:
        """Those that were taken back."""
        if self._reverted is None:
            statement = select(import_batch.c.batch_id).where(import_batch.c.reverted_at.is_not(None))
            self._reverted = set(self._connection.execute(statement).scalars())
        return self._reverted & batches

    def has_replaced(self, batch: int) -> bool:
        """Whether the batch ended rows of an earlier one."""
        if batch not in self._replaced:
            self._replaced[batch] = any(
                self._connection.execute(
                    select(func.count()).select_from(table).where(table.c.superseded_by == batch)
                ).scalar()
                for table in TABLES.values()
                if "superseded_by" in table.c
            )
        return self._replaced[batch]
