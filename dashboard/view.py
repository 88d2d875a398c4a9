"""The view: what is looked at, as the address bar holds it. A link opens the same view for a colleague."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, unquote, urlencode

from dashboard.numbers import month_name
from dashboard.wording import Words
from data.catalogue import INDICATORS
from data.catalogue.types import Page
from data.errors import nearest
from data.query import Selection
from data.schema.vocabulary import CompoundKind

if TYPE_CHECKING:
    import pandas as pd

    from data.query import Reader

MISSING = "missing"
# The large screen: an address of its own, but no page of the desk.
SCREEN = "screen"
HOME = Page.OVERVIEW.value
# Fields kept in the search, in the order they are written.
FIELDS = (
    "area", "grid", "kind", "company", "compound", "month", "indicator", "trace", "sort", "weights", "scene", "rotate",
    "paused", "lang",
)  # fmt: skip
# Kept while moving between pages; the others belong to the page they were set on.
KEPT = ("area", "grid", "kind", "company", "month", "lang")
# Longer values are nobody's code; they are cut before anything looks at them.
LONGEST = 400


@dataclass(frozen=True)
class Notice:
    """Something in the address that was not taken: a key of the text table and its values.

    `href` leads to what was probably meant, named by the value `name`; empty when there is no guess.
    """

    key: str
    values: dict[str, str] = field(default_factory=dict)
    href: str = ""


@dataclass(frozen=True, kw_only=True)
class View:
    """A page and everything selected on it.

    Attributes:
        page: a `Page` value, `screen`, or `missing` for an address that names none.
        area, grid, company, compound: codes; None is all of the city. kind: a `CompoundKind` value.
        month: `YYYY-MM`; None is the latest. indicator: the one a chart with a choice shows.
        trace: the indicator whose rows the data page lists.
        sort: `<card>:<column>:asc|desc`. weights: scheme and weights of the ranking, as its page writes them.
        plain_lang: the language of an address that names none; any other is written out.
        scene, rotate, paused: of the large screen, which reads them itself: the scene to begin with, by name or number;
            seconds each scene stays; `1` to stand still.
    """

    page: str = HOME
    area: str | None = None
    grid: str | None = None
    kind: str | None = None
    company: str | None = None
    compound: str | None = None
    month: str | None = None
    indicator: str | None = None
    trace: str | None = None
    sort: str | None = None
    weights: str | None = None
    scene: str | None = None
    rotate: str | None = None
    paused: str | None = None
    lang: str = "zh"
    plain_lang: str = "zh"

    @property
    def selection(self) -> Selection:
        """Which units are counted."""
        return Selection(area=self.area, grid=self.grid, kind=self.kind, company=self.company, compound=self.compound)

    def month_of(self, reader: Reader) -> str:
        """The month shown: the chosen one or the latest."""
        return self.month or reader.latest_month

    def to_path(self) -> str:
        """`/`, `/coverage`, `/compound/C0001`."""
        if self.page == HOME:
            return "/"
        if self.page == Page.COMPOUND and self.compound:
            return f"/{self.page}/{quote(self.compound, safe='')}"
        return f"/{self.page}"

    def to_search(self) -> str:
        """`?area=341802&month=2026-10`, or empty when nothing is selected."""
        pairs = []
        for name in FIELDS:
            value = getattr(self, name)
            in_path = name == "compound" and self.page == Page.COMPOUND
            if value and not in_path and not (name == "lang" and value == self.plain_lang):
                pairs.append((name, value))
        return f"?{urlencode(pairs)}" if pairs else ""

    def href(self) -> str:
        """Path and search."""
        return self.to_path() + self.to_search()

    def on(self, page: str, **changed: str | None) -> View:
        """The same filters on another page; what belongs to this page alone is dropped."""
        kept = {name: getattr(self, name) for name in (*KEPT, "plain_lang")}
        return View(page=page, **{**kept, **changed})

    def at(self, area: str | None) -> View:
        """The same view of another area; grid and compound of the old one are dropped."""
        return replace(self, area=area, grid=None, compound=None)

    @staticmethod
    def plain(page: str, lang: str) -> View:
        """A page without filters in a language that its address names: for links of what knows no view."""
        return View(page=page, lang=lang, plain_lang="")

    @staticmethod
    def parse(pathname: str, search: str, reader: Reader, default_lang: str = "zh") -> tuple[View, list[Notice]]:
        """The view an address names, and a notice for each part of it that does not exist.

        A code that is gone falls back to the nearest place that holds it; anything else unknown is dropped.
        """
        return _Parsing(pathname, search, reader, default_lang).view()


class _Parsing:
    def __init__(self, pathname: str, search: str, reader: Reader, default_lang: str) -> None:
        self.reader, self.default_lang = reader, default_lang
        self.steps = [unquote(step)[:LONGEST] for step in (pathname or "/").split("/") if step]
        pairs = parse_qsl((search or "").lstrip("?"), max_num_fields=None, errors="replace")[:64]
        self.asked = {name: value[:LONGEST] for name, value in pairs if name in FIELDS and value}
        self.notices: list[Notice] = []
        self.guess: tuple[Notice, str] | None = None

    def view(self) -> tuple[View, list[Notice]]:
        lang = self.asked.get("lang", self.default_lang)
        page, compound = self._page()
        # Before the area: a grid that is gone leads to the area that held it.
        grid = self._grid()
        view = View(
            page=page,
            area=self._area(),
            grid=grid,
            kind=self._kind(),
            company=self._unit("company", "company_id", self.asked.get("company")),
            compound=self._unit("compound", "compound_id", compound or self.asked.get("compound")),
            month=self._month(),
            indicator=self._indicator("indicator"),
            trace=self._indicator("trace"),
            sort=self.asked.get("sort"),
            weights=self.asked.get("weights"),
            scene=self.asked.get("scene"),
            rotate=self.asked.get("rotate"),
            paused=self.asked.get("paused"),
            lang=lang if lang in ("zh", "en") else self.default_lang,
            plain_lang=self.default_lang,
        )
        if self.guess is not None:
            notice, compound = self.guess
            self.notices.append(replace(notice, href=replace(view, page=Page.COMPOUND.value, compound=compound).href()))
        return view, self.notices

    def _note(self, key: str, /, **values: str) -> None:
        self.notices.append(Notice(f"notice.{key}", values))

    def _page(self) -> tuple[str, str | None]:
        if not self.steps:
            return HOME, None
        first = self.steps[0]
        if first == Page.COMPOUND and len(self.steps) == 2:
            return first, self.steps[1]
        if len(self.steps) == 1 and first in {*Page, SCREEN}:
            return first, None
        return MISSING, None

    def _area(self) -> str | None:
        code = self.asked.get("area")
        if code is None or code == self.reader.city.code or self._is_above_scope(code):
            return self.reader.home
        known = self.reader.codes
        if code in known:
            return str(code)
        holder: str | None = max((k for k in known if code.startswith(k)), key=len, default=None)
        if holder is None or holder == self.reader.city.code:
            self._note("area_unknown", code=code)
            return self.reader.home
        if self._is_above_scope(holder):
            holder = self.reader.home
            if holder is None:
                self._note("area_unknown", code=code)
                return None
        self._note("area_nearest", code=code, name=self.reader.label(holder))
        return holder

    def _is_above_scope(self, code: str) -> bool:
        """Whether an area holds the account's own: it then stands for these."""
        return any(code in self.reader.ancestors(own) for own in self.reader.scope or ())

    def _grid(self) -> str | None:
        code = self.asked.get("grid")
        if code is None or code in set(self.reader.register("grid")["grid_code"]):
            return code
        # Codes of grids begin with the code of their community.
        digits = code.lstrip("Gg")
        holder = max((k for k in set(self.reader.areas()["code"]) if digits.startswith(str(k))), key=len, default=None)
        if holder is None or holder == self.reader.city.code or "area" in self.asked:
            self._note("grid_unknown", code=code)
        else:
            self.asked["area"] = str(holder)
            self._note("grid_nearest", code=code, name=self.reader.label(str(holder)))
        return None

    def _unit(self, table: str, column: str, code: str | None) -> str | None:
        if code is None:
            return None
        register = self.reader.register(table)
        if code in set(register[column]):
            return code
        if table == "compound" and self._guessed(code, register):
            return None
        self._note(f"{table}_unknown", code=code)
        return None

    def _guessed(self, code: str, register: pd.DataFrame) -> bool:
        """Whether some compound's id or name is like `code`; it is then offered in a notice."""
        names = {str(name): str(unit) for unit, name in zip(register["compound_id"], register["name"], strict=True)}
        like = nearest(code, [*names.values(), *names], cutoff=0.5)
        if like is None:
            return False
        unit = names.get(like, like)
        values = {"code": code, "nearest": unit, "name": self.reader.label(unit)}
        self.guess = (Notice("notice.compound_nearest", values), unit)
        return True

    def _kind(self) -> str | None:
        kind = self.asked.get("kind")
        if kind is None or kind in set(CompoundKind):
            return kind
        self._note("kind_unknown", code=kind)
        return None

    def _month(self) -> str | None:
        month = self.asked.get("month")
        months = self.reader.months
        if month is None or month in months:
            return month
        earlier = [known for known in months if known < month]
        if not months or not month[:4].isdigit():
            self._note("month_unknown", code=month)
            return None
        best = earlier[-1] if earlier else months[0]
        words = Words(self.asked.get("lang", self.default_lang))
        self._note("month_nearest", code=month, month=month_name(best, words))
        return best

    def _indicator(self, name: str) -> str | None:
        key = self.asked.get(name)
        if key is None or key in INDICATORS:
            return key
        guess = nearest(key, INDICATORS, cutoff=0.8)
        self._note("indicator_nearest" if guess else "indicator_unknown", code=key, key=guess or "")
        return guess
