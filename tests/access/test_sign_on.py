"""Single sign-on against a provider on this machine: who gets in, and everything that must not."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import OctKey, RSAKey
from sqlalchemy import Engine, select, update

from dashboard.access import accounts
from dashboard.access.sign_on import identity_of
from dashboard.config import SettingError, load_settings
from data import audit
from data.schema import web_session
from tests.access.provider import CLIENT, SECRET, Provider, provider_running
from tests.access.serving import logged_in, new_server

HTML = {"Accept": "text/html"}


@pytest.fixture
def provider() -> Iterator[Provider]:
    with provider_running() as running:
        yield running


@pytest.fixture
def server(closed: tuple[Engine, str], provider: Provider) -> Flask:
    made: Flask = new_server(
        closed[1], oidc_issuer=provider.issuer, oidc_client_id=CLIENT, oidc_client_secret=SECRET
    ).server
    return made


@pytest.fixture
def bound(engine: Engine, provider: Provider) -> str:
    """The leader's account, bound to who is logged in at the provider."""
    accounts.change(engine, "leader-01", actor="admin-01", subject=identity_of(provider.issuer, provider.subject))
    return "leader-01"


def sent_back(client: FlaskClient, wanted: str = "") -> str:
    """Go to the provider as a browser does; the address it sends the browser back to."""
    asked = client.get(f"/login/oidc?next={wanted}", headers=HTML)
    assert asked.status_code == 302, asked.get_data(as_text=True)
    answer = requests.get(asked.location, allow_redirects=False, timeout=10)
    assert answer.status_code == 302
    back = urlsplit(answer.headers["Location"])
    assert (back.netloc, back.path) == ("localhost", "/login/oidc/callback")
    return f"{back.path}?{back.query}"


def signed_on(client: FlaskClient, wanted: str = "") -> Any:
    return client.get(sent_back(client, wanted), headers=HTML)


def is_out(client: FlaskClient) -> bool:
    return client.get("/_dash-layout").status_code == 401


def error_of(engine: Engine) -> Any:
    """Why the last login did not hold."""
    entry = audit.entries(engine, limit=1)[0]
    assert (entry.action, entry.actor, entry.detail["reason"]) == ("login_failed", "-", "not_confirmed")
    return entry.detail["error"]


def test_a_bound_account_comes_in_where_it_wanted_to_go(
    server: Flask, engine: Engine, bound: str, provider: Provider
) -> None:
    client = server.test_client()
    answer = signed_on(client, "/coverage")
    assert (answer.status_code, answer.location) == (302, "/coverage")
    assert client.get("/coverage").status_code == 200
    entry = audit.entries(engine, limit=1)[0]
    assert (entry.action, entry.actor, entry.detail) == ("login", bound, {"single_sign_on": True})
    asked = provider.asked[0]
    assert (asked["code_challenge_method"], asked["response_type"], asked["scope"]) == ("S256", "code", "openid")
    assert len(asked["state"]) >= 20
    assert len(asked["nonce"]) >= 20


def test_the_cookie_before_login_tells_nothing_and_is_replaced_at_login(
    server: Flask, engine: Engine, bound: str
) -> None:
    client = server.test_client()
    back = sent_back(client)
    before = client.get_cookie("gd_session")
    assert before is not None
    with engine.connect() as connection:
        kept = connection.execute(select(web_session.c.content, web_session.c.account_id)).one()
    assert kept.account_id is None
    secrets = kept.content["data"]
    opened = server.session_interface._signing.get_signing_serializer(server).loads(before.value)  # type: ignore[attr-defined]
    for name in ("code_verifier", "nonce"):
        assert len(secrets[name]) >= 20
        assert secrets[name] not in json.dumps(opened)
    assert client.get(back).status_code == 302
    after = client.get_cookie("gd_session")
    assert after is not None
    assert after.value != before.value
    thief = server.test_client()
    thief.set_cookie("gd_session", before.value)
    assert is_out(thief)


def test_a_login_is_finished_once(server: Flask, bound: str) -> None:
    client = server.test_client()
    back = sent_back(client)
    assert client.get(back).status_code == 302
    assert client.post("/logout").status_code == 200
    assert client.get(back, headers=HTML).status_code == 401
    assert is_out(client)


def address_to_leave_by(answer: Any) -> str:
    """Where the page shown at logout leads by itself."""
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', answer.get_data(as_text=True))
    assert found is not None
    return html.unescape(found.group(1))


def test_logging_out_ends_the_session_at_the_provider_too(server: Flask, bound: str, provider: Provider) -> None:
    client = server.test_client()
    signed_on(client)
    left = client.post("/logout")
    assert left.status_code == 200
    assert is_out(client)
    answer = requests.get(address_to_leave_by(left), allow_redirects=False, timeout=10)
    assert (answer.status_code, answer.headers["Location"]) == (302, "http://localhost/login")
    assert [asked["client_id"] for asked in provider.left] == [CLIENT]


def test_the_provider_s_token_is_not_readable_in_the_store_and_gone_with_the_session(
    server: Flask, engine: Engine, bound: str, provider: Provider
) -> None:
    provider.claims = {"name": "某某某"}
    client = server.test_client()
    signed_on(client)
    with engine.connect() as connection:
        kept = connection.scalar(select(web_session.c.content).where(web_session.c.account_id.is_not(None)))
    header, key, _, _, _ = kept["sign_on"].split(".")
    assert json.loads(base64.urlsafe_b64decode(header + "==")) == {"alg": "dir", "enc": "A256GCM"}
    assert key == ""
    token = parse_qs(urlsplit(address_to_leave_by(client.post("/logout"))).query)["id_token_hint"][0]
    assert token.split(".")[1] not in json.dumps(kept)
    with engine.connect() as connection:
        assert connection.execute(select(web_session.c.content)).all() == []


def test_who_came_by_password_or_whose_provider_offers_nothing_leaves_this_server_alone(
    closed: tuple[Engine, str], server: Flask, bound: str, provider: Provider
) -> None:
    assert logged_in(server, "admin-01").post("/logout").location == "/login"
    settings = {"oidc_issuer": provider.issuer, "oidc_client_id": CLIENT, "oidc_client_secret": SECRET}
    for offered in (None, "http://evil.example/leave", "javascript:alert(1)"):
        provider.described = {"end_session_endpoint": offered}
        client = new_server(closed[1], **settings).server.test_client()
        signed_on(client)
        answer = client.post("/logout")
        assert (answer.status_code, answer.location) == (302, "/login"), offered
        assert is_out(client)
    assert provider.left == []


def test_a_login_begun_too_long_ago_is_not_finished(server: Flask, engine: Engine, bound: str) -> None:
    client = server.test_client()
    back = sent_back(client)
    with engine.begin() as connection:
        connection.execute(update(web_session).values(expires_at=accounts.now_utc()))
    assert client.get(back, headers=HTML).status_code == 401
    assert is_out(client)


def test_what_another_browser_began_is_not_finished_in_this_one(server: Flask, engine: Engine, bound: str) -> None:
    attacker, victim = server.test_client(), server.test_client()
    planted = sent_back(attacker)
    victim.get("/login")
    assert victim.get(planted, headers=HTML).status_code == 401
    assert is_out(victim)
    entry = audit.entries(engine, limit=1)[0]
    assert (entry.action, entry.actor, entry.detail["reason"]) == ("login_failed", "-", "not_confirmed")


def test_a_wrong_state_is_refused(server: Flask, engine: Engine, bound: str) -> None:
    for change in ("state=wrong", "", "state="):
        client = server.test_client()
        code = parse_qs(urlsplit(sent_back(client)).query)["code"][0]
        assert client.get(f"/login/oidc/callback?code={code}&{change}", headers=HTML).status_code == 401
        assert is_out(client)
        assert error_of(engine) == "MismatchingStateError"


FALSE_CLAIMS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"nonce": "n" * 20}, "InvalidClaimError"),
    ({"nonce": None}, "MissingClaimError"),
    ({"aud": "somebody-else"}, "InvalidClaimError"),
    # Names this client as the authorised party of a token for another.
    ({"aud": "somebody-else", "azp": CLIENT}, "InvalidClaimError"),
    ({"aud": None}, "MissingClaimError"),
    ({"iss": "https://evil.example"}, "InvalidClaimError"),
    ({"exp": 1}, "ExpiredTokenError"),
    ({"exp": None}, "MissingClaimError"),
    ({"sub": None}, "MissingClaimError"),
    ({"sub": ""}, "InvalidClaimError"),
)


def test_a_token_of_false_claims_is_refused(server: Flask, engine: Engine, bound: str, provider: Provider) -> None:
    for claims, error in FALSE_CLAIMS:
        provider.claims = claims
        client = server.test_client()
        assert signed_on(client).status_code == 401, claims
        assert is_out(client), claims
        assert error_of(engine) == error, claims
    provider.claims = {}
    assert signed_on(server.test_client()).status_code == 302


def test_a_token_the_provider_did_not_sign_is_refused(
    server: Flask, engine: Engine, bound: str, provider: Provider
) -> None:
    shared = OctKey.import_key(SECRET.ljust(32, "."), {"kid": "k1"})
    forged: tuple[tuple[Any, dict[str, str], str], ...] = (
        (RSAKey.generate_key(2048, {"kid": "k1"}), {"alg": "RS256", "kid": "k1"}, "BadSignatureError"),
        # The provider offers it; a key that two hold signs for neither.
        (shared, {"alg": "HS256", "kid": "k1"}, "UnsupportedAlgorithmError"),
        (RSAKey.generate_key(2048, {"kid": "k2"}), {"alg": "RS256", "kid": "k2"}, "InvalidKeyIdError"),
    )
    for key, header, error in forged:
        provider.signing, provider.header = key, header
        client = server.test_client()
        assert signed_on(client).status_code == 401, header
        assert is_out(client), header
        assert error_of(engine) == error, header


def test_a_new_key_of_the_provider_is_taken_without_a_restart(server: Flask, bound: str, provider: Provider) -> None:
    assert signed_on(server.test_client()).status_code == 302
    provider.key = provider.signing = RSAKey.generate_key(2048, {"kid": "k2"})
    provider.header["kid"] = "k2"
    assert signed_on(server.test_client()).status_code == 302


def test_an_unknown_identity_is_told_what_to_give_the_administrator(
    server: Flask, engine: Engine, provider: Provider
) -> None:
    provider.subject = "<b>new</b>"
    client = server.test_client()
    answer = signed_on(client)
    text = answer.get_data(as_text=True)
    assert answer.status_code == 403
    assert f"{provider.issuer}|&lt;b&gt;new&lt;/b&gt;" in text
    assert "<b>" not in text
    assert is_out(client)
    assert audit.entries(engine, limit=1)[0].detail == {"single_sign_on": True, "reason": "unknown"}


def test_an_administrator_binds_an_identity_on_the_page_and_ends_it(
    server: Flask, engine: Engine, provider: Provider
) -> None:
    admin = logged_in(server, "admin-01")
    identity = identity_of(provider.issuer, provider.subject)
    form = {"do": "bind", "login": "bureau-01", "subject": identity}
    assert 'value="bind"' in admin.get("/admin").get_data(as_text=True)
    assert admin.post("/admin/accounts", data=form).status_code == 302
    client = server.test_client()
    assert signed_on(client).location == "/"
    assert admin.post("/admin/accounts", data=form | {"login": "leader-01"}).status_code == 400
    assert admin.post("/admin/accounts", data=form | {"subject": "no issuer"}).status_code == 400
    assert not is_out(client)
    assert admin.post("/admin/accounts", data=form | {"subject": ""}).status_code == 302
    assert is_out(client)
    assert signed_on(server.test_client()).status_code == 403
    assert [entry.action for entry in audit.entries(engine, actor="admin-01")][:2] == ["user_changed", "user_changed"]


def test_a_first_password_nobody_used_goes_with_the_binding(server: Flask, engine: Engine, provider: Provider) -> None:
    accounts.set_password(engine, "leader-01", "Once-1 only, please", actor="admin-01", must_change=True)
    accounts.change(engine, "leader-01", actor="admin-01", subject=identity_of(provider.issuer, provider.subject))
    assert accounts.authenticate(engine, "leader-01", "Once-1 only, please") is None
    assert signed_on(server.test_client()).location == "/"


def test_a_disabled_account_is_refused(server: Flask, engine: Engine, bound: str) -> None:
    accounts.disable(engine, bound, actor="admin-01")
    client = server.test_client()
    assert signed_on(client).status_code == 403
    assert is_out(client)
    entry = audit.entries(engine, limit=1)[0]
    assert (entry.action, entry.actor, entry.detail["reason"]) == ("login_failed", bound, "disabled")


def test_no_other_server_is_gone_to_after_login(server: Flask, bound: str) -> None:
    for wanted in ("//evil.example", "https://evil.example", "/\\evil.example", "/login/oidc"):
        assert signed_on(server.test_client(), wanted).location == "/"


def test_a_provider_that_describes_itself_otherwise_is_not_gone_to_until_it_is_mended(
    server: Flask, bound: str, provider: Provider
) -> None:
    client = server.test_client()
    for described in (
        {"issuer": "https://evil.example"}, {"token_endpoint": "http://evil.example/token"}, {"jwks_uri": None},
        {"authorization_endpoint": "javascript:alert(1)"},
    ):  # fmt: skip
        provider.described = described
        assert client.get("/login/oidc", headers=HTML).status_code == 502, described
    assert provider.asked == []
    provider.described = {}
    assert signed_on(client).status_code == 302


def test_a_provider_that_cannot_be_reached_is_said_in_words(closed: tuple[Engine, str]) -> None:
    with provider_running() as gone:
        issuer = gone.issuer
    client = new_server(
        closed[1], oidc_issuer=issuer, oidc_client_id=CLIENT, oidc_client_secret=SECRET
    ).server.test_client()
    answer = client.get("/login/oidc", headers=HTML)
    assert answer.status_code == 502
    assert 'href="/login"' in answer.get_data(as_text=True)


def test_the_login_page_offers_it_only_where_there_is_a_provider(closed: tuple[Engine, str], server: Flask) -> None:
    assert "/login/oidc" in server.test_client().get("/login").get_data(as_text=True)
    without = new_server(closed[1]).server.test_client()
    assert "/login/oidc" not in without.get("/login").get_data(as_text=True)
    assert without.get("/login/oidc", headers=HTML).status_code == 404
    assert without.get("/login/oidc/callback?code=a&state=b", headers=HTML).status_code == 404


@pytest.mark.parametrize(
    ("issuer", "is_fine"),
    [
        ("https://id.example.cn/realms/city", True), ("http://127.0.0.1:9000", True), ("http://localhost", True),
        ("http://id.example.cn", False), ("http://10.0.0.5", False), ("https://", False), ("id.example.cn", False),
        ("https://id.example.cn/?a=b", False), ("https://name:secret@id.example.cn", False), ("https://[", False),
    ],
)  # fmt: skip
def test_a_provider_is_spoken_to_by_https_or_on_this_machine(issuer: str, is_fine: bool) -> None:
    given = {"oidc_issuer": issuer, "oidc_client_id": CLIENT, "oidc_client_secret": SECRET}
    if is_fine:
        assert load_settings(**given).oidc_issuer == issuer
        return
    with pytest.raises(SettingError):
        load_settings(**given)


@pytest.mark.parametrize("missing", ["oidc_client_id", "oidc_client_secret"])
def test_half_a_provider_is_refused_by_name_of_the_setting(missing: str) -> None:
    given = {"oidc_issuer": "https://id.example.cn", "oidc_client_id": CLIENT, "oidc_client_secret": SECRET}
    with pytest.raises(SettingError) as refused:
        load_settings(**given | {missing: ""})
    assert f"DASHBOARD_{missing.upper()}" in str(refused.value)
