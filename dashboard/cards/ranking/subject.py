"""What the cards of the ranking share: the scheme of the address, the ranking read once, names of nodes and places."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from dashboard.cards.reading import Reading
from dashboard.cards.types import Draw, Drawing
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue import INDICATORS
from data.errors import UsageError
from data.evidence import Anatomy, anatomy, standings
from data.query import Period, Selection
from data.ranking import Ranking, rank_compounds
from data.statistics.bands import Tier
from data.statistics.scheme import Scheme
from data.weights import Choice, read_choice

if TYPE_CHECKING:
    from data.query import Reader


def choice_of(view: View) -> Choice:
    """Scheme and weights of the address; the default scheme where it names none that can be read."""
    try:
        return read_choice(view.weights)
    except UsageError:
        return Choice()


@dataclass
class Subject:
    """One ranking, and the part of it the view selects.

    `chosen` is the compound whose evidence is asked for; it does not narrow what the other cards show, so the reading's
    view is without it.
    """

    reading: Reading
    chosen: str | None = None

    @property
    def words(self) -> Words:
        return self.reading.words

    @property
    def reader(self) -> Reader:
        return self.reading.reader

    @property
    def month(self) -> str:
        return self.reading.month

    @cached_property
    def choice(self) -> Choice:
        return choice_of(self.reading.view)

    @cached_property
    def ranking(self) -> Ranking:
        return rank_compounds(self.reader, scheme=self.choice.scheme, month=self.month)

    @property
    def scheme(self) -> Scheme:
        return self.ranking.scheme

    @cached_property
    def anatomy(self) -> Anatomy:
        return anatomy(self.reader, scheme=self.choice.scheme, month=self.month)

    @cached_property
    def inside(self) -> frozenset[str]:
        """Compounds of the selection."""
        where = self.reading.view.selection
        if where == Selection():
            return frozenset(self.ranking.result.score.index)
        found = self.reader.indicator("compounds", where, period=Period.of(self.month), by="compound")
        return frozenset(found["group"])

    @cached_property
    def streets(self) -> dict[str, str]:
        """Compound → name of its street, of its county where there are no streets."""
        found: dict[str, str] = self.reader.remember(("streets of compounds",), lambda: _streets(self.reader))
        return found

    @cached_property
    def whole(self) -> pd.DataFrame:
        """`standings` of the city with the street of each compound as `place`."""

        def read() -> pd.DataFrame:
            frame = standings(self.ranking)
            return frame.assign(place=[self.streets.get(str(unit), "") for unit in frame["group"]])

        found: pd.DataFrame = self.reader.remember(("standings", self.choice.scheme, self.month), read)
        return found.copy()

    @cached_property
    def first_in_city(self) -> str:
        """The compound that stands surest of all; its id alone, to know the one looked at by."""
        everyone = self.reader.whole

        def read() -> str:
            found = standings(rank_compounds(everyone, scheme=self.choice.scheme, month=self.month))
            return str(found["group"].iloc[0]) if len(found) else ""

        return str(everyone.remember(("first of standings", self.choice.scheme, self.month), read))

    @cached_property
    def frame(self) -> pd.DataFrame:
        """`whole`, kept to the selection; ranks stay those of the city."""
        return self.whole[self.whole["group"].isin(self.inside)].reset_index(drop=True)

    @cached_property
    def ranked(self) -> pd.DataFrame:
        return self.frame[self.frame["tier"] != Tier.UNRANKED].reset_index(drop=True)

    @cached_property
    def unit(self) -> str | None:
        """The compound looked at: the chosen one, else the one that stands surest."""
        if self.chosen in self.ranking.result.score.index:
            return self.chosen
        if len(self.ranked):
            return str(self.ranked["group"].iloc[0])
        return str(self.frame["group"].iloc[0]) if len(self.frame) else None

    def node(self, key: str) -> str:
        """Title of a node in the language of the page."""
        return node_title(self.scheme, key, self.words)

    def tier(self, tier: str) -> str:
        return self.words(f"ranking.tier.{Tier(tier).name.lower()}")

    @property
    def scheme_line(self) -> str:
        """Scheme and version, for subtitles."""
        return self.words(
            "ranking.scheme_line", title=scheme_title(self.scheme, self.words), version=self.scheme.version
        )

    @property
    def source(self) -> str:
        return self.words("ranking.source", title=scheme_title(self.scheme, self.words))


def _streets(reader: Reader) -> dict[str, str]:
    register = reader.register("compound")
    labels = dict(zip(reader.areas()["code"], reader.areas()["name"], strict=True))
    codes = register["street"].fillna(register["county"])
    return {str(unit): str(labels.get(code, "")) for unit, code in zip(register["compound_id"], codes, strict=True)}


def scheme_title(scheme: Scheme, words: Words) -> str:
    """Title of a scheme in the language of the page; a city's own keeps the title of its file."""
    key = f"scheme.{scheme.name}"
    return words(key) if words.has(key) else scheme.title or scheme.name


def node_title(scheme: Scheme, key: str, words: Words) -> str:
    """Title of a node; a city's own keeps the title of its file."""
    if words.has(f"node.{key}"):
        return words(f"node.{key}")
    node = scheme.node(key)
    if words.lang != "zh" and key in INDICATORS:
        return words.of(INDICATORS[key])
    return node.title or key


Drawn = Callable[[Subject, Ink], Drawing]


def ranked_with(draw: Drawn) -> Draw:
    """`draw` given its subject; in a store without months an empty card that says what to import first."""

    def drawn(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
        reading = Reading(reader, replace(view, compound=None), words)
        if not reader.months:
            return reading.empty(words("ranking.none"), words("reading.no_months"))
        return draw(Subject(reading, view.compound), ink)

    drawn.__doc__ = draw.__doc__
    return drawn
