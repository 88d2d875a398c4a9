"""Files for the importer's tests, built of invented rows."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import xlsxwriter
from numpy.typing import NDArray

from data.importing.ports import Floats, Layer

AREAS = [("区划代码", "区划名称", "层级", "上级代码"), ("9901", "云梦市", "市", None), ("990101", "甲区", "县区", "9901"),
         ("990102", "乙区", "县区", "9901")]  # fmt: skip


def workbook(sheets: dict[str, Sequence[Sequence[Any]]], **options: Any) -> bytes:
    """An xlsx of the rows given; `=…` is a formula only where the cell is a tuple (formula, cached value)."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "default_date_format": "yyyy-mm-dd", **options}
    ) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for r, row in enumerate(rows):
                for c, value in enumerate(row):
                    if isinstance(value, tuple):
                        sheet.write_formula(r, c, value[0], None, value[1])
                    elif value is not None:
                        sheet.write(r, c, value)
    return target.getvalue()


def merged_workbook(name: str, rows: Sequence[Sequence[Any]], merges: Sequence[tuple[int, int, int, int]]) -> bytes:
    """An xlsx in which ranges are merged after the cells are written."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet(name)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if value is not None:
                    sheet.write(r, c, value)
        for r1, c1, r2, c2 in merges:
            sheet.merge_range(r1, c1, r2, c2, rows[r1][c1])
    return target.getvalue()


def csv_bytes(rows: Sequence[Sequence[Any]], *, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """A csv of the rows given."""
    text = pd.DataFrame(rows).to_csv(index=False, header=False, sep=delimiter)
    return text.encode(encoding)


def with_part(book: bytes, name: str, content: bytes) -> bytes:
    """The workbook with a part of the zip added or replaced."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.namelist():
            if item != name:
                new.writestr(item, old.read(item))
        new.writestr(name, content)
    return target.getvalue()


def part_of(book: bytes, name: str) -> bytes:
    """One part of a workbook."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return archive.read(name)


def squares() -> bytes:
    """GeoJSON of the two counties: squares of a tenth of a degree, side by side from 117.0, 31.0."""
    features = [
        {
            "type": "Feature", "properties": {"code": code, "name": name, "源": "虚构"},
            "geometry": {"type": "Polygon", "coordinates": [
                [[x, 31.0], [x, 31.1], [x + 0.1, 31.1], [x + 0.1, 31.0], [x, 31.0]]
            ]},
        }
        for code, name, x in (("990101", "甲区", 117.0), ("990102", "乙区", 117.1))
    ]  # fmt: skip
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4490"}}
    return json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}).encode()


class Squares:
    """A geography that knows the two square counties and one made-up system, `shifted`, a degree to the east."""

    def to_4490(self, lon: Floats, lat: Floats, crs: str) -> tuple[Floats, Floats]:
        return (lon - 1.0, lat) if crs == "shifted" else (lon, lat)

    def read(self, name: str, content: bytes, *, crs: str | None) -> Layer:
        features = json.loads(content)["features"]
        rows = pd.DataFrame([f["properties"] for f in features], dtype="str")
        rows.index = pd.RangeIndex(1, len(rows) + 1)
        nowhere = np.full(len(rows), np.nan)
        wkb = [json.dumps(f["geometry"]).encode() for f in features]
        return Layer(name, rows, wkb, True, nowhere, nowhere, [])

    def placer(self, areas: pd.DataFrame, shapes: pd.DataFrame) -> Squares:
        return self

    def place(self, lon: Floats, lat: Floats) -> list[str | None]:
        inside = self.contains_city(lon, lat)
        return [("990101" if x < 117.1 else "990102") if i else None for x, i in zip(lon, inside, strict=True)]

    def contains_city(self, lon: Floats, lat: Floats) -> NDArray[np.bool_]:
        return np.asarray((lon >= 117.0) & (lon <= 117.2) & (lat >= 31.0) & (lat <= 31.1))
