"""What a sheet may say for a closed choice or a yes/no cell, and what the store keeps for it."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import Column

from data.schema.vocabulary import AreaLevel, Bound, UnitKind

# Vocabularies whose stored value is an English key; everywhere else the stored value is what sheets say.
LABELS: dict[type[StrEnum], dict[str, str]] = {
    AreaLevel: {
        AreaLevel.CITY: "市", AreaLevel.COUNTY: "县区", AreaLevel.STREET: "街道", AreaLevel.COMMUNITY: "社区",
    },
    Bound: {Bound.EXACT: "准确", Bound.LOWER: "余", Bound.NEAR: "近", Bound.ABOUT: "约"},
    UnitKind: {
        UnitKind.COMPOUND: "小区", UnitKind.COMPANY: "企业", UnitKind.GRID: "网格", UnitKind.COMMUNITY: "社区",
        UnitKind.STREET: "街道", UnitKind.COUNTY: "县区", UnitKind.CITY: "市",
    },
}  # fmt: skip

TRUE_WORDS = frozenset({"有", "是", "1", "true", "yes", "y", "√", "对"})
FALSE_WORDS = frozenset({"无", "否", "0", "false", "no", "n", "×", "没有"})


def offered(column: Column[Any]) -> list[str]:
    """The words a drop-down offers for `column`, in the vocabulary's order."""
    choices: type[StrEnum] | None = column.info["choices"]
    if choices is None:
        return []
    labels = LABELS.get(choices, {})
    return [labels.get(member, str(member)) for member in choices]


def stored_by_word(column: Column[Any]) -> dict[str, str]:
    """Every accepted word for `column` → the stored value."""
    choices: type[StrEnum] = column.info["choices"]
    labels = LABELS.get(choices, {})
    words = {str(member): str(member) for member in choices}
    words.update({label: str(member) for member, label in labels.items()})
    return words


def word_by_stored(column: Column[Any]) -> dict[str, str]:
    """Stored value → the word sheets show."""
    choices: type[StrEnum] = column.info["choices"]
    labels = LABELS.get(choices, {})
    return {str(member): labels.get(member, str(member)) for member in choices}
