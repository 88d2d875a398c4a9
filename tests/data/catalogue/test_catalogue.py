"""The catalogue holds together and shows every mechanism the seven pages owe."""

from __future__ import annotations

import pytest
from sqlalchemy.dialects import postgresql, sqlite

from dashboard.cards import CARDS
from data.catalogue import INDICATORS, MEASURES, Reported, indicator
from data.catalogue.caveat_names import caveats_of
from data.errors import UnknownKeyError
from data.rollup.cells import source_tables
from data.schema import TABLES, metadata

OWED = (
    [f"A{n:02d}" for n in (*range(1, 14), 16, *range(19, 38), 41)]
    + ["B01", "B02", "B03", "B04", "B06", "B10", "B11", "B14", "B17"]
    + ["C01", "C02", "C03", "C04", "C06", "C09", "D10", "D11", "D12", "D14", "D22"]
    + ["E02", "E03", "E04", "E13", "E26"]
)


@pytest.mark.parametrize("code", OWED)
def test_every_mechanism_owed_has_an_indicator(code: str) -> None:
    assert any(code in i.codes for i in INDICATORS.values())


@pytest.mark.parametrize("key", sorted(INDICATORS))
def test_every_indicator_is_shown_on_a_card(key: str) -> None:
    assert any(key in card.indicators for card in CARDS.values())


@pytest.mark.parametrize("key", sorted(MEASURES))
def test_a_measure_compiles_on_both_databases_and_names_known_tables(key: str) -> None:
    measure = MEASURES[key]
    for dialect in (sqlite.dialect(), postgresql.dialect()):
        assert "SELECT" in str(measure.rows().compile(dialect=dialect))
    assert source_tables(measure) <= {t.name for t in metadata.tables.values()} | {"street", "place", "holder"}
    assert measure.observed or source_tables(measure) & (set(TABLES) | {"unit_month"})


def test_a_share_is_stored_as_its_two_counts() -> None:
    for i in INDICATORS.values():
        if i.unit == "%":
            assert i.denominator is not None, i.key
            assert i.scale == 100, i.key
        if i.is_binomial:
            assert isinstance(i.denominator, tuple), i.key


def test_every_text_is_there_in_both_languages() -> None:
    for i in INDICATORS.values():
        for words in (i.zh, i.en, i.definition_zh, i.definition_en, i.source):
            assert words.strip(), i.key


def test_a_state_indicator_counts_flags() -> None:
    for i in INDICATORS.values():
        if i.denominator is Reported.UNITS and i.unit == "%":
            assert MEASURES[i.numerator[0]].is_flag, i.key


def test_an_unknown_key_suggests_the_nearest() -> None:
    with pytest.raises(UnknownKeyError, match="branch_coverage"):
        indicator("branch_coverag")


def test_what_is_to_be_minded_is_said_in_english_too() -> None:
    for i in INDICATORS.values():
        english = caveats_of(i, "en")
        assert len(english) == len(i.caveats), i.key
        assert all(text.isascii() for text in english), i.key
        assert caveats_of(i, "zh") == i.caveats
