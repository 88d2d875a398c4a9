"""Commands that copy the whole store and bring it back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Engine

from data.backup import Made, backup, restore

Json = Annotated[bool, typer.Option("--json", help="print one JSON document")]
Force = Annotated[bool, typer.Option("--force", help="overwrite what is there")]


def register(app: typer.Typer, located: Callable[[], Engine]) -> None:
    """Add the commands.

    Args:
        located: opens the store as it is, of whatever version.
    """

    @app.command("backup")
    def backup_(
        path: Annotated[Path, typer.Argument(help="file to write, FILE.zip")],
        force: Force = False,
        as_json: Json = False,
    ) -> None:
        """Write the whole store to a file, read it back and compare; the server may go on."""
        made = backup(located(), path, force=force)
        typer.echo(
            _document(made) if as_json else f"已备份 {len(made.tables)} 张表、{made.rows} 行到 {path}，逐表核对一致"
        )

    @app.command("restore")
    def restore_(
        path: Annotated[Path, typer.Argument(help="a backup")], force: Force = False, as_json: Json = False
    ) -> None:
        """Replace the whole store by a backup and compare every table with it."""
        made = restore(located(), path, force=force)
        typer.echo(_document(made) if as_json else f"已恢复 {made.created_at} 的备份：{made.rows} 行，逐表核对一致")


def _document(made: Made) -> str:
    return json.dumps({
        "file": str(made.path), "version": made.version, "created_at": made.created_at, "rows": made.rows,
        "tables": made.tables,
    })  # fmt: skip
