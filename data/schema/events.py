"""Events: what happened, with the dates it happened on. No text by or about a person."""

from __future__ import annotations

from sqlalchemy import Boolean, Date, DateTime, Float, Index, Integer, String, func

from data.schema.columns import Kind, col, versioned_table
from data.schema.registers import MONTH
from data.schema.vocabulary import (
    CaseCategory,
    CaseChannel,
    CaseKind,
    IncidentKind,
    InterviewTrigger,
    ObjectionReason,
    Question,
    ResponseLevel,
    SurveyMethod,
    TaskList,
)

case_event = versioned_table(
    "case_event", "诉求纠纷", "appeals, disputes, suggestions, whistles", Kind.EVENT, ("case_id",),
    col("case_id", String(40), "事件编号", "case id", required=True),
    col("compound_id", String(40), "小区编号", "compound id", refers="compound"),
    col("area_code", String(16), "区划代码", "area code where no compound is known", refers="area"),
    col("kind", String(12), "事件类型", "kind", required=True, choices=CaseKind),
    col("channel", String(12), "来源渠道", "channel", choices=CaseChannel),
    col("category", String(12), "类别", "category", choices=CaseCategory),
    col("opened_at", DateTime, "受理时间", "opened at", required=True),
    col("due_at", DateTime, "应办结时间", "due at"),
    col("responded_at", DateTime, "响应时间", "responded at"),
    col("arrived_at", DateTime, "到场时间", "arrived at"),
    col("resolved_at", DateTime, "办结时间", "resolved at"),
    col("level_in", String(24), "受理层级", "level that took it in", choices=ResponseLevel),
    col("level_closed", String(24), "办结层级", "level that closed it", choices=ResponseLevel),
    col("station_id", String(40), "站点编号", "station", refers="site"),
    col("reopened", Boolean, "是否重办", "reopened"),
    col("callback_satisfied", Boolean, "回访满意", "satisfied at callback; empty = not called back"),
)  # fmt: skip

# The file of a compound asks for its cases, and for those that were counted of it: of a large city there are millions.
Index("ix_case_event_compound", case_event.c.compound_id)
Index("ix_case_event_unit", func.coalesce(case_event.c.compound_id, case_event.c.area_code))

task = versioned_table(
    "task", "任务台账", "list items, renovations and campaign tasks", Kind.EVENT, ("task_id",),
    col("task_id", String(40), "任务编号", "task id", required=True),
    col("list_kind", String(12), "清单类型", "list", required=True, choices=TaskList),
    col("title", String(120), "事项", "title"),
    col("area_code", String(16), "区划代码", "area code", refers="area"),
    col("compound_id", String(40), "小区编号", "compound id", refers="compound"),
    col("owner_post", String(60), "责任岗位", "post that owns it, never a person"),
    col("opened_on", Date, "登记日期", "opened on", required=True),
    col("due_on", Date, "到期日期", "due on"),
    col("done_on", Date, "完成日期", "done on"),
)  # fmt: skip

survey = versioned_table(
    "survey", "满意度调查", "survey counts", Kind.EVENT, ("compound_id", "wave", "question"),
    col("compound_id", String(40), "小区编号", "compound id", required=True, refers="compound"),
    col("wave", String(7), "调查月份", "wave (month)", required=True, pattern=MONTH),
    col("question", String(12), "题目", "question", required=True, choices=Question),
    col("method", String(8), "调查方式", "method", choices=SurveyMethod),
    col("invited", Integer, "发放数", "invited", low=0, unit="份"),
    col("valid", Integer, "有效数", "valid answers", required=True, low=0, unit="份"),
    col("satisfied", Integer, "满意数", "satisfied answers", required=True, low=0, unit="份"),
    col("score1", Integer, "很不满意", "answers of 1", low=0, unit="份"),
    col("score2", Integer, "不满意", "answers of 2", low=0, unit="份"),
    col("score3", Integer, "一般", "answers of 3", low=0, unit="份"),
    col("score4", Integer, "满意", "answers of 4", low=0, unit="份"),
    col("score5", Integer, "很满意", "answers of 5", low=0, unit="份"),
)  # fmt: skip

assessment = versioned_table(
    "assessment", "月度考核", "monthly assessments", Kind.EVENT, ("compound_id", "month"),
    col("compound_id", String(40), "小区编号", "compound id", required=True, refers="compound"),
    col("month", String(7), "月份", "month", required=True, pattern=MONTH),
    col("party_score", Float, "党建得分", "party score", low=0, high=100, unit="分"),
    col("service_score", Float, "服务得分", "service score", low=0, high=100, unit="分"),
    col("governance_score", Float, "治理得分", "governance score", low=0, high=100, unit="分"),
    col("total_score", Float, "考核总分", "total", required=True, low=0, high=100, unit="分"),
    col("is_rewarded", Boolean, "是否奖励", "rewarded"),
    col("interview_trigger", String(20), "约谈原因", "interview trigger", choices=InterviewTrigger),
    col("interview_due_on", Date, "约谈期限", "interview due on"),
    col("interview_held_on", Date, "约谈日期", "interview held on"),
    col("rectify_due_on", Date, "整改期限", "rectification due on"),
    col("rectified_on", Date, "整改完成", "rectified on"),
)  # fmt: skip

objection = versioned_table(
    "objection", "评分申诉", "objections to a score", Kind.EVENT, ("objection_id",),
    col("objection_id", String(40), "申诉编号", "objection id", required=True),
    col("compound_id", String(40), "小区编号", "compound id", required=True, refers="compound"),
    col("month", String(7), "评分月份", "month of the score", required=True, pattern=MONTH),
    col("raised_on", Date, "提出日期", "raised on", required=True),
    col("reason", String(12), "申诉理由", "reason", required=True, choices=ObjectionReason),
    col("answered_on", Date, "答复日期", "answered on"),
    col("score_before", Float, "申诉前得分", "score before", low=0, high=100, unit="分"),
    col("score_after", Float, "答复后得分", "score after", low=0, high=100, unit="分"),
)  # fmt: skip

incident = versioned_table(
    "incident", "重大事件", "serious incidents that gate an award", Kind.EVENT, ("incident_id",),
    col("incident_id", String(40), "事件编号", "incident id", required=True),
    col("compound_id", String(40), "小区编号", "compound id", required=True, refers="compound"),
    col("kind", String(12), "事件类型", "kind", required=True, choices=IncidentKind),
    col("opened_on", Date, "发生日期", "opened on", required=True),
    col("closed_on", Date, "销号日期", "closed on"),
)  # fmt: skip
