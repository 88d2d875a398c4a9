"""Asking the store: a selection, a period, a grouping in; figures with numerator, denominator and interval out."""

from data.query.reader import GROUPINGS, City, Reader
from data.query.selection import Period, Selection, completed_quarter

__all__ = ["GROUPINGS", "City", "Period", "Reader", "Selection", "completed_quarter"]
