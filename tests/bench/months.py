"""Importing a month: rows a second beside reading the same file with pandas and nothing else."""

from __future__ import annotations

import io
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Engine

from data.importing.export import export_store
from data.importing.ports import Ports
from data.importing.preview import Options, commit, prepare
from data.store import migrate, open_store
from geo.importing import ImportGeography
from tests.bench.lines import Line


def month_of_workbooks(source: Engine) -> bytes:
    """Everything the demo city filed for its last month, as one workbook in the template's shape."""
    with source.connect() as connection:
        content = export_store(connection)
    sheets = pd.read_excel(io.BytesIO(content), sheet_name=None, dtype=object)
    months = ("月份", "调查月份")
    kept = {}
    for name, frame in sheets.items():
        column = next((c for c in frame.columns if str(c).rstrip(" *") in months), None)
        if column is not None:
            kept[name] = frame[frame[column].astype(str).str.startswith("2026-10")]
    out = io.BytesIO()
    with pd.ExcelWriter(out, engine="xlsxwriter") as writer:
        for name, frame in kept.items():
            frame.to_excel(writer, sheet_name=name, index=False)
    return out.getvalue()


def timed(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def import_of_a_month(url: str) -> list[Line]:
    """Preview, check and commit of everything filed for one month."""
    source = open_store(url)
    content = month_of_workbooks(source)
    ports = Ports(geography=ImportGeography())
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "store.db"
        copy.write_bytes(Path(source.url.database or "").read_bytes())
        engine = open_store(f"sqlite:///{copy}")
        migrate(engine)
        bare = timed(lambda: pd.read_excel(io.BytesIO(content), sheet_name=None, engine="calamine", dtype=object))
        rows: list[int] = []

        def whole() -> None:
            preview = prepare(engine, [("month.xlsx", content)], Options(), ports=ports)
            rows.append(preview.rows)
            commit(engine, preview, actor="bench", ports=ports)

        taken = timed(whole)
        engine.dispose()
    return [
        Line(
            f"import of a month, {rows[0]} rows", f"{rows[0] / taken:.0f} rows/s",
            f"{rows[0] / bare:.0f} rows/s, pandas alone", bare / taken,
        )
    ]  # fmt: skip
