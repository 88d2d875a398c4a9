"""What a step of the soak returns: a figure, the bar it must meet, and whether it does."""

from __future__ import annotations

from typing import NamedTuple


class Figure(NamedTuple):
    """One printed line: what was measured, what came out, what was promised."""

    what: str
    found: str
    bar: str
    is_met: bool


def at_most(what: str, found: float, bar: float, unit: str = "") -> Figure:
    """A figure that must not pass `bar`."""
    return Figure(what, f"{found:g}{unit}", f"at most {bar:g}{unit}", found <= bar)


def none_of(what: str, found: int, tried: int) -> Figure:
    """A count that must stay zero out of `tried`."""
    return Figure(what, f"{found} of {tried}", "0", found == 0)


def told(what: str, found: str) -> Figure:
    """A figure without a bar."""
    return Figure(what, found, "-", True)
