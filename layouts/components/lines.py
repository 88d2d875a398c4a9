"""Where a line may break."""

from __future__ import annotations

import re

from dashboard.figures.labels import width

_UNBROKEN = "\u00a0"
_JOINED = "\u2060"
# Columns of print (a Chinese character takes two) of a clause that is moved to the next line as a whole.
_SHORT = 24
_COUNTED = re.compile(r"(?<=\d) (?=[\u4e00-\u9fffA-Za-z])|(?<=%) (?=[\u4e00-\u9fff])")
_CLAUSE = re.compile(r"[^，；：、。（）·|]+")
_BEFORE_NUMBER = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\d<>≥±+−])")
_AFTER_ONE = re.compile(r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff]) (?=\d)")
_DATE = re.compile(r"(?<=\b[A-Z][a-z]{2}) (?=\d{4}\b)")
_RANGE = re.compile(r"(?<=[\d%])–(?=[\d−])")
_EQUALS = re.compile(r"(?<=\S)＝(?=\S)")


def kept_together(text: str) -> str:
    """`text` whose numbers, ranges and dates stay whole, and whose middle dots end a line, never begin one.

    A browser breaks at any space and after any dash: “一档 6 / 个”, “建队率 / 60.6%”, “73– / 92%”, “· 2026年10月”.
    """
    text = _COUNTED.sub(_UNBROKEN, text)
    text = _CLAUSE.sub(lambda found: _clause(found[0]), text)
    text = _AFTER_ONE.sub(rf"\1{_UNBROKEN}", text)
    text = _RANGE.sub(f"–{_JOINED}", _DATE.sub(_UNBROKEN, text))
    return _EQUALS.sub(f"{_JOINED}＝{_JOINED}", text).replace(" · ", f"{_UNBROKEN}· ")


def _clause(clause: str) -> str:
    return _BEFORE_NUMBER.sub(_UNBROKEN, clause) if width(clause) <= _SHORT else clause
