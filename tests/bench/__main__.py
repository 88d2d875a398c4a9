"""Measure and print. Every line is a ratio against a baseline of the same run; nothing here passes or fails."""

from __future__ import annotations

import http.client
import io
import json
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from playwright.sync_api import sync_playwright
from sqlalchemy import Engine

from data.importing.export import export_store
from data.importing.ports import Ports
from data.importing.preview import Options, commit, prepare
from data.store import migrate, open_store
from geo.importing import ImportGeography
from tests.bench.browser import cold_load, requests_of_a_filter_change
from tests.bench.served import EMPTY_INPUT, EMPTY_OUTPUT
from tests.bench.slides import deck_of_slides
from tests.demo_store import ROOT, shared_demo_url
from tests.pages.browsing import CHROMIUM, FLAGS

LOADS, CHANGES = 5, 60


@contextmanager
def running(module: str, url: str) -> Iterator[int]:
    """A server process of `module`; yields its port once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    process = subprocess.Popen(
        [sys.executable, "-m", module, url, str(port)], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 90
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if time.monotonic() > deadline or process.poll() is not None:
                    raise
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait()


def line(what: str, ours: str, baseline: str, ratio: float) -> None:
    print(f"{what:<44} {ours:>22}   baseline {baseline:>22}   ratio {ratio:6.2f}", flush=True)


@cache
def token_of(port: int) -> dict[str, str]:
    """The headers a page sends with every callback: the token against forged requests, and its cookies."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/")
    answer = connection.getresponse()
    answer.read()
    connection.close()
    lines = [value for name, value in answer.getheaders() if name.lower() == "set-cookie"]
    cookies = [line.partition(";")[0] for line in lines]
    token = next((c.partition("=")[2] for c in cookies if c.startswith("_csrf_token=")), "")
    return {"Cookie": "; ".join(cookies), "X-CSRFToken": token} if token else {}


def post(port: int, body: dict[str, Any]) -> float:
    """Seconds one callback takes on a connection of its own."""
    handed = token_of(port)
    connection = http.client.HTTPConnection("127.0.0.1", port)
    begun = time.perf_counter()
    connection.request(
        "POST", "/_dash-update-component", json.dumps(body),
        {"Content-Type": "application/json", "Origin": f"http://127.0.0.1:{port}"} | handed,
    )  # fmt: skip
    answer = connection.getresponse()
    answer.read()
    taken = time.perf_counter() - begun
    connection.close()
    if answer.status not in (200, 204):
        raise SystemExit(f"callback answered {answer.status}")
    return taken


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1] * 1000


def with_area(body: dict[str, Any], area: str) -> dict[str, Any]:
    return json.loads(json.dumps(body).replace("?area=341821", f"?area={area}"))  # type: ignore[no-any-return]


def first_load(url: str) -> None:
    with (
        sync_playwright() as playwright,
        running("tests.bench.plain", url) as plain,
        running("tests.bench.served", url) as ours,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        loads = {}
        for name, port in (("plain", plain), ("ours", ours)):
            cold_load(browser, f"http://127.0.0.1:{port}/")
            loads[name] = [cold_load(browser, f"http://127.0.0.1:{port}/") for _ in range(LOADS)]
        kilobytes = {name: statistics.median(load.kilobytes for load in many) for name, many in loads.items()}
        seconds = {name: statistics.median(load.seconds for load in many) for name, many in loads.items()}
        charts = f"{loads['ours'][0].charts} charts"
        line(f"first load of 总览, bytes ({charts})", f"{kilobytes['ours']:.0f} KB", f"{kilobytes['plain']:.0f} KB, 3 charts",
             kilobytes["ours"] / kilobytes["plain"])  # fmt: skip
        line(f"first load of 总览, last chart ({charts})", f"{seconds['ours']:.2f} s", f"{seconds['plain']:.2f} s, 3 charts",
             seconds["ours"] / seconds["plain"])  # fmt: skip

        empty = {
            "output": f"{EMPTY_OUTPUT}.data", "outputs": {"id": EMPTY_OUTPUT, "property": "data"},
            "inputs": [{"id": EMPTY_INPUT, "property": "data", "value": 1}], "changedPropIds": [f"{EMPTY_INPUT}.data"],
        }  # fmt: skip
        bodies = requests_of_a_filter_change(browser, f"http://127.0.0.1:{ours}/", "341821")
        browser.close()
        areas = ["341802", "341821", "341823", "341824", "341825", "341881", "341882", "341871"]
        for body in bodies:
            post(ours, body)
        idle = [post(ours, empty) for _ in range(CHANGES)]
        changes = [sum(post(ours, with_area(b, areas[i % len(areas)])) for b in bodies) for i in range(CHANGES)]
        line(
            "filter change on 总览, server p95",
            f"{p95(changes):.1f} ms",
            f"{p95(idle):.1f} ms, empty",
            p95(changes) / p95(idle),
        )


def month_of_workbooks(source: Engine) -> bytes:
    """Everything the demo city filed for its last month, as one workbook in the template's shape."""
    with source.connect() as connection:
        content = export_store(connection)
    sheets = pd.read_excel(io.BytesIO(content), sheet_name=None, dtype=object)
    months = ("月份", "调查月份")
    kept = {}
    for name, frame in sheets.items():
        column = next((c for c in frame.columns if str(c).rstrip(" *") in months), None)
        if column is not None:
            kept[name] = frame[frame[column].astype(str).str.startswith("2026-10")]
    out = io.BytesIO()
    with pd.ExcelWriter(out, engine="xlsxwriter") as writer:
        for name, frame in kept.items():
            frame.to_excel(writer, sheet_name=name, index=False)
    return out.getvalue()


def timed(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def import_of_a_month(url: str) -> None:
    source = open_store(url)
    content = month_of_workbooks(source)
    ports = Ports(geography=ImportGeography())
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "store.db"
        copy.write_bytes(Path(source.url.database or "").read_bytes())
        engine = open_store(f"sqlite:///{copy}")
        migrate(engine)
        bare = timed(lambda: pd.read_excel(io.BytesIO(content), sheet_name=None, engine="calamine", dtype=object))
        rows: list[int] = []

        def whole() -> None:
            preview = prepare(engine, [("month.xlsx", content)], Options(), ports=ports)
            rows.append(preview.rows)
            commit(engine, preview, actor="bench", ports=ports)

        taken = timed(whole)
        line(
            f"import of a month, {rows[0]} rows",
            f"{rows[0] / taken:.0f} rows/s",
            f"{rows[0] / bare:.0f} rows/s, pandas",
            bare / taken,
        )
        engine.dispose()


if __name__ == "__main__":
    demo = shared_demo_url()
    first_load(demo)
    import_of_a_month(demo)
    deck_of_slides(demo, line)
