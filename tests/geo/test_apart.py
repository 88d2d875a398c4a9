"""Files of shapes are read in a process of their own: the same layer, the same refusals, and limits that hold."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely

from data.errors import UnreadableFileError, UsageError
from data.importing import apart
from data.importing.apart import Limits, parse_apart
from geo.importing import ImportGeography
from geo.travelling import document_of, layer_of
from tests.data.importing.files import squares


def points() -> bytes:
    features = [
        {"type": "Feature", "properties": {"id": i, "名称": "试写苑", "flag": True, "none": None},
         "geometry": {"type": "Point", "coordinates": [117.0 + i / 100, 31.05]}}
        for i in range(3)
    ]  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def test_a_layer_arrives_from_the_other_process_as_it_is_read_in_this_one() -> None:
    for content in (squares(), points()):
        far = ImportGeography().read("图.geojson", content, crs="epsg:4490")
        near = layer_of(document_of("图.geojson", content, "epsg:4490"), "图.geojson")
        assert far.attributes.equals(near.attributes)
        assert list(far.geometry) == list(near.geometry)
        assert (far.name, far.is_areas, far.refused) == (near.name, near.is_areas, near.refused)
        np.testing.assert_array_equal(far.lon, near.lon)
        np.testing.assert_array_equal(far.lat, near.lat)
    assert far.attributes.loc[2].tolist()[:3] == ["1", "试写苑", "是"]
    assert far.lon.tolist() == [117.0, 117.01, 117.02]


def test_a_geopackage_is_read_apart(tmp_path: Path) -> None:
    frame = geopandas.GeoDataFrame(
        {"code": ["990101"], "name": ["甲区"]}, geometry=[shapely.box(117, 31, 117.1, 31.1)], crs=4490
    )
    path = tmp_path / "areas.gpkg"
    frame.to_file(path)
    found = ImportGeography().read("areas.gpkg", path.read_bytes(), crs=None)
    assert found.attributes["code"].tolist() == ["990101"]
    assert shapely.from_wkb(found.geometry[0]).area == pytest.approx(0.01)


def test_refusals_cross_over_whole() -> None:
    with pytest.raises(UnreadableFileError) as refused:
        ImportGeography().read("图.geojson", b'{"type": "FeatureCollection", "features": [', crs=None)
    assert refused.value.code == "corrupt"
    assert refused.value.todo
    with pytest.raises(UsageError):
        ImportGeography().read("图.geojson", squares(), crs="epsg:nonsense")


def test_a_layer_that_needs_too_much_memory_is_refused_and_this_process_lives() -> None:
    with pytest.raises(UnreadableFileError) as refused:
        ImportGeography(Limits(memory_bytes=120 * 2**20)).read("图.geojson", squares(), crs=None)
    assert refused.value.code == "too_large"


def test_a_child_is_given_neither_the_store_nor_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_DATABASE_URL", "postgresql://u:secret@h/x")
    monkeypatch.setenv("DASHBOARD_SECRET_KEY", "k" * 40)
    script = tmp_path / "tell.py"
    script.write_text("import json, os, sys; json.dump(dict(os.environ), open(sys.argv[2], 'w'))")
    found = parse_apart(script, "甲.xlsx", b"x", Limits())
    assert found["OPENBLAS_NUM_THREADS"] == "1"
    assert "secret" not in json.dumps(found)
    assert not [name for name in found if name.startswith("DASHBOARD")]


@pytest.mark.parametrize("ending", ["import os; os._exit(9)", "open(__import__('sys').argv[2], 'w').write('{\"a\": ')"])
def test_a_child_that_ends_without_an_answer_is_a_refusal(tmp_path: Path, ending: str) -> None:
    script = tmp_path / "end.py"
    script.write_text(ending)
    with pytest.raises(UnreadableFileError) as refused:
        parse_apart(script, "甲.xlsx", b"x", Limits())
    assert refused.value.code == "too_large"


def test_a_child_that_sleeps_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(command: list[str], *, timeout: float, **options: object) -> None:
        raise apart.subprocess.TimeoutExpired(command, timeout)

    monkeypatch.setattr(apart.subprocess, "run", never)
    with pytest.raises(UnreadableFileError) as refused:
        parse_apart(tmp_path / "any.py", "甲.xlsx", b"x", Limits())
    assert refused.value.code == "too_large"
