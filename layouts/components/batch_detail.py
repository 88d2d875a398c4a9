"""One import in full: its files and sheets, the rows it refused and why, and the button that takes it back."""

from __future__ import annotations

from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from dashboard.cards.data.batches import local_time
from dashboard.cards.data.titles import table_title
from dashboard.ids import DataId
from dashboard.numbers import number
from dashboard.wording import Words
from layouts.components.import_progress import problem_grid

REFUSED = "data.batch_refused"


def batch_detail(
    batch: dict[str, Any] | None, refused: list[dict[str, Any]], words: Words, *, may_revert: bool = True
) -> list[Any]:
    """The panel under the list of imports; a hint when none is chosen.

    Args:
        batch: an entry of `data.importing.batches.list_batches`. refused: its `refusals`, as many as are to be listed.
        may_revert: whether the account may take it back.
    """
    if batch is None:
        return [
            html.P(words("data.batch.choose"), className="gd-subtitle"),
            *_revert_button(None, words, may_revert=may_revert),
        ]
    parts: list[Any] = [
        html.Div(
            [html.H3(words("data.batch.title", batch=batch["batch"]), className="gd-title"), *_revert_button(batch, words, may_revert=may_revert)],
            className="gd-import-problems-head",
        ),
        html.P(_facts(batch, words), className="gd-subtitle"),
    ]  # fmt: skip
    for file in batch["files"]:
        parts.append(
            html.P(
                [html.Strong(file["file"]), words("data.batch.file", size=number(file["size"]), sha=file["sha256"])],
                className="gd-batch-file",
            )
        )
    sheets = [sheet for file in batch["files"] for sheet in file["sheets"]]
    if sheets:
        parts.append(_sheets(sheets, words))
    if refused:
        total = batch["refused"]
        heading = words("data.batch.refused", n=number(total))
        problems = [
            {"file": "", "sheet": row["sheet"], "row": row["row"], "column": p["column"], "value": p["value"],
             "message": p["message"]}
            for row in refused
            for p in row["problems"]
        ]  # fmt: skip
        if len(refused) < total:
            heading += words("data.check.problems_cut", shown=number(len(refused)))
        parts += [html.H3(heading, className="gd-import-heading"), problem_grid(problems, REFUSED, words)]
    return parts


def _facts(batch: dict[str, Any], words: Words) -> str:
    facts = [words("data.batch.by", at=local_time(batch["created_at"]), actor=batch["actor"])]
    if batch["mapping"]:
        facts.append(words("data.batch.mapping", mapping=batch["mapping"]))
    if batch["crs"]:
        facts.append(words("data.batch.crs", crs=batch["crs"]))
    if batch["note"]:
        facts.append(batch["note"])
    if batch["reverted_at"]:
        facts.append(words("data.batch.was_reverted", at=local_time(batch["reverted_at"]), by=batch["reverted_by"]))
    return words("text.middot").join(facts)


def _revert_button(batch: dict[str, Any] | None, words: Words, *, may_revert: bool) -> list[html.Button]:
    if not may_revert:
        return []
    is_hidden = batch is None or batch["reverted_at"] is not None
    return [
        html.Button(
            words("data.batch.revert"), id=DataId.REVERT, n_clicks=0, hidden=is_hidden, className="btn gd-button"
        )
    ]


def _sheets(sheets: list[dict[str, Any]], words: Words) -> html.Table:
    head = ("rows", "accepted", "refused", "changed")
    return html.Table(
        [
            html.Thead(html.Tr([
                html.Th(words("data.check.sheet_column"), scope="col"), html.Th(words("data.check.table"), scope="col", className="gd-text-cell"),
                *(html.Th(words(f"data.batches.{name}"), scope="col") for name in head),
            ])),
            html.Tbody([
                html.Tr([
                    html.Th(sheet["sheet"], scope="row"),
                    html.Td(table_title(sheet["table"], words) if sheet["table"] else "", className="gd-text-cell"),
                    *(html.Td(number(sheet[name])) for name in head),
                ])
                for sheet in sheets
            ]),
        ],
        className="gd-plain-table",
    )  # fmt: skip


def revert_dialog(words: Words) -> dbc.Modal:
    """The question before a batch is taken back."""
    return dbc.Modal(
        [
            dbc.ModalHeader(dbc.ModalTitle(words("data.revert.title")), close_button=False),
            dbc.ModalBody(html.Div(id=DataId.REVERT_TEXT)),
            dbc.ModalFooter(
                [
                    html.Button(words("data.revert.cancel"), id=DataId.REVERT_CANCEL, n_clicks=0, className="btn gd-button"),
                    html.Button(
                        words("data.revert.confirm"), id=DataId.REVERT_CONFIRM, n_clicks=0,
                        className="btn gd-button gd-button-main",
                    ),
                ]
            ),
        ],
        id=DataId.REVERT_ASK, is_open=False, centered=True, backdrop="static",
    )  # fmt: skip
