"""Survey answers by question, monthly assessments, interviews and their closing."""

from __future__ import annotations

from typing import Any

from data.catalogue.sources import C, counted, event_rows
from data.catalogue.types import Absence, Indicator, Measure, Nature, Page
from data.schema import assessment, survey
from data.schema.vocabulary import InterviewTrigger, Question

F = Nature.FLOW
U = Absence.UNREPORTED
QUESTIONS = {"overall": Question.OVERALL, "gain": Question.GAIN, "happy": Question.HAPPY, "safe": Question.SAFE}
TRIGGERS = {
    "service": InterviewTrigger.SERVICE, "satisfaction": InterviewTrigger.SATISFACTION,
    "party": InterviewTrigger.PARTY, "governance": InterviewTrigger.GOVERNANCE,
}  # fmt: skip
A = assessment.c


def _answers(key: str, zh: str, en: str, column: str, question: Question) -> Measure:
    value = survey.c[column]
    return counted(
        key, zh, en, "份", F, (C,),
        lambda: event_rows(survey, survey.c.compound_id, survey.c.wave, value=value,
                           where=(survey.c.question == question.value) & value.is_not(None)),
        absence=U, population="compounds",
    )  # fmt: skip


def _assessed(key: str, zh: str, en: str, *, value: Any = 1.0, where: Any = None, when: Any = None,
              absence: Absence = U, unit: str = "个小区") -> Measure:  # fmt: skip
    return counted(
        key, zh, en, unit, F, (C,),
        lambda: event_rows(assessment, A.compound_id, A.month if when is None else when, value=value, where=where),
        absence=absence, population="compounds" if absence is U else None, is_integer=unit != "分",
    )  # fmt: skip


MEASURES: tuple[Measure, ...] = (
    *(m for key, q in QUESTIONS.items() for m in (
        _answers(f"survey_valid_{key}", f"有效数({q.value})", f"valid answers, {key}", "valid", q),
        _answers(f"survey_satisfied_{key}", f"满意数({q.value})", f"satisfied answers, {key}", "satisfied", q),
    )),
    _answers("survey_invited", "发放数", "invited", "invited", Question.OVERALL),
    *(_answers(f"survey_score{i}", f"{label}(总体)", f"answers of {i}, overall", f"score{i}", Question.OVERALL)
      for i, label in enumerate(("很不满意", "不满意", "一般", "满意", "很满意"), start=1)),
    _assessed("assessments", "已考核小区", "assessments held"),
    _assessed("assessment_score_sum", "考核得分合计", "sum of assessment scores", value=A.total_score, unit="分"),
    _assessed("rewards", "奖励小区", "compounds rewarded", where=A.is_rewarded.is_(True), absence=Absence.ZERO),
    *(_assessed(f"interviews_due_{key}", f"应约谈：{trigger.value}", f"interviews due, trigger {key}",
                where=A.interview_trigger == trigger.value, absence=Absence.ZERO) for key, trigger in TRIGGERS.items()),
    _assessed("interviews_due", "应约谈", "interviews due", where=A.interview_trigger.is_not(None), absence=Absence.ZERO),
    _assessed("interviews_held", "已约谈(按触发月)", "interviews held, by month triggered",
              where=A.interview_trigger.is_not(None) & A.interview_held_on.is_not(None), absence=Absence.ZERO),
    _assessed("interviews_rectified", "已整改(按触发月)", "rectified, by month triggered",
              where=A.interview_trigger.is_not(None) & A.rectified_on.is_not(None), absence=Absence.ZERO),
)  # fmt: skip

SRC, ASM = "《群众满意度调查》", "《月度考核表》"


def _satisfaction(key: str, question: Question, en: str) -> Indicator:
    name = "群众满意率" if key == "overall" else question.value
    return Indicator(
        key="satisfaction" if key == "overall" else f"satisfaction_{key}", zh=name, en=en, unit="%", decimals=1,
        scale=100, numerator=(f"survey_satisfied_{key}",), denominator=(f"survey_valid_{key}",), direction=1,
        target=60 if key == "overall" else None, is_binomial=True, codes=("A37", "A03") if key == "overall" else ("A37",),
        page=Page.SATISFACTION, source=SRC, definition_zh=f"{question.value}题的满意数÷有效数，附95% Wilson区间",
        definition_en=f"Satisfied over valid answers to the {key} question, with a 95 % Wilson interval",
    )  # fmt: skip


INDICATORS: tuple[Indicator, ...] = (
    _satisfaction("overall", Question.OVERALL, "Satisfaction"),
    _satisfaction("gain", Question.GAIN, "Sense of gain"),
    _satisfaction("happy", Question.HAPPY, "Sense of happiness"),
    _satisfaction("safe", Question.SAFE, "Sense of safety"),
    Indicator(key="survey_response_rate", zh="问卷有效回收率", en="Response rate", unit="%", decimals=1, scale=100,
              numerator=("survey_valid_overall",), denominator=("survey_invited",), direction=1, codes=("A37",),
              page=Page.SATISFACTION, source=SRC, is_binomial=True, definition_zh="有效数÷发放数",
              definition_en="Valid answers over invited"),
    Indicator(key="survey_valid", zh="有效问卷", en="Valid answers", unit="份", numerator=("survey_valid_overall",),
              codes=("A37",), page=Page.SATISFACTION, source=SRC, definition_zh="总体满意题有效数",
              definition_en="Valid answers to the overall question"),
    *(Indicator(key=f"survey_score{i}", zh=label, en=f"Answers of {i}", unit="份", numerator=(f"survey_score{i}",),
                codes=("A37",), page=Page.SATISFACTION, source=SRC, definition_zh=f"总体满意题答“{label}”的份数",
                definition_en=f"Answers of {i} on the overall question")
      for i, label in enumerate(("很不满意", "不满意", "一般", "满意", "很满意"), start=1)),
    Indicator(key="assessment_coverage", zh="月考核覆盖率", en="Assessed", unit="%", decimals=1, scale=100,
              numerator=("assessments",), denominator=("compounds",), direction=1, codes=("B10",),
              page=Page.SATISFACTION, source=ASM, definition_zh="当月已考核小区÷物管小区",
              definition_en="Compounds assessed in the month over managed compounds"),
    Indicator(key="assessment_score", zh="月考核平均分", en="Mean assessment", unit="分", decimals=1,
              numerator=("assessment_score_sum",), denominator=("assessments",), direction=1, codes=("B10",),
              page=Page.SATISFACTION, source=ASM, definition_zh="考核得分合计÷已考核小区",
              definition_en="Sum of scores over compounds assessed"),
    Indicator(key="rewards", zh="奖励小区", en="Rewarded", unit="个", numerator=("rewards",), direction=1, codes=("B10",),
              page=Page.SATISFACTION, source=ASM, definition_zh="当月获奖励的小区数", definition_en="Compounds rewarded"),
    Indicator(key="interviews_due", zh="应约谈", en="Interviews due", unit="个", numerator=("interviews_due",),
              direction=-1, codes=("B11",), page=Page.SATISFACTION, source=ASM,
              definition_zh="当月触发约谈（四项之一）的小区数", definition_en="Compounds due an interview by any trigger"),
    Indicator(key="interview_held_rate", zh="约谈完成率", en="Interviews held", unit="%", decimals=1, scale=100,
              numerator=("interviews_held",), denominator=("interviews_due",), direction=1, codes=("B11",),
              page=Page.SATISFACTION, source=ASM, definition_zh="已约谈÷应约谈（按触发月）",
              definition_en="Held over due, by month triggered"),
    Indicator(key="interview_rectified_rate", zh="约谈整改率", en="Rectified", unit="%", decimals=1, scale=100,
              numerator=("interviews_rectified",), denominator=("interviews_due",), direction=1, codes=("B11",),
              page=Page.SATISFACTION, source=ASM, definition_zh="已整改÷应约谈（按触发月）",
              definition_en="Rectified over due, by month triggered"),
    *(Indicator(key=f"interviews_due_{key}", zh=trigger.value, en=f"Trigger: {key}", unit="个",
                numerator=(f"interviews_due_{key}",), direction=-1, codes=("B11",), page=Page.SATISFACTION, source=ASM,
                definition_zh=f"因“{trigger.value}”应约谈的小区数", definition_en=f"Interviews due by trigger {key}")
      for key, trigger in TRIGGERS.items()),
)  # fmt: skip
