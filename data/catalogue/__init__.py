"""The catalogue: every measure and indicator, declared once.

Roll-ups, charts, tooltips, exports, the import template and the dictionary are projections of it.
"""

from __future__ import annotations

from data.catalogue import (
    cases,
    committees,
    companies,
    fees,
    governance,
    members,
    organisation,
    registers,
    satisfaction,
)
from data.catalogue.types import Absence, Indicator, Measure, Nature, Page, Reported
from data.errors import GovernanceError, unknown_key

_MODULES = (registers, organisation, committees, members, cases, fees, satisfaction, companies, governance)

# Derived measures read the cells of others, so they come last.
MEASURES: dict[str, Measure] = {
    m.key: m for m in (*(m for module in _MODULES for m in module.MEASURES), *organisation.DERIVED)
}
INDICATORS: dict[str, Indicator] = {i.key: i for module in _MODULES for i in module.INDICATORS}


def _check() -> None:
    """Raise at import when an entry names a measure that does not exist or repeats a key."""
    declared = [m.key for module in _MODULES for m in module.MEASURES] + [m.key for m in organisation.DERIVED]
    problems = [f"measure declared twice: {k}" for k in {k for k in declared if declared.count(k) > 1}]
    keys = [i.key for module in _MODULES for i in module.INDICATORS]
    problems += [f"indicator declared twice: {k}" for k in {k for k in keys if keys.count(k) > 1}]
    for m in MEASURES.values():
        problems += [f"{m.key}: no measure {k}" for k in (m.pair, m.population) if k and k not in MEASURES]
        problems += [f"{m.key}: no measure {k}" for k in m.derived_from if k not in MEASURES]
    for i in INDICATORS.values():
        parts = i.numerator if i.denominator in (None, Reported.UNITS) else (*i.numerator, *(i.denominator or ()))
        problems += [f"{i.key}: no measure {k}" for k in parts if k not in MEASURES]
        if i.denominator is Reported.UNITS and len(i.numerator) != 1:
            problems.append(f"{i.key}: a share of reported units has one numerator")
        if not i.codes and i.key not in {"households"}:
            problems.append(f"{i.key}: names no mechanism of the sources")
    if problems:
        raise GovernanceError("指标目录有误：" + "；".join(problems), code="catalogue")


_check()


def measure(key: str) -> Measure:
    """The measure `key`. Raises UnknownKeyError with the nearest key."""
    if key not in MEASURES:
        raise unknown_key(key, MEASURES, kind="计数项")
    return MEASURES[key]


def indicator(key: str) -> Indicator:
    """The indicator `key`. Raises UnknownKeyError with the nearest key."""
    if key not in INDICATORS:
        raise unknown_key(key, INDICATORS, kind="指标")
    return INDICATORS[key]


__all__ = [
    "INDICATORS", "MEASURES", "Absence", "Indicator", "Measure", "Nature", "Page", "Reported", "indicator", "measure",
]  # fmt: skip
