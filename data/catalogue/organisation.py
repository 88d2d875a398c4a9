"""Party organisations: the six-level chain, coverage in three states, cross-posts, building groups."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, func, literal, select, union_all

from data.catalogue.sources import C, counted, flag, observation_rows, observed, stock_rows
from data.catalogue.types import PLACED, Absence, Indicator, Measure, Nature, Page, Reported, RowSelect
from data.schema import calendar, compound, party_org, party_org_compound, unit_month, unit_place
from data.schema.vocabulary import Cover, FoundingMode, PartyOrgKind, SecretaryRole, UnitKind

S, F = Nature.STOCK, Nature.FLOW
COMPANY, GRID, COMMUNITY = UnitKind.COMPANY, UnitKind.GRID, UnitKind.COMMUNITY
_org = party_org


def _org_stock(kind: PartyOrgKind, unit: Any, *, where: Any = None, value: Any = 1.0) -> Any:
    condition = _org.c.kind == kind.value
    return stock_rows(
        _org, unit, start="founded_on", end="dissolved_on", value=value,
        where=condition if where is None else condition & where,
    )  # fmt: skip


def _covering(covers: tuple[Cover, ...]) -> Any:
    """Rows of compounds covered by a standing compound branch in one of `covers`."""
    poc = party_org_compound
    return (
        select(
            poc.c.compound_id.label("unit_id"),
            calendar.c.month.label("month"),
            literal(1.0).label("value"),
            literal(poc.name).label("source_table"),
            poc.c.row_id.label("row_id"),
        )
        .select_from(poc)
        .join(_org, and_(_org.c.org_id == poc.c.org_id, _org.c.superseded_by.is_(None)))
        .join(
            calendar,
            and_(
                (_org.c.founded_on.is_(None)) | (_org.c.founded_on <= calendar.c.last_day),
                (_org.c.dissolved_on.is_(None)) | (_org.c.dissolved_on > calendar.c.last_day),
            ),
        )
        .where(poc.c.superseded_by.is_(None), poc.c.cover.in_([c.value for c in covers]))
    )


def _states(yes: Any, *others: Any) -> RowSelect:
    """有 rows as 1 and everything else known as 0; the cell takes the larger."""
    zeros = []
    for other in others:
        known = other.subquery()
        zeros.append(
            select(known.c.unit_id, known.c.month, literal(0.0).label("value"), known.c.source_table, known.c.row_id)
        )
    return union_all(yes, *zeros)


def _branch_states() -> RowSelect:
    return _states(
        _covering((Cover.OWN, Cover.JOINT)), _covering((Cover.FALLBACK,)), observation_rows("party_sheet_filed", (C,))
    )


def _fallback_states() -> RowSelect:
    # A compound with a branch of its own or a joint one is not counted as fallback as well.
    better = _covering((Cover.OWN, Cover.JOINT)).subquery()
    fallback = _covering((Cover.FALLBACK,)).subquery()
    only = select(fallback).where(
        ~select(better.c.unit_id)
        .where(better.c.unit_id == fallback.c.unit_id, better.c.month == fallback.c.month)
        .exists()
    )
    return _states(only, _covering((Cover.OWN, Cover.JOINT)), observation_rows("party_sheet_filed", (C,)))


def _company_states() -> RowSelect:
    return _states(
        _org_stock(PartyOrgKind.COMPANY, _org.c.company_id), observation_rows("company_party_sheet_filed", (COMPANY,))
    )


def _work_covered() -> RowSelect:
    """A company reached by a branch, an instructor or a mass organisation."""
    # SQLite takes no union inside a union, so the first becomes a plain select.
    return union_all(
        select(_company_states().subquery()),
        observation_rows("company_has_instructor", (COMPANY,)),
        observation_rows("company_has_mass_org", (COMPANY,)),
    )


def _communities_due() -> RowSelect:
    """Communities in which a managed compound lies: those that owe a 大党委."""
    # One row per compound; the cell takes the maximum, so a community counts once.
    return (
        select(
            unit_place.c.community.label("unit_id"),
            calendar.c.month.label("month"),
            literal(1.0).label("value"),
            literal(compound.name).label("source_table"),
            compound.c.row_id.label("row_id"),
        )
        .select_from(compound)
        .join(unit_place, (unit_place.c.unit_kind == C.value) & (unit_place.c.unit_id == compound.c.compound_id))
        .join(calendar, literal(True))
        .where(compound.c.superseded_by.is_(None), compound.c.is_managed.is_not(False), unit_place.c.community != "")
    )


FIVE = (
    "compounds_with_branch", "compounds_with_committee", "compounds_with_team", "compounds_with_party_station",
    "has_coordination",
)  # fmt: skip


def _five_complete() -> RowSelect:
    cell = unit_month
    complete = (
        select(
            cell.c.unit_id,
            cell.c.month,
            (func.sum(cell.c.value) / len(FIVE)).label("share"),
        )
        .where(cell.c.measure.in_(FIVE))
        .group_by(cell.c.unit_id, cell.c.month)
        .having(func.count() == len(FIVE))
        .subquery()
    )
    # Integer division of 5/5 = 1 and anything less = 0 without leaving plain SQL.
    return select(
        complete.c.unit_id, complete.c.month, func.floor(complete.c.share).label("value"),
        literal(unit_month.name).label("source_table"), literal(None).label("row_id"),
    )  # fmt: skip


def _founding(mode: FoundingMode, key: str) -> Measure:
    return counted(
        key, f"党支部({mode.value})", f"compound branches, {key}", "个", S, PLACED,
        lambda: _org_stock(PartyOrgKind.COMPOUND, func.coalesce(_org.c.compound_id, _org.c.area_code),
                           where=_org.c.founding_mode == mode.value),
    )  # fmt: skip


MEASURES: tuple[Measure, ...] = (
    observed("party_sheet_filed", "党建情况已报", "party sheet filed", "个小区", S, C, is_flag=True),
    observed("company_party_sheet_filed", "企业党建已报", "company party sheet filed", "家企业", S, COMPANY, is_flag=True),
    counted("compound_branches", "小区党支部数", "compound branches", "个", S, PLACED,
            lambda: _org_stock(PartyOrgKind.COMPOUND, func.coalesce(_org.c.compound_id, _org.c.area_code))),
    _founding(FoundingMode.ALONE, "branches_alone"),
    _founding(FoundingMode.JOINT, "branches_joint"),
    _founding(FoundingMode.STATION, "branches_station"),
    counted("compounds_with_branch", "党支部覆盖小区", "compounds covered by a branch of their own or a joint one",
            "个小区", S, (C,), _branch_states, combine="max", absence=Absence.UNREPORTED, population="compounds",
            is_flag=True),
    counted("compounds_fallback", "社区党组织兜底小区", "compounds covered only by fallback", "个小区", S, (C,),
            _fallback_states, combine="max", absence=Absence.UNREPORTED, population="compounds", is_flag=True),
    flag("branch_eligible", "符合建支部条件", "eligible for a branch"),
    counted("industry_committees", "物业行业党委", "industry party committees", "个", S,
            (UnitKind.COUNTY, UnitKind.CITY), lambda: _org_stock(PartyOrgKind.INDUSTRY, _org.c.area_code)),
    counted("street_committees", "街道大工委", "street working committees", "个", S, (UnitKind.STREET,),
            lambda: _org_stock(PartyOrgKind.STREET, _org.c.area_code), combine="max"),
    counted("community_committees", "社区大党委", "community party committees", "个", S, (COMMUNITY,),
            lambda: _org_stock(PartyOrgKind.COMMUNITY, _org.c.area_code), combine="max"),
    counted("communities_with_compounds", "有物管小区的社区", "communities with managed compounds", "个", S,
            (COMMUNITY,), _communities_due, combine="max"),
    observed("county_mechanism", "县区六级联动机制", "county-level mechanism in place", "个", S, UnitKind.COUNTY,
             is_flag=True),
    counted("company_branches", "物业企业党支部数", "company branches", "个", S, (COMPANY,),
            lambda: _org_stock(PartyOrgKind.COMPANY, _org.c.company_id)),
    counted("companies_with_branch", "有党支部的企业", "companies with a branch", "家企业", S, (COMPANY,),
            _company_states, combine="max", absence=Absence.UNREPORTED, population="companies", is_flag=True),
    flag("company_has_instructor", "有党建指导员", "has a party instructor", COMPANY),
    flag("company_has_mass_org", "有群团组织", "has a mass organisation", COMPANY),
    counted("companies_work_covered", "党的工作覆盖企业", "companies reached by party work", "家企业", S, (COMPANY,),
            _work_covered, combine="max", absence=Absence.UNREPORTED, population="companies", is_flag=True),
    counted("secretaries_from_community", "社区书记兼任的企业支部", "company branches led by the community secretary",
            "个", S, (COMPANY,),
            lambda: _org_stock(PartyOrgKind.COMPANY, _org.c.company_id,
                               where=_org.c.secretary_role == SecretaryRole.COMMUNITY_SECRETARY.value)),
    counted("station_groups", "站点党小组", "party groups at stations", "个", S, PLACED,
            lambda: _org_stock(PartyOrgKind.STATION, _org.c.area_code)),
    flag("branch_absorbs_four", "支部班子吸纳四类负责人", "branch committee includes the four kinds of head"),
    observed("buildings_reported", "楼栋数(党建台账)", "buildings in the party ledger", "栋", S),
    observed("buildings_party_head", "党员任楼栋长", "buildings headed by a member", "栋", S, pair="buildings_reported"),
    observed("buildings_linked", "干部联户楼栋", "buildings with linked cadres", "栋", S, pair="buildings_reported"),
    observed("buildings_group_due", "达标楼栋(3名党员)", "buildings with three members", "栋", S),
    observed("buildings_with_group", "已建党小组楼栋", "buildings with a party group", "栋", S,
             pair="buildings_group_due"),
    flag("unit_linked", "有联点单位", "has a linked unit"),
    observed("parttime_members", "社区两委兼职委员", "part-time community committee members", "人次岗", S, COMMUNITY),
    flag("head_one_shoulder", "社区书记主任一肩挑", "community secretary is also director", COMMUNITY),
    observed("lane_leaders_due", "街(巷)长应配", "lane leader posts due", "岗", S, GRID),
    observed("lane_leaders", "街(巷)长已配", "lane leaders in post", "岗", S, GRID, pair="lane_leaders_due"),
    observed("building_leaders_due", "楼栋长应配", "building leader posts due", "岗", S, GRID),
    observed("building_leaders", "楼栋长已配", "building leaders in post", "岗", S, GRID, pair="building_leaders_due"),
    observed("unit_leaders_due", "单元长应配", "stairwell leader posts due", "岗", S, GRID),
    observed("unit_leaders", "单元长已配", "stairwell leaders in post", "岗", S, GRID, pair="unit_leaders_due"),
    observed("party_households", "党员中心户", "party centre households", "户", S, GRID),
    observed("group_leaders_due", "党小组长应配", "party group leader posts due", "岗", S, GRID),
    observed("group_leaders", "党小组长已配", "party group leaders in post", "岗", S, GRID, pair="group_leaders_due"),
    flag("grid_has_branch", "网格有党支部或党小组", "grid has a branch or group", GRID),
    flag("has_coordination", "有协调机制", "has a coordination mechanism"),
    flag("has_supervisor", "有质量监督员", "has a quality supervisor"),
)  # fmt: skip

DERIVED: tuple[Measure, ...] = (
    counted("compounds_five_complete", "五项齐备小区", "compounds with all five in place", "个小区", S, (C,),
            _five_complete, combine="max", absence=Absence.UNREPORTED, population="compounds", is_flag=True,
            derived_from=FIVE),
)  # fmt: skip

SRC, ORG = "《小区党建台账》", "《党组织登记表》"


def _rate(key: str, zh: str, en: str, num: str, den: Any, definition: str, definition_en: str, codes: tuple[str, ...],
          *, source: str = SRC, page: Page = Page.COVERAGE, target: float | None = None,
          caveats: tuple[str, ...] = ()) -> Indicator:  # fmt: skip
    return Indicator(
        key=key, zh=zh, en=en, unit="%", decimals=1, scale=100, numerator=(num,), direction=1, page=page,
        denominator=den if isinstance(den, Reported) else (den,), definition_zh=definition,
        definition_en=definition_en, codes=codes, source=source, target=target, caveats=caveats,
    )  # fmt: skip


def _count(key: str, zh: str, en: str, unit: str, definition: str, definition_en: str, codes: tuple[str, ...],
           *, source: str = ORG, page: Page = Page.COVERAGE, caveats: tuple[str, ...] = ()) -> Indicator:  # fmt: skip
    return Indicator(
        key=key, zh=zh, en=en, unit=unit, numerator=(key,), definition_zh=definition, definition_en=definition_en,
        codes=codes, source=source, page=page, direction=1, caveats=caveats,
    )  # fmt: skip


R = Reported.UNITS
INDICATORS: tuple[Indicator, ...] = (
    _rate("branch_coverage", "小区党支部覆盖率", "Branch coverage", "compounds_with_branch", R,
          "有党支部（自有或联建）的小区÷已报党建情况的小区；兜底另计，未上报不作“无”",
          "Compounds with a branch of their own or a joint one over compounds that reported",
          ("A05", "E02", "C01"), source=ORG,
          caveats=("46个支部不等于46个被覆盖小区：网格联建的一个支部可覆盖多个小区",)),
    _rate("branch_fallback", "社区党组织兜底率", "Fallback coverage", "compounds_fallback", R,
          "只由社区党组织兜底的小区÷已报小区", "Compounds covered only by fallback over reporting compounds",
          ("E02",), source=ORG),
    _count("compound_branches", "小区党支部", "Compound branches", "个", "月末在册的小区（网格）党支部数",
           "Compound branches standing at month end", ("A05",)),
    _count("branches_alone", "单独组建", "Founded alone", "个", "单独组建的小区党支部", "Branches founded alone", ("A05",)),
    _count("branches_joint", "网格联建", "Founded jointly", "个", "以网格联建的小区党支部", "Branches founded jointly by grid",
           ("A05",)),
    _count("branches_station", "依托服务站组建", "Founded at a station", "个", "依托物业服务站组建的小区党支部",
           "Branches founded at a service station", ("A05",)),
    _rate("eligible_with_branch", "应建率", "Eligible compounds", "branch_eligible", R,
          "符合建支部条件的小区÷已报小区；与覆盖率对照得应建未建", "Compounds eligible for a branch over reporting compounds",
          ("A05",)),
    _count("industry_committees", "物业行业党委", "Industry committees", "个", "县市区物业行业党委数",
           "Industry party committees of counties", ("A06",)),
    _rate("industry_committee_coverage", "行业党委覆盖率", "Industry committee coverage", "industry_committees",
          "counties", "已设行业党委的县区÷县区数", "Counties with an industry committee", ("A06",), source=ORG),
    _count("company_branches", "企业党支部", "Company branches", "个", "物业服务企业党支部数", "Branches of companies",
           ("A07",), page=Page.COMPANIES),
    _rate("company_branch_coverage", "企业党支部覆盖率", "Company branch coverage", "companies_with_branch", R,
          "有党支部的企业÷已报企业", "Companies with a branch over companies that reported", ("A07",), source=ORG,
          page=Page.COMPANIES, caveats=("37/249=14.9%是每百家企业的推导比，不是公布覆盖率",)),
    _rate("company_work_coverage", "企业党的工作覆盖率", "Party work coverage", "companies_work_covered", R,
          "有支部、指导员或群团组织之一的企业÷已报企业", "Companies with a branch, an instructor or a mass organisation",
          ("A07", "A29"), page=Page.COMPANIES),
    _rate("company_instructor_rate", "党建指导员覆盖率", "Instructors", "company_has_instructor", R,
          "有党建指导员的企业÷已报企业", "Companies with a party instructor", ("A29",), page=Page.COMPANIES),
    _rate("company_mass_org_rate", "群团组织覆盖率", "Mass organisations", "company_has_mass_org", R,
          "有群团组织的企业÷已报企业", "Companies with a mass organisation", ("A29",), page=Page.COMPANIES),
    _rate("company_secretary_from_community", "企业支部书记由社区书记兼任率", "Secretary from the community",
          "secretaries_from_community", "company_branches", "由社区党组织书记兼任书记的企业支部÷企业支部",
          "Company branches led by the community's secretary", ("E03",), source=ORG),
    _rate("chain_county", "一级 县区机制", "Level 1: county", "county_mechanism", R, "已建立六级联动机制的县区÷已报县区",
          "Counties with the mechanism", ("A02",), source="《县区报表》"),
    _rate("chain_street", "二级 街道大工委", "Level 2: street", "street_committees", "streets",
          "设街道大工委的街道乡镇÷街道乡镇数", "Streets with a working committee", ("A02",), source=ORG),
    _rate("chain_community", "三级 社区大党委", "Level 3: community", "community_committees",
          "communities_with_compounds", "设大党委的社区÷有物管小区的社区", "Communities with a committee over those with compounds",
          ("A02", "D22"), source=ORG),
    _rate("chain_building", "五级 党员楼栋长", "Level 5: building", "buildings_party_head", "buildings_reported",
          "党员任楼栋（巷、片）长的楼栋÷已报楼栋", "Buildings headed by a party member", ("A02", "A41")),
    _rate("chain_household", "六级 干部联户", "Level 6: household", "buildings_linked", "buildings_reported",
          "有干部联户的楼栋÷已报楼栋", "Buildings with linked cadres", ("A02",)),
    _rate("grid_branch_rate", "网格党组织覆盖率", "Grid organisation", "grid_has_branch", R,
          "有党支部或党小组的网格÷已报网格", "Grids with a branch or group", ("D22",), source="《网格报表》"),
    _rate("building_group_rate", "楼栋党小组应建尽建率", "Building groups", "buildings_with_group",
          "buildings_group_due", "已建党小组楼栋÷常住正式党员达3名的楼栋", "Buildings with a group over those with three members",
          ("A11",)),
    _rate("group_leader_rate", "党小组长配备率", "Group leaders", "group_leaders", "group_leaders_due",
          "党员兼任网格（楼栋）党小组长已配÷应配", "Party group leaders in post over due", ("B03",), source="《网格报表》"),
    _rate("lane_leader_rate", "街(巷)长配备率", "Lane leaders", "lane_leaders", "lane_leaders_due", "街（巷）长已配÷应配",
          "Lane leaders in post over due", ("D14",), source="《网格报表》"),
    _rate("building_leader_rate", "楼栋长配备率", "Building leaders", "building_leaders", "building_leaders_due",
          "楼栋长已配÷应配", "Building leaders in post over due", ("D14",), source="《网格报表》"),
    _rate("unit_leader_rate", "单元长配备率", "Stairwell leaders", "unit_leaders", "unit_leaders_due",
          "单元长已配÷应配", "Stairwell leaders in post over due", ("D14",), source="《网格报表》"),
    _count("party_households", "党员中心户", "Party centre households", "户", "党员中心户数", "Party centre households",
           ("D14", "D22"), source="《网格报表》"),
    _count("station_groups", "站点党小组", "Station groups", "个", "物业服务中心（站）党小组数", "Party groups at stations",
           ("B02",)),
    _rate("station_group_rate", "站点党小组覆盖率", "Station group coverage", "station_groups", "stations",
          "站点党小组÷物业服务站", "Station groups over stations", ("B02",), source=ORG),
    _rate("absorption_rate", "支部班子吸纳率", "Branch committees that absorb", "branch_absorbs_four", R,
          "支部班子含业委会、物业、群团、社会组织负责人的小区÷已报小区", "Branches including the four kinds of head", ("A09",)),
    _count("parttime_members", "社区两委兼职委员", "Part-time members", "岗", "由物业负责人、业委会成员担任的社区两委兼职委员岗数",
           "Part-time seats on community committees", ("A32", "E03", "B06"), source="《社区报表》"),
    _rate("community_one_shoulder", "社区书记主任一肩挑率", "Community secretary-directors", "head_one_shoulder", R,
          "书记、主任由同一岗位担任的社区÷已报社区", "Communities whose secretary is also director", ("E26",),
          source="《社区报表》", caveats=("社区层面的一肩挑，与小区层面（支部书记兼业委会主任）不是一回事",)),
    _rate("supervisor_rate", "质量监督员配备率", "Quality supervisors", "has_supervisor", R,
          "有物业质量监督员的小区÷已报小区", "Compounds with a quality supervisor", ("B06",)),
    _rate("coordination_rate", "协调机制建成率", "Coordination mechanism", "has_coordination", R,
          "有协调机制的小区÷已报小区", "Compounds with a coordination mechanism", ("C01",)),
    _rate("five_complete_rate", "五项齐备率", "All five in place", "compounds_five_complete", R,
          "党组织、业委会、志愿队、党群服务站、协调机制五项齐备的小区÷五项均已报的小区",
          "Compounds with all five over compounds that reported all five", ("C01",)),
    _rate("unit_link_rate", "联点单位覆盖率", "Linked units", "unit_linked", R, "有联点单位的小区÷已报小区",
          "Compounds with a linked unit", ("A02", "A18")),
)  # fmt: skip
