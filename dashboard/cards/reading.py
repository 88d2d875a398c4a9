"""What a card reads, noted as it reads: the figures, the queries to repeat them, and the words of place and time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from dashboard.cards.types import Choice, Drawing, Query, ViewField
from dashboard.numbers import is_missing, month_name, number
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue import INDICATORS
from data.query import Period, Selection
from data.satisfaction import months_back
from data.schema.vocabulary import AreaLevel, UnitKind

if TYPE_CHECKING:
    from data.query import Reader

BLANK: dict[str, Any] = {
    "group": "total", "label": "", "value": None, "numerator": None, "denominator": None, "reported": None,
    "expected": None, "low": None, "high": None, "suppressed": False,
}  # fmt: skip


class Reading:
    """The reads of one card for one view.

    Every figure read through it is also in `queries`, so that a card cannot forget to say what it was drawn from.
    """

    def __init__(self, reader: Reader, view: View, words: Words) -> None:
        self.reader, self.view, self.words = reader, view, words
        self.queries: list[Query] = []

    @property
    def month(self) -> str:
        """The month shown; empty in an empty store."""
        return self.view.month_of(self.reader)

    @property
    def period(self) -> Period:
        """The month shown, as a period."""
        return Period.of(self.month)

    def back(self, months: int) -> Period:
        """The last `months` months up to the one shown, as far as the store goes back."""
        return Period(max(self.reader.months[0], months_back(self.month, months - 1)), self.month)

    def year_before(self) -> Period | None:
        """The same month a year before, if the store has it."""
        before = months_back(self.month, 12)
        return Period.of(before) if before in self.reader.months else None

    # -- figures ----------------------------------------------------------------------------------------------------

    def figures(
        self,
        keys: Iterable[str],
        *,
        by: str | None = None,
        period: Period | None = None,
        selection: Selection | None = None,
    ) -> dict[str, pd.DataFrame]:
        """`Reader.indicators`, by default for the view's selection and month."""
        wanted, where = [*keys], selection if selection is not None else self.view.selection
        when = period or self.period
        self.queries += [Query(key=key, selection=where, period=when, by=by) for key in wanted]
        return self.reader.indicators(wanted, where, period=when, by=by)

    def rows(
        self, keys: Iterable[str], *, period: Period | None = None, selection: Selection | None = None
    ) -> dict[str, dict[str, Any]]:
        """The one row of each of `figures` without parts."""
        wanted, where = [*keys], selection if selection is not None else self.view.selection
        when = period or self.period
        self.queries += [Query(key=key, selection=where, period=when, by=None) for key in wanted]
        found = self.reader.rows(wanted, where, period=when)
        return {key: found[key] or dict(BLANK) for key in wanted}

    def values(self, key: str, *, period: Period) -> list[float | None]:
        """The values of `figures` by month, None where one is not known."""
        self.note(key, by="month", period=period)
        course = self.reader.course(key, self.view.selection)
        if course is not None and course.covers(period):
            return course.values(period)
        frame = self.reader.indicator(key, self.view.selection, by="month", period=period)
        return [None if is_missing(value) else float(value) for value in frame["value"]]

    def note(self, key: str, *, by: str, period: Period, is_panel: bool = False) -> None:
        """A figure of the view's selection that the card has from elsewhere than the methods here."""
        self.queries.append(Query(key=key, selection=self.view.selection, period=period, by=by, is_panel=is_panel))

    def panel(self, key: str, *, by: str, period: Period) -> pd.DataFrame:
        """`Reader.panel` for the view's selection."""
        self.note(key, by=by, period=period, is_panel=True)
        return self.reader.panel(key, self.view.selection, period=period, by=by)

    # -- words ------------------------------------------------------------------------------------------------------

    @property
    def place(self) -> str:
        """The selection in words: 宣州区 · 老旧小区 · 某物业."""
        view, reader = self.view, self.reader
        parts = [reader.label(view.grid or view.area or reader.city.code)]
        if view.kind:
            parts.append(self.words(f"kind.{view.kind}"))
        if view.company:
            parts.append(reader.label(view.company))
        return self.words("text.middot").join(parts)

    def when(self, period: Period | None = None) -> str:
        """A month, or the first and the last."""
        span = period or self.period
        if span.is_month:
            return month_name(span.end, self.words)
        return f"{month_name(span.start, self.words)}–{month_name(span.end, self.words)}"

    def line(self, *parts: str) -> str:
        """Parts of a subtitle or foot, separated by dots."""
        return self.words("text.middot").join(part for part in parts if part)

    def foot(self, keys: Sequence[str], *figures: pd.DataFrame, period: Period | None = None) -> dict[str, Any]:
        """n, data date, source and queries of a drawing; n is who reported where the figures say so."""
        sources = [INDICATORS[key].source for key in keys]
        return {
            "n": next((text for frame in figures if (text := reported_of(frame, self.words))), ""),
            "as_of": month_name((period or self.period).end, self.words),
            "source": "".join(dict.fromkeys(sources)),
            "queries": tuple(self.queries),
        }

    def empty(self, title: str, why: str = "") -> Drawing:
        """A drawing without a body that says why."""
        reason = why or self.words("empty.card")
        return Drawing(title=title, empty=reason, alt=reason, queries=tuple(self.queries))


def reported_of(figures: pd.DataFrame, words: Words) -> str:
    """`上报 487/513` of all rows together; the sum of denominators where nobody is expected to report; else empty."""
    expected = _sum_of(figures, "expected")
    if expected > 0:
        return words("reading.reported", reported=number(_sum_of(figures, "reported")), expected=number(expected))
    denominator = _sum_of(figures, "denominator")
    return number(denominator) if denominator > 0 else ""


def _sum_of(figures: pd.DataFrame, field: str) -> float:
    """What is known of a field, together."""
    return float(np.nansum(figures[field].to_numpy(dtype=float)))


def row_of(figures: pd.DataFrame) -> dict[str, Any]:
    """The first row, or one without any number."""
    if figures.empty:
        return dict(BLANK)
    return {str(name): value for name, value in figures.iloc[0].items()}


def has_values(*figures: pd.DataFrame, field: str = "value") -> bool:
    """Whether any of the figures is known."""
    return any(bool(frame[field].notna().any()) for frame in figures)


def parts_level(reader: Reader, view: View) -> str:
    """The level a selection is broken down by: the next one below that the store has, at most communities."""
    here = AreaLevel.CITY.value if view.area is None else reader.level_of(view.area)
    levels = reader.levels
    if here not in levels:
        return AreaLevel.CITY.value if AreaLevel.CITY.value in levels else here
    below = levels[levels.index(here) + 1 :]
    return below[0] if below else here


def next_below(reader: Reader, view: View) -> tuple[str, ViewField]:
    """What a selection is made of, one step down, and the field of the view that choosing one of them sets.

    Below the communities come their grids, and below a grid its compounds, whose files open.
    """
    if view.grid is None and (view.area is None or reader.level_of(view.area) != AreaLevel.COMMUNITY):
        return parts_level(reader, view), "area"
    if view.grid is None and not reader.register("grid", Selection(area=view.area)).empty:
        return UnitKind.GRID.value, "grid"
    return UnitKind.COMPOUND.value, "compound"


def level_name(level: str, words: Words) -> str:
    """区县, 街道, 社区."""
    return words(f"reading.level.{level}")


def choices(view: View, keys: Sequence[str], chosen: str, words: Words) -> tuple[Choice, ...]:
    """Links that show another indicator on the card, the filters kept."""
    return tuple(Choice(words.of(INDICATORS[key]), replace(view, indicator=key).href(), key == chosen) for key in keys)


def chosen_key(view: View, keys: Sequence[str]) -> str:
    """The indicator of the address if the card offers it, else the first one."""
    return view.indicator if view.indicator and view.indicator in keys else keys[0]


def any_key(view: View, default: str) -> str:
    """The indicator of the address, whichever it is; else the default."""
    return view.indicator if view.indicator in INDICATORS else default


def best_and_worst(figures: pd.DataFrame, direction: int) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The rows with the best and the worst value; None with fewer than two known."""
    values = figures["value"].to_numpy(dtype=float)
    known = np.flatnonzero(~np.isnan(values))
    if known.size < 2:
        return None
    ordered = known[np.argsort(values[known] if direction < 0 else -values[known], kind="stable")]
    best, worst = ({str(name): figures[name].iat[at] for name in figures.columns} for at in (ordered[0], ordered[-1]))
    return best, worst


def total(figures: pd.DataFrame, field: str = "value") -> float:
    """Sum of a field, missing left out."""
    return float(sum(float(value) for value in figures[field] if not is_missing(value)))
