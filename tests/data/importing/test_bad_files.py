"""Bad files: each has its own message, nothing is written, and the importer lives."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from data.errors import GovernanceError
from data.importing.ports import Ports
from data.importing.preview import Options, commit, prepare
from data.importing.reading import Limits
from data.schema import TABLES, import_batch
from tests.data.importing.files import (
    AREAS,
    Squares,
    csv_bytes,
    merged_workbook,
    part_of,
    squares,
    with_part,
    workbook,
)

PORTS = Ports(geography=Squares())
HEAD = ("小区编号", "小区名称", "所属区划代码", "经度", "纬度", "户数", "小区类型", "起始日期", "截止日期")
GOOD = ("X1", "试写苑", "990101", None, None, 120, "商品房", None, None)


def compounds(*rows: tuple[Any, ...], head: tuple[str, ...] = HEAD) -> dict[str, Any]:
    return {"区划": AREAS, "小区": [head, *rows]}


def row(**cells: Any) -> tuple[Any, ...]:
    return tuple(cells.get(h, g) for h, g in zip(HEAD, GOOD, strict=True))


def sheet(rows: dict[str, Any], **options: Any) -> Callable[[], tuple[str, bytes]]:
    return lambda: ("甲.xlsx", workbook(rows, **options))


def bomb() -> tuple[str, bytes]:
    book = workbook(compounds(GOOD))
    return "甲.xlsx", with_part(book, "xl/worksheets/sheet9.xml", b"<worksheet>" + b" " * 700 * 2**20)


def entity() -> tuple[str, bytes]:
    book = workbook(compounds(GOOD))
    part = part_of(book, "xl/workbook.xml").replace(
        b"?>", b'?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', 1
    )
    return "甲.xlsx", with_part(book, "xl/workbook.xml", part)


def hidden_entity() -> tuple[str, bytes]:
    book = workbook(compounds(GOOD))
    head = b"?><!--" + b" " * 70_000 + b'--><!DOCTYPE x [<!ENTITY e "ha">]>'
    return "甲.xlsx", with_part(book, "xl/workbook.xml", part_of(book, "xl/workbook.xml").replace(b"?>", head, 1))


def far_apart(last: str) -> Callable[[], tuple[str, bytes]]:
    """Two cells with nothing between them."""
    path, number = "xl/worksheets/sheet2.xml", last.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")

    def make() -> tuple[str, bytes]:
        book = workbook(compounds(GOOD))
        row = f'<row r="{number}"><c r="{last}"><v>1</v></c></row></sheetData>'.encode()
        return "甲.xlsx", with_part(book, path, part_of(book, path).replace(b"</sheetData>", row))

    return make


def unsaved_formula() -> tuple[str, bytes]:
    book = workbook(compounds(row(户数=("=1+1", 2))))
    path = "xl/worksheets/sheet2.xml"
    part = part_of(book, path)
    assert b"<v>2</v>" in part
    return "甲.xlsx", with_part(book, path, part.replace(b"</f><v>2</v>", b"</f>"))


WHOLE_FILES: dict[str, tuple[Callable[[], tuple[str, bytes]], str]] = {
    "nothing in it": (lambda: ("甲.xlsx", b""), "empty"),
    "only blanks": (lambda: ("甲.csv", b" \n \n"), "empty"),
    "an old .xls renamed": (lambda: ("甲.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)), "old_excel"),
    "a password": (
        lambda: ("甲.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")), "encrypted",
    ),
    "a zip bomb": (bomb, "zip_bomb"),
    "an external entity": (entity, "document_type"),
    "an entity behind a long comment": (hidden_entity, "document_type"),
    "a cell a million rows away": (far_apart("AK1048576"), "too_large"),
    "a cell just far enough to fit into memory": (far_apart("I150000"), "too_large"),
    "macros": (lambda: ("甲.xlsx", with_part(workbook(compounds(GOOD)), "xl/vbaProject.bin", b"x")), "macros"),
    "links to other files": (
        lambda: ("甲.xlsx", with_part(workbook(compounds(GOOD)), "xl/externalLinks/externalLink1.xml", b"<x/>")),
        "external_links",
    ),
    "half a zip": (lambda: ("甲.xlsx", workbook(compounds(GOOD))[:-300]), "corrupt"),
    "damaged sheet": (
        lambda: ("甲.xlsx", with_part(workbook(compounds(GOOD)), "xl/worksheets/sheet2.xml", b"<worksheet><sheet")),
        "corrupt",
    ),
    "a picture": (lambda: ("甲.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), "binary"),
    "a web page called .xls": (lambda: ("甲.xls", b"<html><table></table></html>"), "unknown_format"),
    "a pdf": (lambda: ("甲.csv", b"%PDF-1.7 ..."), "unknown_format"),
    "rows of different width": (lambda: ("小区.csv", b"a,b\n" * 60 + b'1,2,3,4,5\n'), "ragged"),
    "bytes of no encoding": (lambda: ("小区.csv", b"\xff\xff\xfe\x81,\xff\n" * 3), "encoding"),
}  # fmt: skip


@pytest.mark.parametrize("case", WHOLE_FILES)
def test_a_file_that_cannot_be_read_is_refused_with_its_own_reason(store: Engine, case: str) -> None:
    make, code = WHOLE_FILES[case]
    preview = prepare(store, [make()], ports=PORTS)
    refusal = preview.refusal()
    assert refusal is not None
    assert refusal.code == code
    assert refusal.todo
    document = preview.as_json()
    assert document["files"][0]["sheets"][0]["problems"][0]["code"] == code
    assert_nothing_written(store, preview)


SHEETS: dict[str, tuple[Callable[[], tuple[str, bytes]], str, str]] = {
    "a personal column": (sheet(compounds(("X1", "张三"), head=("小区编号", "业主姓名"))), "personal_column", "个人信息"),
    "identity numbers": (
        sheet(compounds((*GOOD, "1"), head=(*HEAD, "身份证号码"))), "personal_column", "个人信息",
    ),
    "an unknown column": (sheet(compounds((*GOOD, 1), head=(*HEAD, "楼栋数目"))), "unknown_column", "楼栋数"),
    "a missing column": (sheet(compounds(("X1", "1"), head=("小区编号", "户数"))), "missing_column", "小区名称"),
    "an unknown sheet": (sheet({"小去": [("甲", "乙"), (1, 2)]}), "unknown_sheet", "小区"),
    "a column twice": (sheet(compounds((*GOOD, 1), head=(*HEAD, "户数（户）"))), "duplicate_heading", "户数"),
    "a column without heading": (sheet(compounds((*GOOD, 1))), "empty_heading", "没有表头"),
}  # fmt: skip


@pytest.mark.parametrize("case", SHEETS)
def test_a_sheet_of_wrong_structure_refuses_the_upload(store: Engine, case: str) -> None:
    make, code, hint = SHEETS[case]
    preview = prepare(store, [make()], Options(skip_refused=True), ports=PORTS)
    refused = [s for s in preview.sheets if s.refused_whole]
    assert [p.code for s in refused for p in s.findings.problems] == [code]
    assert hint in refused[0].findings.problems[0].message
    assert_nothing_written(store, preview)


ROWS: dict[str, tuple[Callable[[], tuple[str, bytes]], str, str, str]] = {
    "text where a number belongs": (sheet(compounds(row(户数="很多"))), "not_a_number", "户数", "很多"),
    "a number with its unit": (sheet(compounds(row(户数="120户"))), "not_a_number", "户数", "不要带单位"),
    "a fraction of a household": (sheet(compounds(row(户数=1.5))), "not_an_integer", "户数", "整数"),
    "a number out of range": (sheet(compounds(row(户数=-3))), "out_of_range", "户数", "在 0 到 100000 之间"),
    "an unknown code": (sheet(compounds(row(所属区划代码="990103"))), "unknown_area", "所属区划代码", "99010"),
    "a name where a code belongs": (sheet(compounds(row(所属区划代码="乙区"))), "unknown_area", "所属区划代码", "990102"),
    "an unknown choice": (sheet(compounds(row(小区类型="商品楼"))), "unknown_choice", "小区类型", "商品房"),
    "a missing value": (sheet(compounds(row(小区名称=None))), "missing_value", "小区名称", "必填"),
    "swapped coordinates": (sheet(compounds(row(经度=31.05, 纬度=117.05))), "swapped_coordinates", "经度", "填反"),
    "half a coordinate": (sheet(compounds(row(经度=117.05))), "half_coordinate", "纬度", "只填了一个"),
    "metres": (sheet(compounds(row(经度=500_000, 纬度=3_400_000))), "projected_coordinates", "经度", "米"),
    "a point outside the city": (sheet(compounds(row(经度=118.5, 纬度=31.05))), "outside_city", "经度", "边界之外"),
    "a day that does not exist": (sheet(compounds(row(起始日期="2024-02-30"))), "not_a_date", "起始日期", "不存在"),
    "a number for a date": (sheet(compounds(row(起始日期=45_000))), "not_a_date", "起始日期", "日期格式"),
    "a date of 1900": (sheet(compounds(row(起始日期=date(1900, 1, 1)))), "impossible_date", "起始日期", "1900"),
    "a date of 1904": (
        sheet(compounds(row(起始日期=date(1904, 1, 2))), date_1904=True), "impossible_date", "起始日期", "1904",
    ),
    "an end before its start": (
        sheet(compounds(row(起始日期=date(2024, 5, 1), 截止日期=date(2023, 5, 1)))), "wrong_order", "截止日期", "早于",
    ),
    "a control character": (sheet(compounds(row(小区名称="试写\u200b苑"))), "control_character", "小区名称", "看不见"),
    "a phone number in a name": (sheet(compounds(row(小区名称="试写苑13912345678"))), "personal_value", "小区名称", "个人"),
    "an id that is an area code": (sheet(compounds(row(小区编号="990101"))), "id_is_area_code", "小区编号", "区划代码"),
    "too long a name": (sheet(compounds(row(小区名称="长" * 121))), "too_long", "小区名称", "120"),
    "no place at all": (sheet(compounds(row(所属区划代码=None))), "no_place", "所属区划代码", "坐标"),
    "a formula nobody calculated": (unsaved_formula, "formula_without_value", "户数", "公式"),
}  # fmt: skip


@pytest.mark.parametrize("case", ROWS)
def test_a_bad_row_is_named_by_row_column_and_reason(store: Engine, case: str) -> None:
    make, code, column, hint = ROWS[case]
    files = [("图.geojson", squares()), make()]
    preview = prepare(store, files, ports=PORTS)
    sheets = {s.sheet: s for s in preview.sheets}
    found = sheets["小区"].findings.problems
    assert [(p.code, p.column, p.row) for p in found] == [(code, column, 2)]
    assert hint in found[0].message
    assert (sheets["小区"].rows, sheets["小区"].accepted, sheets["小区"].refused) == (1, 0, 1)
    assert_nothing_written(store, preview)


def test_swapped_rows_of_a_merged_cell_are_named(store: Engine) -> None:
    rows = [HEAD, row(), row(小区编号="X2", 小区名称=None)]
    book = merged_workbook("小区", rows, [(1, 1, 2, 1)])
    preview = prepare(store, [("区划.xlsx", workbook({"区划": AREAS})), ("小区.xlsx", book)], ports=PORTS)
    codes = {(p.row, p.code) for p in preview.problems}
    assert {(2, "merged_cells"), (3, "merged_cells")} <= codes


def test_titles_and_merged_headings_above_the_table_are_passed_over(store: Engine) -> None:
    rows = [
        ("云梦市小区名录", None, None, None), ("小区编号", "基本情况", None, None),
        (None, "小区名称", "所属区划代码", "户数"), ("X1", "试写苑", "990101", 120),
    ]  # fmt: skip
    book = merged_workbook("小区", rows, [(0, 0, 0, 3), (1, 0, 2, 0), (1, 1, 1, 3)])
    preview = prepare(store, [("区划.xlsx", workbook({"区划": AREAS})), ("小区.xlsx", book)], ports=PORTS)
    assert preview.refusal() is None, preview.problems
    assert [(s.rows, s.heading_row) for s in preview.sheets] == [(3, 1), (1, 3)]


def test_duplicate_keys_name_each_other_and_equal_rows_keep_the_first(store: Engine) -> None:
    rows = [row(), row(户数=999), row(小区编号="X2"), row(小区编号="X2"), row(小区编号="X3")]
    preview = prepare(store, [("甲.xlsx", workbook(compounds(*rows)))], Options(skip_refused=True), ports=PORTS)
    found = [(p.row, p.code) for p in preview.problems]
    assert found == [(2, "duplicate_key"), (3, "duplicate_key"), (5, "duplicate_key")]
    assert "第 4 行" in preview.problems[2].message


def test_rows_that_hang_on_a_refused_row_are_refused_too(store: Engine) -> None:
    manage = [("小区编号", "管理模式"), ("X1", "自管"), ("X2", "自管")]
    rows = {**compounds(row(户数="很多"), row(小区编号="X2")), "物业管理关系": manage}
    preview = prepare(store, [("甲.xlsx", workbook(rows))], ports=PORTS)
    hanging = [p for p in preview.problems if p.code == "refers_to_refused_row"]
    assert [(p.sheet, p.row, p.value) for p in hanging] == [("物业管理关系", 2, "X1")]


def test_a_workbook_that_needs_too_much_is_stopped(store: Engine) -> None:
    rows = [HEAD, *(row(小区编号=f"X{i}") for i in range(40_000))]
    book = workbook({"区划": AREAS, "小区": rows})
    preview = prepare(store, [("甲.xlsx", book)], Options(limits=Limits(memory_bytes=80 * 2**20)), ports=PORTS)
    refusal = preview.refusal()
    assert refusal is not None
    assert refusal.code == "too_large"


def test_text_like_a_formula_stays_text(store: Engine) -> None:
    preview = prepare(store, [("甲.xlsx", workbook(compounds(row(小区名称="=cmd|' /C calc'!A0"))))], ports=PORTS)
    assert preview.refusal() is None
    name = next(t.frame["name"] for s in preview.sheets for t in s.targets if t.table.name == "compound")
    assert list(name) == ["=cmd|' /C calc'!A0"]


def test_a_calculated_formula_counts_by_its_value(store: Engine) -> None:
    preview = prepare(store, [("甲.xlsx", workbook(compounds(row(户数=("=100+20", 120)))))], ports=PORTS)
    assert preview.refusal() is None
    assert list(preview.sheets[1].targets[0].frame["households"]) == [120]


def test_two_hundred_thousand_rows_are_read(store: Engine) -> None:
    rows = [("小区编号", "小区名称", "所属区划代码"), *((f"X{i}", "试写苑", "990101") for i in range(200_000))]
    files = [("区划.csv", csv_bytes(AREAS)), ("小区.csv", csv_bytes(rows, encoding="gb18030"))]
    preview = prepare(store, files, ports=PORTS)
    assert preview.refusal() is None
    assert [(c.table, c.added) for c in preview.changes] == [("area", 3), ("compound", 200_000)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encodings_and_delimiters_are_told_by_content(store: Engine, encoding: str, delimiter: str) -> None:
    rows = [HEAD, row(小区名称="试写苑,一期;东|区", 经度=117.05, 纬度=31.05), row(小区编号="X2")]
    files = [
        ("区划.csv", csv_bytes(AREAS, encoding=encoding, delimiter=delimiter)),
        ("小区.csv", csv_bytes(rows, encoding=encoding, delimiter=delimiter)),
    ]
    preview = prepare(store, files, ports=PORTS)
    assert preview.refusal() is None, preview.problems
    frame = preview.sheets[1].targets[0].frame
    assert list(frame["name"]) == ["试写苑,一期;东|区", "试写苑"]
    assert list(frame["households"]) == [120, 120]


def test_the_empty_template_has_no_rows_and_says_so(store: Engine) -> None:
    from data.importing.template import write_template

    preview = prepare(store, [("模板.xlsx", write_template())], ports=PORTS)
    refusal = preview.refusal()
    assert refusal is not None
    assert refusal.code == "no_rows"


def assert_nothing_written(store: Engine, preview: Any) -> None:
    with pytest.raises(GovernanceError):
        commit(store, preview, actor="甲", ports=PORTS)
    with store.connect() as connection:
        for table in (import_batch, *TABLES.values()):
            assert connection.scalar(select(func.count()).select_from(table)) == 0


def test_a_zip_bomb_is_small_when_it_arrives() -> None:
    name, content = bomb()
    assert len(content) < 2 * 2**20
    with zipfile.ZipFile(__import__("io").BytesIO(content)) as archive:
        assert sum(m.file_size for m in archive.infolist()) > 600 * 2**20
    assert name
