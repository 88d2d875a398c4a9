"""Mappings: a foreign table becomes ours through YAML alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from data.frames import read_current
from data.importing.from_frames import commit_frames
from data.importing.mapping import MappingError, load_mapping, parse_mapping
from data.importing.parsers import company_name, number_text, part_text
from data.importing.ports import Ports
from data.importing.preview import Options, commit, prepare
from data.schema import TABLES, import_batch
from tests.data.importing.files import Squares, csv_bytes, squares, workbook
from tests.data.importing.test_batches import AREAS

LISTING = Path(__file__).parents[3] / "docs" / "mappings" / "listing.yaml"
PORTS = Ports(geography=Squares())
HEAD = ("plot_name", "plot_url", "地址", "物业费用", "物业公司", "楼栋总数", "房屋总数", "经纬度", "备注")
ROWS = [
    ("试写花园", "u/1", "(甲区)", "1.5元/平米/月", "云梦市样例物业服务有限公司", "12栋", "860户", "118.05,31.05", "x"),
    ("例句新村", "u/2", "(乙区)", "0.5至1元/平米/月", "业主自管", "6栋", "240户", "118.15,31.05", None),
    ("虚构里", "u/3", "(乙区)", "暂无信息", "无物业管理服务", "1栋", "暂无信息", "118.16,31.06", None),
    ("草稿苑", "u/4", "(甲区)", "暂无信息", "云梦市样例物业服务有限公司 ", "3栋", "30户", "118.06，31.06", None),
    ("底稿苑", "u/5", "(甲区)", "暂无信息", "暂无信息", "3栋", "30户", "118.07 31.06", None),
    ("纸上街", "u/6", "(甲区)", "暂无信息", "甲区某街道办事处代管物业", "3栋", "30户", "118.08,31.06", None),
    ("远方城", "u/7", "(外地)", "2元/平米/月", "暂无信息", "3栋", "30户", "119.99,31.06", None),
    ("无处寻", "u/8", None, "2元/平米/月", "暂无信息", "3栋", "30户", None, None),
    ("半截话", "u/9", "(甲区)", "面议", "暂无信息", "3栋", "30户", "118.05,31.05", None),
]  # fmt: skip


def imported(store: Engine) -> tuple[Any, int]:
    commit_frames(store, {"area": AREAS}, actor="甲")
    commit(store, prepare(store, [("图.geojson", squares())], ports=PORTS), actor="甲", ports=PORTS)
    options = Options(mapping=load_mapping(LISTING), crs="shifted", skip_refused=True)
    preview = prepare(store, [("名录.xlsx", workbook({"Sheet1": [HEAD, *ROWS]}))], options, ports=PORTS)
    return preview, commit(store, preview, actor="甲", ports=PORTS)


def test_the_listing_example_fills_three_tables_and_accounts_for_every_row(any_store: Engine) -> None:
    preview, _ = imported(any_store)
    sheet = preview.as_json()["files"][0]["sheets"][0]
    assert (sheet["rows"], sheet["accepted"], sheet["refused"]) == (9, 6, 3)
    assert [(p["row"], p["column"], p["code"]) for p in sheet["problems"]] == [
        (8, "经纬度", "outside_city"), (9, "所属区划代码", "no_place"), (10, "物业费用", "not_a_number"),
    ]  # fmt: skip
    assert [(t["table"], t["new"]) for t in sheet["tables"]] == [("compound", 6), ("company", 1), ("management", 5)]
    assert sheet["ignored_columns"] == ["地址", "备注"]
    with any_store.connect() as connection:
        compounds = read_current(connection, TABLES["compound"]).set_index("name")
        companies = read_current(connection, TABLES["company"])
        management = read_current(connection, TABLES["management"]).set_index("compound_id")
    assert compounds["fee_yuan_m2_month"].dropna().to_dict() == {"试写花园": 1.5, "例句新村": 0.75}
    assert compounds.loc["试写花园", ["buildings", "households", "lon", "lat", "area_code"]].tolist() == [
        12, 860, 117.05, 31.05, "990101",
    ]  # fmt: skip
    assert compounds.loc["例句新村", "area_code"] == "990102"
    assert compounds["is_managed"].to_dict()["虚构里"] is False
    modes = management["mode"].rename(dict(zip(compounds["compound_id"], compounds.index, strict=True))).to_dict()
    assert modes == {"试写花园": "专业物业", "例句新村": "自管", "虚构里": "无", "草稿苑": "专业物业", "纸上街": "兜底"}
    assert list(companies["name"]) == ["云梦市样例物业服务有限公司"]
    assert set(management["company_id"].dropna()) == set(companies["company_id"])


def test_the_csv_twin_of_a_workbook_changes_nothing(store: Engine) -> None:
    _, batch = imported(store)
    options = Options(mapping=load_mapping(LISTING), crs="shifted", skip_refused=True)
    twin = prepare(store, [("名录.csv", csv_bytes([HEAD, *ROWS], encoding="gb18030"))], options, ports=PORTS)
    assert {(c.added, c.changed) for c in twin.changes} == {(0, 0)}
    with store.connect() as connection:
        kept = connection.execute(import_batch.select().where(import_batch.c.batch_id == batch)).mappings().one()
    assert kept["mapping"].startswith("listing.yaml v1 ")
    assert kept["crs"] == "shifted"


def test_a_personal_column_is_refused_though_the_mapping_does_not_use_it(store: Engine) -> None:
    rows = [(*HEAD, "联系电话"), *((*r, "1") for r in ROWS)]
    options = Options(mapping=load_mapping(LISTING), skip_refused=True)
    preview = prepare(store, [("名录.xlsx", workbook({"Sheet1": rows}))], options, ports=PORTS)
    assert [p.code for p in preview.problems] == ["personal_column"]


def test_a_heading_the_mapping_needs_is_asked_for_by_its_nearest(store: Engine) -> None:
    rows = [tuple("经纬度坐标" if h == "经纬度" else h for h in HEAD), *ROWS]
    options = Options(mapping=load_mapping(LISTING), skip_refused=True)
    preview = prepare(store, [("名录.xlsx", workbook({"Sheet1": rows}))], options, ports=PORTS)
    assert [(p.code, p.column) for p in preview.problems] == [("missing_column", "经纬度")]
    assert "经纬度坐标" in preview.problems[0].message


def test_a_table_without_headings_is_read_by_position(store: Engine) -> None:
    commit_frames(store, {"area": AREAS}, actor="甲")
    text = """
file: {columns: [名称, 编号, 区], delimiter: "|", encoding: gb18030}
tables:
  compound:
    columns: {compound_id: 编号, name: 名称, area_code: {from: 区, values: {甲: "990101", 乙: "990102"}}}
"""
    content = csv_bytes([("试写苑", "X1", "甲"), ("例句里", "X2", "丙")], delimiter="|", encoding="gb18030")
    options = Options(mapping=parse_mapping("m.yaml", text))
    preview = prepare(store, [("a.txt", content)], options, ports=PORTS)
    assert [(p.row, p.column, p.code) for p in preview.problems] == [(2, "区", "unknown_area")]
    assert list(preview.sheets[0].targets[0].frame["compound_id"]) == ["X1", "X2"]


BAD = {
    "tables:\n  compoud: {}": ("tables", "compound"),
    "tables:\n  compound:\n    colums: {}": ("tables.compound", "columns"),
    "tables:\n  compound:\n    columns: {name: a}": ("tables.compound", "compound_id"),
    "tables:\n  compound:\n    columns: {compound_id: {from: a, pars: number}, name: a}": ("compound_id", "parse"),
    "tables:\n  compound:\n    columns: {compound_id: {from: a, parse: numbr}, name: a}": ("compound_id", "number"),
    "tables:\n  compound:\n    columns: {compound_id: {prefix: a}, name: a}": ("compound_id", "from"),
    "tables:\n  compound:\n    columns: {compound_id: {from: a, pattern: '('}, name: a}": ("compound_id", "正则"),
    "tables:\n  compound:\n    when: {a: b}\n    columns: {compound_id: a, name: a}": ("when.a", "given"),
    "derive: {x: {from: a}}\ntables: {}": ("derive.x", "rules"),
    "tables: [": ("第 1 行", "YAML"),
    "": ("m.yaml", "键"),
}


@pytest.mark.parametrize("text", BAD)
def test_a_wrong_mapping_is_refused_with_the_place_and_the_nearest_key(text: str) -> None:
    with pytest.raises(MappingError) as refused:
        parse_mapping("m.yaml", text)
    place, hint = BAD[text]
    assert place in refused.value.where
    assert hint in str(refused.value)


@pytest.mark.parametrize(
    ("text", "unit", "choice", "expected"),
    [
        ("18栋", "栋", "middle", "18"), ("1.44元/平米/月", "元/平米/月", "middle", "1.44"), ("1,234户", "户", "low", "1234"),
        ("1.2至1.4元/平米/月", "元/平米/月", "middle", "1.3"), ("1.2~1.4元", "元", "low", "1.2"), ("1.2-1.4元", "元", "high", "1.4"),
        ("１８栋", "栋", "middle", "18"), ("面议", "元", "middle", "面议"), ("3至1栋", "栋", "middle", "3至1栋"), ("5幢", "栋", "low", "5幢"),
    ],
)  # fmt: skip
def test_numbers_with_units_and_ranges_are_read_and_anything_else_is_left(
    text: str, unit: str, choice: str, expected: str
) -> None:
    assert number_text(text, unit, choice) == expected


@given(st.floats(-180, 180), st.floats(-90, 90), st.sampled_from([",", "，", "; ", " ", " , "]))
def test_pairs_come_apart_whatever_stands_between_them(x: float, y: float, mark: str) -> None:
    text = f"{x!r}{mark}{y!r}"
    assert (part_text(text, 1), part_text(text, 2)) == (repr(x), repr(y))


def test_company_names_are_one_whatever_their_width_and_spaces() -> None:
    assert company_name("样例物业(云梦) 有限公司") == company_name("样例物业（云梦）有限公司")
