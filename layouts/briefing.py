"""What the page `briefing` shows: the basket, what is to be built of it, the editions and what changed between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import dash_bootstrap_components as dbc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.cards.types import GridSpec
from dashboard.ids import BriefingId
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue.types import Page
from layouts.components.dropdown import dropdown_labels
from layouts.components.grid import grid
from layouts.components.page import Place

if TYPE_CHECKING:
    from data.query import Reader

PLACES: tuple[Place, ...] = ()
POLL_MS = 700
MONTHLY, BASKET = "monthly", "basket"
HISTORY, DIFF = "briefing.history", "briefing.diff"


def layout(reader: Reader, view: View, ink: Ink, words: Words) -> Component:
    """The page for a view; what is in the basket is known to the browser alone and comes after."""
    return html.Div(
        [
            _slot(_headline(words), 12),
            _slot(_basket(words), 7),
            _slot(_order(words), 5),
            _slot(_history(view, words), 12),
            _slot(_diff(view, words), 12),
            dcc.Store(id=BriefingId.BASKET),
            dcc.Store(id=BriefingId.UPLOAD),
            dcc.Store(id=BriefingId.JOB),
            dcc.Store(id=BriefingId.CHANGED),
            dcc.Interval(id=BriefingId.POLL, interval=POLL_MS, disabled=True),
        ],
        className="gd-page",
        **{"data-page": Page.BRIEFING.value},
    )


def _slot(content: Any, span: int) -> html.Div:
    return html.Div(content, className="gd-slot", style={"--gd-span": span})


def _headline(words: Words) -> html.Section:
    return html.Section(
        [html.H1(words("briefing.page.title"), className="gd-headline"),
         html.P(words("briefing.page.subtitle"), className="gd-subtitle")],
        className="gd-frame gd-frame-headline",
    )  # fmt: skip


def _card(title: str, subtitle: str, body: list[Any], words: Words) -> html.Section:
    return html.Section(
        html.Div(
            [
                html.Header(
                    html.Div(
                        [html.H2(words(title), className="gd-title"), html.P(words(subtitle), className="gd-subtitle")],
                        className="gd-titles",
                    ),
                    className="gd-card-head",
                ),
                *body,
            ],
            className="gd-card gd-briefing-card",
        ),
        className="gd-frame",
    )


def button(label: str, main: bool = False, /, **given: Any) -> html.Button:
    """A button of the page."""
    return html.Button(
        label, className="btn gd-button gd-button-main" if main else "btn gd-button", type="button", **given
    )


def _basket(words: Words) -> html.Section:
    return _card(
        "briefing.basket.title",
        "briefing.basket.subtitle",
        [
            html.Div(id=BriefingId.COUNT, className="gd-basket-count", **{"aria-live": "polite"}),
            html.Ol(id=BriefingId.ENTRIES, className="gd-basket", **{"data-basket": ""}),
            html.Div(
                [
                    button(words("briefing.basket.download"), **{"data-basket-do": "download"}),
                    button(words("briefing.basket.upload"), **{"data-basket-do": "upload"}),
                    button(words("briefing.basket.empty"), **{"data-basket-do": "empty"}),
                ],
                className="gd-basket-buttons",
                **{
                    "data-basket-sure": words("briefing.basket.sure"),
                    "data-basket-bad": words("briefing.basket.bad"),
                },
            ),
        ],
        words,
    )


def _order(words: Words) -> html.Section:
    return _card(
        "briefing.order.title",
        "briefing.order.subtitle",
        [
            html.Fieldset(
                [
                    html.Legend(words("briefing.order.what"), className="gd-filter-label"),
                    dbc.RadioItems(
                        id=BriefingId.WHAT,
                        options=[
                            {"value": MONTHLY, "label": words("briefing.order.monthly")},
                            {"value": BASKET, "label": words("briefing.order.basket")},
                        ],
                        value=MONTHLY,
                        className="gd-choice-list",
                    ),
                ]
            ),
            html.P(id=BriefingId.SCOPE, className="gd-subtitle"),
            html.Label(words("briefing.order.deck_title"), htmlFor=str(BriefingId.TITLE), className="gd-filter-label"),
            dcc.Input(
                id=BriefingId.TITLE, type="text", maxLength=120, className="gd-text-input",
                placeholder=words("briefing.order.deck_title_hint"),
            ),
            html.Fieldset(
                [
                    html.Legend(words("briefing.order.template"), className="gd-filter-label"),
                    dbc.RadioItems(
                        id=BriefingId.TEMPLATE,
                        options=[{"value": "", "label": words("briefing.order.template_default")}],
                        value="",
                        className="gd-choice-list",
                    ),
                    html.Div(
                        [
                            button(
                                words("briefing.order.template_upload"),
                                **{
                                    "data-template-upload": words.lang,
                                    "data-failed": words("briefing.order.template_failed"),
                                },
                            ),
                            html.A(
                                words("briefing.order.template_download"),
                                href=f"/briefing/template.pptx?lang={words.lang}", download="", className="gd-plain-link",
                            ),
                        ],
                        className="gd-basket-buttons",
                    ),
                    html.Div(id=BriefingId.TEMPLATE_SAID, **{"aria-live": "polite"}),
                ]
            ),
            html.Div(
                [
                    button(words("briefing.order.build"), True, id=BriefingId.BUILD, n_clicks=0),
                    button(words("briefing.order.cancel"), id=BriefingId.CANCEL, n_clicks=0, hidden=True),
                ],
                className="gd-basket-buttons",
            ),
            html.Div(id=BriefingId.PROGRESS, className="gd-briefing-progress", **{"aria-live": "polite"}),
        ],
        words,
    )  # fmt: skip


def _history(view: View, words: Words) -> html.Section:
    spec = GridSpec(
        columns=[
            {"field": "title", "headerName": words("briefing.history.edition"), "minWidth": 220, "flex": 3,
             "cellRenderer": "GdEdition"},
            {"field": "number", "headerName": words("briefing.history.number"), "number": True, "minWidth": 90},
            {"field": "place", "headerName": words("briefing.history.place"), "minWidth": 110},
            {"field": "month", "headerName": words("briefing.history.month"), "minWidth": 110},
            {"field": "made", "headerName": words("briefing.history.made"), "minWidth": 150},
            {"field": "actor", "headerName": words("briefing.history.actor"), "minWidth": 100},
            {"field": "revision", "headerName": words("briefing.history.revision"), "minWidth": 120},
            {"field": "sha256", "headerName": words("briefing.history.sha256"), "minWidth": 130},
        ],
        rows=[],
        row_id="number",
        page_size=8,
    )  # fmt: skip
    table = grid(spec, HISTORY, view, words, height="auto")
    # A page of it at most: as tall as the editions there are.
    table.dashGridOptions["domLayout"] = "autoHeight"
    return _card(
        "briefing.history.title",
        "briefing.history.subtitle",
        [html.Div(table, className="gd-briefing-grid gd-briefing-history")],
        words,
    )


def _diff(view: View, words: Words) -> html.Section:
    spec = GridSpec(
        columns=[
            {"field": "indicator", "headerName": words("briefing.diff.indicator"), "minWidth": 170, "flex": 2},
            {"field": "label", "headerName": words("briefing.diff.label"), "minWidth": 120, "flex": 1},
            {"field": "months", "headerName": words("briefing.diff.months"), "minWidth": 150},
            {"field": "before", "headerName": words("briefing.diff.before"), "type": "rightAligned", "minWidth": 110},
            {"field": "after", "headerName": words("briefing.diff.after"), "type": "rightAligned", "minWidth": 110},
            {"field": "cause", "headerName": words("briefing.diff.cause"), "minWidth": 130},
            {"field": "sure", "headerName": words("briefing.diff.sure"), "minWidth": 130},
            {"field": "batches", "headerName": words("briefing.diff.batches"), "minWidth": 110},
        ],
        rows=[],
        row_id="row",
        page_size=14,
    )
    chosen = [
        html.Div(
            [
                html.Label(words(f"briefing.diff.{name}"), className="gd-filter-label", htmlFor=str(id_)),
                dcc.Dropdown(
                    id=id_, options=[], clearable=False, className="gd-filter-control", labels=dropdown_labels(words),
                    placeholder=words("briefing.diff.choose"),
                ),
            ],
            className="gd-filter gd-briefing-choice",
        )
        for name, id_ in (("older", BriefingId.OLDER), ("newer", BriefingId.NEWER))
    ]  # fmt: skip
    return _card(
        "briefing.diff.title",
        "briefing.diff.subtitle",
        [
            html.Div(chosen, className="gd-filters-row"),
            html.P(id=BriefingId.DIFF_SAID, className="gd-subtitle", **{"aria-live": "polite"}),
            html.Div(grid(spec, DIFF, view, words), className="gd-briefing-grid gd-briefing-grid-tall"),
        ],
        words,
    )


def progress_view(state: str, done: int, total: int, message: str, words: Words) -> list[Any]:
    """A deck under way, or why there is none."""
    if state in ("waiting", "running"):
        share = round(100 * done / total) if total else 0
        return [
            dbc.Progress(value=share, class_name="gd-progress", label=words("briefing.progress.share", share=share)),
            html.Div(message or words("briefing.progress.waiting"), className="gd-subtitle"),
        ]
    if state == "cancelled":
        return [html.Div(words("briefing.progress.cancelled"), className="alert gd-notice", role="status")]
    if state == "failed":
        text = words("failing.body", request=message.removeprefix("#")) if message.startswith("#") else message
        return [html.Div(text, className="alert gd-notice gd-notice-alert", role="alert")]
    return []


def done_view(number: int, name: str, words: Words) -> list[Any]:
    """A finished deck, to be downloaded."""
    return [
        html.Div(
            [
                html.Span(words("briefing.progress.done", number=number)),
                html.A(
                    words("briefing.progress.download"), href=f"/briefing/edition/{number}.pptx", download=name,
                    className="btn gd-button gd-button-main", **{"data-deck-download": str(number)},
                ),
            ],
            className="alert gd-notice gd-briefing-done",
            role="status",
        )
    ]  # fmt: skip
