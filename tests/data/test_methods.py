"""The methods document is what the code says of itself, and nothing that claims is left out of it."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

import data.statistics
from data import methods
from data.methods import PATH, constant_of, document, method_of, paragraphs, questions, scheme_rows, schemes, write
from data.ranking import COMPOUND_VALUES
from data.statistics import bands
from data.statistics.scheme import global_weights

HOW = "run: python -m data.methods"
# Methods with a source that no page, command or export uses: the form in which published figures can be reproduced.
NOT_SHOWN = {"fit_beta_prior", "funnel_of_ratios"}


def listed() -> set[str]:
    return {method.name for question in questions() for method in question.methods}


def test_the_committed_document_is_up_to_date() -> None:
    assert PATH.read_text("utf-8") == document(), HOW


def test_writing_it_gives_the_same_text(tmp_path: Any) -> None:
    assert write(tmp_path / "docs" / "it.md").read_text("utf-8") == document()


def sourced(module: ModuleType) -> set[str]:
    """Public functions of a module whose docstring names a source."""
    return {
        name
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_") and "Source:" in (function.__doc__ or "")
    }


@pytest.mark.parametrize("name", [info.name for info in pkgutil.iter_modules(data.statistics.__path__)])
def test_every_sourced_method_of_the_statistics_is_listed(name: str) -> None:
    found = sourced(importlib.import_module(f"data.statistics.{name}"))
    assert found - NOT_SHOWN <= listed()


def test_no_method_or_parameter_is_listed_twice() -> None:
    names = [method.name for question in questions() for method in question.methods]
    constants = [constant.name for question in questions() for constant in question.constants]
    assert len(set(names)) == len(names)
    assert len(set(constants)) == len(constants)


def test_every_method_says_what_it_does_and_where_it_is_from() -> None:
    text = document()
    for question in questions():
        assert f"## {question.title}\n" in text
        for method in question.methods:
            assert f"### `{method.name}`\n\n{method.statement}" in text
            assert method.source.endswith(".")
            assert f"Source: {method.source}" in text
            assert (PATH.parents[1] / method.place).is_file()


def test_parameters_show_the_value_the_code_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    assert constant_of(bands, "RED_PROBABILITY", "share").shown == "90 %"
    monkeypatch.setattr(bands, "RED_PROBABILITY", 0.95)
    assert constant_of(bands, "RED_PROBABILITY", "share").shown == "95 %"


def test_every_scheme_stands_in_the_document_line_by_line() -> None:
    text = document()
    for scheme in schemes():
        assert f"### `{scheme.name}` {scheme.version}" in text
        rows = scheme_rows(scheme)
        if not rows:
            assert scheme.name == "asem"
            continue
        assert {row.key for row in rows if not row.is_dimension} == set(global_weights(scheme))
        assert sum(row.points for row in rows if row.is_dimension) == 100
        assert sum(row.points for row in rows if not row.is_dimension) == 100
        for row in rows:
            assert row.origin in ("published", "proposal")
            cell = (
                f"**{row.title}** | **{row.points:g}**"
                if row.is_dimension
                else f"{row.points:g} | {row.title} | `{row.key}`"
            )
            assert cell in text


def test_every_value_made_for_the_index_says_what_it_is() -> None:
    assert set(methods.index_values()) == set(COMPOUND_VALUES)
    assert all(methods.index_values().values())


def test_a_docstring_is_read_by_paragraphs() -> None:
    told = """Plain fact.

    Formula over
    two lines.

    Args:
        x: what.

            Deeper.

    Source: somebody (1999).
    """
    assert paragraphs(told) == [
        "Plain fact.",
        "Formula over two lines.",
        "Args: x: what. Deeper.",
        "Source: somebody (1999).",
    ]


def silent() -> None: ...


def unsourced() -> None:
    """Says what it does."""


@pytest.mark.parametrize("function", [silent, unsourced])
def test_a_function_that_does_not_say_enough_is_refused(function: Callable[..., Any]) -> None:
    with pytest.raises(ValueError, match=function.__name__):
        method_of(function)


def test_a_parameter_without_a_docstring_is_refused() -> None:
    with pytest.raises(ValueError, match="SECTION"):
        constant_of(methods, "SECTION")
