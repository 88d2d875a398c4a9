"""The page of an empty store: what will stand there, and how the account at hand can bring that about."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from dashboard.access import Right, User, may, user_or_demo
from dashboard.access.user import may_open
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue.types import Page
from layouts.components.import_form import download_link, importing_roles
from layouts.pages import PAGES

# Pages that have something to say without data.
ALWAYS_THERE = (Page.DATA, Page.METHODS)


def welcome_page(words: Words) -> html.Div:
    """What every page but those of `ALWAYS_THERE` shows of an empty store.

    An account without the right to import is told who has it instead; commands are last, for whoever keeps the server.
    """
    user = user_or_demo()
    return html.Div(
        html.Div(
            [
                html.H1(words("welcome.title"), className="gd-headline"),
                html.P(words("welcome.body"), className="gd-state-text"),
                *(_ways_to_fill(words) if may(user, Right.IMPORT) else [_who_fills(words)]),
                html.H2(words("welcome.shows"), className="gd-title gd-welcome-title"),
                html.Dl(_what_pages_show(user, words), className="gd-facts gd-welcome-shows"),
                *([_commands(words)] if may(user, Right.IMPORT) else []),
            ],
            className="gd-card gd-whole",
        ),
        className="gd-page",
        **{"data-page": "welcome"},
    )


def _ways_to_fill(words: Words) -> list[Any]:
    there = View.plain(Page.DATA.value, words.lang).href()
    return [
        html.Div(
            [
                dcc.Link(words("welcome.data_page"), href=there, className="btn gd-button gd-button-main"),
                download_link("template", words),
            ],
            className="gd-import-buttons",
        ),
        html.P(words("welcome.takes"), className="gd-state-text"),
    ]


def _who_fills(words: Words) -> html.P:
    return html.P(words("welcome.not_allowed", roles=importing_roles(words)), className="gd-state-text")


def _what_pages_show(user: User, words: Words) -> list[Any]:
    """Names of the pages that live on data, each with what it answers."""
    shown: list[Any] = []
    for entry in PAGES.values():
        if entry.page in ALWAYS_THERE or not may_open(user, entry.page):
            continue
        shown += [html.Dt(words(f"page.{entry.page}")), html.Dd(words(f"welcome.shows_{entry.page}"))]
    return shown


def _commands(words: Words) -> html.Details:
    """For whoever keeps the server: the same from its command line."""
    steps = (
        ("welcome.step_demo", "python -m data demo"),
        ("welcome.step_template", "python -m data template workbook.xlsx"),
        ("welcome.step_import", "python -m data import workbook.xlsx"),
    )
    return html.Details(
        [
            html.Summary(words("welcome.commands")),
            html.Ol(
                [html.Li([html.Div(words(key)), html.Code(line, className="gd-command")]) for key, line in steps],
                className="gd-steps",
            ),
        ],
        className="gd-welcome-commands",
    )
