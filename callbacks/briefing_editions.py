"""The editions of the page `briefing`: which there are, and in which numbers two of them differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import Dash, Input, Output, State, ctx, no_update
from dash.exceptions import PreventUpdate

from callbacks.message import message_of
from dashboard.access import User, current_user
from dashboard.briefing.diff import Difference, compare
from dashboard.briefing.editions import Edition, listed, numbers_of
from dashboard.cards.data.batches import local_time
from dashboard.events import LOG
from dashboard.ids import BriefingId, Part, part_id
from dashboard.numbers import month_name, number, quantity
from dashboard.services import Services
from dashboard.wording import Words
from data.catalogue import INDICATORS
from data.errors import GovernanceError
from layouts.briefing import DIFF, HISTORY

if TYPE_CHECKING:
    from data.query import Reader

MOST_DIFFERENCES = 5000


def history(words: Words, user: User, services: Services) -> dict[str, Any]:
    """Rows of the history, and the editions to choose from, the last two chosen."""
    found = listed(services.reader().engine, user)
    options = [
        {
            "value": each.edition_id,
            "label": words(
                "briefing.diff.option", number=each.edition_id, title=each.title, month=month_name(each.month, words),
                made=local_time(each.created_at)[5:],
            ),
        }
        for each in found
    ]  # fmt: skip
    older, newer = pair_of(found)
    return {"rows": [_row(each, words) for each in found], "options": options, "older": older, "newer": newer}


def pair_of(found: list[Edition]) -> tuple[int | None, int | None]:
    """The last edition of a place of which there is an earlier one, and that; two places are compared only on demand."""
    for position, last in enumerate(found):
        before = next((each for each in found[position + 1 :] if each.place == last.place), None)
        if before is not None:
            return before.edition_id, last.edition_id
    return None, found[0].edition_id if found else None


def _row(each: Edition, words: Words) -> dict[str, Any]:
    return {
        "number": each.edition_id, "title": each.title, "place": each.place, "month": month_name(each.month, words),
        "made": local_time(each.created_at), "actor": each.actor, "revision": each.revision,
        "sha256": each.sha256[:12], "file": each.file_name,
    }  # fmt: skip


def differences(older: Any, newer: Any, words: Words, user: User, services: Services) -> tuple[list[Any], str]:
    """Rows of the comparison and a sentence about them."""
    if not isinstance(older, int) or not isinstance(newer, int):
        return [], words("briefing.diff.two")
    reader = services.reader()
    engine = reader.engine
    try:
        before, after = (numbers_of(engine, each, user)[1] for each in (older, newer))
        with engine.connect() as connection:
            found = compare(before, after, connection)
    except (GovernanceError, KeyError, TypeError) as error:
        LOG.warning("editions not compared", reason=str(error))
        return [], str(error)
    if not found:
        return [], words("briefing.diff.none")
    counts: dict[str, int] = {}
    for each in found:
        counts[each.cause] = counts.get(each.cause, 0) + 1
    causes = [
        words("briefing.diff.summary_part", cause=words(f"briefing.diff.cause.{cause}"), count=number(count))
        for cause, count in counts.items()
    ]
    rows = [
        {"row": str(place), **_compared(each, reader, words)} for place, each in enumerate(found[:MOST_DIFFERENCES])
    ]
    return rows, words("briefing.diff.summary", count=number(len(found)), causes=words.listed(causes))


def _compared(each: Difference, reader: Reader, words: Words) -> dict[str, Any]:
    indicator = INDICATORS.get(each.key)
    title = words.of(indicator) if indicator else each.key
    # A figure of a course is told by its month, which has a column of its own: what it is of is the course's place.
    place = reader.label(each.selection.get("compound") or each.selection.get("area") or reader.city.code)
    label = place if each.group in each.months else each.label

    def shown(value: float | None) -> str:
        if value is None and not each.is_in_both:
            return words("briefing.diff.not_in")
        if indicator is None:
            return "" if value is None else number(value, 2)
        return quantity(value, indicator.unit, words, decimals=indicator.decimals)

    was, becomes = (month_name(month, words) for month in each.months)
    sure = {True: "beyond", False: "within", None: "no_interval"}[each.is_discernible]
    return {
        "indicator": title, "label": label,
        "months": was if was == becomes else words("briefing.diff.month_pair", before=was, after=becomes),
        "before": shown(each.before), "after": shown(each.after), "cause": words(f"briefing.diff.cause.{each.cause}"),
        "sure": words(f"briefing.diff.{sure}"), "batches": words.listed([f"#{batch}" for batch in each.batches]),
    }  # fmt: skip


def register(app: Dash, services: Services) -> None:
    """Wire the history and the comparison."""

    def words_of(data: Any) -> Words:
        return message_of(data).read(services.reader(), services.settings.lang)[2]

    def show(changed: Any, data: Any, older: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            raise PreventUpdate
        found = history(words_of(data), current_user(), services)
        if ctx.triggered_id == BriefingId.BASKET and older is not None:
            # Only the basket has changed: what was chosen to compare stays.
            found |= {"older": no_update, "newer": no_update}
        return {**found, "options_again": found["options"]}

    def compared(older: Any, newer: Any, data: Any) -> tuple[list[Any], str]:
        return differences(older, newer, words_of(data), current_user(), services)

    app.callback(
        output={
            "rows": Output(part_id(Part.GRID, HISTORY), "rowData"),
            "options": Output(BriefingId.OLDER, "options"),
            "options_again": Output(BriefingId.NEWER, "options"),
            "older": Output(BriefingId.OLDER, "value"),
            "newer": Output(BriefingId.NEWER, "value"),
        },
        inputs={"changed": Input(BriefingId.CHANGED, "data"), "data": Input(BriefingId.BASKET, "data")},
        state={"older": State(BriefingId.OLDER, "value")},
        prevent_initial_call=True,
    )(show)
    app.callback(
        output=[Output(part_id(Part.GRID, DIFF), "rowData"), Output(BriefingId.DIFF_SAID, "children")],
        inputs=[Input(BriefingId.OLDER, "value"), Input(BriefingId.NEWER, "value")],
        state=[State(BriefingId.BASKET, "data")],
        prevent_initial_call=True,
    )(compared)
