"""Uploads are checked and imported beside the page: once, whole, and with words for whatever a file holds."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import Engine, func, select

from dashboard.import_desk import COMMITTING, REPORT, STATE, Choices, ImportDesk, Phase
from dashboard.uploads import UploadGoneError, Uploads
from data.importing.ports import Ports
from data.schema import area, compound, import_batch
from geo.importing import ImportGeography
from tests.data.importing.files import AREAS, csv_bytes, workbook

COMPOUNDS = [("小区编号", "小区名称", "所属区划代码"), ("C1", "甲一", "990101"), ("C2", "甲二", "990101")]
BAD = [*COMPOUNDS, ("C3", "甲三", "990109"), ("C4", None, "990101")]


@pytest.fixture
def desk(store: Engine, tmp_path: Path) -> ImportDesk:
    """A desk that finishes its work before it answers."""
    return ImportDesk(
        Uploads(tmp_path / "uploads"), lambda: store, Ports(geography=ImportGeography()), run=lambda work: work()
    )


def send(desk: ImportDesk, content: bytes, name: str = "book.xlsx") -> str:
    return desk.uploads.keep([(name, io.BytesIO(content))])


def rows(store: Engine, table: object = compound) -> int:
    with store.connect() as connection:
        return int(connection.scalar(select(func.count()).select_from(table)) or 0)  # type: ignore[arg-type]


def test_a_sound_workbook_is_checked_without_writing_and_then_written_once(desk: ImportDesk, store: Engine) -> None:
    token = send(desk, workbook({"区划": AREAS, "小区": COMPOUNDS}))
    assert desk.progress(token).phase is Phase.RECEIVED
    desk.check(token, Choices())
    report = desk.report(token)
    assert desk.progress(token).phase is Phase.CHECKED
    assert report is not None
    assert report["can_commit"]
    assert (report["rows"], report["accepted"], report["refused"], report["problems_total"]) == (5, 5, 0, 0)
    assert {c["table"]: c["added"] for c in report["changes"]} == {"area": 3, "compound": 2}
    assert rows(store, area) == 0
    assert desk.commit(token, skip_refused=False, actor="tester")
    assert desk.progress(token) == replace(desk.progress(token), phase=Phase.COMMITTED, batch=1)
    assert not desk.commit(token, skip_refused=False, actor="tester")
    assert (rows(store), rows(store, import_batch)) == (2, 1)


def test_a_second_click_while_the_first_is_at_work_imports_nothing(store: Engine, tmp_path: Path) -> None:
    waiting: list[Callable[[], None]] = []
    desk = ImportDesk(Uploads(tmp_path), lambda: store, Ports(), run=waiting.append)
    token = send(desk, workbook({"区划": AREAS}))
    desk.check(token, Choices())
    waiting.pop()()
    assert desk.commit(token, skip_refused=False, actor="tester")
    assert desk.progress(token).phase is Phase.COMMITTING
    assert not desk.commit(token, skip_refused=False, actor="tester")
    desk.check(token, Choices(table="area"))
    assert len(waiting) == 1
    waiting.pop()()
    assert desk.progress(token).phase is Phase.COMMITTED
    assert rows(store, import_batch) == 1


def test_of_two_checks_the_last_one_counts(store: Engine, tmp_path: Path) -> None:
    waiting: list[Callable[[], None]] = []
    desk = ImportDesk(Uploads(tmp_path), lambda: store, Ports(), run=waiting.append)
    token = send(desk, csv_bytes(AREAS), "x.csv")
    desk.check(token, Choices(table="grid"))
    desk.check(token, Choices(table="area"))
    first, second = waiting
    second()
    found = desk.report(token)
    first()
    assert desk.report(token) == found
    assert found is not None
    assert found["files"][0]["sheets"][0]["table"] == "area"
    assert desk.progress(token).choices == Choices(table="area")


def test_refused_rows_refuse_the_whole_unless_they_may_be_left_out(desk: ImportDesk, store: Engine) -> None:
    token = send(desk, workbook({"区划": AREAS, "小区": BAD}))
    desk.check(token, Choices())
    report = desk.report(token)
    assert report is not None
    assert not report["can_commit"]
    assert report["can_skip"]
    assert [(p["sheet"], p["row"], p["column"], p["value"]) for p in report["problems"]] == [
        ("小区", 4, "所属区划代码", "990109"),
        ("小区", 5, "小区名称", None),
    ]
    assert "99010" in report["problems"][0]["message"].replace("990109", "")
    assert desk.commit(token, skip_refused=False, actor="tester")
    assert desk.progress(token).phase is Phase.REFUSED
    assert "未写入" in desk.progress(token).message
    assert (rows(store), rows(store, import_batch)) == (0, 0)
    assert desk.commit(token, skip_refused=True, actor="tester")
    assert desk.progress(token).phase is Phase.COMMITTED
    assert rows(store) == 2


def test_the_annotated_copy_marks_the_bad_cells(desk: ImportDesk) -> None:
    token = send(desk, workbook({"区划": AREAS, "小区": BAD}))
    desk.check(token, Choices())
    book = openpyxl.load_workbook(io.BytesIO(desk.annotated(token)))
    sheet = book["小区"]
    assert sheet["C4"].comment is not None
    assert sheet["C2"].comment is None


def test_without_problems_there_is_no_annotated_copy(desk: ImportDesk) -> None:
    token = send(desk, workbook({"区划": AREAS}))
    desk.check(token, Choices())
    with pytest.raises(UploadGoneError):
        desk.annotated(token)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.xlsx", b""),
        ("old.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
        ("cut.xlsx", b"PK\x03\x04" + b"x" * 40),
    ],
)
def test_a_bad_file_leaves_a_reason_and_nothing_else(
    desk: ImportDesk, store: Engine, name: str, content: bytes
) -> None:
    token = send(desk, content, name)
    desk.check(token, Choices())
    report = desk.report(token)
    assert desk.progress(token).phase is Phase.CHECKED
    assert report is not None
    assert (report["can_commit"], report["can_skip"]) == (False, False)
    assert name in report["refusal"]
    assert "处理：" in report["refusal"]
    desk.commit(token, skip_refused=True, actor="tester")
    assert rows(store, import_batch) == 0


def test_options_that_make_no_sense_are_refused_in_words(desk: ImportDesk) -> None:
    token = send(desk, workbook({"区划": AREAS}))
    desk.check(token, Choices(city="合肥"))
    assert desk.progress(token).phase is Phase.REFUSED
    assert desk.progress(token).message
    desk.check(token, Choices())
    assert desk.progress(token).phase is Phase.CHECKED


def test_a_bug_is_logged_under_a_number_and_the_upload_can_be_tried_again(
    desk: ImportDesk, store: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = send(desk, workbook({"区划": AREAS}))
    desk.check(token, Choices())
    with monkeypatch.context() as broken:
        broken.setattr("dashboard.import_desk.commit", lambda *_, **__: 1 / 0)
        desk.commit(token, skip_refused=False, actor="tester")
    assert desk.progress(token).phase is Phase.FAILED
    assert not (desk.uploads.place(token) / COMMITTING).exists()
    desk.check(token, Choices())
    desk.commit(token, skip_refused=False, actor="tester")
    assert desk.progress(token).phase is Phase.COMMITTED


def test_work_of_a_process_that_is_gone_is_interrupted(desk: ImportDesk) -> None:
    token = send(desk, workbook({"区划": AREAS}))
    desk.check(token, Choices())
    state = desk.uploads.read(token, STATE)
    nobody = 2**22 + 1  # above the largest process number
    desk.uploads.write(token, STATE, state | {"phase": "committing", "process": nobody})
    assert desk.progress(token).phase is Phase.INTERRUPTED


def test_a_mapping_dropped_with_the_files_reads_them(desk: ImportDesk) -> None:
    mapping = b"version: 1\ntables: [1, 2"
    token = desk.uploads.keep([("own.yaml", io.BytesIO(mapping)), ("list.csv", io.BytesIO(csv_bytes(AREAS)))])
    desk.check(token, Choices())
    assert desk.progress(token).phase is Phase.REFUSED
    assert "own.yaml" in desk.progress(token).message


def test_the_report_is_plain_json(desk: ImportDesk) -> None:
    token = send(desk, workbook({"区划": AREAS, "小区": BAD}))
    desk.check(token, Choices())
    text = (desk.uploads.place(token) / REPORT).read_text("utf-8")
    assert "NaN" not in text
    assert json.loads(text) == desk.report(token)


@pytest.mark.parametrize("given", [None, 3, [], {"table": 5, "crs": None}, {"other": "x"}])
def test_whatever_a_browser_sends_as_options_is_harmless(given: object) -> None:
    assert Choices.of(given) == Choices()
