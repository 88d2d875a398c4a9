"""Meetings, the three lists, sites that serve, agreements, and demonstration awards."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, literal, select, union_all

from data.catalogue.sources import C, counted, event_rows, flag, observed, stock_rows
from data.catalogue.types import AREA_UNITS, PLACED, Absence, Indicator, Measure, Nature, Page, Reported, RowSelect
from data.schema import area, award, compound, site, task, unit_place
from data.schema.vocabulary import SiteKind, TaskList, UnitKind

S, F = Nature.STOCK, Nature.FLOW
COMMUNITY, STREET = UnitKind.COMMUNITY, UnitKind.STREET
LISTS = {
    "resource": TaskList.RESOURCE, "need": TaskList.NEED, "task": TaskList.TASK, "upgrade": TaskList.UPGRADE,
}  # fmt: skip
SIX = ("has_place", "has_equipment", "has_sign", "has_flag", "has_reading", "has_rules")
SIX_ZH = ("有场所", "有设施", "有标志", "有党旗", "有书报", "有制度")


def _sites(kind: SiteKind, *, where: Any = None) -> Any:
    condition = site.c.kind == kind.value
    return stock_rows(site, site.c.community_code, start="opened_on", end="closed_on",
                      where=condition if where is None else condition & where)  # fmt: skip


def _urban_stations() -> Any:
    street = area.alias("street")
    urban = (
        select(unit_place.c.unit_id)
        .join(street, (street.c.code == unit_place.c.street) & street.c.superseded_by.is_(None))
        .where(unit_place.c.unit_kind == COMMUNITY.value, street.c.is_urban_core.is_(True))
    )
    return _sites(SiteKind.STATION, where=site.c.community_code.in_(urban))


def _streets_with_station() -> Any:
    place = unit_place.alias("place")
    rows = stock_rows(site, place.c.street, start="opened_on", end="closed_on",
                      where=site.c.kind == SiteKind.STATION.value)  # fmt: skip
    joined: RowSelect = rows.join(
        place, (place.c.unit_kind == COMMUNITY.value) & (place.c.unit_id == site.c.community_code)
    ).join(
        area,
        (area.c.code == place.c.street) & area.c.superseded_by.is_(None) & area.c.is_urban_core.is_(True),
    )
    return joined


def _compounds_near_party_station() -> RowSelect:
    """1 for a compound whose community has a party service station, 0 for the others whose community is known."""
    place = unit_place.alias("place")
    served = stock_rows(site, place.c.unit_id, start="opened_on", end="closed_on",
                        where=site.c.kind == SiteKind.PARTY_STATION.value).join(
        place, (place.c.unit_kind == C.value) & (place.c.community == site.c.community_code) & (place.c.community != "")
    )  # fmt: skip
    known = stock_rows(compound, compound.c.compound_id, start="valid_from", end="valid_to", value=0.0).join(
        place,
        (place.c.unit_kind == C.value) & (place.c.unit_id == compound.c.compound_id) & place.c.community.is_not(None),
    )
    return union_all(served, known)


def _tasks(list_kind: TaskList, when: str, *, where: Any = None) -> Any:
    condition = task.c.list_kind == list_kind.value
    return event_rows(task, func.coalesce(task.c.compound_id, task.c.area_code), task.c[when],
                      where=condition if where is None else condition & where)  # fmt: skip


def _list_measures(key: str, zh: str) -> tuple[Measure, ...]:
    kind = LISTS[key]
    return (
        counted(f"list_{key}", f"{zh}登记", f"{key} list items", "条", F, PLACED, lambda: _tasks(kind, "opened_on")),
        counted(f"list_{key}_due", f"{zh}到期", f"{key} items due", "条", F, PLACED, lambda: _tasks(kind, "due_on")),
        counted(f"list_{key}_on_time", f"{zh}按期完成", f"{key} items done in time", "条", F, PLACED,
                lambda: _tasks(kind, "due_on", where=task.c.done_on <= task.c.due_on)),
        counted(f"list_{key}_done", f"{zh}已完成(按登记月)", f"{key} items done, by month opened", "条", F, PLACED,
                lambda: _tasks(kind, "opened_on", where=task.c.done_on.is_not(None))),
    )  # fmt: skip


def _all_six(value: Any) -> Any:
    condition = literal(True)
    for name in SIX:
        condition = condition & value.c[name].is_(True)
    return condition


KNOWN_SIX = site.c.has_place.is_not(None)
MEASURES: tuple[Measure, ...] = (
    observed("branch_meetings", "支部议事次数", "branch deliberations", "次", F),
    observed("major_matters", "重大事项", "major matters", "件", F),
    observed("major_matters_prereviewed", "经支部前置审核", "of which reviewed by the branch first", "件", F,
             pair="major_matters"),
    observed("four_party_due", "四方联席应开", "four-party meetings due", "次", F),
    observed("four_party_held", "四方联席已开", "four-party meetings held", "次", F, pair="four_party_due"),
    observed("four_party_full", "四方到齐", "of which all four present", "次", F, pair="four_party_due"),
    observed("agenda_items", "联席议题", "agenda items", "件", F),
    observed("agenda_items_closed", "议题办结", "agenda items closed", "件", F, pair="agenda_items"),
    flag("agreement_signed", "已签共建协议", "agreement signed", COMMUNITY),
    *(m for key, zh in (("resource", "资源清单"), ("need", "需求清单"), ("task", "任务清单"), ("upgrade", "提升行动"))
      for m in _list_measures(key, zh)),
    counted("stations", "物业服务站暨调解中心", "service and mediation stations", "个", S, AREA_UNITS,
            lambda: _sites(SiteKind.STATION)),
    counted("stations_urban", "市区服务站", "of which in the urban streets", "个", S, (COMMUNITY,), _urban_stations),
    counted("urban_streets_with_station", "有服务站的市区街道", "urban streets with a station", "个", S, (STREET,),
            _streets_with_station, combine="max"),
    counted("communities_with_station", "有服务站的社区", "communities with a station", "个", S, (COMMUNITY,),
            lambda: _sites(SiteKind.STATION), combine="max"),
    counted("party_stations", "党群服务站", "party service stations", "个", S, AREA_UNITS,
            lambda: _sites(SiteKind.PARTY_STATION)),
    counted("communities_with_party_station", "有党群服务站的社区", "communities with a party station", "个", S,
            (COMMUNITY,), lambda: _sites(SiteKind.PARTY_STATION), combine="max"),
    counted("compounds_with_party_station", "社区设党群服务站的小区", "compounds whose community has a party station",
            "个小区", S, (C,), _compounds_near_party_station, combine="max", absence=Absence.UNREPORTED,
            population="compounds", is_flag=True),
    counted("party_stations_six_known", "已报六有的党群服务站", "party stations with the six reported", "个", S, AREA_UNITS,
            lambda: _sites(SiteKind.PARTY_STATION, where=KNOWN_SIX), absence=Absence.UNREPORTED),
    counted("party_stations_six", "六有达标的党群服务站", "party stations with all six", "个", S, AREA_UNITS,
            lambda: _sites(SiteKind.PARTY_STATION, where=_all_six(site)), absence=Absence.ZERO),
    *(counted(f"party_stations_{name}", f"党群服务站{zh}", f"party stations: {name}", "个", S, AREA_UNITS,
              lambda name=name: _sites(SiteKind.PARTY_STATION, where=site.c[name].is_(True)))  # type: ignore[misc]
      for name, zh in zip(SIX, SIX_ZH, strict=True)),
    counted("demonstrations", "示范小区", "demonstration compounds", "个小区", S, (C,),
            lambda: stock_rows(award, award.c.compound_id, start="awarded_on", end="revoked_on",
                               where=award.c.awarded_on.is_not(None)), combine="max"),
    counted("demonstrations_revoked", "摘牌", "awards revoked", "个小区", F, (C,),
            lambda: event_rows(award, award.c.compound_id, award.c.revoked_on)),
    counted("demonstration_applications", "申报示范", "applications", "个小区", F, (C,),
            lambda: event_rows(award, award.c.compound_id, award.c.applied_on)),
)  # fmt: skip

MEET, LIST, SITE, AWARD = "《议事月报》", "《三个清单台账》", "《服务阵地登记表》", "《示范命名文件》"


def _rate(key: str, zh: str, en: str, num: str, den: str | Reported, definition: str, definition_en: str,
          codes: tuple[str, ...], source: str, page: Page, *, cumulative: bool = False) -> Indicator:  # fmt: skip
    return Indicator(key=key, zh=zh, en=en, unit="%", decimals=1, scale=100, numerator=(num,), direction=1,
                     denominator=den if isinstance(den, Reported) else (den,), definition_zh=definition,
                     definition_en=definition_en, codes=codes, source=source, page=page,
                     cumulative=cumulative)  # fmt: skip


def _count(key: str, zh: str, en: str, unit: str, definition: str, definition_en: str, codes: tuple[str, ...],
           source: str, page: Page, *, cumulative: bool = False) -> Indicator:  # fmt: skip
    return Indicator(key=key, zh=zh, en=en, unit=unit, numerator=(key,), direction=1, definition_zh=definition,
                     definition_en=definition_en, codes=codes, source=source, page=page,
                     cumulative=cumulative)  # fmt: skip


INDICATORS: tuple[Indicator, ...] = (
    _count("branch_meetings", "支部议事", "Branch deliberations", "次", "当月支部议事次数", "Branch deliberations", ("A10",), MEET,
           Page.COVERAGE),
    _rate("prereview_rate", "重大事项前置审核率", "Reviewed first", "major_matters_prereviewed", "major_matters",
          "经支部前置审核÷重大事项", "Major matters reviewed by the branch first", ("A10",), MEET, Page.COVERAGE),
    _rate("four_party_rate", "四方联席召开率", "Four-party meetings", "four_party_held", "four_party_due", "已开÷应开",
          "Held over due", ("B04",), MEET, Page.COVERAGE),
    _rate("four_party_full_rate", "四方到齐率", "All four present", "four_party_full", "four_party_held",
          "四方到齐次数÷已开次数", "Meetings with all four present over held", ("B04",), MEET, Page.COVERAGE),
    _rate("agenda_closed_rate", "议题办结率", "Agenda items closed", "agenda_items_closed", "agenda_items", "办结÷议题",
          "Closed over items", ("B04",), MEET, Page.COVERAGE),
    _rate("agreement_rate", "共建协议签约率", "Agreements signed", "agreement_signed", Reported.UNITS, "已签约社区÷已报社区",
          "Communities with an agreement", ("B01",), "《社区报表》", Page.COVERAGE),
    _count("list_resource", "资源清单", "Resources listed", "条", "累计登记资源", "Resources listed to date", ("A19",), LIST,
           Page.OVERVIEW, cumulative=True),
    _count("list_need", "需求清单", "Needs listed", "条", "累计登记需求", "Needs listed to date", ("A19",), LIST, Page.OVERVIEW,
           cumulative=True),
    _count("list_task", "任务清单", "Tasks listed", "条", "累计登记任务", "Tasks listed to date", ("A19",), LIST, Page.OVERVIEW,
           cumulative=True),
    _rate("task_conversion_rate", "需求转任务率", "Needs turned into tasks", "list_task", "list_need",
          "任务清单÷需求清单（累计）", "Tasks over needs, to date", ("A19",), LIST, Page.OVERVIEW, cumulative=True),
    _rate("task_on_time_rate", "任务按期办结率", "Tasks in time", "list_task_on_time", "list_task_due",
          "按期完成÷到期任务（累计）", "Done in time over due, to date", ("A19",), LIST, Page.OVERVIEW, cumulative=True),
    _rate("upgrade_done_rate", "提升行动完成率", "Upgrade tasks done", "list_upgrade_done", "list_upgrade",
          "已完成÷登记的提升行动任务（累计）", "Upgrade tasks done over listed, to date", ("A04",), LIST, Page.OVERVIEW,
          cumulative=True),
    _count("stations", "物业服务站暨调解中心", "Stations", "个", "月末启用的社区物业服务站暨调解服务中心", "Stations open at month end",
           ("A20",), SITE, Page.OVERVIEW),
    _count("stations_urban", "其中市区", "Of which urban", "个", "市区街道内的服务站，含于总数，不得相加",
           "Stations in urban streets, part of the total", ("A21",), SITE, Page.OVERVIEW),
    _rate("station_community_rate", "服务站社区覆盖率", "Communities with a station", "communities_with_station",
          "communities_with_compounds", "有服务站的社区÷有物管小区的社区", "Communities with a station over those with compounds",
          ("A20",), SITE, Page.COVERAGE),
    _rate("station_urban_street_rate", "市区街道服务站覆盖率", "Urban streets with a station",
          "urban_streets_with_station", "urban_streets", "有服务站的市区街道÷市区街道", "Urban streets with a station", ("A21",),
          SITE, Page.COVERAGE),
    _count("party_stations", "党群服务站", "Party stations", "个", "月末启用的党群服务站", "Party service stations", ("C09",), SITE,
           Page.COVERAGE),
    _rate("party_station_rate", "党群服务站覆盖率", "Communities with a party station", "communities_with_party_station",
          "communities_with_compounds", "有党群服务站的社区÷有物管小区的社区", "Communities with a party station", ("C09", "C01"),
          SITE, Page.COVERAGE),
    _rate("six_have_rate", "六有达标率", "All six in place", "party_stations_six", "party_stations_six_known",
          "六项全有的党群服务站÷已报六有的站", "Party stations with all six over those that reported", ("A34",), SITE, Page.COVERAGE),
    *(_rate(f"six_{name}", zh, name.replace("_", " ").capitalize(), f"party_stations_{name}", "party_stations_six_known",
            f"{zh}的党群服务站÷已报六有的站", f"Party stations: {name}", ("A34",), SITE, Page.COVERAGE)
      for name, zh in zip(SIX, SIX_ZH, strict=True)),
    _count("demonstrations", "示范小区", "Demonstration compounds", "个", "月末在牌的示范小区", "Awards in force", ("A35",), AWARD,
           Page.RANKING),
    _rate("demonstration_rate", "示范率", "Demonstration rate", "demonstrations", "compounds", "在牌示范小区÷物管小区",
          "Awards in force over managed compounds", ("A35",), AWARD, Page.RANKING),
    _count("demonstrations_revoked", "累计摘牌", "Awards revoked", "个", "摘牌小区数，累计", "Awards revoked to date", ("A35",),
           AWARD, Page.RANKING, cumulative=True),
)  # fmt: skip
