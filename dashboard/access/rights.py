"""The one table of who may do what."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What an account is for."""

    LEADER = "leader"
    BUREAU = "bureau"
    STREET = "street"
    AUDITOR = "auditor"
    ADMIN = "admin"
    WALL = "wall"


class Right(StrEnum):
    """What can be allowed."""

    READ = "read"
    """See figures and rows, those of the account's areas alone where it has areas."""
    EXPORT = "export"
    """Take figures away: files, images, decks."""
    IMPORT = "import"
    """Write rows, take batches back."""
    ADMIN = "admin"
    """Keep accounts: add, change, disable, unlock."""
    AUDIT = "audit"
    """Read and verify the audit trail."""
    SCREEN = "screen"
    """Show the wall."""


RIGHTS: dict[Role, frozenset[Right]] = {
    Role.LEADER: frozenset({Right.READ, Right.EXPORT, Right.SCREEN}),
    Role.BUREAU: frozenset({Right.READ, Right.EXPORT, Right.IMPORT, Right.SCREEN}),
    Role.STREET: frozenset({Right.READ, Right.EXPORT, Right.IMPORT, Right.SCREEN}),
    # Who keeps the accounts or watches over them needs no records of compounds to do so.
    Role.AUDITOR: frozenset({Right.AUDIT}),
    Role.ADMIN: frozenset({Right.ADMIN, Right.AUDIT}),
    Role.WALL: frozenset({Right.SCREEN}),
}
"""Roles and their rights. Row scope is apart: a street account has the rights above on its own areas only."""

NEEDS_AREAS = frozenset({Role.STREET})
"""Roles that cannot be given without areas."""
MAY_HAVE_AREAS = frozenset({Role.STREET, Role.WALL})
"""Roles that can be narrowed to areas; all others see the city or nothing."""

PUBLIC_PATHS = ("/login", "/login/oidc", "/login/oidc/callback", "/theme.css", "/access/style.css")
"""Answered to anybody: how to get in, and what that page looks like."""
UNGUARDED_PATHS = ("/healthz", "/readyz", "/metrics")
"""Answered without asking who: whether the server lives. They hold no record and look at no session."""
OWN_PATHS = ("/logout", "/password")
"""Open to every account, even one that must first change its password."""

ANYBODY = None
"""The right of what every account may have."""

PATH_RIGHTS: tuple[tuple[str, Right | None], ...] = (
    ("/assets/", ANYBODY),
    ("/_dash-component-suites/", ANYBODY),
    ("/vendor/", ANYBODY),
    ("/_dash-layout", ANYBODY),
    ("/_dash-dependencies", ANYBODY),
    ("/_reload-hash", ANYBODY),
    ("/_favicon.ico", ANYBODY),
    ("/drawn/page", ANYBODY),
    ("/geo/", Right.SCREEN),
    ("/data/upload", Right.IMPORT),
    ("/data/annotated/", Right.IMPORT),
    ("/data/export.xlsx", Right.EXPORT),
    ("/data/trace.csv", Right.EXPORT),
    ("/export/", Right.EXPORT),
    ("/briefing", Right.EXPORT),
    ("/screen", Right.SCREEN),
    ("/admin/accounts", Right.ADMIN),
    ("/admin", Right.AUDIT),
)
"""Right of the addresses that begin so, the first that fits; any other address needs `read`."""

ID_RIGHTS: tuple[tuple[str, Right | None], ...] = (
    ("data-job", Right.IMPORT),
    ("data-progress", Right.IMPORT),
    ("data-revert", Right.IMPORT),
    ("briefing-", Right.EXPORT),
    ("admin-user", Right.ADMIN),
    ("admin-", Right.AUDIT),
    ("screen", Right.SCREEN),
    ("page", ANYBODY),
    ("brand", ANYBODY),
    ("water", ANYBODY),
)
"""Right of a callback by the id of its first output, as above; the frame is everybody's and shows what each may open."""


def right_of_path(path: str) -> Right | None:
    """What asking for `path` needs; None for any account."""
    return next((right for start, right in PATH_RIGHTS if _begins(path, start)), Right.READ)


def right_of_output(component: str) -> Right | None:
    """What a callback needs whose first output is a property of `component`; None for any account."""
    return next((right for start, right in ID_RIGHTS if component.startswith(start)), Right.READ)


def _begins(path: str, start: str) -> bool:
    return path.startswith(start) if start.endswith("/") else path == start or path.startswith(f"{start}/")


def home_of(role: Role | None) -> str:
    """Where an account of `role` begins."""
    if role is Role.WALL:
        return "/screen"
    if role in (Role.AUDITOR, Role.ADMIN):
        return "/admin"
    return "/"


PAGE_RIGHTS: dict[str, Right] = {"admin": Right.AUDIT, "briefing": Right.EXPORT, "screen": Right.SCREEN}
"""Right of the pages that need another one than `read`."""


def right_of_page(page: str) -> Right:
    """What opening a page needs."""
    return PAGE_RIGHTS.get(page, Right.READ)
