"""How long cases take, and which of the six levels takes them in and closes them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.demo.chance import Bools, Floats, stream
from data.demo.compounds import Texts
from data.schema.vocabulary import CaseChannel, CaseKind, ResponseLevel

# Days allowed by kind of case.
DAYS_ALLOWED = {
    CaseKind.APPEAL: 7, CaseKind.DISPUTE: 15, CaseKind.SUGGESTION: 15, CaseKind.WHISTLE: 3, CaseKind.URGENT: 5,
}  # fmt: skip
NO_LIMIT_SHARE = 0.08
LEVELS = tuple(ResponseLevel)
# Level that takes a case in, by channel: shares of the six levels from the household up.
TAKEN_IN = {
    CaseChannel.HOTLINE: (0.04, 0.08, 0.22, 0.38, 0.20, 0.08), CaseChannel.STATION: (0.02, 0.06, 0.30, 0.56, 0.06, 0.0),
    CaseChannel.GRID: (0.18, 0.34, 0.32, 0.14, 0.02, 0.0), CaseChannel.MEMBER: (0.34, 0.30, 0.26, 0.09, 0.01, 0.0),
    CaseChannel.MEETING: (0.0, 0.04, 0.50, 0.40, 0.06, 0.0), CaseChannel.ONLINE: (0.04, 0.10, 0.28, 0.40, 0.14, 0.04),
}  # fmt: skip
UNKNOWN_LEVEL_SHARE = 0.03


@dataclass(frozen=True)
class Replies:
    """When each case is due, answered, visited and would be resolved, to the minute; `due` is NaT without a limit."""

    due: NDArray[np.datetime64]
    responded: NDArray[np.datetime64]
    arrived: NDArray[np.datetime64]
    resolved: NDArray[np.datetime64]
    quality: Floats


def answer(seed: int, at: NDArray[np.datetime64], kind: Texts, quality: Floats, in_time: Floats) -> Replies:
    """Times of a case opened at `at`.

    Args:
        quality: standardised quality of its compound; better ones answer sooner.
        in_time: chance that it is resolved within its limit.
    """
    luck = stream(seed, "cases: times")
    count = len(at)
    allowed = np.array([DAYS_ALLOWED[CaseKind(k)] for k in kind]) * 1440.0
    hours = np.exp(luck.normal(1.7, 0.95, count) - 0.12 * quality)
    responded = np.minimum(hours * 60, allowed * 0.6)
    on_site = responded + np.exp(luck.normal(1.2, 0.8, count)) * 60
    arrives = (kind == CaseKind.WHISTLE.value) | (luck.random(count) < 0.25)
    punctual = luck.random(count) < in_time
    spent = np.where(punctual, luck.beta(2.2, 2.0, count), 1.02 + luck.exponential(1.1, count)) * allowed
    spent = np.maximum(spent, np.where(arrives, np.maximum(on_site, responded), responded) + 20)
    due = at + np.round(allowed).astype("timedelta64[m]")
    due[luck.random(count) < NO_LIMIT_SHARE] = np.datetime64("NaT", "m")
    arrived = at + np.round(on_site).astype("timedelta64[m]")
    arrived[~arrives] = np.datetime64("NaT", "m")
    return Replies(
        due, at + np.round(responded).astype("timedelta64[m]"), arrived, at + np.round(spent).astype("timedelta64[m]"),
        quality,
    )  # fmt: skip


def closing_levels(seed: int, channel: Texts, quality: Floats, resolved: Bools) -> tuple[Texts, Texts]:
    """Level that took each case in, and level that closed it: the same one or one further up (None while open)."""
    luck = stream(seed, "cases: levels")
    count = len(channel)
    shares = np.array([TAKEN_IN[CaseChannel(c)] for c in channel])
    took = np.minimum((luck.random((count, 1)) > np.cumsum(shares, axis=1)).sum(axis=1), len(LEVELS) - 1)
    climbs = np.clip(0.26 - 0.05 * quality, 0.06, 0.6)
    steps = (luck.random(count) < climbs).astype(np.int64)
    steps += steps * (luck.random(count) < climbs)
    closed = np.minimum(took + steps, len(LEVELS) - 1)
    names = np.array([level.value for level in LEVELS], dtype=object)
    first, last = names[took], names[closed]
    first[luck.random(count) < UNKNOWN_LEVEL_SHARE] = None
    last[~resolved | (luck.random(count) < UNKNOWN_LEVEL_SHARE)] = None
    return first, last
