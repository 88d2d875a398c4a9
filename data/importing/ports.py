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
        attributes: text columns as in the file; the index is the feature's number in it, from 1.
        geometry: WKB in EPSG:4490 per row of `attributes`.
        is_areas: polygons; otherwise points.
        lon, lat: coordinates of points in EPSG:4490, NaN for polygons.
        refused: features that cannot be used: number, code, message.
    """

    name: str
    attributes: pd.DataFrame
    geometry: Sequence[bytes]
    is_areas: bool
    lon: Floats
    lat: Floats
    refused: Sequence[tuple[int, str, str]]


class Placer(Protocol):
    """Finds the area a point lies in."""

    def place(self, lon: Floats, lat: Floats) -> Sequence[str | None]:
        """The code of the deepest area containing each point (EPSG:4490), None outside all of them."""

    def contains_city(self, lon: Floats, lat: Floats) -> NDArray[np.bool_]:
        """Which points lie in the city."""


class Geography(Protocol):
    """Coordinates, shapes and point in polygon."""

    def to_4490(self, lon: Floats, lat: Floats, crs: str) -> tuple[Floats, Floats]:
        """Coordinates of `crs` in EPSG:4490; NaN stays NaN. Raises UsageError for an unknown system."""

    def read(self, name: str, content: bytes, *, crs: str | None) -> Layer:
        """The layer of a GeoJSON, GeoPackage or zipped Shapefile. Raises UnreadableFileError."""

    def placer(self, areas: pd.DataFrame, shapes: pd.DataFrame) -> Placer:
        """A placer over `areas` (code, name, level, parent_code) and `shapes` (code, geometry as WKB, EPSG:4490)."""


@dataclass(frozen=True)
class Ports:
    """What the importer is given from outside."""

    geography: Geography | None = None


NO_PORTS = Ports()
