"""Geography as the importer asks for it (`data.importing.ports`): conversion, shapes, point in polygon."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from data.importing.apart import Limits, parse_apart
from data.importing.ports import Floats, Layer
from geo import apart
from geo.containers import load_bytes, sniff
from geo.crs import to_4490
from geo.placing import Placer
from geo.shapes import wkb_to_frame
from geo.travelling import layer_of

LIMITS = Limits(memory_bytes=4 * 2**30, seconds=120)


class ImportGeography:
    """Implements `data.importing.ports.Geography`.

    Args:
        limits: what parsing one file may use.
    """

    def __init__(self, limits: Limits = LIMITS) -> None:
        self._limits = limits

    def to_4490(self, lon: Floats, lat: Floats, crs: str) -> tuple[Floats, Floats]:
        """Coordinates of `crs` in EPSG:4490."""
        return to_4490(lon, lat, crs)

    def read(self, name: str, content: bytes, *, crs: str | None) -> Layer:
        """The layer of polygons, or else of points, in a file; parsed in a process of its own under limits."""
        # What the file's own header gives away needs no process.
        sniff(load_bytes(content, where=name), where=name)
        document = parse_apart(Path(apart.__file__), name, content, self._limits, name, crs or "")
        return layer_of(document, name)

    def placer(self, areas: pd.DataFrame, shapes: pd.DataFrame) -> Placer:
        """A placer over stored shapes."""
        return Placer(areas, wkb_to_frame(shapes))
