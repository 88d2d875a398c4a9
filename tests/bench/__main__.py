"""Measure and print: `python -m tests.bench`, or some measures by name. Nothing here passes or fails.

Every line stands beside a baseline of the same run; milliseconds of another machine or hour say nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from tests.bench.browser import click_to_painted, first_load, ranking_in_browser
from tests.bench.lines import Line, table
from tests.bench.months import import_of_a_month
from tests.bench.scale import scale
from tests.bench.serving import fifty_users, filter_change, memory, start
from tests.bench.slides import deck_of_slides
from tests.demo_store import shared_demo_url


def forty_slides(url: str) -> list[Line]:
    """Native slides beside pictures; how many times faster and smaller."""
    lines: list[Line] = []
    deck_of_slides(url, lambda name, ours, theirs, ratio: lines.append(Line(name, ours, theirs, ratio)))
    return lines


MEASURES: dict[str, Callable[[str], list[Line]]] = {
    "start": start,
    "load": first_load,
    "filter": filter_change,
    "scale": scale,
    "click": click_to_painted,
    "ranking": ranking_in_browser,
    "users": fifty_users,
    "memory": memory,
    "import": import_of_a_month,
    "deck": forty_slides,
}
"""Name → what measures it, given the URL of the demo store."""


def main(names: list[str]) -> None:
    """Run the measures of these names, all of them if none is given."""
    unknown = [name for name in names if name not in MEASURES]
    if unknown:
        sys.exit(f"no measure {', '.join(unknown)}; there are {', '.join(MEASURES)}")
    url, lines = shared_demo_url(), []
    for name in names or MEASURES:
        found = MEASURES[name](url)
        print(table(found), end="\n\n", flush=True)
        lines += found
    print(table(lines))


if __name__ == "__main__":
    main(sys.argv[1:])
