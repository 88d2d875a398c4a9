"""Owners' and property committees: founded, in term, seats of party members, who chairs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, case, exists, select

from data.catalogue.organisation import _states
from data.catalogue.sources import C, counted, observation_rows, observed, stock_rows
from data.catalogue.types import Absence, Indicator, Measure, Nature, Page, Reported, RowSelect
from data.schema import calendar, committee, party_org, party_org_compound
from data.schema.vocabulary import ChairRole, CommitteeKind, Cover

S = Nature.STOCK
# 石鼓 asks that members hold 60 % of the seats: 3 of 5, 5 of 7, 6 of 9.
PARTY_SHARE_DUE = 0.6


def _standing(value: Any = 1.0, where: Any = None) -> Any:
    return stock_rows(committee, committee.c.compound_id, start="established_on", end=None, value=value, where=where)


def _committee_states() -> RowSelect:
    return _states(_standing(), observation_rows("committee_sheet_filed", (C,)))


def _kind(key: str, kind: CommitteeKind) -> Measure:
    return counted(
        key, f"{kind.value}数", f"{key}", "个", S, (C,), lambda: _standing(where=committee.c.kind == kind.value)
    )


def _has_branch() -> Any:
    poc, org = party_org_compound, party_org
    return exists(
        select(poc.c.row_id)
        .join(org, and_(org.c.org_id == poc.c.org_id, org.c.superseded_by.is_(None)))
        .where(
            poc.c.superseded_by.is_(None),
            poc.c.compound_id == committee.c.compound_id,
            poc.c.cover.in_([Cover.OWN.value, Cover.JOINT.value]),
            org.c.founded_on.is_(None) | (org.c.founded_on <= calendar.c.last_day),
            org.c.dissolved_on.is_(None) | (org.c.dissolved_on > calendar.c.last_day),
        )
        .correlate(committee, calendar)
    )


SEATS_KNOWN = committee.c.seats.is_not(None) & committee.c.party_seats.is_not(None)
MEASURES: tuple[Measure, ...] = (
    observed("committee_sheet_filed", "业委会情况已报", "committee sheet filed", "个小区", S, C, is_flag=True),
    counted("compounds_with_committee", "已组建业委会或物管会的小区", "compounds with a committee", "个小区", S, (C,),
            _committee_states, combine="max", absence=Absence.UNREPORTED, population="compounds", is_flag=True),
    counted("committees", "业委会物管会数", "committees", "个", S, (C,), _standing),
    _kind("owners_committees", CommitteeKind.OWNERS),
    _kind("property_committees", CommitteeKind.PROPERTY),
    counted("committees_in_term", "任期内的委员会", "committees in term", "个", S, (C,),
            lambda: _standing(value=case((committee.c.term_end >= calendar.c.last_day, 1.0), else_=0.0),
                              where=committee.c.term_end.is_not(None)), absence=Absence.UNREPORTED),
    counted("committees_term_known", "已报任期的委员会", "committees whose term is known", "个", S, (C,),
            lambda: _standing(where=committee.c.term_end.is_not(None)), absence=Absence.UNREPORTED),
    counted("committee_seats", "委员席位", "seats", "席", S, (C,),
            lambda: _standing(value=committee.c.seats, where=SEATS_KNOWN), absence=Absence.UNREPORTED),
    counted("committee_party_seats", "党员席位", "seats held by members", "席", S, (C,),
            lambda: _standing(value=committee.c.party_seats, where=SEATS_KNOWN), absence=Absence.UNREPORTED),
    counted("committees_seats_known", "已报席位的委员会", "committees whose seats are known", "个", S, (C,),
            lambda: _standing(where=SEATS_KNOWN), absence=Absence.UNREPORTED),
    counted("committees_party_majority", "党员占比达60%的委员会", "committees with at least 60% members", "个", S, (C,),
            lambda: _standing(
                value=case((committee.c.party_seats >= committee.c.seats * PARTY_SHARE_DUE, 1.0), else_=0.0),
                where=SEATS_KNOWN), absence=Absence.UNREPORTED),
    counted("committees_chaired_by_cadre", "社区党员干部兼任主任", "committees chaired by community cadres", "个", S, (C,),
            lambda: _standing(where=committee.c.chair_role == ChairRole.CADRE.value)),
    counted("committees_with_branch", "有支部且有业委会的小区", "committees of compounds with a branch", "个", S, (C,),
            lambda: _standing(where=_has_branch())),
    counted("one_shoulder", "支部书记兼业委会主任", "branch secretary also chairs", "个", S, (C,),
            lambda: _standing(where=_has_branch() & committee.c.is_secretary_chair.is_(True))),
)  # fmt: skip

SRC = "《业委会物管会登记表》"
INDICATORS: tuple[Indicator, ...] = (
    Indicator(key="committee_rate", zh="业委会(物管会)组建率", en="Committees founded", unit="%", decimals=1, scale=100,
              numerator=("compounds_with_committee",), denominator=Reported.UNITS, direction=1, page=Page.COVERAGE,
              definition_zh="已组建业委会或物管会的小区÷已报小区", definition_en="Compounds with a committee over reporting compounds",
              codes=("A28", "A03", "C01"), source=SRC),
    Indicator(key="owners_committees", zh="业委会", en="Owners' committees", unit="个", numerator=("owners_committees",),
              direction=1, page=Page.COVERAGE, definition_zh="月末在册业委会数", definition_en="Owners' committees",
              codes=("A28",), source=SRC),
    Indicator(key="property_committees", zh="物管会", en="Property committees", unit="个",
              numerator=("property_committees",), direction=1, page=Page.COVERAGE, definition_zh="月末在册物管会数",
              definition_en="Property committees", codes=("A28",), source=SRC),
    Indicator(key="committee_in_term", zh="委员会任期内占比", en="Committees in term", unit="%", decimals=1, scale=100,
              numerator=("committees_in_term",), denominator=("committees_term_known",), direction=1, page=Page.COVERAGE,
              definition_zh="任期未届满的委员会÷已报任期的委员会", definition_en="Committees in term over those whose term is known",
              codes=("A28",), source=SRC),
    Indicator(key="committee_party_share", zh="业委会党员席位占比", en="Party seats", unit="%", decimals=1, scale=100,
              numerator=("committee_party_seats",), denominator=("committee_seats",), direction=1, target=60,
              page=Page.COVERAGE, definition_zh="党员席位÷席位", definition_en="Seats held by members over seats",
              codes=("A41", "B06"), source=SRC),
    Indicator(key="committee_party_majority", zh="党员占比达60%的委员会", en="Committees with ≥60% members", unit="%",
              decimals=1, scale=100, numerator=("committees_party_majority",), denominator=("committees_seats_known",),
              direction=1, page=Page.COVERAGE, definition_zh="党员席位占六成以上的委员会÷已报席位的委员会（5席需3、7席需5、9席需6）",
              definition_en="Committees in which members hold 60 % of the seats", codes=("C04",), source=SRC),
    Indicator(key="cadre_chair_rate", zh="社区党员干部兼任主任率", en="Chaired by cadres", unit="%", decimals=1, scale=100,
              numerator=("committees_chaired_by_cadre",), denominator=("committees",), direction=1, page=Page.COVERAGE,
              definition_zh="主任由社区党员干部兼任的委员会÷全部委员会", definition_en="Committees chaired by a community cadre",
              codes=("A08",), source=SRC),
    Indicator(key="one_shoulder_rate", zh="支部书记与业委会主任一肩挑率", en="Secretary-chairs", unit="%", decimals=1, scale=100,
              numerator=("one_shoulder",), denominator=("committees_with_branch",), direction=1, page=Page.COVERAGE,
              definition_zh="支部书记兼任业委会主任的小区÷有支部且有业委会的小区",
              definition_en="Branch secretary chairs the committee, of compounds that have both", codes=("C03",), source=SRC,
              caveats=("小区层面的一肩挑，与社区书记兼主任不是一回事",)),
)  # fmt: skip
