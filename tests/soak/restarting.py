"""Servers restarted while people read: the database under the pages, the workers, the whole server."""

from __future__ import annotations

import os
import signal
import socket
import tempfile
import time
from collections import Counter
from pathlib import Path

from data.store import migrate, open_store
from tests.bench.serving import worker_memory
from tests.demo_store import shared_demo_url
from tests.small_city import build_small_city
from tests.soak.figures import Figure, at_most, none_of, told
from tests.soak.postgres import cluster
from tests.soak.serving import Load, gunicorn

CLIENTS = 8
RESTARTS = 5
AWAY_SECONDS = 1.5
BETWEEN = 40
OUTWORN_REQUESTS = 1500
MOST_GROWTH = 1.05


def _filled(url: str) -> str:
    engine = open_store(url)
    migrate(engine)
    build_small_city(engine)
    engine.dispose()
    return url


def _errors(load: Load) -> list[Figure]:
    kinds = [told(f"  {what}", str(count)) for what, count in Counter(load.errors).most_common(8)]
    slowest = told("slowest answer", f"{load.slowest:.1f} s")
    return [none_of("errors seen by a user", len(load.errors), load.requests), *kinds, slowest]


def database() -> list[Figure]:
    """PostgreSQL stopped and started again under clients that read."""
    with cluster() as postgres, gunicorn(_filled(postgres.url)) as server:
        load, away = Load(), 0.0
        with load.clients(server.port, CLIENTS):
            load.wait_for(BETWEEN)
            for restart in range(RESTARTS):
                begun = time.monotonic()
                postgres.stop("fast" if restart % 2 else "immediate")
                time.sleep(AWAY_SECONDS)
                postgres.start()
                away = max(away, time.monotonic() - begun)
                load.wait_for(BETWEEN)
        what = f"PostgreSQL restarted under {CLIENTS} clients, {AWAY_SECONDS:g} s away"
        # Pages wait for eight seconds: on a machine too busy to start the database in that time, they say so instead.
        longest = told("from its stop until it took connections again, at most", f"{away:.1f} s")
        return [told(what, f"{RESTARTS} times"), longest, *_errors(load)]


def workers() -> list[Figure]:
    """The server reloaded (HUP) under load: every worker replaced, nobody sees it. Then a worker killed."""
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        url = _filled(f"sqlite:///{Path(folder) / 'store.db'}")
        with gunicorn(url) as server:
            load = Load()
            before = set(server.children())
            with load.clients(server.port, CLIENTS):
                load.wait_for(BETWEEN)
                for _ in range(RESTARTS):
                    os.kill(server.process.pid, signal.SIGHUP)
                    load.wait_for(BETWEEN)
            left = before & set(server.children())
            killed = Load()
            with killed.clients(server.port, CLIENTS):
                for _ in range(RESTARTS):
                    killed.wait_for(BETWEEN)
                    os.kill(server.children()[0], signal.SIGKILL)
                killed.wait_for(BETWEEN)
            server.wait()
            # Whoever was being answered by the killed process at that moment, and nobody else.
            most = RESTARTS * CLIENTS
            return [
                told(f"server reloaded under {CLIENTS} clients", f"{RESTARTS} times"),
                none_of("workers left from before", len(left), len(before)),
                *_errors(load),
                at_most(f"worker killed {RESTARTS} times: requests it took along, of {killed.requests}",
                        len(killed.errors), most),
            ]  # fmt: skip


def outworn() -> list[Figure]:
    """Workers that make way for new ones after a hundred requests each, under load: nobody sees it."""
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        url = _filled(f"sqlite:///{Path(folder) / 'store.db'}")
        few = {"DASHBOARD_WORKER_REQUESTS": "100", "DASHBOARD_WORKER_REQUESTS_JITTER": "20"}
        with gunicorn(url, **few) as server:
            load = Load()
            seen = set(server.children())
            with load.clients(server.port, CLIENTS):
                while load.requests < OUTWORN_REQUESTS:
                    load.wait_for(BETWEEN)
                    seen |= set(server.children())
            return [told(f"workers replaced under {CLIENTS} clients", f"{len(seen) - 2}"), *_errors(load)]


def memory() -> list[Figure]:
    """A worker after 10 000 requests beside the same after 1 000."""
    before, after = worker_memory(shared_demo_url())
    return [
        told("resident memory of a worker after 1 000 mixed requests", f"{before:.0f} MB"),
        told("the same after 10 000", f"{after:.0f} MB"),
        at_most("growth between them", round(after / before, 3), MOST_GROWTH),
    ]


def whole_server() -> list[Figure]:
    """The server stopped and started on a socket that something else holds, as an upgrade under systemd does."""
    with tempfile.TemporaryDirectory(prefix="soak-") as folder, socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen(512)
        with gunicorn(_filled(f"sqlite:///{Path(folder) / 'store.db'}"), held=held) as server:
            load = Load()
            with load.clients(server.port, CLIENTS):
                for _ in range(2):
                    load.wait_for(BETWEEN)
                    server.stop()
                    server.start()
                load.wait_for(BETWEEN)
            return [told(f"server restarted on its socket under {CLIENTS} clients", "2 times"), *_errors(load)]
