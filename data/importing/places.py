"""Joining rows to places: the city an upload is of, the parents of areas, coordinates and the areas they lie in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sqlalchemy import Connection, select

from data.errors import UsageError
from data.frames import read_current
from data.importing.examine import uploads_of
from data.importing.ports import Geography, Placer
from data.importing.problems import Findings
from data.importing.rows import SheetRows, Target
from data.schema import area, area_shape
from data.schema.vocabulary import AreaLevel

LEVEL_BY_LENGTH = {4: AreaLevel.CITY, 6: AreaLevel.COUNTY, 9: AreaLevel.STREET, 12: AreaLevel.COMMUNITY}
LON_RANGE, LAT_RANGE = (73.0, 136.0), (3.0, 54.0)


@dataclass(frozen=True)
class City:
    """The city an upload is of."""

    code: str
    name: str

    @classmethod
    def parse(cls, text: str) -> City:
        """`3401=合肥市`. Raises UsageError."""
        code, mark, name = (part.strip() for part in text.partition("="))
        if not mark or not code.isdigit() or not 2 <= len(code) <= 12 or not name:
            raise UsageError(
                f"城市写法不对：“{text}”", why="要写成 代码=名称，代码只含数字", todo="例如 --city 3401=合肥市",
                code="bad_city",
            )  # fmt: skip
        return cls(code, name)


def city_sheet(connection: Connection, city: City, sheets: Sequence[SheetRows]) -> SheetRows | None:
    """A sheet of one row that states the city; None if the upload states it itself."""
    for _, target in uploads_of(sheets, "area"):
        if city.code in set(target.frame["code"].dropna()):
            return None
    found = connection.scalar(select(area.c.name).where(area.c.code == city.code, area.c.superseded_by.is_(None)))
    if found is not None:
        return None
    frame = pd.DataFrame({"code": [city.code], "name": [city.name], "level": [AreaLevel.CITY.value]}, index=[1]).astype(
        "str"
    )
    sheet = SheetRows(0, "--city", frame, Findings("--city"), heading_row=0)
    sheet.targets = [Target(area, frame, {})]
    return sheet


def complete_parents(connection: Connection, sheets: Sequence[SheetRows], city: City | None) -> None:
    """Give areas that state no parent the known one, else the longest known code theirs begins with, else the city."""
    uploads = uploads_of(sheets, "area")
    if not uploads:
        return
    stored = dict(
        connection.execute(select(area.c.code, area.c.parent_code).where(area.c.superseded_by.is_(None))).all()
    )
    codes = set(stored).union(*(set(t.frame["code"].dropna()) for _, t in uploads))
    if city is not None:
        codes.add(city.code)

    def parent(code: str) -> str | None:
        if stored.get(code):
            return str(stored[code])
        for length in range(len(code) - 1, 1, -1):
            if code[:length] in codes:
                return code[:length]
        return city.code if city is not None and code != city.code else None

    for _, target in uploads:
        frame = target.frame
        given = frame["parent_code"] if "parent_code" in frame else pd.Series(np.nan, index=frame.index, dtype="str")
        lacking = given.isna() & frame["code"].notna() & (frame["level"] != AreaLevel.CITY)
        frame["parent_code"] = given.where(~lacking, frame["code"].map(parent, na_action="ignore")).astype("str")


def place_rows(
    connection: Connection, sheets: Sequence[SheetRows], *, crs: str | None, geography: Geography | None
) -> None:
    """Convert coordinates to EPSG:4490, check them, and give compounds and companies the area they lie in.

    A compound must end up in an area: by its code, else by its point. A company need not have an office address.
    """
    located = [u for name in ("compound", "company") for u in uploads_of(sheets, name)]
    if not located:
        return
    placer = _placer(connection, sheets, geography)
    for sheet, target in located:
        frame = target.frame
        has_point = "lon" in frame and "lat" in frame
        code = "area_code" if target.table.name == "compound" else "office_area_code"
        if has_point:
            _convert(sheet, target, sheet.crs or crs, geography)
        if has_point and placer is not None:
            _place(sheet, target, code, placer)
        if code == "area_code":
            _report_unplaced(sheet, target, placer is not None)


def _placer(connection: Connection, sheets: Sequence[SheetRows], geography: Geography | None) -> Placer | None:
    if geography is None:
        return None
    frames = {}
    for table in (area, area_shape):
        parts = [t.frame.dropna(subset=["code"]) for _, t in uploads_of(sheets, table.name)]
        whole = pd.concat([*parts, read_current(connection, table)], ignore_index=True)
        frames[table.name] = whole.drop_duplicates("code", ignore_index=True)
    if frames["area_shape"].empty:
        return None
    areas = frames["area"][["code", "name", "level", "parent_code"]]
    return geography.placer(areas, frames["area_shape"][["code", "geometry"]])


def _convert(sheet: SheetRows, target: Target, crs: str | None, geography: Geography | None) -> None:
    frame = target.frame
    lon, lat = frame["lon"], frame["lat"]
    complete = lon.notna() & lat.notna()
    swapped = complete & lon.between(*LAT_RANGE) & lat.between(*LON_RANGE)
    sheet.findings.add(
        frame.index[swapped], target.heading("lon"), _point_text(frame[swapped]), "swapped_coordinates",
        lambda v: f"经度、纬度填反了（{v}）；中国的经度在 73 到 136 之间，纬度在 3 到 54 之间，请对调",
    )  # fmt: skip
    metres = complete & ((lon.abs() > 360) | (lat.abs() > 360))
    sheet.findings.add(
        frame.index[metres], target.heading("lon"), _point_text(frame[metres]), "projected_coordinates",
        lambda v: f"坐标（{v}）像是以米为单位的投影坐标，不是经纬度；请在制图软件里转换为经纬度后再导入",
    )  # fmt: skip
    inside = lon.between(*LON_RANGE) & lat.between(*LAT_RANGE)
    outside = complete & ~inside & ~swapped & ~metres
    sheet.findings.add(
        frame.index[outside], target.heading("lon"), _point_text(frame[outside]), "out_of_range",
        lambda v: f"坐标（{v}）不在中国范围内；请核对是否少了数字或小数点错位",
    )  # fmt: skip
    if crs is None or geography is None or not inside.any():
        return
    x, y = geography.to_4490(
        lon.where(inside).to_numpy(dtype="float64"), lat.where(inside).to_numpy(dtype="float64"), crs
    )
    frame["lon"], frame["lat"] = lon.where(~inside, np.round(x, 9)), lat.where(~inside, np.round(y, 9))


def _point_text(frame: pd.DataFrame) -> list[str]:
    return [f"{x:g}, {y:g}" for x, y in zip(frame["lon"], frame["lat"], strict=True)]


def _place(sheet: SheetRows, target: Target, code: str, placer: Placer) -> None:
    frame = target.frame
    sound = frame["lon"].between(*LON_RANGE) & frame["lat"].between(*LAT_RANGE)
    points = frame[sound]
    if points.empty:
        return
    x, y = points["lon"].to_numpy(dtype="float64"), points["lat"].to_numpy(dtype="float64")
    within = placer.contains_city(x, y)
    outside = points[~within]
    sheet.findings.add(
        outside.index, target.heading("lon"), _point_text(outside), "outside_city",
        lambda v: f"坐标（{v}）落在本市区划边界之外；请核对坐标，或用 --crs 声明坐标系"
        "（百度为 bd09，高德、腾讯为 gcj02）；确属外地的请删去这一行",
    )  # fmt: skip
    given = frame[code] if code in frame else pd.Series(np.nan, index=frame.index, dtype="str")
    by_point = pd.Series(list(placer.place(x, y)), index=points.index, dtype="str").reindex(frame.index)
    frame[code] = given.where(given.notna(), by_point)


def _report_unplaced(sheet: SheetRows, target: Target, has_shapes: bool) -> None:
    frame = target.frame
    given = frame["area_code"].notna() if "area_code" in frame else pd.Series(False, index=frame.index)
    no_point = ~(frame["lon"].notna() & frame["lat"].notna()) if {"lon", "lat"} <= set(frame) else ~given
    nowhere = ~given & no_point
    sheet.findings.add(
        frame.index[nowhere], target.heading("area_code"), None, "no_place",
        "没有区划代码，也没有坐标，不知道小区在哪里；请补填其中一项",
    )  # fmt: skip
    if not has_shapes:
        waiting = ~given & ~no_point
        sheet.findings.add(
            frame.index[waiting], target.heading("area_code"), None, "no_shapes",
            "没有区划代码，而库中还没有区划边界，无法按坐标判断在哪里；请先导入区划边界（GeoJSON 等），或补填区划代码",
        )  # fmt: skip
