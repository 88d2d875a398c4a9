"""Codes and ids a row refers to must exist: in the store, or in a row of the same upload that is itself accepted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import pandas as pd
from sqlalchemy import Connection, select

from data.errors import nearest
from data.importing.problems import Findings
from data.importing.rows import SheetRows, Target
from data.schema import TABLES
from data.schema.columns import own_columns
from data.schema.vocabulary import UnitKind

REGISTER_OF_UNIT = {
    UnitKind.COMPOUND: "compound", UnitKind.COMPANY: "company", UnitKind.GRID: "grid", UnitKind.COMMUNITY: "area",
    UnitKind.STREET: "area", UnitKind.COUNTY: "area", UnitKind.CITY: "area",
}  # fmt: skip
# Alike-ness is worked out for this many unknown values a column and against this many known ones.
SUGGESTED, COMPARED = 40, 3_000


class Known:
    """The keys and names a register has now, and those an upload adds."""

    def __init__(self, connection: Connection, name: str, uploads: Sequence[tuple[SheetRows, Target]]) -> None:
        self.table = TABLES[name]
        self.key: str = self.table.info["key"][0]
        columns = [self.table.c[self.key]] + ([self.table.c["name"]] if "name" in self.table.c else [])
        rows = connection.execute(select(*columns).where(self.table.c.superseded_by.is_(None))).all()
        self.stored = {str(row[0]) for row in rows}
        self._names = {str(row[1]): str(row[0]) for row in rows if len(row) > 1}
        self._uploads = [(sheet, target) for sheet, target in uploads if target.table is self.table]
        for _, target in self._uploads:
            if "name" in target.frame:
                self._names.update(zip(target.frame["name"].dropna(), target.frame[self.key].dropna(), strict=False))

    @property
    def zh(self) -> str:
        """The register's title."""
        return str(self.table.info["zh"])

    @cached_property
    def offered(self) -> set[str]:
        """Keys of the store and of every row of the upload, refused or not."""
        return self.stored.union(*(set(t.frame[self.key].dropna()) for _, t in self._uploads))

    def accepted(self) -> set[str]:
        """Keys of the store and of the upload's rows that are not refused so far."""
        return self.stored.union(*(set(s.accepted_rows(t)[self.key].dropna()) for s, t in self._uploads))

    def suggestion(self, value: str) -> str:
        """What to write instead of `value`, as the end of a message."""
        if value in self._names:
            return f"“{value}”是名称，这里应填代码“{self._names[value]}”"
        alike = [k for k in self.offered if k[:2] == value[:2]] or list(self.offered)
        guess = nearest(value, sorted(alike)[:COMPARED], cutoff=0.6)
        if guess is None:
            name = nearest(value, sorted(self._names)[:COMPARED], cutoff=0.5)
            guess = self._names[name] if name else None
            return f"是否想写“{guess}”（{name}）" if guess else f"请先导入{self.zh}登记表，或对照登记表改正"
        return f"是否想写“{guess}”"


def check_references(connection: Connection, sheets: Sequence[SheetRows]) -> None:
    """Report every reference that leads nowhere, then every row left hanging by another row's refusal."""
    uploads = [(sheet, target) for sheet in sheets for target in sheet.targets]
    registers: dict[str, Known] = {}
    links = [
        (sheet, target, column, register, part)
        for sheet, target in uploads
        for column, register, part in _links(target)
    ]
    for *_, register, _ in links:
        if register not in registers:
            registers[register] = Known(connection, register, uploads)
    for sheet, target, column, register, part in links:
        known = registers[register]
        unknown = part[~part.isin(known.offered)]
        _report(sheet.findings, target.heading(column), unknown, known)
    while True:
        before = sum(len(sheet.findings.refused) for sheet in sheets)
        accepted = {name: known.accepted() for name, known in registers.items()}
        for sheet, target, column, register, part in links:
            known = registers[register]
            hanging = part[part.isin(known.offered) & ~part.isin(accepted[register])]
            if len(hanging):
                hanging = hanging[~hanging.index.isin(list(sheet.findings.refused))]
                sheet.findings.add(
                    hanging.index, target.heading(column), hanging, "refers_to_refused_row",
                    lambda v, k=known: f"所引用的{k.zh}“{v}”在本次导入中被退回，请先改正那一行",  # type: ignore[misc]
                )  # fmt: skip
        if sum(len(sheet.findings.refused) for sheet in sheets) == before:
            return


def _links(target: Target) -> Iterable[tuple[str, str, pd.Series]]:
    """(column, register, values that are given) of everything `target` refers to; one value a source row."""
    frame = target.frame
    for column in own_columns(target.table):
        if column.info["refers"] and column.name in frame:
            yield column.name, column.info["refers"], frame[column.name].dropna()
    if target.table.name == "observation":
        units = frame[["unit_kind", "unit_id"]].dropna()
        units = units[~units.index.duplicated()]
        for kind, part in units.groupby("unit_kind")["unit_id"]:
            yield "unit_id", REGISTER_OF_UNIT[UnitKind(str(kind))], part


def _report(findings: Findings, heading: str, unknown: pd.Series, known: Known) -> None:
    hints = {value: known.suggestion(value) for value in list(dict.fromkeys(unknown))[:SUGGESTED]}

    def message(value: str) -> str:
        return f"{known.zh}中没有“{value}”；{hints.get(value, '请对照登记表改正')}"

    findings.add(unknown.index, heading, unknown, f"unknown_{known.table.name}", message)
