"""The hierarchy of areas: who lies in whom, by code.

Functions over a frame `code, name, level, parent_code` (strings; `parent_code` empty for the top). Codes may have any
length and nothing is read out of their digits. Any level may be absent: a city may have counties and nothing below.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.schema.vocabulary import AreaLevel

LEVELS: tuple[AreaLevel, ...] = tuple(AreaLevel)


@dataclass(frozen=True)
class AreaProblem:
    """A fault of the hierarchy: the area's code, a key and a message.

    Keys: `duplicate_code`, `missing_parent`, `cycle`, `unknown_level`, `level_order`.
    """

    code: str
    key: str
    message: str


def text_or_none(value: object) -> str | None:
    """A code as text; None for what frames use for an empty cell."""
    if value is None or value is pd.NA or (isinstance(value, float) and np.isnan(value)):
        return None
    return str(value).strip() or None


def parents(areas: pd.DataFrame) -> dict[str, str | None]:
    """Parent code of every area, as written; the first row of a duplicated code counts."""
    found: dict[str, str | None] = {}
    for code, parent in zip(areas["code"].astype(str), areas["parent_code"], strict=True):
        found.setdefault(code, text_or_none(parent))
    return found


def _path(code: str, parent_of: dict[str, str | None]) -> list[str] | None:
    """Codes from `code` to the top; None when the way up runs in a circle."""
    path, at = [], code
    while at in parent_of:
        if at in path:
            return None
        path.append(at)
        above = parent_of[at]
        if above is None:
            break
        at = above
    return path


def ancestry(areas: pd.DataFrame) -> pd.DataFrame:
    """For each area its ancestor at every level, itself included.

    Returns:
        Frame indexed by `code`, columns `city`, `county`, `street`, `community` (codes, None where there is none)
        and `depth` (0 at the top). Areas whose way up runs in a circle are left out; one whose parent is missing
        counts as a top.
    """
    parent_of = parents(areas)
    level_of = dict(zip(areas["code"].astype(str), areas["level"].astype(str), strict=True))
    rows: dict[str, list[object]] = {}
    for code in parent_of:
        path = _path(code, parent_of)
        if path is not None:
            at_level = {level_of[c]: c for c in path}
            rows[code] = [*(at_level.get(str(level)) for level in LEVELS), len(path) - 1]
    names = [str(level) for level in LEVELS]
    # dtype=object keeps None where pandas would make it NaN.
    columns = {name: pd.Series([row[i] for row in rows.values()], dtype=object) for i, name in enumerate(names)}
    depths = pd.Series([row[-1] for row in rows.values()], dtype="int64")
    return pd.DataFrame({**columns, "depth": depths}).set_axis(pd.Index(list(rows), name="code", dtype=str))


def children(areas: pd.DataFrame) -> dict[str, list[str]]:
    """Codes of each area's children, sorted; areas without children are not in it."""
    below: dict[str, list[str]] = defaultdict(list)
    for code, parent in parents(areas).items():
        if parent is not None:
            below[parent].append(code)
    return {code: sorted(codes) for code, codes in below.items()}


def descendants(areas: pd.DataFrame, code: str) -> list[str]:
    """`code` and everything below it, sorted."""
    below, found, waiting = children(areas), {code}, [code]
    while waiting:
        fresh = [c for c in below.get(waiting.pop(), ()) if c not in found]
        found.update(fresh)
        waiting.extend(fresh)
    return sorted(found)


def depth(areas: pd.DataFrame) -> pd.Series:
    """Number of areas above each one, by code; see `ancestry` for what is left out."""
    return ancestry(areas)["depth"]


def levels_present(areas: pd.DataFrame) -> list[AreaLevel]:
    """The levels that have areas, from the top down."""
    present = set(areas["level"].astype(str))
    return [level for level in LEVELS if str(level) in present]


def at_level(codes: Iterable[object], areas: pd.DataFrame, level: AreaLevel | str) -> NDArray[np.object_]:
    """For each code the area of `level` that it is or lies in.

    Returns:
        Object array; None where the code is empty, unknown, or of a level above (a compound known only to its county
        has no street).
    """
    known = ancestry(areas)[str(AreaLevel(level))].to_dict()
    found = [known.get(text) if (text := text_or_none(code)) is not None else None for code in codes]
    return np.array([*found, None], dtype=object)[:-1]


def hierarchy_problems(areas: pd.DataFrame) -> list[AreaProblem]:
    """Everything wrong with a hierarchy, in the order of its rows; empty when it is sound."""
    parent_of = parents(areas)
    level_of = dict(zip(areas["code"].astype(str), areas["level"].astype(str), strict=True))
    order = {str(level): i for i, level in enumerate(LEVELS)}
    problems: list[AreaProblem] = []
    repeated = set(areas["code"].astype(str)[areas["code"].astype(str).duplicated()])
    for code, parent in parent_of.items():
        if code in repeated:
            problems.append(AreaProblem(code, "duplicate_code", f"区划代码 {code} 出现了不止一次"))
        if level_of[code] not in order:
            problems.append(AreaProblem(code, "unknown_level", f"区划 {code} 的层级“{level_of[code]}”不认识"))
        if parent is None:
            continue
        if parent not in parent_of:
            problems.append(AreaProblem(code, "missing_parent", f"区划 {code} 的上级 {parent} 不在区划表中"))
        elif _path(code, parent_of) is None:
            problems.append(AreaProblem(code, "cycle", f"区划 {code} 的上级关系成环"))
        elif order.get(level_of[code], 99) <= order.get(level_of[parent], -1):
            problems.append(
                AreaProblem(code, "level_order", f"区划 {code} 的层级不低于其上级 {parent}，请检查层级或上级代码")
            )
    return problems
