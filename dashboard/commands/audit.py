"""`python -m dashboard audit …`: reading and verifying the audit trail. Nothing here writes or removes an entry."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated

import typer
from sqlalchemy import Engine

from dashboard.wording import Words
from data import audit
from data.cli import Commands

Json = Annotated[bool, typer.Option("--json", help="print one JSON document")]


def register(app: typer.Typer, opened: Callable[[], Engine]) -> None:
    """Add the commands.

    Args:
        opened: the store; asked for when a command runs.
    """
    trail = typer.Typer(cls=Commands, no_args_is_help=True, help="The audit trail: list, verify.")
    app.add_typer(trail, name="audit")

    @trail.command("list")
    def list_(
        actor: Annotated[str | None, typer.Option(help="entries of this account alone")] = None,
        action: Annotated[str | None, typer.Option(help="entries of this action alone, such as import")] = None,
        limit: Annotated[int | None, typer.Option(min=1, help="so many of the newest")] = None,
        as_json: Json = False,
    ) -> None:
        """Entries, newest first."""
        found = audit.entries(opened(), actor=actor, action=action, limit=limit)
        if as_json:
            typer.echo(json.dumps({"entries": [entry.as_json() for entry in found]}, ensure_ascii=False))
            return
        for entry in found:
            detail = json.dumps(entry.detail, ensure_ascii=False) if entry.detail else ""
            at = entry.at.isoformat(timespec="seconds", sep=" ")
            typer.echo(f"{entry.entry_id:>7}  {at}Z  {entry.actor:<20}{entry.action:<15}{entry.subject}  {detail}")

    @trail.command("verify")
    def verify(as_json: Json = False) -> None:
        """Check numbers, links and hashes of the whole trail; status 1 where any of them does not hold."""
        found = audit.verify(opened())
        if as_json:
            typer.echo(json.dumps({
                "entries": found.entries, "last": found.last, "last_hash": found.last_hash, "is_whole": found.is_whole,
                "problems": list(found.problems),
            }, ensure_ascii=False))  # fmt: skip
        else:
            typer.echo(Words()("audit.verified", n=found.entries, last=found.last, hash=found.last_hash or "-"))
        for problem in found.problems:
            typer.echo(Words()("audit.problem", entry=problem["entry"], message=problem["message"]), err=True)
        if not found.is_whole:
            raise typer.Exit(1)
