"""What a hundred times the compounds and events cost a page: nearly nothing, because pages read sums, or it is a fault."""

from __future__ import annotations

import statistics
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


def cost(url: str) -> Cost:
    """Measure with one process, so that nothing is asked of a process that has not read its months.

    What is known of a month (estimates, bands, who fell below a line) is made once after each change of the store: by
    the server itself, newest first, or for the first who asks. Here somebody asks for every month first.
    """
    reader = Reader(open_store(url))
    with product(url, workers=1) as server:
        change = Change(server, reader.revision)
        asked = ["", *(f"?month={month}" for month in reader.months[-2::-1])]
        opening, *months = [change.seen(search) for search in asked]
        views = [search for search in drawn_views(reader, CHANGES + 20, seed=11) if search not in asked][:CHANGES]
        new = [change.seen(search) for search in views]
        kept = [change.seen(search) for search in views]
        return Cost(opening, months, new, kept, resident_mb(server))


def scale(url: str) -> list[Line]:
    """The demo city and the same with a hundred times its compounds and events, one after the other."""
    large, one = cost(large_store_url()), cost(url)

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
