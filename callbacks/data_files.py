"""Files of the data page: uploads in; template, export, annotated copies and traced rows out."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, jsonify, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import RequestEntityTooLarge

from dashboard.cards.data.lineage import shown_value
from dashboard.cards.data.titles import table_title
from dashboard.events import LOG
from dashboard.import_desk import ImportDesk
from dashboard.services import Services
from dashboard.uploads import UploadGoneError
from dashboard.view import View
from dashboard.wording import Words
from data.catalogue import INDICATORS, MEASURES
from data.errors import GovernanceError
from data.importing.export import export_store
from data.importing.template import write_template
from data.query import Reader
from data.retrying import reading
from data.trace import trace_figure

# A page of another origin cannot send this header without asking first, and is never allowed to.
UPLOAD_HEADER = "X-Governance-Upload"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MAX_FILES = 200
TRACE_PAGE = 5000
# A cell that begins with one of these would run as a formula when a spreadsheet opens the file.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def serve_data_files(server: Flask, services: Services, desk: ImportDesk) -> None:
    """Add the routes."""

    @server.post("/data/upload")
    def upload() -> Any:
        words = Words(request.headers.get(UPLOAD_HEADER, services.settings.lang))
        if not is_own_page():
            return refusal(words("data.upload.foreign"), 403)
        try:
            files = request.files.getlist("files")
        except RequestEntityTooLarge:
            return refusal(words("data.upload.too_large", limit=services.settings.max_upload_mb), 413)
        if not 1 <= len(files) <= MAX_FILES:
            return refusal(words("data.upload.none", limit=MAX_FILES), 400)
        try:
            token = desk.uploads.keep((file.filename or "", file.stream) for file in files)
        except OSError:
            LOG.exception("upload cannot be kept")
            return refusal(words("data.upload.no_room"), 507)
        return jsonify(token=token, files=desk.uploads.names(token))

    @server.get("/data/template.xlsx")
    def template() -> Response:
        return download(write_template(), "template.xlsx", XLSX)

    @server.get("/data/export.xlsx")
    def export() -> Response:
        reader = services.reader()
        content = reading(reader.engine, lambda connection: export_store(connection, keep=reader.only_own))
        return download(content, f"{reader.city.code or 'empty'}-{reader.revision}.xlsx", XLSX)

    @server.get("/data/annotated/<token>.xlsx")
    def annotated(token: str) -> Response:
        try:
            return download(desk.annotated(token), "annotated.xlsx", XLSX)
        except UploadGoneError:
            return Response(Words(services.settings.lang)("data.upload.gone"), status=404, mimetype="text/plain")

    @server.get("/data/trace.csv")
    def traced() -> Response:
        reader = services.reader()
        view, _ = View.parse("/data", request.query_string.decode("ascii", "replace"), reader, services.settings.lang)
        words = Words(view.lang)
        if view.trace is None:
            return Response(words("data.lineage.choose"), status=404, mimetype="text/plain")
        try:
            # The first page is read before anything is sent, so that a refusal can still be an answer.
            lines = trace_lines(reader, view, words)
            first = next(lines)
        except (GovernanceError, SQLAlchemyError) as error:
            LOG.error("trace refused", reason=str(error))
            return Response(str(error), status=400, mimetype="text/plain")
        return Response(
            _from(first, lines),
            mimetype="text/csv; charset=utf-8",
            headers={"Content-Disposition": f"attachment; filename=trace-{view.trace}.csv"},
        )


def is_own_page() -> bool:
    """Whether the request comes from a page of this server: its header is there and no origin says otherwise."""
    if UPLOAD_HEADER not in request.headers:
        return False
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def refusal(message: str, status: int) -> tuple[Response, int]:
    """A JSON answer that says why."""
    return jsonify(message=message), status


def download(content: bytes, name: str, mimetype: str) -> Response:
    """A file to be saved."""
    return Response(content, mimetype=mimetype, headers={"Content-Disposition": f"attachment; filename={name}"})


def harmless(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value


def trace_lines(reader: Reader, view: View, words: Words) -> Iterator[str]:
    """All rows behind the traced figure as CSV with a heading, a page of them at a time, for Excel (BOM)."""
    fields = ("measure", "label", "unit", "month", "value", "file", "sheet", "source_row", "batch", "table", "row_id")
    key = INDICATORS[str(view.trace)].key
    month = view.month_of(reader) or None
    text = io.StringIO()
    writer = csv.writer(text)
    text.write("\ufeff")
    writer.writerow([words(f"data.lineage.{field}") for field in fields])
    start = 0
    while True:
        page = trace_figure(reader, key, view.selection, month=month, limit=TRACE_PAGE, offset=start)
        for row in page["rows"]:
            measure = MEASURES[row["measure"]]
            cells = row | {
                "measure": words.of(measure), "value": shown_value(row["value"], measure),
                "table": table_title(row["table"], words),
            }  # fmt: skip
            writer.writerow([harmless(cells[field]) for field in fields])
        yield text.getvalue()
        text.seek(0)
        text.truncate()
        start += TRACE_PAGE
        if start >= page["rows_total"]:
            return


def _from(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest
