"""Numbers as text: thousands, per cent, 万元, 未上报, and published bounds. Only text is rounded; plots never are."""

from __future__ import annotations

import math
from typing import Any

from dashboard.wording import Words
from data.schema.vocabulary import Bound

MINUS = "−"
PERCENT_UNITS = ("%", "‰")
MONEY = "元"


def is_missing(value: Any) -> bool:
    """Whether a cell holds no number: None, NaN or pandas' NA."""
    if value is None:
        return True
    try:
        return math.isnan(value)
    except (TypeError, ValueError):
        return True


def number(value: float, decimals: int = 0) -> str:
    """`−1,234.5`: thousands separated, a true minus sign, no negative zero."""
    text = f"{abs(value):,.{decimals}f}"
    is_zero = not any(digit in text for digit in "123456789")
    return text if value >= 0 or is_zero else MINUS + text


def signed(value: float, decimals: int = 0) -> str:
    """`+3.1`, `−0.4`, `0.0`."""
    text = number(value, decimals)
    return text if text.startswith(MINUS) or not any(d in text for d in "123456789") else f"+{text}"


def unit_name(unit: str, words: Words) -> str:
    """A unit of the catalogue in the language of the page; signs such as % stay."""
    return words(f"unit.{unit}") if words.has(f"unit.{unit}") else unit


def split_money(yuan: float) -> tuple[float, str]:
    """An amount and the key of its unit: 元 below ten thousand, 万元, or 亿元 (亿 = 10⁸)."""
    if abs(yuan) >= 1e8:
        return yuan / 1e8, "unit.yi_yuan"
    if abs(yuan) >= 1e4:
        return yuan / 1e4, "unit.wan_yuan"
    return yuan, "unit.yuan"


def parts(value: Any, unit: str, words: Words, *, decimals: int = 0) -> tuple[str, str]:
    """The number and its unit apart, for tiles; a missing value is (未上报, "")."""
    if is_missing(value):
        return words("value.unreported"), ""
    if unit == MONEY:
        amount, key = split_money(float(value))
        return number(amount, decimals if key == "unit.yuan" else 2), words(key)
    return number(float(value), decimals), unit_name(unit, words)


def quantity(value: Any, unit: str, words: Words, *, decimals: int = 0, below: int | None = None) -> str:
    """A value with its unit: `74.2%`, `513 个小区`, `4,150.00 万元`, 未上报, or `<5` for a suppressed count.

    Args:
        value: number, None or NaN; money in 元.
        below: the count is suppressed because it is smaller than this.
    """
    if below is not None:
        return f"<{below}"
    text, name = parts(value, unit, words, decimals=decimals)
    if not name:
        return text
    return f"{text}{name}" if name in PERCENT_UNITS else words("value.with_unit", value=text, unit=name)


def change(value: float, unit: str, words: Words, *, decimals: int = 0) -> str:
    """A difference in words' units: `+3.1 个百分点` for percentages, `+3 个小区` otherwise."""
    if unit == "%":
        return words("value.points", value=signed(value, max(decimals, 1)))
    if unit == MONEY:
        amount, key = split_money(value)
        return words("value.with_unit", value=signed(amount, 0 if key == "unit.yuan" else 2), unit=words(key))
    return words("value.with_unit", value=signed(value, decimals), unit=unit_name(unit, words))


def published(value: float, bound: str, words: Words, *, unit: str = "", decimals: int = 0) -> str:
    """A published figure with its bound kept: 4,000余 件, 近1,500 个, 约4,150 万元."""
    text, name = parts(value, unit, words, decimals=decimals)
    # Two decimals would make 约4150万元 look measured.
    text = text.removesuffix(".00")
    kind = Bound(bound)
    if kind is not Bound.EXACT:
        text = words(f"bound.{kind.name.lower()}", value=text)
    if not name:
        return text
    return f"{text}{name}" if name in PERCENT_UNITS else words("value.with_unit", value=text, unit=name)


def month_name(month: str, words: Words) -> str:
    """`2026-10` → 2026年10月 / Oct 2026."""
    year, number_of_month = month.split("-")
    return words("value.month", year=year, month=int(number_of_month), name=words(f"month.{int(number_of_month)}"))
