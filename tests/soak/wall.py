"""Weeks in front of the large screen: two thousand rotations and a hundred refreshes leave heap and elements as they were.

The screen turns as fast as the browser can draw (`?rotate=0`). Memory is read through the browser's own protocol after
a collection, so that it is what is kept, not what is waiting to be collected.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
from playwright.sync_api import CDPSession, Page, sync_playwright
from sqlalchemy.engine import make_url

from data.importing.from_frames import commit_frames
from data.importing.revert import revert
from data.store import open_store
from tests.demo_store import shared_demo_url
from tests.pages.browsing import CHROMIUM, FLAGS
from tests.pages.walls import WallServer, open_screen
from tests.soak.figures import Figure, at_most, none_of, told

ROTATIONS, SETTLED = 2000, 100
REFRESHES, WARM = 24, 4
MOST = 1.1
PATIENCE = 3_600_000
TURNED = "turns => Number(document.getElementById('screen').dataset.turns) >= turns"
# Looked at whenever something on the screen was changed and could be painted.
WATCH_FOR_BLANKS = """() => {
  window.gdBlanks = 0;
  new MutationObserver(() => {
    const shown = document.querySelector('.gd-scene[data-on]');
    if (!shown || !shown.textContent.trim()) window.gdBlanks += 1;
  }).observe(document.getElementById('screen'), {subtree: true, childList: true, attributes: true});
}"""
FILLED = "fills => Number(document.getElementById('screen').dataset.fills) >= fills"


def kept(session: CDPSession) -> dict[str, float]:
    """Bytes of heap and number of nodes that survive a collection."""
    for _ in range(2):
        session.send("HeapProfiler.collectGarbage")
    metrics: list[dict[str, Any]] = session.send("Performance.getMetrics")["metrics"]
    return {each["name"]: float(each["value"]) for each in metrics}


def measured(page: Page, session: CDPSession, script: str, first: int, last: int) -> tuple[float, float]:
    """Growth of heap and of nodes between the moments at which `script` holds for `first` and for `last`."""
    page.wait_for_function(script, arg=first, timeout=PATIENCE)
    before = kept(session)
    page.wait_for_function(script, arg=last, timeout=PATIENCE)
    after = kept(session)
    return after["JSHeapUsedSize"] / before["JSHeapUsedSize"], after["Nodes"] / before["Nodes"]


def rotations(page: Page, session: CDPSession, address: str) -> list[Figure]:
    open_screen(page, address, "?rotate=0")
    heap, nodes = measured(page, session, TURNED, SETTLED, ROTATIONS)
    return [
        at_most(f"heap after {ROTATIONS} rotations, of that after {SETTLED}", round(heap, 3), MOST),
        at_most(f"DOM nodes after {ROTATIONS} rotations, of those after {SETTLED}", round(nodes, 3), MOST),
    ]


def refreshes(page: Page, session: CDPSession, server: WallServer) -> list[Figure]:
    """Data that come and go: one street's surveyed compound changes, and changes back."""
    open_screen(page, server.address, "?paused=1")
    page.evaluate(WATCH_FOR_BLANKS)
    engine = open_store(server.settings.database_url)
    with engine.connect() as connection:
        compound = connection.exec_driver_sql(
            "select compound_id from compound where compound_id not in (select compound_id from party_org_compound) "
            "and superseded_by is null limit 1"
        ).scalar_one()  # fmt: skip
    rows = pd.DataFrame([{"org_id": "SOAK", "compound_id": compound, "cover": "自有"}])
    org = pd.DataFrame(
        [{"org_id": "SOAK", "kind": "小区(网格)党支部", "founding_mode": "单独组建", "compound_id": compound}]
    )
    marks: list[dict[str, float]] = []
    for turn in range(REFRESHES // 2):
        batch = commit_frames(engine, {"party_org": org, "party_org_compound": rows}, actor="soak")
        page.wait_for_function(FILLED, arg=2 + 2 * turn, timeout=PATIENCE)
        revert(engine, batch, actor="soak")
        page.wait_for_function(FILLED, arg=3 + 2 * turn, timeout=PATIENCE)
        if 2 * turn + 2 in (WARM, REFRESHES):
            marks.append(kept(session))
    engine.dispose()
    first, last = marks
    # Not there any more where the page was loaded anew.
    blanks = page.evaluate("() => window.gdBlanks ?? -1")
    return [
        told("times the data changed", str(REFRESHES)),
        none_of("refreshes that loaded the page anew or left the scene blank", abs(blanks), REFRESHES),
        at_most(f"heap after {REFRESHES} refreshes, of that after {WARM}",
                round(last["JSHeapUsedSize"] / first["JSHeapUsedSize"], 3), MOST),
        at_most(f"DOM nodes after {REFRESHES} refreshes, of those after {WARM}",
                round(last["Nodes"] / first["Nodes"], 3), MOST),
    ]  # fmt: skip


@contextmanager
def screen() -> Iterator[tuple[Page, CDPSession, WallServer]]:
    """A browser for a large screen of a copy of the demo city, and its server."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        # A copy: the refreshes write to it.
        copy = Path(folder) / "wall.db"
        source = str(make_url(shared_demo_url()).database)
        with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(copy)) as written:
            read.backup(written)
        server = WallServer(f"sqlite:///{copy}")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, "--enable-precise-memory-info"])
        page = browser.new_page(viewport={"width": 1920, "height": 1080})
        page.set_default_timeout(PATIENCE)
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable")
        yield page, session, server
        browser.close()
        server.stop()


def rotating() -> list[Figure]:
    """The step `wall`."""
    with screen() as (page, session, server):
        found = rotations(page, session, server.address)
        found.append(told("scenes and elements", page.evaluate(
            "() => `${document.querySelectorAll('.gd-scene').length} scenes, "
            "${document.getElementsByTagName('*').length} elements`"
        )))  # fmt: skip
        return found


def refreshing() -> list[Figure]:
    """The step `wall-refresh`."""
    with screen() as (page, session, server):
        return refreshes(page, session, server)
