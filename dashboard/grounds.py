"""Which shapes a map of a selection shows: the finest level that has any, the outlines above it, names, towns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import shapely

from dashboard.figures.ground import Coordinates, Ground, PlaceName, Town
from dashboard.places import Places, places_of
from data.schema.vocabulary import AreaLevel
from geo.layers import compound_points, seat_extents

if TYPE_CHECKING:
    from data.query import Reader

# From fine to coarse: what may be filled with values.
_FILLED = (AreaLevel.STREET, AreaLevel.COUNTY, AreaLevel.CITY)
_MARGIN = 0.02


def shape_level(reader: Reader, area: str | None) -> str | None:
    """The finest level below the communities with shapes inside `area`; None where the store has none there."""
    found = _layer(reader, places_of(reader), area)
    return found[0].value if found else None


def ground_of(reader: Reader, area: str | None, *, unreported: Iterable[str] = ()) -> Ground | None:
    """The ground of a map of `area` (None: the city), the areas `unreported` hatched; None without any shapes."""
    plain: list[Ground] = reader.remember(("ground", area), lambda: _plain(reader, area), is_fact=True)
    if not plain:
        return None
    ground, silent = plain[0], frozenset(unreported)
    if not silent:
        return ground
    hatch: tuple[Coordinates, Coordinates] = reader.remember(
        ("hatch", ground.level, ground.parent, silent),
        lambda: places_of(reader).hatch(ground.level, silent, ground.parent),
    )
    return replace(ground, hatch=hatch)


def _plain(reader: Reader, area: str | None) -> list[Ground]:
    """The ground of `area` without hatches, alone in a list; an empty list where the store has no shapes."""
    places = places_of(reader)
    found = _layer(reader, places, area)
    if found is None:
        return []
    level, parent = found
    polygons = places.polygons(level, parent)
    west, south, east, north = (float(edge) for edge in polygons.total_bounds)
    pad = _MARGIN * max(east - west, north - south)
    outlines = places.polygons(AreaLevel.COUNTY, parent) if level is AreaLevel.STREET and parent is None else None
    has_outlines = outlines is not None and len(outlines) > 0
    named = outlines if outlines is not None and has_outlines else polygons
    return [
        Ground(
            level=level.value,
            parent=parent,
            url=places.url(level, parent),
            codes=tuple(str(code) for code in polygons["code"]),
            bounds=(west - pad, south - pad, east + pad, north + pad),
            outline_url=places.url(AreaLevel.COUNTY) if has_outlines else None,
            outline_codes=tuple(str(code) for code in outlines["code"]) if outlines is not None else (),
            names=_names(named),
            is_schematic=places.is_schematic,
            review_numbers=tuple(places.review_numbers),
        )
    ]


def towns_of(reader: Reader) -> tuple[Town, ...]:
    """The towns in which compounds pile up, most compounds first, with the shapes that reach into each."""
    found: tuple[Town, ...] = reader.remember("towns", lambda: _towns(reader))
    return found


def _towns(reader: Reader) -> tuple[Town, ...]:
    places = places_of(reader)
    compounds = reader.register("compound")
    compounds = compounds[compounds["is_managed"].fillna(True).astype(bool)]
    points = compound_points(compounds)
    points = points[points["area_code"].notna()]
    found = _layer(reader, places, None)
    if found is None or points.empty:
        return ()
    polygons = places.polygons(found[0], None)
    towns = []
    for row in seat_extents(points, reader.areas()).to_dict("records"):
        box = (float(row["west"]), float(row["south"]), float(row["east"]), float(row["north"]))
        reached = polygons[shapely.intersects(polygons.geometry.to_numpy(), shapely.box(*box))]
        towns.append(
            Town(
                str(row["name"]),
                tuple(row["codes"]),
                box,
                tuple(str(c) for c in reached["code"]),
                int(row["compounds"]),
            )
        )
    return tuple(towns)


def _layer(reader: Reader, places: Places, area: str | None) -> tuple[AreaLevel, str | None] | None:
    """Level and parent of the areas to fill. Within an area that has no shapes below or of its own: those around it."""
    chain = [None] if area is None else [area, *reversed(reader.ancestors(area))]
    for place in chain:
        parent = None if place == reader.city.code else place
        here = AreaLevel.CITY if parent is None else AreaLevel(reader.level_of(parent))
        for level in _FILLED:
            if level.value not in reader.levels or not _is_within(level, here):
                continue
            if len(places.polygons(level, parent)):
                return level, parent
    return None


def _is_within(level: AreaLevel, here: AreaLevel) -> bool:
    order = list(AreaLevel)
    return order.index(level) >= order.index(here)


def _names(polygons: gpd.GeoDataFrame) -> tuple[PlaceName, ...]:
    ordered = polygons.assign(size=shapely.area(polygons.geometry.to_numpy())).sort_values("size", ascending=False)
    points = shapely.point_on_surface(ordered.geometry.to_numpy())
    return tuple(
        PlaceName(str(code), str(name), round(float(point.x), 4), round(float(point.y), 4))
        for code, name, point in zip(ordered["code"], ordered["name"], points, strict=True)
    )
