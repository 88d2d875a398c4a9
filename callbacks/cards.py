"""Pages and cards over the wire: a page first, then its cards and what stands around it, each a line of JSON.

Not Dash callbacks: their answers are put together, checked and compressed anew for every browser, which costs more than
drawing. The lines are kept as they are sent (docs/decisions/0014). What arrives is shown by `assets/cards.js`.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from dash import ALL, ClientsideFunction, Dash, Input, Output, State
from dash.exceptions import PreventUpdate
from flask import Flask, Response, abort, request

from callbacks.frame import frame_changes
from callbacks.lines import line_of
from callbacks.message import Message, message_of
from dashboard.cards import CARDS
from dashboard.cards.drawing import Failure, draw
from dashboard.cards.types import Card, Refusal
from dashboard.common_shelf import CommonShelf
from dashboard.ids import Id, Part, part_id
from dashboard.pieces import Piece, Shelf, joined
from dashboard.services import Services
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue.types import Page
from data.query import Reader
from layouts.components.card import card_changes, card_of
from layouts.components.page import opening_cards

NAMESPACE = "gd_cards"
LINES = "application/x-ndjson"
# Height of a window that does not say it, px.
TALL = 1000.0
# Cards that tell of what happens beside the store's revision: they are drawn at every request.
LIVE = frozenset({Page.DATA})


class CardPress:
    """Draws cards into lines of JSON and keeps them.

    A line is kept by everything it was drawn from: the store's revision, the rows the user may see, the view, the theme
    and size, the language. A card that failed or was refused is not kept.

    Args:
        shared_folder: where all processes of the server keep lines for each other; empty: this one alone keeps them.
    """

    def __init__(self, shared_folder: str = "") -> None:
        self.shelf = Shelf(common=CommonShelf(Path(shared_folder)) if shared_folder else None)

    def whole(self, card: Card, reader: Reader, view: View, ink: Ink, words: Words) -> Piece:
        """The card as a component, to be put into its place."""

        def line(drawing: Any) -> dict[str, Any]:
            return {"card": card.name, "whole": card_of(card, drawing, view, ink, words)}

        return self._line("whole", line, card, reader, view, ink, words)

    def change(self, card: Card, reader: Reader, view: View, ink: Ink, words: Words) -> Piece:
        """The properties of the card's parts, to be set where the card stands already."""

        def line(drawing: Any) -> dict[str, Any]:
            return {"card": card.name, "set": card_changes(card, drawing, view, ink, words)}

        return self._line("set", line, card, reader, view, ink, words)

    def _line(
        self, form: str, line: Callable[[Any], dict[str, Any]], card: Card, reader: Reader, view: View, ink: Ink,
        words: Words,
    ) -> Piece:  # fmt: skip
        def make() -> tuple[bytes, bool]:
            drawing = draw(card, reader, view, ink, words)
            is_kept = card.page not in LIVE and not isinstance(drawing, Failure | Refusal)
            return line_of(line(drawing)), is_kept

        return self.shelf.get(
            (form, card.name, reader.scope, reader.revision, view, ink.theme, ink.scale, words.lang), make
        )


def register(app: Dash, services: Services, page_of: Callable[[Message], Any]) -> None:
    """Serve pages and cards, and let the browser ask for them.

    Args:
        page_of: the page that a message names, with places for its cards.
    """
    press = CardPress(services.settings.shared_folder)
    app.server.extensions["press"] = press
    server: Flask = app.server
    lang = services.settings.lang

    @server.get("/drawn/page")
    def drawn_page() -> Response:
        message = _asked()
        page = page_of(message)
        opening = opening_cards(page, request.args.get("height", TALL, type=float) / message.ink.scale)
        lines = [Piece.of(line_of({"page": page}))]
        if opening:
            reader = services.reader()
            view, _, words = message.read(reader, lang)
            lines += [press.whole(CARDS[name], reader, view, message.ink, words) for name in opening]
        return _answer(lines)

    @server.get("/drawn/cards")
    def drawn_cards() -> Response:
        message, names = _asked(), request.args.get("cards", "").split(",")
        have = request.args.get("around")
        if have is not None and names == [""]:
            names = []
        if not set(names) <= CARDS.keys():
            abort(400)
        reader = services.reader()
        view, found, words = message.read(reader, lang)
        form = press.whole if "whole" in request.args else press.change
        lines = [form(CARDS[name], reader, view, message.ink, words) for name in dict.fromkeys(names)]
        if have is not None:
            lines.append(Piece.of(line_of({"around": frame_changes(reader, view, found, words, have)})))
        return _answer(lines)

    app.clientside_callback(
        ClientsideFunction(NAMESPACE, "page"),
        Output(Id.PAGE, "children"),
        Input(Id.NAVIGATE, "data"),
        State(Id.CONTROLS, "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction(NAMESPACE, "redraw"), Input(Id.REDRAW, "data"), prevent_initial_call=True
    )
    app.clientside_callback(
        ClientsideFunction(NAMESPACE, "place"),
        Output(part_id(Part.SLOT, ALL), "children"),
        Input(Id.ARRIVED, "data"),
        prevent_initial_call=True,
    )


def _asked() -> Message:
    """The message in the request's address; 400 for any other."""
    given: dict[str, Any] = {name: request.args.get(name, "") for name in ("pathname", "search", "theme")}
    given["scale"] = request.args.get("scale", 1.0, type=float)
    try:
        return message_of(given)
    except PreventUpdate:
        abort(400)


def _answer(lines: Iterable[Piece]) -> Response:
    body = joined(lines)
    if "deflate" not in request.headers.get("Accept-Encoding", ""):
        return Response(zlib.decompress(body), mimetype=LINES)
    return Response(body, mimetype=LINES, headers={"Content-Encoding": "deflate", "Vary": "Accept-Encoding"})
