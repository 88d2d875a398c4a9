"""What a page says does not depend on the database under it: the small city on SQLite and on PostgreSQL."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import Engine

import app
from dashboard.cards import CARDS
from dashboard.config import load_settings
from data.catalogue.types import Page
from tests.small_city import build_small_city


def said(engine: Engine) -> dict[str, str]:
    """Every card's own line but those of the page 数据, which tell when it was imported."""
    build_small_city(engine)
    url = engine.url.render_as_string(hide_password=False)
    client = app.create_app(load_settings(database_url=url, warm_up=False)).server.test_client()
    found = {}
    for name, card in CARDS.items():
        if card.page is Page.DATA:
            continue
        path = "/" if card.page is Page.OVERVIEW else f"/{card.page.value}"
        asked = {"pathname": path, "search": "", "theme": "light", "scale": 1, "cards": name, "whole": ""}
        answer = client.get("/drawn/cards", query_string=asked)
        assert answer.status_code == 200, name
        found[name] = answer.get_data(as_text=True)
    return found


@pytest.mark.postgres
def test_every_card_says_the_same_on_postgresql_as_on_sqlite(store: Engine, postgres_store: Engine) -> None:
    here, there = said(store), said(postgres_store)
    assert len(here) > 30
    assert [name for name in here if here[name] != there[name]] == []
    assert not [name for name, line in there.items() if "gd-state-alert" in line]
    assert all(json.loads(line)["card"] == name for name, line in there.items())
