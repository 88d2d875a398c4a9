"""Whatever is sent to whatever callback, the server answers and never fails."""

from __future__ import annotations

import json
import random

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import app
from dashboard.config import load_settings
from tests.soak.fuzzing import UPDATE, fuzz, fuzz_routes, request_of


@pytest.fixture(scope="module")
def client(small_city_url: str) -> FlaskClient:
    return app.create_app(load_settings(database_url=small_city_url)).server.test_client()


def test_no_callback_fails_on_odd_values_and_malformed_bodies_are_refused(client: FlaskClient) -> None:
    found = fuzz(client, requests=150)
    assert found.callbacks > 10
    assert found.failed == []
    assert found.unrefused == []


def test_no_address_fails_under_odd_names_and_queries(client: FlaskClient) -> None:
    found = fuzz_routes(client, requests=84)
    assert found.failed == []
    assert found.statuses[200] > 20


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(data=st.data())
@settings(
    deadline=None, max_examples=40, phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
def test_no_part_of_a_request_can_be_replaced_so_that_the_server_fails(
    client: FlaskClient, data: st.DataObject
) -> None:
    client.get("/")
    token = client.get_cookie("_csrf_token")
    listed = [e for e in client.get("/_dash-dependencies").get_json() if not e["clientside_function"]]
    body = json.loads(request_of(data.draw(st.sampled_from(listed)), random.Random(data.draw(st.integers(0, 10**6)))))
    body[
        data.draw(st.sampled_from(["output", "outputs", "inputs", "state", "changedPropIds", "parsedChangedPropsIds"]))
    ] = data.draw(JSON)
    answer = client.post(UPDATE, json=body, headers={"X-CSRFToken": token.value if token else ""})
    assert answer.status_code < 500


def test_a_request_for_several_outputs_must_say_where_each_goes(client: FlaskClient) -> None:
    client.get("/")
    token = client.get_cookie("_csrf_token")
    listed = client.get("/_dash-dependencies").get_json()
    several = next(e for e in listed if e["output"].startswith("..") and not e["clientside_function"])
    body = json.loads(request_of(several, random.Random(0)))
    answers = [
        client.post(UPDATE, json=body | {"outputs": outputs}, headers={"X-CSRFToken": token.value if token else ""})
        for outputs in ([], [{"id": "page", "property": "children"}], {"id": "page", "property": "children"})
    ]
    assert [answer.status_code for answer in answers] == [400, 400, 400]
