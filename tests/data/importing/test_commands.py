"""The commands: exit status, one JSON document, reasons on standard error, nothing half done."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import Engine, func, select, text

from data.cli import build_app, run
from data.frames import read_current
from data.importing.annotate import annotate
from data.importing.ports import Ports
from data.importing.preview import Options, commit, prepare
from data.schema import TABLES, area_shape, compound, import_refusal
from geo.importing import ImportGeography
from tests.data.importing.files import AREAS, squares, workbook
from tests.data.importing.test_bad_files import compounds, row
from tests.data.importing.test_batches import dump

PORTS = Ports(geography=ImportGeography())


class Shell:
    """Runs commands against one store."""

    def __init__(self, url: str, folder: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.url, self.folder, self.capture = url, folder, capture

    def __call__(self, *words: str) -> tuple[int, str, str]:
        status = run(build_app(PORTS), ["--database", self.url, *words])
        shown = self.capture.readouterr()
        return status, shown.out, shown.err

    def json(self, *words: str) -> tuple[int, Any]:
        status, out, _ = self(*words, "--json")
        return status, json.loads(out)

    def file(self, name: str, content: bytes) -> str:
        path = self.folder / name
        path.write_bytes(content)
        return str(path)


@pytest.fixture
def shell(store: Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(str(store.url), tmp_path, capsys)


def test_a_city_starts_from_its_polygons(shell: Shell, store: Engine) -> None:
    status, document = shell.json("import", shell.file("counties.geojson", squares()), "--city", "9901=云梦市")
    assert status == 0
    assert [(s["sheet"], s["rows"], s["accepted"]) for s in document["files"][0]["sheets"]] == [
        ("counties", 2, 2), ("--city", 1, 1),
    ]  # fmt: skip
    with store.connect() as connection:
        areas = read_current(connection, TABLES["area"]).set_index("code")
        assert connection.scalar(select(func.count()).select_from(area_shape)) == 2
    assert areas["level"].to_dict() == {"990101": "county", "990102": "county", "9901": "city"}
    assert areas["parent_code"].dropna().to_dict() == {"990101": "9901", "990102": "9901"}


def test_points_are_placed_by_polygon_after_conversion(shell: Shell, store: Engine) -> None:
    shell("import", shell.file("counties.geojson", squares()), "--city", "9901=云梦市")
    rows = [
        row(经度=117.05, 纬度=31.05, 所属区划代码=None),
        row(小区编号="X2", 经度=117.1015, 纬度=31.05, 所属区划代码=None),
    ]
    path = shell.file("小区.xlsx", workbook({"小区": compounds(*rows)["小区"]}))
    status, _ = shell.json("import", path, "--crs", "gcj02")
    assert status == 0
    with store.connect() as connection:
        found = read_current(connection, compound).set_index("compound_id")
    # GCJ-02 lies some 500 m to the east here, so the second point is west of the border at 117.1 in truth.
    assert found["area_code"].to_dict() == {"X1": "990101", "X2": "990101"}
    assert found["lon"]["X2"] == pytest.approx(117.1015 - 0.0055, abs=0.001)


def test_a_refused_row_stops_the_batch_and_is_told(shell: Shell, store: Engine) -> None:
    path = shell.file("甲.xlsx", workbook(compounds(row(), row(小区编号="X2", 户数="很多"))))
    before = dump(store)
    status, document = shell.json("import", path)
    assert status == 1
    assert document["batch"] is None
    sheet = document["files"][0]["sheets"][1]
    assert (sheet["table"], sheet["rows"], sheet["accepted"], sheet["refused"]) == ("compound", 2, 1, 1)
    problem = sheet["problems"][0]
    assert {k: problem[k] for k in ("row", "column", "value", "code")} == {
        "row": 3, "column": "户数", "value": "很多", "code": "not_a_number",
    }  # fmt: skip
    assert dump(store) == before
    status, out, err = shell("import", path)
    assert status == 1
    assert "第 3 行" in err
    assert "不是数字" in out


def test_skip_refused_writes_the_rest_and_keeps_the_refused_rows(shell: Shell, store: Engine) -> None:
    path = shell.file("甲.xlsx", workbook(compounds(row(), row(小区编号="X2", 户数="很多"))))
    status, document = shell.json("import", path, "--skip-refused", "--actor", "科员甲")
    assert (status, document["batch"]) == (0, 1)
    with store.connect() as connection:
        kept = connection.execute(select(import_refusal)).mappings().one()
        assert connection.scalar(select(func.count()).select_from(compound)) == 1
    assert kept["source_row"] == 3
    assert kept["row"]["户数"] == "很多"
    assert kept["problems"][0]["code"] == "not_a_number"
    _, listed = shell.json("batches")
    batch = listed["batches"][0]
    assert (batch["actor"], batch["rows"], batch["accepted"], batch["refused"]) == ("科员甲", 5, 4, 1)
    assert len(batch["files"][0]["sha256"]) == 64


def test_a_dry_run_writes_nothing(shell: Shell, store: Engine) -> None:
    before = dump(store)
    status, document = shell.json("import", shell.file("甲.xlsx", workbook(compounds(row()))), "--dry-run")
    assert (status, document["batch"]) == (0, None)
    assert document["files"][0]["sheets"][1]["tables"] == [
        {"table": "compound", "new": 1, "changed": 0, "unchanged": 0}
    ]
    assert dump(store) == before


def test_revert_takes_the_batch_back_and_says_so(shell: Shell, store: Engine) -> None:
    shell("import", shell.file("区划.xlsx", workbook({"区划": AREAS})))
    before = dump(store)
    shell("import", shell.file("小区.xlsx", workbook({"小区": compounds(row())["小区"]})))
    status, document = shell.json("revert", "2")
    assert (status, document["removed"]) == (0, 1)
    assert dump(store) == before
    assert shell("revert", "2")[0] == 1
    status, _, err = shell("revert", "9")
    assert status == 1
    assert "1 到 2" in err
    assert [b["reverted_at"] is None for b in shell.json("batches")[1]["batches"]] == [False, True]


def test_several_files_are_one_batch_or_none(shell: Shell, store: Engine) -> None:
    good = shell.file("区划.xlsx", workbook({"区划": AREAS}))
    bad = shell.file("坏.xlsx", b"")
    status, document = shell.json("import", good, bad, "--skip-refused")
    assert status == 1
    assert document["files"][1]["sheets"][0]["problems"][0]["code"] == "empty"
    assert not any(rows for name, rows in dump(store).items() if name in TABLES)


@pytest.mark.parametrize(
    ("words", "status", "hint"),
    [
        (("import", "没有.xlsx"), 1, "找不到文件"),
        (("import", "x.csv", "--crs", "bd-10"), 2, "bd09"),
        (("import", "x.csv", "--city", "合肥"), 2, "3401=合肥市"),
        (("import", "x.csv", "--mapping", "m.yaml"), 1, "映射文件"),
        (("template", "x.xls"), 2, ".xlsx"),
        (("import",), 2, "files"),
        (("revert", "甲"), 2, "batch"),
    ],
)
def test_wrong_usage_and_missing_files_have_their_exit_status(
    shell: Shell, words: tuple[str, ...], status: int, hint: str
) -> None:
    found, _, err = shell(*words)
    assert found == status
    assert hint in err


def test_a_full_disk_leaves_the_store_as_it_was(shell: Shell, store: Engine) -> None:
    commit(store, prepare(store, [("区划.xlsx", workbook({"区划": AREAS}))]), actor="甲")
    before = dump(store)
    rows = [row(小区编号=f"X{i}", 小区名称="试写苑" * 20) for i in range(3000)]
    preview = prepare(store, [("小区.xlsx", workbook({"小区": compounds(*rows)["小区"]}))])
    with store.connect() as connection:
        pages = connection.scalar(text("PRAGMA page_count"))
        connection.execute(text(f"PRAGMA max_page_count = {pages + 5}"))
        connection.rollback()
    with pytest.raises(Exception, match="磁盘") as refused:
        commit(store, preview, actor="甲")
    assert getattr(refused.value, "code", "") == "disk_full"
    assert dump(store) == before


def test_the_annotated_copy_marks_the_bad_cell_and_keeps_row_numbers(store: Engine, tmp_path: Path) -> None:
    content = workbook(compounds(row(), row(小区编号="X2", 户数="很多"), row(小区编号="=1+1")))
    preview = prepare(store, [("甲.xlsx", content)], Options(skip_refused=True))
    path = tmp_path / "标注.xlsx"
    path.write_bytes(annotate(preview))
    book = openpyxl.load_workbook(path)
    listed = [[c.value for c in r] for r in book["问题"].iter_rows(min_row=2)]
    assert [(r[1], r[2], r[3], r[4]) for r in listed] == [("小区", "3", "户数", "很多")]
    cell = book["小区"].cell(3, 6)
    assert cell.value == "很多"
    assert "不是数字" in cell.comment.text
    assert cell.fill.fgColor.rgb == "FFF3B0B0"
    formula = book["小区"].cell(4, 1)
    assert (formula.value, formula.data_type) == ("=1+1", "s")


def test_migrate_and_template_make_what_they_say(shell: Shell, tmp_path: Path) -> None:
    assert shell.json("migrate")[0] == 0
    path = tmp_path / "模板.xlsx"
    assert shell("template", str(path))[0] == 0
    assert "小区月报" in openpyxl.load_workbook(path).sheetnames
