"""Every callback the server lists, asked with what no page would send: nothing makes it fail, malformed is 400."""

from __future__ import annotations

import json
import random
import string
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask.testing import FlaskClient

import app
from dashboard.cards import CARDS
from dashboard.config import load_settings
from dashboard.events import configure_log
from data.store import migrate, open_store
from tests.small_city import build_small_city
from tests.soak.figures import Figure, none_of, told
from tests.soak.postgres import cluster

REQUESTS = 3000
UPDATE = "/_dash-update-component"
MALFORMED = (
    b"", b"{", b"null", b"[]", b"7", b'"x"', b"{}", b'{"output": 1}', b'{"output": "nothing.here"}', b"\xff\xfe\x00",
    b'{"output": "page.children"}', b'{"output": "page.children", "inputs": {}}', b"[" * 100_000,
    b'{"output": "page.children", "inputs": [], "outputs": []}', b'{"output": ["a"], "inputs": null}',
    b'{"output":"page.children","outputs":{"id":"page","property":"children"},"inputs":[1,2,3],"changedPropIds":7}',
)  # fmt: skip
ODD = (
    None, True, False, 0, -1, 2**70, 1e308, float("nan"), "", " ", "0", "null", "<script>alert(1)</script>", "' OR 1=1 --",
    "../../etc/passwd", "\x00", "\ud800", "é" * 3000, [], {}, [[]], [None], {"": None}, {"id": "x"}, "/coverage?area=990001",
    "/compound/C001", "/compound/%00", "?month=2026-99", "?area=990001&area=990002&by=x", "2026-09", "990001", "C001",
)  # fmt: skip
# Addresses that answer with data; what stands in brackets is filled with cards, compounds and odd texts.
ROUTES = (
    "/drawn/page", "/drawn/cards", "/export/<name>.csv", "/export/<name>.xlsx", "/export/<name>.picture",
    "/data/trace.csv", "/data/annotated/<code>.xlsx", "/briefing/edition/<code>.pptx", "/screen/scenes",
    "/screen/pulse", "/admin", "/login", "/compound/<code>", "/geo/<code>/street/<name>.json",
)  # fmt: skip
QUERY = (
    "pathname", "search", "theme", "scale", "height", "cards", "whole", "lang", "area", "month", "compound", "grid",
    "company", "trace", "from", "by", "weights", "actor", "action", "before", "after", "next", "page", "sort",
)  # fmt: skip
KEYS = (
    "pathname", "search", "theme", "scale", "card", "item", "value", "view", "href", "token", "turn", "batch", "points",
    "customdata", "id", "rows", "weights", "lang", "month", "file", "name", "n_clicks", "index", "job", "order", "basket",
)  # fmt: skip


@dataclass
class Found:
    """How requests were answered: by status, and those that failed."""

    statuses: Counter[int] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)
    unrefused: list[str] = field(default_factory=list)
    callbacks: int = 0

    @property
    def requests(self) -> int:
        """Requests made."""
        return sum(self.statuses.values())


def fuzz(client: FlaskClient, *, requests: int, seed: int = 1) -> Found:
    """Ask every callback in turn until `requests` are made; then the malformed bodies."""
    chance = random.Random(seed)
    client.get("/")
    token = client.get_cookie("_csrf_token")
    headers = {"X-CSRFToken": token.value} if token else {}
    listed = client.get("/_dash-dependencies").get_json()
    served = [entry for entry in listed if not entry["clientside_function"]]
    found = Found(callbacks=len(served))
    for number in range(requests):
        entry = served[number % len(served)]
        body = request_of(entry, chance)
        answer = client.post(UPDATE, data=body, content_type="application/json", headers=headers)
        found.statuses[answer.status_code] += 1
        if answer.status_code >= 500:
            found.failed.append(f"{answer.status_code} {entry['output'][:80]} {body[:300]!r}")
    for body in MALFORMED:
        answer = client.post(UPDATE, data=body, content_type="application/json", headers=headers)
        found.statuses[answer.status_code] += 1
        if answer.status_code != 400:
            found.unrefused.append(f"{answer.status_code} {body[:60]!r}")
    return found


def fuzz_routes(client: FlaskClient, *, requests: int, seed: int = 1) -> Found:
    """Ask every address the server answers with data, under odd names and odd queries."""
    chance = random.Random(seed)
    found = Found(callbacks=len(ROUTES))
    for number in range(requests):
        path = ROUTES[number % len(ROUTES)]
        for hole in ("<name>", "<code>"):
            path = path.replace(
                hole, quote(_text(chance) if chance.random() < 0.4 else chance.choice([*CARDS, "C001"]))
            )
        query = {name: _text(chance) for name in chance.sample(QUERY, chance.randrange(len(QUERY)))}
        if "cards" in query and chance.random() < 0.7:
            query["cards"] = ",".join(chance.sample([*CARDS], 2))
        if chance.random() < 0.7:
            query["pathname"] = chance.choice(("/", "/ranking", "/compound/C001", "/satisfaction", "/screen"))
        answer = client.get(path, query_string=query)
        found.statuses[answer.status_code] += 1
        if answer.status_code >= 500:
            found.failed.append(f"{answer.status_code} {path} {query!r}"[:400])
    return found


def _text(chance: random.Random) -> str:
    value = odd(chance, 1)
    # A lone surrogate is no address: a browser sends the sign for it instead.
    return (value if isinstance(value, str) else json.dumps(value)).encode("utf-8", "replace").decode()[:2000]


def request_of(entry: dict[str, Any], chance: random.Random) -> bytes:
    """A body for the callback: mostly of the right form with odd values, sometimes with the form broken too."""
    body = {
        "output": entry["output"], "outputs": _outputs(entry["output"], chance),
        "inputs": [_sent(part, chance) for part in entry["inputs"]],
        "state": [_sent(part, chance) for part in entry["state"]],
        "changedPropIds": [f"{part['id']}.{part['property']}" for part in entry["inputs"][:1]],
    }  # fmt: skip
    if chance.random() < 0.15:
        broken = chance.choice(list(body))
        if chance.random() < 0.5:
            del body[broken]
        else:
            body[broken] = odd(chance, 2)
    return json.dumps(body).encode()


def _outputs(output: str, chance: random.Random) -> Any:
    many = output.startswith("..")
    parts = output.strip(".").split("...") if many else [output]
    listed = []
    for part in parts:
        name, _, prop = part.split("@")[0].rpartition(".")
        listed.append({"id": _id(name, chance), "property": prop})
    return listed if many else listed[0]


def _id(name: str, chance: random.Random) -> Any:
    if not name.startswith("{"):
        return name.replace("\\.", ".")
    try:
        pattern = json.loads(name)
    except ValueError:
        return name
    return {k: odd(chance, 0) if isinstance(v, list) else v for k, v in pattern.items()}


def _sent(part: dict[str, Any], chance: random.Random) -> Any:
    value = {"id": _id(part["id"], chance), "property": part["property"], "value": odd(chance, 3)}
    if '["ALL"]' in part["id"] and chance.random() < 0.8:
        return [value, {**value, "value": odd(chance, 2)}]
    return value


def odd(chance: random.Random, depth: int) -> Any:
    """A value: odd ones, random text, and nested objects under names that pages use."""
    kind = chance.random()
    if depth <= 0 or kind < 0.4:
        return chance.choice(ODD)
    if kind < 0.5:
        return "".join(chance.choice(string.printable) for _ in range(chance.randrange(12)))
    if kind < 0.6:
        return [odd(chance, depth - 1) for _ in range(chance.randrange(4))]
    return {name: odd(chance, depth - 1) for name in chance.sample(KEYS, chance.randrange(1, 7))}


def small_city(url: str, folder: Path) -> FlaskClient:
    """A client of a server that shows the small city, in the empty store `url`, and lets everybody in."""
    engine = open_store(url)
    migrate(engine)
    build_small_city(engine)
    engine.dispose()
    configure_log("error")
    settings = load_settings(database_url=url, upload_folder=str(folder / "uploads"), warm_up=False)
    return app.create_app(settings).server.test_client()


def _figures(client: FlaskClient) -> list[Figure]:
    found, asked = fuzz(client, requests=REQUESTS), fuzz_routes(client, requests=REQUESTS)
    statuses, others = (
        ", ".join(f"{status}: {count}" for status, count in sorted(each.statuses.items())) for each in (found, asked)
    )
    return [
        told("callbacks asked", str(found.callbacks)), told("answers", statuses),
        none_of("answers of 5xx", len(found.failed), found.requests),
        *(told(f"  {line}", "") for line in found.failed[:10]),
        none_of("malformed bodies not answered 400", len(found.unrefused), len(MALFORMED)),
        *(told(f"  {line}", "") for line in found.unrefused),
        told("addresses asked besides", str(asked.callbacks)), told("answers", others),
        none_of("answers of 5xx", len(asked.failed), asked.requests),
        *(told(f"  {line}", "") for line in asked.failed[:10]),
    ]  # fmt: skip


def callbacks() -> list[Figure]:
    """The trial on SQLite."""
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        return _figures(small_city(f"sqlite:///{Path(folder) / 'store.db'}", Path(folder)))


def callbacks_on_postgres() -> list[Figure]:
    """The trial on PostgreSQL."""
    with tempfile.TemporaryDirectory(prefix="soak-") as folder, cluster() as server:
        return _figures(small_city(server.url, Path(folder)))
