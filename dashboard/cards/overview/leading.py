"""Compounds ahead and behind as rank ranges, never as a bare league table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from dashboard.cards.reading import Reading
from dashboard.cards.types import Choice, Drawing
from dashboard.figures.rank_ranges import RangeTexts, rank_ranges
from dashboard.numbers import number
from data.catalogue.types import Page
from data.errors import GovernanceError
from data.ranking import Ranking, rank_compounds
from data.statistics.bands import Tier

if TYPE_CHECKING:
    from dashboard.theme import Ink
    from dashboard.view import View
    from dashboard.wording import Words
    from data.query import Reader

AT_EACH_END = 6


def leading(reader: Reader, view: View, ink: Ink, words: Words, *, each_end: int = AT_EACH_END) -> Drawing:
    """The first and the last compounds of the selection by the default index, with the ranks they could also have.

    Args:
        each_end: how many of the first and how many of the last.
    """
    reading = Reading(reader, view, words)
    title = words("overview.leading.title_none")
    if not reader.months:
        return reading.empty(title, words("reading.no_months"))
    try:
        ranking = rank_compounds(reader, month=reading.month)
    except GovernanceError:
        # The scheme asks for most of its indicators; a store of registers alone has none of them.
        return reading.empty(title, words("overview.leading.too_little"))
    everyone = _inside(reading, ranking)
    rows = everyone[everyone["rank"].notna()].sort_values("rank")
    if rows.empty:
        return reading.empty(title, words("overview.leading.nobody"))
    shown = rows if len(rows) <= 2 * each_end else pd.concat([rows.head(each_end), rows.tail(each_end)])
    first = int((rows["tier"] == Tier.FIRST).sum())
    title = words("overview.leading.title" if first else "overview.leading.no_first", n=number(first))
    held = len(everyone) - len(rows)
    texts = RangeTexts(
        rank=words("overview.leading.rank"),
        hover=words("overview.leading.hover"),
        top=words("overview.leading.top"),
        tiers={tier.value: words(f"overview.tier.{tier.name.lower()}") for tier in Tier},
    )
    return Drawing(
        title=title,
        subtitle=reading.line(words("overview.leading.subtitle", n=len(shown)), reading.place, reading.when()),
        figure=rank_ranges(frame=shown, ink=ink, texts=texts),
        n=words("overview.leading.n", ranked=number(len(rows)), held=number(held)),
        as_of=reading.foot([])["as_of"],
        note=words("overview.leading.note"),
        choices=(Choice(words("overview.leading.more"), view.on(Page.RANKING.value).href()),),
        alt=title,
        queries=tuple(reading.queries),
    )


def _inside(reading: Reading, ranking: Ranking) -> pd.DataFrame:
    """The compounds of the selection, ranked or not, with the columns of `rank_ranges` and `rank`."""
    reader = reading.reader
    table = ranking.firmness.table
    inside = set(reader.indicator("compounds", reading.view.selection, period=reading.period, by="compound")["group"])
    table = table[table.index.isin(inside)]
    register = reader.register("compound").set_index("compound_id")
    nearest = register["street"].where(register["street"].notna(), register["county"])
    frame = table.reset_index().rename(columns={table.index.name or "index": "group"})
    frame["label"] = frame["group"].map(register["name"]).fillna(frame["group"])
    frame["place"] = [reader.label(str(code)) if isinstance(code, str) else "" for code in frame["group"].map(nearest)]
    return frame
