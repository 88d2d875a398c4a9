"""Every card of the demo city on a slide, in four views: what it became, both validators, and LibreOffice."""

from __future__ import annotations

import subprocess
import tempfile
from collections import Counter
from pathlib import Path

from openxml_audit import validate_pptx
from power_pptx.validation import iter_schema_violations
from pptx import Presentation

from dashboard.cards import CARDS
from dashboard.slides import Box, Fonts, Sheet, place_drawing, to_bytes
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue.types import Page
from data.query import Reader
from data.store import open_store
from tests.demo_store import shared_demo_url
from tests.soak.figures import Figure, none_of, told

BOX = Box(457_200, 1_200_000, 11_200_000, 5_000_000)


def views(reader: Reader) -> list[dict[str, str]]:
    """The city, a county, a street, a compound."""
    codes = [str(code) for code in reader.areas()["code"]]
    county = next(code for code in codes if len(code) == 6)
    street = next(code for code in codes if len(code) == 9)
    compound = str(reader.register("compound")["compound_id"].iloc[0])
    return [{}, {"area": county}, {"area": street}, {"compound": compound}]


def every_card() -> list[Figure]:
    """Convert every card of every page; count what is no native form, and what readers of the file object to."""
    reader = Reader(open_store(shared_demo_url())).pinned()
    any_compound = str(reader.register("compound")["compound_id"].iloc[0])
    presentation = Presentation()
    presentation.slide_width, presentation.slide_height = 12_192_000, 6_858_000
    ways: Counter[str] = Counter()
    for fields in views(reader):
        for name, card in CARDS.items():
            given = fields if card.page is not Page.COMPOUND else {"compound": any_compound}
            drawing = card.draw(reader, View(page=card.page.value, **given), Ink(), Words())
            slide = presentation.slides.add_slide(presentation.slide_layouts[6])
            placed = place_drawing(
                slide,
                drawing,
                BOX,
                name=name,
                ink=Ink(),
                words=Words(),
                fonts=Fonts(),
                sheet=Sheet(title=drawing.title),
            )
            ways[placed.way] += 1
    content = to_bytes(presentation, Sheet(title="").stamp)
    slides = sum(ways.values())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cards.pptx"
        path.write_bytes(content)
        objections = len(validate_pptx(str(path)).errors) + len(list(iter_schema_violations(content)))
        subprocess.run(
            ["soffice", "--headless", "--convert-to", "pdf", "--outdir", folder, str(path)],
            check=True,
            capture_output=True,
        )
        told_pages = subprocess.run(
            ["pdfinfo", str(path.with_suffix(".pdf"))], check=True, capture_output=True, text=True
        )
    pages = int(next(row.split()[1] for row in told_pages.stdout.splitlines() if row.startswith("Pages:")))
    return [
        told("what cards became", ", ".join(f"{way} {count}" for way, count in sorted(ways.items()))),
        none_of("cards shown as a picture or a table of data instead", ways["svg"] + ways["data_table"], slides),
        none_of("objections of the two validators", objections, slides),
        none_of("slides LibreOffice did not render", slides - pages, slides),
    ]
