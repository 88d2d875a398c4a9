"""What happens on the page `briefing`: the basket is drawn, decks are built and kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dash import ClientsideFunction, Dash, Input, Output, State, no_update
from dash.exceptions import PreventUpdate

from callbacks import briefing_editions
from callbacks.briefing_files import serve_briefing_files
from callbacks.message import message_of
from dashboard.access import OPEN_USER, User, current_user, may
from dashboard.briefing.basket import Basket, BasketError, Entry, basket_of
from dashboard.briefing.desk import BriefingDesk
from dashboard.briefing.order import Order
from dashboard.cards import CARDS
from dashboard.cards.drawing import Failure, draw
from dashboard.cards.types import Drawing
from dashboard.ids import BriefingId, Id
from dashboard.jobs import State as JobState
from dashboard.numbers import month_name
from dashboard.services import Services
from dashboard.uploads import Uploads
from dashboard.view import View
from dashboard.wording import Words
from data.errors import GovernanceError
from layouts.briefing import BASKET, done_view, progress_view
from layouts.components.basket import basket_entry

if TYPE_CHECKING:
    pass

NAMESPACE = "gdBriefing"


@dataclass(frozen=True)
class Shown:
    """The entries a browser keeps, those it may draw, and how many it may not."""

    entries: list[Entry]
    gone: int


def entries_in(data: Any) -> Shown:
    """The entries of what the script wrote; what is no entry of a chart that exists is counted and left out."""
    given = data.get("entries") if isinstance(data, dict) else None
    found: list[Entry] = []
    gone = 0
    for each in given[:200] if isinstance(given, list) else []:
        try:
            found += basket_of({"entries": [each]}).entries
        except BasketError:
            gone += 1
    return Shown(found, gone)


def basket_rows(data: Any, services: Services) -> tuple[list[Any], list[Any]]:
    """The rows of the basket and the line over them."""
    message = message_of(data)
    reader = services.reader()
    _, _, words = message.read(reader, services.settings.lang)
    shown = entries_in(data)
    rows = []
    for place, entry in enumerate(shown.entries):
        path, _, search = entry.href.partition("?")
        view, _ = View.parse(path, search, reader, words.lang)
        drawing = draw(CARDS[entry.card], reader, view, message.ink, words)
        if isinstance(drawing, Failure):
            said = words("failing.body", request=drawing.request)
            drawing = Drawing(title=words("failing.card"), empty=said)
        rows.append(basket_entry(place, len(shown.entries), entry, drawing, words))
    said_of = [words("briefing.basket.count", count=len(rows)) if rows else words("briefing.basket.none")]
    if shown.gone:
        said_of.append(words("briefing.basket.gone", count=shown.gone))
    return rows, [words("text.middot").join(said_of)]


def scope(data: Any, services: Services) -> str:
    """Of what the 月报 would be, in words."""
    reader = services.reader()
    view, _, words = message_of(data).read(reader, services.settings.lang)
    place = reader.label(view.compound or view.area or reader.city.code)
    month = view.month_of(reader)
    return words("briefing.order.scope", place=place, month=month_name(month, words) if month else "–")


def ordered(what: Any, data: Any, title: Any, token: Any, services: Services, desk: BriefingDesk) -> dict[str, Any]:
    """Ask for a deck; the job to watch, or why there is none."""
    user = current_user()
    reader = services.reader()
    view, _, words = message_of(data).read(reader, services.settings.lang)
    if not may(user, "export"):
        return {"message": words("briefing.refused")}
    shown = entries_in(data)
    order = Order(
        basket=Basket(tuple(shown.entries)) if what == BASKET else None, area=view.area, compound=view.compound,
        month=view.month, title=" ".join(title.split())[:120] if isinstance(title, str) else "", lang=words.lang,
    )  # fmt: skip
    if order.basket is not None and not order.basket.entries:
        return {"message": words("briefing.basket.none")}
    try:
        job = desk.order(user, order, token if isinstance(token, str) else "")
    except GovernanceError as error:
        return {"message": str(error)}
    services.audit("deck", view.area or reader.city.code, month=view.month_of(reader), charts=len(shown.entries))
    return {"job": job}


def progress(asked: Any, told: Any, words: Words, user: User, desk: BriefingDesk) -> dict[str, Any]:
    """What stands under the button; the account's open job is found again after a reload."""
    if isinstance(asked, dict) and isinstance(asked.get("message"), str):
        view = progress_view("failed", 0, 0, asked["message"][:2000], words)
        return {"view": view, "is_settled": True, "hides_cancel": True, "is_busy": False, "changed": no_update}
    wanted = asked.get("job") if isinstance(asked, dict) else None
    job = desk.jobs.find(wanted, user.login) if isinstance(wanted, str) else desk.latest(user)
    if job is None or (wanted is None and not job.state.is_open):
        # One that ended while the page was loaded again may have been missed by the list of editions.
        is_news = job is not None and job.state is JobState.DONE and told != job.job_id
        changed = job.job_id if job is not None and is_news else no_update
        return {"view": [], "is_settled": True, "hides_cancel": True, "is_busy": False, "changed": changed}
    view = progress_view(job.state.value, job.done, job.total, job.message, words)
    changed = no_update
    if job.state is JobState.DONE and job.edition_id is not None:
        view = done_view(job.edition_id, "", words)
        if told != job.job_id:
            changed = job.job_id
    is_open = job.state.is_open
    return {
        "view": view,
        "is_settled": not is_open,
        "hides_cancel": not is_open,
        "is_busy": is_open,
        "changed": changed,
    }


def register(app: Dash, services: Services) -> None:
    """Wire the page and its files; `assets/briefing.js` keeps the basket."""
    uploads = Uploads(Path(services.settings.upload_folder))
    # The tables of jobs and editions hold nobody's rows: each look at them names the account.
    desk = BriefingDesk(services, uploads, lambda: services.reader_for(OPEN_USER).engine)
    serve_briefing_files(app.server, services, desk)
    _register_browser(app)
    _register_basket(app, services)
    _register_order(app, services, desk)
    briefing_editions.register(app, services)


def _register_browser(app: Dash) -> None:
    def here(name: str) -> ClientsideFunction:
        return ClientsideFunction(NAMESPACE, name)

    app.clientside_callback(
        here("arrive"),
        Output(BriefingId.ENTRIES, "data-arrived"),
        Input(BriefingId.ENTRIES, "id"),
        Input(Id.REDRAW, "data"),
        Input(Id.THEME, "n_clicks"),
    )
    app.clientside_callback(
        here("drawn"),
        Output(BriefingId.ENTRIES, "data-drawn"),
        Input(BriefingId.ENTRIES, "children"),
        prevent_initial_call=True,
    )


def _register_basket(app: Dash, services: Services) -> None:
    def show(data: Any) -> tuple[list[Any], list[Any], str]:
        return (*basket_rows(data, services), scope(data, services))

    app.callback(
        output=[
            Output(BriefingId.ENTRIES, "children"),
            Output(BriefingId.COUNT, "children"),
            Output(BriefingId.SCOPE, "children"),
        ],
        inputs=[Input(BriefingId.BASKET, "data")],
        prevent_initial_call=True,
    )(show)


def _register_order(app: Dash, services: Services, desk: BriefingDesk) -> None:
    def words_of(data: Any) -> Words:
        return message_of(data).read(services.reader(), services.settings.lang)[2]

    def order(clicks: Any, what: Any, data: Any, title: Any, token: Any) -> dict[str, Any]:
        if not clicks:
            raise PreventUpdate
        return {**ordered(what, data, title, token, services, desk), "click": clicks}

    def watch(asked: Any, ticks: Any, told: Any, data: Any) -> dict[str, Any]:
        # The page's language is known once the script has spoken; until then that of the server will do.
        words = words_of(data) if isinstance(data, dict) else Words(services.settings.lang)
        return progress(asked, told, words, current_user(), desk)

    def cancel(clicks: Any, asked: Any) -> Any:
        if not clicks:
            raise PreventUpdate
        user = current_user()
        job = asked.get("job") if isinstance(asked, dict) else None
        latest = desk.latest(user)
        number_ = job if isinstance(job, str) else latest.job_id if latest else None
        if number_ is None:
            raise PreventUpdate
        desk.jobs.cancel(number_, user.login)
        return {"job": number_, "cancelled": clicks}

    def templates(upload: Any, data: Any) -> tuple[Any, Any, Any, str]:
        words = words_of(data)
        if not isinstance(upload, dict):
            raise PreventUpdate
        if isinstance(upload.get("message"), str):
            return no_update, no_update, upload["message"][:2000], "alert gd-notice gd-notice-alert"
        token = upload.get("token")
        if not isinstance(token, str):
            raise PreventUpdate
        template = desk.template(token, words.lang)
        kinds = words.listed([words(f"briefing.layout.{kind}") for kind in template.faces])
        options = [
            {"value": "", "label": words("briefing.order.template_default")},
            {"value": token, "label": template.name},
        ]
        return options, token, words("briefing.order.template_taken", kinds=kinds), "gd-subtitle"

    app.callback(
        output=Output(BriefingId.JOB, "data"),
        inputs=[Input(BriefingId.BUILD, "n_clicks")],
        state=[
            State(BriefingId.WHAT, "value"),
            State(BriefingId.BASKET, "data"),
            State(BriefingId.TITLE, "value"),
            State(BriefingId.TEMPLATE, "value"),
        ],
        prevent_initial_call=True,
    )(order)
    app.callback(
        output={
            "view": Output(BriefingId.PROGRESS, "children"),
            "is_settled": Output(BriefingId.POLL, "disabled"),
            "hides_cancel": Output(BriefingId.CANCEL, "hidden"),
            "is_busy": Output(BriefingId.BUILD, "disabled"),
            "changed": Output(BriefingId.CHANGED, "data"),
        },
        inputs={"asked": Input(BriefingId.JOB, "data"), "ticks": Input(BriefingId.POLL, "n_intervals")},
        state={"told": State(BriefingId.CHANGED, "data"), "data": State(BriefingId.BASKET, "data")},
    )(watch)
    app.callback(
        output=Output(BriefingId.JOB, "data", allow_duplicate=True),
        inputs=[Input(BriefingId.CANCEL, "n_clicks")],
        state=[State(BriefingId.JOB, "data")],
        prevent_initial_call=True,
    )(cancel)
    app.callback(
        output=[
            Output(BriefingId.TEMPLATE, "options"),
            Output(BriefingId.TEMPLATE, "value"),
            Output(BriefingId.TEMPLATE_SAID, "children"),
            Output(BriefingId.TEMPLATE_SAID, "className"),
        ],
        inputs=[Input(BriefingId.UPLOAD, "data")],
        state=[State(BriefingId.BASKET, "data")],
        prevent_initial_call=True,
    )(templates)
