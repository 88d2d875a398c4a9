"""Numbers as text: thousands, per cent, 万元, 未上报, and published bounds. Only text is rounded; plots never are."""

from __future__ import annotations

import math
from typing import Any

from dashboard.wording import Words
from data.schema.vocabulary import Bound

MINUS = "−"
PERCENT_UNITS = ("%", "‰")
MONEY = "元"
# Worth in 元 and key of each larger unit, the largest first.
_MONEY_UNITS: dict[str, tuple[tuple[float, str], ...]] = {
    "zh": ((1e8, "unit.yi_yuan"), (1e4, "unit.wan_yuan")),
    "en": ((1e9, "unit.billion_yuan"), (1e6, "unit.million_yuan")),
}


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
    if value >= 0:
        return text
    is_zero = not any(digit in text for digit in "123456789")
    return text if is_zero else MINUS + text


def signed(value: float, decimals: int = 0) -> str:
    """`+3.1`, `−0.4`, `0.0`."""
    text = number(value, decimals)
    return text if text.startswith(MINUS) or not any(d in text for d in "123456789") else f"+{text}"


def unit_name(unit: str, words: Words) -> str:
    """A unit of the catalogue in the language of the page; signs such as % stay."""
    return words(f"unit.{unit}") if words.has(f"unit.{unit}") else unit


def money_unit(yuan: float, words: Words) -> tuple[float, str]:
    """What the unit an amount is said in is worth in 元, and its name: 元, 万元, 亿元; in English yuan, million, billion."""
    worth, key = next(
        ((worth, key) for worth, key in _MONEY_UNITS[words.lang] if abs(yuan) >= worth), (1.0, "unit.yuan")
    )
    return worth, words(key)


def money_column(words: Words) -> tuple[float, str]:
    """Worth in 元 and name of the unit in which a table gives all its amounts: 万元; in English million yuan."""
    worth, key = _MONEY_UNITS[words.lang][-1]
    return worth, words(key)


def money(yuan: float, words: Words) -> tuple[str, str]:
    """An amount in about four digits and its unit: `4,150` 万元, `528.6` 万元, `3.06` 亿元, `9,999` 元."""
    worth, name = money_unit(yuan, words)
    amount = yuan / worth
    if worth == 1:
        return number(amount), name
    return number(amount, 0 if abs(amount) >= 1000 else 1 if abs(amount) >= 100 else 2), name


def parts(value: Any, unit: str, words: Words, *, decimals: int = 0) -> tuple[str, str]:
    """The number and its unit apart, for tiles; a missing value is (未上报, "")."""
    if is_missing(value):
        return words("value.unreported"), ""
    if unit == MONEY:
        return money(float(value), words)
    return number(float(value), decimals), unit_name(unit, words)


def quantity(value: Any, unit: str, words: Words, *, decimals: int = 0, below: int | None = None) -> str:
    """A value with its unit: `74.2%`, `513 个小区`, `4,150 万元`, 未上报, or `<5` for a suppressed count.

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
        text, name = money(value, words)
        return words("value.with_unit", value=text if text.startswith(MINUS) or not value else f"+{text}", unit=name)
    return words("value.with_unit", value=signed(value, decimals), unit=unit_name(unit, words))


def published(value: float, bound: str, words: Words, *, unit: str = "", decimals: int = 0) -> str:
    """A published figure with its bound kept: 4,000余 件, 近1,500 个, 约4,150 万元."""
    text, name = parts(value, unit, words, decimals=decimals)
    # Two decimals would make 约4150万元 look measured.
    text = text.rstrip("0").rstrip(".") if unit == MONEY and "." in text else text
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
