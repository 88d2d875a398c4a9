"""The demo's imports in the order they came: registers, the years, the latest month, then what was late or wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pandas as pd

from data.demo.city import DemoCity
from data.demo.clock import LAST_MONTH
from data.schema import TABLES
from data.schema.columns import Kind

# The archive was loaded in the days after the data date.
BEGUN_AT = datetime(2026, 11, 2, 1, 0)  # noqa: DTZ001 - the store keeps UTC without zone
# A town whose October reports are missing sent its September ones only after the city's.
LATE_STREET, LATE_MONTH = "341823100", "2026-09"
LATE_CASES_STREET, LATE_CASES_MONTH = "341882001", "2026-10"
# Two streets had entered collected fees a digit short.
WRONG_STREETS, WRONG_MONTH = ("341881001", "341881002"), "2026-07"
WRONG_ROWS, WRONG_CASES = 40, 12
MONTH_OF = {
    "observation": "month", "survey": "wave", "assessment": "month", "objection": "raised_on", "incident": "opened_on",
    "case_event": "opened_at", "task": "opened_on",
}  # fmt: skip
SPANS = (
    ("2021-11", "2022-12", "历史补录：2021年11月至2022年"), ("2023-01", "2023-12", "历史补录：2023年"),
    ("2024-01", "2024-12", "历史补录：2024年"), ("2025-01", "2025-12", "历史补录：2025年"),
    ("2026-01", "2026-09", "历史补录：2026年1月至9月"), (LAST_MONTH, LAST_MONTH, "2026年10月报"),
)  # fmt: skip


@dataclass(frozen=True)
class Batch:
    """One import: its file, a note, when it was made (UTC without zone) and its rows by table."""

    file_name: str
    note: str
    created_at: datetime
    frames: dict[str, pd.DataFrame]


def batches_of(city: DemoCity) -> list[Batch]:
    """Batches that, one after the other, leave a store with exactly `city.frames`."""
    registers = {n: f for n, f in city.frames.items() if TABLES[n].info["kind"] is Kind.REGISTER}
    dated = {n: f for n, f in city.frames.items() if n in MONTH_OF}
    months = {name: _months(name, frame) for name, frame in dated.items()}
    late = {name: _is_late(city, name, frame, months[name]) for name, frame in dated.items()}
    wrong = _wrong_fees(city, dated["observation"])
    moved = dated["case_event"].index[months["case_event"] == WRONG_MONTH][:WRONG_CASES]
    plan = [("登记表.xlsx", "登记表：区划、小区、企业、党组织、阵地", registers)]
    for first, last, note in SPANS:
        part = {}
        for name, frame in dated.items():
            rows = frame[(months[name] >= first) & (months[name] <= last) & ~late[name]]
            if name == "observation":
                rows = rows.copy()
                rows.loc[rows.index.isin(wrong), "value"] = (rows["value"] / 10).round(2)
            if name == "case_event":
                rows = rows.copy()
                rows.loc[rows.index.isin(moved), "category"] = "其他"
            if len(rows):
                part[name] = rows
        plan.append((f"{last}.xlsx", note, part))
    observations, events = dated["observation"], dated["case_event"]
    pairs = observations[_same_sheet(observations, wrong)]
    plan += [
        ("迟报-泾川镇2026-09.xlsx", "迟报：泾川镇2026年9月月报", {"observation": observations[late["observation"]]}),
        ("更正-2026-07实收物业费.xlsx", "更正：西津、南山街道2026年7月实收物业费少填一位", {"observation": pairs}),
        (
            "迟报-桐汭街道2026-10诉求.xlsx",
            "迟报：桐汭街道2026年10月诉求台账",
            {"case_event": events[late["case_event"]]},
        ),
        ("更正-2026-07诉求类别.xlsx", "更正：2026年7月诉求类别", {"case_event": events.loc[moved]}),
    ]
    return [
        Batch(file_name, note, BEGUN_AT + timedelta(hours=20 * number), frames)
        for number, (file_name, note, frames) in enumerate(plan)
    ]


def _months(name: str, frame: pd.DataFrame) -> pd.Series:
    column = frame[MONTH_OF[name]]
    return column if column.dtype == "str" else column.dt.strftime("%Y-%m").astype("str")


def _compounds_of(city: DemoCity, streets: tuple[str, ...]) -> set[str]:
    register = city.frames["compound"]
    return set(register.loc[register["area_code"].str[:9].isin(streets), "compound_id"])


def _is_late(city: DemoCity, name: str, frame: pd.DataFrame, months: pd.Series) -> pd.Series:
    """Rows that came after the batch of their month."""
    if name == "observation":
        return frame["unit_id"].isin(_compounds_of(city, (LATE_STREET,))) & (months == LATE_MONTH)
    if name == "case_event":
        return frame["compound_id"].isin(_compounds_of(city, (LATE_CASES_STREET,))) & (months == LATE_CASES_MONTH)
    return pd.Series(False, index=frame.index)


def _wrong_fees(city: DemoCity, observations: pd.DataFrame) -> pd.Index:
    units = _compounds_of(city, WRONG_STREETS)
    of_month = observations["month"] == WRONG_MONTH
    collected = (observations["measure"] == "fees_collected_yuan") & of_month & observations["unit_id"].isin(units)
    return observations.index[collected][:WRONG_ROWS]


def _same_sheet(observations: pd.DataFrame, rows: pd.Index) -> pd.Series:
    """The rows and the fees due beside them: 应收 and 实收 are handed in together."""
    units = observations.loc[rows, "unit_id"]
    return (
        (observations["month"] == WRONG_MONTH)
        & observations["unit_id"].isin(units)
        & observations["measure"].isin(["fees_due_yuan", "fees_collected_yuan"])
    )
