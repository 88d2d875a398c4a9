"""Commands that read the store: check, catalogue, indicator, rank, composite, trace."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer
from sqlalchemy import Engine

from data.catalogue import INDICATORS, Reported
from data.catalogue import indicator as indicator_of
from data.check import check_store
from data.errors import UsageError
from data.query import GROUPINGS, Period, Reader, Selection
from data.ranking import rank_compounds
from data.satisfaction import is_month_without_survey
from data.statistics.composite import composite_command
from data.statistics.gates import GateReason
from data.trace import trace_figure

Json = Annotated[bool, typer.Option("--json", help="print one JSON document")]


def plain(value: Any) -> Any:
    """A value as JSON holds it: missing is null, whole numbers are integers."""
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    if hasattr(value, "item"):
        return plain(value.item())
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as JSON objects."""
    return [{str(k): plain(v) for k, v in row.items()} for row in frame.to_dict("records")]


def show(document: Any, *, as_json: bool, text: Callable[[], str]) -> None:
    """Print `document` as JSON, or `text()` for a person."""
    typer.echo(json.dumps(document, ensure_ascii=False, allow_nan=False) if as_json else text())


def period_from(month: str | None, start: str | None, end: str | None) -> Period | None:
    """The period that --month or --from/--to name; None when neither is given."""
    if month and (start or end):
        raise UsageError("--month 与 --from/--to 不能同时使用", todo="只用一种", code="period_options")
    if month:
        return Period.of(month)
    if start or end:
        if not (start and end):
            raise UsageError("--from 与 --to 要一起给出", todo="补上另一个月份", code="period_options")
        return Period(start, end)
    return None


def indicator_json(
    reader: Reader, key: str, selection: Selection, period: Period | None, by: str | None
) -> dict[str, Any]:
    """The document `python -m data indicator KEY --json` prints."""
    frame = reader.indicator(key, selection, period=period, by=by)
    return {"key": key, "unit": indicator_of(key).unit, "rows": records(frame)}


def catalogue_json() -> list[dict[str, Any]]:
    """Every indicator with its definition, in catalogue order."""
    return [
        {
            "key": i.key, "title": {"zh": i.zh, "en": i.en},
            "definition": {"zh": i.definition_zh, "en": i.definition_en}, "unit": i.unit, "direction": i.direction,
            "decimals": i.decimals, "scale": i.scale, "target": i.target, "numerator": list(i.numerator),
            "denominator": "reported" if i.denominator is Reported.UNITS else list(i.denominator or ()),
            "source": i.source, "codes": list(i.codes), "page": i.page.value, "cumulative": i.cumulative,
            "caveats": list(i.caveats),
        }
        for i in INDICATORS.values()
    ]  # fmt: skip


def _table(frame: pd.DataFrame) -> str:
    return frame.to_string(index=False, na_rep="—") if len(frame) else "没有记录"


def register(app: typer.Typer, opened: Callable[[], Engine], city: str | None = None) -> None:
    """Add the reading commands to `app`; `opened` returns a store of the right version."""

    @app.command("check")
    def check(as_json: Json = False) -> None:
        """Integrity, freshness, coverage of reporting, and totals computed from rows."""
        document = check_store(opened(), city=city)
        show(document, as_json=as_json, text=lambda: _check_text(document))
        if document["problems"]:
            raise typer.Exit(1)

    @app.command("catalogue")
    def catalogue(as_json: Json = False) -> None:
        """Every indicator: key, titles, definition, unit, direction, numerator, denominator, source."""
        show(
            catalogue_json(), as_json=as_json,
            text=lambda: "\n".join(f"{i.key}\t{i.zh}\t{i.unit}\t{i.definition_zh}" for i in INDICATORS.values()),
        )  # fmt: skip

    @app.command("indicator")
    def indicator(
        key: str,
        area: Annotated[str | None, typer.Option(help="area code")] = None,
        grid: Annotated[str | None, typer.Option(help="grid code")] = None,
        kind: Annotated[str | None, typer.Option(help="kind of compound")] = None,
        compound: Annotated[str | None, typer.Option(help="compound id")] = None,
        company: Annotated[str | None, typer.Option(help="company id")] = None,
        month: Annotated[str | None, typer.Option(help="YYYY-MM")] = None,
        start: Annotated[str | None, typer.Option("--from", help="YYYY-MM")] = None,
        end: Annotated[str | None, typer.Option("--to", help="YYYY-MM")] = None,
        by: Annotated[str | None, typer.Option(help="|".join(GROUPINGS))] = None,
        as_json: Json = False,
    ) -> None:
        """Value, numerator, denominator, reported, expected and interval of one indicator."""
        reader = Reader(opened(), city=city)
        selection = Selection(area=area, grid=grid, kind=kind, compound=compound, company=company)
        period = period_from(month, start, end)
        document = indicator_json(reader, key, selection, period, by)
        show(document, as_json=as_json, text=lambda: _indicator_text(document, reader, _one_month(reader, period)))

    @app.command("rank")
    def rank(
        scheme: Annotated[str, typer.Option(help="name of a built-in scheme, or a file")] = "wanmei",
        month: Annotated[str | None, typer.Option(help="YYYY-MM")] = None,
        as_json: Json = False,
    ) -> None:
        """Index, gates, tier and rank range of every compound."""
        period = period_from(month, None, None)
        document = rank_compounds(
            Reader(opened(), city=city), scheme=scheme, month=period.end if period else None
        ).document()
        show(document, as_json=as_json, text=lambda: _rank_text(document))

    @app.command("composite")
    def composite(
        data: Annotated[Path, typer.Option(help="CSV of units by indicator")],
        scheme: Annotated[Path, typer.Option(help="scheme file")],
        meta: Annotated[
            Path | None, typer.Option(help="CSV of indicators and their hierarchy, unless the scheme lists its nodes")
        ] = None,
        as_json: Json = False,
    ) -> None:
        """The index on any data set."""
        document = composite_command(data, meta, scheme)
        show(document, as_json=as_json, text=lambda: _composite_text(document))

    @app.command("trace")
    def trace(
        key: str,
        area: Annotated[str | None, typer.Option(help="area code")] = None,
        compound: Annotated[str | None, typer.Option(help="compound id")] = None,
        month: Annotated[str | None, typer.Option(help="YYYY-MM")] = None,
        limit: Annotated[int, typer.Option(help="most rows to list")] = 1000,
        as_json: Json = False,
    ) -> None:
        """Batches, files and rows behind a figure."""
        reader = Reader(opened(), city=city)
        document = trace_figure(reader, key, Selection(area=area, compound=compound), month=month, limit=limit)
        show(document, as_json=as_json, text=lambda: _table(pd.DataFrame(document["rows"])))


def _shown(value: float | None, decimals: int = 2) -> str:
    return "—" if value is None else f"{value:.{decimals}f}"


def _rank_text(document: dict[str, Any]) -> str:
    """Tiers and rank ranges; a bare position would claim more than the data know."""
    lines = [f"方案 {document['scheme']} {document['version']}　{document['month']}",
             "档次\t小区\t编号\t得分\t名次区间（5–95%）\t进入前10%的概率\t资格"]  # fmt: skip
    for row in document["rows"]:
        span = "—" if row["rank"] is None else f"{row['rank_low']:.0f}–{row['rank_high']:.0f}"
        reasons = "、".join(GateReason(reason).heading for reason in row["reasons"])
        verdict = row["eligibility"] + (f"：{reasons}" if reasons else "")
        cells = (row["tier"], row["label"], row["unit"], _shown(row["score"]), span, _shown(row["probability_top"]))
        lines.append("\t".join(map(str, (*cells, verdict))))
    return "\n".join(lines)


def _composite_text(document: dict[str, Any]) -> str:
    """Scores with both means beside each other, so that nobody reads one of them as the only truth."""
    lines = [f"方案 {document['scheme']} {document['version']}",
             "编号\t名称\t得分\t名次\t另一种平均得分\t另一种平均名次\t可用率\t补缺"]  # fmt: skip
    for row in document["rows"]:
        ranks = ["—" if row[key] is None else str(row[key]) for key in ("rank", "rank_other_mean")]
        cells = (row["unit"], row["label"], _shown(row["score"]), ranks[0], _shown(row["score_other_mean"]), ranks[1])
        lines.append("\t".join(map(str, (*cells, f"{row['availability']:.0%}", "、".join(row["imputed"]) or "—"))))
    return "\n".join(lines)


def _one_month(reader: Reader, period: Period | None) -> str:
    """The month that figures of a period are of; empty for several months."""
    if period is None:
        return reader.latest_month if reader.months else ""
    return period.end if period.is_month else ""


def _indicator_text(document: dict[str, Any], reader: Reader, month: str) -> str:
    """Values with what they rest on; why there is none is said instead of a value.

    Args:
        month: of rows that are not themselves of a month; empty where they are of several.
    """
    if not document["rows"]:
        return "没有记录"
    lines = ["分组\t名称\t值\t分子\t分母\t上报\t应报\t区间下限\t区间上限"]
    for row in document["rows"]:
        if row["value"] is None:
            own = row["group"] if row["group"] in reader.months else month
            value = why_missing(row, is_idle=is_month_without_survey(reader, document["key"], own))
        else:
            value = f"{row['value']:g}{document['unit']}"
        rest = [row[key] for key in ("numerator", "denominator", "reported", "expected", "low", "high")]
        cells = [row["group"], row["label"], value, *("—" if part is None else f"{part:g}" for part in rest)]
        lines.append("\t".join(map(str, cells)))
    return "\n".join(lines)


def why_missing(row: dict[str, Any], *, is_idle: bool = False) -> str:
    """Why a figure has no value: too few to show, nothing to divide by, nobody asked that month, or not reported."""
    if row["suppressed"]:
        return "数目过小，不予显示"
    if row["denominator"] == 0:
        return "分母为0，无法计算"
    return "当月无调查" if is_idle else "未上报"


def _check_text(document: dict[str, Any]) -> str:
    lines = [f"{key}\t{value}" for key, value in document["totals"].items()]
    lines += [f"问题\t{p['code']}\t{p['message']}" for p in document["problems"]]
    return "\n".join(lines)
