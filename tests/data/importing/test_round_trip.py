"""Round trips: store → workbook or csv → importer → store is identity; twice is once; a revert restores all."""

from __future__ import annotations

import string
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Boolean, Column, Date, DateTime, Engine, Float, Integer, String

from data.catalogue import MEASURES
from data.frames import read_current
from data.importing.choices import offered
from data.importing.export import export_store, monthly_rows, sheet_rows
from data.importing.from_frames import commit_frames
from data.importing.monthly import MONTHLY, measures_of
from data.importing.preview import Preview, commit, prepare
from data.importing.revert import revert
from data.importing.template import sheet_columns, sheet_tables, write_template
from data.schema import TABLES, observation
from data.schema.columns import own_columns
from data.schema.registers import MONTH
from data.store import migrate, open_store
from tests.data.importing.test_batches import AREAS, dump

# Letters, digits and signs of names, without what the importer refuses or trims.
NAME = (
    st.text(
        alphabet=string.ascii_letters + string.digits + "试写苑甲乙丙丁=+-@,;|\"'()（）· &<>%_", min_size=1, max_size=20
    )
    .map(str.strip)
    .filter(bool)
)
# An example starts a process and writes a store, so a failing one is shown as found, not shrunk for minutes.
QUICK = settings(
    max_examples=20, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
KEYS = [f"K{i}" for i in range(1, 5)]


def cells(column: Column[Any]) -> st.SearchStrategy[Any]:
    """Values a column may hold, missing included where it may be empty."""
    info = column.info
    if info["choices"] is not None:
        found: st.SearchStrategy[Any] = st.sampled_from([str(m) for m in info["choices"]])
    elif isinstance(column.type, Boolean):
        found = st.booleans()
    elif isinstance(column.type, Integer):
        low, high = int(info["low"] or 0), int(info["high"] or 10_000)
        found = st.integers(low, high)
    elif isinstance(column.type, Float):
        low, high = float(info["low"] or 0), float(info["high"] or 1e6)
        found = st.floats(low, high, allow_nan=False).map(lambda v: v + 0.0)
    elif isinstance(column.type, Date):
        found = st.dates(date(1990, 1, 1), date(2030, 12, 31))
    elif isinstance(column.type, DateTime):
        # A spreadsheet keeps a time as a fraction of a day, good to a millisecond.
        found = st.integers(0, 10**12).map(lambda ms: datetime(2000, 1, 1) + timedelta(milliseconds=ms))
    elif info["pattern"] == MONTH:
        found = st.sampled_from(["2025-11", "2025-12", "2026-01"])
    else:
        found = NAME.map(lambda v: v[: column.type.length if isinstance(column.type, String) else None].strip() or "名")
    # What a default would fill in cannot stay empty.
    return found if info["required"] or info["default"] is not None else st.none() | found


def plain_table(name: str) -> st.SearchStrategy[pd.DataFrame]:
    """Rows of a table whose references and dates are left out: those rules have tests of their own."""
    table = TABLES[name]
    columns = {
        c.name: cells(c) for c in own_columns(table)
        if not c.info["refers"] and not isinstance(c.type, Date) and c.name not in {"lon", "lat", "uscc", *table.info["key"]}
    }  # fmt: skip

    def frame(rows: list[dict[str, Any]]) -> pd.DataFrame:
        made = pd.DataFrame(rows, columns=list(columns), dtype=object)
        made[table.info["key"][0]] = KEYS[: len(rows)]
        return made

    return st.lists(st.fixed_dictionaries(columns), min_size=1, max_size=4).map(frame)


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    engine = open_store(f"sqlite:///{tmp_path_factory.mktemp('round')}/store.db")
    migrate(engine)
    commit_frames(engine, {"area": AREAS}, actor="甲")
    return engine


def prepared(engine: Engine, content: bytes, name: str = "导出.xlsx") -> Preview:
    preview = prepare(engine, [(name, content)])
    assert preview.refusal() is None, preview.problems
    return preview


@QUICK
@given(compounds=plain_table("compound"), companies=plain_table("company"), data=st.data())
def test_exporting_and_importing_registers_changes_nothing(
    bare: Engine, compounds: pd.DataFrame, companies: pd.DataFrame, data: st.DataObject
) -> None:
    compounds["area_code"] = data.draw(st.sampled_from(["990101", "990102"]))
    events = data.draw(st.lists(st.fixed_dictionaries({
        c: cells(TABLES["case_event"].c[c]) for c in ("kind", "channel", "category", "opened_at", "reopened", "level_in")
    }), min_size=1, max_size=4))  # fmt: skip
    case_event = pd.DataFrame(events).assign(case_id=KEYS[: len(events)], compound_id="K1")
    batch = commit_frames(
        bare, {"compound": compounds, "company": companies, "case_event": case_event}, actor="甲", refresh=False
    )
    try:
        with bare.connect() as connection:
            content = export_store(connection)
        preview = prepared(bare, content)
        assert [(c.table, c.added, c.changed) for c in preview.changes] == [(c.table, 0, 0) for c in preview.changes]
        assert {c.table: c.unchanged for c in preview.changes} == {
            "area": 3, "compound": len(compounds), "company": len(companies), "case_event": len(case_event),
        }  # fmt: skip
    finally:
        revert(bare, batch, actor="甲")


@QUICK
@given(data=st.data())
def test_exporting_and_importing_monthly_sheets_changes_nothing(bare: Engine, data: st.DataObject) -> None:
    sheet = MONTHLY[0]
    rows = []
    for unit in KEYS[:2]:
        month = data.draw(st.sampled_from(["2025-12", "2026-01"]))
        chosen = data.draw(
            st.lists(st.sampled_from(measures_of(sheet)), min_size=1, max_size=6, unique_by=lambda m: m.key)
        )
        for key in {k for m in chosen for k in (m.key, m.pair) if k} | {
            m.key for m in measures_of(sheet) if m.pair in {c.key for c in chosen}
        }:
            m = MEASURES[key]
            high = int(m.high) if m.high is not None else 10**6
            value = data.draw(st.integers(0, high) if m.is_integer else st.floats(0, high).map(lambda v: v + 0.0))
            rows.append(
                {"unit_kind": "compound", "unit_id": unit, "month": month, "measure": key, "value": float(value)}
            )
    compounds = pd.DataFrame({"compound_id": KEYS, "name": "试写苑", "area_code": "990101"})
    batch = commit_frames(bare, {"compound": compounds, "observation": complete_pairs(rows)}, actor="甲", refresh=False)
    try:
        with bare.connect() as connection:
            content = export_store(connection, tables=["observation"])
            stored = len(read_current(connection, observation))
        change = {c.table: c for c in prepared(bare, content).changes}["observation"]
        assert (change.added, change.changed, change.unchanged) == (0, 0, stored)
    finally:
        revert(bare, batch, actor="甲")


def complete_pairs(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """The rows with the measure each must come with, until nothing is missing."""
    found = {(r["unit_id"], r["month"], r["measure"]): r for r in rows}
    while True:
        lacking = [
            {**r, "measure": pair, "value": 1.0} for r in found.values()
            if (pair := MEASURES[r["measure"]].pair) and (r["unit_id"], r["month"], pair) not in found
        ]  # fmt: skip
        if not lacking:
            return pd.DataFrame(list(found.values()))
        found.update({(r["unit_id"], r["month"], r["measure"]): r for r in lacking})


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_sheet_saved_as_csv_is_the_same_import(store: Engine, encoding: str) -> None:
    compounds = pd.DataFrame(
        {"compound_id": KEYS, "name": "试写苑,一期", "area_code": "990101", "fee_yuan_m2_month": 1.44}
    )
    commit_frames(store, {"area": AREAS, "compound": compounds}, actor="甲")
    with store.connect() as connection:
        frame = sheet_rows(TABLES["compound"], read_current(connection, TABLES["compound"]))
    preview = prepared(store, frame.to_csv(index=False).encode(encoding), "小区.csv")
    assert [(c.table, c.added, c.changed, c.unchanged) for c in preview.changes] == [("compound", 0, 0, 4)]


def test_importing_a_workbook_twice_is_importing_it_once_and_reverts_exactly(any_store: Engine) -> None:
    commit_frames(any_store, {"area": AREAS}, actor="甲")
    before = dump(any_store)
    content = workbook_of_everything()
    first = commit(any_store, prepared(any_store, content), actor="甲")
    once = dump(any_store)
    second = commit(any_store, prepared(any_store, content), actor="甲")
    twice = dump(any_store)
    once.pop("import_confirmation"), twice.pop("import_confirmation")
    assert twice == once
    assert once["unit_month"]
    revert(any_store, second, actor="乙")
    revert(any_store, first, actor="乙")
    assert dump(any_store) == before


def workbook_of_everything() -> bytes:
    from tests.data.importing.files import workbook

    fees = [MEASURES[key].zh for key in ("posts_set", "posts_claimed")]
    return workbook({
        "小区": [("小区编号", "小区名称", "所属区划代码", "户数"), ("X1", "试写苑", "990101", 90), ("X2", "例句里", "990102", 80)],
        "满意度调查": [("小区编号", "调查月份", "题目", "有效数", "满意数"), ("X1", "2026-03", "总体满意", 40, 31)],
        "诉求纠纷": [("事件编号", "小区编号", "事件类型", "受理时间", "办结时间"),
                  ("E1", "X1", "纠纷", "2026-03-02 08:30", "2026-03-05 17:00")],
        "小区月报": [("小区编号", "月份", *fees), ("X1", "2026-03", 1000, 900), ("X2", "2026年3月", 500, 100)],
    })  # fmt: skip


def test_a_preview_made_before_another_import_is_checked_again(store: Engine) -> None:
    commit_frames(store, {"area": AREAS}, actor="甲")
    early = prepared(store, workbook_of_everything())
    commit(store, prepared(store, workbook_of_everything()), actor="甲")
    commit(store, early, actor="甲")
    assert [(c.table, c.added, c.changed) for c in early.changes if c.added or c.changed] == []
    with store.connect() as connection:
        assert len(read_current(connection, TABLES["compound"])) == 2


def test_a_column_left_out_keeps_what_the_store_has_and_an_empty_cell_empties_it(store: Engine) -> None:
    from tests.data.importing.files import csv_bytes

    full = pd.DataFrame(
        {"compound_id": ["X1"], "name": ["试写苑"], "area_code": ["990101"], "households": [90], "buildings": [7]}
    )
    commit_frames(store, {"area": AREAS, "compound": full}, actor="甲")
    rows = [("小区编号", "小区名称", "所属区划代码", "户数"), ("X1", "试写苑", "990101", None)]
    commit(store, prepared(store, csv_bytes(rows), "小区.csv"), actor="甲")
    with store.connect() as connection:
        found = read_current(connection, TABLES["compound"])
    assert found["households"].isna().all()
    assert list(found["buildings"]) == [7]


def test_the_template_is_the_same_every_time_and_offers_every_choice(tmp_path: Path) -> None:
    import openpyxl

    path = tmp_path / "t.xlsx"
    path.write_bytes(write_template())
    assert path.read_bytes() == write_template()
    book = openpyxl.load_workbook(path)
    for table in sheet_tables():
        sheet = book[table.info["zh"]]
        heads = [str(c.value) for c in sheet[1]]
        assert len(heads) == len(sheet_columns(table))
        lists = {str(rule.formula1).strip('"') for rule in sheet.data_validations.dataValidation}
        for column in sheet_columns(table):
            if column.info["choices"] is not None:
                assert ",".join(offered(column)) in lists
    assert monthly_rows(MONTHLY[0], pd.DataFrame({"unit_kind": [], "measure": []})).empty


def test_every_observed_measure_has_a_place_in_the_template() -> None:
    placed = {m.key for sheet in MONTHLY for m in measures_of(sheet)}
    assert placed == {m.key for m in MEASURES.values() if m.observed}
