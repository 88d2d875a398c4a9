"""Editions: every deck a page built, kept with its numbers as they were."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, select

from dashboard.access import User
from dashboard.briefing.order import Deck, Order
from data.errors import GovernanceError
from data.retrying import reading
from data.schema.briefings import edition

MOST_LISTED = 200
_LISTED = ("edition_id", "title", "actor", "areas", "created_at", "month", "place", "revision", "file_name", "sha256")


class NoEditionError(GovernanceError):
    """There is no such edition, or the account may not see it."""


@dataclass(frozen=True, kw_only=True)
class Edition:
    """An edition as the history lists it; `areas` None is one with numbers of the whole city."""

    edition_id: int
    title: str
    actor: str
    areas: tuple[str, ...] | None
    created_at: datetime
    month: str
    place: str
    revision: str
    file_name: str
    sha256: str


def keep(engine: Engine, deck: Deck, order: Order, user: User, stamp: datetime) -> int:
    """Freeze a deck; the number of its edition."""
    with engine.begin() as connection:
        made = connection.execute(
            edition.insert().values(
                title=deck.title[:200], actor=user.login, areas=None if user.areas is None else list(user.areas),
                created_at=datetime.now(UTC).replace(tzinfo=None), stamp=stamp.isoformat()[:40], month=deck.month,
                place=deck.place[:120], revision=str(deck.numbers["revision"])[:40],
                basket=order.basket.as_json() if order.basket is not None else {"monthly": True},
                numbers=deck.numbers, manifest=deck.manifest, file_name=deck.file_name[:200], sha256=deck.sha256,
                content=deck.content,
            )
        )  # fmt: skip
    key = made.inserted_primary_key
    assert key is not None
    return int(key[0])


def may_see(user: User, areas: Iterable[str] | None) -> bool:
    """Whether an edition with numbers of `areas` (None: of the whole city) may be shown to the account."""
    if user.areas is None:
        return True
    return areas is not None and set(areas) <= set(user.areas)


def listed(engine: Engine, user: User) -> list[Edition]:
    """The editions the account may see, the last first."""
    columns = [edition.c[name] for name in _LISTED]
    newest = select(*columns).order_by(edition.c.edition_id.desc()).limit(MOST_LISTED)
    rows = reading(engine, lambda connection: connection.execute(newest).all())
    return [_edition(row) for row in rows if may_see(user, row.areas)]


def content_of(engine: Engine, number: int, user: User) -> tuple[Edition, bytes]:
    """An edition and its file. Raises `NoEditionError`."""
    row = _read(engine, number, user, "content")
    return _edition(row), bytes(row.content)


def numbers_of(engine: Engine, number: int, user: User) -> tuple[Edition, dict[str, Any]]:
    """An edition and its numbers. Raises `NoEditionError`."""
    row = _read(engine, number, user, "numbers")
    return _edition(row), dict(row.numbers)


def _read(engine: Engine, number: int, user: User, more: str) -> Any:
    columns = [edition.c[name] for name in (*_LISTED, more)]
    wanted = select(*columns).where(edition.c.edition_id == number)
    row = reading(engine, lambda connection: connection.execute(wanted).one_or_none())
    if row is None or not may_see(user, row.areas):
        raise NoEditionError(
            f"没有第 {number} 版", why="不存在，或不在本账号的数据范围内", todo="请从版次列表中选择", code="no_edition"
        )  # fmt: skip
    return row


def _edition(row: Any) -> Edition:
    return Edition(
        edition_id=row.edition_id, title=row.title, actor=row.actor,
        areas=None if row.areas is None else tuple(row.areas), created_at=row.created_at, month=row.month,
        place=row.place, revision=row.revision, file_name=row.file_name, sha256=row.sha256,
    )  # fmt: skip
