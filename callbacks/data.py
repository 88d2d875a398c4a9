"""What happens on the page `data`: files are taken, checked and imported; batches are opened and taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, ctx, no_update
from dash.exceptions import PreventUpdate

from callbacks.data_files import serve_data_files
from callbacks.message import message_of
from dashboard.access import Right, may, user_or_demo
from dashboard.cards.data.batches import all_batches, file_names
from dashboard.cards.data.quality import is_checked
from dashboard.cards.data.titles import table_title
from dashboard.events import LOG
from dashboard.ids import DataId, Id, Part, part_id
from dashboard.import_desk import Choices, ImportDesk, Phase
from dashboard.numbers import number
from dashboard.services import Services
from dashboard.uploads import UploadGoneError, Uploads
from dashboard.view import View
from dashboard.wording import Words
from data.errors import GovernanceError
from data.hanging import left_hanging_by
from data.importing.batches import refusals
from data.importing.ports import Ports
from data.importing.revert import revert
from data.query.ownership import Ownership
from data.retrying import reading
from geo.importing import ImportGeography
from layouts.components.batch_detail import batch_detail
from layouts.components.import_progress import message_view, progress_view
from layouts.components.states import said_notice
from layouts.data import trace_rows_href

NAMESPACE = "gdData"
REFUSALS_LISTED = 2000
OPTIONS = {"table": DataId.TABLE, "mapping": DataId.MAPPING, "crs": DataId.CRS, "city": DataId.CITY}


def words_of(address: Any, services: Services) -> Words:
    """The words of the page's language, from what the browser says it shows."""
    return view_of(address, services)[1]


def view_of(address: Any, services: Services) -> tuple[View, Words]:
    """The view and words of what the browser says it shows."""
    view, _, words = message_of(address).read(services.reader(), services.settings.lang)
    return view, words


def token_of(job: Any) -> Any:
    """The token in the job a browser keeps; None if there is none."""
    return job.get("token") if isinstance(job, dict) else None


def received(
    upload: Any, choices: Any, job: Any, *, is_new: bool, desk: ImportDesk, owner: Ownership | None = None
) -> dict[str, Any]:
    """Check what was sent, or check it again when it is to be read otherwise; the job to keep.

    Args:
        upload: what the script wrote: a token, or the message of a refusal.
        is_new: an upload arrived (rather than an option changed).
    """
    if is_new and isinstance(upload, dict) and isinstance(upload.get("message"), str):
        return {"message": upload["message"][:500]}
    token = token_of(upload) if is_new else token_of(job)
    if token is None:
        raise PreventUpdate
    try:
        desk.check(token, Choices.of(choices), owner)
    except UploadGoneError:
        return {"gone": True}
    return {"token": token, "turn": _next(job)}


def _next(job: Any) -> int:
    turn = job.get("turn") if isinstance(job, dict) else None
    return turn + 1 if isinstance(turn, int) else 1


def shown(job: Any, words: Words, desk: ImportDesk) -> tuple[list[Any], bool, int | None]:
    """What stands under the drop zone, whether there is nothing more to wait for, and the batch if one was written."""
    if isinstance(job, dict) and isinstance(job.get("message"), str):
        return message_view(job["message"], words), True, None
    if isinstance(job, dict) and job.get("gone"):
        return message_view(words("data.upload.gone"), words), True, None
    token = token_of(job)
    if token is None:
        return [], True, None
    try:
        progress = desk.progress(token)
        report = desk.report(token) if progress.phase is Phase.CHECKED else None
        parts = progress_view(progress, report, desk.uploads.names(token), token, words)
    except UploadGoneError:
        return message_view(words("data.upload.gone"), words), True, None
    return parts, not progress.phase.is_working, progress.batch


def begin_commit(
    job: Any, *, skip_refused: bool, actor: str, desk: ImportDesk, owner: Ownership | None = None
) -> dict[str, Any]:
    """Start importing the checked upload; a second click finds it under way and changes nothing."""
    token = token_of(job)
    if token is None:
        raise PreventUpdate
    try:
        desk.commit(token, skip_refused=skip_refused, actor=actor, owner=owner)
    except UploadGoneError:
        return {"gone": True}
    return {"token": token, "turn": _next(job)}


def opened_batch(selected: Any, words: Words, services: Services) -> tuple[list[Any], int | None]:
    """The panel of the chosen batch and its number."""
    chosen = (
        selected[0].get("batch") if isinstance(selected, list) and selected and isinstance(selected[0], dict) else None
    )
    reader, may_revert = services.reader(), may(user_or_demo(), Right.IMPORT)
    batch = next((b for b in all_batches(reader) if b["batch"] == chosen), None)
    if batch is None:
        return batch_detail(None, [], words, may_revert=may_revert), None
    refused = (
        reading(reader.engine, lambda connection: refusals(connection, batch["batch"], limit=REFUSALS_LISTED))
        if batch["refused"]
        else []
    )
    return batch_detail(batch, refused, words, may_revert=may_revert), int(batch["batch"])


def question(batch: Any, words: Words, services: Services) -> str:
    """What is asked before a batch is taken back."""
    found = next((b for b in all_batches(services.reader()) if b["batch"] == batch), None)
    if found is None:
        raise PreventUpdate
    asked = words(
        "data.revert.question", batch=found["batch"], files=file_names(found, words), rows=number(found["rows"])
    )
    left = reading(services.reader().engine, lambda connection: left_hanging_by(connection, found["batch"]))
    if not left:
        return asked
    listed = words.listed(
        [words("data.revert.left", table=table_title(h.table, words), rows=number(h.rows)) for h in left]
    )
    return asked + words("data.revert.hanging", listed=listed)


def taken_back(batch: Any, words: Words, services: Services) -> str:
    """Revert the batch; what was done, or why not."""
    if not isinstance(batch, int) or isinstance(batch, bool):
        raise PreventUpdate
    reader = services.reader()
    if not any(listed["batch"] == batch for listed in reader.batches()):
        raise PreventUpdate
    try:
        done = revert(reader.engine, batch, actor=actor_name())
    except GovernanceError as error:
        return str(error)
    LOG.info("reverted", batch=batch, removed=done.removed, restored=done.restored)
    return words(
        "data.revert.done", batch=batch, removed=number(done.removed), restored=number(done.restored),
        handed_over=number(done.handed_over),
    )  # fmt: skip


def actor_name() -> str:
    """Who imports from this page: the account; in the open demo a word that is the same in every language."""
    user = user_or_demo()
    return Words("zh")("data.actor") if user.is_open else user.login


def register(app: Dash, services: Services) -> None:
    """Wire the page and its files."""
    uploads = Uploads(Path(services.settings.upload_folder))
    desk = ImportDesk(uploads, services.engine, Ports(geography=ImportGeography()))
    # Apart from the others: the first look at a changed store counts every total again, which takes a while.
    serve_data_files(app.server, services, desk)
    _register_import(app, services, desk)
    _register_check(app, services)
    _register_batches(app, services)
    _register_lineage(app, services)
    # After an import or a revert everything on the page is drawn again, the filters with it.
    app.clientside_callback(
        ClientsideFunction("gd", "again"),
        Output(Id.REDRAW, "data", allow_duplicate=True),
        Input(DataId.CHANGED, "data"),
        prevent_initial_call=True,
    )


def _register_check(app: Dash, services: Services) -> None:
    def look(_: Any) -> dict[str, Any]:
        reader = services.reader()
        if is_checked(reader):
            raise PreventUpdate
        return {"to_check": reader.revision}

    # The page opened without waiting for the check; drawing it again does the check.
    app.callback(
        output=Output(DataId.CHANGED, "data", allow_duplicate=True),
        inputs=[Input(DataId.DROP, "id")],
        prevent_initial_call="initial_duplicate",
    )(look)


def _register_import(app: Dash, services: Services, desk: ImportDesk) -> None:
    def receive(upload: Any, job: Any, **choices: Any) -> Any:
        return received(upload, choices, job, is_new=ctx.triggered_id == DataId.UPLOAD, desk=desk,
            owner=services.reader().ownership(),
        )  # fmt: skip

    def show(job: Any, ticks: Any, address: Any, told: Any) -> dict[str, Any]:
        parts, is_settled, batch = shown(job, words_of(address, services), desk)
        token = token_of(job)
        is_news = batch is not None and token_of(told) != token
        return {
            "parts": parts,
            "is_settled": is_settled,
            "changed": {"token": token, "batch": batch} if is_news else no_update,
        }

    def commit(whole: Any, accepted: Any, job: Any) -> Any:
        clicked = ctx.triggered_id
        if not (whole if clicked == DataId.COMMIT else accepted):
            raise PreventUpdate
        return begin_commit(job, skip_refused=clicked == DataId.COMMIT_ACCEPTED, actor=actor_name(), desk=desk,
            owner=services.reader().ownership(),
        )  # fmt: skip

    def discard(clicks: Any) -> Any:
        if not clicks:
            raise PreventUpdate
        return {}

    def limit(hint: Any, address: Any) -> tuple[str, str]:
        most = services.settings.max_upload_mb
        return words_of(address, services)("data.upload.limit", limit=most), str(most)

    app.callback(
        output=Output(DataId.JOB, "data"),
        inputs={
            "upload": Input(DataId.UPLOAD, "data"),
            **{name: Input(id_, "value") for name, id_ in OPTIONS.items()},
        },
        state={"job": State(DataId.JOB, "data")},
        prevent_initial_call=True,
    )(receive)
    app.callback(
        output={
            "parts": Output(DataId.PROGRESS, "children"),
            "is_settled": Output(DataId.POLL, "disabled"),
            "changed": Output(DataId.CHANGED, "data"),
        },
        inputs={"job": Input(DataId.JOB, "data"), "ticks": Input(DataId.POLL, "n_intervals")},
        state={"address": State(Id.NAVIGATE, "data"), "told": State(DataId.CHANGED, "data")},
    )(show)
    app.callback(
        output=Output(DataId.JOB, "data", allow_duplicate=True),
        inputs=[Input(DataId.COMMIT, "n_clicks"), Input(DataId.COMMIT_ACCEPTED, "n_clicks")],
        state=[State(DataId.JOB, "data")],
        prevent_initial_call=True,
    )(commit)
    app.callback(
        output=Output(DataId.JOB, "data", allow_duplicate=True),
        inputs=[Input(DataId.DISCARD, "n_clicks")],
        prevent_initial_call=True,
    )(discard)
    app.callback(
        output=[Output(DataId.LIMIT, "children"), Output(DataId.DROP, "data-limit")],
        inputs=[Input(DataId.DROP, "id")],
        state=[State(Id.NAVIGATE, "data")],
    )(limit)


def _register_batches(app: Dash, services: Services) -> None:
    def open_batch(selected: Any, changed: Any, address: Any) -> tuple[list[Any], int | None]:
        return opened_batch(selected, words_of(address, services), services)

    def ask(clicks: Any, cancelled: Any, batch: Any, address: Any) -> tuple[bool, Any]:
        if ctx.triggered_id == DataId.REVERT_CANCEL:
            return False, no_update
        if not clicks:
            raise PreventUpdate
        return True, question(batch, words_of(address, services), services)

    def confirm(clicks: Any, batch: Any, address: Any) -> tuple[bool, Any, dict[str, Any], Any]:
        if not clicks:
            raise PreventUpdate
        said = taken_back(batch, words_of(address, services), services)
        return False, [said_notice(said)], {"reverted": batch, "click": clicks}, []

    grid = part_id(Part.GRID, "data.batches")
    app.callback(
        output=[Output(DataId.BATCH, "children"), Output(DataId.REVERT_NUMBER, "data")],
        inputs=[Input(grid, "selectedRows"), Input(DataId.CHANGED, "data")],
        state=[State(Id.NAVIGATE, "data")],
        prevent_initial_call=True,
    )(open_batch)
    app.callback(
        output=[Output(DataId.REVERT_ASK, "is_open"), Output(DataId.REVERT_TEXT, "children")],
        inputs=[Input(DataId.REVERT, "n_clicks"), Input(DataId.REVERT_CANCEL, "n_clicks")],
        state=[State(DataId.REVERT_NUMBER, "data"), State(Id.NAVIGATE, "data")],
        prevent_initial_call=True,
    )(ask)
    app.callback(
        output=[
            Output(DataId.REVERT_ASK, "is_open", allow_duplicate=True),
            Output(Id.NOTICES, "children", allow_duplicate=True),
            Output(DataId.CHANGED, "data", allow_duplicate=True),
            Output(grid, "selectedRows"),
        ],
        inputs=[Input(DataId.REVERT_CONFIRM, "n_clicks")],
        state=[State(DataId.REVERT_NUMBER, "data"), State(Id.NAVIGATE, "data")],
        running=[(Output(DataId.REVERT_CONFIRM, "disabled"), True, False)],
        prevent_initial_call=True,
    )(confirm)


def _register_lineage(app: Dash, services: Services) -> None:
    def follow(data: Any) -> tuple[Any, str, bool]:
        view, _ = view_of(data, services)
        return view.trace, trace_rows_href(view), view.trace is None

    app.callback(
        output=[
            Output(DataId.TRACE, "value"),
            Output(DataId.TRACE_ROWS, "href"),
            Output(DataId.TRACE_ROWS, "hidden"),
        ],
        inputs=[Input(Id.REDRAW, "data")],
        prevent_initial_call=True,
    )(follow)
    app.clientside_callback(
        ClientsideFunction(NAMESPACE, "trace"), Input(DataId.TRACE, "value"), prevent_initial_call=True
    )
    app.clientside_callback(
        ClientsideFunction(NAMESPACE, "leave"),
        Output(Id.PANEL, "is_open", allow_duplicate=True),
        Input(Id.NAVIGATE, "data"),
        Input(Id.REDRAW, "data"),
        prevent_initial_call=True,
    )
    # Without an output in the new page Dash would not call it when the page appears.
    app.clientside_callback(
        ClientsideFunction(NAMESPACE, "arrive"), Output(DataId.DROP, "data-arrived"), Input(DataId.DROP, "id")
    )
