"""The command that builds the demo store."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated

import typer
from sqlalchemy import Engine

from data.demo import SEED, build_demo


def register(app: typer.Typer, opened: Callable[[], Engine]) -> None:
    """Add `demo` to `app`; `opened` returns a store migrated to the version of the code."""

    @app.command("demo")
    def demo(
        seed: Annotated[int, typer.Option(help="another seed gives another city with the same totals", min=0)] = SEED,
        as_json: Annotated[bool, typer.Option("--json", help="print one JSON document")] = False,
    ) -> None:
        """Build the demo city. A store that holds it already is left alone; one with real data is refused."""
        built = build_demo(opened(), seed=seed)
        if as_json:
            typer.echo(json.dumps({
                "seed": built.seed, "batches": built.batches, "rows": built.rows, "is_new": built.is_new,
            }))  # fmt: skip
        elif built.is_new:
            typer.echo(f"已建成演示城市：种子 {built.seed}，{built.batches} 个批次，{built.rows} 行")
        else:
            typer.echo(f"演示城市（种子 {built.seed}）已在库中，未作改动")
