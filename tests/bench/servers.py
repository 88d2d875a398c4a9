"""Starting servers for a measurement, and talking to them."""

from __future__ import annotations

import gzip
import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlencode

from tests.demo_store import ROOT

PATIENCE_S = 180


@dataclass(frozen=True)
class Server:
    """A server process and how long it took to answer for the first time, s."""

    port: int
    process: subprocess.Popen[bytes]
    started_s: float

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def running(command: Sequence[str], port: int, **environment: str) -> Iterator[Server]:
    """A server process of `command` until the block is left."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        while True:
            try:
                if get(port, "/").status == 200:
                    break
            except OSError:
                pass
            if time.perf_counter() - begun > PATIENCE_S or process.poll() is not None:
                raise SystemExit(f"{' '.join(command)} does not answer")
            time.sleep(0.02)
        yield Server(port, process, time.perf_counter() - begun)
    finally:
        process.terminate()
        process.wait()


@contextmanager
def product(url: str, *, warm: bool = False, has_read: bool = False, workers: int = 2) -> Iterator[Server]:
    """The product as it is served, with the empty callback beside it.

    Args:
        warm: it draws the usual views in the background. has_read: it has read what views have in common, and drawn none.
    """
    port = _free_port()
    with running(
        ["-m", "gunicorn", "-c", "gunicorn.conf.py", f"tests.bench.served:wsgi({has_read})"], port,
        DASHBOARD_DATABASE_URL=url, DASHBOARD_PORT=str(port), DASHBOARD_WARM_UP=str(warm), DASHBOARD_LOG_LEVEL="error",
        DASHBOARD_WORKERS=str(workers),
    ) as server:  # fmt: skip
        yield server


def resident_mb(server: Server) -> float:
    """Megabytes the first worker of a server keeps resident."""
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
    status = Path(f"/proc/{children[0]}/status").read_text()
    return int(next(row for row in status.splitlines() if row.startswith("VmRSS")).split()[1]) / 1024


@contextmanager
def plain(url: str) -> Iterator[Server]:
    """The plain Dash application."""
    port = _free_port()
    with running(["-m", "tests.bench.plain", url, str(port)], port) as server:
        yield server


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    seconds: float


def _ask(port: int, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    begun = time.perf_counter()
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    content = answer.read()
    taken = time.perf_counter() - begun
    if answer.getheader("Content-Encoding") == "gzip":
        content = gzip.decompress(content)
    connection.close()
    return Answer(answer.status, content, taken)


def get(port: int, path: str, **query: object) -> Answer:
    """A GET on a connection of its own, compressed as a browser asks for it."""
    where = f"{path}?{urlencode(query)}" if query else path
    return _ask(port, "GET", where, None, {"Accept-Encoding": "gzip, deflate"})


@cache
def _cookie(port: int) -> str:
    """What the server gives a browser at its first visit, as the browser sends it back."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    connection.request("GET", "/")
    answer = connection.getresponse()
    answer.read()
    connection.close()
    given = [value.split(";")[0] for name, value in answer.getheaders() if name.lower() == "set-cookie"]
    return "; ".join(given)


def post(port: int, body: dict[str, Any]) -> Answer:
    """A Dash callback on a connection of its own."""
    cookie = _cookie(port)
    headers = {
        "Content-Type": "application/json", "Origin": f"http://127.0.0.1:{port}", "Accept-Encoding": "gzip, deflate",
        "Cookie": cookie, "X-CSRFToken": unquote(dict(p.split("=", 1) for p in cookie.split("; "))["_csrf_token"]),
    }  # fmt: skip
    return _ask(port, "POST", "/_dash-update-component", json.dumps(body), headers)
