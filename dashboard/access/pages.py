"""The few pages that need no script: login, password, and notices of what is not allowed."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from flask import Request, Response, render_template
from flask_wtf.csrf import generate_csrf

from dashboard.access.user import User
from dashboard.palettes import PALETTES
from dashboard.theme import palette_block, stylesheet
from dashboard.wording import Words

STYLE = Path(__file__).with_name("pages.css")


@cache
def page_style() -> str:
    """The style sheet of these pages: the tokens of the product, dark where the system is."""
    dark = palette_block(":root", PALETTES["dark"])
    return f"{stylesheet()}@media (prefers-color-scheme: dark) {{\n{dark}}}\n{STYLE.read_text('utf-8')}"


def page(name: str, words: Words, *, status: int = 200, **values: Any) -> Response:
    """A rendered page with what every one of them needs; Jinja escapes every value."""
    html = render_template(
        f"access/{name}.html", words=words, lang={"zh": "zh-CN"}.get(words.lang, words.lang),
        other={"zh": "en", "en": "zh"}[words.lang], token=generate_csrf(), **values,
    )  # fmt: skip
    return Response(html, status, mimetype="text/html")


def notice_page(words: Words, user: User, key: str, *, status: int, again: str = "", **values: str) -> Response:
    """What is not allowed, why, and whom to ask; with the way back and out.

    Args:
        again: address of the link that tries once more, for who is not logged in.
    """
    return page(
        "notice", words, status=status, user=user, title=words(f"{key}.title"), body=words(f"{key}.body", **values),
        again=again, copied=values.get("identity", ""),
    )  # fmt: skip


def own_path_asked(request: Request) -> str:
    """Path and search of the request, to come back to."""
    search = request.query_string.decode("ascii", "replace")
    return f"{request.path}?{search}" if search else request.path
