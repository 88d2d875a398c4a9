"""Addresses that come with a request: where to go after login, and which names this machine answers to."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

HOME = "/"


def own_path(wanted: str | None) -> str:
    """`wanted` if it leads to a page of this server, else the first page.

    Taken as browsers read it: a backslash is a slash, control characters vanish, two slashes begin another host.
    """
    if not wanted or len(wanted) > 2000 or any(ord(c) < 32 or ord(c) == 127 for c in wanted):
        return HOME
    if not wanted.startswith("/") or wanted.startswith("//") or "\\" in wanted:
        return HOME
    parts = urlsplit(wanted)
    if parts.scheme or parts.netloc or parts.path.startswith(("/login", "/logout", "/oidc", "/_dash")):
        return HOME
    return wanted


def is_this_machine(host: str) -> bool:
    """Whether a Host header names this machine by itself: localhost or a loopback address, with or without a port."""
    name = urlsplit(f"//{host}").hostname if host else None
    if name is None:
        return False
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
