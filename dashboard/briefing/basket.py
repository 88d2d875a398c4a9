"""The basket: which charts a deck shows, in which order, under which titles. The page and the command take the same file."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from dashboard.cards import CARDS
from data.errors import GovernanceError, nearest

VERSION = 1
MOST_ENTRIES = 60
LONGEST_TITLE = 300
LONGEST_HREF = 2000


class BasketError(GovernanceError):
    """A basket that cannot be read; nothing was built from it."""


@dataclass(frozen=True)
class Entry:
    """One chart of the basket.

    Attributes:
        card: name of the card. href: path and search of the view it was chosen in.
        title: what stands above it instead of the computed sentence; empty keeps that sentence.
    """

    card: str
    href: str
    title: str = ""


@dataclass(frozen=True)
class Basket:
    """Charts in the order of the deck."""

    entries: tuple[Entry, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """`{"basket": 1, "entries": [{"card", "href", "title"}]}`."""
        return {"basket": VERSION, "entries": [asdict(entry) for entry in self.entries]}


def read_basket(content: str | bytes, *, where: str = "") -> Basket:
    """The basket in a JSON file. Raises `BasketError` saying what is wrong with it."""
    try:
        document = json.loads(content)
    except (UnicodeDecodeError, ValueError) as error:
        raise BasketError(
            "清单文件不是 JSON", where=where, why=str(error)[:200], todo="请用简报页的“下载清单”得到的文件", code="basket_json"
        ) from None  # fmt: skip
    return basket_of(document, where=where)


def basket_of(document: Any, *, where: str = "") -> Basket:
    """The basket of a parsed document. Raises `BasketError` for anything but the shape `Basket.as_json` gives."""
    entries = document.get("entries") if isinstance(document, dict) else None
    if not isinstance(entries, list):
        raise BasketError(
            "清单文件里没有 entries 列表", where=where, todo="请用简报页的“下载清单”得到的文件", code="basket_shape"
        )  # fmt: skip
    if len(entries) > MOST_ENTRIES:
        raise BasketError(
            f"清单有 {len(entries)} 项，超过 {MOST_ENTRIES} 项", where=where, todo="请分成几份简报", code="basket_long"
        )  # fmt: skip
    return Basket(tuple(_entry(entry, place, where) for place, entry in enumerate(entries, start=1)))


def _entry(given: Any, place: int, where: str) -> Entry:
    at = f"{where} entries[{place - 1}]".strip()
    texts = {name: given.get(name, "") for name in ("card", "href", "title")} if isinstance(given, dict) else {}
    if not texts or not all(isinstance(value, str) for value in texts.values()):
        raise BasketError(
            "应有文本 card、href、title", where=at, todo="请用简报页重新生成清单", code="basket_entry"
        )  # fmt: skip
    if texts["card"] not in CARDS:
        guess = nearest(texts["card"], CARDS)
        raise BasketError(
            f"没有名为“{texts['card'][:80]}”的图表", where=at, todo=f"是否想写“{guess}”" if guess else "图表名见各页的卡片",
            code="unknown_card",
        )  # fmt: skip
    return Entry(texts["card"], texts["href"][:LONGEST_HREF], " ".join(texts["title"].split())[:LONGEST_TITLE])
