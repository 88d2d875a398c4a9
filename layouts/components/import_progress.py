"""What became of an upload: being checked, what was found, imported, refused, failed."""

from __future__ import annotations

from typing import Any

import dash_ag_grid as dag
from dash import dcc, html

from dashboard.cards.data.titles import table_title
from dashboard.cards.types import WRAPPED, GridSpec
from dashboard.flags import as_controls
from dashboard.ids import DataId
from dashboard.import_desk import PROBLEMS_LISTED, Phase, Progress
from dashboard.numbers import number
from dashboard.view import HOME, View
from dashboard.wording import Words
from data.catalogue.types import Page
from layouts.components.grid import grid

PROBLEMS = "data.upload_problems"


def progress_view(
    progress: Progress, report: dict[str, Any] | None, files: list[dict[str, Any]], token: str, words: Words
) -> list[Any]:
    """The place under the drop zone.

    Args:
        report: of the last check, `dashboard.import_desk.report_of`. files: name and size of what was sent.
    """
    names = words.listed([str(file["name"]) for file in files])
    if progress.phase.is_working or progress.phase is Phase.RECEIVED:
        key = "committing" if progress.phase is Phase.COMMITTING else "checking"
        return [_working(words(f"data.progress.{key}", files=names), words(f"data.progress.{key}_sub"))]
    if progress.phase is Phase.COMMITTED:
        return [_done(progress, words)]
    if progress.phase is Phase.REFUSED:
        return [
            _notice("alert", words("data.progress.refused"), as_controls(progress.message, words)),
            _buttons(None, words),
        ]
    if progress.phase is Phase.FAILED:
        text = words("failing.body", request=progress.request)
        return [_notice("alert", words("data.progress.failed"), text), _buttons(None, words)]
    if progress.phase is Phase.INTERRUPTED or report is None:
        return [
            _notice("warn", words("data.progress.interrupted"), words("data.progress.interrupted_sub")),
            _buttons(None, words),
        ]
    return [_checked(report, names, token, words)]


def message_view(message: str, words: Words) -> list[Any]:
    """An upload that did not arrive, with the reason."""
    return [_notice("alert", words("data.progress.not_sent"), message)]


def _working(title: str, text: str) -> html.Div:
    return html.Div(
        [html.Div(className="gd-working-bar", **{"aria-hidden": "true"}), html.P(title, className="gd-state-title"),
         html.P(text, className="gd-state-text")],
        className="gd-import-state", **{"data-phase": "working"},
    )  # fmt: skip


def _notice(tone: str, title: str, text: str) -> html.Div:
    return html.Div(
        [html.P(title, className="gd-state-title"), html.P(text, className="gd-state-text")],
        className=f"gd-import-state gd-import-{tone}", role="alert", **{"data-phase": tone},
    )  # fmt: skip


def _done(progress: Progress, words: Words) -> html.Div:
    return html.Div(
        [
            html.P(words("data.progress.committed", batch=progress.batch), className="gd-state-title"),
            html.P(words("data.progress.committed_sub"), className="gd-state-text"),
            html.Div(
                [
                    dcc.Link(
                        words("data.progress.to_overview"), href=View.plain(HOME, words.lang).href(),
                        className="btn gd-button",
                    ),
                    html.Button(words("data.progress.another"), id=DataId.DISCARD, n_clicks=0, className="btn gd-button"),
                    html.Button(id=DataId.COMMIT, n_clicks=0, hidden=True),
                    html.Button(id=DataId.COMMIT_ACCEPTED, n_clicks=0, hidden=True),
                ],
                className="gd-import-buttons",
            ),
        ],
        className="gd-import-state gd-import-good", role="status", **{"data-phase": "committed"},
    )  # fmt: skip


def _buttons(report: dict[str, Any] | None, words: Words) -> html.Div:
    """Import all, import what is sound, start again; those that do not apply are there but hidden."""
    can_commit, can_skip = bool(report and report["can_commit"]), bool(report and report["can_skip"])
    accepted = number(report["accepted"]) if report else ""
    refused = number(report["refused"]) if report else ""
    return html.Div(
        [
            html.Button(
                words("data.progress.commit", n=accepted), id=DataId.COMMIT, n_clicks=0, hidden=not can_commit,
                className="btn gd-button gd-button-main",
            ),
            html.Button(
                words("data.progress.commit_accepted", n=accepted, refused=refused), id=DataId.COMMIT_ACCEPTED, n_clicks=0,
                hidden=not can_skip, className="btn gd-button",
            ),
            html.Button(words("data.progress.discard"), id=DataId.DISCARD, n_clicks=0, className="btn gd-button"),
        ],
        className="gd-import-buttons",
    )  # fmt: skip


def _checked(report: dict[str, Any], names: str, token: str, words: Words) -> html.Div:
    total = report["problems_total"]
    parts: list[Any] = []
    if report["can_commit"]:
        changed = sum(change["added"] + change["changed"] for change in report["changes"])
        key = "data.check.sound" if changed else "data.check.nothing_new"
        parts.append(_verdict("good", words(key, rows=number(report["rows"]), changed=number(changed)), names))
    else:
        parts.append(
            _verdict("alert", words("data.check.unsound", n=number(total)), as_controls(report["refusal"], words))
        )
    parts.append(_buttons(report, words))
    if report["changes"]:
        parts += [html.H3(words("data.check.changes"), className="gd-import-heading"), _changes(report, words)]
    parts += _sheets(report, words)
    if total:
        shown = len(report["problems"])
        heading = words("data.check.problems", n=number(total))
        if shown < total:
            heading += words("data.check.problems_cut", shown=number(PROBLEMS_LISTED))
        parts += [
            html.Div(
                [
                    html.H3(heading, className="gd-import-heading"),
                    html.A(
                        words("data.check.annotated"), href=f"/data/annotated/{token}.xlsx", className="btn gd-button",
                        download="",
                    ),
                ],
                className="gd-import-problems-head",
            ),
            problem_grid(
                [row | {"message": as_controls(row["message"], words)} for row in report["problems"]], PROBLEMS, words
            ),
        ]  # fmt: skip
    return html.Div(parts, className="gd-import-checked", **{"data-phase": "checked"})


def _verdict(tone: str, title: str, text: str) -> html.Div:
    return html.Div(
        [html.P(title, className="gd-state-title"), html.P(text, className="gd-state-text")],
        className=f"gd-import-state gd-import-{tone}", role="status",
    )  # fmt: skip


def _changes(report: dict[str, Any], words: Words) -> html.Table:
    head = ("table", "added", "changed", "unchanged")
    return html.Table(
        [
            html.Thead(html.Tr([html.Th(words(f"data.check.{name}"), scope="col") for name in head])),
            html.Tbody([
                html.Tr([
                    html.Th(table_title(change["table"], words), scope="row"),
                    *(html.Td(number(change[name])) for name in head[1:]),
                ])
                for change in report["changes"]
            ]),
        ],
        className="gd-plain-table",
    )  # fmt: skip


def _sheets(report: dict[str, Any], words: Words) -> list[Any]:
    """Each sheet with the table it was taken for, its rows, and the columns nobody read."""
    lines = []
    for file in report["files"]:
        for sheet in file["sheets"]:
            key = "data.check.sheet_refused" if sheet["is_refused_whole"] else "data.check.sheet"
            text = words(
                key, file=file["file"], sheet=sheet["sheet"],
                table=table_title(sheet["table"], words) if sheet["table"] else words("data.check.no_table"),
                rows=number(sheet["rows"]), accepted=number(sheet["accepted"]), refused=number(sheet["refused"]),
            )  # fmt: skip
            if sheet["ignored"]:
                text += words("data.check.ignored", columns=words.listed([str(name) for name in sheet["ignored"]]))
            lines.append(html.Li(text))
    if not lines:
        return []
    return [
        html.H3(words("data.check.sheets"), className="gd-import-heading"),
        html.Ul(lines, className="gd-import-sheets"),
    ]


def problem_grid(problems: list[dict[str, Any]], name: str, words: Words) -> dag.AgGrid:
    """Problems by file, sheet, row, column and value, with the reason; every column can be filtered."""
    widths = {"file": 150, "sheet": 110, "column": 120, "value": 140, "message": 420}
    columns: list[dict[str, Any]] = [
        {"field": "sheet", "headerName": words("data.check.sheet_column"), "minWidth": widths["sheet"]},
        {"field": "row", "headerName": words("data.check.row"), "width": 90, "type": "rightAligned",
         "filter": "agNumberColumnFilter"},
        *({"field": f, "headerName": words(f"data.check.{f}"), "minWidth": widths[f], "tooltipField": f}
          for f in ("column", "value")),
        {"field": "message", "headerName": words("data.check.message"), "minWidth": widths["message"], "flex": 3,
         **WRAPPED},
        {"field": "file", "headerName": words("data.check.file"), "minWidth": widths["file"], "tooltipField": "file"},
    ]  # fmt: skip
    for column in columns:
        column |= {"floatingFilter": True, "suppressFloatingFilterButton": True}
    rows = [{"id": str(place), **problem} for place, problem in enumerate(problems)]
    height = f"{min(27.0, 8.5 + 3.5 * len(rows)):g}rem"
    spec = GridSpec(columns=columns, rows=rows, row_id="id", page_size=100)
    return grid(spec, name, View.plain(Page.DATA.value, words.lang), words, height=height)
