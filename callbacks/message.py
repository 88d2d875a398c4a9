"""What the browser sends with every change of view: the address, the theme, the scale of the screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dash.exceptions import PreventUpdate

from dashboard.palettes import PALETTES
from dashboard.theme import Ink
from dashboard.view import Notice, View
from dashboard.wording import Words

if TYPE_CHECKING:
    from data.query import Reader

SCALES = (1.0, 1.4, 2.0)


@dataclass(frozen=True)
class Message:
    """An address and how it is looked at."""

    pathname: str
    search: str
    ink: Ink

    def read(self, reader: Reader, default_lang: str) -> tuple[View, list[Notice], Words]:
        """The view it names, what of it was not taken, and the words of its language."""
        view, notices = View.parse(self.pathname, self.search, reader, default_lang)
        return view, notices, Words(view.lang)


def message_of(data: Any) -> Message:
    """The message in a store's data. Anything else than what our script writes is ignored (`PreventUpdate`)."""
    if not isinstance(data, dict):
        raise PreventUpdate
    pathname, search, theme, scale = (data.get(name) for name in ("pathname", "search", "theme", "scale"))
    if not isinstance(pathname, str) or not isinstance(search, str):
        raise PreventUpdate
    return Message(
        pathname,
        search,
        Ink(
            theme if isinstance(theme, str) and theme in PALETTES else "light",
            scale if isinstance(scale, int | float) and scale in SCALES else 1.0,
        ),
    )
