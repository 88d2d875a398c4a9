"""The product's server under gunicorn, and clients that keep asking it."""

from __future__ import annotations

import http.client
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[2]
PAGES = ("/", "/coverage", "/satisfaction", "/companies", "/ranking", "/data", "/methods")
AREAS = ("", "?area=990001", "?area=990002", "?area=990001001", "?area=990002001", "?month=2026-09", "?month=2026-07")
PLAIN = ("/", "/_dash-layout", "/_dash-dependencies", "/healthz", "/readyz", "/data/export.xlsx")


def free_port() -> int:
    """A port nobody listens on."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def gunicorn(url: str, *, workers: int = 2, held: socket.socket | None = None, **environment: str) -> Iterator[Server]:
    """The server on a free port, or on a listening socket that is handed over as systemd does; stopped at the end.

    Args:
        environment: settings besides, by the name of their variable.
    """
    port = held.getsockname()[1] if held else free_port()
    with tempfile.TemporaryDirectory(prefix="soak-served-") as folder:
        server = Server(url, port, workers, Path(folder), held, environment)
        server.start()
        server.wait()
        try:
            yield server
        finally:
            server.stop()


@dataclass
class Server:
    """A running server: `port`, and the process to signal."""

    url: str
    port: int
    workers: int
    folder: Path
    held: socket.socket | None = None
    settings: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] = field(init=False)

    def start(self) -> None:
        """Start the master process; it is not waited for."""
        environment = os.environ | {
            "DASHBOARD_DATABASE_URL": self.url, "DASHBOARD_PORT": str(self.port),
            "DASHBOARD_WORKERS": str(self.workers), "DASHBOARD_LOG_LEVEL": "warning",
            "DASHBOARD_UPLOAD_FOLDER": str(self.folder / "uploads"), **self.settings,
        }  # fmt: skip
        environment.pop("PROMETHEUS_MULTIPROC_DIR", None)
        command = [sys.executable, "app.py"]
        handed: tuple[int, ...] = ()
        if self.held is not None:
            # What systemd does: the socket is descriptor 3, and the process that may take it is named.
            script = f"exec 3<&{self.held.fileno()}; LISTEN_FDS=1 LISTEN_PID=$$ exec {sys.executable} app.py"
            command, handed = ["sh", "-c", script], (self.held.fileno(),)
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=log, stderr=log, pass_fds=handed, start_new_session=True
            )

    def wait(self) -> None:
        """Return when it answers."""
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended: {self.log()[-2000:]}")
            try:
                if ask(self.port, "GET", "/healthz")[0] == 200:
                    return
            except OSError:
                time.sleep(0.2)
        raise RuntimeError(f"the server does not answer: {self.log()[-2000:]}")

    def stop(self) -> None:
        """End it gracefully."""
        self.process.terminate()
        try:
            self.process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def log(self) -> str:
        """What it wrote."""
        return (self.folder / "log").read_text("utf-8", "replace")

    def children(self) -> list[int]:
        """Processes of its workers."""
        found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True)
        return [int(pid) for pid in found.stdout.split()]


# Cookies of each server's visitor, as a browser keeps them.
_cookies: dict[int, dict[str, str]] = {}


def ask(port: int, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
    """Status and body, on a connection of its own as a proxy would make it, with the token that a page sends along."""
    if body is not None and port not in _cookies:
        _exchange(port, "GET", "/", None)
    status, content, is_stale = _exchange(port, method, path, body)
    # The server was started anew with another key, and handed a new token out: the page asks once more.
    return _exchange(port, method, path, body)[:2] if is_stale else (status, content)


def _exchange(port: int, method: str, path: str, body: Any) -> tuple[int, bytes, bool]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=120)) as connection:
        headers = {"Connection": "close"}
        if body is not None:
            kept = _cookies.get(port, {})
            headers |= {
                "Content-Type": "application/json", "Origin": f"http://127.0.0.1:{port}",
                "Cookie": "; ".join(f"{name}={value}" for name, value in kept.items()),
                "X-CSRFToken": kept.get("_csrf_token", ""),
            }  # fmt: skip
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        handed = [line.partition(";")[0].partition("=") for line in answer.headers.get_all("Set-Cookie") or ()]
        if handed and (body is not None or port not in _cookies):
            _cookies[port] = _cookies.get(port, {}) | {name: value for name, _, value in handed}
        return answer.status, answer.read(), answer.status == 400 and "X-Retry" in answer.headers


# What an answer of status 200 holds when a page, a card or the store behind them failed.
FAILED = (b"gd-state-alert", b'"data-page":"failing"', json.dumps("数据库连接不上").strip('"').encode())


def visit_requests(port: int) -> Callable[[str, str], list[tuple[str, str, Any]]]:
    """A function from page and query to what a browser asks when it goes there: method, path, body."""
    dependencies = json.loads(ask(port, "GET", "/_dash-dependencies")[1])

    def requests(pathname: str, search: str) -> list[tuple[str, str, Any]]:
        message = urlencode({"pathname": pathname, "search": search, "theme": "light", "scale": 1})
        return [
            ("GET", f"/drawn/page?{message}&height=768", None),
            ("GET", f"/drawn/cards?{message}&cards=&around=", None),
            ("POST", "/_dash-update-component", _panel_body(search, dependencies, pathname)),
        ]

    return requests


def _panel_body(search: str, dependencies: list[dict[str, Any]], pathname: str) -> dict[str, Any]:
    """What a browser posts when the menu of a card opens its definitions."""
    found = next(d for d in dependencies if "panel.is_open" in d["output"])
    asked = {"pathname": pathname, "search": search, "theme": "light", "scale": 1}
    (opened,) = found["inputs"]
    return {
        "output": found["output"],
        "outputs": [
            dict(zip(("id", "property"), part.rsplit(".", 1), strict=True))
            for part in found["output"][2:-2].split("...")
        ],
        "inputs": [{**opened, "value": asked | {"card": "overview-tiles", "item": "definition"}}],
        "state": [],
        "changedPropIds": [f"{opened['id']}.{opened['property']}"],
    }


@dataclass
class Load:
    """Clients at work: how many requests they made, and what went wrong in words."""

    requests: int = 0
    errors: list[str] = field(default_factory=list)
    slowest: float = 0.0
    _stop: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def client(self, port: int, seed: int) -> None:
        """Ask for pages and files until told to stop."""
        chance = random.Random(seed)
        visit = visit_requests(port)
        while not self._stop.is_set():
            if chance.random() < 0.25:
                asked: list[tuple[str, str, Any]] = [("GET", chance.choice(PLAIN), None)]
            else:
                asked = visit(chance.choice(PAGES), chance.choice(AREAS))
            for method, path, body in asked:
                self._ask(port, method, path, body)

    def _ask(self, port: int, method: str, path: str, body: Any) -> None:
        begun = time.monotonic()
        error = ""
        try:
            status, content = ask(port, method, path, body)
            if status >= 400:
                error = f"{status} {path}"
            elif any(mark in content for mark in FAILED):
                error = f"failing {path}"
        except (OSError, http.client.HTTPException) as trouble:
            error = f"{type(trouble).__name__} {trouble}"
        with self._lock:
            self.requests += 1
            self.slowest = max(self.slowest, time.monotonic() - begun)
            if error:
                self.errors.append(error)

    @contextmanager
    def clients(self, port: int, number: int) -> Iterator[None]:
        """So many clients while the block runs."""
        threads = [threading.Thread(target=self.client, args=(port, n)) for n in range(number)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()

    def wait_for(self, more: int) -> None:
        """Return when so many requests more have been answered."""
        goal = self.requests + more
        deadline = time.monotonic() + 300
        while self.requests < goal and time.monotonic() < deadline:
            time.sleep(0.05)
