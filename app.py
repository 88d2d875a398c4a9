"""Puts the house together. Nothing imports this module; it knows everything and does nothing else."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from dashboard.config import Settings, load_settings
from data.errors import GovernanceError
from data.store import migrate, open_store

if TYPE_CHECKING:
    from dash import Dash
    from flask import Flask

ROOT = Path(__file__).resolve().parent


def create_app(settings: Settings | None = None) -> Dash:
    """A server of the store that `settings` name; it may be called several times in a process.

    Raises:
        SettingError: a setting would be unsafe. StoreError: the database URL is not usable.
    """
    # Here: `serve` only hands over to gunicorn, and need not load the house for that.
    from callbacks import briefing, compound, data, exports, ranking, screen, shell
    from callbacks.warming import Warmer
    from dashboard.access.admin import serve_admin
    from dashboard.access.control import AccessControl
    from dashboard.access.sign_on_routes import serve_sign_on
    from dashboard.access.web import serve_access
    from dashboard.health import serve_health
    from dashboard.measuring import observe
    from dashboard.places import places_of
    from dashboard.services import Services
    from dashboard.serving import new_dash, serve_files, set_headers
    from dashboard.wording import Words
    from data.query import Reader
    from layouts.shell import shell as shell_layout

    settings = settings or load_settings()
    reader = Reader(open_store(settings.database_url), city=settings.city or None, map_review_no=settings.map_review_no)
    access = AccessControl(settings, reader)
    services = Services(
        settings=settings,
        reader=access.reader,
        places=lambda: places_of(reader),
        reader_for=access.reader_for,
        store=reader.engine,
        audit=access.audit,
    )
    app = new_dash(settings)
    observe(app.server)
    access.guard(app.server, app.callback_map)
    words = Words(settings.lang)
    app.layout = lambda: shell_layout(words)
    for part in (shell, ranking, compound, briefing, data, exports, screen):
        part.register(app, services)
    serve_files(app, services)
    serve_health(app.server, reader)
    serve_access(app.server, access)
    serve_sign_on(app.server, access)
    serve_admin(app.server, access)
    # Last: the policy holds a hash of every inline script, and these are known only now.
    set_headers(app)
    app.server.extensions["let_go"] = reader.engine.dispose
    app.server.extensions["warmer"] = Warmer(
        app.server.extensions["press"], reader.pinned, words, settings.shared_folder
    )
    return app


def wsgi() -> Flask:
    """The application for gunicorn: `gunicorn -c gunicorn.conf.py 'app:wsgi()'`."""
    from dashboard.events import configure_log

    settings = load_settings()
    configure_log(settings.log_level)
    app = create_app(settings)
    server: Flask = app.server
    # Dash learns which scripts it may serve when it first writes the page. Each process must know before a browser that
    # got the page from another one asks for them.
    with server.test_request_context("/"):
        app.index()
    # Processes forked from this one must not share a connection that it has opened.
    server.extensions["let_go"]()
    return server


def serve() -> None:
    """Bring the store up to date and serve until stopped: gunicorn where it runs, a threaded server elsewhere."""
    settings = load_settings()
    engine = open_store(settings.database_url)
    migrate(engine)
    engine.dispose()
    sys.stderr.write(f"http://{settings.host}:{settings.port}\n")
    sys.stderr.flush()
    if os.name == "posix":
        os.chdir(ROOT)
        os.execv(sys.executable, [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "app:wsgi()"])
    wsgi().run(host=settings.host, port=settings.port, threaded=True, debug=False)


if __name__ == "__main__":
    try:
        serve()
    except GovernanceError as error:
        sys.exit(str(error))
