"""The demo's imports in the order they came: registers, the years before, a report a month, and what was late or wrong.

A report holds what was known when its month ended: a case resolved later comes again, resolved, with a later report.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pandas as pd
from sqlalchemy import Date

from data.demo.city import DemoCity
from data.demo.clock import MONTHS
from data.rollup.calendar import last_day, next_month
from data.schema import TABLES
from data.schema.columns import Kind


def _utc(year: int, month: int, day: int, hour: int, minute: int) -> datetime:
    """A UTC time as the store keeps it: without zone."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC).replace(tzinfo=None)


# The city began with the system in November 2025 and loaded its archive first; from then on it reports every month.
ARCHIVE_ENDS, ARCHIVE_LOADED = "2025-10", _utc(2025, 11, 3, 1, 0)
SPANS = (("2021-11", "2022-12"), ("2023-01", "2023-12"), ("2024-01", "2024-12"), ("2025-01", ARCHIVE_ENDS))
REPORTED_ON_DAY = 6
# Dates on which a row comes into being or changes; what lies ahead of a report is not in it.
HAPPENS = {
    "compound": ("valid_from",), "company": ("valid_from",), "management": ("valid_from", "valid_to"),
    "site": ("opened_on", "closed_on"), "party_org": ("founded_on", "dissolved_on"), "committee": ("established_on",),
    "award": ("applied_on", "awarded_on", "revoked_on"),
    "case_event": ("opened_at", "responded_at", "arrived_at", "resolved_at"), "task": ("opened_on", "done_on"),
    "assessment": ("interview_held_on", "rectified_on"), "objection": ("raised_on", "answered_on"),
    "incident": ("opened_on", "closed_on"),
}  # fmt: skip
# Cells that are only known once a date is.
KNOWN_WITH = {
    "resolved_at": ("level_closed", "reopened", "callback_satisfied"), "interview_held_on": ("rectify_due_on",),
    "answered_on": ("score_after",),
}  # fmt: skip
STATED_MONTH = {"observation": "month", "survey": "wave", "assessment": "month"}

LATE = (
    ("341824100", "华阳镇", "2026-03", _utc(2026, 4, 21, 2, 30)),
    ("341823100", "泾川镇", "2026-09", _utc(2026, 10, 19, 7, 0)),
)
LATE_CASES_STREET, LATE_CASES_MONTH, LATE_CASES_AT = "341882001", "2026-10", _utc(2026, 11, 13, 3, 0)
# Two streets had entered collected fees a digit short; a dozen cases were filed under the wrong category.
WRONG_STREETS, WRONG_MONTH, WRONG_ROWS, WRONG_CASES = ("341881001", "341881002"), "2026-07", 40, 12
FEES_PUT_RIGHT_AT, CASES_PUT_RIGHT_AT = _utc(2026, 9, 15, 1, 30), _utc(2026, 9, 21, 6, 0)


@dataclass(frozen=True)
class Batch:
    """One import: its file, a note, when it was made (UTC without zone) and its rows by table."""

    file_name: str
    note: str
    created_at: datetime
    frames: dict[str, pd.DataFrame]


def batches_of(city: DemoCity) -> list[Batch]:
    """Batches that, one after the other, leave a store with exactly `city.frames`."""
    frames = city.frames
    late = {name: pd.Series(False, index=frame.index) for name, frame in frames.items()}
    plan: list[Batch] = []
    for street, title, month, at in LATE:
        rows = _of_month("observation", frames["observation"], month) & _inside(city, frames["observation"], street)
        late["observation"] |= rows
        plan.append(
            Batch(f"{title}{month}.xlsx", f"迟报：{title}{month}月报", at, {"observation": frames["observation"][rows]})
        )
    cases = frames["case_event"]
    rows = _of_month("case_event", cases, LATE_CASES_MONTH) & _inside(city, cases, LATE_CASES_STREET)
    late["case_event"] |= rows
    plan.append(
        Batch("桐汭街道2026-10诉求.xlsx", "迟报：桐汭街道2026-10诉求台账", LATE_CASES_AT, {"case_event": cases[rows]})
    )
    wrong = _wrong_fees(city)
    beside = _fees_beside(frames["observation"], wrong)
    plan.append(Batch(
        "更正2026-07实收物业费.xlsx", "更正：西津、南山街道2026-07实收物业费少填一位", FEES_PUT_RIGHT_AT,
        {"observation": frames["observation"][beside]},
    ))  # fmt: skip
    misfiled = _wrong_cases(cases)
    plan.append(
        Batch(
            "更正2026-07诉求类别.xlsx", "更正：2026-07诉求类别", CASES_PUT_RIGHT_AT, {"case_event": cases.loc[misfiled]}
        )
    )
    first = {name: frame[~late[name]].copy() for name, frame in frames.items()}
    first["observation"].loc[wrong, "value"] = (first["observation"].loc[wrong, "value"] / 10).round(2)
    first["case_event"].loc[misfiled, "category"] = "其他"
    plan += _archive(first) + _monthly(first)
    return sorted(plan, key=lambda batch: batch.created_at)


def _archive(frames: dict[str, pd.DataFrame]) -> list[Batch]:
    """The registers as they stood, then the years before."""
    end = pd.Timestamp(last_day(ARCHIVE_ENDS)) + timedelta(days=1)
    known = {name: _known(name, frame, None, end) for name, frame in frames.items()}
    known["party_org_compound"] = _covers(frames, known["party_org"])
    registers = {n: f for n, f in known.items() if TABLES[n].info["kind"] is Kind.REGISTER}
    made = [Batch("登记表.xlsx", "登记表：区划、小区、企业、党组织、阵地", ARCHIVE_LOADED, registers)]
    for number, (first, last) in enumerate(SPANS):
        part = {n: f[_month_of(n, f).between(first, last)] for n, f in known.items() if n not in registers}
        at = ARCHIVE_LOADED + timedelta(hours=20 * (number + 1))
        made.append(Batch(f"历史补录{first}至{last}.xlsx", f"历史补录：{first}至{last}", at, _filled(part)))
    return made


def _monthly(frames: dict[str, pd.DataFrame]) -> list[Batch]:
    """One report a month since the archive: what the month counted, and every row that came or changed in it."""
    made = []
    for month in MONTHS[MONTHS.index(ARCHIVE_ENDS) + 1 :]:
        begin, end = pd.Timestamp(f"{month}-01"), pd.Timestamp(last_day(month)) + timedelta(days=1)
        part = {
            name: frame[_month_of(name, frame) == month] if name in ("observation", "survey")
            else _known(name, frame, begin, end)
            for name, frame in frames.items() if name in HAPPENS or name in STATED_MONTH
        }  # fmt: skip
        part["party_org_compound"] = _covers(frames, part["party_org"])
        following = next_month(month)
        at = _utc(int(following[:4]), int(following[5:]), REPORTED_ON_DAY, 1 + int(month[5:]) % 7, 20)
        made.append(Batch(f"{month}月报.xlsx", f"{month}月报", at, _filled(part)))
    return made


def _known(name: str, frame: pd.DataFrame, begin: pd.Timestamp | None, end: pd.Timestamp) -> pd.DataFrame:
    """Rows that came or changed before `end`, and not before `begin` if one is given, as they stood at `end`.

    A row whose first date is not known has always been there; a table without dates is known whole.
    """
    if name not in HAPPENS:
        return frame
    first, *_ = dates = HAPPENS[name]
    came = frame[first]
    if name in STATED_MONTH:
        # An assessment exists once its month is over.
        came = pd.to_datetime(frame[STATED_MONTH[name]]) + pd.offsets.MonthEnd(0)
    there = came.isna() | (came < end)
    moved = pd.Series(begin is None, index=frame.index)
    if begin is not None:
        for happened in (came, *(frame[column] for column in dates)):
            moved |= happened.between(begin, end, inclusive="left")
    rows = frame[moved & there].copy()
    for column in dates:
        ahead = rows[column] >= end
        if ahead.any():
            rows.loc[ahead, column] = pd.NaT
            for cell in KNOWN_WITH.get(column, ()):
                rows.loc[ahead, cell] = pd.NaT if isinstance(TABLES[name].c[cell].type, Date) else None
    return rows


def _covers(frames: dict[str, pd.DataFrame], orgs: pd.DataFrame) -> pd.DataFrame:
    covers = frames["party_org_compound"]
    return covers[covers["org_id"].isin(orgs["org_id"])]


def _filled(part: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    return {name: frame for name, frame in part.items() if len(frame)}


def _month_of(name: str, frame: pd.DataFrame) -> pd.Series:
    if name in STATED_MONTH:
        stated: pd.Series = frame[STATED_MONTH[name]]
        return stated
    happened: pd.Series = frame[HAPPENS[name][0]].dt.strftime("%Y-%m").astype("str")
    return happened


def _of_month(name: str, frame: pd.DataFrame, month: str) -> pd.Series:
    return _month_of(name, frame) == month


def _inside(city: DemoCity, frame: pd.DataFrame, *streets: str) -> pd.Series:
    """Rows of compounds that lie in `streets`."""
    register = city.frames["compound"]
    inside = register.loc[register["area_code"].str[:9].isin(streets), "compound_id"]
    return frame["unit_id" if "unit_id" in frame else "compound_id"].isin(inside)


def _wrong_fees(city: DemoCity) -> pd.Index:
    rows = city.frames["observation"]
    collected = (rows["measure"] == "fees_collected_yuan") & _of_month("observation", rows, WRONG_MONTH)
    found: pd.Index = rows.index[collected & _inside(city, rows, *WRONG_STREETS)][:WRONG_ROWS]
    return found


def _fees_beside(rows: pd.DataFrame, wrong: pd.Index) -> pd.Series:
    """The rows and the fees due beside them: 应收 and 实收 are handed in together."""
    fees = rows["measure"].isin(["fees_due_yuan", "fees_collected_yuan"]) & (rows["month"] == WRONG_MONTH)
    return fees & rows["unit_id"].isin(rows.loc[wrong, "unit_id"])


def _wrong_cases(cases: pd.DataFrame) -> pd.Index:
    """Cases opened and closed in the month, which no later report names again."""
    month = _of_month("case_event", cases, WRONG_MONTH) & (cases["category"] != "其他")
    closed = cases["resolved_at"].dt.strftime("%Y-%m") == WRONG_MONTH
    found: pd.Index = cases.index[month & closed][:WRONG_CASES]
    return found
