"""Loaders: each register's row from a file, through the store, to a validated frame."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Engine, text

from data import loaders
from data.errors import GovernanceError, StoreError
from data.frames import dtype_of
from data.importing.preview import commit, prepare
from data.query import Reader, Selection
from data.schema import TABLES
from data.schema.columns import own_columns
from data.trace import trace_figure
from tests.data.importing.files import AREAS, workbook

# One invented row a table, by heading, in import order; what the frame must hold of it.
SHEETS: dict[str, dict[str, Any]] = {
    "网格": {"网格编码": "G1", "社区代码": "990101", "网格名称": "一网格", "网格户数": 300, "网格长应配": 1, "网格长已配": 0},
    "小区": {"小区编号": "X1", "小区名称": "试写苑", "所属区划代码": "990101", "物业费标准（元/㎡·月）": 1.25, "物管小区": "是", "起始日期": "2020-05-01"},
    "物业企业": {"企业编号": "C1", "统一社会信用代码": "91350100M000100Y43", "企业名称": "云梦市样例物业有限公司", "信用等级": "AA"},
    "物业管理关系": {"小区编号": "X1", "企业编号": "C1", "管理模式": "专业物业", "起始日期": "2021-01-01"},
    "服务阵地": {"站点编号": "S1", "站点类型": "党群服务站", "社区代码": "990101", "启用日期": "2022/3/4", "面积": 88.5, "有场所": "有", "有书报": "无"},
    "党组织": {"党组织编号": "P1", "党组织类型": "小区(网格)党支部", "组建方式": "网格联建", "成立日期": "2021年7月1日", "小区编号": "X1"},
    "党组织覆盖小区": {"党组织编号": "P1", "小区编号": "X1", "覆盖方式": "联建"},
    "业委会物管会": {"委员会编号": "W1", "小区编号": "X1", "委员会类型": "业委会", "席位数": 7, "党员席位": 4, "书记主任一肩挑": 1},
    "示范小区": {"小区编号": "X1", "批次": "2024年第一批", "申报日期": "2024-02-01", "命名日期": "2024-06-01"},
    "公布数字": {"城市": "云梦市", "指标键": "compounds", "数值": 4000, "约数口径": "余", "截至": "2025", "来源": "虚构公报"},
    "诉求纠纷": {"事件编号": "E1", "小区编号": "X1", "事件类型": "纠纷", "受理时间": "2026-03-02 08:30", "是否重办": "否"},
    "任务台账": {"任务编号": "T1", "清单类型": "需求清单", "小区编号": "X1", "登记日期": "2026-03-02", "责任岗位": "网格长"},
    "满意度调查": {"小区编号": "X1", "调查月份": "2026年3月", "题目": "安全感", "有效数": 50, "满意数": 41},
    "月度考核": {"小区编号": "X1", "月份": "2026-03", "考核总分": 91.5, "约谈原因": "党建工作较差"},
    "评分申诉": {"申诉编号": "O1", "小区编号": "X1", "评分月份": "2026-03", "提出日期": "2026-04-02", "申诉理由": "数据有误"},
    "重大事件": {"事件编号": "I1", "小区编号": "X1", "事件类型": "消防事故", "发生日期": "2026-01-15"},
    "月度数据": {"单位类型": "小区", "单位编号": "X1", "月份": "2026-03", "指标": "volunteer_teams", "数值": 12},
}  # fmt: skip
EXPECTED: dict[str, dict[str, Any]] = {
    "grid": {"grid_code": "G1", "leader_posts_filled": 0},
    "compound": {"fee_yuan_m2_month": 1.25, "is_managed": True, "valid_from": pd.Timestamp("2020-05-01")},
    "company": {"uscc": "91350100M000100Y43", "credit_grade": "AA"},
    "management": {"mode": "专业物业", "company_id": "C1"},
    "site": {"opened_on": pd.Timestamp("2022-03-04"), "has_place": True, "has_reading": False},
    "party_org": {"kind": "小区(网格)党支部", "founded_on": pd.Timestamp("2021-07-01")},
    "party_org_compound": {"cover": "联建"},
    "committee": {"party_seats": 4, "is_secretary_chair": True},
    "award": {"awarded_on": pd.Timestamp("2024-06-01")},
    "published_figure": {"value": 4000.0, "bound": "lower"},
    "case_event": {"opened_at": pd.Timestamp("2026-03-02 08:30"), "reopened": False},
    "task": {"owner_post": "网格长"},
    "survey": {"wave": "2026-03", "satisfied": 41},
    "assessment": {"total_score": 91.5},
    "objection": {"reason": "数据有误"},
    "incident": {"opened_on": pd.Timestamp("2026-01-15")},
    "observation": {"unit_kind": "compound", "measure": "volunteer_teams", "value": 12.0},
}
LOADERS: dict[str, Callable[[Engine], pd.DataFrame]] = {
    "area": loaders.load_areas, "area_shape": loaders.load_area_shapes, "grid": loaders.load_grids,
    "compound": loaders.load_compounds, "company": loaders.load_companies, "management": loaders.load_management,
    "site": loaders.load_sites, "party_org": loaders.load_party_orgs,
    "party_org_compound": loaders.load_party_org_compounds, "committee": loaders.load_committees,
    "award": loaders.load_awards, "published_figure": loaders.load_published_figures,
    "case_event": loaders.load_case_events, "task": loaders.load_tasks, "survey": loaders.load_surveys,
    "assessment": loaders.load_assessments, "objection": loaders.load_objections, "incident": loaders.load_incidents,
    "observation": loaders.load_observations,
}  # fmt: skip


def everything() -> bytes:
    sheets: dict[str, Any] = {"区划": AREAS}
    sheets.update({title: [tuple(row), tuple(row.values())] for title, row in SHEETS.items()})
    return workbook(sheets)


@pytest.fixture
def filled(any_store: Engine) -> Engine:
    preview = prepare(any_store, [("全部.xlsx", everything())])
    assert preview.refusal() is None, preview.problems
    commit(any_store, preview, actor="甲")
    return any_store


def test_a_row_of_every_table_goes_from_file_to_frame(filled: Engine) -> None:
    for name, wanted in EXPECTED.items():
        frame = LOADERS[name](filled)
        assert {c: str(t) for c, t in frame.dtypes.items()} == {c.name: dtype_of(c) for c in own_columns(TABLES[name])}
        assert len(frame) == 1, name
        row = frame.iloc[0].to_dict()
        assert {c: row[c] for c in wanted} == wanted, name
    areas = loaders.load_areas(filled)
    assert list(areas["level"]) == ["city", "county", "county"]
    assert areas["is_urban_core"].eq(False).all()


@pytest.mark.parametrize("name", EXPECTED)
def test_the_same_row_comes_from_the_file_alone(tmp_path: Path, name: str) -> None:
    path = tmp_path / "全部.xlsx"
    path.write_bytes(everything())
    row = loaders.read_file(path, name).iloc[0].to_dict()
    assert {c: row[c] for c in EXPECTED[name]} == EXPECTED[name]


def test_there_is_a_loader_for_every_table(filled: Engine) -> None:
    assert set(LOADERS) == set(TABLES)
    assert loaders.load_area_shapes(filled).empty


def test_a_store_that_breaks_its_own_rules_is_not_believed(filled: Engine) -> None:
    with filled.begin() as connection:
        connection.execute(text("UPDATE compound SET kind = '城堡'"))
    with pytest.raises(StoreError) as refused:
        loaders.load_compounds(filled)
    assert refused.value.where == "compound.kind"


def test_a_file_without_the_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "区划.xlsx"
    path.write_bytes(workbook({"区划": AREAS, "网格": [("网格编码",)]}))
    with pytest.raises(GovernanceError):
        loaders.read_file(path, "compound")


def test_ended_rows_are_not_loaded(filled: Engine) -> None:
    rows = [("企业编号", "企业名称"), ("C1", "云梦市新名物业有限公司")]
    commit(filled, prepare(filled, [("物业企业.xlsx", workbook({"物业企业": rows}))]), actor="甲")
    assert list(loaders.load_companies(filled)["name"]) == ["云梦市新名物业有限公司"]
    assert list(loaders.load_companies(filled)["credit_grade"]) == ["AA"]


# What the one row of each table makes of a figure of the city, in the month the sheets are of.
FIGURES: dict[str, tuple[str, float]] = {
    "grid": ("grid_leader_filled", 0.0),
    "compound": ("compounds", 1.0),
    "company": ("companies", 1.0),
    "management": ("professional_share", 100.0),
    "site": ("party_stations", 1.0),
    "party_org": ("compound_branches", 1.0),
    "party_org_compound": ("branch_coverage", 100.0),
    "committee": ("committee_party_share", 400 / 7),
    "award": ("demonstrations", 1.0),
    "case_event": ("cases_opened", 1.0),
    "task": ("list_need", 1.0),
    "survey": ("satisfaction_safe", 82.0),
    "assessment": ("interviews_due_party", 1.0),
    "observation": ("volunteer_teams", 12.0),
}


@pytest.mark.parametrize("name", FIGURES)
def test_a_row_of_the_file_is_found_in_its_figure_and_traced_back(filled: Engine, name: str) -> None:
    key, value = FIGURES[name]
    reader = Reader(filled)
    assert reader.latest_month == "2026-03"
    assert reader.indicator(key)["value"].iloc[0] == pytest.approx(value)
    rows = trace_figure(reader, key, Selection())["rows"]
    assert {row["file"] for row in rows} == {"全部.xlsx"}
    assert name in {row["table"] for row in rows}
    assert {row["source_row"] for row in rows} == {2}
