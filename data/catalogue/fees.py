"""Fees due, collected and cleared; public income; and the campaigns of the bureau."""

from __future__ import annotations

from data.catalogue.sources import observed
from data.catalogue.types import Indicator, Measure, Nature, Page

S, F = Nature.STOCK, Nature.FLOW

MEASURES: tuple[Measure, ...] = (
    observed("fees_due_yuan", "应收物业费", "fees due", "元", F, is_integer=False),
    observed("fees_collected_yuan", "实收物业费", "fees collected", "元", F, pair="fees_due_yuan", is_integer=False),
    observed("arrears_cleared_yuan", "清缴历史欠费", "arrears cleared", "元", F, is_integer=False),
    observed("arrears_open_yuan", "历史欠费余额", "arrears open", "元", S, is_integer=False),
    observed("public_income_yuan", "公共收益", "public income", "元", F, is_integer=False),
    observed("public_income_due", "应公示公共收益", "public income to be published", "期", F),
    observed("public_income_published", "已公示公共收益", "public income published", "期", F, pair="public_income_due"),
    observed("vehicles_persuaded", "劝离车辆", "vehicles persuaded", "辆", F),
    observed("vehicles_towed", "拖移车辆", "vehicles towed", "辆", F),
    observed("meter_boxes_found", "排查破旧表箱", "meter boxes found", "个", F),
    observed("meter_boxes", "整治破旧表箱", "meter boxes repaired", "个", F),
    observed("charging_ports", "新增充电端口", "charging ports added", "个", F),
    observed("car_chargers", "其中汽车充电桩", "car chargers added", "个", F),
    observed("campaign_sites", "整治小区次", "compounds treated", "个次", F),
    observed("campaign_relapses", "复发小区次", "compounds that relapsed", "个次", F, pair="campaign_sites"),
)  # fmt: skip

SRC, CAM = "《小区收费月报》", "《专项整治月报》"


def _campaign(key: str, zh: str, en: str, unit: str, code: str, definition: str, definition_en: str) -> Indicator:
    return Indicator(key=key, zh=zh, en=en, unit=unit, numerator=(key,), direction=1, codes=(code,), source=CAM,
                     page=Page.OVERVIEW, definition_zh=definition, definition_en=definition_en,
                     cumulative=True)  # fmt: skip


INDICATORS: tuple[Indicator, ...] = (
    Indicator(key="fee_collection_rate", zh="物业费收缴率", en="Fee collection", unit="%", decimals=1, scale=100, direction=1,
              numerator=("fees_collected_yuan",), denominator=("fees_due_yuan",), codes=("A27", "A03", "A26"),
              page=Page.COMPANIES, source=SRC, definition_zh="当期实收÷当期应收；反映“低”",
              definition_en="Fees collected over fees due in the period"),
    Indicator(key="fees_due_yuan", zh="应收物业费", en="Fees due", unit="元", numerator=("fees_due_yuan",), codes=("A27",),
              page=Page.COMPANIES, source=SRC, definition_zh="当期应收", definition_en="Fees due in the period"),
    Indicator(key="arrears_cleared_yuan", zh="清缴历史欠费", en="Arrears cleared", unit="元", direction=1, cumulative=True,
              numerator=("arrears_cleared_yuan",), codes=("A26",), page=Page.COMPANIES, source=SRC,
              definition_zh="党员干部、公职人员集中清缴的历史欠费，累计", definition_en="Arrears cleared to date",
              caveats=("约4150万元是清缴活动口径，不是全市收缴总额",)),
    Indicator(key="arrears_open_yuan", zh="历史欠费余额", en="Arrears open", unit="元", direction=-1,
              numerator=("arrears_open_yuan",), codes=("A26",), page=Page.COMPANIES, source=SRC,
              definition_zh="月末历史欠费余额", definition_en="Arrears still open at month end"),
    Indicator(key="public_income_rate", zh="公共收益公示率", en="Public income published", unit="%", decimals=1, scale=100,
              direction=1, numerator=("public_income_published",), denominator=("public_income_due",), codes=("A28",),
              page=Page.RANKING, source=SRC, definition_zh="已公示期数÷应公示期数",
              definition_en="Periods published over periods due"),
    _campaign("vehicles_persuaded", "劝离车辆", "Vehicles persuaded", "辆", "A23", "乱停放、占消防通道劝离车辆，累计",
              "Vehicles persuaded to move, to date"),
    _campaign("vehicles_towed", "拖移车辆", "Vehicles towed", "辆", "A23", "拖移车辆，累计", "Vehicles towed, to date"),
    _campaign("meter_boxes", "整治破旧表箱", "Meter boxes", "个", "A24", "完成整治的破旧表箱，累计", "Meter boxes repaired, to date"),
    Indicator(key="meter_box_rate", zh="表箱整治完成率", en="Meter boxes done", unit="%", decimals=1, scale=100, direction=1,
              numerator=("meter_boxes",), denominator=("meter_boxes_found",), codes=("A24",), page=Page.OVERVIEW,
              source=CAM, definition_zh="累计整治÷累计排查", definition_en="Repaired over found, to date", cumulative=True),
    _campaign("charging_ports", "新增充电端口", "Charging ports", "个", "A25", "新增充电端口（含汽车桩），累计",
              "Charging ports added, car chargers included, to date"),
    _campaign("car_chargers", "汽车充电桩", "Car chargers", "个", "A25", "其中汽车充电桩，累计", "Of which car chargers, to date"),
    Indicator(key="ports_per_hundred_households", zh="每百户新增端口", en="Ports per 100 households", unit="个/百户",
              decimals=2, scale=100, direction=1, numerator=("charging_ports",), denominator=("households",),
              codes=("A25",), page=Page.OVERVIEW, source=CAM, cumulative=True, definition_zh="累计新增端口÷户数×100",
              definition_en="Ports added to date per hundred households"),
    Indicator(key="campaign_relapse_rate", zh="整治复发率", en="Relapse", unit="%", decimals=1, scale=100, direction=-1,
              numerator=("campaign_relapses",), denominator=("campaign_sites",), codes=("A23",), page=Page.OVERVIEW,
              source=CAM, is_binomial=True, definition_zh="复发小区次÷整治小区次，累计",
              definition_en="Compounds that relapsed over compounds treated, to date", cumulative=True),
)  # fmt: skip
