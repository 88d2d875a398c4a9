"""Whether a computed total agrees with a published figure, read with the bound the source gave it."""

from __future__ import annotations

from data.schema.vocabulary import Bound

# How far 近 may lie below the figure, and 约 on either side of it, as a share of it.
NEAR_SHARE = 0.1
ABOUT_SHARE = 0.05


def agrees(computed: float, value: float, bound: str) -> bool:
    """True where `computed` can be what the source published as `value` with `bound`.

    `exact` equal; `lower` (余) at least; `near` (近) not above and at most a tenth below; `about` (约) within a
    twentieth.
    """
    kind = Bound(bound)
    if kind is Bound.LOWER:
        return computed >= value
    if kind is Bound.NEAR:
        return value * (1 - NEAR_SHARE) <= computed <= value
    if kind is Bound.ABOUT:
        return abs(computed - value) <= abs(value) * ABOUT_SHARE
    return computed == value
