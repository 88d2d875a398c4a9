"""Party organisations, and which compounds they cover."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.demo.chance import Bools, Floats, stream
from data.demo.clock import months_of
from data.demo.compounds import Compounds, Texts
from data.demo.organisation_rows import Organisations
from data.demo.places import LATE_TOWNS, URBAN_STREETS, ground
from data.demo.quality import Quality
from data.schema.vocabulary import Cover, FoundingMode, PartyOrgKind, SecretaryRole

# 46 branches: alone one compound each, jointly two or three, at a station two or three; 88 compounds together.
ALONE, JOINT, AT_STATION = (1,) * 18, (3,) * 10 + (2,) * 10, (3,) * 4 + (2,) * 4
ONLY_FALLBACK = 41
COMPANY_BRANCHES, INDUSTRY_COUNTIES = 37, ("341802", "341881")
UNREPORTED_COMPOUNDS = 26


@dataclass(frozen=True)
class PartyWork:
    """The registers, and per managed compound what they say.

    Attributes:
        founded: months since the demo's first month when a branch first covered it; inf if none ever did.
        is_fallback: covered by the community's committee only.
        unreported: files no party sheet for the latest month and is covered by nothing.
        company_has_branch: per company, at the data date.
    """

    orgs: pd.DataFrame
    covers: pd.DataFrame
    founded: Floats
    is_fallback: Bools
    unreported: Bools
    company_has_branch: Bools


def make_party_work(
    seed: int, city: Compounds, quality: Quality, stations: pd.DataFrame, companies: Texts, offices: Texts
) -> PartyWork:
    """Branches where things already go a little better, fallback where they go badly, and the chain above them.

    Args:
        stations: standing stations (`site` rows).
        offices: community of each company's office.
    """
    luck = stream(seed, "party organisations")
    managed = city.managed
    rows = Organisations()
    z = quality.z[:managed]
    late = np.isin(city.street[:managed], LATE_TOWNS)
    can = ~late & np.isnat(city.since[:managed])
    score = 0.35 * z + 0.5 * city.is_urban[:managed] + luck.gumbel(0, 1, managed)
    free = dict.fromkeys(np.flatnonzero(can).tolist())
    fallback = _fallback(luck, city, z, can)
    for compound in fallback:
        del free[compound]
    committees = _committees(luck, city, fallback, rows)
    branches = _branches(luck, city, score, free, stations)
    founded = np.full(managed, np.inf)
    for number, (mode, compounds, site) in enumerate(branches):
        day = _founding_day(luck, number)
        _add_branch(rows, city, mode, compounds, site, day, committees, luck)
        founded[list(compounds)] = months_of(np.array([day]))[0]
    _add_merged(rows, city, branches, founded)
    for compound in fallback:
        rows.cover(committees[city.community[compound]], city.ids[compound], Cover.FALLBACK)
    # Three keep their old fallback beside the branch they have since been given.
    both = [c for _, group, _ in branches for c in group if city.community[c] in committees]
    for compound in luck.choice(sorted(both), 3, replace=False):
        rows.cover(committees[city.community[compound]], city.ids[compound], Cover.FALLBACK)
    has_branch = _company_branches(luck, rows, companies, offices)
    _station_groups(luck, rows, stations)
    is_fallback = np.zeros(managed, dtype=np.bool_)
    is_fallback[fallback] = True
    covered = np.isfinite(founded) | is_fallback
    return PartyWork(rows.orgs(), rows.covers(), founded, is_fallback, _unreported(luck, z, covered, late), has_branch)


def _fallback(luck: np.random.Generator, city: Compounds, z: Floats, can: Bools) -> list[int]:
    weight = np.where(can, np.exp(-0.5 * z), 0.0)
    return sorted(luck.choice(len(z), ONLY_FALLBACK, replace=False, p=weight / weight.sum()).tolist())


def _committees(luck: np.random.Generator, city: Compounds, fallback: list[int], rows: Organisations) -> dict[str, str]:
    """Industry, street and community committees; returns the organisation of each community that has one."""
    here = ground()
    for county in INDUSTRY_COUNTIES:
        rows.add(PartyOrgKind.INDUSTRY, _day(luck, "2019-06", 20), area=county)
    streets = here.areas.loc[here.areas["level"] == "street", "code"]
    with_compounds = set(city.street[: city.managed])
    of_street = {}
    for street in streets:
        if street in with_compounds or luck.random() < 0.72:
            of_street[street] = rows.add(PartyOrgKind.STREET, _day(luck, "2019-03", 40), area=street)
    needed = {city.community[c] for c in fallback}
    found = {}
    for code in sorted(set(city.community[: city.managed])):
        if code in needed or luck.random() < 0.78:
            # Committees that cover by fallback stand before the demo begins.
            span = 24 if code in needed else 66
            found[code] = rows.add(
                PartyOrgKind.COMMUNITY, _day(luck, "2019-09", span), area=code, parent=of_street.get(code[:9])
            )
    return found


def _branches(
    luck: np.random.Generator, city: Compounds, score: Floats, free: dict[int, None], stations: pd.DataFrame
) -> list[tuple[FoundingMode, tuple[int, ...], str | None]]:
    """Groups of compounds of one community for each branch, in random order."""
    made: list[tuple[FoundingMode, tuple[int, ...], str | None]] = []

    def take(community: str, size: int) -> tuple[int, ...]:
        there = sorted((c for c in free if city.community[c] == community), key=lambda c: -score[c])[:size]
        for c in there:
            del free[c]
        return tuple(there)

    def community_with(size: int, among: list[str]) -> str:
        totals = {code: sorted((score[c] for c in free if city.community[c] == code), reverse=True) for code in among}
        able = [code for code, scores in totals.items() if len(scores) >= size]
        weight = np.array([np.exp(np.mean(totals[code][:size])) for code in able])
        return able[int(luck.choice(len(able), p=weight / weight.sum()))]

    site_of = dict(zip(stations["community_code"], stations["site_id"], strict=True))
    unused = sorted(site_of)
    for size in AT_STATION:
        code = community_with(size, unused)
        unused.remove(code)
        made.append((FoundingMode.STATION, take(code, size), site_of[code]))
    everywhere = sorted({city.community[c] for c in free})
    for size in JOINT:
        made.append((FoundingMode.JOINT, take(community_with(size, everywhere), size), None))
    for _ in ALONE:
        best = max(free, key=lambda c: score[c])
        del free[best]
        made.append((FoundingMode.ALONE, (best,), None))
    return [made[i] for i in luck.permutation(len(made))]


def _founding_day(luck: np.random.Generator, number: int) -> np.datetime64:
    """Five before the demo begins, three in its last months, the rest spread over the years between."""
    if number < 5:
        return _day(luck, "2019-10", 20)
    if number < 8:
        return _day(luck, "2026-01", 5)
    return _day(luck, "2022-03", 44)


def _day(luck: np.random.Generator, first: str, months: int) -> np.datetime64:
    month = np.datetime64(first, "M") + np.timedelta64(int(luck.integers(0, months)), "M")
    day: np.datetime64 = month.astype("datetime64[D]") + np.timedelta64(int(luck.integers(0, 28)), "D")
    return day


def _add_branch(
    rows: Organisations, city: Compounds, mode: FoundingMode, compounds: tuple[int, ...], site: str | None,
    day: np.datetime64, committees: dict[str, str], luck: np.random.Generator,
) -> None:  # fmt: skip
    first = compounds[0]
    alone = mode is FoundingMode.ALONE
    org = rows.add(
        PartyOrgKind.COMPOUND, day, mode=mode, area=city.community[first], site=site,
        compound=city.ids[first] if alone else None, grid=city.grid[first] if mode is FoundingMode.JOINT else None,
        parent=committees.get(city.community[first]),
        secretary=SecretaryRole.COMMUNITY_SECRETARY if luck.random() < 0.4 else SecretaryRole.RESIDENT,
    )  # fmt: skip
    for compound in compounds:
        rows.cover(org, city.ids[compound], Cover.OWN if alone else Cover.JOINT)


def _add_merged(
    rows: Organisations, city: Compounds,
    branches: list[tuple[FoundingMode, tuple[int, ...], str | None]], founded: Floats,
) -> None:  # fmt: skip
    """Two branches that stood alone until a joint one took their compound over, so the cover never broke."""
    joint = [group for mode, group, _ in branches if mode is FoundingMode.JOINT and founded[group[0]] >= 24]
    for group in joint[:2]:
        compound, day = group[-1], rows.day_of_cover(city.ids[group[-1]])
        earlier = day - np.timedelta64(420, "D")
        org = rows.add(
            PartyOrgKind.COMPOUND, earlier, mode=FoundingMode.ALONE, area=city.community[compound],
            compound=city.ids[compound], dissolved=day, secretary=SecretaryRole.RESIDENT,
        )  # fmt: skip
        rows.cover(org, city.ids[compound], Cover.OWN)
        founded[compound] = months_of(np.array([earlier]))[0]


def _company_branches(luck: np.random.Generator, rows: Organisations, companies: Texts, offices: Texts) -> Bools:
    """37 that stand and two that were dissolved when their company shrank."""
    chosen = luck.choice(len(companies), COMPANY_BRANCHES + 2, replace=False)
    has = np.zeros(len(companies), dtype=np.bool_)
    for number, company in enumerate(sorted(chosen[:COMPANY_BRANCHES])):
        has[company] = True
        rows.add(
            PartyOrgKind.COMPANY, _day(luck, "2019-08", 76), company=companies[company], area=offices[company],
            secretary=SecretaryRole.COMMUNITY_SECRETARY if number % 9 < 4 else SecretaryRole.COMPANY_MANAGER,
        )  # fmt: skip
    for company in chosen[COMPANY_BRANCHES:]:
        day = _day(luck, "2020-01", 12)
        rows.add(
            PartyOrgKind.COMPANY, day, company=companies[company], area=offices[company],
            dissolved=day + np.timedelta64(1200, "D"), secretary=SecretaryRole.COMPANY_MANAGER,
        )  # fmt: skip
    return has


def _station_groups(luck: np.random.Generator, rows: Organisations, stations: pd.DataFrame) -> None:
    for community, site in zip(stations["community_code"], stations["site_id"], strict=True):
        if luck.random() < 0.62 or community[:9] in URBAN_STREETS:
            rows.add(PartyOrgKind.STATION, _day(luck, "2022-01", 50), area=community, site=site)


def _unreported(luck: np.random.Generator, z: Floats, covered: Bools, late: Bools) -> Bools:
    """Everything uncovered in the late towns, and enough of the worse compounds elsewhere to make up the number."""
    chosen = late & ~covered
    weight = np.where(~covered & ~late, np.exp(-0.9 * z), 0.0)
    more = luck.choice(len(z), UNREPORTED_COMPOUNDS - int(chosen.sum()), replace=False, p=weight / weight.sum())
    chosen[more] = True
    return np.asarray(chosen)
