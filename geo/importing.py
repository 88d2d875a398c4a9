"""Geography as the importer asks for it (`data.importing.ports`): conversion, shapes, point in polygon."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.errors import UnreadableFileError
from data.importing.ports import Floats, Layer
from geo.crs import to_4490
from geo.placing import Placer
from geo.shapes import frame_to_wkb, read_layer, wkb_to_frame


class ImportGeography:
    """Implements `data.importing.ports.Geography`."""

    def to_4490(self, lon: Floats, lat: Floats, crs: str) -> tuple[Floats, Floats]:
        """Coordinates of `crs` in EPSG:4490."""
        return to_4490(lon, lat, crs)

    def read(self, name: str, content: bytes, *, crs: str | None) -> Layer:
        """The layer of polygons, or else of points, in a file."""
        try:
            layer, is_areas = read_layer(content, kind="polygon", crs=crs, name=name), True
        except UnreadableFileError as refusal:
            if refusal.code != "geometry_kind":
                raise
            layer, is_areas = read_layer(content, kind="point", crs=crs, name=name), False
        frame = layer.frame
        attributes = pd.DataFrame(
            {str(c): _text(frame[c]) for c in frame.columns if c != frame.geometry.name}, index=frame.index
        )
        nowhere = np.full(len(frame), np.nan)
        return Layer(
            name=name.rsplit("/", 1)[-1].rsplit(".", 1)[0],
            attributes=attributes,
            geometry=list(frame_to_wkb(frame)["geometry"]),
            is_areas=is_areas,
            lon=nowhere if is_areas else frame.geometry.x.to_numpy(dtype=np.float64),
            lat=nowhere if is_areas else frame.geometry.y.to_numpy(dtype=np.float64),
            refused=[(p.row, p.code, str(p)) for p in layer.refused],
        )

    def placer(self, areas: pd.DataFrame, shapes: pd.DataFrame) -> Placer:
        """A placer over stored shapes."""
        return Placer(areas, wkb_to_frame(shapes))


def _text(values: pd.Series) -> pd.Series:
    """Attribute values as cell text: whole numbers without a decimal point, missing stays missing."""

    def text(value: object) -> str | None:
        if value is None or (isinstance(value, float) and np.isnan(value)) or value is pd.NaT or value is pd.NA:
            return None
        if isinstance(value, bool | np.bool_):
            return "是" if value else "否"
        if isinstance(value, float | np.floating) and float(value).is_integer() and abs(float(value)) < 1e15:
            return str(int(value))
        return str(value)

    return pd.Series([text(v) for v in values], index=values.index, dtype="str")
