"""Refusals of an export."""

from __future__ import annotations

from data.errors import GovernanceError


class ExportError(GovernanceError):
    """What was asked for cannot be taken out in this form."""


class NoBrowserError(ExportError):
    """A picture was asked for where no browser is installed."""
