"""What can be wrong with a scheme or with the data it is run on; each its own class, each in plain Chinese."""

from __future__ import annotations

from data.errors import GovernanceError


class SchemeError(GovernanceError):
    """Any refusal of a scheme file or of the data set it is run on."""


class UnreadableSchemeError(SchemeError):
    """The scheme file is missing, is not YAML, or is not a mapping."""


class UnknownOptionError(SchemeError):
    """A key the scheme format does not have, usually a spelling mistake."""


class OptionValueError(SchemeError):
    """A known option with a value it cannot take."""


class DuplicateKeyError(SchemeError):
    """Two nodes of the hierarchy share a key."""


class HierarchyError(SchemeError):
    """Unknown parent, several roots or none, or an aggregate without members."""


class CycleError(HierarchyError):
    """A node is, over its parents, its own ancestor."""


class WeightError(SchemeError):
    """Weights that are negative, all zero, or do not sum to what the scheme says they sum to."""


class UnknownIndicatorError(SchemeError):
    """The scheme names a column (indicator, denominator, group, unit) that the data do not have."""


class IndicatorValueError(SchemeError):
    """Text where a number belongs, or an infinite value."""


class ConstantIndicatorError(SchemeError):
    """Every unit has the same value, so the indicator cannot be put on a relative scale."""


class EmptyIndicatorError(SchemeError):
    """No unit has a value."""


class DuplicateUnitError(SchemeError):
    """A unit occurs twice, or a row has no unit."""


class GeometricMeanError(SchemeError):
    """A geometric mean over negative scores, which has no meaning."""
