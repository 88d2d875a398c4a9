"""需要有人去: what crossed a line this month, the surest first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from dashboard.cards.reading import Reading
from dashboard.cards.types import Drawing, Entry
from dashboard.figures.plotted import records
from dashboard.numbers import number, quantity
from data.interviews import interviews
from data.query import Period
from data.satisfaction import inside_selection, latest_wave, months_back, red_compounds, street_of_compounds
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
    found = {
        "red": _red(reading),
        "collection": _collection(reading),
        "overdue": _overdue(reading),
        "missing": _missing(reading),
    }
    reasons = {name: reason for name, reason in found.items() if reason is not None}
    counts = {name: len(reason.rows) for name, reason in reasons.items()}
    entries = _chosen(reasons, most, room)
    if not entries:
        has_data = latest_wave(reader, reading.month, view.selection) is not None
        return reading.empty(title, words("overview.attention.nothing" if has_data else "overview.attention.no_data"))
    title = words("overview.attention.title", n=number(sum(counts.values())))
    listed = [words(f"overview.attention.count_{name}", n=number(n)) for name, n in counts.items() if n]
    return Drawing(
        title=title, subtitle=reading.line(*listed), entries=entries, as_of=reading.foot([])["as_of"],
        note=words("wall.attention_note" if room else "overview.attention.note", n=most, floor=f"{COLLECTION_FLOOR:.0f}%", p=f"{RED_PROBABILITY:.0%}"),
        alt=title, queries=tuple(reading.queries),
    )  # fmt: skip


class Reason(NamedTuple):
    """What a reason was found for, the surest first, and how one of these is said."""

    rows: pd.DataFrame
    entry: Callable[[dict[str, Any]], Entry]


def _chosen(reasons: dict[str, Reason], most: int, room: int) -> tuple[Entry, ...]:
    found = {name: len(reason.rows) for name, reason in reasons.items()}
    taken = {name: min(count, most) for name, count in found.items()}
    for name, count in found.items():
        taken[name] += max(0, min(count - taken[name], room - sum(taken.values())))
    return tuple(
        reason.entry(row) for name, reason in reasons.items() for row in records(reason.rows.head(taken[name]))
    )


def _where(reading: Reading, name: str, street: object) -> str:
    known = isinstance(street, str) and bool(street)
    return reading.line(name, reading.reader.label(str(street)) if known else "")


def _red(reading: Reading) -> Reason:
    words = reading.words
    rows = red_compounds(reading.reader, reading.month, reading.view.selection)
    return Reason(
        rows,
        lambda row: Entry(
            tone="alert",
            tag=words("overview.attention.tag_red"),
            title=_where(reading, str(row["label"]), row["street"]),
            detail=words("overview.attention.red", p=_chance(float(row["p_below"])), n=number(float(row["valid"]))),
            view={"profile": str(row["compound_id"])},
        ),
    )


def _chance(p: float) -> str:
    return ">99%" if p > 0.99 else f"{p:.0%}"


def _collection(reading: Reading) -> Reason | None:
    """Compounds whose fees came in under the floor in each of the last months."""
    words, reader = reading.words, reading.reader
    first = months_back(reading.month, COLLECTION_MONTHS - 1)
    if first < reader.months[0]:
        return None
    period = Period(first, reading.month)
    reading.note(COLLECTION, by=UnitKind.COMPOUND.value, period=period, is_panel=True)
    low = inside_selection(reader, _low_collection(reader, period), reading.month, reading.view.selection)
    return Reason(
        low,
        lambda row: Entry(
            tone="alert",
            tag=words("overview.attention.tag_collection"),
            title=_where(reading, str(row["label"]), row["street"]),
            detail=words("overview.attention.collection", months=COLLECTION_MONTHS, floor=f"{COLLECTION_FLOOR:.0f}%",
                         value=quantity(row["value"], "%", words, decimals=1)),
            view={"profile": str(row["compound_id"])},
        ),
    )  # fmt: skip


def _low_collection(reader: Reader, period: Period) -> pd.DataFrame:
    """Compounds under the floor in every month of the period: compound_id, label, street, value of the last month,
    lowest first."""

    def read() -> pd.DataFrame:
        panel = reader.panel(COLLECTION, by=UnitKind.COMPOUND.value, period=period)
        # A panel lists every group of a month, month after month.
        values = panel["value"].to_numpy(dtype=float).reshape(len(period.months), -1)
        count = values.shape[1]
        low = np.flatnonzero((values < COLLECTION_FLOOR).all(axis=0))
        low = low[np.argsort(values[-1, low], kind="stable")]
        units, labels = (panel[name].tolist()[:count] for name in ("group", "label"))
        streets = street_of_compounds(reader)
        return pd.DataFrame(
            {
                "compound_id": [units[row] for row in low], "label": [labels[row] for row in low],
                "street": [streets.get(units[row]) for row in low], "value": values[-1, low],
            }
        )  # fmt: skip

    found: pd.DataFrame = reader.remember(("low collection", period), read)
    return found


def _overdue(reading: Reading) -> Reason:
    """Interviews not held, and rectifications not done, past their day."""
    words = reading.words
    reader, month = reading.reader, reading.month

    def read() -> pd.DataFrame:
        frame = interviews(reader, month)
        return frame[frame["days_over"] > 0].reset_index(drop=True)

    rows = inside_selection(reader, reader.remember(("overdue", month), read), month, reading.view.selection)
    rows = rows.sort_values("days_over", ascending=False)
    return Reason(
        rows,
        lambda row: Entry(
            tone="overdue",
            tag=words("overview.attention.tag_overdue"),
            title=_where(reading, str(row["label"]), row["street"]),
            detail=words(f"overview.attention.state_{row['state'].name.lower()}", days=number(float(row["days_over"]))),
            view={"profile": str(row["compound_id"])},
        ),
    )


def _missing(reading: Reading) -> Reason | None:
    """Streets (counties where there are none) with compounds of which none filed this month's fees."""
    words, levels = reading.words, reading.reader.levels
    level = AreaLevel.STREET.value if AreaLevel.STREET.value in levels else AreaLevel.COUNTY.value
    if level not in levels:
        return None
    if reading.view.area and levels.index(reading.reader.level_of(reading.view.area)) > levels.index(level):
        return None
    frame = reading.figures([COLLECTION], by=level)[COLLECTION]
    if not frame["reported"].fillna(0).sum():
        # Nobody files it here: no street stands out by its silence.
        return None
    rows = frame[(frame["expected"].fillna(0) > 0) & (frame["reported"].fillna(0) == 0)]
    rows = rows.sort_values("expected", ascending=False)
    return Reason(
        rows,
        lambda row: Entry(
            tone="missing",
            tag=words("overview.attention.tag_missing"),
            title=str(row["label"]),
            detail=words("overview.attention.missing", n=number(float(row["expected"]))),
            view={"area": str(row["group"])},
        ),
    )
