"""What a hundred times the compounds and events cost a page: nearly nothing, because pages read sums, or it is a fault."""

from __future__ import annotations

import statistics
from contextlib import ExitStack
from dataclasses import dataclass

from data.query import Reader
from data.store import open_store
from tests.bench.large_store import TIMES, large_store_url
from tests.bench.lines import Line, p95
from tests.bench.servers import product, resident_mb
from tests.bench.serving import CHANGES, Change
from tests.bench.views import drawn_views


@dataclass(frozen=True)
class Cost:
    """Seconds of one store: the first page after an import, the first page of each other month, changes of filter to
    views never drawn before and to views drawn before; and megabytes of the process that answered them all."""

    opening: float
    months: list[float]
    new: list[float]
    kept: list[float]
    resident: float


def costs(*urls: str) -> list[Cost]:
    """Measure the stores side by side, view by view, so that whatever else the machine does falls upon all of them.

    One process each, so that nothing is asked of a process that has not read its months. What is known of a month
    (estimates, bands, who fell below a line) is made once after each change of the store: by the server itself, newest
    first, or for the first who asks. Here somebody asks for every month first.
    """
    months = Reader(open_store(urls[0])).months
    asked = ["", *(f"?month={month}" for month in months[-2::-1])]
    drawn = drawn_views(Reader(open_store(urls[0])), CHANGES + len(asked), seed=11)
    views = [search for search in drawn if search not in asked][:CHANGES]
    with ExitStack() as stack:
        servers = [stack.enter_context(product(url, workers=1)) for url in urls]
        changes = [Change(server, Reader(open_store(url)).revision) for server, url in zip(servers, urls, strict=True)]

        def beside(searches: list[str]) -> list[list[float]]:
            rounds = [[change.seen(search) for change in changes] for search in searches]
            return [[*taken] for taken in zip(*rounds, strict=True)]

        first, new, kept = beside(asked), beside(views), beside(views)
        return [
            Cost(first[at][0], first[at][1:], new[at], kept[at], resident_mb(server))
            for at, server in enumerate(servers)
        ]


def scale(url: str) -> list[Line]:
    """The demo city and the same with a hundred times its compounds and events."""
    large, one = costs(large_store_url(), url)

    def line(name: str, ours: float, base: float, unit: str, digits: int, bar: float | None = None) -> Line:
        value, beside = (f"{number:.{digits}f} {unit}" for number in (ours, base))
        return Line(f"{TIMES} × the compounds: {name}", value, f"{beside}, 1 ×", ours / base, bar)

    new, new_of_one = p95(large.new) * 1000, p95(one.new) * 1000
    kept, kept_of_one = p95(large.kept) * 1000, p95(one.kept) * 1000
    month, month_of_one = statistics.median(large.months), statistics.median(one.months)
    return [
        line("filter change, p95, views never drawn before", new, new_of_one, "ms", 0, 2),
        line("filter change, p95, views drawn before", kept, kept_of_one, "ms", 1, 2),
        line("first page after an import", large.opening, one.opening, "s", 1),
        line("first page of another month, median", month, month_of_one, "s", 2),
        line("memory of a worker after that", large.resident, one.resident, "MB", 0),
    ]
