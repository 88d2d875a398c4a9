"""Reading layers of polygons or points from files, and the form shapes are stored in."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pyproj
import shapely

from data.errors import UnreadableFileError, UsageError, unknown_key
from geo import containers
from geo.crs import EPSG_CGCS2000, Crs, LonLat
from geo.features import FeatureProblem, GeometryKind, checked, refuse_whole
from geo.source_crs import geojson_crs, settle_crs


@dataclass(frozen=True)
class Layer:
    """A layer as read.

    Attributes:
        frame: accepted features in EPSG:4490, attribute columns as in the file; the index `source_row` is the
            feature's number in the file, from 1.
        refused: features left out of `frame`, and why.
        repaired: features of `frame` whose geometry was invalid and has been made valid.
        crs: the system the coordinates were in.
    """

    frame: gpd.GeoDataFrame
    refused: tuple[FeatureProblem, ...]
    repaired: tuple[FeatureProblem, ...]
    crs: str

    def require_all(self, *, where: str = "") -> gpd.GeoDataFrame:
        """`frame`, if no feature was refused.

        Raises:
            UnreadableFileError: code `bad_features`; the message names the first of them.
        """
        if self.refused:
            raise UnreadableFileError(
                f"{len(self.refused)} 个要素不能使用",
                where=where,
                why="；".join(str(p) for p in self.refused[:3]),
                todo="请修正这些要素后重新导出",
                code="bad_features",
            )
        return self.frame


def read_layer(
    source: Path | str | bytes,
    *,
    kind: GeometryKind = "polygon",
    crs: Crs | str | None = None,
    layer: str | None = None,
    name: str = "",
    max_bytes: int = containers.MAX_BYTES,
) -> Layer:
    """Read a layer from GeoJSON, GeoPackage or a zipped Shapefile into EPSG:4490.

    Args:
        source: a local path, or the file's bytes. The format is told by content.
        kind: which geometries are accepted; others are refused one by one.
        crs: the system the coordinates are in; None takes what the file says. See `settle_crs`.
        layer: which layer, where a file has several.
        name: file name for messages; defaults to the path's.
        max_bytes: largest file taken; a zip may inflate to four times that.

    Raises:
        UnreadableFileError: the file as a whole cannot be used (codes of `containers`, `source_crs` and, when every
            feature fails in the same way, `metres`, `swapped`, `not_china`, `geometry_kind`, `empty_geometry`;
            `no_features`).
    """
    where = name or (Path(source).name if not isinstance(source, bytes) else "")
    content = containers.load_bytes(source, where=where, max_bytes=max_bytes)
    form = containers.sniff(content, where=where)
    if form == "geojson":
        document = containers.parse_geojson(content, where=where)
        raw, in_file = _geojson_frame(document), geojson_crs(document, where=where)
    else:
        limit = max_bytes * containers.INFLATE_FACTOR
        opened = (
            containers.opened_gpkg(content, where=where)
            if form == "gpkg"
            else containers.opened_shapefile(content, where=where, layer=layer, max_inflated=limit)
        )
        with opened as ogr:
            raw, in_file = _ogr_frame(ogr, layer if form == "gpkg" else None, where)
    if not len(raw):
        raise _no_features(where, "图层里没有要素")
    raw.index = pd.RangeIndex(1, len(raw) + 1, name="source_row")
    system = settle_crs(crs, in_file, where=where)
    frame, refused, repaired = checked(raw, system, kind)
    refuse_whole(refused, len(raw), where=where)
    return Layer(frame, refused, repaired, str(system))


def _geojson_frame(document: dict[str, Any]) -> gpd.GeoDataFrame:
    features = document["features"]
    rows = [dict(p) if isinstance(p := f.get("properties"), dict) else {} for f in features]
    if not any("id" in row for row in rows) and any("id" in f for f in features):
        rows = [{**row, "id": f.get("id")} for row, f in zip(rows, features, strict=True)]
    table = pd.DataFrame(rows, index=range(len(features))).drop(columns="geometry", errors="ignore")
    return gpd.GeoDataFrame(table, geometry=[_geojson_geometry(f.get("geometry")) for f in features])


def _geojson_geometry(member: Any) -> Any:
    """The geometry of a GeoJSON member, None where it is missing or malformed: refused later, with its feature."""
    try:
        return shapely.geometry.shape(member) if member else None
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, shapely.GEOSException):
        return None


def _ogr_frame(ogr: containers.OgrSource, layer: str | None, where: str) -> tuple[gpd.GeoDataFrame, pyproj.CRS | None]:
    if layer is not None and layer not in ogr.layers:
        raise unknown_key(layer, ogr.layers, kind="图层", where=where)
    if layer is None and len(ogr.layers) > 1:
        raise containers.several_layers(where, list(ogr.layers))
    if not ogr.layers:
        raise _no_features(where, "文件里没有带图形的图层")
    try:
        frame = pyogrio.read_dataframe(
            ogr.path, layer=layer or ogr.layers[0], encoding=ogr.encoding, on_invalid="ignore"
        )
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
        raise containers.corrupt(where, "图形与属性不完整") from error
    if not isinstance(frame, gpd.GeoDataFrame):
        raise _no_features(where, "图层没有图形")
    return frame, frame.crs


def _no_features(where: str, what: str) -> UnreadableFileError:
    return UnreadableFileError(what, where=where, todo="请确认导出的图层与筛选条件后重新导出", code="no_features")


def representative_lon_lat(frame: gpd.GeoDataFrame) -> LonLat:
    """Longitude and latitude of a point inside each geometry (the point itself for points), EPSG:4490."""
    points = frame.to_crs(EPSG_CGCS2000).geometry.representative_point()
    return points.x.to_numpy(dtype=np.float64), points.y.to_numpy(dtype=np.float64)


def frame_to_wkb(frame: gpd.GeoDataFrame) -> pd.DataFrame:
    """`frame` with its geometry as two-dimensional little-endian WKB bytes in the column `geometry`, as stored.

    Raises:
        UsageError: the frame is not in EPSG:4490.
    """
    if frame.crs is None or frame.crs.to_epsg() != EPSG_CGCS2000:
        raise UsageError("图形必须先换算到 EPSG:4490 再入库", code="wrong_crs")
    table = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    blobs = shapely.to_wkb(frame.geometry.to_numpy(), output_dimension=2, byte_order=1)
    table["geometry"] = pd.Series(list(blobs), index=frame.index, dtype=object)
    return table


def wkb_to_frame(table: pd.DataFrame) -> gpd.GeoDataFrame:
    """The reverse of `frame_to_wkb`: rows with WKB bytes in `geometry` as a GeoDataFrame in EPSG:4490.

    Raises:
        UnreadableFileError: code `corrupt`, when stored bytes are not WKB.
    """
    blobs = [bytes(b) if b is not None else None for b in table["geometry"]]
    try:
        geometry = shapely.from_wkb(np.array(blobs, dtype=object))
    except (shapely.GEOSException, TypeError) as error:
        raise UnreadableFileError(
            "库中的图形已损坏", where="area_shape", todo="请撤销相应批次后重新导入边界", code="corrupt"
        ) from error
    return gpd.GeoDataFrame(table.drop(columns="geometry"), geometry=geometry, crs=EPSG_CGCS2000)
