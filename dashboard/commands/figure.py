"""`figure`: one chart or table of a page as a file, without a page."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, get_args

import typer

from dashboard.access import User, watermark
from dashboard.briefing.desk import template_of
from dashboard.cards.types import Card
from dashboard.config import load_settings
from dashboard.exports.errors import ExportError
from dashboard.exports.files import to_csv, to_workbook
from dashboard.exports.framing import SCALE, framed
from dashboard.exports.pictures import drawing_pictures
from dashboard.exports.slide import to_slide
from dashboard.exports.taking import Taken, card_named, take
from dashboard.palettes import ThemeName
from dashboard.places import places_of
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import LANGUAGES, Words
from data.errors import UsageError
from data.query import Reader
from data.store import open_store, require_current

# Slides have room for type of the size of a card's design.
SCALES = {".pptx": 1.0}


def _slide(taken: Taken) -> bytes:
    return to_slide(taken, template_of(load_settings(), taken.words.lang))


def _svg(taken: Taken) -> bytes:
    with drawing_pictures(places_of(taken.reader)) as pictures:
        return pictures.framed_svg(framed(taken))


def _png(taken: Taken) -> bytes:
    with drawing_pictures(places_of(taken.reader)) as pictures:
        return pictures.framed_png(framed(taken))


FORMS: dict[str, Callable[[Taken], bytes]] = {
    ".svg": _svg, ".png": _png, ".xlsx": to_workbook, ".csv": to_csv, ".pptx": _slide,
}  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command("figure")
    def figure(
        name: Annotated[str, typer.Argument(help="card, as in its menu's files: satisfaction.course")],
        out: Annotated[Path, typer.Option(help="FILE." + "|".join(ending[1:] for ending in FORMS))],
        area: Annotated[str | None, typer.Option(help="area code")] = None,
        grid: Annotated[str | None, typer.Option(help="grid code")] = None,
        kind: Annotated[str | None, typer.Option(help="kind of compound")] = None,
        compound: Annotated[str | None, typer.Option(help="compound id")] = None,
        company: Annotated[str | None, typer.Option(help="company id")] = None,
        month: Annotated[str | None, typer.Option(help="YYYY-MM")] = None,
        indicator: Annotated[str | None, typer.Option(help="for a card with a choice of indicators")] = None,
        weights: Annotated[str | None, typer.Option(help="of the ranking, as its page writes them")] = None,
        theme: Annotated[str, typer.Option(help="|".join(get_args(ThemeName)))] = "light",
        lang: Annotated[str | None, typer.Option(help="|".join(LANGUAGES))] = None,
        stamp: Annotated[str | None, typer.Option(help="ISO time written into the file; now if left out")] = None,
        as_json: Annotated[bool, typer.Option("--json", help="print one JSON document")] = False,
    ) -> None:
        """One chart or table of a page as a picture, a workbook or a slide, with its title, filters, n, date and source."""
        form = _form(out)
        settings = load_settings()
        engine = open_store(settings.database_url)
        require_current(engine)
        reader = Reader(engine, city=settings.city or None).pinned()
        asked = {
            "area": area, "grid": grid, "kind": kind, "compound": compound, "company": company, "month": month,
            "indicator": indicator, "weights": weights, "lang": lang or settings.lang,
        }  # fmt: skip
        card = card_named(name)
        view = _view(card, reader, asked, settings.lang)
        ink = Ink(_theme(theme), SCALES.get(out.suffix.lower(), SCALE))
        words, when = Words(view.lang), _stamp(stamp)
        # Demo data need no mark of who took them; they carry their own.
        operator = User(login=words("export.command_line"), role=None)
        mark = None if reader.is_demo else watermark(operator, when, words)
        taken = take(name, reader, view, ink, words, stamp=when, watermark=mark or "")
        content = form(taken)
        _write(out, content)
        document = {
            "file": str(out), "card": name, "title": taken.drawing.title, "month": view.month_of(reader),
            "place": taken.meaning.place, "address": taken.meaning.address, "marks": list(taken.meaning.marks),
            "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest(),
        }  # fmt: skip
        typer.echo(json.dumps(document, ensure_ascii=False) if as_json else f"{out}\t{taken.drawing.title}")


def _form(out: Path) -> Callable[[Taken], bytes]:
    if out.suffix.lower() not in FORMS:
        raise UsageError(
            f"不能写成“{out.suffix or out.name}”", where=str(out), why=f"可用的扩展名：{'、'.join(FORMS)}",
            todo="给 --out 换一个扩展名", code="unknown_form",
        )  # fmt: skip
    return FORMS[out.suffix.lower()]


def _theme(name: str) -> ThemeName:
    for theme in get_args(ThemeName):
        if theme == name:
            found: ThemeName = theme
            return found
    raise UsageError(
        f"没有名为“{name}”的主题", where="--theme", todo=f"可选 {'、'.join(get_args(ThemeName))}", code="unknown_theme"
    )


def _stamp(text: str | None) -> datetime:
    if text is None:
        return datetime.now().astimezone()
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            f"“{text}”不是时间", where="--stamp", todo="写成 2026-11-05T14:30:00", code="bad_stamp"
        ) from None


def _view(card: Card, reader: Reader, asked: dict[str, str | None], lang: str) -> View:
    """The view that the options name. Raises `ExportError` for a code that does not exist: nothing else is exported."""
    named = {name: value for name, value in asked.items() if value}
    wanted = View(page=card.page.value, **{"lang": lang, "plain_lang": lang} | named)
    path = View(page=card.page.value).to_path()
    search = wanted.to_search()
    if wanted.compound and "compound=" not in search:
        search = f"{search}&compound={wanted.compound}" if search else f"?compound={wanted.compound}"
    view, notices = View.parse(path, search, reader, lang)
    if notices:
        words = Words(view.lang)
        why = " ".join(words(notice.key, **notice.values) for notice in notices)
        raise ExportError(words("export.wrong_view"), where=card.name, why=why, code="wrong_view")
    return view


def _write(out: Path, content: bytes) -> None:
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(content)
    except OSError as error:
        raise ExportError(
            "文件写不下去",
            where=str(out),
            why=error.strerror or str(error),
            todo="检查磁盘空间与写入权限",
            code="cannot_write",
        ) from error
