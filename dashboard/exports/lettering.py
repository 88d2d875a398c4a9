"""Lines of text for pictures: where Chinese and Latin text may break, and how wide it prints."""

from __future__ import annotations

import re

from dashboard.figures.labels import cut, width

# A line of Chinese does not begin with a mark that closes, nor end with one that opens.
CLOSING = frozenset("，。、；：！？）》」』】”’％%…·,.;:!?)]}")
OPENING = frozenset("（《「『【“‘([{")
# Latin words and numbers stay whole; every other sign may stand at the end of a line.
_PIECE = re.compile(r"[A-Za-z0-9.,%+\-−–/<>=±]+|\s+|.", re.DOTALL)
# Columns of print to an em: a full-width sign takes two.
COLUMNS_PER_EM = 2


def columns_of(length: float, size: float) -> int:
    """How many columns of print of type `size` fit into `length` (same unit)."""
    return max(4, int(length / size * COLUMNS_PER_EM))


def lines_of(text: str, columns: int, *, most: int) -> list[str]:
    """`text` over at most `most` lines of `columns`, the last one cut with an ellipsis when there is more."""
    lines: list[str] = []
    line = ""
    for piece in _pieces(text, columns):
        if not line or width(line + piece.rstrip()) <= columns or piece[0] in CLOSING:
            line += piece
            continue
        # What opens goes along to the next line.
        held = ""
        while line and line[-1] in OPENING:
            held, line = line[-1] + held, line[:-1]
        lines.append(line.strip())
        line = held + piece.lstrip()
    lines.append(line.strip())
    lines = [each for each in lines if each]
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], cut("".join(lines[most - 1 :]), columns)]


def _pieces(text: str, columns: int) -> list[str]:
    found: list[str] = []
    for piece in _PIECE.findall(" ".join(text.split())):
        # A word longer than a line is broken after all.
        while width(piece) > columns:
            found.append(piece[:columns])
            piece = piece[columns:]
        if piece:
            found.append(piece)
    return found
