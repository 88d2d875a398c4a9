"""Peers by kind and size, figures pooled over them, and the five-word diagnosis."""

from __future__ import annotations

from math import isclose

import pandas as pd
import pytest
from sqlalchemy import Engine

from data.diagnosis import Verdict, Word, diagnose
from data.peers import Peers, peers_of, pooled
from data.query import Period, Reader
from tests.satisfied_city import RED, UNASKED, build_satisfied_city, counties_only
from tests.small_city import fill

MONTH = "2026-10"


@pytest.fixture
def reader(store: Engine) -> Reader:
    build_satisfied_city(store)
    return Reader(store)


def test_peers_share_the_kind_and_about_the_size(reader: Reader) -> None:
    register = reader.register("compound").set_index("compound_id")
    found = peers_of(reader, "C020", MONTH)
    own = register.loc["C020"]
    assert "C020" not in found.ids
    assert found.kind == own["kind"]
    others = register.loc[list(found.ids)]
    assert set(others["kind"]) == {own["kind"]}
    if found.factor is not None:
        assert others["households"].between(own["households"] / found.factor, own["households"] * found.factor).all()


def test_too_few_of_the_size_widen_to_the_whole_kind(reader: Reader) -> None:
    # Ten compounds of a kind cannot give twelve peers at any size.
    found = peers_of(reader, "C000", MONTH)
    assert found.factor is None
    assert len(found.ids) == 9


def test_without_kind_and_size_every_other_compound_is_a_peer(store: Engine) -> None:
    with store.begin() as connection:
        fill(connection, counties_only())
    reader = Reader(store)
    assert len(peers_of(reader, "H0", reader.latest_month).ids) == 8
    assert peers_of(reader, "nobody", reader.latest_month) == Peers((), None, None)


def test_pooled_is_the_sums_divided_and_never_a_mean_of_ratios(reader: Reader) -> None:
    frame = reader.indicator("fee_collection_rate", period=Period.of(MONTH), by="compound")
    ids = ("C001", "C004")
    mine = frame[frame["group"].isin(ids)]
    expected = mine["numerator"].sum() / mine["denominator"].sum() * 100
    found = pooled(frame, ids, "fee_collection_rate")
    assert found is not None
    assert isclose(found, expected)
    assert not isclose(found, mine["value"].mean())


def test_pooled_over_nobody_is_missing(reader: Reader) -> None:
    frame = reader.indicator("fee_collection_rate", period=Period.of(MONTH), by="compound")
    assert pooled(frame, (), "fee_collection_rate") is None
    assert pooled(frame, (UNASKED,), "fee_collection_rate") is None


def test_pooled_leaves_out_units_with_half_a_figure() -> None:
    frame = pd.DataFrame(
        {"group": ["a", "b"], "numerator": [1.0, None], "denominator": [4.0, 4.0], "value": [25.0, None]}
    )
    assert pooled(frame, ("a", "b"), "satisfaction") == 25.0


def test_the_five_words_come_in_their_order(reader: Reader) -> None:
    assert [one.word for one in diagnose(reader, RED, MONTH)] == list(Word)


def test_a_red_compound_is_poor_and_one_without_a_committee_lacks(reader: Reader) -> None:
    found = {one.word: one for one in diagnose(reader, RED, MONTH)}
    assert found[Word.POOR].verdict is Verdict.YES
    assert found[Word.LACKING].verdict is Verdict.YES
    assert found[Word.POOR].value is not None
    assert found[Word.POOR].value == reader.indicator("satisfaction", period=Period.of(MONTH), by="compound").set_index(
        "group")["value"][RED]  # fmt: skip


def test_a_committee_out_of_term_is_doubtful(reader: Reader) -> None:
    # C000's term ended in 2025, C002's runs to 2027.
    verdicts = {
        unit: {one.word: one.verdict for one in diagnose(reader, unit, MONTH)}[Word.LACKING]
        for unit in ("C000", "C002")
    }
    assert verdicts == {"C000": Verdict.MAYBE, "C002": Verdict.NO}


def test_nothing_is_said_of_what_was_not_reported(reader: Reader) -> None:
    found = {one.word: one for one in diagnose(reader, UNASKED, MONTH)}
    for word in (Word.POOR, Word.LOW, Word.LACKING):
        assert found[word].verdict is Verdict.UNKNOWN
        assert found[word].value is None


def test_a_store_of_registers_alone_yields_five_unknown_words(store: Engine) -> None:
    with store.begin() as connection:
        fill(connection, counties_only())
    reader = Reader(store)
    assert {one.verdict for one in diagnose(reader, "H0", reader.latest_month)} == {Verdict.UNKNOWN}
