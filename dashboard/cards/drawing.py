"""Drawing a card so that its failure stays its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dashboard.cards.types import Card, Drawing, Refusal
from dashboard.events import LOG, request_number
from data.catalogue.source_names import source_name
from data.catalogue.types import Page
from data.errors import GovernanceError
from data.query import Selection

if TYPE_CHECKING:
    from dashboard.theme import Ink
    from dashboard.view import View
    from dashboard.wording import Words
    from data.query import Reader


def _advice(drawing: Drawing, reader: Reader, view: View, words: Words) -> str | None:
    """What to do about an empty card: filters can only be widened where there are some."""
    if drawing.empty is None or drawing.todo is not None or view.page == Page.COMPOUND:
        return drawing.todo
    if not reader.months:
        return ""
    return words("empty.wait") if view.selection == Selection() else None


@dataclass(frozen=True)
class Failure:
    """A card that could not be drawn; `request` is the number under which the log has the reason."""

    request: str


def draw(
    card: Card, reader: Reader, view: View, ink: Ink, words: Words, *, raises: tuple[type[Exception], ...] = ()
) -> Drawing | Failure:
    """`card.draw`, with a refusal turned into an empty card that says why and a bug into a `Failure`, logged.

    Args:
        raises: errors that are the caller's to handle; they pass.
    """
    try:
        drawing = card.draw(reader, view, ink, words)
        # The catalogue names sources as they are titled, in Chinese.
        return replace(
            drawing, source=source_name(drawing.source, words.lang), todo=_advice(drawing, reader, view, words)
        )
    except raises:
        raise
    except GovernanceError as error:
        return Refusal(title=words("empty.card"), empty=str(error), alt=str(error))
    except Exception:
        LOG.exception("card failed", card=card.name, view=view.href())
        return Failure(request_number())
