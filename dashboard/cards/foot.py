"""The foot of a card in words: n, data date, source, caveat."""

from __future__ import annotations

from dashboard.cards.types import Drawing
from dashboard.wording import Words


def foot(drawing: Drawing, words: Words) -> str:
    """n · data date · source · note."""
    parts = (
        words("card.n", n=drawing.n) if drawing.n else "",
        words("card.as_of", date=drawing.as_of) if drawing.as_of else "",
        drawing.source,
        drawing.note or "",
    )
    return words("text.middot").join(part for part in parts if part)
