"""Where every row came from: batches, their files and sheets, and what they refused."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from data.schema.columns import metadata

import_batch = Table(
    "import_batch", metadata,
    Column("batch_id", Integer, Identity(), primary_key=True, comment="批次号 / batch number"),
    Column("created_at", DateTime, nullable=False, comment="导入时间(UTC) / imported at, UTC"),
    Column("actor", String(60), nullable=False, comment="操作账号 / account"),
    Column("note", String(200), comment="说明 / note"),
    Column("mapping", String(120), comment="映射文件与指纹 / mapping file and its fingerprint"),
    Column("crs", String(20), comment="坐标系 / declared CRS"),
    Column("is_demo", Boolean, nullable=False, default=False, comment="演示数据 / demo data"),
    Column("reverted_at", DateTime, comment="撤销时间(UTC) / reverted at, UTC"),
    Column("reverted_by", String(60), comment="撤销账号 / reverted by"),
    comment="导入批次 / import batches",
)  # fmt: skip

import_file = Table(
    "import_file", metadata,
    Column("file_id", Integer, Identity(), primary_key=True, comment="文件号 / file number"),
    Column("batch_id", Integer, ForeignKey("import_batch.batch_id"), nullable=False, index=True, comment="批次 / batch"),
    Column("name", String(255), nullable=False, comment="文件名 / file name"),
    Column("sha256", String(64), nullable=False, comment="SHA-256"),
    Column("size_bytes", Integer, nullable=False, comment="字节数 / size"),
    comment="导入文件 / imported files",
)  # fmt: skip

import_sheet = Table(
    "import_sheet", metadata,
    Column("sheet_id", Integer, Identity(), primary_key=True, comment="表号 / sheet number"),
    Column("file_id", Integer, ForeignKey("import_file.file_id"), nullable=False, index=True, comment="文件 / file"),
    Column("sheet", String(120), nullable=False, comment="工作表 / sheet name"),
    Column("table_name", String(40), nullable=False, comment="写入的表 / table"),
    Column("rows", Integer, nullable=False, comment="行数 / rows read"),
    Column("accepted", Integer, nullable=False, comment="接受 / rows accepted"),
    Column("refused", Integer, nullable=False, comment="退回 / rows refused"),
    Column("changed", Integer, nullable=False, comment="实际变更 / rows that changed the store"),
    comment="导入工作表 / imported sheets",
)  # fmt: skip

import_refusal = Table(
    "import_refusal", metadata,
    Column("refusal_id", Integer, Identity(), primary_key=True, comment="退回号 / refusal number"),
    Column("sheet_id", Integer, ForeignKey("import_sheet.sheet_id"), nullable=False, index=True, comment="表 / sheet"),
    Column("source_row", Integer, nullable=False, comment="来源行 / source row"),
    Column("row", JSON, nullable=False, comment="原行 / the row as read"),
    Column("problems", JSON, nullable=False, comment="原因 / problems"),
    comment="退回的行 / refused rows",
)  # fmt: skip

import_confirmation = Table(
    "import_confirmation", metadata,
    Column("batch_id", Integer, ForeignKey("import_batch.batch_id"), primary_key=True, comment="批次 / batch"),
    Column("table_name", String(40), primary_key=True, comment="表 / table"),
    Column("row_id", Integer, primary_key=True, comment="行号 / row it states again"),
    Column("sheet_id", Integer, ForeignKey("import_sheet.sheet_id"), comment="来源表 / source sheet"),
    Column("source_row", Integer, comment="来源行 / source row"),
    comment="重复确认的行 / rows a later batch states again unchanged: reverting the first batch hands them over",
)  # fmt: skip

Index("ix_import_confirmation_row", import_confirmation.c.table_name, import_confirmation.c.row_id)

store_meta = Table(
    "store_meta", metadata,
    Column("key", String(40), primary_key=True, comment="键 / key"),
    Column("value", Text, nullable=False, comment="值 / value"),
    comment="库信息 / facts about the store itself",
)  # fmt: skip
