"""Write a screenshot of every page × size × theme into var/gallery, and a page that shows them side by side.

`python -m tests.gallery --page overview --size phone --theme dark` takes only some; each may be given several times.
Nothing here passes or fails: the pictures are for eyes.
"""

from __future__ import annotations

import argparse
import html
import logging
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from data.query import Reader
from data.store import open_store
from layouts.pages import PAGES
from tests.demo_store import ROOT, shared_demo_url
from tests.pages.browsing import CHROMIUM, FLAGS, serve

FOLDER = ROOT / "var" / "gallery"
SIZES = {"laptop": (1366, 768), "desk": (1920, 1080), "uhd": (3840, 2160), "phone": (390, 844)}
THEMES = ("light", "dark")
# Every chart drawn, every table filled, nothing still waiting for the server.
SETTLED = """() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  return document.querySelector('#page [data-page]') && document.querySelector('#nav a')
    && !document.querySelector('[data-dash-is-loading="true"]')
    && all('.gd-graph').every((box) => box.querySelector('.main-svg'));
}"""


@dataclass(frozen=True)
class Shot:
    """One picture: of which page, where it is, at which size and in which theme."""

    name: str
    path: str
    size: str
    theme: str

    @property
    def file(self) -> str:
        """Name of the picture in the folder."""
        return f"{self.name}-{self.size}-{self.theme}.png"


def addresses(url: str) -> dict[str, str]:
    """Name → path of every page, of one compound's file, of a street, and of a page in English."""
    reader = Reader(open_store(url))
    compound = str(reader.register("compound").query("is_managed")["compound_id"].iloc[0])
    areas = reader.areas()
    county, street = (str(areas.loc[areas["level"] == level, "code"].iloc[0]) for level in ("county", "street"))
    found = {page.value: "/" if page == "overview" else f"/{page.value}" for page in PAGES}
    return found | {
        "compound-one": f"/compound/{compound}",
        "county": f"/?area={county}",
        "street": f"/?area={street}",
        "english": "/?lang=en",
        "missing": "/nowhere",
    }


def settle(page: Page, width: int, height: int) -> None:
    """Wait until the page is drawn, in a window as tall as the page: what is outside a window may stay unpainted."""
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function(SETTLED)
    whole = int(page.evaluate("document.documentElement.scrollHeight"))
    page.set_viewport_size({"width": width, "height": max(height, whole)})
    page.wait_for_load_state("networkidle")
    page.wait_for_function(SETTLED)


def take(browser: Browser, address: str, shots: list[Shot], folder: Path) -> Iterator[Shot]:
    """Take the pictures, yielding each when it is written; one browser context a size and theme."""
    for size, theme in dict.fromkeys((shot.size, shot.theme) for shot in shots):
        width, height = SIZES[size]
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme, locale="zh-CN")
        context.add_init_script(f"try {{ localStorage.setItem('gd-theme', '{theme}') }} catch (error) {{}}")
        page = context.new_page()
        for shot in shots:
            if (shot.size, shot.theme) == (size, theme):
                page.goto(address + shot.path)
                settle(page, width, height)
                page.screenshot(path=str(folder / shot.file))
                yield shot
        context.close()


def index(shots: list[Shot], folder: Path) -> None:
    """A page with all the pictures: a row a page, a column a size and theme."""
    columns = list(dict.fromkeys((shot.size, shot.theme) for shot in shots))
    names = list(dict.fromkeys(shot.name for shot in shots))
    by_place = {(shot.name, shot.size, shot.theme): shot for shot in shots}
    head = "".join(f"<th>{size} {'×'.join(map(str, SIZES[size]))} {theme}</th>" for size, theme in columns)
    rows = []
    for name in names:
        cells = []
        for size, theme in columns:
            shot = by_place.get((name, size, theme))
            link = f'<a href="{shot.file}"><img src="{shot.file}" loading="lazy" alt="{shot.file}"></a>' if shot else ""
            cells.append(f"<td>{link}</td>")
        rows.append(f"<tr><th>{html.escape(name)}</th>{''.join(cells)}</tr>")
    (folder / "index.html").write_text(
        "<!DOCTYPE html><meta charset='utf-8'><title>Gallery</title><style>body{font:14px sans-serif;background:#777}"
        "th{position:sticky;top:0;background:#eee;padding:4px}td{vertical-align:top}img{width:320px}</style>"
        f"<table><tr><th></th>{head}</tr>{''.join(rows)}</table>\n",
        "utf-8",
    )


def main() -> None:
    """Serve the demo store, take the pictures asked for, write the index of all."""
    parser = argparse.ArgumentParser(prog="python -m tests.gallery", description=__doc__)
    parser.add_argument("--page", action="append", help="name of a page; all if not given")
    parser.add_argument("--size", action="append", choices=[*SIZES])
    parser.add_argument("--theme", action="append", choices=THEMES)
    parser.add_argument("--out", type=Path, default=FOLDER)
    asked = parser.parse_args()
    url = shared_demo_url()
    paths = addresses(url)
    if unknown := set(asked.page or []) - set(paths):
        parser.error(f"no page {', '.join(sorted(unknown))}; there are {', '.join(paths)}")
    everything = [Shot(n, p, s, t) for s, t, (n, p) in product(SIZES, THEMES, paths.items())]
    wanted = [
        shot
        for shot in everything
        if shot.name in (asked.page or paths) and shot.size in (asked.size or SIZES) and shot.theme in (asked.theme or THEMES)
    ]  # fmt: skip
    asked.out.mkdir(parents=True, exist_ok=True)
    # A line a request would hide which picture is being taken.
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    running = serve(url)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for number, shot in enumerate(take(browser, next(running), wanted, asked.out), 1):
            sys.stderr.write(f"{number}/{len(wanted)} {shot.file}\n")
        browser.close()
    running.close()
    index([shot for shot in everything if (asked.out / shot.file).exists()], asked.out)
    sys.stdout.write(f"{asked.out / 'index.html'}\n")


if __name__ == "__main__":
    main()
