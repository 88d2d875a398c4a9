"""Cards of the large screen only: the desk's, of another length or for another room."""

from __future__ import annotations

from functools import partial

from dashboard.cards.coverage import states
from dashboard.cards.overview.attention import attention
from dashboard.cards.overview.leading import leading
from dashboard.cards.overview.map import KEYS
from dashboard.cards.overview.trend import course
from dashboard.cards.satisfaction.rule import sure_of
from dashboard.cards.types import Card
from data.catalogue.types import Page

WALL_CARDS: dict[str, Card] = {
    card.name: card
    for card in (
        Card(
            name="wall.alerts", page=Page.OVERVIEW, indicators=("fee_collection_rate", "satisfaction"),
            draw=partial(attention, most=3, room=10), height=800, kind="list",
        ),
        Card(
            name="wall.attention", page=Page.OVERVIEW, indicators=("fee_collection_rate", "satisfaction"),
            draw=partial(attention, most=1, room=4), height=400, kind="list",
        ),
        Card(
            name="wall.compounds", page=Page.COVERAGE, indicators=states.TILE_KEYS,
            draw=partial(states.tiles, room=(750, 500)), height=800, kind="figure",
        ),
        Card(
            name="wall.sure", page=Page.SATISFACTION, indicators=("satisfaction",), draw=sure_of(10), height=400,
            kind="figure",
        ),
        Card(
            name="wall.trend", page=Page.OVERVIEW, indicators=KEYS, draw=partial(course, drawn_px=95), height=240,
            kind="figure",
        ),
        Card(
            name="wall.leading", page=Page.OVERVIEW, indicators=(), draw=partial(leading, each_end=3), height=300,
            kind="figure",
        ),
    )
}  # fmt: skip
