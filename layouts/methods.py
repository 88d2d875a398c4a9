"""What the page `methods` shows: how each figure is made and what it may claim, written from the code itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html
from dash.development.base_component import Component

from dashboard.cards.ranking.subject import node_title, scheme_title
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue.types import Page
from data.methods import Constant, Method, Question, SchemeRow, index_values, questions, scheme_rows, schemes
from data.statistics.scheme import Scheme
from layouts.components.page import Place

if TYPE_CHECKING:
    from data.query import Reader

# The page has no cards: nothing on it depends on the data or the filters.
PLACES: tuple[Place, ...] = ()
SCHEMES = "schemes"
# The question under which the values made for the index stand.
VALUES_IN = "index"


def layout(reader: Reader, view: View, ink: Ink, words: Words) -> Component:
    """The page, the same for every view of one language."""
    parts = [_opening(words)]
    for question in questions():
        parts.append(_heading(question.key, words))
        parts.append(_card(_question(question, words)))
    parts.append(_heading(SCHEMES, words))
    parts += [_card(_scheme(scheme, words)) for scheme in schemes()]
    return html.Div(parts, className="gd-page", **{"data-page": Page.METHODS.value})


def _opening(words: Words) -> html.Div:
    keys = [*(question.key for question in questions()), SCHEMES]
    return _card(
        [
            html.H1(words("methods.title"), className="gd-headline"),
            html.P(words("methods.subtitle"), className="gd-subtitle"),
            html.Nav(
                [html.A(words(f"methods.question.{key}"), href=f"#{key}", className="gd-switch") for key in keys],
                className="gd-contents",
                **{"aria-label": words("methods.contents")},
            ),
        ]
    )


def _card(content: list[Any]) -> html.Div:
    return html.Div(html.Div(content, className="gd-card gd-methods"), className="gd-slot", style={"--gd-span": 12})


def _heading(key: str, words: Words) -> html.Div:
    title = html.H2(words(f"methods.question.{key}"), className="gd-section-title")
    return html.Div(title, className="gd-section", id=key)


def _question(question: Question, words: Words) -> list[Any]:
    parts: list[Any] = [_method(method, words) for method in question.methods]
    if question.key == VALUES_IN:
        parts.append(_values(words))
    if question.constants:
        parts.append(_parameters(question.constants, words))
    return parts


def _method(method: Method, words: Words) -> html.Section:
    code = [html.P(_coded(part)) for part in (method.statement, *method.details)]
    return html.Section(
        [
            html.H3(words(f"methods.of.{method.name}"), className="gd-title"),
            html.P(words(f"methods.of.{method.name}.text")),
            html.Details(
                [
                    html.Summary(words("methods.code")),
                    html.P(words("methods.code_language"), className="gd-subtitle"),
                    html.Div(code, lang="en"),
                    html.P([words("methods.source"), html.Span(_coded(method.source), lang="en")]),
                    html.P([words("methods.place"), html.Code(f"{method.place} · {method.name}")]),
                ]
            ),
        ],
        id=f"method-{method.name}",
    )


def _coded(text: str) -> list[Any]:
    """Text with what stands between backticks as code."""
    parts = text.split("`")
    return [html.Code(part) if odd % 2 else part for odd, part in enumerate(parts) if part]


def _values(words: Words) -> html.Section:
    rows = [
        part for key in index_values() for part in (html.Dt(html.Code(key)), html.Dd(words(f"methods.value_of.{key}")))
    ]
    return html.Section(
        [html.H3(words("methods.values"), className="gd-title"), html.Dl(rows, className="gd-factsheet")]
    )


def _parameters(constants: tuple[Constant, ...], words: Words) -> html.Section:
    head = (words("methods.parameter"), words("methods.value"))
    rows = [(words(f"methods.parameter_of.{constant.name}"), _amount(constant, words)) for constant in constants]
    return html.Section([html.H3(words("methods.parameters"), className="gd-title"), _table(head, rows)])


def _amount(constant: Constant, words: Words) -> str:
    shown = constant.shown.replace(" %", "%")
    return words("methods.months", value=shown) if constant.unit == "months" else shown


def _table(head: tuple[str, ...], rows: list[tuple[Any, ...]]) -> html.Div:
    # On a phone the table scrolls in its frame instead of widening the page.
    return html.Div(
        html.Table(
            [
                html.Thead(html.Tr([html.Th(name, scope="col") for name in head])),
                html.Tbody([html.Tr([html.Td(cell) for cell in row]) for row in rows]),
            ],
            className="gd-methods-table",
        ),
        className="gd-methods-frame",
    )


def _scheme(scheme: Scheme, words: Words) -> list[Any]:
    title = scheme_title(scheme, words)
    parts: list[Any] = [
        html.H3(words("methods.scheme.heading", title=title, version=scheme.version), className="gd-title"),
        # What a scheme file says of itself is in the language of those who made it.
        *(html.P(part, lang="zh-CN") for part in (scheme.source, scheme.note) if part),
    ]
    if scheme.gates:
        gates = words.listed([words(f"ranking.gate.{gate}") for gate in scheme.gates])
        parts.append(html.P(words("methods.scheme.gates") + gates))
    if scheme.availability is not None:
        parts.append(html.P(words("methods.scheme.availability", value=f"{scheme.availability:.0%}")))
    if not scheme.nodes:
        return [*parts, html.P(words("methods.scheme.from_meta"))]
    columns = ("indicator", "weight", "role", "origin", "source", "note")
    head = tuple(words(f"ranking.column.{name}") for name in columns)
    return [*parts, _table(head, [_scheme_line(scheme, row, words) for row in scheme_rows(scheme)])]


def _scheme_line(scheme: Scheme, row: SchemeRow, words: Words) -> tuple[Any, ...]:
    emphasis = html.Strong if row.is_dimension else html.Span
    return (
        emphasis(node_title(scheme, row.key, words), className="" if row.is_dimension else "gd-methods-indicator"),
        emphasis(f"{row.points:g}"),
        words(f"ranking.role.{row.role}") if row.role else "",
        words(f"ranking.origin.{row.origin}") if row.origin else "",
        html.Span(row.source, lang="zh-CN"),
        html.Span(row.note, lang="zh-CN"),
    )
