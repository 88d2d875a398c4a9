"""Layers of shapes as sheets: polygons are areas and their borders, points are compounds, companies or sites."""

from __future__ import annotations

from collections.abc import Mapping as Dict

import numpy as np
import pandas as pd

from data.errors import GovernanceError, UsageError
from data.importing.grid import Grid
from data.importing.headings import SheetRefusedError, normal, refuse_personal
from data.importing.mapping import Mapping, read_mapped
from data.importing.native import form_named, heading_words, typed_target
from data.importing.places import LEVEL_BY_LENGTH
from data.importing.ports import Layer, Ports
from data.importing.problems import Findings, Problem
from data.importing.rows import SheetRows, Target
from data.schema import TABLES, area, area_shape

# Names that published layers use for our columns.
_PUBLISHED = {"adcode": "code", "name_zh": "name", "parent": "parent_code", "schematic": "is_schematic"}


def read_shapes(
    file: int, name: str, content: bytes, table: str | None, mapping: Mapping | None, crs: str | None, ports: Ports
) -> list[SheetRows]:
    """The layer of a file of shapes as one sheet.

    Raises:
        UnreadableFileError: the file cannot be used. UsageError: the importer was started without geography.
    """
    if ports.geography is None:
        raise UsageError("这里不能导入地图文件", where=name, todo="请用 python -m data import", code="no_geography")
    layer = ports.geography.read(name, content, crs=crs)
    findings = Findings(layer.name)
    for row, code, message in layer.refused:
        findings.add([row], "geometry", None, code, message)
    try:
        refuse_personal(layer.attributes.columns)
        if mapping is not None:
            sheet = _mapped(file, layer, mapping)
        elif layer.is_areas:
            sheet = _areas(file, layer, findings, table)
        else:
            sheet = _points(file, layer, findings, table)
    except SheetRefusedError as refusal:
        findings.problems.append(Problem(layer.name, None, refusal.column, refusal.value, refusal.code, str(refusal)))
        return [SheetRows(file, layer.name, pd.DataFrame(), findings, refused_whole=True)]
    lost = [row for row, *_ in layer.refused if row not in sheet.raw.index]
    sheet.raw = pd.concat([sheet.raw, pd.DataFrame(index=pd.Index(lost, dtype="int64"))]).sort_index()
    sheet.crs = "epsg:4490"
    return [sheet]


def _columns(layer: Layer, words: Dict[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for heading in layer.attributes.columns:
        what = words.get(normal(str(heading)))
        if what and what not in found.values():
            found[str(heading)] = what
    return found


def _areas(file: int, layer: Layer, findings: Findings, table: str | None) -> SheetRows:
    if table is not None and form_named(table) not in (area, area_shape):
        raise SheetRefusedError(
            f"多边形只能导入为区划或区划边界，不能是“{table}”", todo="请去掉 --table", code="wrong_geometry"
        )
    cells = layer.attributes
    words = {**_PUBLISHED, **heading_words(area)}
    columns = _columns(layer, words)
    shape_columns = _columns(layer, {**_PUBLISHED, **heading_words(area_shape)})
    by_column = {c: h for h, c in columns.items()}
    if "code" not in by_column:
        raise SheetRefusedError(
            "图层没有区划代码", why=f"属性列只有 {'、'.join(map(str, cells.columns))}",
            todo="请把代码列命名为 code 或“区划代码”，或配一个映射文件", code="missing_column",
        )  # fmt: skip
    sheet = SheetRows(file, layer.name, cells, findings, heading_row=0)
    names_areas = "name" in by_column and (table is None or form_named(table) is area)
    if names_areas:
        cells = cells.copy()
        if "level" not in by_column:
            lengths = cells[by_column["code"]].astype("str").str.strip().str.len()
            cells["level"] = lengths.map({n: lv.value for n, lv in LEVEL_BY_LENGTH.items()}).astype("str")
            columns["level"] = "level"
        sheet.targets.append(typed_target(area, cells, columns, findings))
    shapes = typed_target(area_shape, cells, shape_columns, findings)
    shapes.frame["geometry"] = pd.Series(list(layer.geometry), index=cells.index, dtype=object)
    sheet.targets.append(shapes)
    used = set(columns if names_areas else ()) | set(shape_columns)
    sheet.ignored = [str(h) for h in layer.attributes.columns if h not in used]
    return sheet


def _points(file: int, layer: Layer, findings: Findings, table: str | None) -> SheetRows:
    form = form_named(table or "compound")
    tables = (TABLES["compound"], TABLES["company"])
    if form not in tables:
        raise SheetRefusedError(
            "点图层只能导入为小区或物业企业", todo="请用 --table compound 或 --table company", code="wrong_geometry"
        )
    target_table = TABLES["company"] if form is TABLES["company"] else TABLES["compound"]
    columns = {h: c for h, c in _columns(layer, heading_words(target_table)).items() if c not in {"lon", "lat"}}
    key = target_table.info["key"][0]
    if not {key, "name"} <= set(columns.values()):
        raise SheetRefusedError(
            "图层缺少编号或名称列", why=f"属性列只有 {'、'.join(map(str, layer.attributes.columns))}",
            todo="请按模板命名属性列，或配一个映射文件", code="missing_column",
        )  # fmt: skip
    target = typed_target(target_table, layer.attributes, columns, findings)
    _set_points(target, layer)
    sheet = SheetRows(file, layer.name, layer.attributes, findings, [target], heading_row=0)
    sheet.ignored = [str(h) for h in layer.attributes.columns if h not in columns]
    return sheet


def _set_points(target: Target, layer: Layer) -> None:
    at = pd.DataFrame({"lon": layer.lon, "lat": layer.lat}, index=layer.attributes.index).reindex(target.frame.index)
    target.frame["lon"], target.frame["lat"] = np.round(at["lon"], 9), np.round(at["lat"], 9)


def _mapped(file: int, layer: Layer, mapping: Mapping) -> SheetRows:
    head = pd.DataFrame([[str(c) for c in layer.attributes.columns]], columns=range(layer.attributes.shape[1]))
    body = layer.attributes.set_axis(range(layer.attributes.shape[1]), axis=1)
    numbers = layer.attributes.index
    sheet = read_mapped(file, Grid(layer.name, pd.concat([head, body], ignore_index=True)), mapping)
    # A feature is called by its number in the layer, not by a row under a heading.
    renumber = dict(zip(range(2, len(numbers) + 2), numbers, strict=True))
    sheet.raw.index = sheet.raw.index.map(renumber)
    sheet.findings.refused = {renumber[r] for r in sheet.findings.refused}
    sheet.findings.problems = [
        Problem(p.sheet, None if p.row is None else renumber[p.row], p.column, p.value, p.code, p.message)
        for p in sheet.findings.problems
    ]
    geometry = pd.Series(list(layer.geometry), index=numbers, dtype=object)
    for target in sheet.targets:
        target.frame.index = target.frame.index.map(renumber)
        if target.table is area_shape:
            target.frame["geometry"] = geometry.reindex(target.frame.index)
        elif {"lon", "lat"} <= set(target.table.c.keys()) and not layer.is_areas:
            _set_points(target, layer)
    for row, code, message in layer.refused:
        sheet.findings.add([row], "geometry", None, code, message)
    if layer.is_areas and not any(t.table is area_shape for t in sheet.targets):
        raise GovernanceError(
            "映射没有用到图层的多边形", where=layer.name, todo="请在映射里加上 area_shape 表", code="bad_mapping"
        )
    return sheet
