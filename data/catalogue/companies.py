"""What companies report: party work in statutes and decisions, credit score, annual review."""

from __future__ import annotations

from sqlalchemy import case

from data.catalogue.sources import counted, flag, observed, stock_rows
from data.catalogue.types import Absence, Indicator, Measure, Nature, Page, Reported
from data.schema import company
from data.schema.vocabulary import CreditGrade, UnitKind

S, F = Nature.STOCK, Nature.FLOW
ON = UnitKind.COMPANY


def _grade(grade: CreditGrade) -> Measure:
    return counted(
        f"companies_grade_{grade.value.lower()}", f"{grade.value}级企业", f"companies of credit grade {grade.value}",
        "家企业", S, (ON,),
        lambda: stock_rows(company, company.c.company_id, start="valid_from", end="valid_to",
                           value=case((company.c.credit_grade == grade.value, 1.0), else_=0.0),
                           where=company.c.credit_grade.is_not(None)),
        absence=Absence.UNREPORTED, population="companies", is_flag=True,
    )  # fmt: skip


MEASURES: tuple[Measure, ...] = (
    *(_grade(g) for g in CreditGrade),
    flag("charter_included", "党建写入章程", "party work in the statutes", ON),
    flag("party_in_decisions", "党组织参与议事决策", "organisation takes part in decisions", ON),
    flag("review_done", "已完成年度考评", "annual review done", ON),
    observed("credit_score", "信用评分", "credit score", "分", S, ON, is_integer=False, high=120),
    observed("credit_party_score", "其中党建分", "of which party work", "分", S, ON, is_integer=False, pair="credit_score",
             high=120),
)  # fmt: skip

SRC = "《物业企业登记表》"
REPORT = "《企业月报》"


def _rate(key: str, zh: str, en: str, num: str, definition: str, definition_en: str, codes: tuple[str, ...],
          source: str = REPORT) -> Indicator:  # fmt: skip
    return Indicator(key=key, zh=zh, en=en, unit="%", decimals=1, scale=100, numerator=(num,), direction=1,
                     denominator=Reported.UNITS, page=Page.COMPANIES, definition_zh=definition,
                     definition_en=definition_en, codes=codes, source=source)  # fmt: skip


INDICATORS: tuple[Indicator, ...] = (
    *(Indicator(key=f"companies_grade_{g.value.lower()}", zh=f"{g.value}级企业", en=f"Grade {g.value}", unit="家",
                numerator=(f"companies_grade_{g.value.lower()}",), page=Page.COMPANIES, source=SRC, codes=("A31", "E04"),
                definition_zh=f"信用等级为{g.value}的企业数", definition_en=f"Companies of credit grade {g.value}")
      for g in CreditGrade),
    _rate("charter_rate", "党建入章率", "Party work in statutes", "charter_included", "党建写入章程的企业÷已报企业",
          "Companies with party work in their statutes", ("A30",)),
    _rate("decision_rate", "议事参与率", "Part in decisions", "party_in_decisions", "建立党组织参与议事决策制度的企业÷已报企业",
          "Companies whose organisation takes part in decisions", ("A30",)),
    _rate("review_rate", "年度考评完成率", "Annual review", "review_done", "已完成年度考评的企业÷已报企业",
          "Companies with the annual review done", ("E04",)),
    Indicator(key="credit_score_mean", zh="平均信用评分", en="Mean credit score", unit="分", decimals=1, direction=1,
              numerator=("credit_score",), denominator=Reported.UNITS, page=Page.COMPANIES, source=REPORT,
              codes=("A31", "E04"), definition_zh="信用评分合计÷已报企业", definition_en="Mean credit score"),
    Indicator(key="credit_party_share", zh="党建分占信用分", en="Party share of credit", unit="%", decimals=1, scale=100,
              numerator=("credit_party_score",), denominator=("credit_score",), page=Page.COMPANIES, source=REPORT,
              codes=("A31",), definition_zh="党建分合计÷信用分合计", definition_en="Party work's share of the credit score"),
)  # fmt: skip
