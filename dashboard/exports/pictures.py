"""Drawing charts without a page: plotly in a headless browser of this machine, from files of this machine alone."""

from __future__ import annotations

import base64
import copy
import json
import shutil
import threading
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import kaleido
import plotly
from choreographer.errors import BrowserFailedError, ChromeNotFoundError
from kaleido import PageGenerator

from dashboard.exports.errors import NoBrowserError
from dashboard.exports.framing import Picture
from dashboard.places import Places

ASSETS = Path(__file__).resolve().parents[1] / "assets"
# The lean bundle where set-up built one, else the one of the Python package. Never one from a network.
SCRIPTS = (ASSETS / "vendor" / "plotly.min.js", Path(plotly.__file__).parent / "package_data" / "plotly.min.js")
# Sets the empty world, without which a map would ask a public server for the outline of the real one.
NO_WORLD = ASSETS / "boot.js"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
SECONDS = 120
_one_at_a_time = threading.Lock()


class Pictures:
    """Draws figures as SVG and PNG; made by `drawing_pictures`, usable until that ends.

    Calling it with a figure (a dict), width and height in px gives (svg, png).
    """

    def __init__(self, places: Places) -> None:
        self._places = places

    def __call__(self, figure: dict[str, Any], width: int, height: int) -> tuple[bytes, bytes]:
        return self.svg(figure, width, height), self.png(figure, width, height)

    def svg(self, figure: dict[str, Any], width: int, height: int) -> bytes:
        """The figure as SVG."""
        return self._drawn(figure, "svg", width, height)

    def png(self, figure: dict[str, Any], width: int, height: int, *, scale: float = 1) -> bytes:
        """The figure as PNG of `scale` pixels to the px."""
        return self._drawn(figure, "png", width, height, scale)

    def framed_svg(self, picture: Picture) -> bytes:
        """A chart in its frame, as one SVG."""
        chart = self.svg(picture.figure, picture.chart_width, picture.chart_height).decode("utf-8")
        return picture.around(chart).encode("utf-8")

    def framed_png(self, picture: Picture) -> bytes:
        """A chart in its frame, as PNG: the SVG painted by the same browser."""
        source = base64.b64encode(self.framed_svg(picture)).decode("ascii")
        full = {"xref": "paper", "yref": "paper", "x": 0, "y": 1, "sizex": 1, "sizey": 1, "sizing": "stretch"}
        hidden = {"visible": False, "fixedrange": True}
        canvas = {
            "data": [],
            "layout": {
                "margin": {"l": 0, "r": 0, "t": 0, "b": 0, "pad": 0}, "xaxis": hidden, "yaxis": hidden,
                "images": [full | {"source": f"data:image/svg+xml;base64,{source}", "layer": "above"}],
            },
        }  # fmt: skip
        return self.png(canvas, picture.width, picture.height)

    def _drawn(self, figure: dict[str, Any], form: str, width: int, height: int, scale: float = 1) -> bytes:
        options = {"format": form, "width": int(width), "height": int(height), "scale": scale}
        found: bytes = kaleido.calc_fig_sync(with_shapes(figure, self._places), options)
        return found


@contextmanager
def drawing_pictures(places: Places) -> Iterator[Pictures]:
    """A browser for as long as pictures are drawn; at most one in a process, others wait.

    Raises:
        NoBrowserError: this machine has none, or it does not start.
    """
    page = PageGenerator(
        mathjax=False, plotly=next(path for path in SCRIPTS if path.is_file()), others=[NO_WORLD.as_uri()]
    )
    path = browser_path()
    with _one_at_a_time, warnings.catch_warnings():
        # A stopped server is not worth a warning.
        warnings.simplefilter("ignore", RuntimeWarning)
        kaleido.start_sync_server(n=1, timeout=SECONDS, page_generator=page, path=path)
        try:
            yield Pictures(places)
        except (ChromeNotFoundError, BrowserFailedError) as error:
            raise _no_browser(str(error).splitlines()[0][:200]) from error
        finally:
            kaleido.stop_sync_server(silence_warnings=True)


def browser_path(names: Iterable[str] = BROWSERS) -> str:
    """The program that draws. Raises `NoBrowserError` where none of the known ones is installed."""
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        raise _no_browser(", ".join(names))
    return found


def _no_browser(why: str) -> NoBrowserError:
    return NoBrowserError(
        "本机没有可用的浏览器，不能在命令行画图",
        why=f"找不到或启动不了：{why}",
        todo="请安装 Chromium（Debian：apt-get install chromium），或在页面的图表菜单里导出图片，或改用 .xlsx、.pptx",
        code="no_browser",
    )


def with_shapes(figure: dict[str, Any], places: Places) -> dict[str, Any]:
    """The figure with the shapes of its maps in it: the browser that draws it has no server to ask.

    The shapes are not copied for each trace that shows them.
    """
    traces = figure.get("data", [])
    if not any(isinstance(trace.get("geojson"), str) for trace in traces):
        return figure
    known: dict[str, Any] = {}
    drawn = []
    for trace in traces:
        address = trace.get("geojson")
        if isinstance(address, str):
            if address not in known:
                known[address] = json.loads(places.layer_at(address).content)
            trace = trace | {"geojson": known[address]}
        drawn.append(trace)
    return copy.copy(figure) | {"data": drawn}
