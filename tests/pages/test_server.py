"""The server under the pages, without a browser: headers, caching, shapes, health, errors, a second application."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
from dash.exceptions import PreventUpdate
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import app
from callbacks.message import SCALES, message_of
from dashboard.config import load_settings
from dashboard.palettes import PALETTES


@pytest.fixture(scope="module")
def client(small_city_url: str) -> FlaskClient:
    return app.create_app(load_settings(database_url=small_city_url)).server.test_client()


def test_two_applications_live_in_one_process(small_city_url: str) -> None:
    wanted = load_settings(database_url=small_city_url)
    first, second = app.create_app(wanted), app.create_app(wanted)
    assert first.callback_map.keys() == second.callback_map.keys()
    assert len(first.callback_map) > 5
    for each in (first, second):
        client = each.server.test_client()
        assert client.get("/").status_code == 200
        assert len(client.get("/_dash-dependencies").get_json()) == len(first.callback_map)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/coverage",
        "/nowhere",
        "/_dash-layout",
        "/_dash-dependencies",
        "/theme.css",
        "/healthz",
        "/assets/app.css",
        "/assets/none.css",
    ],
)
def test_every_answer_carries_the_policy(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "unsafe-eval" not in policy
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "unsafe-inline" not in scripts
    assert "'sha256-" in scripts
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_data_are_never_kept_by_a_browser_and_fingerprinted_files_for_a_year(client: FlaskClient) -> None:
    for path in ("/", "/_dash-layout", "/_dash-dependencies", "/healthz"):
        assert client.get(path).headers["Cache-Control"] == "no-store"
    assert client.get("/drawn/page?pathname=/").headers["Cache-Control"] == "no-store"
    for path in ("/assets/app.css?m=1", "/theme.css?v=1", "/style.css?v=1", "/code.js?v=1"):
        assert "max-age=31536000" in client.get(path).headers["Cache-Control"]


def test_a_chunk_without_a_version_is_confirmed_with_the_server_and_not_sent_twice(client: FlaskClient) -> None:
    path = "/_dash-component-suites/dash/dcc/async-graph.js"
    # The page names the scripts that may be served.
    client.get("/")
    first = client.get(path, headers={"Accept-Encoding": "gzip"})
    assert first.headers["Cache-Control"] == "no-cache"
    again = client.get(path, headers={"Accept-Encoding": "gzip", "If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["/assets/app.css?m=1", "/style.css?v=1", "/code.js?v=1", "/theme.css?v=1"])
def test_files_travel_compressed_and_unpack_to_themselves(client: FlaskClient, path: str) -> None:
    plain = client.get(path).get_data()
    for _ in range(2):
        packed = client.get(path, headers={"Accept-Encoding": "gzip"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert len(packed.get_data()) < 0.5 * len(plain)
        assert gzip.decompress(packed.get_data()) == plain


def test_a_process_that_never_sent_the_page_sends_the_same_scripts(small_city_url: str, client: FlaskClient) -> None:
    page = client.get("/").get_data(as_text=True)
    version = re.search(r"/code\.js\?v=(\w+)", page)
    assert version is not None
    other = app.create_app(load_settings(database_url=small_city_url)).server.test_client()
    first = other.get(f"/code.js?v={version[1]}")
    assert first.get_etag()[0] == version[1]
    assert b"gd_still" in first.get_data()


def test_the_page_names_no_other_machine(client: FlaskClient) -> None:
    text = client.get("/").get_data(as_text=True)
    assert "http://" not in text
    assert "https://" not in text


def test_shapes_are_served_under_their_fingerprint_and_an_old_one_leads_to_the_new(client: FlaskClient) -> None:
    old = client.get("/geo/0000000000000000/street.json")
    assert old.status_code == 302
    assert old.headers["Cache-Control"] == "no-store"
    found = client.get(old.headers["Location"])
    assert found.status_code == 200
    assert "max-age=31536000" in found.headers["Cache-Control"]
    assert {feature["id"][:4] for feature in found.get_json()["features"]} == {"9900"}
    county = client.get("/geo/0/street/990001.json", follow_redirects=True)
    assert {feature["id"][:6] for feature in county.get_json()["features"]} == {"990001"}


@pytest.mark.parametrize("path", ["/geo/0/planet.json", "/geo/0/street/nowhere.json", "/geo/0/planet/990001.json"])
def test_shapes_that_do_not_exist_are_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_health_tells_a_store_that_answers_from_one_that_does_not(client: FlaskClient, tmp_path: Path) -> None:
    assert client.get("/healthz").get_json()["status"] == "ok"
    bare = app.create_app(load_settings(database_url=f"sqlite:///{tmp_path / 'bare.db'}")).server.test_client()
    answer = bare.get("/healthz")
    assert answer.status_code == 503
    assert "Traceback" not in answer.get_data(as_text=True)


def test_a_store_that_fails_shows_a_state_with_a_number_and_no_trace(tmp_path: Path) -> None:
    bare = app.create_app(load_settings(database_url=f"sqlite:///{tmp_path / 'bare.db'}")).server.test_client()
    answer = bare.get("/drawn/page", query_string={"pathname": "/", "search": "", "theme": "light", "scale": 1})
    assert answer.status_code == 200
    text = answer.get_data(as_text=True)
    assert json.loads(text.split("\n")[0])["page"]["props"]["data-page"] == "failing"
    assert "Traceback" not in text
    assert "sqlalchemy" not in text.lower()


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(), lambda s: st.lists(s) | st.dictionaries(st.text(), s)
    )
)
def test_a_message_that_is_not_ours_is_ignored(data: Any) -> None:
    with pytest.raises(PreventUpdate):
        message_of(data)


@given(
    pathname=st.text(),
    search=st.text(),
    theme=st.none() | st.text() | st.integers(),
    scale=st.none() | st.floats() | st.text(),
)
def test_a_message_keeps_its_address_and_falls_back_to_a_known_look(
    pathname: str, search: str, theme: Any, scale: Any
) -> None:
    message = message_of({"pathname": pathname, "search": search, "theme": theme, "scale": scale})
    assert (message.pathname, message.search) == (pathname, search)
    assert message.ink.theme in PALETTES
    assert message.ink.scale in SCALES


@given(pathname=st.text(max_size=30), search=st.text(max_size=80))
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_address_makes_the_server_fail(client: FlaskClient, pathname: str, search: str) -> None:
    answer = client.get("/drawn/page", query_string={"pathname": pathname, "search": search})
    assert answer.status_code == 200
    frame = json.loads(answer.get_data(as_text=True).split("\n")[0])
    assert frame["page"]["props"]["data-page"] != "failing"


def test_a_package_script_is_the_same_each_time_and_is_confirmed_without_being_sent(client: FlaskClient) -> None:
    page = client.get("/").get_data(as_text=True)
    path = next(p for p in re.findall(r'src="([^"]+)"', page) if "dash_renderer" in p)
    first, second = (client.get(path, headers={"Accept-Encoding": "gzip"}) for _ in range(2))
    plain = client.get(path, headers={"Accept-Encoding": "identity"})
    assert gzip.decompress(second.data) == gzip.decompress(first.data) == plain.data
    for name in ("Content-Type", "Content-Encoding", "ETag", "Cache-Control", "Content-Security-Policy"):
        assert second.headers[name] == first.headers[name]
    again = client.get(path, headers={"Accept-Encoding": "gzip", "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
