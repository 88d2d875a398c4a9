"""Taking a card out: its workbook, its CSV, its picture. The browser draws the picture, the server says what it says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from dash import Dash
from flask import Flask, Response, jsonify, request

from dashboard.access import Right, current_user, may, watermark
from dashboard.exports.errors import ExportError
from dashboard.exports.files import to_csv, to_workbook
from dashboard.exports.framing import SCALE, framed
from dashboard.exports.names import disposition
from dashboard.exports.taking import Taken, card_named, take
from dashboard.exports.workbook import CSV, XLSX
from dashboard.palettes import PALETTES, ThemeName
from dashboard.services import Services
from dashboard.theme import Ink
from dashboard.view import HOME, View
from dashboard.wording import Words
from data.errors import GovernanceError, UnknownKeyError

TEXT = "text/plain; charset=utf-8"
# What a picture is drawn in when the address names no theme: ink on white, for print.
THEME: ThemeName = "light"


def register(app: Dash, services: Services) -> None:
    """Add the routes. The entries of the menus are followed in the browser, see dashboard/assets/exports.js."""
    server: Flask = app.server

    @server.get("/export/<name>.xlsx")
    def export_workbook(name: str) -> Response:
        return _answered(services, name, lambda taken: _file(to_workbook(taken), taken, "xlsx", XLSX))

    @server.get("/export/<name>.csv")
    def export_csv(name: str) -> Response:
        return _answered(services, name, lambda taken: _file(to_csv(taken), taken, "csv", CSV))

    @server.get("/export/<name>.picture")
    def export_picture(name: str) -> Response:
        return _answered(services, name, lambda taken: jsonify(framed(taken).document()))


def _answered(services: Services, name: str, made: Callable[[Taken], Response]) -> Response:
    """The file of the card `name` for the view of the address, or why there is none, as text."""
    words = Words("en" if request.args.get("lang") == "en" else services.settings.lang)
    user = current_user()
    if not may(user, Right.EXPORT):
        return Response(words("export.forbidden"), status=403, content_type=TEXT)
    try:
        taken = _taken(services, name, words)
        response = made(taken)
    except UnknownKeyError as error:
        return Response(str(error), status=404, content_type=TEXT)
    except ExportError as error:
        return Response(str(error), status=500 if error.code == "failed" else 404, content_type=TEXT)
    except GovernanceError as error:
        return Response(str(error), status=400, content_type=TEXT)
    services.audit("export", name, form=request.path.rpartition(".")[2], view=taken.meaning.address)
    return response


def _taken(services: Services, name: str, words: Words) -> Taken:
    card = card_named(name)
    reader = services.reader()
    path = "/" if card.page == HOME else f"/{card.page.value}"
    search = request.query_string.decode("ascii", "replace")
    view, notices = View.parse(path, search, reader, services.settings.lang)
    if notices:
        # A page shows the nearest valid view and says so; a file is taken for what was asked.
        why = " ".join(words(notice.key, **notice.values) for notice in notices)
        raise ExportError(words("export.wrong_view"), where=name, why=why, code="wrong_view")
    asked = request.args.get("theme")
    theme: ThemeName = asked if asked in PALETTES else THEME
    stamp = datetime.now().astimezone()
    return take(
        name, reader, view, Ink(theme, SCALE), Words(view.lang), stamp=stamp,
        watermark=watermark(current_user(), stamp, Words(view.lang)) or "",
    )  # fmt: skip


def _file(content: bytes, taken: Taken, ending: str, mimetype: str) -> Response:
    name = disposition(f"{taken.stem}.{ending}", f"{taken.card.name}-{taken.view.month_of(taken.reader)}.{ending}")
    return Response(content, content_type=mimetype, headers={"Content-Disposition": name})
