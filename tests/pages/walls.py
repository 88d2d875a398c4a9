"""A server that can be stopped and started again on its port, and a browser that opens the large screen of it."""

from __future__ import annotations

import threading
from typing import Any

from playwright.sync_api import Page
from werkzeug.serving import BaseWSGIServer, make_server

import app
from dashboard.config import load_settings
from dashboard.events import configure_log

PATIENCE = 240_000
# Every scene is there and every chart of it drawn.
READY = """() => {
  const screen = document.getElementById('screen');
  const charts = [...document.querySelectorAll('#screen .gd-graph')];
  return screen && screen.dataset.fills && document.querySelector('.gd-scene[data-on]')
    && charts.length && charts.every(chart => chart.querySelector('.main-svg'));
}"""


class WallServer:
    """A server of one store that asks to be asked every second."""

    def __init__(self, url: str, **settings: Any) -> None:
        self.settings = load_settings(database_url=url, **{"screen_poll": 1, **settings})
        self.port = 0
        self._server: BaseWSGIServer | None = None
        self._thread: threading.Thread | None = None
        self.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Serve, on the port it had before."""
        configure_log("error")
        self._server = make_server("127.0.0.1", self.port, app.create_app(self.settings).server, threaded=True)
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop answering and free the port."""
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()
            self._server = None


def open_screen(page: Page, address: str, search: str = "") -> None:
    """Go to the large screen and wait until all of it is drawn."""
    page.goto(f"{address}/screen{search}")
    page.wait_for_function(READY, timeout=PATIENCE)


def scenes_seen(page: Page) -> list[str]:
    """Names of the scenes that are shown, from the left."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('.gd-scene[data-on]')]
              .sort((a, b) => a.style.getPropertyValue('--gd-slot') - b.style.getPropertyValue('--gd-slot'))
              .map(scene => scene.dataset.scene)"""
    )
    return found
