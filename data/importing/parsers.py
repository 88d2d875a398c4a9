"""How the text of a foreign cell is read: units, ranges, pairs, translations, ids made from other cells."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

Series = pd.Series

PARSERS = ("text", "number", "pair", "pattern")
_NUMBER = r"[+-]?\d+(?:\.\d+)?"
_RANGE = re.compile(rf"({_NUMBER})\s*(?:至|到|~|—|–|-)\s*({_NUMBER})")
_PAIR = re.compile(r"\s*[,，;；\s]\s*")


def missing_where(cells: Series, placeholders: Sequence[str]) -> Series:
    """Text without white space around it; placeholders such as 暂无信息 are missing."""
    text = cells.astype("str").str.strip()
    return text.where((text != "") & ~text.isin([str(p) for p in placeholders]), np.nan)


def _each(cells: Series, read: Callable[[str], str | None]) -> Series:
    """`read` applied once to every different text."""
    table = {value: read(value) for value in cells.dropna().unique()}
    return cells.map(table).astype("str").where(cells.notna(), np.nan)


def number_text(value: str, unit: str, choice: str) -> str:
    """`18栋` → 18; `1.2至1.4元` → the middle, lower or upper value. Text that is neither stays as it is."""
    plain = unicodedata.normalize("NFKC", value).strip().replace(",", "")
    wanted = unicodedata.normalize("NFKC", unit)
    if wanted and plain.endswith(wanted):
        plain = plain[: -len(wanted)].strip()
    found = _RANGE.fullmatch(plain)
    if not found:
        return plain if re.fullmatch(_NUMBER, plain) else value
    low, high = float(found.group(1)), float(found.group(2))
    if low > high:
        return value
    chosen = {"low": low, "high": high}.get(choice, (low + high) / 2)
    return repr(round(chosen, 10))


def part_text(value: str, part: int) -> str:
    """The first or second of two values written in one cell; the whole text if they are not two."""
    parts = _PAIR.split(value.strip())
    return parts[part - 1] if len(parts) == 2 and part in {1, 2} else value


def parsed(cells: Series, spec: Mapping[str, Any]) -> Series:
    """Cells read as `spec` says (keys parse, unit, range, part, pattern, values, otherwise, normalise)."""
    kind = spec.get("parse", "pattern" if "pattern" in spec else "text")
    text = cells
    if kind == "number":
        text = _each(text, lambda v: number_text(v, str(spec.get("unit", "")), str(spec.get("range", "middle"))))
    elif kind == "pair":
        text = _each(text, lambda v: part_text(v, int(spec.get("part", 1))))
    elif kind == "pattern":
        pattern = re.compile(str(spec.get("pattern", "(.*)")))

        def first_group(value: str) -> str | None:
            found = pattern.search(value)
            return (found.group(1) if pattern.groups else found.group(0)) if found else None

        text = _each(text, first_group)
    if "normalise" in spec:
        text = _each(text, NORMALISERS[spec["normalise"]])
    if "values" in spec:
        text = _translated(text, {str(k): _word(v) for k, v in spec["values"].items()}, spec.get("otherwise", "keep"))
    return text


def _word(value: Any) -> str | None:
    """A YAML value as cell text; YAML itself reads 是/否 as text and true/false as flags."""
    if value is None:
        return None
    return "是" if value is True else "否" if value is False else str(value)


def _translated(text: Series, words: Mapping[str, str | None], otherwise: Any) -> Series:
    """Cells in `words` replaced; the others kept (`keep`), made missing (`missing`) or set to `otherwise`."""
    known = text.isin(list(words))
    new = text.map(dict(words)).astype("str").where(known, np.nan)
    if otherwise == "missing":
        return new
    rest = text if otherwise == "keep" else pd.Series(_word(otherwise), index=text.index, dtype="str")
    return new.where(known, rest.where(text.notna(), np.nan))


def derived(cells: Series, rule: Mapping[str, Any]) -> Series:
    """The value of the first rule whose pattern is found in the cell, else `otherwise` (missing if not given)."""
    compiled = [(re.compile(str(r["match"])), _word(r["value"])) for r in rule["rules"]]

    def classify(value: str) -> str | None:
        for pattern, result in compiled:
            if pattern.search(value):
                return result
        return _word(rule.get("otherwise"))

    return _each(cells, classify)


def company_name(value: str) -> str:
    """A company's name in one spelling: half-width signs to Chinese parentheses, no white space."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", value))
    return text.replace("(", "（").replace(")", "）")


def plain_text(value: str) -> str:
    """Text without differences of width, case and white space."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", value)).lower()


NORMALISERS: dict[str, Callable[[str], str]] = {"company": company_name, "text": plain_text}


def stable_id(cells: pd.DataFrame, *, prefix: str, normalise: str | None) -> Series:
    """An id made of the cells' text: the same text gives the same id in every file, missing if the first cell is."""
    read = NORMALISERS[normalise or "text"]
    text = cells.fillna("").agg("\x1f".join, axis=1) if cells.shape[1] > 1 else cells.iloc[:, 0].fillna("")
    made = _each(
        text,
        lambda v: prefix + hashlib.blake2s("\x1f".join(map(read, v.split("\x1f"))).encode(), digest_size=6).hexdigest(),
    )
    return made.where(cells.iloc[:, 0].notna(), np.nan)
