"""Passwords: which are taken, and how they are kept.

Rules: at least ten characters of at least three kinds or at least sixteen of any, not the account's name, none of the
words everybody tries first, not the one before.

Source: GB/T 22239-2019 8.1.4.1 (complexity of passwords); length over kinds after NIST SP 800-63B.
"""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from data.errors import GovernanceError

SHORTEST, LONGEST = 10, 128
LONG_ENOUGH_FOR_ANY = 16
KINDS = 3
# Words that lists of stolen passwords begin with, and those of this product; with digits and signs around them too.
COMMON = (
    "password", "passw0rd", "p@ssw0rd", "p@ssword", "qwerty", "qwertyuiop", "1qaz2wsx", "1q2w3e4r", "abc123",
    "admin", "administrator", "root", "letmein", "welcome", "iloveyou", "monkey", "dragon", "woaini", "wangyut",
    "5201314", "147258369", "123456789", "987654321", "aa123456", "a123456", "asdfghjkl", "zxcvbnm", "test",
    "xiaoqu", "wuye", "zhujianju", "dangjian", "governance", "dashboard", "changeme",
)  # fmt: skip
_READABLE = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789"


class PasswordError(GovernanceError):
    """A password that is not taken, and why; never the password itself."""

    def __init__(self, what: str) -> None:
        super().__init__(what, code="weak_password")


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


def check_rules(password: str, login: str, old_hash: str | None = None) -> None:
    """Raise `PasswordError` unless `password` may be the account's next one."""
    if len(password) < SHORTEST:
        raise PasswordError(f"口令至少要 {SHORTEST} 个字符")
    if len(password) > LONGEST:
        raise PasswordError(f"口令最多 {LONGEST} 个字符")
    plain = password.casefold()
    if login.casefold() in plain or plain in login.casefold():
        raise PasswordError("口令里不能有账号名")
    core = plain.strip("0123456789!@#$%^&*()_+-=.,?~ ")
    if core in COMMON or plain in COMMON or len(set(plain)) < 4 or not core:
        raise PasswordError("口令太常见，容易被猜出")
    kinds = sum((
        any(c.islower() for c in password), any(c.isupper() for c in password), any(c.isdigit() for c in password),
        any(not c.isalnum() or not c.isascii() for c in password),
    ))  # fmt: skip
    if kinds < KINDS and len(password) < LONG_ENOUGH_FOR_ANY:
        raise PasswordError(
            f"口令要有大写字母、小写字母、数字、符号中的至少 {KINDS} 种，或者不少于 {LONG_ENOUGH_FOR_ANY} 个字符"
        )
    if old_hash is not None and matches(old_hash, password):
        raise PasswordError("新口令不能与上一个相同")


def hashed(password: str) -> str:
    """The argon2id hash to keep."""
    return _hasher().hash(password)


def matches(hash_: str | None, password: str) -> bool:
    """Whether `password` is the one of `hash_`; takes as long for no hash at all."""
    try:
        return _hasher().verify(hash_ or _of_nobody(), password) and hash_ is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(hash_: str) -> bool:
    """Whether it was hashed with weaker settings than today's."""
    return _hasher().check_needs_rehash(hash_)


@cache
def _of_nobody() -> str:
    return hashed(secrets.token_urlsafe(24))


def drawn() -> str:
    """A password to hand over once: 4 × 4 characters nobody mistakes for one another."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))
