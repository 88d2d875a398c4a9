"""From a presentation to its file: equal decks give equal bytes."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from typing import Any

# The earliest moment a zip can name; every part carries it.
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
TYPES = "[Content_Types].xml"


def to_bytes(presentation: Any, stamp: datetime) -> bytes:
    """The presentation as a file; its bytes depend on nothing but its content and `stamp`.

    Args:
        presentation: of python-pptx. Its times and revision are set from `stamp`.
    """
    told = stamp.replace(microsecond=0, tzinfo=None)
    core = presentation.core_properties
    core.created, core.modified, core.last_printed = told, told, told
    core.revision = 1
    saved = io.BytesIO()
    presentation.save(saved)
    return repacked(saved.getvalue())


def repacked(content: bytes) -> bytes:
    """The same zip with its parts in the order of their names, each of one date and compressed alike."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as read, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        # Readers expect the list of types first.
        for name in sorted(read.namelist(), key=lambda name: (name != TYPES, name)):
            entry = zipfile.ZipInfo(name, ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o600 << 16
            written.writestr(entry, read.read(name), compresslevel=6)
    return out.getvalue()
