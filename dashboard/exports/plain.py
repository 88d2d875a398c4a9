"""Text as files may hold it."""

from __future__ import annotations

import re
from typing import Any

# What XML forbids, lone surrogates among it: a name that holds one would make the file unreadable.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
LONGEST = 32_000


def clean(value: Any) -> str:
    """The text of `value` without signs no file may hold, at most as long as a cell of a workbook."""
    return FORBIDDEN.sub("", str(value))[:LONGEST]
