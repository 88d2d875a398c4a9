"""Rules between the cells of a row, and between rows of one upload. Each rule names the cell to look at and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import Connection, select

from data.importing.rows import SheetRows, Target
from data.schema import area, compound
from data.schema.vocabulary import AreaLevel, ManagementMode

Mask = pd.Series

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


@dataclass(frozen=True)
class Rule:
    """Rows of `table` for which `broken` holds are refused.

    Attributes:
        needs: columns that must be in the sheet for the rule to apply.
        at: the column the message points to.
    """

    table: str
    needs: tuple[str, ...]
    at: str
    code: str
    message: str
    broken: Callable[[pd.DataFrame], Mask]


def _before(later: str, earlier: str) -> Callable[[pd.DataFrame], Mask]:
    return lambda f: f[later] < f[earlier]


def _order(table: str, earlier: str, later: str, message: str) -> Rule:
    return Rule(table, (earlier, later), later, "wrong_order", message, _before(later, earlier))


def _above(part: str, whole: str) -> Callable[[pd.DataFrame], Mask]:
    return lambda f: f[part] > f[whole]


_SCORES = ("score1", "score2", "score3", "score4", "score5")
_DATED = ("area", "grid", "compound", "company", "management")

RULES: tuple[Rule, ...] = (
    *(
        _order(name, "valid_from", "valid_to", "截止日期早于起始日期；请核对两个日期是否填反")
        for name in _DATED
    ),
    Rule("area", ("code", "parent_code"), "parent_code", "own_parent", "上级代码不能是自己；请填上一级区划的代码",
         lambda f: f["code"] == f["parent_code"]),
    Rule("area", ("level", "parent_code"), "parent_code", "missing_parent",
         "除市级外，每个区划都要有上级代码；请补填上一级区划的代码",
         lambda f: f["parent_code"].isna() & f["level"].notna() & (f["level"] != AreaLevel.CITY)),
    Rule("compound", ("lon", "lat"), "lat", "half_coordinate", "经度、纬度只填了一个；请补全或都留空",
         lambda f: f["lon"].isna() != f["lat"].isna()),
    Rule("company", ("lon", "lat"), "lat", "half_coordinate", "经度、纬度只填了一个；请补全或都留空",
         lambda f: f["lon"].isna() != f["lat"].isna()),
    Rule("company", ("uscc",), "uscc", "uscc_check_digit",
         "统一社会信用代码应为18位且校验位相符（GB 32100-2015）；请对照营业执照重新录入",
         lambda f: f["uscc"].notna() & ~f["uscc"].map(lambda c: isinstance(c, str) and valid_uscc(c)).astype(bool)),
    Rule("management", ("mode", "company_id"), "company_id", "company_without_manager",
         "管理模式为“无”，却填了物业企业；请改管理模式或清空企业编号",
         lambda f: (f["mode"] == ManagementMode.NONE) & f["company_id"].notna()),
    Rule("committee", ("seats", "party_seats"), "party_seats", "part_above_whole",
         "党员席位多于席位总数；请核对两个数字", _above("party_seats", "seats")),
    _order("committee", "established_on", "term_end", "任期届满早于成立日期；请核对两个日期"),
    _order("party_org", "founded_on", "dissolved_on", "撤销日期早于成立日期；请核对两个日期"),
    _order("site", "opened_on", "closed_on", "停用日期早于启用日期；请核对两个日期"),
    _order("award", "applied_on", "awarded_on", "命名日期早于申报日期；请核对两个日期"),
    _order("award", "awarded_on", "revoked_on", "摘牌日期早于命名日期；请核对两个日期"),
    Rule("case_event", ("opened_at",), "opened_at", "no_place",
         "小区编号和区划代码都没填，无法归到任何地方；请至少填一个",
         lambda f: _empty(f, "compound_id") & _empty(f, "area_code")),
    Rule("task", ("opened_on",), "opened_on", "no_place",
         "小区编号和区划代码都没填，无法归到任何地方；请至少填一个",
         lambda f: _empty(f, "compound_id") & _empty(f, "area_code")),
    _order("case_event", "opened_at", "due_at", "应办结时间早于受理时间；请核对两个时间"),
    _order("case_event", "opened_at", "responded_at", "响应时间早于受理时间；请核对两个时间"),
    _order("case_event", "opened_at", "arrived_at", "到场时间早于受理时间；请核对两个时间"),
    _order("case_event", "opened_at", "resolved_at", "办结时间早于受理时间；请核对两个时间"),
    _order("task", "opened_on", "due_on", "到期日期早于登记日期；请核对两个日期"),
    _order("task", "opened_on", "done_on", "完成日期早于登记日期；请核对两个日期"),
    Rule("survey", ("satisfied", "valid"), "satisfied", "part_above_whole",
         "满意数多于有效数；满意数是有效问卷中的一部分，请核对", _above("satisfied", "valid")),
    Rule("survey", ("valid", "invited"), "valid", "part_above_whole",
         "有效数多于发放数；请核对", _above("valid", "invited")),
    Rule("survey", ("valid", *_SCORES), "score1", "parts_differ",
         "五档人数相加不等于有效数；请核对，或把五档都留空",
         lambda f: f[list(_SCORES)].notna().all(axis=1) & (f[list(_SCORES)].sum(axis=1) != f["valid"])),
    _order("assessment", "interview_held_on", "rectified_on", "整改完成早于约谈日期；请核对两个日期"),
    _order("objection", "raised_on", "answered_on", "答复日期早于提出日期；请核对两个日期"),
    _order("incident", "opened_on", "closed_on", "销号日期早于发生日期；请核对两个日期"),
)  # fmt: skip


def _empty(frame: pd.DataFrame, column: str) -> Mask:
    return frame[column].isna() if column in frame else pd.Series(True, index=frame.index)


def valid_uscc(code: str) -> bool:
    """Whether an 18-character unified social credit code has the check character GB 32100-2015 asks for."""
    if len(code) != 18 or any(c not in USCC_ALPHABET for c in code):
        return False
    total = sum(USCC_ALPHABET.index(c) * w for c, w in zip(code[:17], USCC_WEIGHTS, strict=True))
    return USCC_ALPHABET[(31 - total % 31) % 31] == code[17]


def check_rules(sheet: SheetRows, target: Target) -> None:
    """Report the rows of `target` that break a rule between their own cells."""
    frame = target.frame
    for rule in RULES:
        if rule.table != target.table.name or any(c not in frame for c in rule.needs):
            continue
        broken = rule.broken(frame).fillna(False).astype(bool)
        if broken.any():
            sheet.findings.add(
                frame.index[broken], target.heading(rule.at), frame.loc[broken, rule.at], rule.code, rule.message
            )


def check_across(connection: Connection, uploads: Sequence[tuple[SheetRows, Target]]) -> None:
    """Rules that need other tables: ids that are area codes, compounds managed by nobody in the managed register."""
    areas = set(connection.scalars(select(area.c.code).where(area.c.superseded_by.is_(None))))
    managed = pd.Series(dict(connection.execute(
        select(compound.c.compound_id, compound.c.is_managed).where(compound.c.superseded_by.is_(None))
    ).all()), dtype="boolean")  # fmt: skip
    for _, target in uploads:
        if target.table.name == "area":
            areas |= set(target.frame["code"].dropna())
        if target.table.name == "compound" and "is_managed" in target.frame:
            stated = target.frame.dropna(subset=["compound_id"]).drop_duplicates("compound_id")
            stated_flags = stated.set_index("compound_id")["is_managed"]
            managed = pd.concat([managed[~managed.index.isin(stated_flags.index)], stated_flags])
    for sheet, target in uploads:
        frame = target.frame
        if target.table.name == "compound":
            same = frame["compound_id"].isin(areas)
            sheet.findings.add(
                frame.index[same], target.heading("compound_id"), frame.loc[same, "compound_id"], "id_is_area_code",
                "小区编号与区划代码相同，会把小区和区划混淆；请换一个小区编号",
            )  # fmt: skip
        if target.table.name == "management" and "mode" in frame:
            nobody = frame["mode"] == ManagementMode.NONE
            flagged = frame["compound_id"].isin(managed.index[managed.fillna(False)]) & nobody
            sheet.findings.add(
                frame.index[flagged], target.heading("mode"), frame.loc[flagged, "mode"], "unmanaged_in_register",
                "管理模式为“无”，但小区登记为物管小区；请把小区表的“物管小区”改为否，或改正管理模式",
            )  # fmt: skip
