"""Shapes of the city for the maps: made once for each state of the store, served under an address that names them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from typing import TYPE_CHECKING

import geopandas as gpd
import shapely

from data.errors import UnknownKeyError
from data.schema.vocabulary import AreaLevel
from geo.browser import BrowserLayer, BrowserLayers
from geo.drawing import union_shapes
from geo.hatch import Coordinates, hatch_lines
from geo.shapes import wkb_to_frame

if TYPE_CHECKING:
    from data.query import Reader

# Hatch lines stand this many to the width of the map.
HATCHES = 75
_KEPT = 4


class Places:
    """The layers of one state of the store.

    `layer` and `url` name a level within a parent (None: the whole city); `is_schematic` says whether any of the
    shapes is schematic, which every map must then say.
    """

    def __init__(self, reader: Reader) -> None:
        areas = reader.areas()
        shapes = reader.register("area_shape")
        self.is_schematic = bool(shapes["is_schematic"].fillna(False).any())
        self.review_numbers = sorted({*map(str, shapes["review_no"].dropna()), reader.map_review_no} - {""})
        # United once here: the layers and every set of polygons start from it.
        self._layers = BrowserLayers(areas, union_shapes(areas, wkb_to_frame(shapes)))

    def layer(self, level: AreaLevel | str, parent: str | None = None) -> BrowserLayer:
        """GeoJSON of the areas of `level` in `parent`. Raises `UnknownKeyError` for a parent that does not exist."""
        return self._layers.layer(level, parent)

    def polygons(self, level: AreaLevel | str, parent: str | None = None) -> gpd.GeoDataFrame:
        """The areas of that layer as polygons in EPSG:4490, see `area_polygons`; not to be changed."""
        return self._layers.polygons(level, parent)

    def url(self, level: AreaLevel | str, parent: str | None = None) -> str:
        """Address of that layer; it changes with the shapes and can be cached for ever."""
        stem = f"/geo/{self.layer(level, parent).fingerprint}/{AreaLevel(level).value}"
        return f"{stem}/{parent}.json" if parent else f"{stem}.json"

    def layer_at(self, address: str) -> BrowserLayer:
        """The layer that `url` gave an address for. Raises `UnknownKeyError` or ValueError for anything else."""
        _, _, level, *parent = address.strip("/").removesuffix(".json").split("/")
        return self.layer(level, parent[0] if parent else None)

    def hatch(
        self, level: AreaLevel | str, codes: Iterable[str], parent: str | None = None
    ) -> tuple[Coordinates, Coordinates]:
        """Hatch lines over the areas `codes` of that layer, for one `scattergeo` line trace."""
        polygons = self.polygons(level, parent)
        if not len(polygons):
            return [], []
        west, south, east, north = (float(v) for v in polygons.total_bounds)
        chosen = polygons[polygons["code"].isin(set(codes))].geometry
        spacing = max(east - west, north - south) / HATCHES
        simple = shapely.simplify(chosen.to_numpy(), spacing / 20)
        return hatch_lines(simple, spacing, bounds=(west, south, east, north))


_made: OrderedDict[tuple[str, str, str, str], Places] = OrderedDict()
_lock = threading.Lock()


def places_of(reader: Reader) -> Places:
    """The places of the store as `reader` sees it; made at the first use in a process and kept for a few revisions."""
    # Shapes and names of areas are on every public map: they are made once, for whatever scope.
    reader = reader.whole
    # Two stores can hold the same city at the same revision.
    key = (str(reader.engine.url), reader.city.code, reader.revision, reader.map_review_no)
    with _lock:
        if key not in _made:
            _made[key] = Places(reader)
            while len(_made) > _KEPT:
                _made.popitem(last=False)
        _made.move_to_end(key)
        return _made[key]


def layer_at(url: str) -> BrowserLayer | None:
    """The layer an address of `Places.url` names, as long as its places are kept in this process."""
    parts = url.strip("/").removesuffix(".json").split("/")
    if len(parts) not in (3, 4) or parts[0] != "geo":
        return None
    parent = parts[3] if len(parts) == 4 else None
    with _lock:
        kept = list(_made.values())[::-1]
    for places in kept:
        try:
            layer = places.layer(parts[2], parent)
        except (UnknownKeyError, ValueError):
            continue
        if layer.fingerprint == parts[1]:
            return layer
    return None
