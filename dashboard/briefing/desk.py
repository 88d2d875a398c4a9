"""The briefing as the page uses it: templates kept, decks built in the background, editions written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from sqlalchemy import Engine

from dashboard.access import Role, User
from dashboard.briefing.basket import basket_of
from dashboard.briefing.editions import keep
from dashboard.briefing.order import CancelledError, Making, Order
from dashboard.briefing.template_checks import MAX_FILE, TemplateError
from dashboard.config import Settings
from dashboard.jobs import Job, Jobs, Running, StoppedError
from dashboard.services import Services
from dashboard.uploads import UploadGoneError, Uploads
from dashboard.wording import Words

if TYPE_CHECKING:
    from dashboard.briefing.template import Template

# What reads and builds presentations is loaded where that is done: python-pptx is slow to load.
KIND = "deck"
HOUSE = "default.pptx"


def template_of(settings: Settings, lang: str, path: Path | None = None) -> Template:
    """The template in the file, else the one the settings name, else the designed default. Raises `TemplateError`."""
    from dashboard.briefing.house_template import house_template
    from dashboard.briefing.template import read_template

    chosen = path or (Path(settings.deck_template) if settings.deck_template else None)
    if chosen is None:
        return read_template(house_template(settings.deck_font_latin, settings.deck_font_ea, lang), HOUSE)
    try:
        content = chosen.read_bytes()
    except OSError as error:
        raise TemplateError(
            "模板文件读不出来", where=str(chosen), why=error.strerror or "", todo="请检查路径与权限", code="no_template"
        ) from None  # fmt: skip
    return read_template(content, chosen.name)


class BriefingDesk:
    """Takes orders for decks and does them.

    Args:
        services: of the server. uploads: where templates wait. engine: the store's, for jobs and editions.
    """

    def __init__(self, services: Services, uploads: Uploads, engine: Callable[[], Engine]) -> None:
        self.services, self.uploads = services, uploads
        self.jobs = Jobs(engine, {KIND: self.work})

    # -- templates ----------------------------------------------------------------------------------------------------

    def keep_template(self, name: str, stream: IO[bytes]) -> tuple[str, Template]:
        """Check a template and keep it for a day; its token. Raises `TemplateError`."""
        from dashboard.briefing.template import read_template

        content = stream.read(MAX_FILE + 1)
        checked = read_template(content, name)
        stream.seek(0)
        return self.uploads.keep([(name, stream)]), checked

    def template(self, token: str, lang: str) -> Template:
        """The template of a token; the default of none. Raises `TemplateError` when it is no longer there."""
        from dashboard.briefing.template import read_template

        if not token:
            return template_of(self.services.settings, lang)
        try:
            [(name, content)] = self.uploads.contents(token)
        except (UploadGoneError, ValueError):
            raise TemplateError(
                "上传的模板已不在服务器上", why="模板只保留一天", todo="请重新上传模板，或改用默认模板", code="template_gone"
            ) from None  # fmt: skip
        return read_template(content, name)

    # -- jobs ---------------------------------------------------------------------------------------------------------

    def order(self, user: User, order: Order, token: str) -> str:
        """Ask for a deck; the number of the job. Raises what `template` raises."""
        self.template(token, order.lang)
        asked = {
            "basket": None if order.basket is None else order.basket.as_json(), "area": order.area,
            "compound": order.compound, "month": order.month, "title": order.title, "lang": order.lang,
            "template": token, "user": {**asdict(user), "areas": None if user.areas is None else list(user.areas)},
        }  # fmt: skip
        return self.jobs.submit(KIND, user.login, asked)

    def latest(self, user: User) -> Job | None:
        """The account's last deck, under way or ended."""
        return self.jobs.latest(user.login, KIND)

    def work(self, running: Running) -> int:
        """Build the deck a job asks for and keep it as an edition; its number."""
        from dashboard.briefing.deck import build_deck

        asked = running.job.asked
        user = _user_of(asked["user"])
        settings = self.services.settings
        order = Order(
            basket=None if asked["basket"] is None else basket_of(asked["basket"]), area=asked["area"],
            compound=asked["compound"], month=asked["month"], title=asked["title"], lang=asked["lang"],
        )  # fmt: skip
        stamp = datetime.now(UTC).astimezone().replace(microsecond=0, tzinfo=None)
        making = Making(
            template=self.template(asked["template"], order.lang), stamp=stamp, words=Words(order.lang), user=user,
            review_no=settings.map_review_no, progress=running.tell, is_cancelled=running.is_cancelled,
        )  # fmt: skip
        reader = self.services.reader_for(user)
        try:
            deck = build_deck(reader, order, making)
        except CancelledError as error:
            raise StoppedError(str(error)) from None
        return keep(running.engine, deck, order, user, stamp)


def _user_of(given: dict[str, Any]) -> User:
    """The account as the server itself wrote it into the job."""
    return User(
        login=str(given["login"]), role=None if given["role"] is None else Role(given["role"]),
        areas=None if given["areas"] is None else tuple(given["areas"]), is_open=bool(given["is_open"]),
    )  # fmt: skip
