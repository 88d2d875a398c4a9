"""Cards of the page `coverage`."""

from __future__ import annotations

from typing import Any

from dashboard.cards.coverage import chain, founding, life, members, posts, sites, states
from dashboard.cards.types import Card, Draw, Kind
from data.catalogue.types import Page


def _card(name: str, indicators: tuple[str, ...], draw: Draw, height: int, kind: Kind = "figure") -> Card:
    rest: dict[str, Any] = {
        "indicators": tuple(dict.fromkeys(indicators)),
        "draw": draw,
        "height": height,
        "kind": kind,
    }
    return Card(name=f"coverage.{name}", page=Page.COVERAGE, **rest)


CARDS: tuple[Card, ...] = (
    _card("headline", chain.HEADLINE, chain.headline, 70, "headline"),
    _card("chain", (*chain.BUILT, *chain.CLOSED), chain.six_levels, 290),
    _card("escalation", (chain.ESCALATION,), chain.escalation, 290),
    _card("states", (*states.SUBJECTS, states.FALLBACK), states.by_area, 300),
    _card("tiles", (*states.TILE_KEYS, states.FALLBACK), states.tiles, 470),
    _card("due", founding.DUE, founding.due_branches, 380, "grid"),
    _card("builds", founding.BUILDS, founding.five_builds, 380),
    _card("modes", founding.MODES, founding.modes, 280),
    _card("timeline", ("compound_branches", *founding.MODES), founding.timeline, 280),
    _card("organisations", founding.ORGANISATIONS, founding.organisations, 330, "grid"),
    _card("cross", posts.CROSS, posts.cross_posts, 320),
    _card("committees", posts.COMMITTEES, posts.committees, 320),
    _card("party_seats", (posts.SHARE,), posts.party_seats, 260),
    _card("seats", ("committee_party_majority",), posts.seat_sizes, 260),
    _card("posts", posts.POSTS, posts.posts, 260),
    _card("members", (members.REPORTED, "member_report_rate"), members.course, 260),
    _card("kinds", members.KINDS, members.composition, 260),
    _card("work", members.WORK, members.work, 320),
    _card("conduct", (members.TRIGGERED, members.RECTIFIED), members.conduct, 320),
    _card("life", life.JOINT, life.joint_life, 240),
    _card("meetings", life.MEETINGS, life.meetings, 240),
    _card("branch_meetings", (life.BRANCH_MEETINGS,), life.branch_meetings, 240),
    _card("six", sites.SIX, sites.six_have, 300),
    _card("stations", (*sites.STATIONS, "stations", "stations_urban"), sites.stations, 300),
    _card("people", sites.PEOPLE, sites.people, 300),
)
