"""The part of the audit trail that the page 管理 shows: what was asked for, a page of it, and the way to the next."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from sqlalchemy import Engine

from dashboard.access.accounts import now_utc
from dashboard.cards.data.batches import BEIJING
from data import audit
from data.audit import Entry, Wanted

PER_PAGE = 100
LONGEST = 255
MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")
NUMBER = re.compile(r"\d{1,15}")


@dataclass(frozen=True)
class TrailPage:
    """Attributes:
    asked: actor, action and month as asked for, empty where not. months: those of the trail, newest first.
    entries: newest first. total: how many fit what was asked for.
    newer, older: query of the address of the page before and after this one; empty where there is none.
    """

    asked: dict[str, str]
    months: list[str]
    entries: list[Entry]
    total: int
    newer: str
    older: str


def trail_page(store: Engine, given: Mapping[str, str], lang: str) -> TrailPage:
    """The page that the query `given` asks for: `actor`, `action`, `month` as YYYY-MM in Beijing time, and a place in
    the trail as `before` or `after` a number. What is not one of these is as if it was left out."""
    asked = {name: given.get(name, "").strip()[:LONGEST] for name in ("actor", "action", "month")}
    # What no name holds no database need be asked for.
    asked = {name: value if value.isprintable() else "" for name, value in asked.items()}
    month = MONTH.fullmatch(asked["month"])
    if month is None:
        asked["month"] = ""
    since, until = _ends(int(month[1]), int(month[2])) if month else (None, None)
    wanted = Wanted(asked["actor"] or None, asked["action"] or None, since, until)
    before, after = (
        int(found[0]) if (found := NUMBER.fullmatch(given.get(name, ""))) else None for name in ("before", "after")
    )
    entries = audit.page_of(store, wanted, limit=PER_PAGE, before=before, after=after)
    kept = {name: value for name, value in {"lang": lang, **asked}.items() if value}

    def query(**place: int) -> str:
        return urlencode(kept | place)

    newest, oldest = (entries[0].entry_id, entries[-1].entry_id) if entries else (0, 0)
    has_newer = bool(entries) and bool(audit.page_of(store, wanted, limit=1, after=newest))
    has_older = bool(entries) and bool(audit.page_of(store, wanted, limit=1, before=oldest))
    return TrailPage(
        asked, _months(store), entries, audit.size(store, wanted),
        query(after=newest) if has_newer else "", query(before=oldest) if has_older else "",
    )  # fmt: skip


def _ends(year: int, month: int) -> tuple[datetime, datetime]:
    """Beginning and end of a month of Beijing, as the store keeps times."""
    first = datetime(year, month, 1, tzinfo=BEIJING)
    after = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=BEIJING)
    return first.astimezone(UTC).replace(tzinfo=None), after.astimezone(UTC).replace(tzinfo=None)


def _months(store: Engine) -> list[str]:
    begun = audit.first_at(store)
    if begun is None:
        return []
    first, last = (at.replace(tzinfo=UTC).astimezone(BEIJING) for at in (begun, now_utc()))
    counted = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [f"{number // 12}-{number % 12 + 1:02d}" for number in reversed(counted)]
