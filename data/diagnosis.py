"""The five-word diagnosis 小差慢低缺 of a compound: each word a figure, what it is held against, and a verdict.

The words are those of the source documents (A03); what makes a word true is this project's proposal and stands here.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from data.catalogue import indicator as indicator_of
from data.errors import unknown_key
from data.peers import Peers, peers_of, pooled
from data.query import Period, Reader, Selection
from data.satisfaction import compound_estimates, months_back
from data.schema.vocabulary import UnitKind
from data.statistics.bands import SatisfactionBand

# Cases and fees are judged over a year, as in the index.
WINDOW_MONTHS = 12
LOWEST_QUARTER, MIDDLE = 0.25, 0.5


class Word(StrEnum):
    """What the sources name as the faults of property management."""

    SMALL = "小"
    POOR = "差"
    SLOW = "慢"
    LOW = "低"
    LACKING = "缺"


class Verdict(StrEnum):
    """Whether a word is true of a compound."""

    YES = "突出"
    MAYBE = "存疑"
    NO = "不突出"
    UNKNOWN = "未上报"


INDICATOR_OF = {
    Word.SMALL: "households", Word.POOR: "satisfaction", Word.SLOW: "case_on_time_rate",
    Word.LOW: "fee_collection_rate", Word.LACKING: "committee_rate",
}  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """One word with what it rests on, in the indicator's unit; None where there is nothing to say.

    Attributes:
        value, low, high: the compound's figure with its interval where it has one. For 小 it is the households its
            company looks after, and street, city and peers are medians over the companies there.
        period: months the figure is of.
    """

    word: Word
    key: str
    value: float | None
    low: float | None
    high: float | None
    street: float | None
    city: float | None
    peers: float | None
    verdict: Verdict
    period: Period


def diagnose(reader: Reader, compound: str, month: str) -> list[Finding]:
    """The five words in their order.

    小: households its company looks after, among the companies of the city: lowest quarter 突出, below the middle 存疑.
    差: the band of the 60 % rule: 红 突出, 待复核 存疑. 慢: resolved in time over twelve months: interval below the
    peers' rate 突出, only the value below 存疑. 低: fees collected over twelve months: among the peers' lowest quarter
    突出, below their middle 存疑. 缺: no committee 突出, one that is not in term 存疑.

    Source: 小差慢低缺 are the sources' words (A03); what makes a word true is this project's proposal.
    """
    if reader.scope is not None and compound not in (mine := reader.own(UnitKind.COMPOUND)):
        raise unknown_key(compound, mine, kind="小区编号")
    # What a compound is held against is the same whoever asks: sums of street, city and peers, no row of theirs.
    everyone = reader.whole
    found: list[Finding] = everyone.remember(
        ("diagnosis", compound, month), lambda: _diagnose(everyone, compound, month)
    )
    return list(found)


def _diagnose(reader: Reader, compound: str, month: str) -> list[Finding]:
    peers = peers_of(reader, compound, month)
    year = Period(max(reader.months[0], months_back(month, WINDOW_MONTHS - 1)), month)
    register = reader.register("compound").set_index("compound_id")
    street = register["street"].get(compound)
    near = None if street is None or pd.isna(street) else str(street)
    return [
        _small(reader, compound, near, month),
        _poor(reader, compound, near, month, peers),
        _rate(reader, Word.SLOW, compound, near, year, peers),
        _rate(reader, Word.LOW, compound, near, year, peers),
        _lacking(reader, compound, near, Period.of(month), peers),
    ]


def company_of(reader: Reader, compound: str, month: str) -> str | None:
    """The company that manages the compound at the end of `month`."""
    relations = companies_of(reader, month)
    found = relations.loc[relations["compound_id"] == compound, "company_id"]
    return str(found.iloc[-1]) if len(found) else None


def companies_of(reader: Reader, month: str) -> pd.DataFrame:
    """compound_id, company_id as they stand at the end of `month`."""
    end = pd.Timestamp(f"{month}-01") + pd.offsets.MonthEnd(0)
    rows = reader.register("management")
    standing = (
        rows["company_id"].notna()
        & (rows["valid_from"].isna() | (rows["valid_from"] <= end))
        & (rows["valid_to"].isna() | (rows["valid_to"] >= end))
    )
    return rows.loc[standing, ["compound_id", "company_id"]].drop_duplicates("compound_id", keep="last")


def _small(reader: Reader, compound: str, street: str | None, month: str) -> Finding:
    relations = companies_of(reader, month)
    register = reader.register("compound").set_index("compound_id")
    relations["households"] = relations["compound_id"].map(register["households"]).astype(float)
    relations["street"] = relations["compound_id"].map(register["street"]).astype(object)
    size = relations.groupby("company_id")["households"].sum(min_count=1).dropna()
    own = company_of(reader, compound, month)
    value = None if own is None or own not in size.index else float(size[own])
    nearby = set(relations.loc[relations["street"] == street, "company_id"]) if street else set()
    verdict = _by_place(value, size)
    return Finding(
        Word.SMALL, INDICATOR_OF[Word.SMALL], value, None, None, _median(size[size.index.isin(nearby)]),
        _median(size), None, verdict, Period.of(month),
    )  # fmt: skip


def _poor(reader: Reader, compound: str, street: str | None, month: str, peers: Peers) -> Finding:
    estimates = compound_estimates(reader, month)
    mine = estimates[(estimates["compound_id"] == compound) & (estimates["valid"] > 0)].to_dict("records")
    unknown = Finding(
        Word.POOR, INDICATOR_OF[Word.POOR], None, None, None, None, None, None, Verdict.UNKNOWN, Period.of(month)
    )
    if not mine:
        return unknown
    own = mine[0]
    period = Period.of(str(own["wave"]))
    verdicts = {SatisfactionBand.RED: Verdict.YES, SatisfactionBand.REVIEW: Verdict.MAYBE}
    here = Selection(area=street) if street else None
    rates = {
        name: None
        if chosen is None
        else _plain(reader.indicator("satisfaction", chosen, period=period)["value"].iloc[0])
        for name, chosen in (("street", here), ("city", Selection()))
    }
    frame = reader.indicator("satisfaction", period=period, by="compound")
    return Finding(
        Word.POOR, INDICATOR_OF[Word.POOR], float(own["raw"]) * 100, float(own["raw_low"]) * 100,
        float(own["raw_high"]) * 100, rates["street"], rates["city"], pooled(frame, peers.ids, "satisfaction"),
        verdicts.get(SatisfactionBand(own["band"]), Verdict.NO), period,
    )  # fmt: skip


def _rate(reader: Reader, word: Word, compound: str, street: str | None, period: Period, peers: Peers) -> Finding:
    key = INDICATOR_OF[word]
    frame = reader.indicator(key, period=period, by="compound").set_index("group", drop=False)
    value = _plain(frame["value"].get(compound))
    low, high = (_plain(frame[name].get(compound)) for name in ("low", "high"))
    peer_rate = pooled(frame, peers.ids, key)
    if not indicator_of(key).is_binomial:
        verdict = _by_place(value, frame.loc[frame["group"].isin(peers.ids), "value"].dropna().astype(float))
    elif value is None or peer_rate is None:
        verdict = Verdict.UNKNOWN
    elif high is not None and high < peer_rate:
        verdict = Verdict.YES
    else:
        verdict = Verdict.MAYBE if value < peer_rate else Verdict.NO
    return Finding(
        word, key, value, low, high, _area_value(reader, key, street, period), _area_value(reader, key, None, period),
        peer_rate, verdict, period,
    )  # fmt: skip


def _lacking(reader: Reader, compound: str, street: str | None, period: Period, peers: Peers) -> Finding:
    key = INDICATOR_OF[Word.LACKING]
    found = reader.indicators([key, "committee_in_term"], period=period, by="compound")
    frame, term = (found[name].set_index("group", drop=False) for name in (key, "committee_in_term"))
    value, in_term = _plain(frame["value"].get(compound)), _plain(term["value"].get(compound))
    if value is None:
        verdict = Verdict.UNKNOWN
    elif value == 0:
        verdict = Verdict.YES
    else:
        verdict = Verdict.MAYBE if in_term is not None and in_term < 100 else Verdict.NO
    return Finding(
        Word.LACKING, key, value, None, None, _area_value(reader, key, street, period),
        _area_value(reader, key, None, period), pooled(frame, peers.ids, key), verdict, period,
    )  # fmt: skip


def _area_value(reader: Reader, key: str, street: str | None, period: Period) -> float | None:
    return _plain(reader.indicator(key, Selection(area=street), period=period)["value"].iloc[0])


def _by_place(value: float | None, among: pd.Series[float]) -> Verdict:
    """In the lowest quarter 突出, below the middle 存疑."""
    if value is None or len(among) < 4:
        return Verdict.UNKNOWN
    if value <= among.quantile(LOWEST_QUARTER) and value < among.quantile(MIDDLE):
        return Verdict.YES
    return Verdict.MAYBE if value < among.quantile(MIDDLE) else Verdict.NO


def _median(values: pd.Series[float]) -> float | None:
    return float(values.median()) if len(values) else None


def _plain(value: object) -> float | None:
    return None if value is None or pd.isna(value) else float(value)  # type: ignore[arg-type, call-overload]
