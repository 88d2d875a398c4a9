"""Texts inside a dropdown."""

from __future__ import annotations

from dashboard.wording import Words


def dropdown_labels(words: Words) -> dict[str, str]:
    """Texts inside a dropdown."""
    return {
        "search": words("filter.search"),
        "clear_search": words("filter.clear"),
        "clear_selection": words("filter.clear"),
        "no_options_found": words("filter.nothing_found"),
    }
