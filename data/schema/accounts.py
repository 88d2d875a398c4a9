"""Who may do what, and who did: accounts of posts, their sessions, the audit trail. No import writes these tables."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, DateTime, ForeignKey, Identity, Integer, String, Table

from data.schema.columns import metadata

account = Table(
    "account", metadata,
    Column("account_id", Integer, Identity(), primary_key=True, comment="账号编号 / account number"),
    Column("login", String(60), nullable=False, unique=True, comment="账号 / login, the name of a post, never a person"),
    Column("role", String(12), nullable=False, comment="角色 / role"),
    Column("areas", JSON, comment="数据范围 / area codes it may see; null is the whole city"),
    Column("password_hash", String(200), comment="口令摘要 / argon2 hash; null for single sign-on alone"),
    Column("subject", String(255), unique=True, comment="单点登录标识 / issuer and subject of single sign-on"),
    Column("must_change", Boolean, nullable=False, default=True, comment="须改口令 / password must be changed"),
    Column("password_set_at", DateTime, comment="口令设置时间(UTC) / password set at, UTC"),
    Column("failures", Integer, nullable=False, default=0, comment="连续失败次数 / failed logins in a row"),
    Column("locked_until", DateTime, comment="锁定至(UTC) / locked until, UTC"),
    Column("created_at", DateTime, nullable=False, comment="建立时间(UTC) / created at, UTC"),
    Column("disabled_at", DateTime, comment="停用时间(UTC) / disabled at, UTC"),
    comment="账号 / accounts",
)  # fmt: skip

web_session = Table(
    "web_session", metadata,
    Column("session_hash", String(64), primary_key=True, comment="会话标识摘要 / SHA-256 of the cookie's token"),
    Column("account_id", Integer, ForeignKey("account.account_id"), index=True, comment="账号 / account"),
    Column("content", JSON, nullable=False, comment="内容 / what the session holds"),
    Column("created_at", DateTime, nullable=False, comment="登录时间(UTC) / begun at, UTC"),
    Column("used_at", DateTime, nullable=False, comment="最近操作(UTC) / last use by a person, UTC"),
    Column("expires_at", DateTime, nullable=False, index=True, comment="到期(UTC) / ends at the latest, UTC"),
    comment="会话 / sessions",
)  # fmt: skip

audit_entry = Table(
    "audit_entry", metadata,
    Column("entry_id", Integer, primary_key=True, autoincrement=False, comment="序号 / number, without gaps"),
    Column("at", DateTime, nullable=False, index=True, comment="时间(UTC) / at, UTC"),
    Column("actor", String(60), nullable=False, comment="操作账号 / account"),
    Column("action", String(40), nullable=False, index=True, comment="操作 / action"),
    Column("subject", String(200), nullable=False, comment="对象 / what it was done to"),
    Column("detail", JSON, nullable=False, comment="细节 / details"),
    Column("request", String(40), nullable=False, comment="请求号 / request number"),
    Column("previous", String(64), nullable=False, comment="上一条摘要 / hash of the entry before"),
    Column("hash", String(64), nullable=False, unique=True, comment="本条摘要 / hash of this entry"),
    comment="审计记录 / audit trail, chained by hashes",
)  # fmt: skip
