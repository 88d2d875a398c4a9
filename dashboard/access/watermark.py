"""The mark every page and export carries: which account looked, and when."""

from __future__ import annotations

from datetime import datetime

from dashboard.access.user import User
from dashboard.wording import Words


def watermark(user: User, stamp: datetime, words: Words) -> str | None:
    """`bureau-01 · 2026-11-05 14:30`; None in the open demo, which has no account to name.

    Args:
        stamp: when, as shown; an input, so that equal inputs give equal files.
    """
    if user.is_open:
        return None
    return words("access.watermark", login=user.login, stamp=stamp.strftime("%Y-%m-%d %H:%M"))
