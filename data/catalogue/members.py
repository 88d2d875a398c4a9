"""Members who report to their community, posts they claim, volunteers, open organisation life, conduct totals."""

from __future__ import annotations

from sqlalchemy import func, literal, select, union_all

from data.catalogue.sources import C, counted, event_rows, flag, observation_rows, observed
from data.catalogue.types import PLACED, Absence, Indicator, Measure, Nature, Page, Reported, RowSelect
from data.schema import case_event
from data.schema.vocabulary import CaseChannel, CaseKind, UnitKind

S, F = Nature.STOCK, Nature.FLOW
COMMUNITY, STREET = UnitKind.COMMUNITY, UnitKind.STREET
# Counts of members under this are shown as "<5": a handful of people could be recognised.
SMALL_CELL = 5


def _teams() -> RowSelect:
    rows = observation_rows("volunteer_teams", (C,)).subquery()
    return union_all(
        select(rows.c.unit_id, rows.c.month, literal(0.0).label("value"), rows.c.source_table, rows.c.row_id),
        select(rows.c.unit_id, rows.c.month, literal(1.0).label("value"), rows.c.source_table, rows.c.row_id).where(
            rows.c.value >= 1
        ),
    )


def _urgent() -> RowSelect:
    rows: RowSelect = event_rows(
        case_event,
        func.coalesce(case_event.c.compound_id, case_event.c.area_code),
        case_event.c.resolved_at,
        where=(case_event.c.kind == CaseKind.URGENT.value) & (case_event.c.channel == CaseChannel.MEMBER.value),
    )
    return rows


def _members(key: str, zh: str, en: str) -> Measure:
    return observed(key, zh, en, "名", S, COMMUNITY, suppress_below=SMALL_CELL)


MEASURES: tuple[Measure, ...] = (
    _members("members_due", "应报到党员", "members due to report"),
    observed("members_reported", "已报到党员", "members reported", "名", S, COMMUNITY, suppress_below=SMALL_CELL,
             pair="members_due"),
    _members("members_direct", "社区直管党员", "members of the community"),
    _members("members_serving", "在职党员", "serving members"),
    _members("members_retired", "退休党员", "retired members"),
    _members("members_mobile", "流动党员", "mobile members"),
    observed("posts_set", "设岗数", "service posts set", "岗", S),
    observed("posts_claimed", "认领岗位", "service posts claimed", "岗", S, pair="posts_set"),
    counted("urgent_matters", "急难愁盼办结", "urgent matters resolved through reporting members", "件", F, PLACED, _urgent),
    observed("joint_lectures", "联合党课", "joint party lectures", "次", F),
    observed("joint_theme_days", "共过主题党日", "joint theme days", "次", F),
    observed("joint_training", "共办党务培训", "joint training", "次", F),
    observed("joint_governance", "共商基层治理", "joint deliberations", "次", F),
    observed("volunteer_teams", "志愿服务队", "volunteer teams", "支", S),
    observed("volunteer_activities", "志愿活动", "volunteer activities", "次", F),
    counted("compounds_with_team", "有志愿服务队的小区", "compounds with a volunteer team", "个小区", S, (C,), _teams,
            combine="max", absence=Absence.UNREPORTED, population="compounds", is_flag=True),
    flag("has_convention", "有居民公约", "has a residents' convention"),
    flag("has_notice_board", "有党员公示牌", "has a members' notice board"),
    flag("has_wechat_group", "建有红色物业群", "has a chat group"),
    observed("conduct_triggered", "负面行为触发", "conduct cases triggered", "件", F, STREET, suppress_below=SMALL_CELL),
    observed("conduct_rectified", "负面行为整改", "conduct cases rectified", "件", F, STREET, suppress_below=SMALL_CELL,
             pair="conduct_triggered"),
    observed("models_secretary", "选树支部书记", "model secretaries", "个", F, STREET),
    observed("models_manager", "选树物业经理", "model managers", "个", F, STREET),
    observed("models_chair", "选树业委会主任", "model chairs", "个", F, STREET),
)  # fmt: skip

SRC, MEM = "《小区党建台账》", "《社区党员报到表》"


def _count(key: str, zh: str, en: str, unit: str, definition: str, definition_en: str, codes: tuple[str, ...], *,
           source: str = SRC, page: Page = Page.COVERAGE, finest: UnitKind | None = None,
           cumulative: bool = False, quarterly: bool = False) -> Indicator:  # fmt: skip
    return Indicator(key=key, zh=zh, en=en, unit=unit, numerator=(key,), definition_zh=definition, page=page,
                     definition_en=definition_en, codes=codes, source=source, finest=finest,
                     cumulative=cumulative, quarterly=quarterly)  # fmt: skip


def _rate(key: str, zh: str, en: str, num: str, den: str | Reported, definition: str, definition_en: str,
          codes: tuple[str, ...], *, source: str = SRC) -> Indicator:  # fmt: skip
    return Indicator(key=key, zh=zh, en=en, unit="%", decimals=1, scale=100, numerator=(num,), direction=1,
                     denominator=den if isinstance(den, Reported) else (den,), page=Page.COVERAGE,
                     definition_zh=definition, definition_en=definition_en, codes=codes, source=source)  # fmt: skip


INDICATORS: tuple[Indicator, ...] = (
    _count("members_reported", "报到党员", "Members reported", "名", "市区到社区报到的党员数（月末）", "Members who reported to communities",
           ("A12",), source=MEM),
    _rate("member_report_rate", "党员报到率", "Reporting rate", "members_reported", "members_due", "已报到÷应报到党员",
          "Members reported over members due", ("A12",), source=MEM),
    Indicator(key="urgent_matters", zh="党员解决急难愁盼", en="Urgent matters resolved", unit="件", cumulative=True,
              numerator=("urgent_matters",), direction=1, page=Page.OVERVIEW, codes=("A13",), source="《诉求纠纷台账》",
              definition_zh="报到党员解决的急难愁盼问题，累计", definition_en="Urgent matters resolved by reporting members, to date"),
    Indicator(key="urgent_per_thousand", zh="每千报到党员解决件数", en="Urgent matters per 1000 members", unit="件/千名",
              decimals=1, scale=1000, numerator=("urgent_matters",), denominator=("members_reported",), direction=1,
              cumulative=True, page=Page.COVERAGE, codes=("A13",), source=MEM,
              definition_zh="累计解决件数÷月末报到党员×1000", definition_en="Matters resolved to date per thousand members"),
    _count("members_direct", "社区直管党员", "Community members", "名", "社区直管党员数", "Members of the community", ("C02",), source=MEM),
    _count("members_serving", "在职党员", "Serving members", "名", "单位在职党员数", "Serving members", ("C02",), source=MEM),
    _count("members_retired", "退休党员", "Retired members", "名", "退休居民党员数", "Retired members", ("C02",), source=MEM),
    _count("members_mobile", "流动党员", "Mobile members", "名", "流动党员数", "Mobile members", ("C02",), source=MEM),
    _rate("post_claim_rate", "认岗率", "Posts claimed", "posts_claimed", "posts_set", "认领岗位÷设岗数", "Posts claimed over posts set",
          ("A17",)),
    _count("joint_lectures", "联合党课", "Joint lectures", "次", "当月联合党课次数", "Joint lectures in the month", ("A33",)),
    _count("joint_theme_days", "共过主题党日", "Joint theme days", "次", "当月共过主题党日次数", "Joint theme days", ("A33",)),
    _count("joint_training", "共办党务培训", "Joint training", "次", "当月共办党务培训次数", "Joint training", ("A33",)),
    _count("joint_governance", "共商基层治理", "Joint deliberation", "次", "当月共商基层治理次数", "Joint deliberations", ("A33",)),
    _count("volunteer_teams", "志愿服务队", "Volunteer teams", "支", "月末志愿服务队数", "Volunteer teams", ("B17", "C06", "E13")),
    _count("volunteer_activities", "志愿活动", "Volunteer activities", "次", "当月志愿服务活动次数", "Volunteer activities",
           ("B17",)),
    _rate("team_rate", "志愿队建队率", "Compounds with a team", "compounds_with_team", Reported.UNITS,
          "至少有一支志愿服务队的小区÷已报小区", "Compounds with at least one team", ("C06", "C01", "E13")),
    _rate("convention_rate", "居民公约制定率", "Residents' conventions", "has_convention", Reported.UNITS, "有居民公约的小区÷已报小区",
          "Compounds with a convention", ("E13",)),
    _rate("notice_board_rate", "党员公示牌设置率", "Notice boards", "has_notice_board", Reported.UNITS, "有党员公示牌的小区÷已报小区",
          "Compounds with a notice board", ("E13",)),
    _rate("wechat_rate", "红色物业建群率", "Chat groups", "has_wechat_group", Reported.UNITS, "建群小区÷已报小区",
          "Compounds with a chat group", ("B14",)),
    _count("conduct_triggered", "负面行为触发", "Conduct cases", "件", "街道季度合计，不到5件显示<5，不涉及个人",
           "Street totals by quarter; under 5 shown as <5", ("A16",), source="《街道季报》", finest=STREET, quarterly=True),
    _count("conduct_rectified", "负面行为整改", "Conduct cases rectified", "件", "街道季度合计，不到5件显示<5",
           "Street totals by quarter", ("A16",), source="《街道季报》", finest=STREET, quarterly=True),
    _count("models_secretary", "宛美支部书记", "Model secretaries", "个", "选树累计，只计数不列名", "Model secretaries to date",
           ("A36",), source="《街道季报》", page=Page.RANKING, finest=STREET, cumulative=True),
    _count("models_manager", "宛美物业经理", "Model managers", "个", "选树累计，只计数不列名", "Model managers to date", ("A36",),
           source="《街道季报》", page=Page.RANKING, finest=STREET, cumulative=True),
    _count("models_chair", "宛美业委会主任", "Model chairs", "个", "选树累计，只计数不列名", "Model chairs to date", ("A36",),
           source="《街道季报》", page=Page.RANKING, finest=STREET, cumulative=True),
)  # fmt: skip
