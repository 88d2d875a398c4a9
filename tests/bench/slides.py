"""Forty slides of the demo city as native charts and maps, against the same figures as pictures through a browser.

`python -m tests.bench.slides URL` builds the native deck alone and prints its seconds, bytes and peak memory as JSON.
"""

from __future__ import annotations

import io
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from pptx import Presentation

from dashboard.cards import CARDS
from dashboard.cards.types import Drawing
from dashboard.exports.pictures import drawing_pictures
from dashboard.places import places_of
from dashboard.slides import Box, Fonts, Sheet, place_drawing, to_bytes
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue.types import Page
from data.query import Reader
from data.store import open_store
from tests.demo_store import ROOT

SLIDES = 40
PAGES = (Page.OVERVIEW, Page.COVERAGE, Page.SATISFACTION, Page.COMPANIES)
BOX = Box(457_200, 1_200_000, 11_200_000, 5_000_000)
WIDTH, HEIGHT, SCALE = 980, 440, 2


def drawings(reader: Reader) -> list[tuple[str, Drawing]]:
    """The first forty cards with a figure, drawn."""
    found = []
    for name, card in CARDS.items():
        if card.kind == "figure" and card.page in PAGES and len(found) < SLIDES:
            drawing = card.draw(reader, View(page=card.page.value), Ink(), Words())
            if drawing.figure is not None and not drawing.empty:
                found.append((name, drawing))
    return found


def native(drawn: list[tuple[str, Drawing]]) -> bytes:
    """The deck of native shapes."""
    presentation = Presentation()
    ink, words, fonts = Ink(), Words(), Fonts()
    sheet = Sheet(title="")
    for name, drawing in drawn:
        slide = presentation.slides.add_slide(presentation.slide_layouts[6])
        place_drawing(slide, drawing, BOX, name=name, ink=ink, words=words, fonts=fonts, sheet=sheet)
    return to_bytes(presentation, sheet.stamp)


def pictured(drawn: list[tuple[str, Drawing]], draw: Any) -> bytes:
    """The deck of pictures."""
    presentation = Presentation()
    for _, drawing in drawn:
        slide = presentation.slides.add_slide(presentation.slide_layouts[6])
        png = draw.png(drawing.figure, WIDTH, HEIGHT, scale=SCALE)
        slide.shapes.add_picture(io.BytesIO(png), BOX.left, BOX.top, BOX.width, BOX.height)
    return to_bytes(presentation, Sheet(title="").stamp)


def timed(work: Callable[[], bytes]) -> tuple[float, int]:
    begun = time.perf_counter()
    content = work()
    return time.perf_counter() - begun, len(content)


def alone(url: str) -> dict[str, float]:
    """Seconds, bytes and peak memory of a process that builds the native deck and nothing else."""
    drawn = drawings(Reader(open_store(url)).pinned())
    native(drawn[:1])
    seconds, size = timed(lambda: native(drawn))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"slides": len(drawn), "seconds": seconds, "bytes": size, "peak_mib": peak / 1024}


def deck_of_slides(url: str, line: Callable[[str, str, str, float], None]) -> None:
    """Print the time of forty native slides against pictures, and the memory they take against what is promised."""
    found = subprocess.run(
        [sys.executable, "-m", "tests.bench.slides", url], cwd=ROOT, check=True, capture_output=True, text=True
    )
    ours: dict[str, float] = json.loads(found.stdout)
    reader = Reader(open_store(url)).pinned()
    drawn = drawings(reader)
    with drawing_pictures(places_of(reader)) as draw:
        pictured(drawn[:1], draw)
        seconds, size = timed(lambda: pictured(drawn, draw))
    count = f"{ours['slides']:.0f} slides"
    line(
        f"deck of {count}, native", f"{ours['seconds']:.2f} s", f"{seconds:.2f} s, pictures", seconds / ours["seconds"]
    )
    line(
        f"deck of {count}, size",
        f"{ours['bytes'] / 1024:.0f} KB",
        f"{size / 1024:.0f} KB, pictures",
        size / ours["bytes"],
    )
    line(f"deck of {count}, peak memory", f"{ours['peak_mib']:.0f} MiB", "400 MiB, promised", ours["peak_mib"] / 400)


if __name__ == "__main__":
    print(json.dumps(alone(sys.argv[1])))
