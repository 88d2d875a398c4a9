"""A change in words: with its interval where the figure is a sample, 无可辨变化 where that holds zero."""

from __future__ import annotations

from typing import Any

from dashboard.cards.types import Change, Tone
from dashboard.numbers import change as change_text
from dashboard.numbers import is_missing
from dashboard.wording import Words
from data.catalogue import MEASURES
from data.catalogue.types import Indicator, Reported
from data.statistics.intervals import difference

# Smaller than what is shown: 0.05 of a point reads 0.1.
_STILL = 0.05


def change_of(
    before: dict[str, Any], after: dict[str, Any], indicator: Indicator, words: Words, *, since: str,
    is_comparable: bool = True,
) -> Change | None:  # fmt: skip
    """`after` against `before` (rows of figures); None where one of them was not reported.

    Args:
        since: what it is compared with, in words (较上月).
        is_comparable: False where the way of measuring changed in between: the change is then withheld.
    """
    if is_missing(before.get("value")) or is_missing(after.get("value")):
        return None
    if not is_comparable:
        return not_comparable(words, since)
    if indicator.denominator is Reported.UNITS and indicator.unit == "%":
        # A share of who reported moves when others report; how many have it does not.
        return _count_change(before, after, indicator, words, since)
    moved = float(after["value"]) - float(before["value"])
    if indicator.is_binomial:
        found = difference(before["numerator"], before["denominator"], after["numerator"], after["denominator"])
        is_real = bool(found.is_discernible)
    else:
        is_real = abs(moved) >= (_STILL if indicator.unit in ("%", "‰") else 0.5)
    if not is_real:
        key = "value.no_change" if indicator.is_binomial else "change.same"
        return Change(direction="same", text=words("change.since", since=since, change=words(key)))
    text = change_text(moved, indicator.unit, words, decimals=indicator.decimals)
    tone: Tone = "neutral"
    if indicator.direction:
        tone = "good" if (moved > 0) == (indicator.direction > 0) else "bad"
    return Change(
        direction="up" if moved > 0 else "down", text=words("change.since", since=since, change=text), tone=tone
    )


def not_comparable(words: Words, since: str = "") -> Change:
    """A change that is withheld because people were asked another way in between."""
    text = words("change.not_comparable")
    return Change(direction="none", text=words("change.since", since=since, change=text) if since else text)


def _count_change(
    before: dict[str, Any], after: dict[str, Any], indicator: Indicator, words: Words, since: str
) -> Change | None:
    if is_missing(before.get("numerator")) or is_missing(after.get("numerator")):
        return None
    moved = float(after["numerator"]) - float(before["numerator"])
    if abs(moved) < 0.5:
        return Change(direction="same", text=words("change.since", since=since, change=words("change.same")))
    text = change_text(moved, MEASURES[indicator.numerator[0]].unit, words)
    tone: Tone = "neutral" if not indicator.direction else "good" if (moved > 0) == (indicator.direction > 0) else "bad"
    return Change(
        direction="up" if moved > 0 else "down", text=words("change.since", since=since, change=text), tone=tone
    )


def finding_of(change: Change | None, words: Words) -> str:
    """The change as the end of a sentence; says so where there is nothing to compare with."""
    return words("change.none") if change is None else change.text
