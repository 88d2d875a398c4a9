"""Which compound a file is of, and what it is held against: its street, the city, its peers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from dashboard.cards.satisfaction.subject import between, empty, is_missing_text, needs_months
from dashboard.cards.types import Draw, Drawing, Query
from dashboard.figures.dumbbell import Row
from dashboard.figures.plotted import plotted
from dashboard.numbers import is_missing, number, quantity
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue import indicator as indicator_of
from data.peers import Peers, peers_of, pooled
from data.query import Period, Selection
from data.satisfaction import compound_estimates, months_back
from data.schema import TABLES

if TYPE_CHECKING:
    from data.query import Reader

WINDOW_MONTHS = 12


@dataclass(frozen=True)
class About:
    """A compound at the end of a month.

    Attributes:
        row: its row of the register. street: code of the street, else the county, it lies in; None when unknown.
        estimate: its row of `compound_estimates`; None when it is not managed or nobody was asked.
    """

    id: str
    name: str
    month: str
    row: dict[str, Any]
    street: str | None
    peers: Peers
    estimate: dict[str, Any] | None

    @property
    def selection(self) -> Selection:
        return Selection(compound=self.id)

    @property
    def end(self) -> pd.Timestamp:
        return pd.Timestamp(f"{self.month}-01") + pd.offsets.MonthEnd(0)

    def year(self, reader: Reader) -> Period:
        """The twelve months up to the month shown."""
        return Period(max(reader.months[0], months_back(self.month, WINDOW_MONTHS - 1)), self.month)


def about(reader: Reader, view: View) -> About | None:
    """The compound of the view; None when it names none, or one that does not exist."""
    if view.compound is None:
        return None
    wanted, month = view.compound, view.month_of(reader)

    def read() -> About | None:
        register = reader.register("compound")
        rows = register[register["compound_id"] == wanted].to_dict("records")
        if not rows:
            return None
        row: dict[str, Any] = {str(name): value for name, value in rows[0].items()}
        codes = [row[level] for level in ("street", "county") if not is_missing_text(row[level])]
        estimates = compound_estimates(reader, month)
        mine = estimates[(estimates["compound_id"] == wanted) & (estimates["valid"] > 0)].to_dict("records")
        estimate = {str(name): value for name, value in mine[0].items()} if mine else None
        # Peers are found in the whole city; only what they are together is shown to an account of one street.
        peers = peers_of(reader.whole, wanted, month)
        return About(wanted, str(row["name"]), month, row, str(codes[0]) if codes else None, peers, estimate)

    found: About | None = reader.remember(("about compound", wanted, month), read)
    return found


def own_rows(reader: Reader, name: str, chosen: About) -> pd.DataFrame:
    """The current rows of table `name` that name the compound: they alone are read, however many others there are."""
    return reader.register_rows(name, TABLES[name].c.compound_id == chosen.id)


def needs_compound(draw: Callable[[Reader, View, Ink, Words, About], Drawing]) -> Draw:
    """`draw` with the compound of the view, or an empty card where none is chosen."""

    @needs_months
    def guarded(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
        chosen = about(reader, view)
        if chosen is None:
            return empty(words("compound.none"), words("compound.none_why"))
        return draw(reader, view, ink, words, chosen)

    guarded.__doc__ = draw.__doc__
    return guarded


@dataclass(frozen=True)
class Comparison:
    """An indicator of a compound beside its street, the city and its peers, over one period.

    Attributes:
        own: row of figures. street, city: rows, None where there is no street. peers: pooled value in the unit.
    """

    key: str
    period: Period
    own: dict[str, Any]
    street: dict[str, Any] | None
    city: dict[str, Any]
    peers: float | None


def compare(reader: Reader, chosen: About, keys: Iterable[str], period: Period) -> dict[str, Comparison]:
    """The indicators of the compound and of what it is held against."""
    wanted = tuple(keys)

    def read() -> dict[str, Comparison]:
        own = reader.indicators(wanted, chosen.selection, period=period)
        whole = reader.whole
        city = whole.indicators(wanted, period=period)
        street = whole.indicators(wanted, Selection(area=chosen.street), period=period) if chosen.street else {}
        everyone = whole.indicators(wanted, period=period, by="compound")
        return {
            key: Comparison(
                key, period, _one(own[key]), _one(street[key]) if key in street else None, _one(city[key]),
                pooled(everyone[key], chosen.peers.ids, key),
            )
            for key in wanted
        }  # fmt: skip

    found: dict[str, Comparison] = reader.remember(("compare", chosen.id, wanted, period), read)
    return found


def _one(frame: pd.DataFrame) -> dict[str, Any]:
    return {str(name): value for name, value in frame.iloc[0].to_dict().items()}


def comparison_queries(chosen: About, found: Iterable[Comparison]) -> tuple[Query, ...]:
    """What `compare` read, for the compound, the street and the city."""
    selections = [chosen.selection, Selection()]
    if chosen.street:
        selections.insert(1, Selection(area=chosen.street))
    return tuple(Query(key=c.key, selection=s, period=c.period) for c in found for s in selections)


def references(reader: Reader, chosen: About, words: Words) -> list[str]:
    """Names of street, city and peers, in the order of their marks."""
    names = [reader.label(chosen.street)] if chosen.street else []
    return [*names, reader.city.name, words("compound.peers", count=len(chosen.peers.ids))]


def comparison_row(
    reader: Reader, chosen: About, found: Comparison, words: Words, *, label: str = "", remark: str | None = None,
    colour: str = "",
) -> Row:  # fmt: skip
    """A row of a dumbbell from a comparison."""
    indicator = indicator_of(found.key)
    names = references(reader, chosen, words)
    values: list[float | None] = [_plain(found.city["value"]), found.peers]
    metas = [plotted(found.key, axis="x", groups=["total"], by=None), {}]
    if found.street is not None:
        values.insert(0, _plain(found.street["value"]))
        metas.insert(0, metas[0])
    own = _plain(found.own["value"])

    def text(value: float | None) -> str:
        return quantity(value, indicator.unit, words, decimals=indicator.decimals)

    title = label or words.of(indicator)
    lines = [f"<b>{title}</b>", f"{chosen.name} {text(own)}"]
    if not is_missing(found.own["low"]):
        lines.append(words("figure.interval", low=text(found.own["low"]), high=text(found.own["high"])))
    if not is_missing(found.own["denominator"]) and not is_missing(found.own["numerator"]):
        parts = " / ".join(number(float(found.own[name])) for name in ("numerator", "denominator"))
        lines.append(words("figure.parts", parts=parts))
    return Row(
        label=title, value=own, low=_plain(found.own["low"]), high=_plain(found.own["high"]),
        others=dict(zip(names, values, strict=True)), remark=text(own) if remark is None else remark,
        hover="<br>".join(lines), colour=colour,
        other_hover={name: f"{name} {text(value)}" for name, value in zip(names, values, strict=True)},
        metas={"": metas[0], **dict(zip(names, metas, strict=True))},
    )  # fmt: skip


def _plain(value: Any) -> float | None:
    return None if is_missing(value) else float(value)


def peer_rule(reader: Reader, chosen: About, words: Words) -> str:
    """Who the peers are, in words."""
    count = len(chosen.peers.ids)
    kind = words(f"kind.{chosen.peers.kind}") if chosen.peers.kind else words("compound.any_kind")
    if chosen.peers.factor is None:
        return words("compound.peer_rule_kind", count=count, kind=kind)
    size = float(chosen.row["households"])
    return words("compound.peer_rule", count=count, kind=kind, low=number(size / chosen.peers.factor),
                 high=number(size * chosen.peers.factor))  # fmt: skip


def interval_text(row: dict[str, Any]) -> str:
    """`48–74%` of a row of figures, empty where it has no interval."""
    return "" if is_missing(row["low"]) else between(row["low"], row["high"], decimals=1)
