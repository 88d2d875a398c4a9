"""Registers: what exists, slowly changing between `valid_from` and `valid_to` (both inclusive, null = open)."""

from __future__ import annotations

from sqlalchemy import Boolean, Date, Float, Integer, LargeBinary, String

from data.schema.columns import Kind, col, versioned_table
from data.schema.vocabulary import (
    AreaLevel,
    Bound,
    ChairRole,
    CommitteeKind,
    CompoundKind,
    Cover,
    CreditGrade,
    FoundingMode,
    ManagementMode,
    PartyOrgKind,
    SecretaryRole,
    SiteKind,
)

MONTH = r"^\d{4}-(0[1-9]|1[0-2])$"


def _validity() -> tuple:  # type: ignore[type-arg]
    return (
        col("valid_from", Date, "起始日期", "valid from"),
        col("valid_to", Date, "截止日期", "valid to"),
    )


area = versioned_table(
    "area", "区划", "areas", Kind.REGISTER, ("code",),
    col("code", String(16), "区划代码", "official area code", required=True, pattern=r"^\d{2,12}$", aliases=("代码",)),
    col("name", String(60), "区划名称", "name", required=True, aliases=("名称",)),
    col("level", String(12), "层级", "level", required=True, choices=AreaLevel),
    col("parent_code", String(16), "上级代码", "parent code", refers="area"),
    col("is_urban_core", Boolean, "市区街道", "one of the urban streets", default=False),
    *_validity(),
)  # fmt: skip

area_shape = versioned_table(
    "area_shape", "区划边界", "area shapes", Kind.REGISTER, ("code",),
    col("code", String(16), "区划代码", "area code", required=True, refers="area"),
    col("geometry", LargeBinary, "边界", "polygon as WKB, EPSG:4490", required=True, derived=True),
    col("source", String(120), "来源", "source"),
    col("is_schematic", Boolean, "示意边界", "schematic, not an administrative boundary", default=False),
    col("review_no", String(40), "审图号", "map review number"),
)  # fmt: skip

grid = versioned_table(
    "grid", "网格", "grids", Kind.REGISTER, ("grid_code",),
    col("grid_code", String(24), "网格编码", "grid code", required=True, aliases=("网格代码",)),
    col("community_code", String(16), "社区代码", "community code", required=True, refers="area"),
    col("name", String(60), "网格名称", "name", required=True),
    col("households", Integer, "网格户数", "households", low=0, unit="户"),
    col("leader_posts_due", Integer, "网格长应配", "grid leader posts due", low=0, unit="岗"),
    col("leader_posts_filled", Integer, "网格长已配", "grid leader posts filled", low=0, unit="岗"),
    *_validity(),
)  # fmt: skip

compound = versioned_table(
    "compound", "小区", "residential compounds", Kind.REGISTER, ("compound_id",),
    col("compound_id", String(40), "小区编号", "compound id", required=True, aliases=("小区代码",)),
    col("name", String(120), "小区名称", "name", required=True, aliases=("小区",)),
    col("area_code", String(16), "所属区划代码", "deepest area known", refers="area", aliases=("区划代码", "社区代码")),
    col("grid_code", String(24), "网格编码", "grid code", refers="grid"),
    col("lon", Float, "经度", "longitude, EPSG:4490", low=73, high=136, unit="度"),
    col("lat", Float, "纬度", "latitude, EPSG:4490", low=3, high=54, unit="度"),
    col("fee_yuan_m2_month", Float, "物业费标准", "fee", low=0, high=100, unit="元/㎡·月"),
    col("households", Integer, "户数", "households", low=0, high=100_000, unit="户"),
    col("buildings", Integer, "楼栋数", "buildings", low=0, high=5_000, unit="栋"),
    col("built_year", Integer, "建成年份", "built year", low=1900, high=2100, unit="年"),
    col("kind", String(12), "小区类型", "kind", choices=CompoundKind),
    col("is_managed", Boolean, "物管小区", "in the register of managed compounds", default=True),
    *_validity(),
)  # fmt: skip

company = versioned_table(
    "company", "物业企业", "property companies", Kind.REGISTER, ("company_id",),
    col("company_id", String(40), "企业编号", "company id", required=True),
    col("uscc", String(18), "统一社会信用代码", "unified social credit code", aliases=("信用代码",)),
    col("name", String(120), "企业名称", "name", required=True, aliases=("物业企业", "物业公司")),
    col("credit_grade", String(4), "信用等级", "credit grade", choices=CreditGrade),
    col("office_area_code", String(16), "办公区划代码", "area of the office", refers="area"),
    col("lon", Float, "经度", "longitude of the office, EPSG:4490", low=73, high=136, unit="度"),
    col("lat", Float, "纬度", "latitude of the office, EPSG:4490", low=3, high=54, unit="度"),
    *_validity(),
)  # fmt: skip

management = versioned_table(
    "management", "物业管理关系", "management relations", Kind.REGISTER, ("compound_id", "valid_from"),
    col("compound_id", String(40), "小区编号", "compound id", required=True, refers="compound"),
    col("company_id", String(40), "企业编号", "company id", refers="company"),
    col("mode", String(12), "管理模式", "mode", required=True, choices=ManagementMode),
    *_validity(),
)  # fmt: skip

party_org = versioned_table(
    "party_org", "党组织", "party organisations", Kind.REGISTER, ("org_id",),
    col("org_id", String(40), "党组织编号", "organisation id", required=True),
    col("kind", String(24), "党组织类型", "kind", required=True, choices=PartyOrgKind),
    col("founding_mode", String(16), "组建方式", "founding mode", choices=FoundingMode),
    col("founded_on", Date, "成立日期", "founded on"),
    col("dissolved_on", Date, "撤销日期", "dissolved on"),
    col("area_code", String(16), "所属区划代码", "area code", refers="area"),
    col("grid_code", String(24), "网格编码", "grid code", refers="grid"),
    col("compound_id", String(40), "小区编号", "compound id", refers="compound"),
    col("company_id", String(40), "企业编号", "company id", refers="company"),
    col("site_id", String(40), "站点编号", "site id", refers="site"),
    col("parent_org_id", String(40), "上级党组织编号", "parent organisation", refers="party_org"),
    col("secretary_role", String(20), "书记由谁兼任", "post that holds the secretary seat", choices=SecretaryRole),
)  # fmt: skip

party_org_compound = versioned_table(
    "party_org_compound", "党组织覆盖小区", "compounds an organisation covers", Kind.REGISTER,
    ("org_id", "compound_id"),
    col("org_id", String(40), "党组织编号", "organisation id", required=True, refers="party_org"),
    col("compound_id", String(40), "小区编号", "compound id", required=True, refers="compound"),
    col("cover", String(8), "覆盖方式", "cover", required=True, choices=Cover),
)  # fmt: skip

committee = versioned_table(
    "committee", "业委会物管会", "owners' and property committees", Kind.REGISTER, ("committee_id",),
    col("committee_id", String(40), "委员会编号", "committee id", required=True),
    col("compound_id", String(40), "小区编号", "compound id", required=True, refers="compound"),
    col("kind", String(12), "委员会类型", "kind", required=True, choices=CommitteeKind),
    col("seats", Integer, "席位数", "seats", low=1, high=99, unit="席"),
    col("party_seats", Integer, "党员席位", "seats held by members", low=0, high=99, unit="席"),
    col("chair_role", String(20), "主任由谁担任", "post that holds the chair", choices=ChairRole),
    col("is_secretary_chair", Boolean, "书记主任一肩挑", "branch secretary is also chair"),
    col("established_on", Date, "成立日期", "established on"),
    col("term_end", Date, "任期届满", "term ends"),
)  # fmt: skip

site = versioned_table(
    "site", "服务阵地", "service sites", Kind.REGISTER, ("site_id",),
    col("site_id", String(40), "站点编号", "site id", required=True),
    col("kind", String(24), "站点类型", "kind", required=True, choices=SiteKind),
    col("community_code", String(16), "社区代码", "community code", required=True, refers="area"),
    col("opened_on", Date, "启用日期", "opened on"),
    col("closed_on", Date, "停用日期", "closed on"),
    col("area_m2", Float, "面积", "floor area", low=0, unit="㎡"),
    col("has_place", Boolean, "有场所", "has a place"),
    col("has_equipment", Boolean, "有设施", "has equipment"),
    col("has_sign", Boolean, "有标志", "has a sign"),
    col("has_flag", Boolean, "有党旗", "has the flag"),
    col("has_reading", Boolean, "有书报", "has reading matter"),
    col("has_rules", Boolean, "有制度", "has rules"),
)  # fmt: skip

award = versioned_table(
    "award", "示范小区", "demonstration awards", Kind.REGISTER, ("compound_id", "round"),
    col("compound_id", String(40), "小区编号", "compound id", required=True, refers="compound"),
    col("round", String(20), "批次", "round", required=True),
    col("applied_on", Date, "申报日期", "applied on"),
    col("awarded_on", Date, "命名日期", "awarded on"),
    col("revoked_on", Date, "摘牌日期", "revoked on"),
)  # fmt: skip

published_figure = versioned_table(
    "published_figure", "公布数字", "figures a source published", Kind.REGISTER, ("city", "key", "as_of"),
    col("city", String(40), "城市", "city the figure is of", required=True),
    col("key", String(60), "指标键", "indicator or measure key", required=True),
    col("value", Float, "数值", "value", required=True),
    col("bound", String(8), "约数口径", "how exact", required=True, choices=Bound),
    col("unit", String(12), "单位", "unit"),
    col("scope", String(120), "范围", "scope"),
    col("as_of", String(20), "截至", "as of", required=True),
    col("source", String(200), "来源", "source", required=True),
)  # fmt: skip
