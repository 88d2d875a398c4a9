"""What the page `data` shows: imports, who has filed, quality, what each figure means, and where it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.access import Right, may, user_or_demo
from dashboard.cards.data.quality import not_waiting
from dashboard.ids import DataId
from dashboard.import_desk import mapping_names
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue import INDICATORS
from data.catalogue.types import Page
from layouts.components.batch_detail import batch_detail, revert_dialog
from layouts.components.dropdown import dropdown_labels
from layouts.components.import_form import import_form, import_not_allowed
from layouts.components.page import Section, page_of_sections, places_in

if TYPE_CHECKING:
    from data.query import Reader

CAVEATS = 11
OPENING = Section("", (("data.headline", 12),))
IMPORTS = Section("data.section.imports", (("data.batches", 12),))
FILING = Section("data.section.filing", (("data.filing", 8), ("data.silent", 4)))
QUALITY = Section("data.section.quality", (("data.totals", 12), ("data.problems", 7), ("data.tables", 5)))
LINEAGE = Section("data.section.lineage", (("data.lineage", 12), ("data.lineage_files", 12)))
DICTIONARY = Section("data.section.dictionary", (("data.indicators", 12), ("data.measures", 12)))
SECTIONS = (OPENING, IMPORTS, FILING, QUALITY, LINEAGE, DICTIONARY)
PLACES = places_in(SECTIONS)


def layout(reader: Reader, view: View, ink: Ink, words: Words) -> Component:
    """The page for a view, its cards drawn."""
    with not_waiting():
        page = page_of_sections(Page.DATA.value, SECTIONS, words)
    extras: dict[str, tuple[list[Any], list[Any]]] = {
        # Section → what stands under its heading before the cards, and after them.
        IMPORTS.title: ([_wide(_importing(words))], [_wide(_batch_panel(words))]),
        LINEAGE.title: ([_wide(_trace_choice(view, words))], []),
        DICTIONARY.title: ([], [_wide(_caveats(words))]),
    }
    page.children = _woven(list(page.children), extras)
    page.children.insert(len(OPENING.places), _wide(_contents(words)))
    return page


def _importing(words: Words) -> html.Div:
    """The form, or for an account without the right who has it."""
    user = user_or_demo()
    if may(user, Right.IMPORT):
        return import_form(mapping_names(), words)
    return import_not_allowed(words, may_export=may(user, Right.EXPORT))


def _woven(parts: list[Any], extras: dict[str, tuple[list[Any], list[Any]]]) -> list[Any]:
    """The drawn parts with the page's own pieces between them, and an anchor on every section."""
    woven: list[Any] = []
    at = 0
    for section in SECTIONS:
        before, after = extras.get(section.title, ([], []))
        if section.title:
            heading = parts[at]
            heading.id = anchor(section)
            woven.append(heading)
            at += 1
        woven += before
        woven += parts[at : at + len(section.places)]
        at += len(section.places)
        woven += after
    return woven


def _contents(words: Words) -> html.Nav:
    """Links to the sections of the page."""
    return html.Nav(
        [
            html.A(words(section.title), href=f"#{anchor(section)}", className="gd-switch")
            for section in SECTIONS
            if section.title
        ],
        className="gd-contents",
        **{"aria-label": words("data.contents")},
    )


def anchor(section: Section) -> str:
    """The id a section is found by: the last part of its title's key."""
    return section.title.rpartition(".")[2]


def _wide(content: Any) -> html.Div:
    return html.Div(content, className="gd-slot", style={"--gd-span": 12})


def _batch_panel(words: Words) -> html.Div:
    may_revert = may(user_or_demo(), Right.IMPORT)
    detail = batch_detail(None, [], words, may_revert=may_revert)
    # Without the right neither button nor question stands there: the page would call what is refused.
    return html.Div(
        [html.Div(detail, id=DataId.BATCH, **{"aria-live": "polite"}), *([revert_dialog(words)] if may_revert else []),
         dcc.Store(id=DataId.REVERT_NUMBER)],
        className="gd-card gd-batch",
    )  # fmt: skip


def _trace_choice(view: View, words: Words) -> html.Div:
    options = [
        {"value": key, "label": words("data.lineage.option", title=words.of(i), page=words(f"page.{i.page.value}"))}
        for key, i in INDICATORS.items()
    ]
    return html.Div(
        [
            html.Div(
                [
                    html.Label(words("data.lineage.indicator"), className="gd-filter-label"),
                    dcc.Dropdown(
                        id=DataId.TRACE, options=options, value=view.trace, clearable=True,
                        labels=dropdown_labels(words), className="gd-filter-control",
                        placeholder=words("data.lineage.indicator_hint"),
                    ),
                ],
                className="gd-filter gd-trace-choice",
            ),
            html.P(words("data.lineage.help"), className="gd-subtitle gd-trace-help"),
            html.A(
                words("data.lineage.download"), id=DataId.TRACE_ROWS, href=trace_rows_href(view), download="",
                className="btn gd-button", hidden=view.trace is None,
            ),
        ],
        className="gd-trace-bar",
    )  # fmt: skip


def trace_rows_href(view: View) -> str:
    """Address of the file with all rows behind the figure in view."""
    return f"/data/trace.csv{view.to_search()}"


def _caveats(words: Words) -> html.Div:
    return html.Div(
        [
            html.H2(words("data.caveat.title"), className="gd-title"),
            html.P(words("data.caveat.subtitle"), className="gd-subtitle"),
            html.Ol(
                [
                    html.Li(
                        [
                            html.Strong(words(f"data.caveat.{number}.name")),
                            html.Span(words(f"data.caveat.{number}.text")),
                        ]
                    )
                    for number in range(1, CAVEATS + 1)
                ],
                className="gd-caveats",
            ),
        ],
        className="gd-card",
    )
