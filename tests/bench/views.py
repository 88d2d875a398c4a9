"""Views as people choose them, drawn at random from the store."""

from __future__ import annotations

import random
from urllib.parse import urlencode

from data.query import Reader
from data.schema.vocabulary import CompoundKind

KINDS = (*[None] * 7, *CompoundKind)


def drawn_views(reader: Reader, count: int, seed: int) -> list[str]:
    """Searches of `count` different views: any area from the city to a street, the latest month or any, mostly all kinds."""
    chance = random.Random(seed)
    areas = reader.areas()
    places = [None, *areas.loc[areas["level"].isin(["county", "street"]), "code"]]
    found: dict[str, None] = {}
    while len(found) < count:
        chosen = {
            "area": chance.choice(places),
            "month": chance.choice([None, chance.choice(reader.months)]),
            "kind": chance.choice(KINDS),
        }
        pairs = {name: str(value) for name, value in chosen.items() if value}
        found["?" + urlencode(pairs) if pairs else ""] = None
    return list(found)
