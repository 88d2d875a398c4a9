"""The server under the pages: headers, caching, shapes, style sheets, and what an error looks like."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from dash import Dash, html, set_props
from dash.exceptions import DependencyException
from flask import Flask, Response, abort, redirect, request
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from dashboard.bundling import (
    ASSETS,
    CODE_PATH,
    STYLE_PATH,
    SUITES,
    File,
    Scripts,
    boot_hash,
    boot_script,
    code_file,
    held_back,
    style_file,
)
from dashboard.config import Settings
from dashboard.events import LOG, request_number
from dashboard.ids import Id
from dashboard.services import Services
from dashboard.squeezing import Squeezer
from dashboard.theme import fingerprint, palettes_json, stylesheet
from dashboard.wording import Words
from data.errors import GovernanceError, UnknownKeyError

YEAR = 365 * 24 * 3600
FOR_EVER = f"public, max-age={YEAR}, immutable"
CONFIRM = "no-cache"
# Files of the server itself; everything else is data.
STATIC = ("/assets/", "/_dash-component-suites/", CODE_PATH, STYLE_PATH, "/theme.css", "/geo/")
# What is kept of the headers of a package's script; the others belong to one answer.
OF_A_SCRIPT = ("Content-Type", "Content-Encoding", "ETag", "Vary")
# Dash's own mark of a version in a path. Chunks a component loads later carry none and must be confirmed.
DASH_VERSION = re.compile(r"\.v\d\w*m\d+\.")
POLICY = (
    "default-src 'none'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'; object-src 'none'"
)

INDEX = """<!DOCTYPE html>
<html lang="{lang}">
<head>
{{%metas%}}
<title>{{%title%}}</title>
<link rel="icon" href="/assets/icon.svg?v={icon}" type="image/svg+xml">
<script>{boot}</script>
{{%css%}}
<script type="application/json" id="gd-palettes" data-failing="{failing}" data-tables="{{%tables%}}">{palettes}</script>
</head>
<body>
{{%app_entry%}}
<div id="gd-first"></div>
<noscript>{noscript}</noscript>
<footer>{{%config%}}{{%scripts%}}{{%renderer%}}</footer>
</body>
</html>"""


class Frame(Dash):  # type: ignore[misc]  # Dash has no types
    """Dash with the page's files put together."""

    _scripts: Scripts | None = None

    @property
    def scripts_of_page(self) -> Scripts:
        """The scripts the page names; the same in every process, whoever was asked for the page."""
        if self._scripts is None:
            self.index()
        assert self._scripts is not None
        return self._scripts

    def interpolate_index(self, **parts: str) -> str:
        """The page, with our own way of loading what Dash lists."""
        scripts = self._scripts = Scripts.of(parts["scripts"])
        last = held_back(parts["renderer"]) + scripts.code()
        own = {"scripts": scripts.markup(), "css": scripts.links(), "renderer": last}
        page: str = super().interpolate_index(**parts | own)
        return page.replace("{%tables%}", scripts.tables)


def new_dash(settings: Settings) -> Dash:
    """A Dash application with nothing on it yet."""
    words = Words(settings.lang)
    server = Flask("dashboard")
    server.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=settings.max_upload_mb * 1024 * 1024,
        SEND_FILE_MAX_AGE_DEFAULT=YEAR,
        COMPRESS_ALGORITHM=["gzip"],
        COMPRESS_MIMETYPES=[
            "text/html", "text/css", "application/json", "application/javascript", "text/javascript",
            "application/geo+json", "image/svg+xml",
        ],
    )  # fmt: skip
    if settings.proxies:
        hops = settings.proxies
        server.wsgi_app = ProxyFix(server.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return Frame(
        "dashboard",
        server=server,
        title=words("app.title"),
        update_title=None,
        assets_folder=str(ASSETS),
        assets_ignore=r"^boot\.js$",
        pages_folder="",
        use_pages=False,
        compress=True,
        serve_locally=True,
        suppress_callback_exceptions=True,
        enable_mcp=False,
        on_error=callback_failed,
        meta_tags=[{"name": "viewport", "content": "width=device-width, initial-scale=1"}],
        index_string=INDEX.format(
            lang={"zh": "zh-CN"}.get(settings.lang, settings.lang),
            boot=boot_script(),
            icon=int((ASSETS / "icon.svg").stat().st_mtime),
            palettes=palettes_json(),
            noscript=words("app.noscript"),
            failing=words("failing.page"),
        ),
    )


def callback_failed(error: Exception) -> None:
    """What a callback that raised leaves behind: a log entry, and a notice with its number on the page."""
    if isinstance(error, GovernanceError):
        LOG.warning("refused", reason=str(error))
        text = str(error)
    else:
        LOG.error("callback failed", exc_info=error)
        text = Words()("failing.body", request=request_number())
    set_props(Id.NOTICES, {"children": [html.Div(text, className="alert gd-notice gd-notice-alert", role="alert")]})


def serve_files(app: Dash, services: Services) -> None:
    """Routes beside the pages: theme, Bootstrap, shapes; and what an error looks like."""
    server: Flask = app.server

    @server.get("/theme.css")
    def theme_css() -> Response:
        return versioned(Response(stylesheet(), mimetype="text/css"), fingerprint())

    @server.get(STYLE_PATH)
    def style_css() -> Response:
        return _sent(style_file(), "text/css")

    @server.get(CODE_PATH)
    def code_js() -> Response:
        return _sent(code_file(app.scripts_of_page.together), "text/javascript")

    @server.get("/geo/<fingerprint>/<level>.json")
    @server.get("/geo/<fingerprint>/<level>/<parent>.json")
    def shapes(fingerprint: str, level: str, parent: str | None = None) -> Any:
        try:
            places = services.places()
            layer = places.layer(level, parent)
        except (UnknownKeyError, ValueError):
            abort(404)
        if layer.fingerprint != fingerprint:
            # Shapes changed since the page was drawn; the new ones have their own address.
            return redirect(places.url(level, parent), code=302)
        return versioned(Response(layer.content, mimetype="application/json"), layer.fingerprint)

    @server.errorhandler(Exception)
    def _failed(error: Exception) -> Any:
        if isinstance(error, HTTPException):
            return error
        if isinstance(error, DependencyException):
            # A file of a component that does not exist: an old page, or a made-up address.
            return Response(status=404, mimetype="text/plain")
        LOG.error("request failed", exc_info=error)
        text = Words(services.settings.lang)("failing.body", request=request_number())
        return Response(text, status=500, mimetype="text/plain")


def _sent(file: File, mimetype: str) -> Response:
    return versioned(Response(file.content, mimetype=mimetype), file.version)


def versioned(response: Response, version: str) -> Response:
    """The response with its version as ETag."""
    response.set_etag(version)
    return response


def set_headers(app: Dash) -> None:
    """Security and caching headers on every response. Call it after the last clientside callback is registered."""
    policy = POLICY.format(hashes=" ".join([*app.csp_hashes(), boot_hash()]))
    squeezer = Squeezer()
    server: Flask = app.server
    scripts: dict[str, tuple[bytes, dict[str, str]]] = {}

    # After the gate, which was registered before it.
    @server.before_request
    def _script() -> Response | None:
        """A script of a package as it was sent before: Dash reads and weighs it anew each time."""
        known = scripts.get(request.path)
        takes_it = request.method == "GET" and request.accept_encodings["gzip"]
        if known is None or not takes_it:
            return None
        answer = Response(known[0], headers=known[1])
        answer.make_conditional(request)
        return answer

    @server.after_request
    def _headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        response.headers["Cache-Control"] = caching(response.status_code)
        if request.path.startswith(STATIC):
            if DASH_VERSION.search(request.path) and response.status_code == 200:
                # Its version is in its name; Dash leaves it without one of its own.
                response.set_etag(hashlib.sha256(request.path.encode()).hexdigest()[:16])
            squeezer.squeeze(request, response)
            if (
                request.path.startswith(SUITES)
                and response.headers.get("Content-Encoding") == "gzip"
                and request.path not in scripts
            ):
                kept = {name: value for name, value in response.headers.items() if name in OF_A_SCRIPT}
                scripts[request.path] = response.get_data(), kept
        return response


def caching(status: int) -> str:
    """`Cache-Control` of the request being answered: data never, what names its version for ever, the rest confirmed."""
    if not request.path.startswith(STATIC) or status not in (200, 304):
        return "no-store"
    has_version = bool({"m", "v"} & request.args.keys()) or DASH_VERSION.search(request.path)
    return FOR_EVER if has_version or request.path.startswith("/geo/") else CONFIRM
