"""Names that fit: cut or wrapped by how wide they print, a Chinese character counting two."""

from __future__ import annotations

from collections.abc import Iterable
from unicodedata import east_asian_width

# Letters of a word that is never torn.
LONGEST_WORD = 14


def width(text: str) -> int:
    """Columns the text takes in print; full-width characters take two."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def room(texts: Iterable[str], size: float) -> float:
    """What the longest of these texts takes in type of `size`, px; rather more than less for letters and figures."""
    return max((size * sum(1.0 if east_asian_width(s) in "WF" else 0.62 for s in text) for text in texts), default=0.0)


def cut(text: str, columns: int) -> str:
    """The text, or as much of it as fits before an ellipsis."""
    if width(text) <= columns:
        return text
    kept = ""
    for sign in text:
        if width(kept + sign) > columns - 1:
            break
        kept += sign
    return kept.rstrip() + "…"


def wrap(text: str, columns: int, *, lines: int = 2) -> str:
    """The text over at most `lines` lines joined by `<br>`, of about one width, the last one cut."""
    # A word of an alphabetic script stays whole where it is little longer than its line.
    longest = max((len(word) for word in text.split() if word.isascii()), default=0)
    columns = max(columns, min(longest, LONGEST_WORD))
    out: list[str] = []
    rest = text
    while rest and len(out) < lines - 1 and width(rest) > columns:
        # No line of a single character: what is left is shared out among the lines it needs anyway.
        share = min(columns, -(-width(rest) // min(-(-width(rest) // columns), lines - len(out))))
        taken = ""
        for sign in rest:
            if width(taken) >= share or width(taken + sign) > columns:
                break
            taken += sign
        # A space that is near is the better place, whatever the script.
        space = max(taken.rfind(" "), rest.find(" ", 0, len(taken) + 3) if width(taken) + 6 <= columns else -1)
        if space < 0 and _parts_a_word(rest, len(taken)):
            # The first word is longer than its share: it ends where its line does, if it can.
            space = rest.find(" ", 0, columns + 1)
        if space > len(taken) // 2 or (space > 0 and _parts_a_word(rest, len(taken))):
            taken = rest[: space + 1]
        out.append(taken.strip())
        rest = rest[len(taken) :].lstrip()
    return "<br>".join([*out, cut(rest.strip(), columns)] if rest else out)


def row_name(text: str, columns: int, *, is_wall: bool) -> str:
    """A name beside its row, over two lines; on one longer line where the rows of a large screen are too close for two."""
    return cut(text, columns + 6) if is_wall else wrap(text, columns)


def _parts_a_word(text: str, place: int) -> bool:
    """Whether a break before the character at `place` would tear a word of an alphabetic script."""
    return place < len(text) and all(sign.isascii() and not sign.isspace() for sign in text[place - 1 : place + 1])
