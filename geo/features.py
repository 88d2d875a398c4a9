"""Which features of a layer can be used: kind of geometry, position, validity. What cannot is named, not dropped."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from data.errors import UnreadableFileError
from geo.crs import EPSG_CGCS2000, Bools, coordinate_problems
from geo.source_crs import SourceCrs, converted

GeometryKind = Literal["polygon", "point", "any"]
Geometries = NDArray[Any]
Codes = NDArray[Any]

_AREAL = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
_ACCEPTED: dict[GeometryKind, tuple[int, ...]] = {
    "polygon": _AREAL,
    "point": (shapely.GeometryType.POINT,),
    "any": (*_AREAL, shapely.GeometryType.POINT),
}
_KIND_WORD: dict[GeometryKind, str] = {"polygon": "面", "point": "点", "any": "面或点"}
# What is wrong, and what to do.
_POSITION = {
    "metres": ("坐标不是经纬度（数值过大，可能是投影坐标，单位为米）", "请确认坐标系，以经纬度（EPSG:4490）重新导出"),
    "swapped": ("经度与纬度写反了", "请交换经度与纬度后重新导出"),
    "not_china": ("坐标不在中国范围内", "请检查坐标系与坐标值"),
}  # fmt: skip
_INVALID = {
    "Self-intersection": "边界自相交", "Ring Self-intersection": "边界自相接", "Hole lies outside shell": "内环在外环之外",
    "Holes are nested": "内环互相嵌套", "Interior is disconnected": "内部不连通", "Nested shells": "多个面互相包含",
    "Duplicate Rings": "重复的环", "Too few points in geometry component": "环的点数不足",
}  # fmt: skip
# Columns a label for messages is taken from, in this order.
_LABELS = ("name", "名称", "code", "代码", "区划代码", "id")


@dataclass(frozen=True)
class FeatureProblem:
    """What is wrong with one feature: its number in the file (from 1), its label there, a key and a message."""

    row: int
    label: str
    code: str
    message: str

    def __str__(self) -> str:
        return f"第 {self.row} 个要素{f'（{self.label}）' if self.label else ''}：{self.message}"


def checked(
    raw: gpd.GeoDataFrame, source: SourceCrs, kind: GeometryKind
) -> tuple[gpd.GeoDataFrame, tuple[FeatureProblem, ...], tuple[FeatureProblem, ...]]:
    """The usable features of `raw` in EPSG:4490, the refused ones, and those whose geometry was repaired.

    Args:
        raw: features as read, coordinates in `source`, indexed by their number in the file.
        kind: which geometries are wanted.
    """
    before = _single_points(shapely.force_2d(raw.geometry.to_numpy()))
    codes = np.full(len(raw), "", dtype=object)
    codes[~np.isin(shapely.get_type_id(before), _ACCEPTED[kind])] = "geometry_kind"
    codes[shapely.is_missing(before) | shapely.is_empty(before)] = "empty_geometry"
    # Degrees are looked at as they came, metres after they have become degrees.
    after = converted(before, source) if source.projected is not None else before
    sound = codes == ""
    codes[sound] = _position_problems(after[sound])
    if source.projected is None:
        after = converted(before, source)
    after, reasons = _repaired(after, codes == "")
    codes[(codes == "") & shapely.is_empty(after)] = "empty_geometry"
    rows, labels = [int(r) for r in raw.index], _labels(raw)
    refused = tuple(
        FeatureProblem(rows[i], labels[i], str(codes[i]), _refusal(str(codes[i]), before[i], kind))
        for i in np.flatnonzero(codes != "")
    )
    repaired = tuple(
        FeatureProblem(rows[i], labels[i], "repaired", f"{reason}，已自动修复")
        for i, reason in reasons.items()
        if codes[i] == ""
    )
    moved = raw.set_geometry(gpd.GeoSeries(after, index=raw.index, crs=EPSG_CGCS2000), crs=EPSG_CGCS2000)
    return moved[codes == ""], refused, repaired


def refuse_whole(refused: tuple[FeatureProblem, ...], features: int, *, where: str) -> None:
    """A fault that all features share is the file's: say it once.

    Raises:
        UnreadableFileError: with the features' code, when all of them were refused for the same reason.
    """
    if len(refused) < features or len(Counter(p.code for p in refused)) != 1:
        return
    first = refused[0]
    what, todo = _POSITION.get(first.code, (first.message, "请选择正确的图层重新导出"))
    raise UnreadableFileError(
        what, where=where, why=f"全部 {features} 个要素如此，例如第 {first.row} 个", todo=todo, code=first.code
    )


def _single_points(geometry: Geometries) -> Geometries:
    """Multi-points of one point, which some software writes for points, as points."""
    single = (shapely.get_type_id(geometry) == shapely.GeometryType.MULTIPOINT) & (
        shapely.get_num_geometries(geometry) == 1
    )
    return np.asarray(np.where(single, shapely.get_geometry(geometry, 0), geometry))


def _position_problems(geometry: Geometries) -> NDArray[np.str_]:
    bounds = shapely.bounds(geometry)
    low = coordinate_problems(bounds[:, 0], bounds[:, 1])
    high = coordinate_problems(bounds[:, 2], bounds[:, 3])
    worst = np.where(low == "", high, low)
    return np.where(np.isin(worst, ["missing", "half"]), "not_china", worst)


def _repaired(geometry: Geometries, among: Bools) -> tuple[Geometries, dict[int, str]]:
    """`geometry` with the invalid ones of `among` made valid, and by position what was wrong with them."""
    at = np.flatnonzero(among & ~shapely.is_valid(geometry))
    if not at.size:
        return geometry, {}
    reasons = shapely.is_valid_reason(geometry[at])
    fixed = geometry.copy()
    fixed[at] = shapely.make_valid(geometry[at], method="structure", keep_collapsed=False)
    words = (_INVALID.get(str(r).split("[")[0].strip(), "几何无效") for r in reasons)
    return fixed, dict(zip(at.tolist(), words, strict=True))


def _labels(frame: gpd.GeoDataFrame) -> list[str]:
    column = next((c for c in _LABELS if c in frame.columns), None)
    return [""] * len(frame) if column is None else ["" if pd.isna(v) else str(v) for v in frame[column]]


def _refusal(code: str, geometry: Any, kind: GeometryKind) -> str:
    if code == "empty_geometry":
        return f"没有图形或图形是空的，需要{_KIND_WORD[kind]}"
    if code == "geometry_kind":
        return f"图形是 {geometry.geom_type}，需要{_KIND_WORD[kind]}"
    what, todo = _POSITION[code]
    return f"{what}，{todo}"
