"""The index of the compounds reads what it says it reads, and is computed once."""

from __future__ import annotations

import numpy as np
import pytest
from sqlalchemy import Engine, event

from data.errors import GovernanceError, UnknownKeyError
from data.query import Period, Reader
from data.ranking import compound_value, input_frame, load_scheme, rank_compounds, scheme_names
from tests.ranked_city import build_ranked_city


@pytest.fixture
def reader(store: Engine) -> Reader:
    build_ranked_city(store)
    return Reader(store)


@pytest.mark.parametrize("name", scheme_names())
def test_every_indicator_of_a_built_in_scheme_can_be_read(reader: Reader, name: str) -> None:
    month = reader.latest_month
    for node in load_scheme(name).indicators:
        assert compound_value(reader, node.key, month).values.notna().any(), node.key


def test_an_unknown_indicator_is_refused_with_the_nearest_name(reader: Reader) -> None:
    with pytest.raises(UnknownKeyError, match="fee_collection_rate"):
        compound_value(reader, "fee_collection_rat", reader.latest_month)


def test_a_share_of_the_index_is_the_readers_figure_of_twelve_months(reader: Reader) -> None:
    month = reader.latest_month
    found = rank_compounds(reader).reported["fee_collection_rate"] * 100
    read = reader.indicator("fee_collection_rate", period=Period(reader.months[0], month), by="compound")
    np.testing.assert_allclose(found.to_numpy(), read.set_index("group")["value"].reindex(found.index).astype(float))


def test_credit_comes_from_the_company_that_manages_the_compound(reader: Reader) -> None:
    credit = rank_compounds(reader).reported["credit_score_mean"]
    assert (credit["C000"], credit["C001"]) == (70, 76)
    # Nobody manages C003: neither praised nor blamed for a company it does not have.
    assert credit["C003"] == pytest.approx(76)


def test_a_compound_without_a_committee_scores_zero_and_an_unreported_one_is_missing(reader: Reader) -> None:
    term = compound_value(reader, "committee_in_term", reader.latest_month).values
    assert term.dropna().isin([0.0, 1.0]).all()


def test_the_same_month_is_computed_once(store: Engine) -> None:
    build_ranked_city(store)
    reader = Reader(store)
    first = rank_compounds(reader)
    statements: list[str] = []
    event.listen(store, "before_cursor_execute", lambda *given: statements.append(given[2]))
    assert rank_compounds(reader) is first
    # What is left is the question whether the store has changed.
    assert not any(table in statement for statement in statements for table in ("unit_month", "area_month", "survey"))


def test_reading_for_the_index_takes_few_statements(store: Engine) -> None:
    build_ranked_city(store)
    reader = Reader(store)
    cells: list[str] = []

    def count(*given: object) -> None:
        if "FROM unit_month" in str(given[2]):
            cells.append(str(given[2]))

    event.listen(store, "before_cursor_execute", count)
    rank_compounds(reader)
    assert len(cells) < len(load_scheme("wanmei").indicators) * 2


def test_input_of_the_browser_holds_every_indicator_and_no_infinity(reader: Reader) -> None:
    frame = input_frame(rank_compounds(reader))
    assert list(frame.columns) == [node.key for node in load_scheme("wanmei").indicators]
    assert not np.isinf(frame.to_numpy()).any()
    assert frame.min().min() >= 0
    assert frame.max().max() <= 100


def test_an_empty_store_says_what_is_missing(store: Engine) -> None:
    with pytest.raises(GovernanceError, match="没有任何月份"):
        rank_compounds(Reader(store))
