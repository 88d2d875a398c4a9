"""Which system a file's coordinates are in: what the user declared, what the file says, and when the two clash."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from pyproj.exceptions import CRSError

from data.errors import UnreadableFileError
from geo.crs import EPSG_CGCS2000, Crs, Floats, parse_crs, to_4490

# Datums that agree with CGCS2000 to a metre. Beijing 1954 and Xi'an 1980 are off by up to 100 m, and the parameters
# that would bring them over are not public.
_SAME_DATUM = re.compile(r"china.?2000|cgcs.?2000|world.geodetic.system.1984|wgs.?(19)?84", re.IGNORECASE)
_AUTHORITY_CODE = re.compile(r"^(urn:ogc:def:crs:(EPSG|OGC):[\d.]*:\w+|EPSG:\d+)$", re.IGNORECASE)


@dataclass(frozen=True)
class SourceCrs:
    """The system of a file: one of the declared four, or a projection of the same datum the file names itself."""

    geographic: Crs | None
    projected: pyproj.CRS | None = None

    def __str__(self) -> str:
        return str(self.geographic or (self.projected.name if self.projected is not None else ""))


def settle_crs(declared: Crs | str | None, in_file: pyproj.CRS | Crs | None, *, where: str) -> SourceCrs:
    """Decide the system of a file.

    A declared one wins over a geographic one in the file, because GCJ-02 and BD-09 data is always labelled as
    something else. It cannot win over a projection: the numbers are metres then.

    Raises:
        UnreadableFileError: `no_crs` (neither), `crs_conflict`, `unsupported_datum`.
    """
    if isinstance(in_file, Crs):
        return SourceCrs(parse_crs(declared) if declared is not None else in_file)
    if in_file is None:
        if declared is None:
            raise UnreadableFileError(
                "没有说明坐标系",
                where=where,
                why="同一组经纬度在不同坐标系下最多相差约 1.2 公里，不能猜",
                todo=f"请指定坐标系：{'、'.join(Crs)}；百度坐标选 bd09，高德、腾讯坐标选 gcj02",
                code="no_crs",
            )
        return SourceCrs(parse_crs(declared))
    if not _SAME_DATUM.search(_datum_name(in_file)):
        raise UnreadableFileError(
            f"不支持文件所用的大地基准“{in_file.name}”",
            where=where,
            why="北京54、西安80 等旧坐标系与 CGCS2000 的转换参数不公开，直接套用会偏移几十米",
            todo="请先在测绘部门提供的工具中转换为 CGCS2000（EPSG:4490）再导入",
            code="unsupported_datum",
        )
    if in_file.is_geographic:
        return SourceCrs(parse_crs(declared) if declared is not None else _geographic(in_file))
    if declared is not None:
        raise UnreadableFileError(
            f"声明的坐标系 {parse_crs(declared)} 与文件不符",
            where=where,
            why=f"文件自带投影“{in_file.name}”，坐标是米，不是经纬度",
            todo="请去掉坐标系声明，按文件自带的投影导入；若投影信息有误，请重新导出",
            code="crs_conflict",
        )
    return SourceCrs(None, in_file)


def _datum_name(crs: pyproj.CRS) -> str:
    geodetic = crs.geodetic_crs
    datum = geodetic.datum if geodetic is not None else None
    return f"{datum.name if datum is not None else ''} {geodetic.name if geodetic is not None else ''}"


def _geographic(crs: pyproj.CRS) -> Crs:
    return Crs.WGS84 if re.search("1984|wgs", _datum_name(crs), re.IGNORECASE) else Crs.CGCS2000


def geojson_crs(document: dict[str, Any], *, where: str) -> pyproj.CRS | Crs | None:
    """The system in a GeoJSON's `crs` member; None where there is none.

    RFC 7946 would make that EPSG:4326, but much GeoJSON of Chinese areas is GCJ-02 without saying so: the caller has
    to ask.

    Raises:
        UnreadableFileError: code `unknown_crs`, when there is one that names no known system.
    """
    member = document.get("crs")
    if member is None:
        return None
    properties = member.get("properties") if isinstance(member, dict) else None
    name = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    if name.lower() in {str(Crs.GCJ02), str(Crs.BD09)}:
        return parse_crs(name)
    try:
        if not _AUTHORITY_CODE.match(name):
            raise CRSError(name)
        return pyproj.CRS.from_user_input(name)
    except CRSError as error:
        raise UnreadableFileError(
            f"不认识文件里写的坐标系“{name or member}”",
            where=where,
            why="crs 成员应形如 urn:ogc:def:crs:EPSG::4490",
            todo="请以 EPSG:4490 重新导出",
            code="unknown_crs",
        ) from error


def converted(geometry: NDArray[Any], source: SourceCrs) -> NDArray[Any]:
    """Geometries whose coordinates are in `source`, in EPSG:4490."""
    if source.projected is not None:
        return np.asarray(gpd.GeoSeries(geometry, crs=source.projected).to_crs(EPSG_CGCS2000))
    crs = source.geographic or Crs.CGCS2000

    def convert(xy: Floats) -> Floats:
        return np.column_stack(to_4490(xy[:, 0], xy[:, 1], crs))

    return np.asarray(shapely.transform(geometry, convert))
