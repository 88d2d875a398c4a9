"""Accounts in the store: names of posts with a role, kept by administrators; every change is in the audit trail."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, inspect, or_, select, update
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from dashboard.access import passwords
from dashboard.access.rights import MAY_HAVE_AREAS, NEEDS_AREAS, Role
from dashboard.access.user import User
from data import audit
from data.audit import Action
from data.brief import brief_write
from data.errors import GovernanceError, UnknownKeyError, unknown_key
from data.retrying import reading
from data.schema import account, web_session
from data.schema.registers import area

LOGIN = re.compile(r"[a-z][a-z0-9._-]{1,39}")
LONGEST_IDENTITY = 255
MOST_FAILURES = 5
LOCKED_MINUTES = 15


class AccountError(GovernanceError):
    """An account that cannot be made or changed so."""


@dataclass(frozen=True)
class Account:
    """One account as listed; times are UTC without a zone."""

    account_id: int
    login: str
    role: Role
    areas: tuple[str, ...] | None
    password_hash: str | None
    subject: str | None
    must_change: bool
    failures: int
    locked_until: datetime | None
    created_at: datetime
    disabled_at: datetime | None

    @property
    def is_disabled(self) -> bool:
        """Whether it can no longer log in."""
        return self.disabled_at is not None

    def is_locked(self, now: datetime) -> bool:
        """Whether too many wrong passwords keep it out just now."""
        return self.locked_until is not None and self.locked_until > now

    def user(self) -> User:
        """The account as pages see it."""
        return User(
            login=self.login, role=self.role, areas=self.areas, must_change=self.must_change, account=self.account_id
        )

    def as_json(self) -> dict[str, Any]:
        """What `user list --json` prints; nothing secret."""
        return {
            "login": self.login, "role": self.role.value, "areas": list(self.areas) if self.areas else None,
            "single_sign_on": self.subject, "has_password": self.password_hash is not None,
            "must_change": self.must_change, "failures": self.failures,
            "locked_until": _iso(self.locked_until), "created_at": _iso(self.created_at),
            "disabled_at": _iso(self.disabled_at),
        }  # fmt: skip


def _iso(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") + "Z" if at else None


def now_utc() -> datetime:
    """Now, as the store keeps times: UTC without a zone."""
    return datetime.now(UTC).replace(tzinfo=None)


_COLUMNS = [account.c[name] for name in Account.__dataclass_fields__]


def account_of(row: Mapping[Any, Any]) -> Account:
    """An account from a row of its table."""
    values = {name: row[name] for name in Account.__dataclass_fields__}
    areas = values["areas"]
    return Account(**values | {"role": Role(values["role"]), "areas": tuple(areas) if areas is not None else None})


def has_accounts(engine: Engine) -> bool:
    """Whether there is any account, disabled ones counted: a store that once had one is never open again."""
    try:
        any_one = select(account.c.account_id).limit(1)
        return reading(engine, lambda connection: connection.execute(any_one).first()) is not None
    except (OperationalError, ProgrammingError):
        # A store that was never migrated has no accounts, and no records either.
        if not inspect(engine).has_table(account.name):
            return False
        raise


def list_accounts(engine: Engine) -> list[Account]:
    """All accounts by name."""
    with engine.connect() as connection:
        rows = connection.execute(select(*_COLUMNS).order_by(account.c.login)).mappings()
        return [account_of(row) for row in rows]


def find(engine: Engine | Connection, login: str) -> Account:
    """The account of that name. Raises UnknownKeyError with the nearest one."""
    if isinstance(engine, Engine):
        return reading(engine, lambda connection: find(connection, login))
    row = engine.execute(select(*_COLUMNS).where(account.c.login == login)).mappings().first()
    if row is None:
        raise unknown_key(login, engine.execute(select(account.c.login)).scalars(), kind="账号")
    return account_of(row)


def find_subject(engine: Engine, subject: str) -> Account | None:
    """The account bound to an identity of single sign-on, a disabled one too; None where none is."""
    with engine.connect() as connection:
        found = select(*_COLUMNS).where(account.c.subject == subject)
        row = connection.execute(found).mappings().first()
        return None if row is None else account_of(row)


# -- keeping accounts -------------------------------------------------------------------------------------------------


def add(
    engine: Engine, login: str, role: str, *, actor: str, areas: Sequence[str] | None = None,
    password: str | None = None, subject: str | None = None, must_change: bool = True,
) -> Account:  # fmt: skip
    """Make an account.

    Args:
        password: None for single sign-on alone. subject: `issuer|subject` of single sign-on.

    Raises:
        AccountError: the name is taken or not a name, role and areas do not fit, an area is unknown.
        PasswordError: the password is too weak.
    """
    if not LOGIN.fullmatch(login):
        raise AccountError(
            f"账号名“{login}”不可用", why="账号用小写字母开头，只含小写字母、数字、点、横线，共2到40个字符",
            todo="请用岗位命名，例如 xuancheng-street-01，不要用人名", code="bad_login",
        )  # fmt: skip
    if password is not None:
        passwords.check_rules(password, login)
    if subject is not None:
        subject = _identity(subject)
    if password is None and subject is None:
        raise AccountError("账号既没有口令也没有单点登录标识", todo="请至少给一个", code="no_credential")
    now = now_utc()
    with brief_write(engine) as connection:
        chosen, codes = _fitting(connection, role, areas)
        try:
            connection.execute(insert(account).values(
                login=login, role=chosen.value, areas=codes, subject=subject, failures=0,
                password_hash=passwords.hashed(password) if password is not None else None,
                must_change=must_change and password is not None, password_set_at=now if password is not None else None,
                created_at=now,
            ))  # fmt: skip
        except IntegrityError as error:
            raise AccountError(f"账号“{login}”或其单点登录标识已存在", todo="请换一个", code="taken") from error
        audit.record(
            connection, actor=actor, action=Action.USER_ADDED, subject=login,
            detail={"role": chosen.value, "areas": codes, "single_sign_on": subject is not None},
        )  # fmt: skip
        return find(connection, login)


def _identity(subject: str) -> str:
    """`subject` if it is one: the page that refuses an unknown one shows it whole, to be copied."""
    issuer, _, name = subject.strip().partition("|")
    if not issuer.startswith(("https://", "http://")) or not name or len(subject.strip()) > LONGEST_IDENTITY:
        raise AccountError(
            "单点登录标识不可用", why=f"写法是“发行者地址|标识”，至多{LONGEST_IDENTITY}个字符",
            todo="请照抄本人登录时页面上显示的那一行", code="bad_subject",
        )  # fmt: skip
    return subject.strip()


def _fitting(connection: Connection, role: str, areas: Sequence[str] | None) -> tuple[Role, list[str] | None]:
    """Role and areas if they go together and exist."""
    if role not in set(Role):
        raise unknown_key(role, list(Role), kind="角色")
    chosen, codes = Role(role), sorted(set(areas)) if areas else None
    if codes is None and chosen in NEEDS_AREAS:
        raise AccountError("街道账号须指定所辖区域", todo="用 --area 给出区划代码，可重复", code="needs_areas")
    if codes is not None and chosen not in MAY_HAVE_AREAS:
        raise AccountError(
            f"角色“{chosen}”看全市或不看数据，不能限定区域", todo="去掉区域，或换成街道角色", code="no_areas"
        )
    known = set(connection.execute(select(area.c.code).where(area.c.superseded_by.is_(None))).scalars())
    for code in codes or ():
        if code not in known:
            raise unknown_key(code, known, kind="区划代码")
    return chosen, codes


def set_password(engine: Engine, login: str, password: str, *, actor: str, must_change: bool) -> None:
    """Give an account a new password; its lock and its sessions end. Raises PasswordError, UnknownKeyError."""
    with brief_write(engine) as connection:
        found = find(connection, login)
        passwords.check_rules(password, login, found.password_hash)
        _set(
            connection, login, password_hash=passwords.hashed(password), must_change=must_change,
            password_set_at=now_utc(), failures=0, locked_until=None,
        )  # fmt: skip
        _end_sessions(connection, found.account_id)
        audit.record(
            connection, actor=actor, action=Action.PASSWORD, subject=login, detail={"must_change": must_change}
        )


def change(
    engine: Engine, login: str, *, actor: str, role: str | None = None, areas: Sequence[str] | None = None,
    subject: str | None = None,
) -> None:  # fmt: skip
    """Give an account another role with its areas (none for the city), or bind it to single sign-on.

    Args:
        subject: `issuer|subject`; empty ends the binding. Either way its sessions end; a first password that nobody
            has changed yet goes with the binding, because who logs in elsewhere never would.
    """
    with brief_write(engine) as connection:
        found = find(connection, login)
        values: dict[str, Any] = {}
        if role is not None:
            _keep_an_admin(connection, found, becomes=role)
            chosen, codes = _fitting(connection, role, areas)
            values |= {"role": chosen.value, "areas": codes}
        if subject is not None:
            values["subject"] = _identity(subject) if subject else None
            if subject and found.must_change:
                values |= {"password_hash": None, "must_change": False}
        if not values:
            return
        try:
            _set(connection, login, **values)
        except IntegrityError as error:
            raise AccountError("单点登录标识已绑定到别的账号", todo="请先解除那个绑定", code="taken") from error
        # What a session was allowed is decided anew at each request; only who it belongs to stays, until another may.
        if subject is not None:
            _end_sessions(connection, found.account_id)
        before = {"role": found.role.value, "areas": list(found.areas) if found.areas else None}
        audit.record(
            connection, actor=actor, action=Action.USER_CHANGED, subject=login,
            detail={"before": before, "after": {k: values[k] for k in ("role", "areas") if k in values},
                    "single_sign_on": bool(values.get("subject", found.subject))},
        )  # fmt: skip


def disable(engine: Engine, login: str, *, actor: str) -> None:
    """Keep an account out from now on; its sessions end. The name stays taken, for the trail."""
    with brief_write(engine) as connection:
        found = find(connection, login)
        if found.is_disabled:
            return
        _keep_an_admin(connection, found)
        _set(connection, login, disabled_at=now_utc())
        _end_sessions(connection, found.account_id)
        audit.record(connection, actor=actor, action=Action.USER_DISABLED, subject=login)


def enable(engine: Engine, login: str, *, actor: str) -> None:
    """Let a disabled account in again."""
    with brief_write(engine) as connection:
        if find(connection, login).is_disabled:
            _set(connection, login, disabled_at=None)
            audit.record(connection, actor=actor, action=Action.USER_ENABLED, subject=login)


def unlock(engine: Engine, login: str, *, actor: str) -> None:
    """End the lock of an account before its time."""
    with brief_write(engine) as connection:
        find(connection, login)
        _set(connection, login, failures=0, locked_until=None)
        audit.record(connection, actor=actor, action=Action.USER_UNLOCKED, subject=login)


def _keep_an_admin(connection: Connection, found: Account, becomes: str = "") -> None:
    if found.role is not Role.ADMIN or becomes == Role.ADMIN:
        return
    others = select(func.count()).where(
        account.c.role == Role.ADMIN.value, account.c.disabled_at.is_(None), account.c.login != found.login
    )
    if not connection.scalar(others):
        raise AccountError(
            "这是最后一个可用的管理员账号", todo="请先新增另一个管理员，再停用或改变这个", code="last_admin"
        )


def _set(connection: Connection, login: str, **values: Any) -> None:
    connection.execute(update(account).where(account.c.login == login).values(**values))


def _end_sessions(connection: Connection, account_id: int) -> None:
    connection.execute(delete(web_session).where(web_session.c.account_id == account_id))


# -- logging in -------------------------------------------------------------------------------------------------------


def authenticate(engine: Engine, login: str, password: str, *, now: datetime | None = None) -> Account | None:
    """The account if the password is its own and it may log in; None otherwise, without saying why.

    A try is counted before the password is looked at, in one statement, so that many at once are not more than five.
    The fifth wrong one in a row locks the account for fifteen minutes; counters are in the store and survive a restart.
    """
    at = now or now_utc()
    counted = (
        update(account)
        .where(
            account.c.login == login,
            account.c.disabled_at.is_(None),
            or_(account.c.locked_until.is_(None), account.c.locked_until <= at),
        )
        .values(failures=account.c.failures + 1)
    )
    with brief_write(engine) as connection:
        may_try = connection.execute(counted).rowcount == 1
    try:
        found = find(engine, login)
    except UnknownKeyError:
        found = None
    hash_ = found.password_hash if found is not None and may_try and found.failures <= MOST_FAILURES else None
    if passwords.matches(hash_, password) and found is not None:
        _welcome(engine, found, password)
        return found
    _count_failure(engine, login, at, found if may_try else None)
    return None


def _welcome(engine: Engine, found: Account, password: str) -> None:
    values: dict[str, Any] = {"failures": 0, "locked_until": None}
    if found.password_hash is not None and passwords.is_outdated(found.password_hash):
        values["password_hash"] = passwords.hashed(password)
    with brief_write(engine) as connection:
        _set(connection, found.login, **values)


def _count_failure(engine: Engine, login: str, at: datetime, found: Account | None) -> None:
    """Write the failure down, and lock the account if it was one too many."""
    with brief_write(engine) as connection:
        if found is not None and found.failures >= MOST_FAILURES:
            _set(connection, login, failures=0, locked_until=at + timedelta(minutes=LOCKED_MINUTES))
            audit.record(
                connection, actor=login, action=Action.LOCKED, subject=login, detail={"minutes": LOCKED_MINUTES}
            )
            return
        # A name nobody has is not written down as it was typed: it may be a password in the wrong box.
        known = found is not None or connection.execute(select(account.c.login).where(account.c.login == login)).first()
        audit.record(
            connection, actor=login if known else "-", action=Action.LOGIN_FAILED, subject=login if known else "-"
        )
