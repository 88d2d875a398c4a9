"""What the frames of the demo city hold, counted with pandas alone."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from data.catalogue import INDICATORS, MEASURES
from data.demo import SEED, DemoCity, generate
from data.demo.clock import DATA_DATE, FIRST_MONTH, LAST_MONTH, METHOD_CHANGED_IN
from data.demo.places import LATE_TOWNS, URBAN_STREETS
from data.frames import dtype_of
from data.importing.checks import valid_uscc
from data.importing.headings import is_personal
from data.importing.references import REGISTER_OF_UNIT
from data.schema import TABLES
from data.schema.columns import own_columns
from data.schema.vocabulary import UnitKind

Frames = dict[str, pd.DataFrame]
END = pd.Timestamp(DATA_DATE)
ROOT = Path(__file__).parents[3]


def standing(frame: pd.DataFrame, kind: str, end: str) -> pd.DataFrame:
    return frame[(frame["kind"] == kind) & frame[end].isna()]


def observed(measure: str, month: str | None = None) -> Callable[[Frames], float]:
    def total(frames: Frames) -> float:
        rows = frames["observation"]
        rows = rows[(rows["measure"] == measure) & ((rows["month"] == month) if month else True)]
        return float(rows["value"].sum())

    return total


def urban(codes: pd.Series) -> pd.Series:
    return codes.str[:9].isin(list(URBAN_STREETS))


def resolved(frames: Frames, kind: str) -> pd.DataFrame:
    cases = frames["case_event"]
    return cases[(cases["kind"] == kind) & (cases["resolved_at"] < END + pd.Timedelta(days=1))]


def stations(frames: Frames) -> pd.DataFrame:
    return standing(frames["site"], "物业服务站暨调解中心", "closed_on")


TOTALS: dict[str, tuple[float, Callable[[Frames], float]]] = {
    "compounds": (513, lambda f: f["compound"]["is_managed"].sum()),
    "companies": (249, lambda f: len(f["company"])),
    "compound_branches": (46, lambda f: len(standing(f["party_org"], "小区(网格)党支部", "dissolved_on"))),
    "company_branches": (37, lambda f: len(standing(f["party_org"], "企业党支部", "dissolved_on"))),
    "industry_committees": (2, lambda f: len(standing(f["party_org"], "行业党委", "dissolved_on"))),
    "stations": (66, lambda f: len(stations(f))),
    "stations_urban": (23, lambda f: urban(stations(f)["community_code"]).sum()),
    "urban_streets": (8, lambda f: f["area"]["is_urban_core"].sum()),
    "urban_streets_with_station": (8, lambda f: stations(f)["community_code"][urban(stations(f)["community_code"])].str[:9].nunique()),
    "committees_chaired_by_cadre": (5, lambda f: (f["committee"]["chair_role"] == "社区党员干部").sum()),
    "members_reported": (20_000, observed("members_reported", LAST_MONTH)),
    "urgent_matters": (160, lambda f: (resolved(f, "急难愁盼")["channel"] == "党员报到").sum()),
    "disputes_resolved": (4000, lambda f: len(resolved(f, "纠纷"))),
    "vehicles_persuaded": (400, observed("vehicles_persuaded")),
    "vehicles_towed": (58, observed("vehicles_towed")),
    "meter_boxes": (1500, observed("meter_boxes")),
    "charging_ports": (3000, observed("charging_ports")),
    "car_chargers": (6, observed("car_chargers")),
    "arrears_cleared_yuan": (41_500_000, observed("arrears_cleared_yuan")),
}  # fmt: skip


@pytest.mark.parametrize("key", TOTALS)
def test_the_published_totals_come_out_of_the_rows_exactly(city: DemoCity, key: str) -> None:
    expected, count = TOTALS[key]
    assert count(city.frames) == expected


@pytest.mark.parametrize(
    "key", ["compounds", "stations_urban", "disputes_resolved", "members_reported", "arrears_cleared_yuan"]
)
def test_another_seed_gives_another_city_with_the_same_totals(key: str) -> None:
    other = generate(SEED + 1)
    expected, count = TOTALS[key]
    assert count(other.frames) == expected


def digest(city: DemoCity) -> str:
    whole = hashlib.sha256()
    for name, frame in sorted(city.frames.items()):
        plain = frame.assign(geometry=frame["geometry"].map(bytes.hex)) if "geometry" in frame else frame
        whole.update(name.encode() + plain.to_csv(index=False).encode())
    return whole.hexdigest()


def test_the_same_seed_gives_the_same_frames_in_another_process_with_another_hash_seed(city: DemoCity) -> None:
    script = "from tests.data.demo.test_city import digest; from data.demo import generate; print(digest(generate()))"
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": "4711", "TZ": "Pacific/Kiritimati"},
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert run.stdout.strip() == digest(city)


def test_there_is_a_frame_for_every_importable_table_with_its_columns_and_types(city: DemoCity) -> None:
    assert set(city.frames) == set(TABLES)
    for name, frame in city.frames.items():
        columns = own_columns(TABLES[name])
        assert list(frame.columns) == [c.name for c in columns], name
        assert [str(t) for t in frame.dtypes] == [dtype_of(c) for c in columns], name
        assert len(frame), name


@pytest.mark.parametrize("name", TABLES)
def test_values_keep_to_what_the_schema_allows(city: DemoCity, name: str) -> None:
    frame = city.frames[name]
    assert not frame.duplicated(list(TABLES[name].info["key"])).any()
    for column in own_columns(TABLES[name]):
        values = frame[column.name]
        info = column.info
        if info["required"]:
            assert values.notna().all(), column.name
        given = values.dropna()
        if info["choices"] is not None:
            assert set(given) <= {c.value for c in info["choices"]}, column.name
        if info["low"] is not None:
            assert (given.astype(float) >= info["low"]).all(), column.name
        if info["high"] is not None:
            assert (given.astype(float) <= info["high"]).all(), column.name
        if info["pattern"]:
            assert given.str.fullmatch(info["pattern"]).all(), column.name
        length = getattr(column.type, "length", None)
        if length and len(given):
            assert given.str.len().max() <= length, column.name


@pytest.mark.parametrize("name", TABLES)
def test_every_reference_leads_to_a_row(city: DemoCity, name: str) -> None:
    for column in own_columns(TABLES[name]):
        if column.info["refers"]:
            register = TABLES[column.info["refers"]]
            known = set(city.frames[register.name][register.info["key"][0]])
            assert set(city.frames[name][column.name].dropna()) <= known, column.name


def test_every_observation_is_of_a_unit_in_its_register(city: DemoCity) -> None:
    for kind, rows in city.frames["observation"].groupby("unit_kind"):
        register = TABLES[REGISTER_OF_UNIT[UnitKind(str(kind))]]
        assert set(rows["unit_id"]) <= set(city.frames[register.name][register.info["key"][0]])


def test_every_observed_measure_of_the_catalogue_has_rows_and_no_other_measure_does(city: DemoCity) -> None:
    assert set(city.frames["observation"]["measure"]) == {k for k, m in MEASURES.items() if m.observed}


def test_observations_are_whole_within_limits_and_not_too_many(city: DemoCity) -> None:
    rows = city.frames["observation"]
    assert len(rows) <= 700_000
    assert rows["month"].min() == FIRST_MONTH
    assert rows["month"].max() == LAST_MONTH
    assert (rows["value"] >= 0).all()
    for key, part in rows.groupby("measure"):
        measure = MEASURES[str(key)]
        assert set(part["unit_kind"]) == {measure.units[0].value}
        if measure.high is not None:
            assert part["value"].max() <= measure.high, key
        if measure.is_integer:
            assert (part["value"] == np.floor(part["value"])).all(), key


@pytest.mark.parametrize("key", [k for k, m in MEASURES.items() if m.observed and m.pair])
def test_a_paired_measure_is_reported_with_its_whole_and_never_exceeds_it(city: DemoCity, key: str) -> None:
    rows = city.frames["observation"]
    unit = ["unit_id", "month"]
    part = rows[rows["measure"] == key].set_index(unit)["value"]
    whole = rows[rows["measure"] == MEASURES[key].pair].set_index(unit)["value"]
    assert part.index.difference(whole.index).empty
    assert (part <= whole.reindex(part.index)).all()


def test_nothing_has_happened_after_the_data_date(city: DemoCity) -> None:
    planned = {"due_at", "due_on", "term_end", "interview_due_on", "rectify_due_on"}
    for name, frame in city.frames.items():
        for column in frame.select_dtypes("datetime64").columns.difference(list(planned)):
            assert not (frame[column] >= END + pd.Timedelta(days=1)).any(), f"{name}.{column}"


def test_no_column_or_cell_is_about_a_person(city: DemoCity) -> None:
    phone_or_identity = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)\d{17}[\dXx](?!\w)")
    for name, frame in city.frames.items():
        for column in own_columns(TABLES[name]):
            assert not is_personal(column.name), f"{name}.{column.name}"
            if frame[column.name].dtype == "str":
                cells = frame[column.name].dropna().drop_duplicates()
                assert not cells.map(lambda v: bool(phone_or_identity.search(v))).any(), f"{name}.{column.name}"
    assert city.frames["task"]["owner_post"].dropna().str.endswith("岗").all()


def test_names_are_invented_and_credit_codes_belong_to_no_authority(city: DemoCity) -> None:
    compounds, companies = city.frames["compound"]["name"], city.frames["company"]
    assert compounds.is_unique
    assert companies["name"].is_unique
    # The mark after the dot and the word 示范 say so in every name.
    assert compounds.str.fullmatch(r"\w{3}·[甲乙丙丁戊己庚辛]").all()
    assert companies["name"].str.fullmatch(r"\w{2}示范物业\d{2}").all()
    chains = (
        "万科",
        "碧桂园",
        "恒大",
        "绿城",
        "保利",
        "龙湖",
        "华润",
        "融创",
        "中海",
        "金科",
        "彩生活",
        "长城",
        "雅居乐",
    )
    for chain in chains:
        assert not compounds.str.contains(chain).any()
        assert not companies["name"].str.contains(chain).any()
    codes = companies["uscc"].dropna()
    assert codes.is_unique
    assert codes.map(valid_uscc).all()
    assert codes.str[2:8].eq("000000").all()


def test_compounds_lie_in_the_cell_of_their_street_and_half_of_them_in_the_urban_ones(city: DemoCity) -> None:
    import shapely

    compounds = city.frames["compound"]
    shapes = city.frames["area_shape"].set_index("code")["geometry"]
    street = compounds["area_code"].str[:9]
    assert all(
        shapely.from_wkb(shapes[s]).covers(shapely.Point(lon, lat))
        for s, lon, lat in zip(street, compounds["lon"], compounds["lat"], strict=True)
    )
    assert urban(compounds.loc[compounds["is_managed"], "area_code"]).sum() == 276


def test_companies_manage_one_to_twenty_compounds_and_unmanaged_ones_have_nobody(city: DemoCity) -> None:
    now = city.frames["management"][city.frames["management"]["valid_to"].isna()]
    held = now.groupby("company_id").size()
    assert set(held.index) == set(city.frames["company"]["company_id"])
    assert held.between(1, 20).all()
    assert held.max() >= 15
    compounds = city.frames["compound"].set_index("compound_id")["is_managed"]
    assert now["compound_id"].is_unique
    assert (now.set_index("compound_id")["mode"].eq("无") == ~compounds.reindex(now["compound_id"])).all()


def test_each_contract_ends_the_day_before_the_next_begins(city: DemoCity) -> None:
    rows = city.frames["management"].sort_values(["compound_id", "valid_from"])
    followed = rows["compound_id"] == rows["compound_id"].shift(-1)
    assert followed.sum() > 40
    assert (rows["valid_to"][followed] + pd.Timedelta(days=1) == rows["valid_from"].shift(-1)[followed]).all()


def test_the_three_states_of_coverage_are_all_there(city: DemoCity) -> None:
    covers, rows = city.frames["party_org_compound"], city.frames["observation"]
    yes = set(covers.loc[covers["cover"].isin(["自有", "联建"]), "compound_id"])
    fallback = set(covers.loc[covers["cover"] == "兜底", "compound_id"]) - yes
    filed = rows[(rows["measure"] == "party_sheet_filed") & (rows["month"] == LAST_MONTH)]
    compounds = city.frames["compound"]
    unreported = set(compounds.loc[compounds["is_managed"], "compound_id"]) - yes - fallback - set(filed["unit_id"])
    assert (len(yes), len(fallback), len(unreported)) == (88, 41, 26)


def test_late_towns_have_filed_nothing_for_the_latest_month_and_did_before(city: DemoCity) -> None:
    rows, compounds = city.frames["observation"], city.frames["compound"]
    town = compounds.set_index("compound_id")["area_code"].str[:9]
    of_town = rows[rows["unit_kind"] == "compound"].assign(town=lambda f: f["unit_id"].map(town))
    of_town = of_town[of_town["town"].isin(LATE_TOWNS)]
    assert LAST_MONTH not in set(of_town["month"])
    assert set(of_town["town"]) == set(LATE_TOWNS)


def test_published_figures_name_keys_of_the_catalogue_and_carry_their_bounds(city: DemoCity) -> None:
    figures = city.frames["published_figure"]
    assert set(figures["key"]) <= set(MEASURES) | set(INDICATORS)
    own = figures[figures["city"] == "宣城"].set_index("key")
    assert own["value"].to_dict() == {k: v for k, (v, _) in TOTALS.items() if k in own.index}
    assert len(own) == 18
    bounds = own["bound"]
    assert {k for k in bounds.index if bounds[k] == "lower"} == {
        "members_reported", "urgent_matters", "disputes_resolved", "charging_ports",
    }  # fmt: skip
    assert bounds["meter_boxes"] == "near"
    assert bounds["arrears_cleared_yuan"] == "about"
    assert own["as_of"].eq("2025-04-25").all()


def test_answers_on_five_steps_add_up_and_the_method_changes_between_two_waves(city: DemoCity) -> None:
    rows = city.frames["survey"]
    scores = rows[[f"score{i}" for i in range(1, 6)]].dropna()
    assert len(scores) < len(rows)
    at = scores.index
    assert (scores.sum(axis=1) == rows.loc[at, "valid"]).all()
    assert (scores["score4"] + scores["score5"] == rows.loc[at, "satisfied"]).all()
    assert (rows["valid"] <= rows["invited"]).all()
    assert METHOD_CHANGED_IN not in set(rows["wave"])
    assert set(rows.loc[rows["wave"] < METHOD_CHANGED_IN, "method"]) == {"电话"}
    assert set(rows.loc[rows["wave"] > METHOD_CHANGED_IN, "method"]) == {"入户"}


def test_samples_are_small_and_uneven_and_three_in_four_are_satisfied(city: DemoCity) -> None:
    rows = city.frames["survey"]
    overall = rows[rows["question"] == "总体满意"]
    assert 32 <= overall["valid"].median() <= 45
    assert 0.03 <= (overall["valid"] < 15).mean() <= 0.15
    latest = overall[overall["wave"] == LAST_MONTH]
    assert latest["satisfied"].sum() / latest["valid"].sum() == pytest.approx(0.74, abs=0.012)
    missing = 513 - overall.groupby("wave").size()
    assert (missing > 0).all()


def test_every_trigger_occurs_and_some_interviews_are_overdue(city: DemoCity) -> None:
    rows = city.frames["assessment"]
    called = rows[rows["interview_trigger"].notna()]
    assert called["interview_trigger"].nunique() == 4
    assert rows.loc[rows["interview_trigger"].isna(), "interview_due_on"].isna().all()
    assert called["interview_due_on"].notna().all()
    overdue = called["interview_held_on"].isna() & (called["interview_due_on"] < END)
    assert 5 <= overdue.sum() <= 80
    assert rows["month"].nunique() == 24
    assert city.frames["objection"]["answered_on"].isna().sum() >= 4
    assert city.frames["incident"]["closed_on"].isna().sum() == 4


def test_fees_come_in_the_fourth_quarter_and_complaints_in_summer(city: DemoCity) -> None:
    rows = city.frames["observation"]
    fees = rows[rows["measure"].isin(["fees_due_yuan", "fees_collected_yuan"])]
    by_month = fees.assign(m=fees["month"].str[5:]).pivot_table(
        index="m", columns="measure", values="value", aggfunc="sum"
    )
    rate = by_month["fees_collected_yuan"] / by_month["fees_due_yuan"]
    assert rate.loc["10":"12"].min() > rate.loc["02":"09"].max()
    opened = city.frames["case_event"]["opened_at"].dt.month.value_counts()
    assert opened.loc[[6, 7, 8]].min() > opened.loc[[1, 2, 3, 10, 11, 12]].max()
