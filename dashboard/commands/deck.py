"""`python -m dashboard deck`: the 月报 of a place, or the charts of a basket, as a .pptx."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from dashboard.access import User
from dashboard.briefing.basket import BasketError, read_basket
from dashboard.briefing.deck import build_deck
from dashboard.briefing.desk import template_of
from dashboard.briefing.order import Making, Order
from dashboard.config import load_settings
from dashboard.events import configure_log
from dashboard.wording import Words
from data.errors import GovernanceError, UsageError
from data.query import Reader
from data.store import open_store, require_current


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command("deck")
    def deck(
        out: Annotated[Path, typer.Option(help="file to write, FILE.pptx")],
        area: Annotated[
            str | None, typer.Option(help="code of a county, street or community; the city if left out")
        ] = None,
        compound: Annotated[str | None, typer.Option(help="id of a compound: its profile")] = None,
        month: Annotated[str | None, typer.Option(help="YYYY-MM; the latest if left out")] = None,
        template: Annotated[Path | None, typer.Option(help="template, FILE.pptx")] = None,
        basket: Annotated[
            Path | None, typer.Option(help="charts in order: a file the page of the briefing writes")
        ] = None,
        stamp: Annotated[str | None, typer.Option(help="ISO time written into the deck; now if left out")] = None,
        title: Annotated[str, typer.Option(help="title of the cover")] = "",
        lang: Annotated[str, typer.Option(help="zh or en")] = "zh",
        actor: Annotated[str, typer.Option(help="account written into the deck")] = "",
        as_json: Annotated[bool, typer.Option("--json", help="print one JSON document")] = False,
    ) -> None:
        """Write a deck of native, editable charts, maps and tables."""
        if out.suffix.lower() != ".pptx":
            raise UsageError("简报只能写成 .pptx", where=str(out), todo="请把文件名改为 .pptx 结尾", code="suffix")
        if not out.parent.is_dir():
            raise GovernanceError("没有这个文件夹", where=str(out.parent), todo="请先建立文件夹", code="no_folder")
        settings = load_settings()
        # To standard error: standard output is for the document alone.
        configure_log(settings.log_level)
        words = Words(lang)
        engine = open_store(settings.database_url)
        require_current(engine)
        reader = Reader(engine, city=settings.city or None)
        order = Order(
            basket=None if basket is None else read_basket(_read(basket), where=basket.name), area=area,
            compound=compound, month=month, title=title, lang=words.lang,
        )  # fmt: skip
        making = Making(
            template=template_of(settings, words.lang, template), stamp=_time(stamp), words=words,
            user=User(login=actor or words("briefing.command_line"), role=None), review_no=settings.map_review_no,
        )  # fmt: skip
        made = build_deck(reader, order, making)
        out.write_bytes(made.content)
        if as_json:
            typer.echo(json.dumps({"file": str(out), **made.manifest}, ensure_ascii=False))
        else:
            typer.echo(words("briefing.written", file=out, slides=len(made.manifest["slides"]), sha256=made.sha256))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BasketError(
            "清单文件读不出来", where=str(path), why=error.strerror or "", todo="请检查路径与文件名", code="no_file"
        ) from None  # fmt: skip


def _time(stamp: str | None) -> datetime:
    """The time of `--stamp`, else now; without a zone, in whole seconds."""
    if stamp is None:
        return datetime.now(UTC).astimezone().replace(microsecond=0, tzinfo=None)
    try:
        return datetime.fromisoformat(stamp).replace(microsecond=0, tzinfo=None)
    except ValueError:
        raise UsageError(f"“{stamp}”不是时间", todo="写成 2026-11-05T14:30:00 的样子", code="bad_stamp") from None
