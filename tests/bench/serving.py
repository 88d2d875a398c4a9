"""What the server takes: for a change of filter, for many users at once, for starting, for staying."""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from dashboard.cards import CARDS
from data.query import Reader
from data.store import open_store
from layouts.overview import PLACES
from layouts.pages import PAGES
from tests.bench.lines import Line, p95
from tests.bench.served import EMPTY
from tests.bench.servers import Answer, Server, get, post, product, resident_mb
from tests.bench.views import drawn_views
from tests.demo_store import ROOT

CHANGES, READ_FIRST = 120, 48
USERS, TURNS, THINKS_S = 50, 6, (1.0, 3.0)
SEEN = ",".join(name for name, _ in PLACES[:5])
CHARTS = ",".join(name for name, _ in PLACES[:5] if CARDS[name].kind == "figure")
OTHERS = ",".join(name for name, _ in PLACES[:5] if CARDS[name].kind != "figure")
BELOW = ",".join(name for name, _ in PLACES[5:])


def _checked(answer: Answer) -> Answer:
    if answer.status not in (200, 204):
        raise SystemExit(f"the server answered {answer.status}: {answer.body[:200]!r}")
    return answer


def _cards(server: Server, search: str, names: str, **more: str) -> float:
    return _checked(
        get(server.port, "/drawn/cards", pathname="/", search=search, theme="light", scale=1, cards=names, **more)
    ).seconds


class Change:
    """A change of filter as the browser asks for it, in two parts: charts, and the other cards with what stands around."""

    def __init__(self, server: Server, revision: str) -> None:
        self._server, self._have = server, f"{revision}/zh"
        self._pool = ThreadPoolExecutor(2)

    def seen(self, search: str) -> float:
        """Seconds until everything in the window has been answered."""
        begun = time.perf_counter()
        charts = self._pool.submit(_cards, self._server, search, CHARTS)
        others = self._pool.submit(_cards, self._server, search, OTHERS, around=self._have)
        charts.result()
        others.result()
        return time.perf_counter() - begun


def filter_change(url: str) -> list[Line]:
    """Views drawn at random, each for the first time and then once more."""
    reader = Reader(open_store(url))
    with product(url, has_read=True) as server:
        change = Change(server, reader.revision)
        first, *views = drawn_views(reader, CHANGES + 1, seed=11)
        for search in drawn_views(reader, READ_FIRST, seed=12):
            # Both processes have read what views of every kind need; each is drawn by one of them for both.
            if search not in views:
                change.seen(search)
        _cards(server, first, BELOW)
        idle = [_checked(post(server.port, EMPTY)).seconds for _ in range(CHANGES)]
        new = [change.seen(search) for search in views]
        for search in views:
            change.seen(search)
        kept = [change.seen(search) for search in views]
        idle += [_checked(post(server.port, EMPTY)).seconds for _ in range(CHANGES)]
    empty = p95(idle)
    beside = f"{empty * 1000:.1f} ms, empty callback"
    return [
        Line("filter change, p95, views never drawn before", f"{p95(new) * 1000:.0f} ms", beside, p95(new) / empty, 10),
        Line("filter change, p95, views drawn before", f"{p95(kept) * 1000:.0f} ms", beside, p95(kept) / empty, 10),
    ]


def fifty_users(url: str) -> list[Line]:
    """Each opens pages and changes filters, and reads for a few seconds in between."""
    reader = Reader(open_store(url))
    searches = drawn_views(reader, 20, seed=5)
    pages = [entry.page.value for entry in PAGES.values() if entry.places and entry.page.value != "data"]
    errors: list[int] = []

    def turn(server: Server, chance: random.Random) -> float:
        path = f"/{chance.choice(pages)}" if chance.random() < 0.4 else "/"
        begun = time.perf_counter()
        more = {"pathname": path, "search": chance.choice(searches), "theme": "light", "scale": 1}
        answer = (
            get(server.port, "/drawn/page", height=768, **more)
            if path != "/"
            else get(server.port, "/drawn/cards", cards=SEEN, **more)
        )
        if answer.status != 200:
            errors.append(answer.status)
        return time.perf_counter() - begun

    with product(url, has_read=True) as server:
        alone = [turn(server, random.Random(i)) for i in range(120)]
        single = statistics.median(turn(server, random.Random(i)) for i in range(120))
        taken: list[float] = []

        def user(number: int) -> None:
            chance = random.Random(1000 + number)
            for _ in range(TURNS):
                time.sleep(chance.uniform(*THINKS_S))
                taken.append(turn(server, chance))

        threads = [threading.Thread(target=user, args=(i,)) for i in range(USERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    del alone
    return [
        Line("50 users at once, errors", str(len(errors)), "0", float(len(errors)), 0),
        Line(
            "50 users at once, p95", f"{p95(taken) * 1000:.0f} ms", f"{single * 1000:.1f} ms, p50 of one user",
            p95(taken) / single, 10,
        ),
    ]  # fmt: skip


def start(url: str) -> list[Line]:
    """From the command to the first answer, beside the imports alone."""

    def imports() -> float:
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import dash, pandas, geopandas"], check=True, cwd=ROOT)
        return time.perf_counter() - begun

    def served() -> float:
        with product(url, warm=True) as server:
            return server.started_s

    bare, ours = [], []
    for _ in range(3):
        bare.append(imports())
        ours.append(served())
    base, taken = min(bare), min(ours)
    return [Line("start to first answer", f"{taken:.2f} s", f"{base:.2f} s, imports alone", taken / base, 3)]


def worker_memory(url: str) -> tuple[float, float]:
    """Megabytes a worker keeps resident after 1 000 and after 10 000 requests of mixed pages and views."""
    reader = Reader(open_store(url))
    searches = drawn_views(reader, 60, seed=8)
    with product(url, workers=1, has_read=True) as server:
        chance = random.Random(2)
        pages = [entry.page.value for entry in PAGES.values() if entry.places and entry.page.value != "data"]

        sizes = {}
        for count in range(1, 10_001):
            path = f"/{chance.choice(pages)}" if chance.random() < 0.2 else "/"
            more = {"pathname": path, "search": chance.choice(searches), "theme": "light", "scale": 1}
            _checked(
                get(server.port, "/drawn/page", height=768, **more)
                if path != "/"
                else get(server.port, "/drawn/cards", cards=SEEN, **more)
            )
            if count in (1_000, 10_000):
                sizes[count] = resident_mb(server)
    return sizes[1_000], sizes[10_000]


def memory(url: str) -> list[Line]:
    """Whether a worker grows."""
    before, after = worker_memory(url)
    return [
        Line("memory of a worker, 10 000 requests", f"{after:.0f} MB", f"{before:.0f} MB, 1 000", after / before, 1.05)
    ]
