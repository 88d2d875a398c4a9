"""The frame around every page: navigation on the left, where one is and the filters on top, the page below."""

from __future__ import annotations

from datetime import datetime
from html import escape
from typing import Any
from urllib.parse import quote

import dash_bootstrap_components as dbc
from dash import dcc, html

from dashboard.access import Right, User, may, watermark
from dashboard.access.rights import home_of
from dashboard.access.user import may_open
from dashboard.filters import Crumb, FilterState
from dashboard.ids import Filter, Id, Part, part_id
from dashboard.view import HOME, SCREEN, Notice, View
from dashboard.wording import Words
from layouts.components.basket import basket_words
from layouts.components.dropdown import dropdown_labels
from layouts.components.skeleton import waiting_page
from layouts.components.still import Still
from layouts.pages import PAGES


def shell(words: Words) -> html.Div:
    """The frame, empty: the first view fills it."""
    return html.Div(
        [
            dcc.Location(id=Id.URL, refresh=False),
            dcc.Store(id=Id.NAVIGATE),
            dcc.Store(id=Id.REDRAW),
            # The controls of the filters take a browser as long as a chart: they come when the first charts are drawn.
            dcc.Store(id=Id.CONTROLS, data=filter_controls(words)),
            dcc.Store(id=Id.SHOWN),
            dcc.Store(id=Id.ARRIVED),
            dcc.Store(id=Id.ASKED),
            basket_words(),
            html.Div(id=Id.WATER, className="gd-water", **{"aria-hidden": "true"}),
            html.A(words("app.skip"), href="#page", className="gd-skip"),
            _side(words),
            html.Div(
                [
                    _top(words),
                    html.Div(id=Id.NOTICES, className="gd-notices", **{"aria-live": "polite"}),
                    html.Main(waiting_page(), id=Id.PAGE, className="gd-main", tabIndex="-1"),
                ],
                className="gd-stage",
            ),
            dbc.Offcanvas(
                html.Div(id=Id.PANEL_BODY, className="gd-panel-body"),
                id=Id.PANEL,
                title=html.Span(id=Id.PANEL_TITLE),
                placement="end",
                is_open=False,
                class_name="gd-panel",
            ),
        ],
        id=Id.APP,
        className="gd-app",
    )


def _side(words: Words) -> html.Aside:
    return html.Aside(
        [
            Still(brand("", words), Id.BRAND, className="gd-brand"),
            Still(
                None,
                Id.NAV,
                tag="nav",
                className="gd-nav",
                **{"aria-label": words("nav.label"), "data-keeps": "filters"},
            ),
        ],
        className="gd-side",
    )


def filter_controls(words: Words) -> list[Any]:
    """The controls of the filter bar, empty."""
    return [
        html.Div(
            [
                html.Label(words(f"filter.{name}"), id=part_id(Part.FILTER_LABEL, name), className="gd-filter-label"),
                dcc.Dropdown(
                    id=part_id(Part.FILTER, name),
                    options=[],
                    className="gd-filter-control",
                    clearable=name != Filter.MONTH,
                    searchable=name not in (Filter.KIND,),
                    maxHeight=340,
                    labels=dropdown_labels(words),
                ),
            ],
            className=f"gd-filter gd-filter-{name}",
        )
        for name in Filter
    ]


def _top(words: Words) -> html.Header:
    waiting = [
        html.Div(
            html.Span(words(f"filter.{name}"), className="gd-filter-label"), className=f"gd-filter gd-filter-{name}"
        )
        for name in Filter
    ]
    return html.Header(
        [
            html.Div(
                [
                    Still(None, Id.CRUMBS, tag="nav", className="gd-crumbs", **{"aria-label": words("crumb.label")}),
                    html.Div(
                        [
                            html.Div(id=Id.BADGES, className="gd-badges"),
                            html.Button(
                                theme_words(words),
                                id=Id.THEME,
                                n_clicks=0,
                                className="gd-switch gd-switch-theme",
                                title=words("switch.theme_label"),
                            ),
                            Still(None, Id.SWITCHES, **{"data-keeps": "all"}),
                        ],
                        className="gd-top-end",
                    ),
                ],
                className="gd-top-row",
            ),
            html.Details(
                [
                    html.Summary(words("filter.label"), id=Id.FILTERS_SUMMARY, className="gd-filters-summary"),
                    html.Div(Still(waiting), id=Id.FILTERS_ROW, className="gd-filters-row"),
                ],
                id=Id.FILTERS,
                className="gd-filters",
                open=True,
            ),
        ],
        className="gd-top",
    )


def brand(city: str, words: Words) -> list[Any]:
    """Name of the product and of the city it shows."""
    return [
        html.Div(words("app.title"), className="gd-brand-title"),
        html.Div(words("app.subtitle", city=city) if city else "", className="gd-brand-city"),
    ]


def nav(view: View, words: Words, user: User) -> list[Any]:
    """Links to the pages the account may open, the filters kept; the current one is marked."""
    links: list[Any] = []
    for entry in PAGES.values():
        if not may_open(user, entry.page):
            continue
        if entry.starts_section:
            links.append(html.Hr(className="gd-nav-rule"))
        is_here = entry.page == view.page
        here: dict[str, str] = {"aria-current": "page"} if is_here else {}
        links.append(
            html.Div(
                dcc.Link(words(f"page.{entry.page}"), href=view.on(entry.page.value).href(), className="gd-nav-link"),
                className="gd-nav-item gd-nav-here" if is_here else "gd-nav-item",
                **here,
            )
        )
    if may(user, Right.AUDIT):
        # A page without scripts, so that accounts can be kept whatever else fails.
        there = "/admin" if view.lang == view.plain_lang else f"/admin?lang={view.lang}"
        links.append(
            html.Div(html.A(words("page.admin"), href=there, className="gd-nav-link"), className="gd-nav-item")
        )
    if not may_open(user, SCREEN):
        return links
    links.append(
        # A page of its own, with its own colours: loaded whole, in a window that can go to another screen.
        html.Div(
            html.A(
                words("screen.open"),
                href=View(page=SCREEN, lang=view.lang, plain_lang=view.plain_lang).href(),
                target="_blank",
                className="gd-nav-link gd-nav-screen",
            ),
            className="gd-nav-item",
        )
    )
    return links


def crumb_trail(steps: list[Crumb]) -> html.Ol:
    """The way from the city down; every step but the last is a link."""
    return html.Ol(
        [
            html.Li(
                dcc.Link(step.label, href=step.href)
                if step.href
                else html.Span(step.label, **{"aria-current": "location"}),
                className="gd-crumb",
            )
            for step in steps
        ],
        className="gd-crumb-list",
    )


def badges(*, is_demo: bool, as_of: str, words: Words, user: User, token: str) -> list[Any]:
    """演示数据 where it is, the data date, and who is logged in, or that nobody has to.

    Args:
        token: what the form of the logout must carry.
    """
    shown: list[Any] = []
    if is_demo:
        shown.append(html.Span(words("badge.demo"), className="gd-badge gd-badge-demo"))
    if user.is_open:
        shown.append(html.Span(words("badge.open"), className="gd-badge"))
    if as_of:
        shown.append(html.Span(words("badge.as_of", date=as_of), className="gd-badge"))
    if user.account:
        shown.append(_who(user, token, words))
    return shown


def _who(user: User, token: str, words: Words) -> html.Details:
    """The account, and what it can do with itself."""
    role = words(f"access.role.{user.role}")
    return html.Details(
        [
            html.Summary(user.login, className="gd-who-name", title=role),
            html.Div(
                [
                    html.Div(role, className="gd-who-role"),
                    html.A(words("access.password.title"), href="/password", className="gd-who-item"),
                    html.Form(
                        [
                            dcc.Input(type="hidden", name="csrf_token", value=token),
                            html.Button(words("access.logout"), type="submit", className="gd-who-item"),
                        ],
                        action="/logout",
                        method="POST",
                    ),
                ],
                className="gd-who-menu",
            ),
        ],
        className="gd-badge gd-who",
    )


def water(user: User, at: datetime, words: Words) -> dict[str, str]:
    """Style that draws the account and the time faintly over every page; nothing in the open demo."""
    mark = watermark(user, at, words)
    if mark is None:
        return {}
    drawn = (
        "<svg xmlns='http://www.w3.org/2000/svg' width='460' height='260'><text x='20' y='200' "
        "transform='rotate(-24 20 200)' font-family='sans-serif' font-size='17' fill='#808080' "
        f"fill-opacity='0.13'>{escape(mark)}</text></svg>"
    )
    return {"backgroundImage": f'url("data:image/svg+xml,{quote(drawn)}")'}


def language_switch(view: View, words: Words) -> dcc.Link:
    """A link to the same view in the other language."""
    other = View(**{**vars(view), "lang": "en" if words.lang == "zh" else "zh"})
    return dcc.Link(words("switch.lang"), href=other.href(), className="gd-switch", title=words("switch.lang_label"))


def notices(found: list[Notice], words: Words) -> list[Any]:
    """What of the address was not taken."""
    return [
        dbc.Alert(
            [words(notice.key, **notice.values), *_lead(notice, words)],
            color="light",
            dismissable=True,
            class_name="gd-notice",
        )
        for notice in found
    ]


def _lead(notice: Notice, words: Words) -> list[Any]:
    """A link to what was probably meant."""
    if not notice.href:
        return []
    return [
        " ",
        dcc.Link(words("notice.open", name=notice.values["name"]), href=notice.href, className="gd-notice-link"),
    ]


def theme_words(words: Words) -> list[Any]:
    """The theme the switch leads to; the style sheet shows the one that is not on."""
    return [
        html.Span(words("switch.to_dark"), className="gd-when-light"),
        html.Span(words("switch.to_light"), className="gd-when-dark"),
    ]


def filter_properties(states: dict[Filter, FilterState]) -> dict[str, dict[str, Any]]:
    """Properties of every control: options, value, whether it is disabled, placeholder."""
    return {
        str(name): {
            "options": state.options,
            "value": state.value,
            "disabled": state.is_disabled,
            "placeholder": state.placeholder,
        }
        for name, state in states.items()
    }


def forbidden_page(right: Right, words: Words, user: User) -> html.Div:
    """A page the account may not open: which right is missing and whom to ask."""
    return html.Div(
        html.Div(
            [
                html.H1(words("access.forbidden.title"), className="gd-headline"),
                html.P(words("access.forbidden.body", right=words(f"access.right.{right}")), className="gd-state-text"),
                html.P(words("access.as", login=user.login), className="gd-state-text"),
                html.A(words("access.home"), href=home_of(user.role), className="btn gd-button"),
            ],
            className="gd-card gd-whole",
        ),
        className="gd-page",
        **{"data-page": "forbidden"},
    )


def missing_page(path: str, words: Words) -> html.Div:
    """An address that leads nowhere, with the way home."""
    return html.Div(
        html.Div(
            [
                html.Div("404", className="gd-missing-number", **{"aria-hidden": "true"}),
                html.H1(words("missing.title"), className="gd-headline"),
                html.P(words("missing.body", path=path), className="gd-state-text"),
                dcc.Link(words("missing.home"), href=View.plain(HOME, words.lang).href(), className="btn gd-button"),
            ],
            className="gd-card gd-whole",
        ),
        className="gd-page",
        **{"data-page": "missing"},
    )


def failing_page(content: Any) -> html.Div:
    """A page that could not be put together."""
    return html.Div(html.Div(content, className="gd-card gd-whole"), className="gd-page", **{"data-page": "failing"})
