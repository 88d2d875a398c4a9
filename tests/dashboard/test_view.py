"""The address is the state: written and read back, and what a wrong one falls back to."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.view import FIELDS, KEPT, MISSING, SCREEN, View
from data.catalogue import INDICATORS
from data.catalogue.types import Page
from data.query import Reader
from data.schema.vocabulary import CompoundKind
from tests.small_city import CITY, COUNTIES, MONTHS, STREETS

text = st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=40)
views = st.builds(
    View,
    page=st.sampled_from([*(page.value for page in Page), SCREEN]),
    area=st.none() | st.sampled_from([*COUNTIES, *STREETS, f"{next(iter(STREETS))}001"]),
    grid=st.none() | st.just(f"G{next(iter(STREETS))}001"),
    kind=st.none() | st.sampled_from([kind.value for kind in CompoundKind]),
    company=st.none() | st.sampled_from(["E00", "E03"]),
    compound=st.none() | st.sampled_from(["C000", "C039"]),
    month=st.none() | st.sampled_from(MONTHS),
    indicator=st.none() | st.sampled_from(sorted(INDICATORS)),
    trace=st.none() | st.sampled_from(sorted(INDICATORS)),
    sort=st.none() | text,
    weights=st.none() | text,
    scene=st.none() | st.sampled_from(["overview", "3"]) | text,
    rotate=st.none() | st.sampled_from(["0", "30"]),
    paused=st.none() | st.just("1"),
    lang=st.sampled_from(["zh", "en"]),
    plain_lang=st.sampled_from(["zh", "en"]),
)


@given(views)
@settings(deadline=None)
def test_a_view_written_as_an_address_reads_back_as_itself(small_reader: Reader, view: View) -> None:
    assert View.parse(view.to_path(), view.to_search(), small_reader, view.plain_lang) == (view, [])


@given(st.text(max_size=60), st.text(max_size=200))
@settings(deadline=None)
def test_any_address_gives_a_view_that_can_be_written_again(small_reader: Reader, path: str, search: str) -> None:
    view, _ = View.parse(path, search, small_reader)
    again, notices = View.parse(view.to_path(), view.to_search(), small_reader)
    assert again == view
    assert notices == []


@given(st.dictionaries(st.sampled_from(FIELDS), text, max_size=len(FIELDS)))
@settings(deadline=None)
def test_every_code_nobody_knows_is_named_in_a_notice_or_taken_as_it_is(
    small_reader: Reader, asked: dict[str, str]
) -> None:
    from urllib.parse import urlencode

    view, notices = View.parse("/", f"?{urlencode(asked)}", small_reader)
    for name, value in asked.items():
        kept = getattr(view, name)
        said = any(notice.values.get("code") == value for notice in notices)
        assert kept == value or said or name == "lang" or (name == "area" and value == CITY)


@pytest.mark.parametrize(
    ("search", "field", "value", "notice"),
    [
        ("?area=990002777", "area", "990002", "notice.area_nearest"),
        ("?area=990001001999", "area", "990001001", "notice.area_nearest"),
        ("?area=9900999", "area", None, "notice.area_unknown"),
        ("?area=", "area", None, None),
        (f"?area={CITY}", "area", None, None),
        ("?grid=G1", "grid", None, "notice.grid_unknown"),
        ("?grid=99000100100199", "area", "990001001001", "notice.grid_nearest"),
        ("?grid=99000100100199&area=990002", "area", "990002", "notice.grid_unknown"),
        ("?company=nobody", "company", None, "notice.company_unknown"),
        ("?compound=nothing", "compound", None, "notice.compound_unknown"),
        ("?kind=别墅", "kind", None, "notice.kind_unknown"),
        ("?month=2031-01", "month", "2026-10", "notice.month_nearest"),
        ("?month=2001-01", "month", "2026-05", "notice.month_nearest"),
        ("?month=lately", "month", None, "notice.month_unknown"),
        ("?lang=fr", "lang", "zh", None),
    ],
)
def test_a_wrong_code_falls_back_to_the_nearest_and_says_so(
    small_reader: Reader, search: str, field: str, value: str | None, notice: str | None
) -> None:
    view, notices = View.parse("/", search, small_reader)
    assert getattr(view, field) == value
    assert [found.key for found in notices] == ([notice] if notice else [])


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/", "overview"),
        ("/overview", "overview"),
        ("/coverage", "coverage"),
        ("/compound", "compound"),
        ("/compound/C001", "compound"),
        ("/nowhere", MISSING),
        ("/coverage/deeper", MISSING),
        ("/compound/C001/deeper", MISSING),
        ("", "overview"),
    ],
)
def test_a_path_names_a_page_or_none(small_reader: Reader, path: str, page: str) -> None:
    assert View.parse(path, "", small_reader)[0].page == page


def test_the_profile_of_a_compound_has_its_own_address(small_reader: Reader) -> None:
    view = View(page="compound", compound="C001", month="2026-07")
    assert view.href() == "/compound/C001?month=2026-07"
    assert View.parse("/compound/C001", "?month=2026-07", small_reader)[0] == view


def test_filters_go_along_to_another_page_and_the_rest_stays(small_reader: Reader) -> None:
    view = View(page="ranking", area="990001", kind="商品房", sort="a:b:asc", weights="x", indicator="satisfaction")
    other = view.on("coverage")
    assert {name: getattr(other, name) for name in KEPT} == {name: getattr(view, name) for name in KEPT}
    assert (other.sort, other.weights, other.indicator) == (None, None, None)


def test_another_area_drops_the_grid_and_the_compound_of_the_old_one() -> None:
    view = View(area="990001", grid="G1", compound="C1", kind="商品房").at("990002")
    assert (view.area, view.grid, view.compound, view.kind) == ("990002", None, None, "商品房")


def test_the_selection_of_a_view_is_what_the_reader_is_asked_for() -> None:
    selection = View(area="990001", kind="商品房", company="E00").selection
    assert (selection.area, selection.kind, selection.company, selection.grid) == ("990001", "商品房", "E00", None)
