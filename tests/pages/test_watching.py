"""What the server tells those who watch it: ready or not, counts, and one log line a request without anybody's words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import structlog
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

import app
from dashboard.config import load_settings
from dashboard.events import configure_log
from dashboard.measuring import page_of
from data.store import migrate, open_store


@pytest.fixture(scope="module")
def client(small_city_url: str) -> FlaskClient:
    return app.create_app(load_settings(database_url=small_city_url)).server.test_client()


def samples(client: FlaskClient) -> dict[tuple[str, tuple[str, ...]], float]:
    found = client.get("/metrics").get_data(as_text=True)
    return {
        (sample.name, tuple(sorted(sample.labels.values()))): sample.value
        for family in text_string_to_metric_families(found)
        for sample in family.samples
    }


def test_a_store_that_is_empty_or_of_another_version_is_not_ready(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'other.db'}"
    client = app.create_app(load_settings(database_url=url)).server.test_client()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()["code"]) == (503, "schema_version")
    engine = open_store(url)
    migrate(engine)
    assert client.get("/readyz").get_json()["status"] == "ready"
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert client.get("/readyz").status_code == 503


def test_metrics_count_requests_by_route_and_status_and_callbacks_by_page(client: FlaskClient) -> None:
    before = samples(client)
    client.get("/coverage?area=990001")
    client.get("/nowhere.php")
    client.post("/_dash-update-component", json={}, headers={"Referer": "http://localhost/coverage?area=990001"})
    after = samples(client)

    def grown(name: str, *labels: str) -> float:
        return after.get((name, tuple(sorted(labels))), 0.0) - before.get((name, tuple(sorted(labels))), 0.0)

    assert grown("governance_requests_total", "/coverage", "GET", "200") == 1
    assert grown("governance_requests_total", "/other", "GET", "200") == 1
    assert grown("governance_callback_seconds_count", "coverage") == 1
    assert after["governance_store_up", ()] == 1
    assert after["governance_newest_batch", ()] == 1
    assert after["governance_data_age_seconds", ()] > 0
    assert after["governance_worker_memory_bytes", ()] > 1e6
    assert not [key for key in after if "nowhere" in str(key) or "990001" in str(key)]


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("10.0.0.7", {}),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}),
        ("127.0.0.1", {"X-Real-IP": "10.0.0.7"}),
        ("127.0.0.1", {"Forwarded": "for=10.0.0.7"}),
        ("", {}),
    ],
)
def test_metrics_are_for_programs_on_this_machine_alone(
    client: FlaskClient, address: str, headers: dict[str, str]
) -> None:
    assert client.get("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address}).status_code == 404
    assert client.get("/metrics").status_code == 200


def test_each_request_is_logged_once_with_its_number_and_without_what_was_typed(client: FlaskClient) -> None:
    configure_log("info")
    with structlog.testing.capture_logs(processors=[structlog.contextvars.merge_contextvars]) as events:
        answer = client.get("/compound/C001?q=13912345678", headers={"Referer": "http://x/coverage?name=secret"})
    (line,) = [event for event in events if event["event"] == "answered"]
    assert line["request"] == answer.headers["X-Request-Id"]
    assert (line["route"], line["method"], line["status"], line["user"]) == ("/compound", "GET", 200, "demo")
    assert line["milliseconds"] > 0
    assert not {"13912345678", "secret", "C001"} & set(json.dumps(events, default=str).replace('"', " ").split())
    assert "139" not in json.dumps(line["route"])


def test_two_requests_have_two_numbers(client: FlaskClient) -> None:
    first, second = (client.get("/healthz").headers["X-Request-Id"] for _ in range(2))
    assert len(first) == len(second) == 8
    assert first != second


@pytest.mark.parametrize(
    ("address", "page"),
    [
        (None, "other"), ("", "other"), ("/", "overview"), ("http://h/coverage?area=1#x", "coverage"),
        ("/compound/C001", "compound"), ("/<script>", "other"), ("http://[broken", "other"),
    ],
)  # fmt: skip
def test_an_address_is_known_by_its_page_alone(address: str | None, page: str) -> None:
    assert page_of(address) == page


def test_forwarded_headers_count_only_behind_the_proxies_that_were_declared(small_city_url: str) -> None:
    seen: list[tuple[str | None, str]] = []

    def client_of(proxies: int) -> FlaskClient:
        server = app.create_app(load_settings(database_url=small_city_url, proxies=proxies)).server

        @server.get("/seen")
        def _seen() -> str:
            from flask import request

            seen.append((request.remote_addr, request.scheme))
            return ""

        return server.test_client()

    headers = {"X-Forwarded-For": "6.6.6.6, 10.1.1.1", "X-Forwarded-Proto": "https"}
    client_of(0).get("/seen", headers=headers)
    client_of(1).get("/seen", headers=headers)
    assert seen == [("127.0.0.1", "http"), ("10.1.1.1", "https")]
