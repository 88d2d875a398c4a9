"""Derived tables, rebuilt from rows at import. Pages read only these and the registers.

`unit_month` holds a measure per base unit, `area_month` its sum per area. A cell exists where something was
reported; its absence is 未上报, never zero.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Float, Index, Integer, String, Table

from data.schema.columns import metadata

calendar = Table(
    "calendar", metadata,
    Column("month", String(7), primary_key=True, comment="月份 / month"),
    Column("first_day", Date, nullable=False, comment="首日 / first day"),
    Column("last_day", Date, nullable=False, comment="末日 / last day"),
    comment="月历 / months the store covers",
)  # fmt: skip

# No index but the key: without statistics a database would rather use one of a city than look a unit up.
unit_place = Table(
    "unit_place", metadata,
    Column("unit_kind", String(10), primary_key=True, comment="单位类型 / kind of unit"),
    Column("unit_id", String(40), primary_key=True, comment="单位编号 / unit id"),
    Column("name", String(120), nullable=False, comment="名称 / name"),
    Column("city", String(16), comment="市 / city code"),
    Column("county", String(16), comment="县区 / county code"),
    Column("street", String(16), comment="街道 / street code"),
    Column("community", String(16), comment="社区 / community code"),
    Column("grid", String(24), comment="网格 / grid code"),
    Column("kind", String(12), comment="小区类型 / compound kind"),
    Column("is_managed", Boolean, nullable=False, comment="计入汇总 / counts in the roll-up"),
    comment="每个单位所在的各级区划 / where each unit lies, at every level",
)  # fmt: skip

unit_month = Table(
    "unit_month", metadata,
    Column("measure", String(48), primary_key=True, comment="指标 / measure"),
    Column("month", String(7), primary_key=True, comment="月份 / month"),
    Column("unit_id", String(40), primary_key=True, comment="单位编号 / unit id"),
    Column("value", Float, nullable=False, comment="数值 / value"),
    comment="单位×月×指标 / base cells",
    sqlite_with_rowid=False,
)  # fmt: skip
Index("ix_unit_month_unit", unit_month.c.unit_id, unit_month.c.measure, unit_month.c.month, unit_month.c.value)

area_month = Table(
    "area_month", metadata,
    Column("measure", String(48), primary_key=True, comment="指标 / measure"),
    Column("level", String(10), primary_key=True, comment="层级 / level"),
    Column("kind", String(12), primary_key=True, comment="小区类型，空为全部 / compound kind, empty = all"),
    Column("month", String(7), primary_key=True, comment="月份 / month"),
    Column("area", String(16), primary_key=True, comment="区划 / area code"),
    Column("value", Float, nullable=False, comment="合计 / sum"),
    Column("reported", Integer, nullable=False, comment="上报单位数 / units that reported"),
    comment="区划×月×指标 / rolled-up cells",
    sqlite_with_rowid=False,
)  # fmt: skip
Index("ix_area_month_area", area_month.c.area, area_month.c.measure, area_month.c.month)
