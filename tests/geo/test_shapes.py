"""Layers from files: what is accepted, what is refused and in which words."""

from __future__ import annotations

import io
import json
import sqlite3
import struct
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from data.errors import GovernanceError, UnknownKeyError, UnreadableFileError, UsageError
from geo.crs import bd09_from_4490
from geo.shapes import frame_to_wkb, read_layer, representative_lon_lat, wkb_to_frame

SQUARE = [[118.0, 30.0], [118.5, 30.0], [118.5, 30.5], [118.0, 30.5], [118.0, 30.0]]
BOW_TIE = [[118.0, 30.0], [118.5, 30.5], [118.5, 30.0], [118.0, 30.5], [118.0, 30.0]]


def geojson(*geometries: Any, crs: str | None = "urn:ogc:def:crs:EPSG::4490", **properties: Any) -> bytes:
    features = [
        {"type": "Feature", "properties": {"code": str(i), "name": f"片区{i}", **properties}, "geometry": g}
        for i, g in enumerate(geometries, start=1)
    ]
    document: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    if crs is not None:
        document["crs"] = {"type": "name", "properties": {"name": crs}}
    return json.dumps(document, ensure_ascii=False).encode()


def polygon(ring: list[list[float]] = SQUARE) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [ring]}


def squares(crs: int | None = 4490) -> gpd.GeoDataFrame:
    boxes = [shapely.box(118.0 + i / 10, 30.0, 118.1 + i / 10, 30.1) for i in range(3)]
    frame = gpd.GeoDataFrame(
        {"code": ["001", "002", "003"], "名称": ["双桥片", "㙍头片", "金坝片"]}, geometry=boxes, crs=4490
    )
    return frame.to_crs(crs) if crs is not None else frame.set_crs(None, allow_override=True)


def zipped(frame: gpd.GeoDataFrame, folder: Path, *, encoding: str = "UTF-8", drop: tuple[str, ...] = ()) -> bytes:
    frame.to_file(folder / "片区.shp", encoding=encoding)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            if path.suffix not in drop:
                archive.write(path, f"导出/{path.name}")
    return buffer.getvalue()


def geopackage(frame: gpd.GeoDataFrame, folder: Path, *layers: str) -> bytes:
    path = folder / "shapes.gpkg"
    for layer in layers or ("片区",):
        frame.to_file(path, layer=layer, driver="GPKG")
    return path.read_bytes()


def refusal(content: bytes | str | Path, **options: Any) -> GovernanceError:
    with pytest.raises(GovernanceError) as caught:
        read_layer(content, name="某文件", **options)
    assert str(caught.value).startswith("某文件：")
    assert caught.value.todo
    return caught.value


# --- what is accepted


@pytest.mark.parametrize("write", [zipped, geopackage], ids=["shapefile", "geopackage"])
@pytest.mark.parametrize("crs", [4490, 4326, 4549, 32650])
def test_the_same_squares_come_back_from_every_container_and_projection(
    write: Callable[..., bytes], crs: int, tmp_path: Path
) -> None:
    layer = read_layer(write(squares(crs), tmp_path))
    assert layer.frame.crs.to_epsg() == 4490
    assert layer.frame["code"].tolist() == ["001", "002", "003"]
    assert layer.frame["名称"].tolist() == ["双桥片", "㙍头片", "金坝片"]
    assert layer.frame.index.tolist() == [1, 2, 3]
    expected = squares().geometry.bounds.to_numpy()
    assert np.allclose(layer.frame.geometry.bounds.to_numpy(), expected, atol=1e-6)
    assert layer.refused == layer.repaired == ()


def test_a_path_and_its_bytes_read_the_same(geography: Path) -> None:
    path = geography / "counties.geojson"
    by_path, by_bytes = read_layer(path), read_layer(path.read_bytes())
    assert by_path.frame.equals(by_bytes.frame)
    assert by_path.frame["district_name"].tolist()[0] == "宣州区"


@pytest.mark.parametrize("encoding", ["UTF-8", "GBK", "GB18030"])
@pytest.mark.parametrize("drop", [(), (".cpg",)], ids=["with cpg", "without cpg"])
def test_the_text_of_a_shapefile_is_right_in_any_usual_encoding(
    encoding: str, drop: tuple[str, ...], tmp_path: Path
) -> None:
    frame = squares() if encoding != "GBK" else squares().replace("㙍头片", "鳌峰片")
    layer = read_layer(zipped(frame, tmp_path, encoding=encoding, drop=drop))
    assert layer.frame["名称"].tolist() == frame["名称"].tolist()


def test_a_declared_shifted_system_wins_over_the_files_label_and_is_converted(tmp_path: Path) -> None:
    shifted = squares()
    shifted["geometry"] = shapely.transform(
        shifted.geometry.to_numpy(), lambda xy: np.column_stack(bd09_from_4490(xy[:, 0], xy[:, 1]))
    )
    content = geopackage(shifted.set_crs(4326, allow_override=True), tmp_path)
    layer = read_layer(content, crs="bd09")
    assert layer.crs == "bd09"
    assert shapely.equals_exact(layer.frame.geometry.to_numpy(), squares().geometry.to_numpy(), tolerance=1e-8).all()


def test_points_are_read_with_their_attributes(geography: Path) -> None:
    layer = read_layer(geography / "street_seats.geojson", kind="point")
    lon, lat = representative_lon_lat(layer.frame)
    assert np.allclose(lon, layer.frame["lon"].astype(float))
    assert np.allclose(lat, layer.frame["lat"].astype(float))


def test_a_representative_point_lies_in_its_polygon(counties: gpd.GeoDataFrame) -> None:
    lon, lat = representative_lon_lat(counties)
    assert shapely.contains_xy(counties.geometry.to_numpy(), lon, lat).all()


def test_the_id_of_a_feature_becomes_a_column_where_its_properties_have_none() -> None:
    document = json.loads(geojson(polygon()))
    document["features"][0]["id"] = "341802"
    assert read_layer(json.dumps(document).encode()).frame["id"].tolist() == ["341802"]


def test_heights_are_dropped_and_single_multipoints_become_points() -> None:
    content = geojson({"type": "MultiPoint", "coordinates": [[118.0, 30.0, 45.0]]})
    point = read_layer(content, kind="point").frame.geometry.iloc[0]
    assert point.geom_type == "Point"
    assert not point.has_z


def test_a_self_intersection_is_repaired_and_reported() -> None:
    layer = read_layer(geojson(polygon(), polygon(BOW_TIE)))
    assert [(p.row, p.label, p.code) for p in layer.repaired] == [(2, "片区2", "repaired")]
    assert "自相交" in str(layer.repaired[0])
    assert layer.frame.geometry.is_valid.all()
    assert layer.frame.geometry.iloc[1].area == pytest.approx(0.125)


# --- what is refused feature by feature


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        (None, "empty_geometry"),
        ({"type": "Polygon", "coordinates": []}, "empty_geometry"),
        ({"type": "Polygon", "coordinates": "x"}, "empty_geometry"),
        ({"type": "Polygon", "coordinates": [[[118, 30], [118.1, 30], [118.2, 30], [118, 30]]]}, "empty_geometry"),
        ({"type": "Point", "coordinates": [118.0, 30.0]}, "geometry_kind"),
        ({"type": "LineString", "coordinates": [[118.0, 30.0], [118.1, 30.0]]}, "geometry_kind"),
        (polygon([[y, x] for x, y in SQUARE]), "swapped"),
        (polygon([[x * 1e5, y * 1e5] for x, y in SQUARE]), "metres"),
        (polygon([[x - 100, y] for x, y in SQUARE]), "not_china"),
    ],
)
def test_a_feature_that_cannot_be_used_is_named_and_the_others_are_kept(geometry: Any, code: str) -> None:
    layer = read_layer(geojson(polygon(), geometry))
    assert layer.frame["code"].tolist() == ["1"]
    assert [(p.row, p.label, p.code) for p in layer.refused] == [(2, "片区2", code)]
    with pytest.raises(UnreadableFileError, match="片区2") as caught:
        layer.require_all(where="某文件")
    assert caught.value.code == "bad_features"


def test_a_layer_without_refusals_passes_as_it_is() -> None:
    layer = read_layer(geojson(polygon()))
    assert layer.require_all() is layer.frame


@pytest.mark.parametrize(
    ("geometry", "code", "word"),
    [
        (polygon([[y, x] for x, y in SQUARE]), "swapped", "写反"),
        (polygon([[x * 1e5, y * 1e5] for x, y in SQUARE]), "metres", "投影"),
        ({"type": "Point", "coordinates": [118.0, 30.0]}, "geometry_kind", "需要面"),
        (None, "empty_geometry", "没有图形"),
    ],
)
def test_a_fault_all_features_share_refuses_the_file_once(geometry: Any, code: str, word: str) -> None:
    error = refusal(geojson(geometry, geometry))
    assert error.code == code
    assert word in str(error)


# --- coordinate systems


def test_a_file_that_says_no_system_asks_for_one_and_takes_it() -> None:
    content = geojson(polygon(), crs=None)
    error = refusal(content)
    assert error.code == "no_crs"
    assert "bd09" in str(error)
    assert read_layer(content, crs="epsg:4490").frame.geometry.iloc[0].bounds == (118.0, 30.0, 118.5, 30.5)


def test_a_shapefile_without_prj_asks_for_a_system(tmp_path: Path) -> None:
    content = zipped(squares(), tmp_path, drop=(".prj",))
    assert refusal(content).code == "no_crs"
    assert read_layer(content, crs="epsg:4490").frame["code"].tolist() == ["001", "002", "003"]


@pytest.mark.parametrize("crs", [4610, 4214, 2385])
def test_a_datum_whose_shift_is_not_public_is_refused(crs: int, tmp_path: Path) -> None:
    error = refusal(geopackage(squares().set_crs(crs, allow_override=True), tmp_path))
    assert error.code == "unsupported_datum"


def test_declaring_degrees_for_a_projected_file_is_refused(tmp_path: Path) -> None:
    assert refusal(zipped(squares(4549), tmp_path), crs="epsg:4490").code == "crs_conflict"


@pytest.mark.parametrize(
    "name", ["urn:ogc:def:crs:EPSG::999999", "http://example.org/crs", "/etc/crs.wkt", "+proj=longlat", ""]
)
def test_a_system_the_file_names_is_looked_up_only_by_authority_code(name: str) -> None:
    assert refusal(geojson(polygon(), crs=name)).code == "unknown_crs"


@pytest.mark.parametrize("name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "gcj02"])
def test_the_usual_names_of_a_system_in_geojson_are_understood(name: str) -> None:
    found = read_layer(geojson(polygon(), crs=name)).frame.geometry.iloc[0].bounds[0]
    assert found == pytest.approx(118.0, abs=0.01)
    assert (found == 118.0) == (name != "gcj02")


# --- bad files


def zip_of(**members: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return buffer.getvalue()


def with_false_size(archive: bytes, size: int) -> bytes:
    """A zip whose directory claims that its first member inflates to `size` bytes."""
    at = archive.index(b"PK\x01\x02") + 24
    return archive[:at] + struct.pack("<I", size) + archive[at + 4 :]


def with_password_bit(archive: bytes) -> bytes:
    at = archive.index(b"PK\x01\x02") + 8
    return archive[:at] + b"\x01\x00" + archive[at + 2 :]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n", "unknown_format"),
        (b"code,name\n1,a\n", "unknown_format"),
        (b'<OGRVRTDataSource><OGRVRTLayer name="x"/></OGRVRTDataSource>', "external_reference"),
        (b'{"type": "FeatureCollection", "features": [', "corrupt"),
        (b'{"type": "Topology", "objects": {}}', "corrupt"),
        (b'{"type": "FeatureCollection", "features": {}}', "corrupt"),
        (b'{"type": "FeatureCollection", "features": [1]}', "corrupt"),
        (b'{"type": "FeatureCollection", "features": []}', "no_features"),
        (b'{"type": "Feature", "geometry": {"type": "Point", "coordinates": [NaN, 1]}}', "corrupt"),
        (b'{"a":' + b"[" * 100_000, "corrupt"),
        ("{}".encode("utf-16"), "unknown_format"),
        (b"PK\x03\x04 torn", "corrupt"),
        (zip_of(readme__txt=b"hello"), "incomplete_shapefile"),
        (zip_of(a__shp=b"x", a__dbf=b"x"), "incomplete_shapefile"),
        (zip_of(a__shp=b"x", a__dbf=b"x", a__shx=b"x"), "corrupt"),
        (zip_of(a__shp=b"", b__shp=b""), "several_layers"),
        (zip_of(a__vrt=b"<OGRVRTDataSource/>", a__shp=b"x"), "external_reference"),
        (with_false_size(zip_of(a__shp=b"x"), 3_000_000_000), "too_large"),
        (with_password_bit(zip_of(a__shp=b"x")), "encrypted"),
        (b"SQLite format 3\0".ljust(68, b"\0") + b"GPKG" + b"\0" * 500, "corrupt"),
    ],
)
def test_each_bad_file_is_refused_in_its_own_words(content: bytes, code: str) -> None:
    error = refusal(content)
    assert isinstance(error, UnreadableFileError)
    assert error.code == code


@pytest.mark.parametrize(
    "source", ["/vsicurl/http://example.org/a.geojson", "https://example.org/a.zip", "vsizip/a.zip", "/vsimem/a"]
)
def test_an_address_is_never_opened(source: str) -> None:
    assert refusal(source).code == "external_reference"


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.geojson").code == "no_file"


def test_a_file_above_the_limit_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.geojson"
    path.write_bytes(geojson(polygon()))
    assert refusal(path, max_bytes=100).code == "too_large"
    assert refusal(path.read_bytes(), max_bytes=100).code == "too_large"


def test_a_bomb_is_refused_by_its_header() -> None:
    bomb = zip_of(a__shp=b"\0" * 8_000_000, a__dbf=b"x", a__shx=b"x")
    assert len(bomb) < 20_000
    assert refusal(bomb, max_bytes=100_000).code == "too_large"


def test_a_zip_cut_in_half_is_corrupt(tmp_path: Path) -> None:
    content = zipped(squares(), tmp_path)
    assert refusal(content[: len(content) // 2]).code == "corrupt"


def test_a_shapefile_cut_in_half_inside_a_sound_zip_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(zipped(squares(), tmp_path))) as archive:
        parts = {f"a.{n.rsplit('.', 1)[1]}": archive.read(n) for n in archive.namelist()}
    parts["a.shp"] = parts["a.shp"][:60]
    assert refusal(zip_of(**parts)).code in {"corrupt", "empty_geometry"}


def test_a_geopackage_with_a_linked_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "linked.gpkg"
    path.write_bytes(geopackage(squares(), tmp_path))
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE VIRTUAL TABLE elsewhere USING fts4(body)")
        db.commit()
    assert refusal(path).code == "external_reference"


def test_a_geopackage_whose_layer_is_a_view_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "view.gpkg"
    path.write_bytes(geopackage(squares(), tmp_path))
    with closing(sqlite3.connect(path)) as db:
        db.execute('ALTER TABLE "片区" RENAME TO hidden')
        db.execute('CREATE VIEW "片区" AS SELECT * FROM hidden')
        db.execute("UPDATE gpkg_contents SET table_name = '片区'")
        db.commit()
    assert refusal(path).code == "external_reference"


def test_several_layers_are_listed_and_one_can_be_named(tmp_path: Path) -> None:
    content = geopackage(squares(), tmp_path, "街道", "社区")
    error = refusal(content)
    assert error.code == "several_layers"
    assert "社区、街道" in str(error)
    assert len(read_layer(content, layer="社区").frame) == 3
    with pytest.raises(UnknownKeyError, match="社区"):
        read_layer(content, layer="社区2")


def test_a_geopackage_of_plain_tables_has_no_features(tmp_path: Path) -> None:
    path = tmp_path / "plain.gpkg"
    path.write_bytes(geopackage(squares(), tmp_path))
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE gpkg_contents SET data_type = 'attributes'")
        db.commit()
    assert refusal(path).code == "no_features"


# --- the form in the store


def test_shapes_survive_the_store_bit_for_bit(counties: gpd.GeoDataFrame) -> None:
    table = frame_to_wkb(counties[["code", "geometry"]])
    assert all(isinstance(b, bytes) for b in table["geometry"])
    back = wkb_to_frame(table)
    assert back.crs.to_epsg() == 4490
    assert shapely.equals_identical(back.geometry.to_numpy(), counties.geometry.to_numpy()).all()
    assert frame_to_wkb(back)["geometry"].tolist() == table["geometry"].tolist()


def test_an_empty_set_of_shapes_survives_the_store() -> None:
    empty = gpd.GeoDataFrame({"code": []}, geometry=[], crs=4490)
    assert wkb_to_frame(frame_to_wkb(empty)).empty


def test_shapes_in_another_system_do_not_enter_the_store() -> None:
    with pytest.raises(UsageError) as caught:
        frame_to_wkb(squares(4549))
    assert caught.value.code == "wrong_crs"


def test_bytes_that_are_not_wkb_are_reported_as_damage() -> None:
    with pytest.raises(UnreadableFileError) as caught:
        wkb_to_frame(pd.DataFrame({"code": ["1"], "geometry": [b"nonsense"]}))
    assert caught.value.code == "corrupt"
