"""What a map stands on: addresses of shapes, extent, outlines, names, hatches. Made from the places of a store."""

from __future__ import annotations

from dataclasses import dataclass, field

Coordinates = list[float | None]


@dataclass(frozen=True)
class PlaceName:
    """A name on the map, at a point inside its area; the largest areas come first."""

    code: str
    text: str
    lon: float
    lat: float


@dataclass(frozen=True)
class Town:
    """A part of the map where compounds pile up: west, south, east, north, and which areas lie in it."""

    name: str
    codes: tuple[str, ...]
    bounds: tuple[float, float, float, float]
    areas: tuple[str, ...]
    compounds: int


@dataclass(frozen=True, kw_only=True)
class Ground:
    """A layer of areas for one map.

    Attributes:
        level: of the areas that are filled; parent: the area they lie in, None for the city. url: where the browser gets their GeoJSON; codes: those in it.
        bounds: west, south, east, north of the map, degrees.
        outline_url, outline_codes: areas drawn as lines above (counties over streets).
        names: written on the map. hatch: lines over areas, see `geo.hatch`.
        is_schematic, review_numbers: what every map of these shapes must say.
    """

    level: str
    parent: str | None
    url: str
    codes: tuple[str, ...]
    bounds: tuple[float, float, float, float]
    outline_url: str | None = None
    outline_codes: tuple[str, ...] = ()
    names: tuple[PlaceName, ...] = ()
    hatch: tuple[Coordinates, Coordinates] = field(default_factory=lambda: ([], []))
    is_schematic: bool = False
    review_numbers: tuple[str, ...] = ()
