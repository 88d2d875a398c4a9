"""What an upload would do, before anything is written; and writing it.

`prepare` never raises for what a file holds: it says so in the preview. `commit` writes what the preview shows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from sqlalchemy import Connection, Engine, func, select

from data import audit
from data.errors import GovernanceError
from data.importing.commit import BatchFacts, FileFacts, write_batch, writing
from data.importing.difference import SHEET
from data.importing.examine import differences, examine
from data.importing.geofile import read_shapes
from data.importing.guards import Form, form_of
from data.importing.headings import SheetRefusedError
from data.importing.mapping import Mapping, read_mapped
from data.importing.native import read_native
from data.importing.places import City, city_sheet, complete_parents, place_rows
from data.importing.ports import NO_PORTS, Ports
from data.importing.problems import Findings, Problem
from data.importing.reading import DEFAULT_LIMITS, Limits, read_grids
from data.importing.rows import SheetRows
from data.importing.scope import refuse_foreign
from data.query.ownership import Ownership
from data.schema import import_batch


@dataclass(frozen=True, kw_only=True)
class Options:
    """How an upload is to be read.

    Attributes:
        table: table every sheet is, where the sheet does not say.
        mapping: how a foreign table becomes ours.
        crs: system of the coordinates; None = what the file or mapping says, else EPSG:4490.
        city: the city the files are of; it is created if the store does not have it.
        skip_refused: write the accepted rows and keep the refused ones with their reasons.
        owner: units whose rows may be touched; None for all.
    """

    table: str | None = None
    mapping: Mapping | None = None
    crs: str | None = None
    city: City | None = None
    skip_refused: bool = False
    owner: Ownership | None = None
    limits: Limits = DEFAULT_LIMITS


DEFAULT_OPTIONS = Options()


@dataclass
class TableChange:
    """How many rows of a table would come, change and stay."""

    table: str
    added: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass
class Upload:
    """One file of a preview; `refusal` is why it is refused whole."""

    facts: FileFacts
    sheets: list[SheetRows] = field(default_factory=list)
    refusal: GovernanceError | None = None
    content: bytes = b""


@dataclass
class Preview:
    """Everything found in an upload.

    Attributes:
        changes: per table, what would change; per sheet in `changes_by_sheet` (index into `sheets`).
        revision: state of the store it was compared with.
    """

    options: Options
    files: list[Upload]
    changes: list[TableChange] = field(default_factory=list)
    changes_by_sheet: dict[int, list[TableChange]] = field(default_factory=dict)
    revision: tuple[int, int] = (0, 0)

    @property
    def sheets(self) -> list[SheetRows]:
        """All sheets, file by file."""
        return [s for f in self.files for s in f.sheets]

    @property
    def problems(self) -> list[Problem]:
        """All problems, in reading order."""
        return [p for s in self.sheets for p in s.findings.sorted()]

    @property
    def rows(self) -> int:
        """Source rows read."""
        return sum(s.rows for s in self.sheets)

    @property
    def accepted(self) -> int:
        """Source rows that can be written."""
        return sum(s.accepted for s in self.sheets)

    @property
    def refused(self) -> int:
        """Source rows refused."""
        return sum(s.refused for s in self.sheets)

    @property
    def refusals(self) -> list[GovernanceError]:
        """Why files or sheets are refused whole."""
        whole = [f.refusal for f in self.files if f.refusal is not None]
        return whole + [
            GovernanceError(p.message, where=f"{f.facts.name} {s.sheet}", code=p.code)
            for f in self.files for s in f.sheets if s.refused_whole for p in s.findings.problems if p.row is None
        ]  # fmt: skip

    def refusal(self) -> GovernanceError | None:
        """Why this upload cannot be committed under its options; None if it can."""
        if self.refusals:
            return self.refusals[0]
        if self.refused and not self.options.skip_refused:
            first = next(p for p in self.problems if p.row is not None)
            return GovernanceError(
                f"共 {self.rows} 行，其中 {self.refused} 行不能导入，未写入任何数据",
                why=f"例如工作表“{first.sheet}”第 {first.row} 行"
                + (f"“{first.column}”" if first.column else "") + f"：{first.message}",
                todo="请按问题清单改正后重新导入；或选择只导入无误的行（--skip-refused）", code="refused_rows",
            )  # fmt: skip
        if not self.rows:
            return GovernanceError("文件里没有数据行", why="只有表头或说明", todo="请填写后再导入", code="no_rows")
        return None

    def as_json(self, batch: int | None = None) -> dict[str, Any]:
        """The document that `import --json` prints."""
        numbers = {id(sheet): number for number, sheet in enumerate(self.sheets)}
        return {
            "batch": batch,
            "files": [
                {
                    "file": f.facts.name, "sha256": f.facts.sha256,
                    "sheets": [self._sheet_json(s, numbers[id(s)]) for s in f.sheets] or [_refusal_json(f)],
                }
                for f in self.files
            ],
        }  # fmt: skip

    def _sheet_json(self, sheet: SheetRows, number: int) -> dict[str, Any]:
        return {
            "sheet": sheet.sheet, "table": sheet.table, "rows": sheet.rows, "accepted": sheet.accepted,
            "refused": sheet.refused, "ignored_columns": sheet.ignored,
            "tables": [
                {"table": c.table, "new": c.added, "changed": c.changed, "unchanged": c.unchanged}
                for c in self.changes_by_sheet.get(number, [])
            ],
            "problems": [p.as_json() for p in sheet.findings.sorted()],
        }  # fmt: skip


def _refusal_json(file: Upload) -> dict[str, Any]:
    problems = []
    if file.refusal is not None:
        problems = [{
            "row": None, "column": None, "value": None, "code": file.refusal.code, "message": str(file.refusal),
        }]  # fmt: skip
    return {"sheet": None, "table": None, "rows": 0, "accepted": 0, "refused": 0, "ignored_columns": [],
            "tables": [], "problems": problems}  # fmt: skip


def revision_of(connection: Connection) -> tuple[int, int]:
    """A number pair that changes with every commit and revert."""
    newest, reverted = connection.execute(
        select(func.coalesce(func.max(import_batch.c.batch_id), 0), func.count(import_batch.c.reverted_at))
    ).one()
    return int(newest), int(reverted)


def prepare(
    store: Engine, files: Sequence[tuple[str, bytes]], options: Options = DEFAULT_OPTIONS, *, ports: Ports = NO_PORTS
) -> Preview:
    """Read, check and compare `files` (name, content) with the store; nothing is written.

    Raises:
        GovernanceError: the options make no sense or the store cannot be reached; never for a file's content.
    """
    uploads = [_read(number, name, content, options, ports) for number, (name, content) in enumerate(files)]
    preview = Preview(options, uploads)
    with store.connect() as connection:
        _settle(connection, preview, ports)
        connection.rollback()
    return preview


def commit(
    store: Engine,
    preview: Preview,
    *,
    actor: str,
    note: str | None = None,
    ports: Ports = NO_PORTS,
    is_demo: bool = False,
) -> int:
    """Write what `preview` shows as one batch and return its number; all of it or nothing.

    If the store has changed since, everything is checked again first.

    Raises:
        GovernanceError: `preview.refusal()`. StoreError: the database refused (full, locked, unreachable).
    """
    with writing(store) as connection:
        if revision_of(connection) != preview.revision:
            # Placing and parents depend on the store too, so the files are read again.
            preview.files = [
                _read(n, f.facts.name, f.content, preview.options, ports) for n, f in enumerate(preview.files)
            ]
            _settle(connection, preview, ports)
        refusal = preview.refusal()
        if refusal is not None:
            raise refusal
        options = preview.options
        facts = BatchFacts(
            actor=actor, note=note, is_demo=is_demo, mapping=options.mapping.identity if options.mapping else None,
            crs=options.crs or (options.mapping.crs if options.mapping else None),
        )  # fmt: skip
        batch = write_batch(connection, [f.facts for f in preview.files], preview.sheets, facts)
        # In the same transaction: there is no batch without its entry, and no entry without its batch.
        audit.record(
            connection, actor=actor, action=audit.Action.IMPORT, subject=str(batch),
            detail={
                "files": [{"name": f.facts.name, "sha256": f.facts.sha256} for f in preview.files],
                "rows": preview.rows, "accepted": preview.accepted, "refused": preview.refused,
            },
        )  # fmt: skip
        return batch


def _read(number: int, name: str, content: bytes, options: Options, ports: Ports) -> Upload:
    upload = Upload(FileFacts(name, hashlib.sha256(content).hexdigest(), len(content)), content=content)
    mapping = options.mapping
    try:
        if form_of(name, content) is Form.SHAPES:
            upload.sheets = read_shapes(number, name, content, options.table, mapping, options.crs, ports)
            return upload
        grids = read_grids(
            name, content, limits=options.limits, encoding=mapping.encoding if mapping else None,
            delimiter=mapping.delimiter if mapping else None,
        )  # fmt: skip
        for grid in mapping.chosen(grids) if mapping else grids:
            try:
                sheet = read_mapped(number, grid, mapping) if mapping else read_native(number, grid, options.table)
            except SheetRefusedError as refusal:
                sheet = refused_sheet(number, grid.name, refusal)
            if sheet is not None:
                upload.sheets.append(sheet)
    except GovernanceError as refusal:
        upload.refusal = refusal
        upload.sheets = []
    return upload


def refused_sheet(file: int, name: str, refusal: SheetRefusedError) -> SheetRows:
    """A sheet of which nothing is taken, with the reason as its one problem."""
    findings = Findings(name)
    findings.problems.append(Problem(name, None, refusal.column, refusal.value, refusal.code, str(refusal)))
    return SheetRows(file, name, pd.DataFrame(), findings, refused_whole=True)


def _settle(connection: Connection, preview: Preview, ports: Ports) -> None:
    """Place, check and compare the sheets with the store as it is now."""
    preview.revision = revision_of(connection)
    preview.changes, preview.changes_by_sheet = [], {}
    if any(f.refusal for f in preview.files) or any(s.refused_whole for s in preview.sheets):
        return
    options = preview.options
    if options.city is not None and preview.files:
        added = city_sheet(connection, options.city, preview.sheets)
        if added is not None:
            preview.files[0].sheets.append(added)
    complete_parents(connection, preview.sheets, options.city)
    crs = options.crs or (options.mapping.crs if options.mapping else None)
    place_rows(connection, preview.sheets, crs=crs, geography=ports.geography)
    examine(connection, preview.sheets)
    if options.owner is not None:
        refuse_foreign(connection, preview.sheets, options.owner)
    totals: dict[str, TableChange] = {}
    for change in differences(connection, preview.sheets):
        name = change.table.name
        for kind, rows in (("added", change.added), ("changed", change.changed), ("unchanged", change.unchanged)):
            for number, count in rows[SHEET].value_counts().items():
                listed = preview.changes_by_sheet.setdefault(int(number), [])  # type: ignore[call-overload]
                own = next((c for c in listed if c.table == name), None)
                if own is None:
                    own = TableChange(name)
                    listed.append(own)
                setattr(own, kind, int(count))
                total = totals.setdefault(name, TableChange(name))
                setattr(total, kind, getattr(total, kind) + int(count))
    preview.changes = list(totals.values())
