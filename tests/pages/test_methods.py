"""The page of methods: everything the code collects is there in plain words of both languages."""

from __future__ import annotations

import json
from typing import Any

import pytest
from dash.development.base_component import Component
from sqlalchemy import Engine

import app
from dashboard.cards import CARDS
from dashboard.config import load_settings
from dashboard.theme import Ink
from dashboard.view import View
from dashboard.wording import Words, text_table
from data.methods import index_values, questions, scheme_rows, schemes
from data.query import Reader
from layouts import methods
from layouts.components.panel import definitions


def said(component: Any) -> str:
    """All text of a component tree."""
    if isinstance(component, Component):
        return said(getattr(component, "children", None))
    if isinstance(component, list | tuple):
        return "\n".join(said(part) for part in component)
    return "" if component is None else str(component)


@pytest.mark.parametrize("kind", ["method", "text", "question", "constant", "value"])
def test_nothing_the_code_collects_lacks_its_words(kind: str) -> None:
    names = {
        "method": [f"methods.of.{m.name}" for q in questions() for m in q.methods],
        "text": [f"methods.of.{m.name}.text" for q in questions() for m in q.methods],
        "question": [f"methods.question.{q.key}" for q in questions()],
        "constant": [f"methods.parameter_of.{c.name}" for q in questions() for c in q.constants],
        "value": [f"methods.value_of.{key}" for key in index_values()],
    }[kind]
    assert names
    assert [name for name in names if name not in text_table()] == []


def test_no_words_are_kept_for_a_method_that_is_gone() -> None:
    known = {f"methods.of.{m.name}" for q in questions() for m in q.methods}
    known |= {f"{name}.text" for name in known} | {f"methods.value_of.{key}" for key in index_values()}
    assert {key for key in text_table() if key.startswith(("methods.of.", "methods.value_of."))} == known
    constants = {f"methods.parameter_of.{c.name}" for q in questions() for c in q.constants}
    assert {key for key in text_table() if key.startswith("methods.parameter_of.")} == constants


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_shows_every_method_parameter_and_scheme(store: Engine, lang: str) -> None:
    words = Words(lang)
    text = said(methods.layout(Reader(store), View(page="methods", lang=lang), Ink("light"), words))
    for question in questions():
        assert words(f"methods.question.{question.key}") in text
        for method in question.methods:
            assert words(f"methods.of.{method.name}.text") in text
            assert method.source.replace("`", "") in text.replace("\n", "")
        for constant in question.constants:
            assert words(f"methods.parameter_of.{constant.name}") in text
    for scheme in schemes():
        assert scheme.source in text
        for row in scheme_rows(scheme):
            assert f"\n{row.points:g}\n" in text
            assert row.source in text


def test_it_opens_without_any_data(store: Engine) -> None:
    url = store.url.render_as_string(hide_password=False)
    client = app.create_app(load_settings(database_url=url)).server.test_client()
    answer = client.get("/drawn/page", query_string={"pathname": "/methods", "theme": "light"})
    assert Words()("methods.title") in json.dumps(json.loads(answer.data), ensure_ascii=False)


def test_the_definition_of_every_card_leads_to_it_with_the_filters_kept() -> None:
    view = View(page="satisfaction", area="341802", lang="en")
    for card in CARDS.values():
        last = definitions(card, view, Words("en"))[-1]
        assert last.children.href == "/methods?area=341802&lang=en"
