"""Identifiers of components, each written once."""

from __future__ import annotations

from enum import StrEnum
from typing import Any


class Id(StrEnum):
    """Components that exist once."""

    URL = "url"
    NAVIGATE = "navigate"
    REDRAW = "redraw"
    CONTROLS = "controls"
    FILTERS_ROW = "filters-row"
    SHOWN = "shown"
    ARRIVED = "arrived"
    APP = "app"
    BRAND = "brand"
    NAV = "nav"
    CRUMBS = "crumbs"
    FILTERS = "filters"
    FILTERS_SUMMARY = "filters-summary"
    NOTICES = "notices"
    BADGES = "badges"
    WATER = "water"
    SWITCHES = "switches"
    THEME = "theme-switch"
    PAGE = "page"
    ASKED = "asked"
    PANEL = "panel"
    PANEL_TITLE = "panel-title"
    PANEL_BODY = "panel-body"
    RETRY = "retry"
    FIND_COMPOUND = "find-compound"
    FIND_ASKED = "find-asked"
    LABORATORY = "laboratory"
    LABORATORY_FOR = "laboratory-for"
    WEIGHING = "weighing"
    WEIGHTS_MARK = "weights-mark"
    WEIGHTS_RESET = "weights-reset"
    WEIGHTS_SUMMARY = "weights-summary"


class ScreenId(StrEnum):
    """Components of the large screen that exist once."""

    ROOT = "screen"
    CANVAS = "screen-canvas"
    BRAND = "screen-brand"
    AS_OF = "screen-as-of"
    LOST = "screen-lost"
    LOST_SINCE = "screen-lost-since"
    STALE = "screen-stale"
    DAY = "screen-day"
    CLOCK = "screen-clock"
    SCENES = "screen-scenes"
    TABS = "screen-tabs"
    PERIOD = "screen-period"
    HINT = "screen-hint"
    HELP = "screen-help"


class Part(StrEnum):
    """`type` of components that exist once a card or filter."""

    SLOT = "slot"
    FIGURE = "figure"
    WEIGHT = "weight"
    WEIGHT_SHARE = "weight-share"
    GRID = "grid"
    TITLES = "titles"
    COVER = "cover"
    INSIDE = "inside"
    ALT = "alt"
    FOOT = "foot"
    FILTER = "filter"
    FILTER_LABEL = "filter-label"


class Filter(StrEnum):
    """The controls of the filter bar, in order."""

    COUNTY = "county"
    STREET = "street"
    COMMUNITY = "community"
    GRID = "grid"
    KIND = "kind"
    COMPANY = "company"
    MONTH = "month"


class DataId(StrEnum):
    """Components of the data page that exist once."""

    DROP = "data-drop"
    LIMIT = "data-limit"
    UPLOAD = "data-upload"
    JOB = "data-job"
    POLL = "data-poll"
    PROGRESS = "data-progress"
    CHANGED = "data-changed"
    TABLE = "data-table"
    MAPPING = "data-mapping"
    CRS = "data-crs"
    CITY = "data-city"
    COMMIT = "data-commit"
    COMMIT_ACCEPTED = "data-commit-accepted"
    DISCARD = "data-discard"
    BATCH = "data-batch"
    REVERT = "data-revert"
    REVERT_ASK = "data-revert-ask"
    REVERT_TEXT = "data-revert-text"
    REVERT_NUMBER = "data-revert-number"
    REVERT_CONFIRM = "data-revert-confirm"
    REVERT_CANCEL = "data-revert-cancel"
    TRACE = "data-trace"
    TRACE_ROWS = "data-trace-rows"


class BriefingId(StrEnum):
    """Components of the briefing page that exist once."""

    BASKET = "briefing-basket"
    ENTRIES = "briefing-entries"
    COUNT = "briefing-count"
    WHAT = "briefing-what"
    SCOPE = "briefing-scope"
    TITLE = "briefing-title"
    TEMPLATE = "briefing-template"
    TEMPLATE_SAID = "briefing-template-said"
    UPLOAD = "briefing-upload"
    BUILD = "briefing-build"
    CANCEL = "briefing-cancel"
    JOB = "briefing-job"
    POLL = "briefing-poll"
    PROGRESS = "briefing-progress"
    CHANGED = "briefing-changed"
    OLDER = "briefing-older"
    NEWER = "briefing-newer"
    DIFF_SAID = "briefing-diff-said"


def dotless(name: str) -> str:
    """`coverage.states` → `coverage-states`: Dash takes no dot in an id, nor in a part of one."""
    return name.replace(".", "-")


def card_name(key: str) -> str:
    """The card of a key: `coverage-states` → `coverage.states`."""
    return key.replace("-", ".", 1)


def card_id(name: str) -> str:
    """Id of the frame of card `name`."""
    return f"card-{dotless(name)}"


def part_id(part: Part, name: Any) -> dict[str, Any]:
    """Id of a part of card `name`, or of a filter; `name` may be `dash.ALL`."""
    return {"type": str(part), "name": dotless(name) if isinstance(name, str) else name}


def screen_part(name: str, part: str) -> dict[str, str]:
    """Id of a part of the large screen: `title` of a scene, `titles`, `body`, `figure` or `foot` of a card in one."""
    return {"type": f"screen-{part}", "name": name}
