"""A street against the rest of the city: pages and cards as they are sent, batches of others, ranks."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import Engine, select

from dashboard.cards import CARDS
from data import audit
from data.importing.batches import list_batches
from data.query import Reader, Selection
from data.ranking import rank_compounds
from data.schema import import_batch, web_session
from tests.access.serving import PASSWORD, add_accounts, log_in, logged_in, new_server
from tests.access.test_matrix import MINE, OTHER, body_of, callbacks, foreign_names
from tests.ranked_city import rows as ranked_rows
from tests.small_city import fill
from tests.small_city import rows as small_rows


def test_no_page_or_card_sent_to_a_street_names_a_compound_of_another(closed: tuple[Engine, str]) -> None:
    engine, url = closed
    server = new_server(url).server
    bureau, street = logged_in(server, "bureau-01"), logged_in(server, "street-01")
    whole = Reader(engine)
    foreign = foreign_names(whole)
    theirs = sorted(whole.register("compound", Selection(area=OTHER))["compound_id"])[0]
    seen_by_bureau: set[str] = set()
    by_page: dict[str, list[str]] = {}
    for name, card in CARDS.items():
        by_page.setdefault(card.page.value, []).append(name)
    for page, names in by_page.items():
        for search in ("", f"?area={OTHER}&compound={theirs}"):
            asked = {"pathname": "/" if page == "overview" else f"/{page}", "search": search, "theme": "light",
                     "scale": "1", "cards": ",".join(names), "around": ""}  # fmt: skip
            for path in ("/drawn/page", "/drawn/cards"):
                if not search:
                    # The city's account fills the shelves first.
                    text = decoded(bureau.get(path, query_string=asked | {"whole": ""}))
                    seen_by_bureau |= {name for name in foreign if name in text}
                own = decoded(street.get(path, query_string=asked | {"whole": ""}))
                leaked = {name for name in foreign if name in own} - {theirs}
                assert not leaked, (page, search, path, sorted(leaked)[:3])
    assert len(seen_by_bureau) > 20


def test_no_export_and_no_scene_of_the_wall_gives_a_street_a_compound_of_another(closed: tuple[Engine, str]) -> None:
    engine, url = closed
    server = new_server(url).server
    bureau, street = logged_in(server, "bureau-01"), logged_in(server, "street-01")
    foreign = foreign_names(Reader(engine))
    seen_by_bureau: set[str] = set()
    paths = [f"/export/{name}.csv" for name in CARDS] + ["/screen/scenes"]
    for path in paths:
        # The city's account fills the caches first.
        text, own = (plainly(client.get(path)) for client in (bureau, street))
        seen_by_bureau |= {name for name in foreign if name in text}
        leaked = {name for name in foreign if name in own}
        assert not leaked, (path, sorted(leaked)[:3])
    assert len(seen_by_bureau) > 20


def plainly(answer: Any) -> str:
    """The text of an answer, with every letter as itself; a refusal of what has no such file counts for nothing."""
    assert answer.status_code in (200, 400, 404, 409, 422), (answer.request.path, answer.status_code)
    text = answer.get_data(as_text=True)
    return json.dumps(json.loads(text), ensure_ascii=False) if answer.is_json else text


def decoded(answer: Any) -> str:
    """The lines of an answer with every letter as itself."""
    assert answer.status_code == 200, answer.request.path
    lines = answer.get_data(as_text=True).strip().split("\n")
    return "".join(json.dumps(json.loads(line), ensure_ascii=False) for line in lines if line)


def test_a_street_cannot_take_back_a_batch_of_another_account(server: Any, engine: Engine) -> None:
    number = list_batches(engine.connect())[0]["batch"]
    statement = select(import_batch.c.reverted_at).where(import_batch.c.batch_id == number)
    for login, is_taken_back in (("street-01", False), ("leader-01", False), ("bureau-01", True)):
        client = logged_in(server, login)
        callback = next(c for c in callbacks(server, client) if "data-revert-confirm" in str(c["inputs"]))
        body = body_of(callback, number)
        body["state"][1]["value"] = {"pathname": "/data", "search": ""}
        assert client.post("/_dash-update-component", json=body).status_code == {
            "street-01": 204, "leader-01": 403, "bureau-01": 200,
        }[login]  # fmt: skip
        with engine.connect() as connection:
            assert (connection.scalar(statement) is not None) is is_taken_back, login


@pytest.fixture
def ranked(store: Engine) -> Engine:
    with store.begin() as connection:
        fill(connection, ranked_rows())
    return store


def test_an_own_compound_has_the_rank_it_has_in_the_city(ranked: Engine) -> None:
    whole = Reader(ranked)
    city = {row["unit"]: row for row in rank_compounds(whole).document()["rows"]}
    own = {row["unit"]: row for row in rank_compounds(whole.scoped((MINE,))).document()["rows"]}
    mine = set(whole.register("compound", Selection(area=MINE))["compound_id"])
    assert 0 < len(own) < len(city)
    assert set(own) <= mine
    assert own == {unit: city[unit] for unit in own}
    assert any(row["rank"] is not None for row in own.values())


@pytest.mark.postgres
def test_login_and_logout_work_on_postgresql(postgres_store: Engine) -> None:
    with postgres_store.begin() as connection:
        fill(connection, small_rows())
    add_accounts(postgres_store, MINE)
    server = new_server(postgres_store.url.render_as_string(hide_password=False)).server
    client = server.test_client()
    assert log_in(client, "street-01", "not the password").status_code == 401
    assert log_in(client, "street-01", PASSWORD).status_code == 302
    assert client.get("/_dash-layout").status_code == 200
    assert MINE in client.get("/drawn/page", query_string={"pathname": "/", "search": f"?area={MINE}"}).get_data(
        as_text=True
    )
    token = client.get_cookie("gd_session")
    assert token is not None
    assert client.post("/logout").status_code == 302
    client.set_cookie("gd_session", token.value)
    assert client.get("/_dash-layout").status_code == 401
    with postgres_store.connect() as connection:
        assert connection.scalar(select(web_session.c.session_hash)) is None
    assert [entry.action for entry in audit.entries(postgres_store, limit=3)] == ["logout", "login", "login_failed"]
    assert audit.verify(postgres_store).is_whole
