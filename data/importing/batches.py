"""The list of imports: what came, from whom, what of it was taken."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select

from data.schema import import_batch, import_file, import_refusal, import_sheet


def list_batches(connection: Connection) -> list[dict[str, Any]]:
    """Every import, newest first, with files and sheets; times are UTC in ISO form."""
    files: dict[int, list[dict[str, Any]]] = {}
    sheets: dict[int, list[dict[str, Any]]] = {}
    for row in connection.execute(select(import_sheet).order_by(import_sheet.c.sheet_id)).mappings():
        sheets.setdefault(row["file_id"], []).append({
            "sheet_id": row["sheet_id"], "sheet": row["sheet"], "table": row["table_name"] or None,
            "rows": row["rows"], "accepted": row["accepted"], "refused": row["refused"], "changed": row["changed"],
        })  # fmt: skip
    for row in connection.execute(select(import_file).order_by(import_file.c.file_id)).mappings():
        files.setdefault(row["batch_id"], []).append({
            "file": row["name"], "sha256": row["sha256"], "size": row["size_bytes"],
            "sheets": sheets.get(row["file_id"], []),
        })  # fmt: skip
    found = []
    for row in connection.execute(select(import_batch).order_by(import_batch.c.batch_id.desc())).mappings():
        own = files.get(row["batch_id"], [])
        listed = [s for f in own for s in f["sheets"]]
        found.append({
            "batch": row["batch_id"],
            "created_at": row["created_at"].isoformat(timespec="seconds") + "Z",
            "actor": row["actor"], "note": row["note"], "mapping": row["mapping"], "crs": row["crs"],
            "is_demo": row["is_demo"],
            "reverted_at": row["reverted_at"].isoformat(timespec="seconds") + "Z" if row["reverted_at"] else None,
            "reverted_by": row["reverted_by"],
            "rows": sum(s["rows"] for s in listed), "accepted": sum(s["accepted"] for s in listed),
            "refused": sum(s["refused"] for s in listed), "changed": sum(s["changed"] for s in listed),
            "files": own,
        })  # fmt: skip
    return found


def refusals(connection: Connection, batch: int, *, limit: int | None = None) -> list[dict[str, Any]]:
    """Refused rows of a batch: sheet, row number, the row as read, its problems (`Problem.as_json`)."""
    statement = (
        select(import_sheet.c.sheet, import_refusal.c.source_row, import_refusal.c.row, import_refusal.c.problems)
        .join_from(import_refusal, import_sheet)
        .join(import_file)
        .where(import_file.c.batch_id == batch)
        .order_by(import_refusal.c.refusal_id)
        .limit(limit)
    )
    return [
        {"sheet": sheet, "row": row, "cells": cells, "problems": problems}
        for sheet, row, cells, problems in connection.execute(statement)
    ]
