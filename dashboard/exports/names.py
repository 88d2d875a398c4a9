"""Names of exported files: page, card, place and month, safe on every file system and in every header."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

from dashboard.exports.meaning import Meaning

# What Windows, zip tools or a header would trip over, and what would leave the folder.
_UNSAFE = re.compile(r'[\x00-\x20\x7f-\x9f\\/:*?"<>|;%#&\'`$~\u2028\u2029\u202a-\u202e\u2066-\u2069]+')
_LONGEST = 100


def safe(text: str) -> str:
    """`text` as a part of a file name; never empty, never only dots."""
    return _UNSAFE.sub("_", text).strip("._- ")[:_LONGEST] or "_"


def file_stem(meaning: Meaning, month: str, marks: Iterable[str] = ()) -> str:
    """`满意度-course-宣城市-2026-10`, with what must not be overlooked at the end."""
    parts = [meaning.page, meaning.card.partition(".")[2], meaning.place, month, *marks]
    return safe("-".join(safe(part) for part in parts if part))


def disposition(name: str, fallback: str) -> str:
    """`Content-Disposition` of a download: an ASCII name for old clients, the true one as RFC 5987 has it."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", fallback)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
