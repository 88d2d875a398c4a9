"""The 月报 of the city, a street and a compound through LibreOffice: every slide becomes a page that says something."""

from __future__ import annotations

import subprocess
import tempfile
from datetime import datetime
from pathlib import Path

from openxml_audit import validate_pptx
from power_pptx.validation import iter_schema_violations

from dashboard.access import OPEN_USER
from dashboard.briefing.deck import build_deck
from dashboard.briefing.house_template import house_template
from dashboard.briefing.order import Making, Order
from dashboard.briefing.template import read_template
from dashboard.wording import Words
from data.query import Reader
from data.store import open_store
from tests.demo_store import shared_demo_url
from tests.soak.figures import Figure, none_of, told


def monthly() -> list[Figure]:
    """Build the three decks twice, validate and render them."""
    reader = Reader(open_store(shared_demo_url())).pinned()
    street = next(str(code) for code in reader.areas()["code"] if len(str(code)) == 9)
    compound = str(reader.register("compound").query("is_managed")["compound_id"].iloc[0])
    template = read_template(house_template("Arial", "Microsoft YaHei"), "default.pptx")
    making = Making(template=template, stamp=datetime(2026, 11, 5), words=Words("zh"), user=OPEN_USER)
    slides = blank = objections = unequal = 0
    orders = {"city": Order(), "street": Order(area=street), "compound": Order(compound=compound)}
    with tempfile.TemporaryDirectory() as folder:
        for name, order in orders.items():
            deck = build_deck(reader, order, making)
            unequal += build_deck(reader, order, making).sha256 != deck.sha256
            path = Path(folder) / f"{name}.pptx"
            path.write_bytes(deck.content)
            objections += len(validate_pptx(str(path)).errors) + len(list(iter_schema_violations(deck.content)))
            subprocess.run(
                ["soffice", "--headless", "--convert-to", "pdf", "--outdir", folder, str(path)],
                check=True,
                capture_output=True,
            )
            read = subprocess.run(
                ["pdftotext", str(path.with_suffix(".pdf")), "-"], check=True, capture_output=True, text=True
            )
            said = [page.strip() for page in read.stdout.split("\f")][: len(deck.manifest["slides"])]
            slides += len(deck.manifest["slides"])
            blank += len(deck.manifest["slides"]) - sum(bool(text) for text in said)
    return [
        told("slides of the three decks", str(slides)),
        none_of("slides LibreOffice left out or blank", blank, slides),
        none_of("objections of the two validators", objections, slides),
        none_of("decks whose second build had other bytes", unequal, len(orders)),
    ]
