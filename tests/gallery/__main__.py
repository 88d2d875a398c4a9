"""Write a screenshot of every page and state × size × theme into var/gallery, and a page that shows them side by side.

`python -m tests.gallery --page overview --size phone --theme dark` takes only some; each may be given several times.
Nothing here passes or fails: the pictures are for eyes.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.demo_store import ROOT, shared_demo_url
from tests.gallery.index import write_index
from tests.gallery.shots import SIZES, THEMES, Shot, scenarios, shots_of
from tests.gallery.stages import Stage, served
from tests.gallery.taking import take
from tests.pages.browsing import CHROMIUM, FLAGS

FOLDER = ROOT / "var" / "gallery"


def main() -> None:
    """Take the pictures asked for, from the servers they need, and write the index of all there are."""
    parser = argparse.ArgumentParser(prog="python -m tests.gallery", description=__doc__)
    parser.add_argument("--page", action="append", help="name of a page or state; all if not given")
    parser.add_argument("--size", action="append", choices=[*SIZES])
    parser.add_argument("--theme", action="append", choices=THEMES)
    parser.add_argument("--out", type=Path, default=FOLDER)
    asked = parser.parse_args()
    url = shared_demo_url()
    found = scenarios(url)
    names = [scenario.name for scenario in found]
    if unknown := set(asked.page or []) - set(names):
        parser.error(f"no page {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    everything = shots_of(found)
    wanted = [
        shot for shot in everything
        if shot.scenario.name in (asked.page or names)
        and shot.size in (asked.size or SIZES) and shot.theme in (asked.theme or THEMES)
    ]  # fmt: skip
    asked.out.mkdir(parents=True, exist_ok=True)
    # A line a request would hide which picture is being taken.
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    _take_all(wanted, url, asked.out)
    there = [shot for shot in everything if (asked.out / shot.file).exists()]
    sys.stdout.write(f"{write_index(there, asked.out)}\n")


def _take_all(wanted: list[Shot], demo_url: str, folder: Path) -> None:
    done = 0
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as stores:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for stage in Stage:
            mine = [shot for shot in wanted if shot.scenario.stage == stage]
            if not mine:
                continue
            with served(stage, demo_url, Path(stores)) as address:
                for shot in take(browser, address, mine, folder):
                    done += 1
                    sys.stderr.write(f"{done}/{len(wanted)} {shot.file}\n")
        browser.close()


if __name__ == "__main__":
    main()
