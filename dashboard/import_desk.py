"""Checking and importing uploads in the background, so that a page stays alive whatever a file holds.

What happens to an upload is written beside it: any server process can say how far it is, and none imports it twice.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from dashboard import background
from dashboard.events import LOG, begin_request, request_number
from dashboard.uploads import UploadGoneError, Uploads
from data.errors import GovernanceError
from data.importing.mapping import Mapping, load_mapping, parse_mapping
from data.importing.places import City
from data.importing.ports import Ports
from data.importing.preview import Options, Preview, commit, prepare
from data.query.ownership import Ownership

MAPPINGS = Path(__file__).resolve().parent.parent / "docs" / "mappings"
STATE, REPORT, ANNOTATED, COMMITTING = "state.json", "report.json", "annotated.xlsx", "committing"
# The list on the page; the annotated workbook has them all.
PROBLEMS_LISTED = 5000
MAPPING_ENDINGS = (".yaml", ".yml")


class Phase(StrEnum):
    """How far an upload is."""

    RECEIVED = "received"
    CHECKING = "checking"
    CHECKED = "checked"
    COMMITTING = "committing"
    COMMITTED = "committed"
    REFUSED = "refused"
    FAILED = "failed"
    INTERRUPTED = "interrupted"

    @property
    def is_working(self) -> bool:
        """Something is being done; ask again."""
        return self in (Phase.CHECKING, Phase.COMMITTING)


@dataclass(frozen=True)
class Choices:
    """How the files are to be read, as the page's controls say it. Empty: let the importer find out."""

    table: str = ""
    mapping: str = ""
    crs: str = ""
    city: str = ""

    @classmethod
    def of(cls, given: Any) -> Choices:
        """From whatever a browser sent; anything but a text is as if it was left empty."""
        values = given if isinstance(given, dict) else {}
        return cls(**{
            name: value.strip() if isinstance(value := values.get(name), str) else ""
            for name in cls.__dataclass_fields__
        })  # fmt: skip


@dataclass(frozen=True)
class Progress:
    """State of an upload: `message` is a refusal in words, `request` the number of a failure in the log."""

    phase: Phase
    choices: Choices = Choices()
    batch: int | None = None
    message: str = ""
    request: str = ""


def mapping_names() -> list[str]:
    """Names of the mappings that come with the product."""
    return sorted(path.stem for path in MAPPINGS.glob("*.yaml")) if MAPPINGS.is_dir() else []


class ImportDesk:
    """Takes uploads, checks them, imports them.

    Args:
        engine: the store to write to. ports: what the importer needs of geography.
        run: starts a piece of work; a thread of its own unless a test wants to wait for it.
    """

    def __init__(
        self,
        uploads: Uploads,
        engine: Callable[[], Engine],
        ports: Ports,
        *,
        run: Callable[[Callable[[], None]], None] | None = None,
    ) -> None:
        self.uploads = uploads
        self._engine = engine
        self._ports = ports
        self._run = run or _in_background

    def progress(self, token: str) -> Progress:
        """How far an upload is. Raises `UploadGoneError`."""
        state = self.uploads.read(token, STATE)
        if state is None:
            self.uploads.place(token)
            return Progress(Phase.RECEIVED)
        phase = Phase(state["phase"])
        if phase.is_working and not _is_alive(state["process"]):
            phase = Phase.INTERRUPTED
        return Progress(phase, Choices(**state["choices"]), state["batch"], state["message"], state["request"])

    def report(self, token: str) -> dict[str, Any] | None:
        """What the last check found, see `report_of`; None before there is one."""
        found: dict[str, Any] | None = self.uploads.read(token, REPORT)
        return found

    def check(self, token: str, choices: Choices, owner: Ownership | None = None) -> None:
        """Begin to check an upload; of several checks the last one counts. Raises `UploadGoneError`.

        Args:
            owner: units whose rows may be touched; None for all.
        """
        if self.progress(token).phase is Phase.COMMITTED or (self.uploads.place(token) / COMMITTING).exists():
            return
        number = self._enter(token, Phase.CHECKING, choices)

        def work() -> None:
            preview = self._prepare(token, choices, skip_refused=False, owner=owner)
            report = report_of(preview)
            # Here: openpyxl is slow to load and only a workbook with problems needs it.
            from data.importing.annotate import annotate

            copy = annotate(preview) if report["problems_total"] else b""
            if self._is_last(token, number):
                self.uploads.write(token, REPORT, report)
                self.uploads.write_bytes(token, ANNOTATED, copy)
                self._enter(token, Phase.CHECKED, choices, number=number)

        self._begin(token, choices, number, work)

    def commit(self, token: str, *, skip_refused: bool, actor: str, owner: Ownership | None = None) -> bool:
        """Begin to import a checked upload; False when it is under way or done already. Raises `UploadGoneError`."""
        now = self.progress(token)
        if now.phase not in (Phase.CHECKED, Phase.REFUSED) or not self.uploads.claim(token, COMMITTING):
            return False
        number = self._enter(token, Phase.COMMITTING, now.choices)

        def work() -> None:
            try:
                preview = self._prepare(token, now.choices, skip_refused=skip_refused, owner=owner)
                batch = commit(self._engine(), preview, actor=actor, ports=self._ports)
            except BaseException:
                self.uploads.release(token, COMMITTING)
                raise
            LOG.info("imported", batch=batch, rows=preview.rows, accepted=preview.accepted)
            # Whatever else was begun meanwhile: what is written is written.
            self._enter(token, Phase.COMMITTED, now.choices, batch=batch)

        self._begin(token, now.choices, number, work)
        return True

    def annotated(self, token: str) -> bytes:
        """The workbook with the bad cells marked. Raises `UploadGoneError`."""
        path = self.uploads.place(token) / ANNOTATED
        if not path.is_file() or not path.stat().st_size:
            raise UploadGoneError
        return path.read_bytes()

    def _prepare(self, token: str, choices: Choices, *, skip_refused: bool, owner: Ownership | None) -> Preview:
        files = self.uploads.contents(token)
        mapping, files = _mapping_of(choices, files)
        options = Options(
            table=choices.table or None, mapping=mapping, crs=choices.crs or None,
            city=City.parse(choices.city) if choices.city else None, skip_refused=skip_refused, owner=owner,
        )  # fmt: skip
        return prepare(self._engine(), files, options, ports=self._ports)

    def _begin(self, token: str, choices: Choices, number: str, work: Callable[[], None]) -> None:
        """Do the work, and write down how it ended where it did not end well."""

        def guarded() -> None:
            try:
                work()
            except UploadGoneError:
                LOG.warning("upload expired while it was worked on")
            except GovernanceError as error:
                self._enter(token, Phase.REFUSED, choices, number=number, message=str(error))
            except Exception:
                LOG.exception("import failed")
                self._enter(token, Phase.FAILED, choices, number=number, request=request_number())

        self._run(guarded)

    def _enter(
        self, token: str, phase: Phase, choices: Choices, *, number: str = "", batch: int | None = None,
        message: str = "", request: str = "",
    ) -> str:  # fmt: skip
        """Write the state down; work that another check has overtaken says nothing any more."""
        if number and not self._is_last(token, number):
            return number
        number = number or secrets.token_hex(8)
        self.uploads.write(
            token, STATE,
            {"phase": phase.value, "choices": asdict(choices), "batch": batch, "message": message, "request": request,
             "process": os.getpid(), "number": number},
        )  # fmt: skip
        return number

    def _is_last(self, token: str, number: str) -> bool:
        state = self.uploads.read(token, STATE)
        return state is not None and state["number"] == number


def _in_background(work: Callable[[], None]) -> None:
    def numbered() -> None:
        begin_request("import")
        work()

    background.begin("import", numbered)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _mapping_of(choices: Choices, files: list[tuple[str, bytes]]) -> tuple[Mapping | None, list[tuple[str, bytes]]]:
    """The mapping to read by, and the files that hold rows: a mapping file dropped with them is used, not read."""
    dropped = [file for file in files if file[0].lower().endswith(MAPPING_ENDINGS)]
    tables = [file for file in files if file not in dropped]
    if dropped and tables:
        name, content = dropped[0]
        return parse_mapping(name, content.decode("utf-8-sig", errors="replace")), tables
    if choices.mapping in mapping_names():
        return load_mapping(MAPPINGS / f"{choices.mapping}.yaml"), files
    return None, files


def report_of(preview: Preview) -> dict[str, Any]:
    """A preview as JSON: what would change, what is wrong (the first 5 000 problems) and whether it can be written.

    `refusal` is why it cannot be committed whole, `can_skip` whether it could without the refused rows.
    """
    refusal = preview.refusal()
    problems: list[dict[str, Any]] = []
    total = 0
    files = []
    for file in preview.files:
        if file.refusal is not None:
            total += 1
            problems.append(_problem(file.facts.name, "", None, None, None, str(file.refusal)))
        sheets = []
        for sheet in file.sheets:
            found = sheet.findings.sorted()
            total += len(found)
            problems += [
                _problem(file.facts.name, p.sheet, p.row, p.column, p.value, p.message)
                for p in found[: max(0, PROBLEMS_LISTED - len(problems))]
            ]
            sheets.append({
                "sheet": sheet.sheet, "table": sheet.table, "rows": sheet.rows, "accepted": sheet.accepted,
                "refused": sheet.refused, "is_refused_whole": sheet.refused_whole, "ignored": list(sheet.ignored),
            })  # fmt: skip
        files.append({"file": file.facts.name, "sha256": file.facts.sha256, "size": file.facts.size, "sheets": sheets})
    return {
        "files": files, "problems": problems, "problems_total": total, "rows": preview.rows,
        "accepted": preview.accepted, "refused": preview.refused,
        "changes": [
            {"table": c.table, "added": c.added, "changed": c.changed, "unchanged": c.unchanged}
            for c in preview.changes
        ],
        "refusal": str(refusal) if refusal else "",
        "can_commit": refusal is None,
        "can_skip": bool(preview.refused and preview.accepted and not preview.refusals),
    }  # fmt: skip


def _problem(
    file: str, sheet: str, row: int | None, column: str | None, value: str | None, message: str
) -> dict[str, Any]:
    return {"file": file, "sheet": sheet, "row": row, "column": column, "value": value, "message": message}
