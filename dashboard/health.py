"""Routes for those who watch the server. They tell nothing of the data and ask for no login."""

from __future__ import annotations

import ipaddress
import json

from flask import Flask, Response, request
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError

from dashboard.events import LOG
from dashboard.measuring import metrics_text
from data.errors import GovernanceError
from data.query import Reader
from data.store import require_current

# Endpoints that the gate lets anybody ask.
OPEN_ENDPOINTS = frozenset({"health", "ready", "metrics"})
# Set by whatever forwards requests: with one of them, the caller is somebody else than the address says.
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-Ip")


def serve_health(server: Flask, reader: Reader) -> None:
    """Add `/healthz` (the store answers), `/readyz` (and has the schema this code needs) and `/metrics`."""

    @server.get("/healthz")
    def health() -> Response:
        try:
            revision = reader.revision
        except (SQLAlchemyError, GovernanceError) as error:
            LOG.error("store cannot be reached", reason=str(error))
            return _told({"status": "store unreachable"}, 503)
        return _told({"status": "ok", "revision": revision}, 200)

    @server.get("/readyz")
    def ready() -> Response:
        try:
            require_current(reader.engine)
            revision = reader.revision
        except (SQLAlchemyError, GovernanceError) as error:
            LOG.error("not ready", reason=str(error))
            code = error.code if isinstance(error, GovernanceError) else "unreachable"
            return _told({"status": "not ready", "code": code}, 503)
        return _told({"status": "ready", "revision": revision}, 200)

    @server.get("/metrics")
    def metrics() -> Response:
        if not is_from_this_machine():
            return Response(status=404)
        return Response(metrics_text(reader.engine), content_type=CONTENT_TYPE_LATEST)


def is_from_this_machine() -> bool:
    """Whether a program on this machine asks for itself, not a proxy for somebody else."""
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False


def _told(document: dict[str, str], status: int) -> Response:
    return Response(json.dumps(document), status=status, mimetype="application/json")
