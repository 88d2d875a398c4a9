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
