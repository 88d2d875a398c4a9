"""A closed server of a store with one account of every role, and a way to log in to it."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import Engine

import app
from dashboard.access import Role, accounts
from dashboard.config import load_settings

PASSWORD = "Kite-4 over the river"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def add_accounts(engine: Engine, street: str) -> dict[Role, str]:
    """An account of every role; the street's and one of the wall's are narrowed to `street`."""
    logins = {}
    for role in Role:
        areas = [street] if role is Role.STREET else None
        made = accounts.add(engine, f"{role}-01", role, actor="test", areas=areas, password=PASSWORD, must_change=False)
        logins[role] = made.login
    return logins


def new_server(url: str, **settings: Any) -> Any:
    """The Dash application of the store."""
    return app.create_app(load_settings(database_url=url, **settings))


def logged_in(server: Any, login: str, password: str = PASSWORD) -> FlaskClient:
    """A client with a session of that account."""
    client = server.test_client()
    answer = log_in(client, login, password)
    assert answer.status_code == 302, answer.get_data(as_text=True)
    return client


def log_in(client: FlaskClient, login: str, password: str = PASSWORD, **fields: str) -> Any:
    """Fill in the form of the login page and send it."""
    form = client.get("/login").get_data(as_text=True)
    found = TOKEN.search(form)
    token = found.group(1) if found else ""
    return client.post("/login", data={"csrf_token": token, "login": login, "password": password, **fields})
