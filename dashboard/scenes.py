"""The scenes of the large screen: read from `scenes.yaml`, checked, and made for the counties a store has."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from dashboard.cards import CARDS
from dashboard.cards.types import Card
from dashboard.cards.wall import WALL_CARDS
from data.errors import GovernanceError, unknown_key
from data.query import Selection
from data.schema.vocabulary import AreaLevel

if TYPE_CHECKING:
    from data.query import Reader

FILE = Path(__file__).with_name("scenes.yaml")
GRID = 12
# Every card a scene may show.
SCENE_CARDS: dict[str, Card] = {**CARDS, **WALL_CARDS}
_SCENE = {"name", "headline", "cards", "each"}


class SceneError(GovernanceError):
    """`scenes.yaml` cannot be used as it is."""

    def __init__(self, what: str, *, why: str = "", todo: str = "") -> None:
        super().__init__(what, where=FILE.name, why=why, todo=todo, code="bad_scene")


@dataclass(frozen=True, kw_only=True)
class Spot:
    """Where a card stands: first column and row, counted from 1, and how many of each it takes."""

    card: str
    column: int
    row: int
    columns: int
    rows: int


@dataclass(frozen=True, kw_only=True)
class Scene:
    """One picture of the large screen.

    Attributes:
        name: unique; the address names a scene by it. headline: the card whose title is the scene's finding.
        area: code of the area it is about, None for the city. is_each_county: made once for every county.
    """

    name: str
    headline: str
    spots: tuple[Spot, ...]
    area: str | None = None
    is_each_county: bool = False


@dataclass(frozen=True)
class Programme:
    """What the file declares: the scenes, and how many seconds each stays."""

    rotate: int
    scenes: tuple[Scene, ...]


@cache
def programme() -> Programme:
    """The scenes as the file declares them. Raises `SceneError` or `UnknownKeyError` naming what is wrong."""
    return read_programme(FILE.read_text("utf-8"))


def read_programme(text: str) -> Programme:
    """The programme that `text` (YAML) declares. Raises as `programme` does."""
    try:
        document = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise SceneError("不是可读的 YAML", why=str(error)) from None
    if not isinstance(document, dict) or not isinstance(document.get("scenes"), list) or not document["scenes"]:
        raise SceneError("没有列出任何场景", todo="请在 scenes: 下至少写一个场景")
    rotate = document.get("rotate", 30)
    if not isinstance(rotate, int) or rotate < 1:
        raise SceneError(f"轮播间隔“{rotate}”不可用", todo="rotate 请写不小于 1 的整秒数")
    scenes = tuple(_scene(entry) for entry in document["scenes"])
    names = [scene.name for scene in scenes]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise SceneError(f"场景名重复：{twice[0]}", todo="每个场景的 name 不得相同")
    return Programme(rotate, scenes)


def scenes_of(reader: Reader) -> tuple[Scene, ...]:
    """The scenes for the store as `reader` sees it, each county with compounds in its own."""
    made: list[Scene] = []
    for scene in programme().scenes:
        if scene.is_each_county:
            made += [replace(scene, name=f"{scene.name}-{code}", area=code) for code in _counties(reader)]
        else:
            made.append(scene)
    return tuple(made)


def _counties(reader: Reader) -> list[str]:
    level = AreaLevel.COUNTY.value
    if level not in reader.levels or not reader.months:
        return []
    found = reader.indicator("compounds", Selection(), by=level)
    with_compounds = set(found.loc[found["value"].fillna(0) > 0, "group"])
    areas = reader.areas()
    return [str(code) for code in areas.loc[areas["level"] == level, "code"] if code in with_compounds]


def _scene(entry: Any) -> Scene:
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        raise SceneError("有一个场景没有名称", todo="请为每个场景写 name")
    name = entry["name"]
    if strange := sorted(set(entry) - _SCENE):
        raise SceneError(f"场景 {name} 有不认识的项“{strange[0]}”", todo="可用的项：name、headline、cards、each")
    if entry.get("each") not in (None, AreaLevel.COUNTY.value):
        raise SceneError(f"场景 {name} 的 each 不可用", todo="each 只能写 county")
    cards = entry.get("cards")
    if not isinstance(cards, dict) or not cards:
        raise SceneError(f"场景 {name} 没有卡片", todo="请在 cards 下至少写一张卡片")
    spots = tuple(_spot(name, card, place) for card, place in cards.items())
    _check_apart(name, spots)
    return Scene(
        name=name, headline=_known(entry.get("headline")), spots=spots, is_each_county=entry.get("each") is not None
    )


def _spot(scene: str, card: Any, place: Any) -> Spot:
    def pair(key: str) -> tuple[int, int]:
        found = place.get(key) if isinstance(place, dict) else None
        if not isinstance(found, list) or len(found) != 2 or not all(isinstance(n, int) and n >= 1 for n in found):
            raise SceneError(f"场景 {scene} 的卡片 {card} 缺少位置", todo="请写 {at: [列, 行], size: [列数, 行数]}")
        return found[0], found[1]

    (column, row), (columns, rows) = pair("at"), pair("size")
    if column + columns - 1 > GRID or row + rows - 1 > GRID:
        raise SceneError(
            f"场景 {scene} 的卡片 {card} 超出画布", why=f"画布为 {GRID} 列 × {GRID} 行", todo="请改小 at 或 size"
        )
    return Spot(card=_known(card), column=column, row=row, columns=columns, rows=rows)


def _check_apart(scene: str, spots: tuple[Spot, ...]) -> None:
    taken: dict[tuple[int, int], str] = {}
    for spot in spots:
        for column in range(spot.column, spot.column + spot.columns):
            for row in range(spot.row, spot.row + spot.rows):
                if (other := taken.get((column, row))) is not None:
                    raise SceneError(f"场景 {scene} 的卡片 {spot.card} 与 {other} 重叠", todo="请改 at 或 size")
                taken[column, row] = spot.card


def _known(card: Any) -> str:
    if card not in SCENE_CARDS:
        raise unknown_key(str(card), SCENE_CARDS, kind="卡片", where=FILE.name)
    return str(card)
