"""Closed vocabularies of the registers and events. Member values are what sheets and pages show."""

from __future__ import annotations

from enum import StrEnum


class AreaLevel(StrEnum):
    CITY = "city"
    COUNTY = "county"
    STREET = "street"
    COMMUNITY = "community"


class CompoundKind(StrEnum):
    MARKET = "商品房"
    OLD = "老旧小区"
    AFFORDABLE = "保障房"
    SINGLE = "单体楼"
    MIXED = "其他"


class ManagementMode(StrEnum):
    """Who looks after a compound. 无 occurs only outside the register of managed compounds."""

    PROFESSIONAL = "专业物业"
    SELF = "自管"
    FALLBACK = "兜底"
    NONE = "无"


class PartyOrgKind(StrEnum):
    INDUSTRY = "行业党委"
    STREET = "街道大工委"
    COMMUNITY = "社区大党委"
    COMPOUND = "小区(网格)党支部"
    COMPANY = "企业党支部"
    BUILDING = "楼栋党小组"
    STATION = "站点党小组"


class FoundingMode(StrEnum):
    ALONE = "单独组建"
    JOINT = "网格联建"
    STATION = "依托物业服务站"


class SecretaryRole(StrEnum):
    """The post that also holds the branch's secretary seat; never a person."""

    COMMUNITY_SECRETARY = "社区党组织书记兼任"
    COMPANY_MANAGER = "物业负责人"
    RESIDENT = "小区党员"
    OTHER = "其他"


class Cover(StrEnum):
    OWN = "自有"
    JOINT = "联建"
    FALLBACK = "兜底"


class CommitteeKind(StrEnum):
    OWNERS = "业委会"
    PROPERTY = "物管会"


class ChairRole(StrEnum):
    CADRE = "社区党员干部"
    SECRETARY = "支部书记"
    OTHER = "其他"


class SiteKind(StrEnum):
    STATION = "物业服务站暨调解中心"
    PARTY_STATION = "党群服务站"
    CENTRE = "邻里中心"


class Bound(StrEnum):
    """How exact a published figure is: 4000余 is `lower`, 近1500 is `near`, 约4150万 is `about`."""

    EXACT = "exact"
    LOWER = "lower"
    NEAR = "near"
    ABOUT = "about"


class CaseKind(StrEnum):
    APPEAL = "诉求"
    DISPUTE = "纠纷"
    SUGGESTION = "建议"
    WHISTLE = "吹哨"
    URGENT = "急难愁盼"


class CaseChannel(StrEnum):
    HOTLINE = "热线"
    STATION = "服务站"
    GRID = "网格巡查"
    MEMBER = "党员报到"
    MEETING = "议事协商"
    ONLINE = "线上"


class CaseCategory(StrEnum):
    PARKING = "停车"
    SECURITY = "治安防范"
    FIRE = "消防隐患"
    FEE = "物业收费"
    REPAIR = "维修养护"
    SANITATION = "环境卫生"
    NEIGHBOUR = "邻里关系"
    OTHER = "其他"


class ResponseLevel(StrEnum):
    """The six levels of the response chain, from the household up."""

    CADRE = "党员干部联户"
    BUILDING = "党员楼栋长"
    COMPOUND = "小区(网格)党支部"
    COMMUNITY = "社区大党委"
    STREET = "街道大工委"
    COUNTY = "区(市、县)委"


class TaskList(StrEnum):
    RESOURCE = "资源清单"
    NEED = "需求清单"
    TASK = "任务清单"
    UPGRADE = "提升行动"
    CAMPAIGN = "专项整治"


class Question(StrEnum):
    OVERALL = "总体满意"
    GAIN = "获得感"
    HAPPY = "幸福感"
    SAFE = "安全感"


class SurveyMethod(StrEnum):
    PHONE = "电话"
    VISIT = "入户"
    ONLINE = "线上"


class InterviewTrigger(StrEnum):
    """The four conditions of which any one leads to an interview (宿州埇桥, 2021)."""

    SERVICE = "服务事项不落实"
    SATISFACTION = "满意度低于60%"
    PARTY = "党建工作较差"
    GOVERNANCE = "融入治理无成效"


class ObjectionReason(StrEnum):
    DATA = "数据有误"
    SAMPLE = "样本不足"
    RULE = "规则适用"
    LATE = "补报材料"


class IncidentKind(StrEnum):
    FIRE = "消防事故"
    SAFETY = "安全生产"
    GROUP = "群体性事件"
    CORRUPTION = "违纪违规"


class UnitKind(StrEnum):
    """What a measure is counted on before it rolls up to areas."""

    COMPOUND = "compound"
    COMPANY = "company"
    GRID = "grid"
    COMMUNITY = "community"
    STREET = "street"
    COUNTY = "county"
    CITY = "city"


class CreditGrade(StrEnum):
    AAA = "AAA"
    AA = "AA"
    A = "A"
    B = "B"
    C = "C"
