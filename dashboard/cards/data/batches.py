"""The list of imports."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from dashboard.cards.types import WRAPPED, Card, Drawing, GridSpec
from dashboard.numbers import number
from data.catalogue.types import Page

if TYPE_CHECKING:
    from dashboard.theme import Ink
    from dashboard.view import View
    from dashboard.wording import Words
    from data.query import Reader

# Sheets are sent and read in China; the store keeps UTC.
BEIJING = timezone(timedelta(hours=8))
FILES_NAMED = 2
PAGE_SIZE = 50


def local_time(utc: str | datetime | None) -> str:
    """`2026-11-08T01:30:00Z`, or the same as a time of the store → `2026-11-08 09:30`, Beijing time; empty for None."""
    if not utc:
        return ""
    at = datetime.fromisoformat(utc.replace("Z", "+00:00")) if isinstance(utc, str) else utc
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")


def all_batches(reader: Reader) -> list[dict[str, Any]]:
    """Every import the account may see, newest first, as `data.importing.batches.list_batches` gives it."""
    return reader.batches()


def file_names(batch: dict[str, Any], words: Words) -> str:
    """The first files of a batch by name, and how many there are."""
    names = [file["file"] for file in batch["files"]]
    if not names:
        return words("data.batches.no_file")
    listed = words.listed(names[:FILES_NAMED])
    return listed if len(names) <= FILES_NAMED else words("data.batches.more_files", files=listed, n=len(names))


def listing(reader: Reader, view: View, ink: Ink, words: Words) -> Drawing:
    """Every import with its file, hash, rows, who and when."""
    found = all_batches(reader)
    title = words("data.batches.title")
    rows = [
        {
            "id": str(batch["batch"]), "batch": batch["batch"], "at": local_time(batch["created_at"]), "files": file_names(batch, words),
            "sha": " ".join(file["sha256"][:12] for file in batch["files"]), "rows": batch["rows"],
            "accepted": batch["accepted"], "refused": batch["refused"], "changed": batch["changed"],
            "actor": batch["actor"], "mapping": batch["mapping"] or "",
            "state": words("data.batches.reverted") if batch["reverted_at"] else words("data.batches.stands"),
            "note": batch["note"] or "",
        }
        for batch in found
    ]  # fmt: skip
    # What wraps stands first: a row is as tall as it, and nobody sees why where it is out of sight.
    wrapped, texts = (("files", 190), ("note", 170)), (("at", 140), ("state", 80))
    numbers = ("rows", "accepted", "refused", "changed")
    columns: list[dict[str, Any]] = [
        {"field": "batch", "headerName": words("data.batches.batch"), "width": 90, "type": "rightAligned"},
        *({"field": f, "headerName": words(f"data.batches.{f}"), "minWidth": w, **WRAPPED} for f, w in wrapped),
        *({"field": f, "headerName": words(f"data.batches.{f}"), "minWidth": w, "tooltipField": f} for f, w in texts),
        *({"field": f, "headerName": words(f"data.batches.{f}"), "number": True, "width": 90} for f in numbers),
        *(
            {"field": f, "headerName": words(f"data.batches.{f}"), "minWidth": w, "tooltipField": f}
            for f, w in (("actor", 90), ("sha", 140), ("mapping", 120))
        ),
    ]
    standing = [batch for batch in found if not batch["reverted_at"]]
    spec = GridSpec(columns=columns, rows=rows, row_id="id", page_size=PAGE_SIZE, selects_row=True)
    if not found:
        return Drawing(title=title, grid=spec, empty=words("data.batches.none"), alt=title)
    heading = words(
        "data.batches.finding", n=number(len(found)), reverted=number(len(found) - len(standing)),
        refused=number(sum(batch["refused"] for batch in standing)),
    )  # fmt: skip
    return Drawing(
        title=heading, subtitle=words("data.batches.subtitle"),
        grid=spec,
        n=number(len(found)), as_of=local_time(found[0]["created_at"]), source=words("data.batches.source"),
        alt=heading,
    )  # fmt: skip


CARDS: tuple[Card, ...] = (
    Card(name="data.batches", page=Page.DATA, indicators=(), draw=listing, height=300, kind="grid"),
)
