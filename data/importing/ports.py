"""What the importer needs of geography. `data` knows no geometry; whoever starts the importer hands this in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Layer:
    """One layer of a file of shapes.

    Attributes:
        name: layer name.
        attributes: text columns, one row per feature, index 0…n-1.
        geometry: WKB in EPSG:4490 per feature, None where a feature has none.
        kind: "polygon" if every geometry is an area, "point" if every one is a point, else "other".
        lon, lat: coordinates in EPSG:4490 of point features, NaN otherwise.
    """

    name: str
    attributes: pd.DataFrame
    geometry: Sequence[bytes | None]
    kind: str
    lon: Floats
    lat: Floats


class Placer(Protocol):
    """Finds the area a point lies in."""

    def place(self, lon: Floats, lat: Floats) -> Sequence[str | None]:
        """The code of the deepest area containing each point (EPSG:4490), None outside all of them."""


class Geography(Protocol):
    """Coordinates, shapes and point in polygon."""

    def to_4490(self, lon: Floats, lat: Floats, crs: str) -> tuple[Floats, Floats]:
        """Coordinates of `crs` in EPSG:4490; NaN stays NaN. Raises UsageError for an unknown system."""

    def read(self, name: str, content: bytes, *, crs: str | None) -> list[Layer]:
        """The layers of a GeoJSON, GeoPackage or zipped Shapefile. Raises UnreadableFileError."""

    def placer(self, shapes: pd.DataFrame) -> Placer:
        """A placer over `shapes` (columns code, level, geometry as WKB in EPSG:4490)."""


@dataclass(frozen=True)
class Ports:
    """What the importer is given from outside."""

    geography: Geography | None = None
