"""Commands that change the store: template, import, batches, revert, migrate. `build_app` puts all of them together."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from typer.core import TyperGroup

from data import commands_backup, commands_demo, commands_read
from data.errors import GovernanceError, UsageError
from data.hanging import left_hanging_by
from data.importing.batches import list_batches
from data.importing.commit import store_error
from data.importing.mapping import load_mapping
from data.importing.places import City
from data.importing.ports import Ports
from data.importing.preview import Options, Preview, commit, prepare
from data.importing.revert import revert
from data.importing.template import write_template
from data.store import DEFAULT_URL, migrate, open_store, require_current

Json = Annotated[bool, typer.Option("--json", help="print one JSON document")]
MAX_LISTED = 20


@dataclass
class Settings:
    """What the options before the command say; filled by the application's callback."""

    url: str = DEFAULT_URL


class Commands(TyperGroup):
    """The commands; a refusal ends them with its reason on standard error and status 1, wrong usage with 2."""

    def main(self, args: Sequence[str] | None = None, *given: Any, **options: Any) -> Any:
        words = list(sys.argv[1:] if args is None else args)
        try:
            return super().main(words, *given, **options)
        except (GovernanceError, OperationalError) as error:
            refusal = error if isinstance(error, GovernanceError) else store_error(error)
        if "--json" in words:
            typer.echo(json.dumps(_refused(refusal, words), ensure_ascii=False))
        typer.echo(str(refusal), err=True)
        sys.exit(2 if isinstance(refusal, UsageError) else 1)


def _refused(refusal: GovernanceError, words: Sequence[str]) -> dict[str, Any]:
    """The one document of a command that was refused."""
    problems = [{"row": None, "column": None, "value": None, "code": refusal.code, "message": str(refusal)}]
    return {"batch": None, "files": [], "problems": problems} if "import" in words else {"problems": problems}


def build_app(ports: Ports) -> typer.Typer:
    """The command line of `python -m data`.

    Args:
        ports: geography for the importer.
    """
    app = typer.Typer(cls=Commands, add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
    settings = Settings()

    @app.callback()
    def options(
        database: Annotated[
            str, typer.Option(envvar="DASHBOARD_DATABASE_URL", help="address of the store")
        ] = DEFAULT_URL,
    ) -> None:
        """The store of 小区治理: imports, checks, indicators."""
        settings.url = database

    def opened() -> Engine:
        engine = open_store(settings.url)
        require_current(engine)
        return engine

    def opened_or_made() -> Engine:
        engine = open_store(settings.url)
        migrate(engine)
        return engine

    _register_import(app, opened_or_made, ports)
    _register_batches(app, opened)
    _register_setup(app, opened_or_made)
    commands_read.register(app, opened)
    commands_demo.register(app, opened_or_made)
    commands_backup.register(app, lambda: open_store(settings.url))
    return app


def _register_import(app: typer.Typer, opened: Callable[[], Engine], ports: Ports) -> None:
    @app.command("import")
    def import_(
        files: Annotated[list[Path], typer.Argument(help="xlsx, csv, GeoJSON, GeoPackage or zipped Shapefile")],
        table: Annotated[str | None, typer.Option(help="table or sheet title the files hold")] = None,
        mapping: Annotated[Path | None, typer.Option(help="mapping of a foreign table")] = None,
        crs: Annotated[str | None, typer.Option(help="epsg:4490, epsg:4326, gcj02 or bd09")] = None,
        city: Annotated[str | None, typer.Option(help="city of the files, such as 3401=合肥市")] = None,
        skip_refused: Annotated[bool, typer.Option("--skip-refused", help="write the accepted rows")] = False,
        dry_run: Annotated[bool, typer.Option("--dry-run", help="check only, write nothing")] = False,
        annotate: Annotated[Path | None, typer.Option(help="write a copy with the problems marked")] = None,
        actor: Annotated[str, typer.Option(help="account the batch is listed under")] = "命令行",
        note: Annotated[str | None, typer.Option(help="note kept with the batch")] = None,
        as_json: Json = False,
    ) -> None:
        """Check files and write them as one batch, whole or not at all."""
        if crs is not None and ports.geography is not None:
            nothing = np.empty(0)
            ports.geography.to_4490(nothing, nothing, crs)
        options = Options(
            table=table, mapping=load_mapping(mapping) if mapping else None, crs=crs,
            city=City.parse(city) if city else None, skip_refused=skip_refused,
        )  # fmt: skip
        store = opened()
        preview = prepare(store, [(f.name, _content(f)) for f in files], options, ports=ports)
        if annotate is not None:
            _annotate(preview, annotate)
        refusal = preview.refusal()
        batch = None
        if refusal is None and not dry_run:
            batch = commit(store, preview, actor=actor, note=note, ports=ports)
        if as_json:
            typer.echo(json.dumps(preview.as_json(batch), ensure_ascii=False))
        else:
            typer.echo(preview_text(preview, batch, dry_run=dry_run))
        if refusal is not None:
            typer.echo(str(refusal), err=True)
            raise typer.Exit(1)


def _annotate(preview: Preview, path: Path) -> None:
    from data.importing.annotate import annotate

    path.write_bytes(annotate(preview))


def _content(path: Path) -> bytes:
    if not path.is_file():
        raise GovernanceError("找不到文件", where=str(path), todo="请检查路径与文件名", code="no_file")
    try:
        return path.read_bytes()
    except OSError as error:
        raise GovernanceError("文件读不出来", where=str(path), why=str(error), code="unreadable") from error


def _register_batches(app: typer.Typer, opened: Callable[[], Engine]) -> None:
    @app.command("batches")
    def batches(as_json: Json = False) -> None:
        """Every import: files, hashes, rows in, accepted, refused, who, when."""
        with opened().connect() as connection:
            found = list_batches(connection)
        if as_json:
            typer.echo(json.dumps({"batches": found}, ensure_ascii=False))
            return
        for batch in found:
            state = "（已撤销）" if batch["reverted_at"] else ""
            names = "、".join(f["file"] for f in batch["files"])
            typer.echo(
                f"批次 {batch['batch']}{state}  {batch['created_at']}  {batch['actor']}  {names}  共 {batch['rows']} 行，"
                f"接受 {batch['accepted']}，退回 {batch['refused']}，变更 {batch['changed']}"
            )

    @app.command("revert")
    def revert_(
        batch: Annotated[int, typer.Argument(help="number of the batch, see batches")],
        actor: Annotated[str, typer.Option(help="account")] = "命令行",
        dry_run: Annotated[
            bool, typer.Option("--dry-run", help="say what would be left hanging, revert nothing")
        ] = False,
        as_json: Json = False,
    ) -> None:
        """Take a batch back whole; what it replaced comes back. Says first which rows of others it leaves hanging."""
        store = opened()
        with store.connect() as connection:
            left = left_hanging_by(connection, batch)
        for one in left:
            typer.echo(f"注意：撤销批次 {batch} 后，{one.said()}", err=True)
        hanging = [one._asdict() for one in left]
        if dry_run:
            typer.echo(json.dumps({"batch": batch, "hanging": hanging}, ensure_ascii=False) if as_json else "未撤销")
            return
        done = revert(store, batch, actor=actor)
        if as_json:
            typer.echo(json.dumps({
                "batch": done.batch, "removed": done.removed, "restored": done.restored,
                "handed_over": done.handed_over, "hanging": hanging,
            }, ensure_ascii=False))  # fmt: skip
            return
        typer.echo(
            f"已撤销批次 {done.batch}：删除 {done.removed} 行，恢复 {done.restored} 行，"
            f"另有 {done.handed_over} 行后来的批次也报过，转归该批次"
        )


def _register_setup(app: typer.Typer, opened: Callable[[], Engine]) -> None:
    @app.command("migrate")
    def migrate_(as_json: Json = False) -> None:
        """Bring the store's schema up to date."""
        version = migrate(opened())
        typer.echo(json.dumps({"version": version}) if as_json else f"数据库结构版本 {version}")

    @app.command("template")
    def template(path: Annotated[Path, typer.Argument(help="workbook to write, FILE.xlsx")]) -> None:
        """Write the import workbook."""
        if path.suffix.lower() != ".xlsx":
            raise UsageError("模板只能写成 .xlsx", where=str(path), todo="请把文件名改为 .xlsx 结尾", code="suffix")
        if not path.parent.is_dir():
            raise GovernanceError("没有这个文件夹", where=str(path.parent), todo="请先建立文件夹", code="no_folder")
        path.write_bytes(write_template())
        typer.echo(f"已写出模板 {path}")


def preview_text(preview: Preview, batch: int | None, *, dry_run: bool) -> str:
    """What `import` tells a person."""
    lines = []
    for file in preview.files:
        for sheet in file.sheets:
            lines.append(
                f"{file.facts.name} / {sheet.sheet}：共 {sheet.rows} 行，接受 {sheet.accepted}，退回 {sheet.refused}"
                + (f"；未使用的列：{'、'.join(sheet.ignored)}" if sheet.ignored else "")
            )
            problems = sheet.findings.sorted()
            for p in problems[:MAX_LISTED]:
                place = (f"第 {p.row} 行" if p.row is not None else "") + (f"“{p.column}”" if p.column else "")
                lines.append(f"    {place}：{p.message}" if place else f"    {p.message}")
            if len(problems) > MAX_LISTED:
                lines.append(f"    ……共 {len(problems)} 个问题，完整清单见 --json 或 --annotate")
    for change in preview.changes:
        lines.append(f"表 {change.table}：新增 {change.added}，变更 {change.changed}，不变 {change.unchanged}")
    if batch is not None:
        lines.append(f"已写入，批次 {batch}")
    elif dry_run:
        lines.append("只做检查，未写入任何数据")
    return "\n".join(lines)


def run(app: Callable[..., Any], arguments: list[str] | None = None) -> int:
    """Run the command line; exit status 0 done, 1 refused or failed, 2 wrong usage. Reasons go to standard error."""
    try:
        app(sys.argv[1:] if arguments is None else arguments, standalone_mode=True)
    except SystemExit as end:
        return int(end.code or 0)
    return 0
