"""What maps of several pages share: the ground under a selection, compounds by state, what every map must say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.cards.reading import Reading
from dashboard.figures.choropleth import PointState, unreported_codes
from dashboard.figures.gathering import CELLS, LARGEST, gathered
from dashboard.figures.ground import Ground
from dashboard.grounds import ground_of
from dashboard.numbers import is_missing, number, quantity
from dashboard.theme import Ink
from dashboard.wording import Words
from data.catalogue import INDICATORS, MEASURES, Indicator, Reported
from data.query import Period, Selection
from data.query.matrices import Rows
from data.satisfaction import compound_estimates, latest_wave
from data.schema.vocabulary import UnitKind
from data.statistics.bands import SatisfactionBand

if TYPE_CHECKING:
    from data.query import Reader

SATISFACTION = "satisfaction"
# With more points a map draws slowly and shows a blot: it then shows them gathered, and says so.
MOST_POINTS = 1500
# Cells of a map that is one of several, and the largest mark on it, px at 1×.
SMALL = (14, 10.0)
# Size of points that carry no state, px at 1×.
_PLAIN_PX = 3.5
# The indicator whose numerator is 兜底, for indicators that know that state.
FALLBACK = {"branch_coverage": "branch_fallback"}


def map_period(reading: Reading, key: str) -> Period:
    """The month a map of `key` shows: for what is surveyed in waves the last wave."""
    if key == SATISFACTION:
        wave = latest_wave(reading.reader, reading.month, reading.view.selection)
        if wave is not None:
            return Period.of(wave)
    return reading.period


def grounded(reading: Reading, key: str, period: Period) -> tuple[Ground, pd.DataFrame] | None:
    """The ground of the view's area with the figures of its areas; None where the store has no shapes."""
    view = reading.view
    plain = ground_of(reading.reader, view.area)
    if plain is None:
        return None
    where = replace(view.selection, area=plain.parent)
    found = reading.figures([key], by=plain.level, period=period, selection=where)[key]
    silent = unreported_codes(found)
    if silent and found["expected"].isna().all():
        # Nobody counts who owes this one: then a place without a compound owes nothing.
        here = reading.figures(["compounds"], by=plain.level, selection=where)["compounds"]
        settled = set(here.loc[here["value"].fillna(0) > 0, "group"])
        silent = [code for code in silent if code in settled]
    if not silent:
        return plain, found
    hatched = ground_of(reading.reader, view.area, unreported=silent)
    assert hatched is not None
    return hatched, found


def is_state(indicator: Indicator) -> bool:
    """Whether a compound either has it or not."""
    return indicator.denominator is Reported.UNITS and MEASURES[indicator.numerator[0]].units[0] is UnitKind.COMPOUND


def located(reading: Reading, selection: Selection | None = None) -> pd.DataFrame:
    """Compounds of the selection with coordinates: id, name, area_code, street (a category), county, lon, lat.

    The index says which of all located compounds a row is.
    """
    reader = reading.reader
    rows, units = _all_located(reader)
    where = selection or reading.view.selection
    if where == Selection():
        return rows.copy(deep=False)
    return rows[reader.is_inside(units, where, reader.latest_month)]


def _all_located(reader: Reader) -> tuple[pd.DataFrame, Rows]:
    """All located compounds that may be read, and what `Reader.is_inside` knows them by."""

    def read() -> tuple[pd.DataFrame, Rows]:
        rows = reader.register("compound")
        rows = rows[rows["lon"].notna() & rows["lat"].notna() & rows["is_managed"].fillna(True).astype(bool)]
        rows = rows.rename(columns={"compound_id": "id"}).reset_index(drop=True)
        rows = rows[["id", "name", "area_code", "street", "county", "lon", "lat"]]
        return rows.astype({"street": "category"}), reader.compound_rows(rows["id"].tolist())

    found: tuple[pd.DataFrame, Rows] = reader.remember("located", read)
    return found


def as_marks(
    points: Sequence[PointState], bounds: tuple[float, float, float, float], words: Words, *, is_small: bool = False
) -> tuple[list[PointState], str]:
    """The points as a map of `bounds` shows them, gathered where they are too many; and a note that says so.

    Args:
        is_small: the map is one of several in a card.
    """
    count = sum(len(state.points) for state in points)
    if count <= MOST_POINTS:
        return [*points], ""
    placed = [replace(state, points=state.points.rename(columns={"street": "area"})) for state in points]
    cells, largest = SMALL if is_small else (CELLS, LARGEST)
    return gathered(placed, bounds, words, cells=cells, largest=largest), words("mapping.gathered", n=number(count))


def compound_states(reading: Reading, key: str, period: Period, ink: Ink, points: pd.DataFrame) -> list[PointState]:
    """`points` by what they say of the indicator: bands of satisfaction, 有 / 兜底 / 无 / 未上报, or just compounds.

    Args:
        points: rows of `located`. Of so many that they will be gathered none says anything by itself.
    """
    words = reading.words
    if key == SATISFACTION:
        return _bands(reading, ink, points)
    if is_state(INDICATORS[key]):
        return _states(reading, key, period, ink, points)
    texts = [f"<b>{name}</b>" for name in _named_alone(points)]
    # They say where compounds are, nothing else: small, so that they do not hide the areas.
    return [PointState(words("figure.compounds"), ink.ink, "circle", points.assign(text=texts or "", size=_PLAIN_PX))]


def _named_alone(points: pd.DataFrame) -> list[str]:
    """Names of points that are few enough to be drawn one by one; else none."""
    return points["name"].tolist() if len(points) <= MOST_POINTS else []


def estimated(reader: Reader, month: str) -> pd.DataFrame:
    """What is known of the satisfaction of each located compound: band (its place in `SatisfactionBand`), shrunk, valid."""

    def read() -> pd.DataFrame:
        rows, _ = _all_located(reader)
        known = compound_estimates(reader, month).set_index("compound_id").reindex(rows["id"])
        number_of = {band: number for number, band in enumerate(SatisfactionBand)}
        band = known["band"].fillna(SatisfactionBand.UNKNOWN).map(number_of).to_numpy(dtype=np.int8)
        return pd.DataFrame({"band": band, "shrunk": known["shrunk"].to_numpy(), "valid": known["valid"].to_numpy()})

    found: pd.DataFrame = reader.remember(("located estimates", month), read, is_fact=True)
    return found


def _bands(reading: Reading, ink: Ink, points: pd.DataFrame) -> list[PointState]:
    words = reading.words
    whole = estimated(reading.reader, reading.month)
    at = points.index.to_numpy()
    texts = _told(reading, at) if len(points) <= MOST_POINTS else ""
    number_of = {state: at for at, state in enumerate(SatisfactionBand)}
    looks = (
        (number_of[SatisfactionBand.GREEN], words("band.green"), ink.good, "circle"),
        (number_of[SatisfactionBand.UNKNOWN], words("band.unknown"), ink.muted, "circle-open"),
        (number_of[SatisfactionBand.REVIEW], words("band.review"), ink.warn, "triangle-up"),
        (number_of[SatisfactionBand.RED], words("band.red"), ink.alert, "diamond"),
    )
    return _parted(points.assign(text=texts), whole["band"].to_numpy()[at], looks)


def _parted(points: pd.DataFrame, state: NDArray[Any], looks: Sequence[tuple[Any, str, str, str]]) -> list[PointState]:
    """The points of each state, in its look: state, name, colour, symbol."""
    return [
        PointState(name, colour, symbol, points.take(np.flatnonzero(state == each)))
        for each, name, colour, symbol in looks
    ]


def _told(reading: Reading, at: Rows) -> list[str]:
    """What a map says of the satisfaction of the located compounds `at`, places in `estimated`."""
    reader, month, words = reading.reader, reading.month, reading.words
    if len(estimated(reader, month)) > MOST_POINTS:
        return _texts(reader, month, words, at)
    everyone = all_told(reader, month, words)
    return [everyone[place] for place in at]


def all_told(reader: Reader, month: str, words: Words) -> list[str]:
    """What a map says of the satisfaction of each located compound; nothing where they are too many to be drawn."""
    count = len(estimated(reader, month))
    if count > MOST_POINTS:
        return []
    found: list[str] = reader.remember(
        ("told", month, words.lang), lambda: _texts(reader, month, words, np.arange(count)), is_fact=True
    )
    return found


def _texts(reader: Reader, month: str, words: Words, at: Rows) -> list[str]:
    known, names = estimated(reader, month), _all_located(reader)[0]["name"].to_numpy()[at].tolist()
    rates, counts = (known[field].to_numpy()[at].tolist() for field in ("shrunk", "valid"))
    texts = []
    for name, rate, n in zip(names, rates, counts, strict=True):
        said = (
            words("figure.unreported")
            if is_missing(rate)
            else words("mapping.estimate", value=quantity(rate * 100, "%", words, decimals=1), n=number(float(n)))
        )
        texts.append(f"<b>{name}</b><br>{said}")
    return texts


def unit_states(reading: Reading, key: str, period: Period) -> pd.DataFrame:
    """One row a compound of the selection: group, label, numerator, state (present, fallback, absent, unreported)."""
    second = FALLBACK.get(key)
    found = reading.figures(["compounds", key, *([second] if second else [])], by="compound", period=period)
    # A compound that did not stand yet has nothing to report.
    stood = (found["compounds"]["value"].fillna(0) > 0).to_numpy()
    rows = found[key].loc[stood, ["group", "label", "numerator", "denominator"]].reset_index(drop=True)
    said = rows["denominator"].fillna(0) > 0
    state = pd.Series("unreported", index=rows.index).mask(said, "absent")
    if second:
        given = found[second].set_index("group")["numerator"].reindex(rows["group"]).fillna(0).to_numpy(dtype=float)
        state = state.mask(said & (given > 0), "fallback")
    rows["state"] = state.mask(said & (rows["numerator"].fillna(0) > 0), "present")
    return rows


def _states(reading: Reading, key: str, period: Period, ink: Ink, points: pd.DataFrame) -> list[PointState]:
    words = reading.words
    state = unit_states(reading, key, period).set_index("group")["state"].reindex(points["id"]).fillna("unreported")
    title = words.of(INDICATORS[key])
    said = {now: words(f"state.{now}") for now in ("absent", "unreported", "fallback", "present")}
    names = _named_alone(points)
    texts = [f"<b>{name}</b><br>{title} {said[now]}" for name, now in zip(names, state.tolist(), strict=False)]
    rows = points.assign(text=texts or "")
    looks = (
        ("absent", said["absent"], ink.ink, "circle-open"),
        ("unreported", said["unreported"], ink.muted, "x-thin-open"),
        ("fallback", said["fallback"], ink.warn, "triangle-up"),
        ("present", said["present"], ink.accent, "circle"),
    )
    return _parted(rows, state.to_numpy(), looks)


def map_note(ground: Ground, words: Words, *more: str) -> str:
    """What every map of these shapes must say: that they are schematic, or their review number."""
    texts = [*more]
    if ground.is_schematic:
        texts.append(words("card.schematic"))
    texts += [words("card.review_no", number=number_) for number_ in ground.review_numbers]
    return words("text.middot").join(text for text in texts if text)
