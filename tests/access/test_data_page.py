"""The page 数据 as accounts with and without the right to import see it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine

from dashboard.access import Right
from dashboard.access.bodies import first_component
from dashboard.access.rights import right_of_output
from tests.access.serving import logged_in
from tests.access.test_matrix import body_of, callbacks

FORM = ("data-upload", "data-job", "data-progress", "data-crs", "/data/template.xlsx", "data-drop-zone")
KEPT = ("data-drop", "data-limit", "data-changed", "data-batch")


def drawn(server: Any, login: str, lang: str = "zh") -> tuple[Any, str]:
    """A client of the account and the page it is given, as JSON."""
    client = logged_in(server, login)
    asked = {"pathname": "/data", "search": f"?lang={lang}", "theme": "light", "scale": 1}
    answer = client.get("/drawn/page", query_string=asked)
    assert answer.status_code == 200
    page = answer.get_data(as_text=True).split("\n")[0]
    return client, json.dumps(json.loads(page), ensure_ascii=False)


def properties(tree: Any) -> Iterator[dict[str, Any]]:
    """Every object in an answer."""
    if isinstance(tree, dict):
        yield tree
    for part in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from properties(part)


def ids_in(text: str) -> set[str]:
    return {part["id"] for part in properties(json.loads(text)) if isinstance(part.get("id"), str)}


@pytest.mark.parametrize("login", ["bureau-01", "street-01"])
def test_who_may_import_is_given_the_form(server: Any, login: str) -> None:
    _, text = drawn(server, login)
    assert [part for part in FORM if part not in text] == []


def test_who_may_not_import_is_told_who_may_and_given_no_form(server: Any) -> None:
    client, text = drawn(server, "leader-01")
    assert [part for part in FORM if part in text] == []
    assert ids_in(text).issuperset(KEPT)
    assert "可以导入的角色：住建局、街道" in text
    assert "/data/export.xlsx" in text
    # Nothing that the page calls by itself is refused: a refusal would be said on it and stand in the trail.
    for callback in callbacks(server, client):
        if (
            right_of_output(first_component(callback["output"])) is Right.IMPORT
            and not callback["prevent_initial_call"]
        ):
            asked = {one["id"] for one in callback["inputs"]}
            assert not asked & ids_in(text), callback["output"]


def test_the_line_is_said_in_english_too(server: Any) -> None:
    assert "Roles that can: Bureau" in drawn(server, "leader-01", "en")[1]


def test_who_may_not_import_is_given_no_button_to_take_a_batch_back(server: Any, engine: Engine) -> None:
    for login, shown in (("leader-01", []), ("bureau-01", [False])):
        client = logged_in(server, login)
        callback = next(c for c in callbacks(server, client) if "data-batch.children" in c["output"])
        body = body_of(callback, {"pathname": "/data", "search": ""})
        body["inputs"][0]["value"] = [{"batch": 1}]
        answer = client.post("/_dash-update-component", json=body)
        assert answer.status_code == 200
        buttons = [part for part in properties(answer.get_json()) if part.get("id") == "data-revert"]
        assert [button["hidden"] for button in buttons] == shown, login
