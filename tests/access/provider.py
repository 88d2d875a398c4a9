"""An identity provider on this machine: discovery, keys, authorisation by code with PKCE, signed tokens."""

from __future__ import annotations

import base64
import hashlib
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

from flask import Flask, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

CLIENT, SECRET = "dashboard", "between the two of us"


class Provider:
    """What it says can be falsified.

    Attributes:
        subject: who is logged in at it. claims: put into the token over the right ones; None takes one out.
        signing: the key that signs, `key` being the one it publishes. asked: the query of every authorisation.
        described: put into its own description over the right values. left: the query of everybody who logged out.
    """

    def __init__(self) -> None:
        self.key = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"})
        self.signing = self.key
        self.subject, self.issuer = "post-7", ""
        self.claims: dict[str, Any] = {}
        self.described: dict[str, Any] = {}
        self.header: dict[str, Any] = {"alg": "RS256", "kid": "k1"}
        self.asked: list[dict[str, str]] = []
        self.left: list[dict[str, str]] = []
        self._codes: dict[str, dict[str, str]] = {}

    def description(self) -> dict[str, Any]:
        at = self.issuer
        return {
            "issuer": at, "authorization_endpoint": f"{at}/authorize", "token_endpoint": f"{at}/token",
            "jwks_uri": f"{at}/jwks", "end_session_endpoint": f"{at}/leave", "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        } | self.described  # fmt: skip

    def authorize(self) -> Any:
        asked = request.args.to_dict()
        self.asked.append(asked)
        code = secrets.token_hex(8)
        self._codes[code] = asked
        return redirect(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}")

    def token(self) -> Any:
        asked = self._codes.pop(request.form["code"], None)
        given = request.authorization
        digest = hashlib.sha256(request.form["code_verifier"].encode()).digest()
        is_right = (
            asked is not None
            and given is not None
            and (given.username, given.password) == (CLIENT, SECRET)
            and base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == asked["code_challenge"]
            and request.form["redirect_uri"] == asked["redirect_uri"]
        )
        if not is_right or asked is None:
            return jsonify(error="invalid_grant"), 400
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": self.issuer, "sub": self.subject, "aud": CLIENT, "iat": now, "exp": now + 300,
            "nonce": asked["nonce"],
        } | self.claims  # fmt: skip
        signed = jwt.encode(self.header, {k: v for k, v in claims.items() if v is not None}, self.signing)
        return jsonify(access_token="a", token_type="Bearer", id_token=signed)

    def leave(self) -> Any:
        """End the session of whom the token names, if this provider made the token for that client."""
        asked = request.args.to_dict()
        claims = jwt.decode(asked["id_token_hint"], self.key).claims
        if (claims["sub"], claims["aud"], asked["client_id"]) != (self.subject, CLIENT, CLIENT):
            return "", 400
        self.left.append(asked)
        return redirect(asked["post_logout_redirect_uri"])

    def server(self) -> Flask:
        made = Flask("provider")
        made.get("/.well-known/openid-configuration")(lambda: jsonify(self.description()))
        made.get("/jwks", endpoint="jwks")(lambda: jsonify(keys=[self.key.as_dict(private=False)]))
        made.get("/authorize")(self.authorize)
        made.post("/token")(self.token)
        made.get("/leave")(self.leave)
        return made


@contextmanager
def provider_running() -> Iterator[Provider]:
    """One that answers on a free port of the loopback."""
    provider = Provider()
    http = make_server("127.0.0.1", 0, provider.server(), threaded=True)
    provider.issuer = f"http://127.0.0.1:{http.port}"
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        http.shutdown()
        thread.join()
        http.server_close()
