"""The text table: every sentence of the pages in Chinese and English, in files by subject."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from data.errors import unknown_key

Lang = Literal["zh", "en"]
LANGUAGES: tuple[Lang, ...] = get_args(Lang)
# libyaml where PyYAML was built with it: the same documents at a tenth of the time.
SAFE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
FOLDER = Path(__file__).parent / "text"


@cache
def text_table() -> dict[str, dict[str, str]]:
    """`{key: {"zh": …, "en": …}}` of all files. Raises ValueError when two files hold the same key."""
    table: dict[str, dict[str, str]] = {}
    for file in sorted(FOLDER.glob("*.yaml")):
        entries = yaml.load(file.read_text("utf-8"), Loader=SAFE) or {}  # noqa: S506  both loaders are safe ones
        if twice := entries.keys() & table.keys():
            raise ValueError(f"{file.name} repeats {sorted(twice)}")
        table.update(entries)
    return table


class Words:
    """Sentences of one language: `words("filter.county")`, `words("card.n", n="1,024")`."""

    def __init__(self, lang: str = "zh") -> None:
        self.lang: Lang = "en" if lang == "en" else "zh"

    def __call__(self, key: str, /, **values: Any) -> str:
        """The sentence of `key` with `{name}` replaced by `values`. Raises `UnknownKeyError` for a key not in the table."""
        entry = text_table().get(key)
        if entry is None:
            raise unknown_key(key, text_table(), kind="文字", where="dashboard/text")
        return entry[self.lang].format(**values)

    def has(self, key: str) -> bool:
        """Whether the table holds `key`."""
        return key in text_table()

    def of(self, titled: Any, attribute: str = "") -> str:
        """The title of a measure, indicator or other entry that carries `zh` and `en` itself."""
        stem = f"{attribute}_" if attribute else ""
        return str(getattr(titled, f"{stem}{self.lang}"))

    def listed(self, parts: list[str]) -> str:
        """Names in a row: 、 between them in Chinese, commas in English."""
        return self("text.list_separator").join(parts)
