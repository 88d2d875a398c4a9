"""Pages and cards over the wire: what is asked for arrives, kept lines are those of a fresh drawing, bad questions are 400."""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

import app
from callbacks import warming
from callbacks.cards import CardPress
from callbacks.warming import Warmer, usual
from dashboard.cards import CARDS
from dashboard.cards.types import Drawing
from dashboard.config import load_settings
from dashboard.filters import FIXED
from dashboard.ids import Id
from dashboard.wording import Words
from data.query import Reader
from data.store import open_store
from layouts.components.card import PROPERTIES_OF
from layouts.overview import PLACES
from layouts.pages import PAGES, PageEntry

NAMES = [name for name, _ in PLACES]
ADDRESS = {"pathname": "/", "search": "", "theme": "light", "scale": "1"}


@pytest.fixture(scope="module")
def client(small_city_url: str) -> FlaskClient:
    return app.create_app(load_settings(database_url=small_city_url)).server.test_client()


def lines(client: FlaskClient, path: str, **query: str) -> list[dict[str, Any]]:
    answer = client.get(path, query_string=ADDRESS | query, headers={"Accept-Encoding": "gzip, deflate"})
    assert answer.status_code == 200
    assert answer.headers["Content-Encoding"] == "deflate"
    return [json.loads(line) for line in zlib.decompress(answer.data).splitlines()]


def test_a_page_brings_the_cards_seen_first_and_places_for_the_rest(client: FlaskClient) -> None:
    page, *cards = lines(client, "/drawn/page", height="700")
    text = json.dumps(page)
    assert all(f'"data-waits": "{name}"' in text for name in NAMES)
    arrived = [line["card"] for line in cards]
    assert arrived == NAMES[: len(arrived)]
    assert 3 <= len(arrived) < len(NAMES)


def test_a_taller_window_gets_more_cards(client: FlaskClient) -> None:
    assert len(lines(client, "/drawn/page", height="2000")) > len(lines(client, "/drawn/page", height="500"))
    assert len(lines(client, "/drawn/page", height="100000")) == len(NAMES) + 1


def test_every_card_asked_for_arrives_with_every_property(client: FlaskClient) -> None:
    found = lines(client, "/drawn/cards", cards=",".join(NAMES))
    assert [line["card"] for line in found] == NAMES
    for line in found:
        assert sum(len(part) for part in line["set"].values()) == len(PROPERTIES_OF[CARDS[line["card"]].kind])


def test_a_kept_line_is_that_of_a_fresh_drawing(small_city_url: str, client: FlaskClient) -> None:
    fresh = app.create_app(load_settings(database_url=small_city_url)).server.test_client()
    some = ",".join(NAMES[:6])
    for search in ("?month=2026-09", "?lang=en"):
        first = lines(client, "/drawn/cards", cards=some, search=search)
        assert lines(client, "/drawn/cards", cards=some, search=search) == first
        assert lines(fresh, "/drawn/cards", cards=some, search=search) == first


def test_themes_and_languages_do_not_share_lines(client: FlaskClient) -> None:
    asked = [{}, {"theme": "dark"}, {"scale": "2"}, {"search": "?lang=en"}]
    texts = {json.dumps(lines(client, "/drawn/cards", cards="overview.trend", **more)) for more in asked}
    assert len(texts) == len(asked)


def test_a_failed_card_is_drawn_again_next_time(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    card = CARDS["overview.cases"]
    calls: list[int] = []

    def broken(*given: object) -> Drawing:
        calls.append(1)
        raise RuntimeError("broken")

    monkeypatch.setitem(CARDS, card.name, type(card)(**{**vars(card), "draw": broken}))
    for _ in range(2):
        (line,) = lines(client, "/drawn/cards", cards=card.name, search="?month=2026-08")
        assert line["set"]["cover"]["tree"]
    assert len(calls) == 2


def test_a_browser_that_takes_no_compression_gets_plain_lines(client: FlaskClient) -> None:
    answer = client.get("/drawn/cards", query_string=ADDRESS | {"cards": "overview.tiles"})
    assert "Content-Encoding" not in answer.headers
    assert json.loads(answer.data)["card"] == "overview.tiles"


def around(client: FlaskClient, have: str, **query: str) -> dict[str, dict[str, Any]]:
    """What stands around a page: id → its properties."""
    line = lines(client, "/drawn/cards", around=have, **query)[-1]
    given: dict[str, dict[str, Any]] = {}
    for name, properties in line["around"]:
        given.setdefault(name if isinstance(name, str) else f"{name['type']} {name['name']}", {}).update(properties)
    return given


def test_what_stands_around_follows_the_cards_asked_for_with_it(client: FlaskClient) -> None:
    found = lines(client, "/drawn/cards", cards="overview.tiles,overview.headline", around="")
    assert [next(iter(line)) for line in found] == ["card", "card", "around"]
    assert found[-1]["around"][0][0] == Id.SHOWN


def test_a_browser_gets_the_options_and_words_it_lacks(client: FlaskClient) -> None:
    first = around(client, "", cards="")
    have = first["shown"]["data"]["have"]
    again = around(client, have, cards="")
    for name in FIXED:
        assert first[f"filter {name}"]["options"]
        assert "options" not in again[f"filter {name}"]
        assert first[f"filter {name}"]["labels"]
        assert "labels" not in again[f"filter {name}"]
    assert Id.THEME in first
    assert Id.THEME not in again
    other = around(client, have, cards="", search="?lang=en")
    assert other[Id.THEME]
    assert other["filter month"]["options"] != first["filter month"]["options"]
    assert "options" in around(client, "0-0/zh", cards="")["filter month"]


def test_what_stands_around_says_what_is_chosen(client: FlaskClient) -> None:
    given = around(client, "", cards="", search="?month=2026-09&area=999999")
    assert given["filter month"]["value"] == given["shown"]["data"]["values"]["month"] == "2026-09"
    assert "999999" in json.dumps(given["notices"])


@pytest.mark.parametrize("cards", ["", "overview.nothing", "overview.tiles,", "../etc"])
def test_a_question_for_no_card_is_refused(client: FlaskClient, cards: str) -> None:
    assert client.get("/drawn/cards", query_string=ADDRESS | {"cards": cards}).status_code == 400


def test_warming_leaves_nothing_of_the_first_page_to_draw(small_city_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    dash = app.create_app(load_settings(database_url=small_city_url))
    press, reader = dash.server.extensions["press"], Reader(open_store(small_city_url))
    monkeypatch.setattr(warming, "usual", lambda reader: islice(usual(reader), 2 * len(NAMES)))
    monkeypatch.setattr(warming, "REST", 0.0)
    assert Warmer(press, reader.pinned, Words()).draw_usual(reader.pinned()) == 2 * len(NAMES)
    held = press.shelf.size
    lines(dash.server.test_client(), "/drawn/cards", cards=",".join(NAMES))
    assert press.shelf.size == held > 0


def test_of_the_processes_that_share_what_they_draw_one_draws_for_all(small_city_url: str, tmp_path: Path) -> None:
    reader = Reader(open_store(small_city_url))
    first, second = (Warmer(CardPress(str(tmp_path)), reader.pinned, Words(), str(tmp_path)) for _ in range(2))
    assert first.draws_for_all()
    assert not second.draws_for_all()
    assert first.draws_for_all()
    alone = Warmer(CardPress(), reader.pinned, Words())
    assert alone.draws_for_all()


def stills(node: Any) -> Iterator[Any]:
    """The trees drawn outside Dash's store, wherever in a component."""
    if isinstance(node, list):
        for each in node:
            yield from stills(each)
    elif isinstance(node, dict) and "props" in node:
        if node["type"] == "Still":
            yield [node["props"]["tree"], node["props"].get("after")]
        yield from stills(node["props"].get("children"))


def elements(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, list):
        for each in tree:
            yield from elements(each)
    elif isinstance(tree, dict):
        yield tree
        for name in ("children", "tree", "after"):
            yield from elements(tree["props"].get(name))


@pytest.mark.parametrize(
    "page", [entry for entry in PAGES.values() if entry.places], ids=lambda entry: entry.page.value
)
def test_what_dash_does_not_watch_is_elements_charts_and_links_within_the_server(
    client: FlaskClient, page: PageEntry
) -> None:
    names = ",".join(name for name, _ in page.places)
    trees = [tree for line in lines(client, "/drawn/cards", cards=names, whole="1") for tree in stills(line["whole"])]
    found = [element for tree in trees for element in elements(tree)]
    assert len(found) > 10 * len(page.places)
    for element in found:
        kind = (element["namespace"], element["type"])
        assert kind[0] in ("dash_html_components", "gd_still") or kind == ("dash_core_components", "Link")
        # A listener would never hear of it.
        assert "n_clicks" not in element["props"]
        assert re.match(r"[/?#](?!/)", element["props"].get("href", "/"))
