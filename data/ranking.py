"""The index of the compounds: a scheme's indicators read from the store, gated, scored, and ranked with a range."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from data.catalogue import INDICATORS, MEASURES, Reported
from data.errors import GovernanceError, StoreError, UnknownKeyError, nearest, unknown_key
from data.query import Period, Reader
from data.satisfaction import compound_estimates, months_back
from data.schema.vocabulary import UnitKind
from data.statistics.bands import Tier
from data.statistics.composite import CompositeResult, composite_json, run_composite
from data.statistics.counts import FloatArray
from data.statistics.gates import GateResult, apply_gates
from data.statistics.ranks import RankFirmness, Uncertainty, simulate_ranks
from data.statistics.sampling import BetaSampling, Sampling, rate_sampling
from data.statistics.scheme import Scheme
from data.statistics.scheme_errors import HierarchyError
from data.statistics.scheme_file import read_scheme

SCHEMES = Path(__file__).resolve().parents[1] / "docs" / "schemes"
DEFAULT_SCHEME = "wanmei"
WINDOW_MONTHS = 12
"""Flows are judged over so many months, so that a season or one bad month does not decide an award."""

RANDOM_SEED = 20261031
"""Fixes the simulation of ranks: the same data give the same tiers."""

UNIT, LABEL = "compound_id", "name"


@dataclass(frozen=True)
class Value:
    """An indicator's value by compound, and how it could have come out otherwise (None: not subject to sampling)."""

    values: pd.Series[float]
    sampling: Sampling | None = None


@dataclass(frozen=True)
class Ranking:
    """An index with its gates and the firmness of its ranks, for one scheme and month.

    `reported` holds the values as read, units × indicators, also of units too poorly reported to be scored;
    `sampling` what is known of their sampling error, aligned with the units. `ranked_in_city` is how many compounds the
    ranks are among, `typical` their mean score by indicator (0–100): both of the city, whoever asks.
    """

    scheme: Scheme
    month: str
    result: CompositeResult
    gates: GateResult
    firmness: RankFirmness
    reported: pd.DataFrame
    sampling: dict[str, Sampling]
    ranked_in_city: int
    typical: pd.Series[float]

    def only(self, units: frozenset[str]) -> Ranking:
        """The rows of `units` alone; scores, ranks and tiers stay those of the city."""
        index = self.result.score.index
        inside = index.isin(units)
        kept = index[inside]
        cut: dict[str, Any] = {
            field.name: value.loc[kept]
            for field in fields(self.result)
            if isinstance(value := getattr(self.result, field.name), pd.Series | pd.DataFrame)
        }
        result = replace(self.result, **cut)
        firmness = replace(
            self.firmness, table=self.firmness.table.loc[kept],
            variance_shares=self.firmness.variance_shares[self.firmness.variance_shares.index.isin(kept)],
        )  # fmt: skip
        gates = replace(self.gates, eligibility=self.gates.eligibility.loc[kept], reasons=self.gates.reasons.loc[kept])
        sampling = {key: found.only(inside) for key, found in self.sampling.items()}
        return replace(
            self, result=result, gates=gates, firmness=firmness, reported=self.reported.loc[kept], sampling=sampling
        )

    def document(self) -> dict[str, Any]:
        """The document `python -m data rank --json` prints; one row a compound, gated ones last with reasons."""
        document = composite_json(self.result)
        table = self.firmness.table
        rows = []
        for row in document["rows"]:
            unit = row["unit"]
            firm = table.loc[unit]
            reasons = self.gates.reasons[unit]
            rows.append(
                row
                | {
                    # A compound held back by a gate has a score but no rank.
                    "rank": _whole(firm["rank"]), "rank_low": _number(firm["rank_low"]),
                    "rank_high": _number(firm["rank_high"]), "probability_top": _number(firm["probability_top"]),
                    "tier": str(firm["tier"]), "eligibility": str(self.gates.eligibility[unit]),
                    "reasons": [r.value for r in reasons],
                }
            )  # fmt: skip
        rows.sort(key=lambda r: (r["rank"] is None, r["rank"] or 0, r["unit"]))
        return document | {"month": self.month, "rows": rows}


def _number(value: Any) -> float | None:
    return None if value is None or math.isnan(float(value)) else float(value)


def _whole(value: Any) -> int | None:
    number = _number(value)
    return None if number is None else int(number)


def scheme_names() -> list[str]:
    """Names of the built-in schemes that rank compounds."""
    return [*_names_in(SCHEMES, SCHEMES.stat().st_mtime_ns)]


@lru_cache(maxsize=8)
def _names_in(folder: Path, changed: int) -> tuple[str, ...]:
    return tuple(sorted(p.stem for p in folder.glob("*.yaml") if "unit: compound_id" in p.read_text(encoding="utf-8")))


def load_scheme(name: str = DEFAULT_SCHEME) -> Scheme:
    """A built-in scheme by name, or the scheme in a file.

    Raises:
        UnknownKeyError: neither; SchemeError: the file is missing or does not hold together.
    """
    path = Path(name)
    if path.suffix in {".yaml", ".yml"} or path.is_file():
        return read_scheme(path)
    if name not in scheme_names():
        guess = nearest(name, scheme_names())
        raise UnknownKeyError(
            f"没有名为“{name}”的评价方案",
            why=f"内置方案有：{'、'.join(scheme_names())}",
            todo=f"是否想写“{guess}”" if guess else "写内置方案的名称，或一个方案文件的路径",
            code="unknown_scheme",
        )
    path = SCHEMES / f"{name}.yaml"
    return _built_in(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _built_in(path: Path, changed: int) -> Scheme:
    """The scheme of a file as it was when last changed."""
    return read_scheme(path)


def rank_compounds(reader: Reader, *, scheme: str = DEFAULT_SCHEME, month: str | None = None) -> Ranking:
    """Score and rank every managed compound of the city; the same result for every page until the data change.

    An account with a data scope gets its own compounds out of it, with their ranks in the city.

    Raises:
        GovernanceError: the store holds no compounds, no months, or not this one. UnknownKeyError: no such scheme, or
            it names an indicator nobody counts. SchemeError: the scheme does not hold together or is not of compounds.
    """
    if not reader.months:
        raise GovernanceError("库中没有任何月份的数据，无法评分", todo="先导入名录与月报", code="empty_store")
    when = month or reader.latest_month
    if when not in reader.months:
        raise GovernanceError(
            f"没有 {when} 的数据，无法评分",
            why=f"库中的月份从 {reader.months[0]} 到 {reader.latest_month}",
            todo="换一个月份",
            code="no_such_month",
        )
    everyone = reader.whole

    def read() -> Ranking | GovernanceError:
        loaded = load_scheme(scheme)
        try:
            return _rank(everyone, loaded, when)
        except StoreError:
            raise
        except GovernanceError as refusal:
            # As true as a ranking until the data change: early months lack most indicators, and pages ask again.
            return refusal

    ranking: Ranking | GovernanceError = everyone.remember(("ranking", scheme, when), read, is_fact=True)
    if isinstance(ranking, GovernanceError):
        raise ranking.with_traceback(None)
    return ranking if reader.scope is None else ranking.only(reader.own(UnitKind.COMPOUND))


def _rank(reader: Reader, scheme: Scheme, month: str) -> Ranking:
    if scheme.unit != UNIT or not scheme.nodes:
        raise HierarchyError(
            "这个方案不是小区的评价方案" if scheme.nodes else "方案没有写 nodes",
            where=f"方案 {scheme.name}",
            why=f"给小区排名的方案须写 unit: {UNIT} 和 nodes，指标取自指标目录",
            todo="对照 docs/schemes/wanmei.yaml 改正；其他数据集请用 python -m data composite",
            code="not_of_compounds",
        )
    groups = reader.indicator("compounds", period=Period.of(month), by="compound")
    groups = groups[(groups["value"].fillna(0) > 0) & (groups["group"] != "")]
    if groups.empty:
        raise GovernanceError("名录中没有物管小区，无法评分", todo="先导入小区名录", code="no_compounds")
    units = groups["group"].tolist()
    _read_ahead(reader, [node.key for node in scheme.indicators], month)
    values = {node.key: compound_value(reader, node.key, month) for node in scheme.indicators}
    data = pd.DataFrame({UNIT: units, LABEL: groups["label"].tolist()})
    for key, value in values.items():
        data[key] = value.values.reindex(units).to_numpy(dtype=np.float64)
    result = run_composite(data, None, scheme)
    gates = _gates(reader, scheme, units, month)
    sampling = {
        key: _aligned(value.sampling, value.values.index, units) for key, value in values.items() if value.sampling
    }
    firmness = simulate_ranks(
        result, uncertainty=Uncertainty(sampling=sampling, seed=RANDOM_SEED), is_eligible=gates.is_eligible
    )
    reported = data.set_index(UNIT).drop(columns=LABEL)
    is_ranked = firmness.table["tier"] != Tier.UNRANKED
    return Ranking(
        scheme, month, result, gates, firmness, reported, sampling,
        ranked_in_city=int(is_ranked.sum()), typical=result.normalised.loc[is_ranked].mean(),
    )  # fmt: skip


def _aligned(sampling: Sampling, index: pd.Index[str], units: list[str]) -> Sampling:
    if not isinstance(sampling, BetaSampling):
        return sampling

    def reordered(values: FloatArray) -> FloatArray:
        return np.asarray(pd.Series(values, index=index).reindex(units), dtype=np.float64)

    return BetaSampling(
        alpha=reordered(sampling.alpha),
        beta=reordered(sampling.beta),
        scale=sampling.scale,
    )


def _gates(reader: Reader, scheme: Scheme, units: list[str], month: str) -> GateResult:
    branch = reader.indicator("branch_coverage", period=Period.of(month), by="compound").set_index("group")["numerator"]
    bands = compound_estimates(reader, month).set_index("compound_id")["band"]
    end = pd.Timestamp(f"{month}-01") + pd.offsets.MonthEnd(0)
    incidents, objections = reader.register("incident"), reader.register("objection")
    still_open = incidents[
        (incidents["opened_on"] <= end) & (incidents["closed_on"].isna() | (incidents["closed_on"] > end))
    ]
    waiting = objections[
        (objections["raised_on"] <= end) & (objections["answered_on"].isna() | (objections["answered_on"] > end))
    ]
    return apply_gates(
        units,
        has_branch=branch.reindex(units).to_numpy(dtype=np.float64),
        satisfaction_band=[bands.get(unit) for unit in units],
        open_incidents=still_open.groupby("compound_id").size().reindex(units).fillna(0).to_numpy(dtype=np.float64),
        unanswered_objections=waiting.groupby("compound_id").size().reindex(units).fillna(0).to_numpy(dtype=np.float64),
        gates=scheme.gates,
    )


# -- an indicator's value by compound ---------------------------------------------------------------------------------


def compound_value(reader: Reader, key: str, month: str) -> Value:
    """Values of a scheme's indicator by compound id: shares as 0–1, scores in points, missing as NaN.

    A key is one of `COMPOUND_VALUES` (made for the index) or any indicator of the catalogue that is counted on
    compounds; the latter is taken over the last twelve months (stocks: at the end of `month`).

    Raises:
        UnknownKeyError: neither.

    Source: the catalogue's definition of the indicator; what stands in for a missing thing is this project's proposal.
    """
    if key in COMPOUND_VALUES:
        return COMPOUND_VALUES[key](reader, month)
    if key not in INDICATORS:
        raise unknown_key(key, [*COMPOUND_VALUES, *INDICATORS], kind="评价指标")
    return _catalogue_value(reader, key, month)


def _window(reader: Reader, month: str) -> Period:
    return Period(max(reader.months[0], months_back(month, WINDOW_MONTHS - 1)), month)


def _catalogue_period(reader: Reader, key: str, month: str) -> Period:
    indicator = INDICATORS[key]
    is_state = indicator.denominator is Reported.UNITS or MEASURES[indicator.numerator[0]].is_flag
    return Period.of(month) if is_state else _window(reader, month)


def _read_ahead(reader: Reader, keys: list[str], month: str) -> None:
    """Have the reader fetch in two statements what `_catalogue_value` will ask for one by one."""
    by_period: dict[Period, list[str]] = {}
    for key in keys:
        if key in INDICATORS and key not in COMPOUND_VALUES:
            by_period.setdefault(_catalogue_period(reader, key, month), []).append(key)
    for period, together in by_period.items():
        reader.indicators(together, period=period, by="compound")


def _catalogue_value(reader: Reader, key: str, month: str) -> Value:
    indicator = INDICATORS[key]
    period = _catalogue_period(reader, key, month)
    frame = reader.indicator(key, period=period, by="compound").set_index("group")
    scale = 0.01 if indicator.unit == "%" else 1.0
    values = frame["value"].astype(float) * scale
    if not indicator.is_binomial:
        return Value(values)
    return Value(values, rate_sampling(frame["numerator"].to_numpy(float), frame["denominator"].to_numpy(float)))


def _satisfaction_shrunk(reader: Reader, month: str) -> Value:
    """Posterior mean of the residents' rate, with its posterior."""
    frame = compound_estimates(reader, month).set_index("compound_id")
    return Value(frame["shrunk"], BetaSampling(frame["alpha"].to_numpy(), frame["beta"].to_numpy()))


def _three_senses(reader: Reader, month: str) -> Value:
    """Satisfied answers over valid answers of the three questions together, last twelve months."""
    period = _window(reader, month)
    frames = reader.indicators(
        ["satisfaction_gain", "satisfaction_happy", "satisfaction_safe"], period=period, by="compound"
    )
    index = pd.Index(next(iter(frames.values()))["group"])
    parts = [frame.set_index("group").reindex(index) for frame in frames.values()]
    satisfied = sum((part["numerator"].astype(float) for part in parts), pd.Series(0.0, index=index))
    valid = sum((part["denominator"].astype(float) for part in parts), pd.Series(0.0, index=index))
    rate = satisfied / valid.where(valid > 0)
    # The same respondents answer all three, so a third of the answers is what the sample is worth.
    return Value(rate, rate_sampling(satisfied.to_numpy() / 3, valid.to_numpy() / 3))


def _of_what_exists(key: str, existence: str) -> Callable[[Reader, str], Value]:
    """A property of a committee or branch; a compound that reported to have none scores 0, an unreported one is
    missing.
    """

    def read(reader: Reader, month: str) -> Value:
        period = Period.of(month)
        found = reader.indicators([key, existence], period=period, by="compound")
        value = found[key].set_index("group")["value"].astype(float) / 100
        has = found[existence].set_index("group")["numerator"].astype(float)
        return Value(value.where(has != 0, 0.0))

    read.__doc__ = _of_what_exists.__doc__
    return read


def _neutral_where(value: pd.Series[float], not_applicable: pd.Series[bool]) -> Value:
    """`value` with the mean of the others where the question does not arise: neither praised nor blamed for it."""
    return Value(value.mask(not_applicable & value.isna(), value.mean()))


def _public_income(reader: Reader, month: str) -> Value:
    """Periods published over periods due in twelve months; neutral for a compound without public income."""
    period = _window(reader, month)
    frame = reader.indicator("public_income_rate", period=period, by="compound").set_index("group")
    return _neutral_where(frame["value"].astype(float) / 100, ~(frame["denominator"].astype(float) > 0))


def _credit_score(reader: Reader, month: str) -> Value:
    """Credit score of the company that manages the compound at the end of `month`, in points; neutral without one."""
    scores = reader.indicator("credit_score_mean", period=Period.of(month), by="company").set_index("group")["value"]
    relations = reader.register("management")
    end = pd.Timestamp(f"{month}-01") + pd.offsets.MonthEnd(0)
    standing = relations[
        relations["company_id"].notna()
        & (relations["valid_from"].isna() | (relations["valid_from"] <= end))
        & (relations["valid_to"].isna() | (relations["valid_to"] >= end))
    ].drop_duplicates("compound_id", keep="last")
    company = standing.set_index("compound_id")["company_id"]
    everyone = reader.register("compound")["compound_id"]
    value = everyone.map(company.map(scores)).astype(float).set_axis(everyone)
    return _neutral_where(value, ~value.index.to_series().isin(set(company.index)))


def _six_have(reader: Reader, month: str) -> Value:
    """Share of the community's party stations with all six; 0 where the community is known to have none."""
    compounds = reader.register("compound").set_index("compound_id")
    stations = reader.register("site")
    end = pd.Timestamp(f"{month}-01") + pd.offsets.MonthEnd(0)
    stations = stations[
        (stations["kind"] == "党群服务站") & (stations["opened_on"].isna() | (stations["opened_on"] <= end))
    ]
    flags = ["has_place", "has_equipment", "has_sign", "has_flag", "has_reading", "has_rules"]
    known = stations[stations[flags].notna().all(axis=1)]
    share = known[flags].astype(float).min(axis=1).groupby(known["community_code"]).mean()
    without = ~compounds["community"].isin(set(stations["community_code"])) & compounds["community"].notna()
    return Value(compounds["community"].map(share).astype(float).mask(without, 0.0))


def _relapse(reader: Reader, month: str) -> Value:
    """Relapses over treatments of the last twelve months; 0 where no campaign had to be held."""
    frame = reader.indicator("campaign_relapse_rate", period=_window(reader, month), by="compound").set_index("group")
    treated = frame["denominator"].astype(float)
    return Value((frame["value"].astype(float) / 100).where(treated > 0, 0.0))


COMPOUND_VALUES: dict[str, Callable[[Reader, str], Value]] = {
    "satisfaction_shrunk": _satisfaction_shrunk,
    "three_senses_rate": _three_senses,
    "absorption_rate": _of_what_exists("absorption_rate", "branch_coverage"),
    "committee_in_term": _of_what_exists("committee_in_term", "committee_rate"),
    "committee_party_majority": _of_what_exists("committee_party_majority", "committee_rate"),
    "public_income_rate": _public_income,
    "credit_score_mean": _credit_score,
    "six_have_rate": _six_have,
    "campaign_relapse_rate": _relapse,
}


def input_frame(ranking: Ranking) -> pd.DataFrame:
    """What the browser needs to recompute scores: normalised values (0–100) by compound, one column an indicator."""
    frame = ranking.result.normalised.copy()
    frame.index.name = UNIT
    return frame.replace([np.inf, -np.inf], np.nan)
