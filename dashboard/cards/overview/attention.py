"""需要有人去: what crossed a line this month, the surest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from dashboard.cards.reading import Reading
from dashboard.cards.types import Drawing, Entry
from dashboard.figures.plotted import records
from dashboard.numbers import number, quantity
from data.interviews import interviews
from data.query import Period
from data.satisfaction import latest_wave, months_back, red_compounds, rows_inside, street_of_compounds
from data.schema.vocabulary import AreaLevel, UnitKind
from data.statistics.bands import RED_PROBABILITY

if TYPE_CHECKING:
    from dashboard.theme import Ink
    from dashboard.view import View
    from dashboard.wording import Words
    from data.query import Reader

COLLECTION = "fee_collection_rate"
COLLECTION_FLOOR = 50.0
COLLECTION_MONTHS = 3
MOST_OF_EACH = 2
# What every entry says of its compound. No more is kept: of a very large city there are thousands, for every month.
_NAMED = ("compound_id", "label", "street")


def attention(
    reader: Reader, view: View, ink: Ink, words: Words, *, most: int = MOST_OF_EACH, room: int = 0
) -> Drawing:
    """Compounds in the red band, low collection three months running, interviews overdue, streets without a report.

    Args:
        most: of each reason at most so many are listed; the title counts them all.
        room: where that leaves fewer than so many, more are listed in the order of the reasons.
    """
    reading = Reading(reader, view, words)
    title = words("overview.attention.title_none")
    if not reader.months:
        return reading.empty(title, words("reading.no_months"))
    reasons = {
        "red": _red(reading),
        "collection": _collection(reading),
        "overdue": _overdue(reading),
        "missing": _missing(reading),
    }
    counts = {name: len(reason.rows) for name, reason in reasons.items()}
    entries = _chosen(reasons, most, room)
    if not entries:
        has_data = latest_wave(reader, reading.month, view.selection) is not None
        nothing = reading.empty(
            title, words("overview.attention.nothing" if has_data else "overview.attention.no_data")
        )
        # Where nobody need go, nothing else need be looked for.
        return replace(nothing, todo="") if has_data else nothing
    title = words("overview.attention.title", n=number(sum(counts.values())))
    listed = [words(f"overview.attention.count_{name}", n=number(n)) for name, n in counts.items() if n]
    return Drawing(
        title=title, subtitle=reading.line(*listed), entries=entries, as_of=reading.foot([])["as_of"],
        note=words("wall.attention_note" if room else "overview.attention.note", n=most, floor=f"{COLLECTION_FLOOR:.0f}%", p=f"{RED_PROBABILITY:.0%}"),
        alt=title, queries=tuple(reading.queries),
    )  # fmt: skip


@dataclass(frozen=True)
class _Reason:
    """What crossed a line: its rows, the first the most pressing, and how one of them is said."""

    rows: Sequence[dict[str, Any]]
    say: Callable[[dict[str, Any]], Entry]


def _chosen(reasons: dict[str, _Reason], most: int, room: int) -> tuple[Entry, ...]:
    taken = {name: min(len(reason.rows), most) for name, reason in reasons.items()}
    for name, reason in reasons.items():
        taken[name] += max(0, min(len(reason.rows) - taken[name], room - sum(taken.values())))
    return tuple(reason.say(row) for name, reason in reasons.items() for row in reason.rows[: taken[name]])


def _where(reading: Reading, name: str, street: object) -> str:
    known = isinstance(street, str) and bool(street)
    return reading.line(name, reading.reader.label(str(street)) if known else "")


def _red(reading: Reading) -> _Reason:
    words = reading.words

    def say(row: dict[str, Any]) -> Entry:
        return Entry(
            tone="alert",
            tag=words("overview.attention.tag_red"),
            title=_where(reading, str(row["label"]), row["street"]),
            detail=words("overview.attention.red", p=_chance(float(row["p_below"])), n=number(float(row["valid"]))),
            view={"profile": str(row["compound_id"])},
        )

    return _Reason(_inside(reading, red_rows(reading.reader, reading.month)), say)


def _inside(reading: Reading, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return rows_inside(reading.reader, rows, reading.month, reading.view.selection)


def red_rows(reader: Reader, month: str) -> list[dict[str, Any]]:
    """Rows of `red_compounds` of the whole city."""
    everyone, told = reader.whole, [*_NAMED, "p_below", "valid"]
    found: list[dict[str, Any]] = everyone.remember(
        ("red rows", month), lambda: records(red_compounds(everyone, month)[told]), is_fact=True
    )
    return found


def _chance(p: float) -> str:
    return ">99%" if p > 0.99 else f"{p:.0%}"


def _collection(reading: Reading) -> _Reason:
    """Compounds whose fees came in under the floor in each of the last months."""
    words, reader = reading.words, reading.reader
    period = _months_of_collection(reading.month)

    def say(row: dict[str, Any]) -> Entry:
        return Entry(
            tone="alert",
            tag=words("overview.attention.tag_collection"),
            title=_where(reading, str(row["label"]), row["street"]),
            detail=words("overview.attention.collection", months=COLLECTION_MONTHS, floor=f"{COLLECTION_FLOOR:.0f}%",
                         value=quantity(row["value"], "%", words, decimals=1)),
            view={"profile": str(row["compound_id"])},
        )  # fmt: skip

    if period.start < reader.months[0]:
        return _Reason((), say)
    reading.note(COLLECTION, by=UnitKind.COMPOUND.value, period=period, is_panel=True)
    return _Reason(_inside(reading, low_collection(reader, reading.month)), say)


def _months_of_collection(month: str) -> Period:
    return Period(months_back(month, COLLECTION_MONTHS - 1), month)


def low_collection(reader: Reader, month: str) -> list[dict[str, Any]]:
    """Compounds under the floor in each of the last months up to `month`: compound_id, label, street, value of the
    last month, lowest first. None where the store does not go back so far."""
    period = _months_of_collection(month)

    def read() -> list[dict[str, Any]]:
        if period.start < reader.months[0]:
            return []
        panel = reader.panel(COLLECTION, by=UnitKind.COMPOUND.value, period=period)
        # A panel lists every group of a month, month after month.
        values = panel["value"].to_numpy(dtype=float).reshape(len(period.months), -1)
        count = values.shape[1]
        low = np.flatnonzero((values < COLLECTION_FLOOR).all(axis=0))
        low = low[np.argsort(values[-1, low], kind="stable")]
        units, labels = (panel[name].tolist()[:count] for name in ("group", "label"))
        streets = street_of_compounds(reader)
        return [
            {
                "compound_id": units[row], "label": labels[row], "street": streets.get(units[row]),
                "value": float(values[-1, row]),
            }
            for row in low
        ]  # fmt: skip

    found: list[dict[str, Any]] = reader.remember(("low collection", period), read, is_fact=True)
    return found


def _overdue(reading: Reading) -> _Reason:
    """Interviews not held, and rectifications not done, past their day."""
    words = reading.words

    def say(row: dict[str, Any]) -> Entry:
        return Entry(
            tone="overdue",
            tag=words("overview.attention.tag_overdue"),
            title=_where(reading, str(row["label"]), row["street"]),
            detail=words(f"overview.attention.state_{row['state'].name.lower()}", days=number(float(row["days_over"]))),
            view={"profile": str(row["compound_id"])},
        )

    return _Reason(_inside(reading, overdue_rows(reading.reader, reading.month)), say)


def overdue_rows(reader: Reader, month: str) -> list[dict[str, Any]]:
    """Rows of `interviews` that are past their day, the longest overdue first."""

    def read() -> list[dict[str, Any]]:
        frame = interviews(reader, month)
        return records(frame.loc[(frame["days_over"] > 0).to_numpy(), [*_NAMED, "state", "days_over"]])

    found: list[dict[str, Any]] = reader.remember(("overdue rows", month), read, is_fact=True)
    return found


def _missing(reading: Reading) -> _Reason:
    """Streets (counties where there are none) with compounds of which none filed this month's fees."""
    words, levels = reading.words, reading.reader.levels
    level = AreaLevel.STREET.value if AreaLevel.STREET.value in levels else AreaLevel.COUNTY.value

    def say(row: dict[str, Any]) -> Entry:
        return Entry(
            tone="missing",
            tag=words("overview.attention.tag_missing"),
            title=str(row["label"]),
            detail=words("overview.attention.missing", n=number(float(row["expected"]))),
            view={"area": str(row["group"])},
        )

    if level not in levels:
        return _Reason((), say)
    if reading.view.area and levels.index(reading.reader.level_of(reading.view.area)) > levels.index(level):
        return _Reason((), say)
    frame = reading.figures([COLLECTION], by=level)[COLLECTION]
    reported, expected = (np.nan_to_num(frame[name].to_numpy(dtype=float)) for name in ("reported", "expected"))
    # Where nobody files it, no street stands out by its silence.
    silent = np.flatnonzero((expected > 0) & (reported == 0)) if reported.any() else np.array([], dtype=np.intp)
    silent = silent[np.argsort(-expected[silent], kind="stable")]
    groups, labels = (frame[name].to_numpy()[silent] for name in ("group", "label"))
    rows = zip(groups, labels, expected[silent].tolist(), strict=True)
    return _Reason([{"group": group, "label": label, "expected": count} for group, label, count in rows], say)
