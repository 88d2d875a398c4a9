"""Single sign-on at the organisation's own identity provider: OpenID Connect, by code with PKCE, through Authlib.

Nobody becomes an account by it alone: an administrator binds an account to an issuer and a subject. What has to be
remembered between the two requests of a login is kept in the store, for ten minutes and for one use.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import FlaskIntegration, FlaskOAuth2App
from flask import session as flask_session
from joserfc.errors import JoseError
from sqlalchemy import Engine, delete, func, insert, select

from dashboard.access.accounts import now_utc
from dashboard.access.sessions import hash_of
from dashboard.config import Settings, is_safe_issuer
from dashboard.events import LOG
from data.brief import brief_write
from data.errors import GovernanceError
from data.schema import web_session

KEPT_SECONDS = 600
# Anybody may begin a login: what that leaves in the store is bounded.
MOST_BEGUN = 2000
TIMEOUT_SECONDS = 10
# Signatures by a key that the provider alone holds; never `none`, never one made with the shared secret.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class SignOnError(GovernanceError):
    """A login that the provider, or this server's check of what it said, did not let through."""


class SignedOn(NamedTuple):
    """Who logged in at the provider, where to go now, and the provider's token that says so."""

    identity: str
    wanted: str
    token: str


def identity_of(issuer: str, subject: str) -> str:
    """How an account's `subject` names an identity."""
    return f"{issuer}|{subject}"


class BegunLogins:
    """Logins that were begun, in the table of sessions but of no account: none of them opens anything.

    Holds what Authlib remembers under the hash of its state; the visitor's signed cookie names the state.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def get(self, key: str) -> str | None:
        """What was kept; None where there is nothing or its time is over."""
        kept = web_session.c
        statement = select(kept.content).where(
            kept.session_hash == hash_of(key), kept.account_id.is_(None), kept.expires_at > now_utc()
        )
        with self.engine.connect() as connection:
            content = connection.scalar(statement)
        return None if content is None else json.dumps(content)

    def set(self, key: str, value: str, seconds: int) -> None:
        """Keep `value`, a JSON object. Raises SignOnError where too many logins are begun and not finished."""
        now, kept = now_utc(), web_session.c
        with brief_write(self.engine) as connection:
            connection.execute(delete(web_session).where(kept.expires_at <= now))
            begun = connection.scalar(select(func.count()).select_from(web_session).where(kept.account_id.is_(None)))
            if begun is not None and begun >= MOST_BEGUN:
                raise SignOnError("同时进行的单点登录太多", todo="请几分钟后再试，或用账号口令登录", code="too_many")
            connection.execute(insert(web_session).values(
                session_hash=hash_of(key), account_id=None, content=json.loads(value), created_at=now, used_at=now,
                expires_at=now + timedelta(seconds=seconds),
            ))  # fmt: skip

    def delete(self, key: str) -> None:
        """Forget it: a login is finished once."""
        kept = web_session.c
        with brief_write(self.engine) as connection:
            connection.execute(delete(web_session).where(kept.session_hash == hash_of(key), kept.account_id.is_(None)))


class _Kept(FlaskIntegration):
    expires_in = KEPT_SECONDS


class _Provider(FlaskOAuth2App):
    """The provider as its own document describes it, believed only where that fits the settings."""

    issuer = ""

    def load_server_metadata(self) -> dict[str, Any]:
        metadata: dict[str, Any] = super().load_server_metadata()
        try:
            self._check(metadata)
        except SignOnError:
            # Asked again at the next login: the provider may have been mended by then.
            metadata.clear()
            raise
        offered = metadata.get("id_token_signing_alg_values_supported")
        metadata["id_token_signing_alg_values_supported"] = [
            name for name in (offered if isinstance(offered, list) else ["RS256"]) if name in ALGORITHMS
        ]
        return metadata

    def _check(self, metadata: dict[str, Any]) -> None:
        if metadata.get("issuer") != self.issuer:
            raise SignOnError("身份平台自称的发行者与设置不符", where="DASHBOARD_OIDC_ISSUER", code="other_issuer")
        for name in ENDPOINTS:
            if not isinstance(metadata.get(name), str) or not is_safe_issuer(metadata[name].partition("?")[0]):
                raise SignOnError("身份平台给出的地址不可用", where=name, why="须是 https 地址", code="bad_endpoint")


class SignOn:
    """Logging in at the provider that the settings name."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        self.issuer = settings.oidc_issuer
        self._provider = _Provider(
            _Kept("oidc", BegunLogins(engine)),
            name="oidc",
            client_id=settings.oidc_client_id,
            client_secret=settings.oidc_client_secret,
            server_metadata_url=f"{self.issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={"scope": "openid", "code_challenge_method": "S256", "default_timeout": TIMEOUT_SECONDS},
        )
        self._provider.issuer = self.issuer

    def begin(self, callback: str, wanted: str) -> str:
        """The provider's address to send the browser to.

        Args:
            callback: this server's address that the provider answers to. wanted: where to go after login.

        Raises:
            SignOnError: the provider cannot be reached, or does not describe itself as it should.
        """
        try:
            asked = self._provider.create_authorization_url(callback)
            self._provider.save_authorize_data(redirect_uri=callback, wanted=wanted, **asked)
        except (AuthlibBaseError, requests.RequestException, ValueError, RuntimeError) as error:
            raise _refused(error) from error
        return str(asked["url"])

    def finish(self, state: str | None) -> SignedOn:
        """Who logged in at the provider, from the request it sent the browser back with.

        Raises:
            SignOnError: the state is not one of this browser's, the provider refused, or its token does not hold:
                signature, issuer, audience, time or nonce.
        """
        kept = self._provider.framework.get_state_data(flask_session, state) or {}
        # Authlib takes another audience where the token names this client as the authorised party; this server does not.
        options = {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": self._provider.client_id},
            "sub": {"essential": True},
        }
        try:
            token = self._provider.authorize_access_token(claims_options=options)
        except (AuthlibBaseError, JoseError, requests.RequestException, ValueError, KeyError, RuntimeError) as error:
            raise _refused(error) from error
        subject = (token.get("userinfo") or {}).get("sub")
        if not isinstance(subject, str) or not subject:
            raise SignOnError("身份平台没有给出身份令牌", code="no_token")
        return SignedOn(identity_of(self.issuer, subject), str(kept.get("wanted", "")), str(token["id_token"]))

    def leaving_address(self, token: str, back: str) -> str | None:
        """Where the browser goes to end the provider's session too; None where the provider offers no such place.

        Args:
            token: what the login gave. back: this server's address that the provider sends the browser back to.
        """
        try:
            found = self._provider.load_server_metadata().get("end_session_endpoint")
        except (AuthlibBaseError, requests.RequestException, ValueError, RuntimeError, SignOnError) as error:
            LOG.warning("identity provider not asked about leaving", reason=type(error).__name__)
            return None
        if not isinstance(found, str) or not is_safe_issuer(found.partition("?")[0]):
            return None
        query = {"id_token_hint": token, "client_id": self._provider.client_id, "post_logout_redirect_uri": back}
        return f"{found}{'&' if '?' in found else '?'}{urlencode(query)}"


def _refused(error: Exception) -> SignOnError:
    # The provider's words may repeat what somebody sent; the kind of error says enough for the log.
    return SignOnError("单点登录没有完成", why=type(error).__name__, todo="请重新登录", code="not_signed_on")
