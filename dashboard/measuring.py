"""What the server counts about itself, and one log line for every request it answered.

Every worker process counts for itself; under gunicorn the counts of all of them are added up when they are asked for
(`PROMETHEUS_MULTIPROC_DIR`, set by gunicorn.conf.py before this module is imported).
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask, Response, g, request
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from dashboard.access import current_user
from dashboard.events import LOG, begin_request, request_number
from data.catalogue.types import Page
from data.query.state import store_state

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
CALLBACK = "/_dash-update-component"
PAGES = frozenset(page.value for page in Page)
OTHER, NO_ROUTE = "other", "none"
# Routes by which Dash answers any address with its one page.
ANY_PAGE = frozenset({"/", "/<path:path>"})
# Files of the server: asked for by the dozen, logged only where everything is.
QUIET = (
    "/assets/",
    "/_dash-component-suites/",
    "/code.js",
    "/style.css",
    "/theme.css",
    "/geo/",
    "/healthz",
    "/readyz",
    "/metrics",
)

REQUESTS = Counter("governance_requests", "Requests answered", ["route", "method", "status"])
SECONDS = Histogram("governance_request_seconds", "Time to answer a request", ["route"], buckets=BUCKETS)
CALLBACK_SECONDS = Histogram(
    "governance_callback_seconds", "Time to answer a callback, by the page that asked", ["page"], buckets=BUCKETS
)
MEMORY = Gauge(
    "governance_worker_memory_bytes", "Resident memory of a server process", multiprocess_mode="liveall"
)  # fmt: skip


def observe(server: Flask) -> None:
    """Number, time, count and log every request. Call it before anything else that looks at requests."""

    @server.before_request
    def _begin() -> None:
        g.begun = time.perf_counter()
        begin_request(route_of_request())

    @server.after_request
    def _answered(response: Response) -> Response:
        taken = time.perf_counter() - g.get("begun", time.perf_counter())
        route = route_of_request()
        REQUESTS.labels(route, request.method, str(response.status_code)).inc()
        SECONDS.labels(route).observe(taken)
        if route == CALLBACK:
            CALLBACK_SECONDS.labels(page_of(request.referrer)).observe(taken)
        MEMORY.set(resident_bytes())
        response.headers["X-Request-Id"] = request_number()
        write = LOG.debug if route.startswith(QUIET) else LOG.info
        write(
            "answered", method=request.method, status=response.status_code, milliseconds=round(taken * 1000, 1),
            user=_login(),
        )  # fmt: skip
        return response


def route_of_request() -> str:
    """The rule that answers the request, with names instead of values: `/geo/<fingerprint>/<level>.json`.

    An address is what a person typed; neither the log nor the counts repeat it. Pages are known by their stem.
    """
    rule = request.url_rule
    if rule is None:
        return NO_ROUTE
    return f"/{page_of(request.path)}" if rule.rule in ANY_PAGE else rule.rule


def page_of(address: str | None) -> str:
    """The page an address names: one of the pages, or `other`."""
    if not address:
        return OTHER
    try:
        stem = urlsplit(address).path.strip("/").split("/")[0] or Page.OVERVIEW.value
    except ValueError:
        return OTHER
    return stem if stem in PAGES else OTHER


def resident_bytes() -> int:
    """Resident memory of this process; 0 where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_bytes().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0


def _login() -> str:
    with suppress(LookupError):
        return current_user().login
    return "-"


class StoreCollector(Collector):
    """Age and revision of the data, read when the metrics are asked for."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The gauges; without those of the data when the store cannot be read."""
        try:
            state = store_state(self._engine)
        except SQLAlchemyError:
            yield GaugeMetricFamily("governance_store_up", "Whether the store can be read", value=0)
            return
        yield GaugeMetricFamily("governance_store_up", "Whether the store can be read", value=1)
        yield GaugeMetricFamily("governance_newest_batch", "Number of the newest import", value=state.newest_batch)
        yield GaugeMetricFamily("governance_reverted_batches", "Imports taken back", value=state.reverted)
        now = datetime.now(UTC).replace(tzinfo=None)
        if state.imported_at is not None:
            age = (now - state.imported_at).total_seconds()
            yield GaugeMetricFamily("governance_import_age_seconds", "Time since the newest import", value=age)
        if state.latest_month:
            ended = (datetime.strptime(state.latest_month, "%Y-%m") + timedelta(days=32)).replace(day=1)  # noqa: DTZ007
            age = (now - ended).total_seconds()
            yield GaugeMetricFamily("governance_data_age_seconds", "Time since the newest month ended", value=age)


def metrics_text(engine: Engine) -> bytes:
    """Everything counted, in Prometheus' text form; under gunicorn of all worker processes."""
    registry = CollectorRegistry()
    try:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    except ValueError:
        # One process alone, which counts in its own memory.
        registry = REGISTRY
    text = generate_latest(registry)
    store = CollectorRegistry()
    store.register(StoreCollector(engine))
    return text + generate_latest(store)
