"""Leaving: with the session here, the one at the identity provider ends too (RP-initiated logout), where it offers that.

The provider wants the identity token back that it gave at login, and that may hold a name. It is kept with the session,
encrypted under a key that follows from the session's cookie: the store alone cannot read it, and it is gone with the session.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from dashboard.access.sessions import WebSession

if TYPE_CHECKING:
    from joserfc.jwk import OctKey

# joserfc is loaded at its first use: without a provider there is none.
SEALED = "sign_on"
HEADER = {"alg": "dir", "enc": "A256GCM"}


def keep_identity(session: WebSession, token: str) -> None:
    """Keep the identity token of who just signed on with their session."""
    from joserfc import jwe

    session[SEALED] = jwe.encrypt_compact(HEADER, token, _key(session))


def kept_identity(session: WebSession) -> str | None:
    """The identity token the session was begun with; None where it was begun with a password."""
    sealed = session.get(SEALED)
    if session.token is None or not isinstance(sealed, str):
        return None
    from joserfc import jwe
    from joserfc.errors import JoseError

    try:
        found = jwe.decrypt_compact(sealed, _key(session)).plaintext
    except (JoseError, ValueError):
        return None
    return found.decode() if found is not None else None


def _key(session: WebSession) -> OctKey:
    from joserfc.jwk import OctKey

    return OctKey.import_key(hashlib.sha256(f"sign-off {session.token}".encode()).digest())
