"""Observations: every other monthly figure, one row per unit, month and measure of the catalogue."""

from __future__ import annotations

from sqlalchemy import Float, Index, String

from data.schema.columns import Kind, col, versioned_table
from data.schema.registers import MONTH
from data.schema.vocabulary import UnitKind

observation = versioned_table(
    "observation", "月度数据", "monthly counts", Kind.OBSERVATION, ("unit_kind", "unit_id", "month", "measure"),
    col("unit_kind", String(10), "单位类型", "kind of unit", required=True, choices=UnitKind),
    col("unit_id", String(40), "单位编号", "unit id", required=True),
    col("month", String(7), "月份", "month", required=True, pattern=MONTH),
    col("measure", String(48), "指标", "measure key of the catalogue", required=True),
    col("value", Float, "数值", "value", required=True),
)  # fmt: skip

Index("ix_observation_measure", observation.c.measure, observation.c.month)
