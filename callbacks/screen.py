"""The large screen: what it asks the server every few seconds, and the scenes it gets when something changed."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING, Any

from dash import ClientsideFunction, Dash, Input, Output
from flask import Flask, Response, request
from sqlalchemy.exc import SQLAlchemyError

from dashboard.build import build_fingerprint
from dashboard.events import LOG
from dashboard.ids import ScreenId
from dashboard.numbers import month_name, number
from dashboard.scenes import programme
from dashboard.services import Services
from dashboard.staleness import days_since_month_end, is_stale, today
from dashboard.wording import Words
from data.errors import GovernanceError
from layouts.screen import Scenery

if TYPE_CHECKING:
    from data.query import Reader

# One drawing at a time: two screens that ask together get the same one.
_drawing = threading.Lock()


def pulse(reader: Reader, words: Words, stale_days: int) -> dict[str, str]:
    """What may have changed: the revision of the data, the code, and whether the newest month is too old."""
    latest, day = reader.latest_month, today()
    stale = ""
    if is_stale(latest, day, stale_days):
        stale = words(
            "screen.stale", month=month_name(latest, words), days=number(float(days_since_month_end(latest, day)))
        )
    return {"revision": reader.revision, "build": build_fingerprint(), "stale": stale}


def scenery(reader: Reader, words: Words) -> bytes:
    """JSON of all scenes; drawn once for each state of the store unless a card failed."""
    with _drawing:
        kept: dict[str, bytes] = reader.remember(("screen", words.lang), dict)
        if "content" not in kept:
            drawn = Scenery(reader, words)
            if drawn.has_failed:
                return drawn.content
            kept["content"] = drawn.content
        return kept["content"]


def register(app: Dash, services: Services) -> None:
    """Wire the large screen. Raises `SceneError` where the file of scenes is wrong, before anybody sees it."""
    programme()
    server: Flask = app.server

    def words() -> Words:
        lang = request.args.get("lang")
        return Words(lang if lang in ("zh", "en") else services.settings.lang)

    def answer(content: Any) -> Response:
        return Response(content, mimetype="application/json")

    def out_of_reach(error: Exception) -> Response:
        LOG.warning("screen cannot read the store", reason=str(error))
        return Response(json.dumps({"status": "store unreachable"}), status=503, mimetype="application/json")

    @server.get("/screen/pulse")
    def screen_pulse() -> Response:
        try:
            return answer(json.dumps(pulse(services.reader(), words(), services.settings.stale_days)))
        except (SQLAlchemyError, GovernanceError) as error:
            return out_of_reach(error)

    @server.get("/screen/scenes")
    def screen_scenes() -> Response:
        try:
            return answer(scenery(services.reader(), words()))
        except (SQLAlchemyError, GovernanceError) as error:
            return out_of_reach(error)

    # A callback without an output would not be called for a page that comes after the frame.
    app.clientside_callback(
        ClientsideFunction("gd_wall", "start"), Output(ScreenId.ROOT, "data-started"), Input(ScreenId.ROOT, "id")
    )
