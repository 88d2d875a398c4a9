"""Drawing what will be asked for before it is, in the background, each time the store has changed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import IO

from callbacks.cards import CardPress
from dashboard.cards import CARDS
from dashboard.cards.drawing import draw
from dashboard.cards.mapping import all_told
from dashboard.cards.overview.attention import low_collection, overdue_rows, red_rows
from dashboard.cards.types import Card
from dashboard.events import LOG
from dashboard.grounds import ground_of
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue.types import Page
from data.errors import GovernanceError
from data.query import Reader
from data.query.units import AREA_LEVELS
from data.ranking import rank_compounds
from data.rollup.cells import ROLLED_LEVELS
from data.schema.vocabulary import CompoundKind, UnitKind
from layouts.pages import PAGES

# The months back that leaders ask for.
MONTHS = 12
# Seconds of rest for each second of drawing, so that whoever asks meanwhile is answered.
REST = 1.0
# Cards drawn before anything else: those of the first page.
FIRST = 2 * len(PAGES[Page.OVERVIEW].places)
# Compounds of a city whose index of every month is computed before anybody asks.
MOST_RANKED = 5000
# Seconds between two looks at the store's revision.
LOOK = 15.0

Piece = tuple[str, Card, View]


class Warmer:
    """Keeps the usual views drawn: all pages of the city, the first page of each area and of the last months.

    Of the processes that share what they draw one draws for all; the others only read what views are drawn from.

    Args:
        reader: the store as it is now, all of it.
        shared_folder: see `CardPress`.
    """

    def __init__(self, press: CardPress, reader: Callable[[], Reader], words: Words, shared_folder: str = "") -> None:
        self._press, self._reader, self._words = press, reader, words
        self._shared_folder = shared_folder
        self._baton: IO[str] | None = None

    def start(self) -> threading.Thread:
        """Begin in a thread that ends with the process."""
        thread = threading.Thread(target=self._keep_warm, name="warming", daemon=True)
        thread.start()
        return thread

    def _keep_warm(self) -> None:
        drawn = ""
        while True:
            try:
                reader = self._reader()
                if reader.revision != drawn:
                    drawn = reader.revision
                    draws = self.draws_for_all()
                    if draws:
                        self.draw_usual(reader, most=FIRST)
                    self.read_facts()
                    self.read_usual()
                    if draws:
                        self.draw_usual(reader)
            except Exception:
                # The store may be away for a while; whoever asks is told so, this waits.
                LOG.warning("warming failed", exc_info=True)
            time.sleep(LOOK)

    def draws_for_all(self) -> bool:
        """Whether this process is the one that draws; it stays so until it ends, and another one takes over then."""
        if not self._shared_folder or self._baton is not None:
            return True
        import fcntl  # where processes are forked

        baton = (Path(self._shared_folder) / "warming").open("w")
        try:
            fcntl.flock(baton, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            baton.close()
            return False
        self._baton = baton
        return True

    def read_facts(self, rest: float = REST) -> None:
        """Have in memory what belongs to a month or an area whatever else is chosen: estimates, lists, grounds.

        Args:
            rest: seconds of rest for each second of reading.
        """
        reader = self._reader()
        steps: list[Callable[[], object]] = []
        for month in reader.months[::-1]:
            steps += [
                partial(red_rows, reader, month),
                partial(all_told, reader, month, self._words),
                partial(low_collection, reader, month),
                partial(overdue_rows, reader, month),
            ]
        # Of a very large city one index takes half a minute: nobody's memory is filled with sixty of them.
        if reader.city.code and len(reader.units(UnitKind.COMPOUND)) <= MOST_RANKED:
            steps += [partial(_ranked, reader, month) for month in reader.months[::-1]]
        if reader.city.code:
            areas = reader.areas()
            codes = areas.loc[areas["level"].isin(ROLLED_LEVELS), "code"]
            steps += [partial(ground_of, reader, code) for code in (None, *codes)]
        for step in steps:
            if not reader.has_room:
                return
            begun = time.thread_time()
            step()
            time.sleep(rest * (time.thread_time() - begun))

    def read_usual(self, rest: float = REST) -> None:
        """Have in memory what the pages are drawn from: of the city, and of the compounds of a kind in a part of it."""
        reader = self._reader()
        areas = reader.areas()
        part = next(iter(areas.loc[areas["level"] == ROLLED_LEVELS[-1], "code"]), None)
        views = (View(), View(area=part, kind=CompoundKind.MARKET.value))
        for view in views:
            for entry in PAGES.values():
                if entry.page not in (Page.COMPOUND, Page.DATA):
                    for name, _ in entry.places:
                        begun = time.thread_time()
                        draw(CARDS[name], reader, replace(view, page=entry.page.value), Ink(), self._words)
                        time.sleep(rest * (time.thread_time() - begun))

    def draw_usual(self, reader: Reader, most: int | None = None) -> int:
        """Draw the usual views of the store as `reader` sees it, the first `most`; the number of cards drawn.

        Ends early when the store changes.
        """
        count = 0
        for form, card, view in islice(usual(reader), most):
            if count % 50 == 0 and self._reader().revision != reader.revision:
                break
            begun = time.thread_time()
            line = self._press.whole if form == "whole" else self._press.change
            line(card, reader, view, Ink(), self._words)
            count += 1
            time.sleep(REST * (time.thread_time() - begun))
        return count


def _ranked(reader: Reader, month: str) -> None:
    # The scheme asks for most of its indicators; early months have none of them.
    with suppress(GovernanceError):
        rank_compounds(reader, month=month)


def usual(reader: Reader) -> Iterator[Piece]:
    """What is most asked for, the first first."""
    if not reader.city.code:
        return
    home = [CARDS[name] for name, _ in PAGES[Page.OVERVIEW].places]
    for form in ("whole", "set"):
        yield from ((form, card, View()) for card in home)
    for entry in PAGES.values():
        if entry.page not in (Page.OVERVIEW, Page.COMPOUND, Page.DATA):
            yield from (("whole", CARDS[name], View(page=entry.page.value)) for name, _ in entry.places)
    areas = reader.areas()
    for level in [level for level in AREA_LEVELS if level in ROLLED_LEVELS][1:]:
        for code in areas.loc[areas["level"] == level, "code"]:
            yield from (("set", card, View(area=str(code))) for card in home)
    for month in reader.months[::-1][1 : MONTHS + 1]:
        yield from (("set", card, View(month=month)) for card in home)
