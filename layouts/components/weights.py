"""The weight laboratory: a slider a node, the list that follows, and the mark that says whose weights these are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import dash_ag_grid as dag
from dash import dcc, html

from dashboard.cards.ranking.subject import Subject, choice_of, node_title, scheme_title
from dashboard.cards.ranking.weighed import LABORATORY
from dashboard.cards.reading import Reading
from dashboard.ids import Id, Part, part_id
from dashboard.view import View
from dashboard.weighing import weighing_data
from dashboard.wording import Words
from data.errors import GovernanceError, UsageError
from data.ranking import DEFAULT_SCHEME, load_scheme, scheme_names
from data.statistics.scheme import Scheme
from data.weights import HIGHEST, official_weights, read_choice
from layouts.components.card import card_menu
from layouts.components.grid import heading_room, locale_text, number_column
from layouts.components.states import empty_state

if TYPE_CHECKING:
    from data.query import Reader

STEP = 0.5


def weight_laboratory(reader: Reader, view: View, words: Words) -> html.Section:
    """The laboratory for a view; its children are what a redraw replaces."""
    return html.Section(
        laboratory_children(reader, view, words),
        id=Id.LABORATORY,
        className="gd-frame gd-weights",
        **{"aria-label": words("ranking.lab.title"), "data-laboratory": LABORATORY.name},
    )


def laboratory_key(view: View, revision: str) -> str:
    """What the laboratory depends on; the weights themselves live in the browser."""
    parts = (view.area, view.grid, view.kind, view.company, view.month, view.lang, choice_of(view).scheme, revision)
    return "|".join(part or "" for part in parts)


def laboratory_children(reader: Reader, view: View, words: Words) -> list[Any]:
    """Head, sliders, list. A scheme that cannot be computed gives the reason instead."""
    if not reader.months:
        return [_framed(html.Div(empty_state(words("reading.no_months"), words)))]
    subject = Subject(Reading(reader, replace(view, compound=None), words), view.compound)
    try:
        data = weighing_data(subject)
    except GovernanceError as error:
        return [_framed(html.Div(empty_state(str(error), words)))]
    weights, refusal = chosen_weights(view, subject.scheme)
    return [
        dcc.Store(id=Id.WEIGHING, data=data),
        _framed(
            _head(view, words),
            html.Div(refusal, className="gd-weights-refusal", role="status") if refusal else None,
            html.Div(
                [_sliders(subject.scheme, weights, words), _list(view, words)],
                className="gd-weights-body",
            ),
            html.Footer(words("ranking.lab.note"), className="gd-card-foot"),
        ),
    ]


def chosen_weights(view: View, scheme: Scheme) -> tuple[dict[str, float], str]:
    """Weights of the address, or the official ones and why those of the address were not taken."""
    try:
        return read_choice(view.weights).weights_for(scheme), ""
    except UsageError as error:
        return official_weights(scheme), str(error)


def _framed(*children: Any) -> html.Div:
    return html.Div([child for child in children if child is not None], className="gd-card")


def _head(view: View, words: Words) -> html.Header:
    here = choice_of(view).scheme
    links = [
        html.Span(
            dcc.Link(
                scheme_title(load_scheme(name), words), href=replace(view, weights=name).href(), className="gd-choice"
            ),
            className="gd-choice-here" if name == here else "",
            **({"aria-current": "true"} if name == here else {}),
        )
        for name in sorted(scheme_names(), key=lambda name: name != DEFAULT_SCHEME)
    ]
    return html.Header(
        [
            html.Div(
                [
                    html.H2(words("ranking.lab.title"), className="gd-title"),
                    html.P(words("ranking.lab.subtitle"), className="gd-subtitle"),
                ],
                className="gd-titles",
            ),
            html.Div(
                [
                    html.Span(words("ranking.lab.scheme"), className="gd-weights-label"),
                    *links,
                    html.Span(id=Id.WEIGHTS_MARK, className="gd-weights-mark", role="status"),
                    html.Button(words("ranking.lab.reset"), id=Id.WEIGHTS_RESET, n_clicks=0, className="btn gd-button"),
                    card_menu(LABORATORY.name, LABORATORY.kind, words, items=()),
                ],
                className="gd-weights-tools",
            ),
        ],
        className="gd-card-head gd-weights-head",
    )


def _sliders(scheme: Scheme, weights: dict[str, float], words: Words) -> html.Div:
    """A block a dimension; the order is that of the weights in the address, each node before its members."""
    blocks: list[Any] = []
    for dimension in scheme.members(scheme.root.key):
        rows = [_slider(scheme, dimension.key, weights, words, is_head=True)]
        rows += [_slider(scheme, key, weights, words) for key in _below(scheme, dimension.key)]
        blocks.append(html.Div(rows, className="gd-weights-block"))
    return html.Div(blocks, className="gd-weights-sliders")


def _below(scheme: Scheme, key: str) -> list[str]:
    return [found for node in scheme.members(key) for found in (node.key, *_below(scheme, node.key))]


def _slider(scheme: Scheme, key: str, weights: dict[str, float], words: Words, *, is_head: bool = False) -> html.Label:
    name = node_title(scheme, key, words)
    # A dimension and an indicator differ in size; the end of the track is twice the official weight, at least 10.
    most = min(HIGHEST, max(10.0, 2 * float(scheme.node(key).weight), weights[key]))
    return html.Label(
        [
            html.Span(name, className="gd-weights-name", title=name),
            html.Span(id=part_id(Part.WEIGHT_SHARE, key), className="gd-weights-share"),
            dcc.Input(
                id=part_id(Part.WEIGHT, key), type="range", min=0, max=most, step=STEP, value=weights[key],
                className="gd-weights-range",
            ),
        ],
        className="gd-weights-row gd-weights-row-head" if is_head else "gd-weights-row",
    )  # fmt: skip


def _list(view: View, words: Words) -> html.Div:
    def text(field: str, key: str, width: int, **given: Any) -> dict[str, Any]:
        heading = words(f"ranking.column.{key}")
        least = max(78, heading_room(heading))
        return {"field": field, "headerName": heading, "width": max(width, least), "minWidth": least, **given}

    def numeric(field: str, key: str, decimals: int, suffix: str = "") -> dict[str, Any]:
        return text(field, key, 88) | number_column(decimals, words, suffix=suffix) | {"filter": False}

    columns = [
        text("label", "name", 140, pinned="left", lockPinned=True, cellRenderer="GdOpen", minWidth=120),
        text("tier", "tier", 78),
        numeric("top", "top", 0, "%"),
        text("range", "range", 116, minWidth=112),
        numeric("arithmetic", "score", 2),
        numeric("geometric", "other", 2),
        text("official", "official", 150, minWidth=142),
        text("change", "change", 100, minWidth=92),
    ]
    grid = dag.AgGrid(
        id=part_id(Part.GRID, "ranking.lab"),
        columnDefs=columns,
        rowData=[],
        getRowId="params.data.unit",
        defaultColDef={"sortable": True, "resizable": True, "wrapHeaderText": True, "autoHeaderHeight": True,
                       "suppressHeaderMenuButton": True},
        columnSize="responsiveSizeToFit",
        dashGridOptions={
            "localeText": locale_text(words),
            "context": {"card": "ranking.lab", "click": "evidence", "field": "unit", "rowId": "unit"},
            "animateRows": False,
            "enableCellTextSelection": True,
        },
        className="gd-grid",
        style={"height": "100%", "width": "100%"},
    )  # fmt: skip
    return html.Div(
        [html.P(id=Id.WEIGHTS_SUMMARY, className="gd-weights-summary", **{"aria-live": "polite"}), grid],
        className="gd-weights-list",
    )
