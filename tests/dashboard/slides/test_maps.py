"""Maps become named freeforms: one an area, with its class, its value and its hatch."""

from __future__ import annotations

import io
from typing import Any

import pytest
from power_pptx.validation import iter_schema_violations
from pptx import Presentation

from dashboard.figures.canvas import canvas
from dashboard.figures.choropleth import frame_of
from dashboard.slides import Placed, to_bytes
from tests.dashboard.slides.decks import INK, STAMP, on_slide, shapes_of

SQUARE = [[118.0, 30.0], [118.0, 31.0], [119.0, 31.0], [119.0, 30.0], [118.0, 30.0]]
HOLE = [[118.4, 30.4], [118.6, 30.4], [118.6, 30.6], [118.4, 30.6], [118.4, 30.4]]


def area(code: str, name: str, rings: list[Any]) -> dict[str, Any]:
    geometry = {"type": "Polygon", "coordinates": rings}
    return {"type": "Feature", "id": code, "properties": {"name": name}, "geometry": geometry}


def moved(by: float) -> list[list[float]]:
    return [[x + by, y] for x, y in SQUARE]


def figure() -> dict[str, Any]:
    """Three areas: two with values in two classes, one hatched; two compounds; a legend."""
    features = [area("1", "甲街道", [SQUARE, HOLE]), area("2", "乙镇", [moved(1)]), area("3", "丙乡", [moved(2)])]
    shapes = {"type": "FeatureCollection", "features": features}
    line = {"line": {"color": INK.line, "width": 1}}
    scale = [[0, "#d9776c"], [0.5, "#d9776c"], [0.5, "#9fc3b2"], [1, "#9fc3b2"]]
    key = {"type": "scattergeo", "mode": "markers", "lon": [None], "lat": [None], "legendgroup": "classes"}
    traces = [
        {"type": "choropleth", "geojson": shapes, "locations": ["1", "2", "3"], "z": [0, 0, 0], "marker": line,
         "colorscale": [[0, INK.card], [1, INK.card]], "text": ["<b>甲街道</b><br>72.0%", "<b>乙镇</b><br>55.0%", "<b>丙乡</b><br>未上报"], "showlegend": False},
        {"type": "choropleth", "geojson": shapes, "locations": ["1", "2"], "z": [72.0, 55.0], "zmin": 40, "zmax": 80, "colorscale": scale,
         "text": ["<b>甲街道</b><br>72.0%", "<b>乙镇</b><br>55.0%"], "marker": line, "showlegend": False,
         "meta": {"indicator": "satisfaction", "by": "street", "field": "value", "groups": ["1", "2"]}},
        {"type": "scattergeo", "mode": "lines", "lon": [120.1, 120.9, None], "lat": [30.1, 30.9, None], "showlegend": False},
        {"type": "scattergeo", "mode": "markers", "lon": [118.2, 200.0], "lat": [30.2, 30.2], "name": "红", "text": ["<b>小区甲</b>", "<b>远方</b>"],
         "marker": {"symbol": "diamond", "color": INK.alert, "size": 6}, "legendrank": 2000},
        key | {"name": "≥60%", "marker": {"color": "#9fc3b2"}, "legendrank": 1000},
        key | {"name": "<60%", "marker": {"color": "#d9776c"}, "legendrank": 1001},
        key | {"name": "未上报", "mode": "lines", "legendrank": 1002},
    ]  # fmt: skip
    return canvas(traces, INK, geo=frame_of((118.0, 30.0, 121.0, 31.0)), showlegend=True, legend={"orientation": "v"})


@pytest.fixture(scope="module")
def made() -> tuple[bytes, Placed]:
    presentation = Presentation()
    placed = on_slide(presentation, figure(), "地图", note="示意分区 · 审图号：皖S(2026)1号")
    return to_bytes(presentation, STAMP), placed


def found(content: bytes) -> dict[str, Any]:
    return {shape.name: shape._element for shape in shapes_of(Presentation(io.BytesIO(content)).slides[0].shapes)}


def test_a_map_is_sound_and_one_group(made: tuple[bytes, Placed]) -> None:
    assert made[1].way == "map"
    assert list(iter_schema_violations(made[0])) == []
    assert [shape.name for shape in Presentation(io.BytesIO(made[0])).slides[0].shapes] == ["地图"]


def test_each_area_is_a_freeform_in_the_colour_of_its_class(made: tuple[bytes, Placed]) -> None:
    shapes = found(made[0])
    fills = {
        name: shapes[name].xpath("./p:spPr/a:solidFill/a:srgbClr/@val") for name in ("甲街道 1", "乙镇 2", "丙乡 3")
    }
    assert fills == {"甲街道 1": ["9FC3B2"], "乙镇 2": ["D9776C"], "丙乡 3": []}
    assert shapes["甲街道 1"].xpath("./*/p:cNvPr/@descr") == ["甲街道 · 72.0% · ≥60%"]
    assert shapes["丙乡 3"].xpath("./p:spPr/a:pattFill/@prst") == ["wdUpDiag"]


def test_the_manifest_knows_class_and_value_of_each_area(made: tuple[bytes, Placed]) -> None:
    known = [
        (entry["code"], entry["class"], entry["value"], entry.get("indicator")) for entry in made[1].detail["areas"]
    ]
    assert known == [
        ("1", "≥60%", 72.0, "satisfaction"),
        ("2", "<60%", 55.0, "satisfaction"),
        ("3", "未上报", None, None),
    ]


def test_a_hole_is_wound_against_its_outline_in_the_same_path(made: tuple[bytes, Placed]) -> None:
    paths = found(made[0])["甲街道 1"].xpath(".//a:path")
    assert len(paths) == 1
    rings: list[list[tuple[int, int]]] = []
    for step in paths[0]:
        if step.tag.endswith("moveTo"):
            rings.append([])
        rings[-1] += [(int(point.get("x")), int(point.get("y"))) for point in step]
    turns = [
        sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1], strict=True)) > 0 for ring in rings
    ]
    assert len(turns) == 2
    assert turns[0] != turns[1]


def test_points_are_named_and_those_off_the_map_are_left_out(made: tuple[bytes, Placed]) -> None:
    shapes = found(made[0])
    assert shapes["小区甲"].xpath("./p:spPr/a:prstGeom/@prst") == ["diamond"]
    assert "远方" not in shapes


def test_the_notice_and_the_classes_stand_beside_the_map(made: tuple[bytes, Placed]) -> None:
    texts = {"".join(shape.xpath(".//a:t/text()")) for shape in found(made[0]).values() if shape.tag.endswith("}sp")}
    assert {"示意分区 · 审图号：皖S(2026)1号", "≥60%", "<60%", "未上报", "红"} <= texts


def test_a_map_whose_shapes_are_gone_becomes_a_table() -> None:
    drawn = figure()
    for trace in drawn["data"][:2]:
        trace["geojson"] = "/geo/0000000000000000/street.json"
    placed = on_slide(Presentation(), drawn)
    assert placed.way == "data_table"
    assert "地图" in placed.why
