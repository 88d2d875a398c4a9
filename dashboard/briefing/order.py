"""What a deck is asked to be, with what it is made, and what comes of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from dashboard.access import User
from dashboard.briefing.basket import Basket
from dashboard.cards.types import Drawing
from dashboard.wording import Words
from data.errors import GovernanceError

# python-pptx is slow to load: a server that only takes orders does without.
if TYPE_CHECKING:
    from dashboard.briefing.template import Template
    from dashboard.slides import Fonts, Placed, Renderer


def _fonts() -> Fonts:
    from dashboard.slides import Fonts

    return Fonts()


class CancelledError(GovernanceError):
    """The deck was no longer wanted; nothing was kept."""


class EmptyDeckError(GovernanceError):
    """Not one card had anything to show."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a deck is asked to be.

    Attributes:
        basket: the charts wanted; None is the 月报. area, compound, month: of the 月报; a basket's charts have their own.
        title: of the cover; empty for the computed one.
    """

    basket: Basket | None = None
    area: str | None = None
    compound: str | None = None
    month: str | None = None
    title: str = ""
    lang: str = "zh"


@dataclass(frozen=True, kw_only=True)
class Making:
    """With what a deck is made.

    Attributes:
        stamp: the time written into it; equal inputs and stamps give equal bytes.
        review_no: number of the map review, under every map. render: pictures of what has no native form, if at all.
        progress: told done and total steps and what is being done. is_cancelled: asked between steps.
    """

    template: Template
    stamp: datetime
    words: Words
    user: User
    review_no: str = ""
    fonts: Fonts = field(default_factory=_fonts)
    render: Renderer | None = None
    progress: Callable[[int, int, str], None] = lambda done, total, what: None
    is_cancelled: Callable[[], bool] = lambda: False


@dataclass(frozen=True, kw_only=True)
class Deck:
    """A finished deck.

    Attributes:
        content: the .pptx. manifest: what each slide holds, how it was made and why. numbers: see `frozen`.
        month, place: the month and the name of the place it is of.
        placed: card, drawing and what became of it, in the order of the slides; for whoever compares their numbers.
    """

    content: bytes
    manifest: dict[str, Any]
    numbers: dict[str, Any]
    title: str
    month: str
    place: str
    file_name: str
    placed: tuple[tuple[str, Drawing, Placed], ...] = ()

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()
