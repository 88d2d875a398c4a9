"""Appeals, disputes, suggestions: taken in, answered, resolved, called back, and the level that closed them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func

from data.catalogue.sources import counted, event_rows
from data.catalogue.types import PLACED, Indicator, Measure, Nature, Page
from data.schema import case_event
from data.schema.vocabulary import CaseCategory, CaseKind, ResponseLevel

F = Nature.FLOW
E = case_event
UNIT = func.coalesce(E.c.compound_id, E.c.area_code)
# Disputes and appeals are what the six-level chain answers; suggestions and whistles are counted on their own.
CHAIN = (CaseKind.APPEAL.value, CaseKind.DISPUTE.value, CaseKind.URGENT.value)
LEVELS = {
    "cadre": ResponseLevel.CADRE, "building": ResponseLevel.BUILDING, "compound": ResponseLevel.COMPOUND,
    "community": ResponseLevel.COMMUNITY, "street": ResponseLevel.STREET, "county": ResponseLevel.COUNTY,
}  # fmt: skip
CATEGORIES = {
    "parking": CaseCategory.PARKING, "security": CaseCategory.SECURITY, "fire": CaseCategory.FIRE,
    "fee": CaseCategory.FEE, "repair": CaseCategory.REPAIR, "sanitation": CaseCategory.SANITATION,
    "neighbour": CaseCategory.NEIGHBOUR, "other": CaseCategory.OTHER,
}  # fmt: skip


def _events(key: str, zh: str, en: str, when: str, where: Any = None, *, value: Any = 1.0, unit: str = "件") -> Measure:
    kinds = E.c.kind.in_(CHAIN)
    return counted(
        key, zh, en, unit, F, PLACED,
        lambda: event_rows(E, UNIT, E.c[when], value=value, where=kinds if where is None else kinds & where),
    )  # fmt: skip


def _disputes(key: str, zh: str, en: str, when: str, where: Any = None) -> Measure:
    only = E.c.kind == CaseKind.DISPUTE.value
    return counted(
        key, zh, en, "件", F, PLACED,
        lambda: event_rows(E, UNIT, E.c[when], where=only if where is None else only & where),
    )  # fmt: skip


MEASURES: tuple[Measure, ...] = (
    _events("cases_opened", "受理诉求", "cases taken in", "opened_at"),
    _events("cases_responded", "已响应", "cases answered, by month taken in", "opened_at", E.c.responded_at.is_not(None)),
    _events("cases_resolved_of_opened", "已办结(按受理月)", "cases resolved, by month taken in", "opened_at",
            E.c.resolved_at.is_not(None)),
    _events("cases_due", "有时限的诉求", "cases with a time limit", "opened_at", E.c.due_at.is_not(None)),
    _events("cases_on_time", "按期办结", "cases resolved in time", "opened_at",
            E.c.due_at.is_not(None) & (E.c.resolved_at <= E.c.due_at)),
    _events("cases_resolved", "办结诉求", "cases resolved in the month", "resolved_at"),
    _events("cases_reopened", "重办", "cases reopened, by month resolved", "resolved_at", E.c.reopened.is_(True)),
    _events("cases_called_back", "已回访", "cases called back, by month resolved", "resolved_at",
            E.c.callback_satisfied.is_not(None)),
    _events("cases_callback_satisfied", "回访满意", "cases whose callback was satisfied", "resolved_at",
            E.c.callback_satisfied.is_(True)),
    *(_events(f"cases_closed_{key}", f"{level.value}办结", f"cases closed at level {key}", "resolved_at",
              E.c.level_closed == level.value) for key, level in LEVELS.items()),
    *(_events(f"cases_about_{key}", f"{category.value}类诉求", f"cases about {key}", "opened_at",
              E.c.category == category.value) for key, category in CATEGORIES.items()),
    _disputes("disputes_opened", "受理纠纷", "disputes taken in", "opened_at"),
    _disputes("disputes_resolved", "化解纠纷", "disputes resolved", "resolved_at"),
    _disputes("disputes_resolved_of_opened", "已化解纠纷(按受理月)", "disputes resolved, by month taken in", "opened_at",
              E.c.resolved_at.is_not(None)),
)  # fmt: skip

SRC = "《诉求纠纷台账》"


def _rate(key: str, zh: str, en: str, num: tuple[str, ...], den: tuple[str, ...], definition: str, definition_en: str,
          codes: tuple[str, ...], direction: Any = 1, page: Page = Page.OVERVIEW) -> Indicator:  # fmt: skip
    return Indicator(key=key, zh=zh, en=en, unit="%", decimals=1, scale=100, numerator=num, denominator=den,
                     direction=direction, is_binomial=True, definition_zh=definition, definition_en=definition_en,
                     codes=codes, page=page, source=SRC)  # fmt: skip


ALL_LEVELS = tuple(f"cases_closed_{key}" for key in LEVELS)
INDICATORS: tuple[Indicator, ...] = (
    Indicator(key="cases_opened", zh="受理诉求", en="Cases taken in", unit="件", numerator=("cases_opened",), source=SRC,
              definition_zh="当月受理的诉求、纠纷和急难愁盼", definition_en="Appeals, disputes and urgent matters taken in",
              codes=("A02",), page=Page.OVERVIEW),
    _rate("case_response_rate", "诉求响应率", "Response rate", ("cases_responded",), ("cases_opened",), "已响应÷受理（按受理月）",
          "Answered over taken in, by month taken in", ("A02", "A03")),
    _rate("case_on_time_rate", "诉求按期办结率", "Resolved in time", ("cases_on_time",), ("cases_due",),
          "时限内办结÷有时限的受理件；反映“慢”", "Resolved in time over cases with a limit", ("A02", "A03")),
    _rate("case_resolution_rate", "诉求办结率", "Resolution rate", ("cases_resolved_of_opened",), ("cases_opened",),
          "已办结÷受理（按受理月）", "Resolved over taken in, by month taken in", ("A02",)),
    _rate("case_callback_satisfaction", "回访满意率", "Callback satisfaction", ("cases_callback_satisfied",),
          ("cases_called_back",), "回访满意÷已回访", "Satisfied over called back", ("A02",), page=Page.COMPOUND),
    _rate("case_escalation_rate", "上交率", "Escalated", ("cases_closed_street", "cases_closed_county"), ALL_LEVELS,
          "由街道及以上办结÷已报办结层级的办结件", "Closed at street or above over closed", ("A02",), -1, Page.COVERAGE),
    *(Indicator(key=f"cases_closed_{key}", zh=f"{level.value}办结", en=f"Closed at {key}", unit="件",
                numerator=(f"cases_closed_{key}",), definition_zh=f"由{level.value}办结的件数",
                definition_en=f"Cases closed at the {key} level", codes=("A02",), page=Page.COVERAGE, source=SRC)
      for key, level in LEVELS.items()),
    *(Indicator(key=f"cases_about_{key}", zh=category.value, en=key.capitalize(), unit="件",
                numerator=(f"cases_about_{key}",), definition_zh=f"{category.value}类受理件数",
                definition_en=f"Cases about {key}", codes=("A02",), page=Page.COMPOUND, source=SRC)
      for key, category in CATEGORIES.items()),
    Indicator(key="disputes_resolved", zh="化解纠纷", en="Disputes resolved", unit="件", numerator=("disputes_resolved",),
              definition_zh="化解的矛盾纠纷，累计", definition_en="Disputes resolved to date", codes=("A22",), direction=1,
              page=Page.OVERVIEW, source=SRC, cumulative=True,
              caveats=("宣城公布的4000余件是化解纠纷，与宿州4000余条意见建议不是一回事；起始日未公布",)),
    _rate("dispute_resolution_rate", "纠纷化解率", "Dispute resolution", ("disputes_resolved_of_opened",),
          ("disputes_opened",), "已化解÷受理纠纷（按受理月）", "Resolved over disputes taken in", ("A22",)),
)  # fmt: skip
