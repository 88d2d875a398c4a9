"""Messages of the importer as a page says them: it has controls where the command line has flags."""

from __future__ import annotations

import re

from dashboard.wording import Words

FLAGS = ("table", "mapping", "crs", "city", "skip-refused")
_FLAG = re.compile(rf" ?--({'|'.join(FLAGS)})\b ?")


def as_controls(message: str, words: Words) -> str:
    """`或用 --crs 声明坐标系` → `或用“读取方式”里的“坐标系”声明坐标系`."""
    return _FLAG.sub(lambda found: words(f"data.flag.{found.group(1)}"), message)
