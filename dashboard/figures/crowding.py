"""Which labels of a crowded chart to draw, so that none covers another."""

from __future__ import annotations

from collections.abc import Iterable


def keep_apart(boxes: Iterable[tuple[float, float, float, float]], *, margin: float = 0.0) -> list[bool]:
    """In the given order, whether each label touches none drawn before it.

    Args:
        boxes: centre x, centre y, width, height, most important first.
        margin: clear space around each.
    """
    drawn: list[tuple[float, float, float, float]] = []
    kept = []
    for x, y, width, height in boxes:
        is_free = all(
            abs(x - other_x) * 2 >= width + other_width + 2 * margin
            or abs(y - other_y) * 2 >= height + other_height + 2 * margin
            for other_x, other_y, other_width, other_height in drawn
        )
        if is_free:
            drawn.append((x, y, width, height))
        kept.append(is_free)
    return kept
