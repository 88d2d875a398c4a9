"""Counts of what exists: compounds, companies, areas, grids, and how compounds are managed."""

from __future__ import annotations

from sqlalchemy import case

from data.catalogue.sources import C, counted, flag, stock_rows
from data.catalogue.types import AREA_UNITS, Absence, Indicator, Measure, Nature, Page, Reported
from data.schema import area, company, compound, grid, management
from data.schema.vocabulary import AreaLevel, ManagementMode, UnitKind

S = Nature.STOCK


def _areas(key: str, zh: str, en: str, level: AreaLevel) -> Measure:
    kind = UnitKind(level.value)
    return counted(
        key, zh, en, "个", S, (kind,),
        lambda: stock_rows(area, area.c.code, start="valid_from", end="valid_to", where=area.c.level == level.value),
    )  # fmt: skip


def _mode(key: str, zh: str, en: str, mode: ManagementMode) -> Measure:
    # A compound in another mode gets a 0, so that "reported" means its mode is known at all.
    return counted(
        key, zh, en, "个小区", S, (C,),
        lambda: stock_rows(
            management, management.c.compound_id, start="valid_from", end="valid_to",
            value=case((management.c.mode == mode.value, 1.0), else_=0.0),
        ),
        combine="max", absence=Absence.UNREPORTED, population="compounds", is_flag=True,
    )  # fmt: skip


MEASURES: tuple[Measure, ...] = (
    counted("compounds", "物管小区数", "managed compounds", "个小区", S, (C,),
            lambda: stock_rows(compound, compound.c.compound_id, start="valid_from", end="valid_to",
                               where=compound.c.is_managed.is_not(False))),
    counted("residential_compounds", "居民小区数", "residential compounds, managed or not", "个小区", S, (C,),
            lambda: stock_rows(compound, compound.c.compound_id, start="valid_from", end="valid_to"),
            managed_only=False),
    counted("households", "户数", "households", "户", S, (C,),
            lambda: stock_rows(compound, compound.c.compound_id, start="valid_from", end="valid_to",
                               value=compound.c.households, where=compound.c.households.is_not(None)),
            absence=Absence.UNREPORTED, population="compounds"),
    counted("fee_standard_sum", "物业费标准合计", "sum of fee standards", "元/㎡·月", S, (C,),
            lambda: stock_rows(compound, compound.c.compound_id, start="valid_from", end="valid_to",
                               value=compound.c.fee_yuan_m2_month, where=compound.c.fee_yuan_m2_month.is_not(None)),
            absence=Absence.UNREPORTED, population="compounds", is_integer=False),
    counted("companies", "物业企业数", "property companies", "家企业", S, (UnitKind.COMPANY,),
            lambda: stock_rows(company, company.c.company_id, start="valid_from", end="valid_to")),
    _areas("counties", "县区数", "counties", AreaLevel.COUNTY),
    _areas("streets", "街道乡镇数", "streets and towns", AreaLevel.STREET),
    _areas("communities", "社区村数", "communities and villages", AreaLevel.COMMUNITY),
    counted("urban_streets", "市区街道数", "urban streets", "个", S, (UnitKind.STREET,),
            lambda: stock_rows(area, area.c.code, start="valid_from", end="valid_to",
                               where=(area.c.level == AreaLevel.STREET.value) & area.c.is_urban_core.is_(True))),
    counted("grids", "网格数", "grids", "个", S, (UnitKind.GRID,),
            lambda: stock_rows(grid, grid.c.grid_code, start="valid_from", end="valid_to")),
    counted("grid_leaders_due", "网格长应配", "grid leader posts due", "岗", S, (UnitKind.GRID,),
            lambda: stock_rows(grid, grid.c.grid_code, start="valid_from", end="valid_to",
                               value=grid.c.leader_posts_due, where=grid.c.leader_posts_due.is_not(None)),
            absence=Absence.UNREPORTED, population="grids"),
    counted("grid_leaders", "网格长已配", "grid leader posts filled", "岗", S, (UnitKind.GRID,),
            lambda: stock_rows(grid, grid.c.grid_code, start="valid_from", end="valid_to",
                               value=grid.c.leader_posts_filled,
                               where=grid.c.leader_posts_due.is_not(None) & grid.c.leader_posts_filled.is_not(None)),
            absence=Absence.UNREPORTED, population="grids"),
    _mode("compounds_professional", "专业物业小区", "professionally managed compounds", ManagementMode.PROFESSIONAL),
    _mode("compounds_self_managed", "自管小区", "self-managed compounds", ManagementMode.SELF),
    _mode("compounds_fallback_managed", "兜底管理小区", "compounds under fallback management", ManagementMode.FALLBACK),
)  # fmt: skip

DOCUMENT = "《小区物业登记名录》"
INDICATORS: tuple[Indicator, ...] = (
    Indicator(key="compounds", zh="物管小区", en="Managed compounds", unit="个", numerator=("compounds",),
              definition_zh="月末在册的物管小区数", definition_en="Managed compounds in the register at month end",
              codes=("A01",), page=Page.OVERVIEW, source=DOCUMENT),
    Indicator(key="companies", zh="物业企业", en="Property companies", unit="家", numerator=("companies",),
              definition_zh="月末在册的物业服务企业数，按办公地归属", definition_en="Companies in the register, by office",
              codes=("A01",), page=Page.OVERVIEW, source=DOCUMENT),
    Indicator(key="compounds_per_company", zh="每家企业管理小区", en="Compounds per company", unit="个/家", decimals=2,
              numerator=("compounds_professional",), denominator=("companies",), page=Page.COMPANIES,
              definition_zh="专业物业小区数÷物业企业数；反映企业“小”的程度",
              definition_en="Professionally managed compounds per company", codes=("A01", "A03"), source=DOCUMENT),
    Indicator(key="households", zh="户数", en="Households", unit="户", numerator=("households",), page=Page.OVERVIEW,
              definition_zh="物管小区户数合计", definition_en="Households of managed compounds", source=DOCUMENT),
    Indicator(key="property_coverage", zh="物业覆盖率", en="Property coverage", unit="%", decimals=1, scale=100,
              numerator=("compounds",), denominator=("residential_compounds",), direction=1, page=Page.COMPANIES,
              definition_zh="物管小区÷全部居民小区", definition_en="Managed compounds over all residential compounds",
              codes=("D10",), source=DOCUMENT, caveats=("白山公布的91%反推分母约199，与同文195个小区不一致，不作比较",)),
    Indicator(key="professional_share", zh="专业物业占比", en="Professional management", unit="%", decimals=1, scale=100,
              numerator=("compounds_professional",), denominator=Reported.UNITS, direction=1, page=Page.COMPANIES,
              definition_zh="专业物业企业管理的小区÷已报管理模式的小区",
              definition_en="Share of compounds managed by a company, among those whose mode is known",
              codes=("D11", "D12"), source=DOCUMENT),
    Indicator(key="self_managed_share", zh="自管占比", en="Self-managed", unit="%", decimals=1, scale=100,
              numerator=("compounds_self_managed",), denominator=Reported.UNITS, page=Page.COMPANIES,
              definition_zh="业主自管小区÷已报管理模式的小区", definition_en="Share of self-managed compounds",
              codes=("D11", "D12"), source=DOCUMENT),
    Indicator(key="fallback_managed_share", zh="兜底管理占比", en="Fallback management", unit="%", decimals=1, scale=100,
              numerator=("compounds_fallback_managed",), denominator=Reported.UNITS, page=Page.COMPANIES,
              definition_zh="街道社区兜底管理（准物业）小区÷已报管理模式的小区",
              definition_en="Share of compounds under fallback management", codes=("D11", "D12"), source=DOCUMENT),
    Indicator(key="fee_standard", zh="平均物业费标准", en="Mean fee standard", unit="元/㎡·月", decimals=2,
              numerator=("fee_standard_sum",), denominator=Reported.UNITS, page=Page.COMPANIES,
              definition_zh="已登记收费标准的小区的简单平均", definition_en="Mean fee of compounds with a registered fee",
              codes=("D11",), source=DOCUMENT),
    Indicator(key="grid_leader_filled", zh="网格长配备率", en="Grid leaders in post", unit="%", decimals=1, scale=100,
              numerator=("grid_leaders",), denominator=("grid_leaders_due",), direction=1, page=Page.COVERAGE,
              definition_zh="网格长已配岗数÷应配岗数", definition_en="Grid leader posts filled over posts due",
              codes=("D14", "D22"), source="《网格登记表》"),
)  # fmt: skip

__all__ = ["AREA_UNITS", "INDICATORS", "MEASURES", "flag"]
