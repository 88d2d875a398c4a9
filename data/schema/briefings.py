"""Long work and what it made: jobs, and the frozen editions of the briefing. No import writes these tables."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, DateTime, Identity, Integer, LargeBinary, String, Table, Text

from data.schema.columns import metadata

job = Table(
    "job", metadata,
    Column("job_id", String(36), primary_key=True, comment="任务号 / job number, not to be guessed"),
    Column("kind", String(20), nullable=False, comment="种类 / kind"),
    Column("actor", String(60), nullable=False, comment="账号 / account that asked"),
    Column("asked", JSON, nullable=False, comment="要求 / what was asked for"),
    Column("state", String(10), nullable=False, index=True, comment="状态 / waiting, running, done, failed, cancelled"),
    Column("done", Integer, nullable=False, default=0, comment="已完成 / steps done"),
    Column("total", Integer, nullable=False, default=0, comment="总步数 / steps in all"),
    Column("message", Text, comment="说明 / what happens now, or why it failed"),
    Column("cancel_asked", Boolean, nullable=False, default=False, comment="请求取消 / cancel was asked for"),
    Column("worker", String(80), comment="执行者 / process that runs it"),
    Column("created_at", DateTime, nullable=False, comment="提交时间(UTC) / asked at, UTC"),
    Column("seen_at", DateTime, comment="最近进展(UTC) / last sign of life, UTC"),
    Column("ended_at", DateTime, comment="结束时间(UTC) / ended at, UTC"),
    Column("edition_id", Integer, comment="版次 / edition it made"),
    comment="任务 / long work and its progress",
)  # fmt: skip

edition = Table(
    "edition", metadata,
    Column("edition_id", Integer, Identity(), primary_key=True, comment="版次号 / edition number"),
    Column("title", String(200), nullable=False, comment="标题 / title"),
    Column("actor", String(60), nullable=False, comment="账号 / account"),
    Column("areas", JSON, comment="数据范围 / area codes its numbers may be seen by; null is the whole city"),
    Column("created_at", DateTime, nullable=False, comment="生成时间(UTC) / made at, UTC"),
    Column("stamp", String(40), nullable=False, comment="时间戳 / time written into the file"),
    Column("month", String(7), nullable=False, comment="月份 / month"),
    Column("place", String(120), nullable=False, comment="范围 / area or compound"),
    Column("revision", String(40), nullable=False, comment="数据版本 / revision of the store"),
    Column("basket", JSON, nullable=False, comment="目录 / the charts asked for, in order"),
    Column("numbers", JSON, nullable=False, comment="数字 / every figure read, with its definition and batches"),
    Column("manifest", JSON, nullable=False, comment="清单 / what each slide holds and how it was made"),
    Column("file_name", String(200), nullable=False, comment="文件名 / file name"),
    Column("sha256", String(64), nullable=False, comment="SHA-256"),
    Column("content", LargeBinary, nullable=False, comment="文件 / the deck"),
    comment="简报版次 / editions of the briefing, frozen",
)  # fmt: skip
