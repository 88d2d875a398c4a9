"""Where a line may break."""

from __future__ import annotations

import re

_COUNTED = re.compile(r"(?<=\d) (?=[\u4e00-\u9fffA-Za-z])|(?<=%) (?=[\u4e00-\u9fff])")
_UNBROKEN = "\u00a0"


def kept_together(text: str) -> str:
    """`text` whose numbers stay with the word that counts them, and whose middle dots end a line, never begin one.

    A browser breaks at any space: “一档 6 / 个”, “· 2026年10月”.
    """
    return _COUNTED.sub(_UNBROKEN, text).replace(" · ", f"{_UNBROKEN}· ")
